//! One range, and what is none: RFC 9110 §14.1 and §14.2.

use super::reasons::{
    DIGITS, GET_ALONE, LARGE_NUMBERS, LONG_SUFFIX, NO_ANSWER, NOT_THERE, OTHER_UNIT, UNIT_CASE,
};
use super::row::{ACTIX, NGINX, Outcome, Row, TOWER, get, head, post, put};

/// actix-files takes one from zero there: a debug build breaks off, another goes on with what comes of it.
const OVERFLOWS: &str = if cfg!(debug_assertions) {
    "no answer"
} else {
    "206 0-18446744073709551615/0"
};

pub(super) fn rows() -> Vec<Row> {
    [
        one_range(),
        without_overlap(),
        short_and_long_files(),
        units(),
        methods(),
        malformed(),
    ]
    .concat()
}

#[rustfmt::skip] // A row is read in one go.
fn one_range() -> Vec<Row> {
    vec![
        get("§14.1.2", "The first byte", 100).range("bytes=0-0").part(0, 0),
        get("§14.1.2", "Positions count from zero, and the last is one of them", 100).range("bytes=0-9").part(0, 9),
        get("§14.1.2", "A range from the middle", 100).range("bytes=40-59").part(40, 59),
        get("§14.1.2", "The last byte by its position", 100).range("bytes=99-99").part(99, 99),
        get("§14.1.2", "All of it as a range is a part nevertheless", 100).range("bytes=0-99").part(0, 99),
        get("§14.1.2", "A range without an end goes to the end", 100).range("bytes=90-").part(90, 99),
        get("§14.1.2", "A range without an end from the first byte is all of it", 100).range("bytes=0-").part(0, 99),
        get("§14.1.2", "A range without an end from the last byte", 100).range("bytes=99-").part(99, 99),
        get("§14.1.2", "A last position behind the end means the end", 100).range("bytes=90-100").part(90, 99),
        get("§14.1.2", "A last position far behind the end means the end", 100).range("bytes=0-999999").part(0, 99),
        get("§14.1.2", "The last ten bytes", 100).range("bytes=-10").part(90, 99),
        get("§14.1.2", "The last byte by a suffix", 100).range("bytes=-1").part(99, 99),
        get("§14.1.2", "A suffix as long as the file is all of it", 100).range("bytes=-100").part(0, 99),
        get("§14.1.2", "A suffix longer than the file is all of it", 100).range("bytes=-101").part(0, 99).but(TOWER, "416", LONG_SUFFIX),
        get("§14.1.2", "A suffix much longer than the file is all of it", 100).range("bytes=-999999").part(0, 99).but(TOWER, "416", LONG_SUFFIX),
        get("§14.1.1", "Zeros in front of a position mean nothing", 100).range("bytes=0000-0009").part(0, 9).but(TOWER, "416", DIGITS),
        get("§14.1.1", "More zeros than a number of 64 bits has digits", 100).range("bytes=000000000000000000000005-000000000000000000000009").part(5, 9)
            .but(TOWER, "416", DIGITS),
        get("§14.1.2", "The largest last position of 63 bits", 100).range("bytes=90-9223372036854775807").part(90, 99),
        get("§14.1.2", "The largest last position of 64 bits", 100).range("bytes=90-18446744073709551615").part(90, 99).but(NGINX, "416", LARGE_NUMBERS),
        get("§14.1.2", "A last position beyond 64 bits means the end", 100).range("bytes=90-18446744073709551616").part(90, 99)
            .but(ACTIX, "416", LARGE_NUMBERS)
            .but(NGINX, "416", LARGE_NUMBERS)
            .but(TOWER, "416", LARGE_NUMBERS),
        get("§14.1.2", "A suffix beyond 64 bits is all of it", 100).range("bytes=-18446744073709551616").part(0, 99)
            .but(ACTIX, "416", LARGE_NUMBERS)
            .but(NGINX, "416", LARGE_NUMBERS)
            .but(TOWER, "416", LARGE_NUMBERS),
        get("§14.1.2", "A last position of forty digits means the end", 100).range("bytes=0-9999999999999999999999999999999999999999").part(0, 99)
            .but(ACTIX, "416", LARGE_NUMBERS)
            .but(NGINX, "416", LARGE_NUMBERS)
            .but(TOWER, "416", LARGE_NUMBERS),
    ]
}

#[rustfmt::skip] // A row is read in one go.
fn without_overlap() -> Vec<Row> {
    vec![
        get("§15.5.17", "Behind the last byte there is nothing", 100).range("bytes=100-").unsatisfiable(),
        get("§15.5.17", "A range behind the end", 100).range("bytes=100-199").unsatisfiable(),
        get("§15.5.17", "A range far behind the end", 100).range("bytes=999999-").unsatisfiable(),
        get("§14.1.2", "The last no bytes are no range", 100).range("bytes=-0").unsatisfiable(),
        get("§14.1.2", "The last no bytes, in more zeros", 100).range("bytes=-000").unsatisfiable(),
        get("§15.5.17", "A first position beyond 64 bits is behind the end", 100).range("bytes=18446744073709551616-").unsatisfiable(),
        get("§15.5.17", "A range that begins at the largest number of 64 bits", 100).range("bytes=18446744073709551615-18446744073709551615").unsatisfiable(),
        get("§15.5.17", "A range beyond 64 bits on both sides", 100).range("bytes=99999999999999999999-99999999999999999999").unsatisfiable(),
        get("§15.5.17", "Several ranges, all of them behind the end", 100).range("bytes=100-,200-299,-0").unsatisfiable(),
    ]
}

#[rustfmt::skip] // A row is read in one go.
fn short_and_long_files() -> Vec<Row> {
    vec![
        get("§15.3.1", "An empty file", 0).whole(),
        get("§15.5.17", "An empty file has no first byte", 0).range("bytes=0-0").unsatisfiable().but(TOWER, "206 0-0/0", NOT_THERE),
        get("§15.5.17", "An empty file has nothing from its first byte on", 0).range("bytes=0-").unsatisfiable().but(TOWER, "206 0-0/0", NOT_THERE),
        get("§15.5.17", "An empty file has no hundred bytes", 0).range("bytes=0-99").unsatisfiable().but(TOWER, "206 0-0/0", NOT_THERE),
        get("§14.1.2", "An empty file has no last no bytes", 0).range("bytes=-0").unsatisfiable(),
        // §14.1.2 calls any suffix but -0 satisfiable, §14.4 cannot say "none of none" in a 206, and §14.2 lets
        // Range be ignored where there is no content.
        get("§14.1.2", "The last byte of an empty file is all of it, which is nothing", 0).range("bytes=-1").whole().or(Outcome::Unsatisfiable)
            .but(ACTIX, OVERFLOWS, NO_ANSWER),
        get("§14.1.2", "The last hundred bytes of an empty file are all of it", 0).range("bytes=-100").whole().or(Outcome::Unsatisfiable).but(ACTIX, OVERFLOWS, NO_ANSWER),
        get("§14.1.2", "A suffix beside other ranges of an empty file", 0).range("bytes=0-0,-1").whole().or(Outcome::Unsatisfiable).but(ACTIX, OVERFLOWS, NO_ANSWER),
        get("§15.5.17", "Several ranges of an empty file", 0).range("bytes=0-0,5-").unsatisfiable(),
        get("§14.2", "What is no range is ignored for an empty file, too", 0).range("bytes=abc").malformed(),
        get("§14.2", "A unit that nobody knows is ignored for an empty file, too", 0).range("items=0-0").whole().but(TOWER, "416", OTHER_UNIT),
        get("§15.3.1", "A file of one byte", 1).whole(),
        get("§14.1.2", "The first byte of one", 1).range("bytes=0-0").part(0, 0),
        get("§14.1.2", "One byte from the first on", 1).range("bytes=0-").part(0, 0),
        get("§14.1.2", "The last byte of one", 1).range("bytes=-1").part(0, 0),
        get("§14.1.2", "The last nine bytes of one", 1).range("bytes=-9").part(0, 0).but(TOWER, "416", LONG_SUFFIX),
        get("§14.1.2", "The first hundred bytes of one", 1).range("bytes=0-99").part(0, 0),
        get("§15.5.17", "There is no second byte of one", 1).range("bytes=1-").unsatisfiable(),
        get("§15.5.17", "There is no second and third byte of one", 1).range("bytes=1-2").unsatisfiable(),
        get("§15.3.1", "A large file", 300_000).whole(),
        get("§14.1.2", "All of a large file as a range", 300_000).range("bytes=0-299999").part(0, 299_999),
        get("§14.1.2", "Across a border of pieces in a large file", 300_000).range("bytes=65535-65536").part(65_535, 65_536),
        get("§14.1.2", "More than one piece from the middle of a large file", 300_000).range("bytes=1000-280999").part(1000, 280_999),
        get("§14.1.2", "The rest of a large file", 300_000).range("bytes=262144-").part(262_144, 299_999),
        get("§14.1.2", "The last byte of a large file", 300_000).range("bytes=-1").part(299_999, 299_999),
        get("§14.1.2", "All but the first byte of a large file by a suffix", 300_000).range("bytes=-299999").part(1, 299_999),
        get("§15.5.17", "Behind the end of a large file", 300_000).range("bytes=300000-").unsatisfiable(),
    ]
}

#[rustfmt::skip] // A row is read in one go.
fn units() -> Vec<Row> {
    vec![
        get("§14.1", "The unit in large letters is the same unit", 100).range("BYTES=0-4").part(0, 4).but(TOWER, "416", UNIT_CASE),
        get("§14.1", "The unit in letters of both kinds is the same unit", 100).range("ByTeS=-5").part(95, 99).but(TOWER, "416", UNIT_CASE),
        get("§14.2", "A unit that nobody knows is ignored", 100).range("items=0-4").whole().but(TOWER, "416", OTHER_UNIT),
        get("§14.2", "A unit that nobody knows is ignored with several ranges", 100).range("items=0-4,10-14").whole().but(TOWER, "416", OTHER_UNIT),
        get("§14.2", "A unit that nobody knows may have ranges of any form", 100).range("chapters=one").whole().but(TOWER, "416", OTHER_UNIT),
        get("§14.2", "A unit that begins like bytes is another unit", 100).range("bytess=0-4").whole().but(TOWER, "416", OTHER_UNIT),
        get("§14.2", "A unit that bytes begins with is another unit", 100).range("byte=0-4").whole().but(TOWER, "416", OTHER_UNIT),
        get("§14.2", "A unit that nobody knows is ignored behind the end, too", 100).range("items=100-").whole().but(TOWER, "416", OTHER_UNIT),
        get("§14.2", "Ranges of the unit none are ignored", 100).range("none=0-4").whole().but(TOWER, "416", OTHER_UNIT),
    ]
}

#[rustfmt::skip] // A row is read in one go.
fn methods() -> Vec<Row> {
    vec![
        head("§9.3.2", "HEAD has the fields of GET", 100).whole(),
        head("§9.3.2", "HEAD of an empty file", 0).whole(),
        head("§9.3.2", "HEAD of a large file", 300_000).whole(),
        head("§14.2", "Range is nothing to HEAD", 100).range("bytes=0-4").whole()
            .but(NGINX, "206 0-4/100", GET_ALONE)
            .but(TOWER, "206 0-4/100", GET_ALONE),
        head("§14.2", "Several ranges are nothing to HEAD", 100).range("bytes=0-4,10-14").whole()
            .but(NGINX, "206", GET_ALONE)
            .but(TOWER, "416", GET_ALONE),
        head("§14.2", "A range that there is not is nothing to HEAD", 100).range("bytes=100-").whole()
            .but(NGINX, "416", GET_ALONE)
            .but(TOWER, "416", GET_ALONE),
        head("§14.2", "A range of an empty file is nothing to HEAD", 0).range("bytes=0-").whole().but(TOWER, "206 0-0/0", GET_ALONE),
        head("§14.2", "What is no range is nothing to HEAD", 100).range("bytes=abc").whole()
            .but(NGINX, "416", GET_ALONE)
            .but(TOWER, "416", GET_ALONE),
        post("§14.2", "Range is nothing to POST", 100).range("bytes=0-4").whole(),
        post("§14.2", "A range that there is not is nothing to POST", 100).range("bytes=100-").whole(),
        put("§14.2", "Range is nothing to PUT", 100).range("bytes=0-4").whole(),
    ]
}

#[rustfmt::skip] // A row is read in one go.
fn malformed() -> Vec<Row> {
    vec![
        get("§14.1.1", "Letters are no range of bytes", 100).range("bytes=abc").malformed(),
        get("§14.1.1", "A last position before the first makes it invalid", 100).range("bytes=5-1").malformed(),
        get("§14.1.1", "It makes it invalid beyond 64 bits, too", 100).range("bytes=99999999999999999999-99999999999999999998").malformed(),
        get("§14.1.1", "It is invalid behind the end, too", 100).range("bytes=500-100").malformed(),
        get("§14.1.1", "A set of no ranges", 100).range("bytes=").malformed(),
        get("§14.1.1", "A set of nothing but a space", 100).range("bytes= ").malformed(),
        get("§14.1.1", "A set of nothing but empty elements", 100).range("bytes=, ,").malformed(),
        get("§14.1.1", "A number without a dash", 100).range("bytes=5").malformed(),
        get("§14.1.1", "A dash without a number", 100).range("bytes=-").malformed(),
        get("§14.1.1", "Two dashes before a number", 100).range("bytes=--5").malformed(),
        get("§14.1.1", "Two dashes between numbers", 100).range("bytes=0--5").malformed(),
        get("§14.1.1", "Three numbers", 100).range("bytes=0-4-9").malformed(),
        get("§14.1.1", "A plus sign at the first position", 100).range("bytes=+0-4").malformed(),
        get("§14.1.1", "A plus sign at the last position", 100).range("bytes=0-+4").malformed(),
        get("§14.1.1", "A plus sign at a suffix", 100).range("bytes=-+4").malformed(),
        get("§14.1.1", "Hexadecimal numbers", 100).range("bytes=0x0-0x4").malformed(),
        get("§14.1.1", "A broken number", 100).range("bytes=0-4.5").malformed(),
        get("§14.1.1", "A letter behind the last position", 100).range("bytes=0-4a").malformed(),
        get("§14.1.1", "A letter instead of the first position", 100).range("bytes=a-4").malformed(),
        get("§14.1.1", "More behind the range", 100).range("bytes=0-4 5").malformed(),
        get("§14.1.1", "A space before the dash", 100).range("bytes=0 -4").malformed().or(Outcome::Part(0, 4)),
        get("§14.1.1", "A space behind the dash", 100).range("bytes=0- 4").malformed().or(Outcome::Part(0, 4)),
        get("§14.1.1", "A semicolon between ranges", 100).range("bytes=0-4;10-14").malformed(),
        get("§14.1.1", "A slash and a length, as in Content-Range", 100).range("bytes=0-4/100").malformed(),
        get("§14.1.1", "One range of several is none, and so are all", 100).range("bytes=0-4,abc").malformed(),
        get("§14.1.1", "One range of several has its last position before its first, and so are all", 100).range("bytes=0-4,9-5").malformed().or(Outcome::Part(0, 4)),
        get("§14.1.1", "One range of several is a dash, and so are all", 100).range("bytes=-,0-4").malformed(),
        get("§14.1.1", "The unit twice in a line", 100).range("bytes=0-4,bytes=10-14").malformed(),
        get("§14.2", "A space before the equals sign", 100).range("bytes =0-4").malformed(),
        get("§14.2", "A colon instead of the equals sign", 100).range("bytes:0-4").malformed(),
        get("§14.2", "A space instead of the equals sign, as in Content-Range", 100).range("bytes 0-4").malformed(),
        get("§14.2", "No unit, but an equals sign", 100).range("=0-4").malformed(),
        get("§14.2", "No unit and no equals sign", 100).range("0-4").malformed(),
        get("§14.2", "A unit and nothing else", 100).range("bytes").malformed(),
        get("§14.2", "An empty Range", 100).range("").malformed(),
    ]
}
