//! If-Range: RFC 9110 §13.1.5.

use super::files::{DATE, DATE_ASCTIME, DATE_RFC850, EARLIER, FUTURE, LATER};
use super::reasons::{GET_ALONE, OTHER_UNIT, OTHER_VALIDATOR, SEVERAL};
use super::row::{NGINX, Outcome, Row, TOWER, get, head, post};

#[rustfmt::skip] // A row is read in one go.
pub(super) fn rows() -> Vec<Row> {
    vec![
        get("§13.1.5", "If-Range with the file's tag: the range", 100).if_range("{tag}").range("bytes=0-4").part(0, 4),
        get("§13.1.5", "If-Range with another tag: the whole", 100).if_range(r#""other""#).range("bytes=0-4").whole().but(TOWER, "206 0-4/100", OTHER_VALIDATOR),
        get("§13.1.5", "If-Range compares strongly: the file's tag made weak gets the whole", 100).if_range("W/{tag}").range("bytes=0-4").whole()
            .but(TOWER, "206 0-4/100", OTHER_VALIDATOR),
        get("§13.1.5", "If-Range with a weak tag of another: the whole", 100).if_range(r#"W/"other""#).range("bytes=0-4").whole()
            .but(TOWER, "206 0-4/100", OTHER_VALIDATOR),
        get("§13.1.5", "If-Range with the file's date: the range", 100).if_range(DATE).range("bytes=0-4").part(0, 4),
        get("§13.1.5", "If-Range with an earlier date: the whole", 100).if_range(EARLIER).range("bytes=0-4").whole().but(TOWER, "206 0-4/100", OTHER_VALIDATOR),
        get("§13.1.5", "If-Range asks for the very date: a second later gets the whole", 100).if_range(LATER).range("bytes=0-4").whole()
            .but(TOWER, "206 0-4/100", OTHER_VALIDATOR),
        get("§13.1.5", "If-Range with a date that has not come: the whole", 100).if_range(FUTURE).range("bytes=0-4").whole().but(TOWER, "206 0-4/100", OTHER_VALIDATOR),
        get("§5.6.7", "If-Range with the file's date in the format of RFC 850", 100).if_range(DATE_RFC850).range("bytes=0-4").part(0, 4),
        get("§5.6.7", "If-Range with the file's date in the format of asctime", 100).if_range(DATE_ASCTIME).range("bytes=0-4").part(0, 4),
        get("§13.1.5", "If-Range that is neither tag nor date: the whole", 100).if_range("nonsense").range("bytes=0-4").whole().or(Outcome::BadRequest)
            .but(TOWER, "206 0-4/100", OTHER_VALIDATOR),
        get("§13.1.5", "If-Range with the tag without its quotes: the whole", 100).if_range("{opaque}").range("bytes=0-4").whole().or(Outcome::BadRequest)
            .but(TOWER, "206 0-4/100", OTHER_VALIDATOR),
        get("§13.1.5", "If-Range knows no *", 100).if_range("*").range("bytes=0-4").whole().or(Outcome::BadRequest).but(TOWER, "206 0-4/100", OTHER_VALIDATOR),
        get("§13.1.5", "If-Range takes one tag, not a list of them", 100).if_range(r#""other", {tag}"#).range("bytes=0-4").whole().or(Outcome::BadRequest)
            .but(TOWER, "206 0-4/100", OTHER_VALIDATOR),
        get("§13.1.5", "An empty If-Range: the whole", 100).if_range("").range("bytes=0-4").whole().or(Outcome::BadRequest).but(TOWER, "206 0-4/100", OTHER_VALIDATOR),
        get("§13.1.5", "If-Range is ignored where there is no Range", 100).if_range("{tag}").whole(),
        get("§13.1.5", "If-Range of another tag is ignored where there is no Range", 100).if_range(r#""other""#).whole(),
        get("§13.1.5", "If-Range with the file's tag: several ranges", 100).if_range("{tag}").range("bytes=0-4,20-29").parts(&[(0, 4), (20, 29)])
            .but(TOWER, "416", SEVERAL),
        get("§13.1.5", "If-Range with the file's date: several ranges", 100).if_range(DATE).range("bytes=0-4,20-29").parts(&[(0, 4), (20, 29)]).but(TOWER, "416", SEVERAL),
        get("§13.1.5", "If-Range with another tag: the whole rather than several ranges", 100).if_range(r#""other""#).range("bytes=0-4,20-29").whole()
            .but(TOWER, "416", OTHER_VALIDATOR),
        get("§13.1.5", "If-Range with another tag: the whole where there is no such range", 100).if_range(r#""other""#).range("bytes=100-").whole()
            .but(TOWER, "416", OTHER_VALIDATOR),
        // Step 5 of §13.2.2, read alone, would send the whole.
        get("§14.2", "If-Range with the file's tag: a range that there is not is refused", 100).if_range("{tag}").range("bytes=100-").unsatisfiable(),
        get("§14.2", "If-Range with the file's tag: what is no range is ignored", 100).if_range("{tag}").range("bytes=abc").malformed(),
        get("§14.2", "If-Range with the file's tag: a unit that nobody knows is ignored", 100).if_range("{tag}").range("items=0-4").whole().but(TOWER, "416", OTHER_UNIT),
        head("§13.1.5", "If-Range is nothing to HEAD", 100).if_range("{tag}").range("bytes=0-4").whole()
            .but(NGINX, "206 0-4/100", GET_ALONE)
            .but(TOWER, "206 0-4/100", GET_ALONE),
        post("§13.1.5", "If-Range is nothing to POST", 100).if_range("{tag}").range("bytes=0-4").whole(),
        get("§13.2.2", "Not modified comes before If-Range", 100).if_none_match("{tag}").if_range("{tag}").range("bytes=0-4").not_modified(),
        get("§13.2.2", "Not modified comes before If-Range of another tag", 100).if_none_match("{tag}").if_range(r#""other""#).range("bytes=0-4").not_modified(),
        get("§13.2.2", "If-Match that fails comes before If-Range", 100).if_match(r#""other""#).if_range("{tag}").range("bytes=0-4").failed(),
        get("§13.2.2", "If-Match and If-Range that hold: the range", 100).if_match("{tag}").if_range("{tag}").range("bytes=0-4").part(0, 4),
        get("§13.2.2", "If-Match holds and If-Range does not: the whole", 100).if_match("{tag}").if_range(r#""other""#).range("bytes=0-4").whole()
            .but(TOWER, "206 0-4/100", OTHER_VALIDATOR),
        get("§13.1.5", "If-Range of a large file's tag: the rest of it", 300_000).if_range("{tag}").range("bytes=262144-").part(262_144, 299_999),
        get("§13.1.5", "If-Range of another tag: all of a large file", 300_000).if_range(r#""other""#).range("bytes=262144-").whole()
            .but(TOWER, "206 262144-299999/300000", OTHER_VALIDATOR),
    ]
}
