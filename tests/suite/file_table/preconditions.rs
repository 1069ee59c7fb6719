//! Preconditions: RFC 9110 §13.1.1 to §13.1.4, and which of them decides (§13.2).

use super::files::{
    DATE, DATE_ASCTIME, DATE_RFC850, EARLIER, EARLIER_ASCTIME, FUTURE, LATER, LATER_RFC850,
};
use super::reasons::{
    ALL_LINES, BESIDE_IF_MATCH, BESIDE_IF_NONE_MATCH, LATER_DATES, NO_DATE, ONE_DATE,
    ONE_UNMODIFIED_DATE, OTHER_METHODS,
};
use super::row::{ACTIX, NGINX, Outcome, Row, TOWER, get, head, post, put, row};

pub(super) fn rows() -> Vec<Row> {
    [
        if_match(),
        if_none_match(),
        if_modified_since(),
        if_unmodified_since(),
        precedence(),
        where_they_do_not_apply(),
    ]
    .concat()
}

#[rustfmt::skip] // A row is read in one go.
fn if_match() -> Vec<Row> {
    vec![
        get("§13.1.1", "If-Match holds for the tag the file has", 100).if_match("{tag}").whole(),
        get("§13.1.1", "If-Match fails for another tag", 100).if_match(r#""other""#).failed(),
        get("§13.1.1", "If-Match holds when one of its list matches", 100).if_match(r#""other", {tag}"#).whole(),
        get("§13.1.1", "If-Match fails when none of its list matches", 100).if_match(r#""a", "b", "c""#).failed(),
        get("§13.1.1", "If-Match * holds for whatever there is", 100).if_match("*").whole(),
        get("§13.1.1", "If-Match * holds for an empty file", 0).if_match("*").whole(),
        get("§13.1.1", "If-Match compares strongly: the file's tag made weak fails", 100).if_match("W/{tag}").failed(),
        get("§13.1.1", "If-Match takes the strong one of a weak and a strong tag", 100).if_match(r#"W/{tag}, {tag}"#).whole(),
        get("§13.1.1", "A tag that is called * is a tag like any other to If-Match", 100).if_match(r#""*""#).failed(),
        get("§8.8.3", "A comma in a tag does not end it for If-Match", 100).if_match(r#""a,b", {tag}"#).whole(),
        get("§8.8.3", "If-Match is not met by a tag that the file's is a part of", 100).if_match(r#""x{opaque}", "{opaque}x""#).failed(),
        get("§8.8.3", "If-Match tells small letters from large", 100).if_match(r#""{opaque}A", "{opaque}a""#).failed(),
        get("§8.8.3", "An empty tag is a tag, and not the file's", 100).if_match(r#""""#).failed(),
        get("§5.6.1.2", "If-Match may hold empty elements", 100).if_match(r#", ,"a",,{tag},"#).whole(),
        get("§5.6.1", "If-Match may have no space or much around its commas", 100).if_match("\"a\",\"b\" \t,\t {tag}").whole(),
        get("§5.2", "Two lines of If-Match are one list", 100).if_match(r#""other""#).if_match("{tag}").whole()
            .but(NGINX, "400", ALL_LINES)
            .but(TOWER, "412", ALL_LINES),
        get("§13.1.1", "If-Match without quotes is no tag of the file", 100).if_match("{opaque}").failed().or(Outcome::Whole).or(Outcome::BadRequest),
        get("§13.1.1", "An empty If-Match names nothing that there is", 100).if_match("").failed().or(Outcome::Whole).or(Outcome::BadRequest),
        head("§13.1.1", "If-Match fails for HEAD as for GET", 100).if_match(r#""other""#).failed(),
        head("§13.1.1", "If-Match holds for HEAD as for GET", 100).if_match("{tag}").whole(),
        post("§13.1.1", "POST is done when If-Match holds", 100).if_match("{tag}").whole(),
        post("§13.1.1", "POST is not done when If-Match fails", 100).if_match(r#""other""#).failed(),
        put("§13.1.1", "PUT is done when If-Match holds", 100).if_match("{tag}").whole(),
        put("§13.1.1", "PUT is not done when If-Match fails", 100).if_match(r#""other""#).failed(),
        put("§13.1.1", "PUT is not done upon a weak tag", 100).if_match("W/{tag}").failed(),
        put("§13.1.1", "PUT is done upon If-Match * when there is a file", 100).if_match("*").whole(),
        put("§13.1.1", "PUT is not done when If-Match is no list of tags", 100).if_match("nonsense").failed().or(Outcome::Whole).or(Outcome::BadRequest),
        row("DELETE", "§13.1.1", "DELETE is not done when If-Match fails", 100).if_match(r#""other""#).failed(),
        row("PATCH", "§13.1.1", "PATCH is not done when If-Match fails", 100).if_match(r#""other""#).failed(),
    ]
}

#[rustfmt::skip] // A row is read in one go.
fn if_none_match() -> Vec<Row> {
    vec![
        get("§13.1.2", "If-None-Match with the file's tag: not modified", 100).if_none_match("{tag}").not_modified(),
        get("§13.1.2", "If-None-Match with another tag: all of it", 100).if_none_match(r#""other""#).whole(),
        get("§13.1.2", "If-None-Match compares weakly: the file's tag made weak is the same", 100).if_none_match("W/{tag}").not_modified(),
        get("§13.1.2", "If-None-Match with the file's tag in a list: not modified", 100).if_none_match(r#""a", {tag}, "b""#).not_modified(),
        get("§13.1.2", "If-None-Match with a list of others: all of it", 100).if_none_match(r#""a", W/"b", "c""#).whole(),
        get("§13.1.2", "If-None-Match * is met by whatever there is", 100).if_none_match("*").not_modified(),
        get("§13.1.2", "If-None-Match * is met by an empty file", 0).if_none_match("*").not_modified(),
        get("§15.4.5", "Not modified is said of an empty file, too", 0).if_none_match("{tag}").not_modified(),
        get("§15.4.5", "Not modified is said of a large file without its content", 300_000).if_none_match("{tag}").not_modified(),
        get("§13.1.2", "A tag that is called * is a tag like any other to If-None-Match", 100).if_none_match(r#""*""#).whole(),
        get("§8.8.3", "A comma in a tag does not end it for If-None-Match", 100).if_none_match(r#""a,b", {tag}"#).not_modified(),
        get("§8.8.3", "A backslash escapes nothing in a tag", 100).if_none_match(r#""a\", {tag}"#).not_modified(),
        get("§8.8.3", "If-None-Match is not met by a tag that the file's is a part of", 100).if_none_match(r#""x{opaque}", "{opaque}x""#).whole(),
        get("§8.8.3", "W/ is written with a large letter", 100).if_none_match("w/{tag}").whole().or(Outcome::NotModified).or(Outcome::BadRequest),
        get("§5.6.1.2", "If-None-Match may hold empty elements", 100).if_none_match(r#",,"a", ,{tag},"#).not_modified(),
        get("§5.6.1", "If-None-Match may have no space or much around its commas", 100).if_none_match("\"a\",\"b\" \t,\t {tag}").not_modified(),
        get("§5.2", "Two lines of If-None-Match are one list", 100).if_none_match(r#""other""#).if_none_match("{tag}").not_modified()
            .but(NGINX, "400", ALL_LINES)
            .but(TOWER, "200", ALL_LINES),
        get("§13.1.2", "If-None-Match without quotes is no tag of the file", 100).if_none_match("{opaque}").whole().or(Outcome::BadRequest),
        get("§13.1.2", "If-None-Match with half a quoted tag is no tag of the file", 100).if_none_match("\"{opaque}").whole().or(Outcome::BadRequest),
        get("§13.1.2", "* in a list of If-None-Match is no list", 100).if_none_match(r#"*, "other""#).whole().or(Outcome::NotModified).or(Outcome::BadRequest),
        get("§13.1.2", "An empty If-None-Match names nothing", 100).if_none_match("").whole().or(Outcome::BadRequest),
        head("§13.1.2", "If-None-Match is asked with HEAD as with GET", 100).if_none_match("{tag}").not_modified(),
        head("§13.1.2", "HEAD with another tag has the fields of the whole", 100).if_none_match(r#""other""#).whole(),
        post("§13.1.2", "POST is not done when If-None-Match names the file's tag", 100).if_none_match("{tag}").failed(),
        post("§13.1.2", "POST is done when If-None-Match names another tag", 100).if_none_match(r#""other""#).whole(),
        put("§13.1.2", "PUT is not done upon If-None-Match * when there is a file", 100).if_none_match("*").failed(),
        put("§13.1.2", "If-None-Match compares weakly for PUT, too", 100).if_none_match("W/{tag}").failed(),
        put("§13.1.2", "PUT is not done when If-None-Match is no list of tags", 100).if_none_match("nonsense").failed().or(Outcome::Whole).or(Outcome::BadRequest),
        row("DELETE", "§13.1.2", "DELETE is not done when If-None-Match names the file's tag", 100).if_none_match("{tag}").failed(),
    ]
}

#[rustfmt::skip] // A row is read in one go.
fn if_modified_since() -> Vec<Row> {
    vec![
        get("§13.1.3", "Not modified since its own date", 100).if_modified_since(DATE).not_modified(),
        get("§13.1.3", "Not modified since a second later", 100).if_modified_since(LATER).not_modified().but(NGINX, "200", LATER_DATES),
        get("§13.1.3", "Modified since a second earlier", 100).if_modified_since(EARLIER).whole(),
        get("§13.1.3", "A date that has not come is a date", 100).if_modified_since(FUTURE).not_modified().but(NGINX, "200", LATER_DATES),
        get("§5.6.7", "If-Modified-Since in the format of RFC 850", 100).if_modified_since(DATE_RFC850).not_modified(),
        get("§5.6.7", "If-Modified-Since in the format of asctime", 100).if_modified_since(DATE_ASCTIME).not_modified(),
        get("§5.6.7", "A second earlier in the format of asctime", 100).if_modified_since(EARLIER_ASCTIME).whole(),
        get("§5.6.7", "A second later in the format of RFC 850", 100).if_modified_since(LATER_RFC850).not_modified().but(NGINX, "200", LATER_DATES),
        get("§13.1.3", "What is no date is ignored in If-Modified-Since", 100).if_modified_since("yesterday").whole(),
        get("§13.1.3", "A date of ISO 8601 is ignored in If-Modified-Since", 100).if_modified_since("2023-11-14T22:13:20Z").whole(),
        get("§13.1.3", "A day that no month has is ignored in If-Modified-Since", 100).if_modified_since("Tue, 34 Nov 2023 22:13:20 GMT").whole(),
        get("§13.1.3", "An empty If-Modified-Since is ignored", 100).if_modified_since("").whole(),
        // §5.3: no sender may send two; who refuses the request altogether is not counted as wrong.
        get("§13.1.3", "Two dates in a line are ignored in If-Modified-Since", 100).if_modified_since("Tue, 14 Nov 2023 22:13:20 GMT, Tue, 14 Nov 2023 22:13:20 GMT").whole().or(Outcome::BadRequest)
            .but(NGINX, "304", ONE_DATE),
        get("§13.1.3", "Two lines of If-Modified-Since are ignored", 100).if_modified_since(DATE).if_modified_since(DATE).whole().or(Outcome::BadRequest)
            .but(ACTIX, "304", ONE_DATE)
            .but(TOWER, "304", ONE_DATE),
        head("§13.1.3", "If-Modified-Since is asked with HEAD as with GET", 100).if_modified_since(DATE).not_modified(),
        head("§13.1.3", "HEAD of what was modified has the fields of the whole", 100).if_modified_since(EARLIER).whole(),
        get("§13.1.3", "If-Modified-Since is asked of an empty file, too", 0).if_modified_since(DATE).not_modified(),
        post("§13.1.3", "If-Modified-Since is nothing to POST", 100).if_modified_since(DATE).whole(),
        put("§13.1.3", "If-Modified-Since is nothing to PUT", 100).if_modified_since(LATER).whole(),
    ]
}

#[rustfmt::skip] // A row is read in one go.
fn if_unmodified_since() -> Vec<Row> {
    vec![
        get("§13.1.4", "Unmodified since its own date", 100).if_unmodified_since(DATE).whole(),
        get("§13.1.4", "Unmodified since a second later", 100).if_unmodified_since(LATER).whole(),
        get("§13.1.4", "Modified a second after what If-Unmodified-Since says", 100).if_unmodified_since(EARLIER).failed(),
        get("§13.1.4", "Unmodified since what has not come", 100).if_unmodified_since(FUTURE).whole(),
        get("§5.6.7", "If-Unmodified-Since in the format of RFC 850", 100).if_unmodified_since(DATE_RFC850).whole(),
        get("§5.6.7", "If-Unmodified-Since in the format of asctime, a second too early", 100).if_unmodified_since(EARLIER_ASCTIME).failed(),
        get("§13.1.4", "What is no date is ignored in If-Unmodified-Since", 100).if_unmodified_since("yesterday").whole().but(NGINX, "412", NO_DATE),
        get("§13.1.4", "An empty If-Unmodified-Since is ignored", 100).if_unmodified_since("").whole().but(NGINX, "412", NO_DATE),
        // §5.3: no sender may send two; who refuses the request altogether is not counted as wrong.
        get("§13.1.4", "Two dates in a line are ignored in If-Unmodified-Since", 100).if_unmodified_since("Tue, 14 Nov 2023 22:13:19 GMT, Tue, 14 Nov 2023 22:13:19 GMT").whole().or(Outcome::BadRequest)
            .but(NGINX, "412", ONE_UNMODIFIED_DATE),
        get("§13.1.4", "Two lines of If-Unmodified-Since are ignored", 100).if_unmodified_since(EARLIER).if_unmodified_since(EARLIER).whole().or(Outcome::BadRequest)
            .but(ACTIX, "412", ONE_UNMODIFIED_DATE)
            .but(TOWER, "412", ONE_UNMODIFIED_DATE),
        head("§13.1.4", "If-Unmodified-Since fails for HEAD as for GET", 100).if_unmodified_since(EARLIER).failed(),
        post("§13.1.4", "POST is done to what was not modified", 100).if_unmodified_since(DATE).whole(),
        post("§13.1.4", "POST is not done to what was modified", 100).if_unmodified_since(EARLIER).failed(),
        row("DELETE", "§13.1.4", "DELETE is not done to what was modified", 100).if_unmodified_since(EARLIER).failed(),
    ]
}

#[rustfmt::skip] // A row is read in one go.
fn precedence() -> Vec<Row> {
    vec![
        get("§13.1.4", "If-Match that holds: If-Unmodified-Since is not looked at", 100).if_match("{tag}").if_unmodified_since(EARLIER).whole()
            .but(NGINX, "412", BESIDE_IF_MATCH),
        get("§13.1.4", "If-Match that fails: If-Unmodified-Since does not help", 100).if_match(r#""other""#).if_unmodified_since(LATER).failed(),
        get("§13.1.3", "If-None-Match of another tag: If-Modified-Since is not looked at", 100).if_none_match(r#""other""#).if_modified_since(DATE).whole(),
        get("§13.1.3", "If-None-Match of the file's tag: If-Modified-Since does not help", 100).if_none_match("{tag}").if_modified_since(EARLIER).not_modified()
            .but(NGINX, "200", BESIDE_IF_NONE_MATCH),
        get("§13.2.2", "If-None-Match and If-Modified-Since that agree: not modified", 100).if_none_match("{tag}").if_modified_since(DATE).not_modified(),
        get("§13.2.2", "If-Match holds, then If-None-Match decides", 100).if_match("{tag}").if_none_match("{tag}").not_modified(),
        get("§13.2.2", "If-Match fails before If-None-Match is looked at", 100).if_match(r#""other""#).if_none_match("{tag}").failed(),
        get("§13.2.2", "If-Match holds, then If-Modified-Since decides", 100).if_match("{tag}").if_modified_since(DATE).not_modified(),
        get("§13.2.2", "If-Match fails before If-Modified-Since is looked at", 100).if_match(r#""other""#).if_modified_since(DATE).failed(),
        get("§13.2.2", "If-Unmodified-Since holds, then If-None-Match decides", 100).if_unmodified_since(DATE).if_none_match("{tag}").not_modified(),
        get("§13.2.2", "If-Unmodified-Since fails before If-None-Match is looked at", 100).if_unmodified_since(EARLIER).if_none_match("{tag}").failed(),
        get("§13.2.2", "If-Unmodified-Since holds, then If-Modified-Since decides", 100).if_unmodified_since(DATE).if_modified_since(DATE).not_modified(),
        get("§13.2.2", "If-Unmodified-Since fails before If-Modified-Since is looked at", 100).if_unmodified_since(EARLIER).if_modified_since(DATE).failed(),
        get("§13.2.2", "All four at once, and all of it is due", 100).if_match("{tag}").if_unmodified_since(EARLIER).if_none_match(r#""other""#).if_modified_since(DATE).whole()
            .but(NGINX, "412", BESIDE_IF_MATCH),
        get("§13.2.2", "All four at once, and it is not modified", 100).if_match("{tag}").if_unmodified_since(EARLIER).if_none_match("{tag}").if_modified_since(EARLIER).not_modified()
            .but(NGINX, "412", BESIDE_IF_MATCH),
        put("§13.2.2", "PUT is not done when If-Match holds and If-None-Match fails", 100).if_match("{tag}").if_none_match("{tag}").failed(),
        put("§13.2.2", "PUT with all that holds is done", 100).if_match("{tag}").if_none_match(r#""other""#).if_modified_since(DATE).whole(),
        get("§13.2.2", "Not modified comes before ranges", 100).if_none_match("{tag}").range("bytes=0-4").not_modified(),
        get("§13.2.2", "Not modified by date comes before ranges", 100).if_modified_since(DATE).range("bytes=0-4").not_modified(),
        get("§13.2.2", "Not modified comes before ranges that there are not", 100).if_none_match("{tag}").range("bytes=100-").not_modified(),
        get("§13.2.2", "If-Match that fails comes before ranges", 100).if_match(r#""other""#).range("bytes=0-4").failed(),
        get("§13.2.2", "If-Match that fails comes before ranges that there are not", 100).if_match(r#""other""#).range("bytes=100-").failed(),
        get("§13.2.2", "If-Unmodified-Since that fails comes before ranges", 100).if_unmodified_since(EARLIER).range("bytes=0-4").failed(),
        get("§14.2", "If-Match that holds lets ranges through", 100).if_match("{tag}").range("bytes=0-4").part(0, 4),
        get("§14.2", "If-Unmodified-Since that holds lets ranges through", 100).if_unmodified_since(DATE).range("bytes=0-4").part(0, 4),
        get("§14.2", "If-None-Match of another tag lets ranges through", 100).if_none_match(r#""other""#).range("bytes=5-9").part(5, 9),
        get("§14.2", "If-Modified-Since of an earlier date lets ranges through", 100).if_modified_since(EARLIER).range("bytes=-5").part(95, 99),
        get("§14.2", "If-Match that holds lets ranges be refused", 100).if_match("{tag}").range("bytes=100-").unsatisfiable(),
    ]
}

#[rustfmt::skip] // A row is read in one go.
fn where_they_do_not_apply() -> Vec<Row> {
    vec![
        get("§13.2.1", "Where nothing is, If-Match * is not looked at", 0).of_no_file().if_match("*").missing(),
        get("§13.2.1", "Where nothing is, If-None-Match is not looked at", 0).of_no_file().if_none_match(r#""other""#).missing(),
        get("§13.2.1", "Where nothing is, If-Unmodified-Since is not looked at", 0).of_no_file().if_unmodified_since(EARLIER).missing(),
        get("§14.2", "Where nothing is, there are no ranges of it", 0).of_no_file().range("bytes=0-").missing(),
        row("OPTIONS", "§13.2.1", "If-Match is nothing to a method that selects no representation", 100).if_match(r#""other""#).whole().but(ACTIX, "412", OTHER_METHODS),
        row("OPTIONS", "§13.2.1", "If-None-Match is nothing to a method that selects no representation", 100).if_none_match("{tag}").whole()
            .but(ACTIX, "412", OTHER_METHODS),
    ]
}
