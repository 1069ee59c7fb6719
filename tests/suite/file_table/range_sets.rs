//! Several ranges: RFC 9110 §14.1.1, §14.2 and §15.3.7.2.

use super::reasons::{EMPTY_ELEMENTS, LARGE_NUMBERS, SEVERAL, UNIT_CASE, WHITE_SPACE};
use super::row::{ACTIX, NGINX, Outcome, Row, TOWER, get};

/// §14.2: what is invalid, more than two ranges that overlap, and many small ones in disorder may be refused.
const REFUSED: Outcome = Outcome::Unsatisfiable;

pub(super) fn rows() -> Vec<Row> {
    [several(), coalesced(), lists(), many(), lines()].concat()
}

#[rustfmt::skip] // A row is read in one go.
fn several() -> Vec<Row> {
    vec![
        get("§15.3.7.2", "Two ranges are two parts", 100).range("bytes=0-4,10-14").parts(&[(0, 4), (10, 14)]).but(TOWER, "416", SEVERAL),
        get("§15.3.7.2", "Three ranges of each form", 100).range("bytes=0-0,50-59,-1").parts(&[(0, 0), (50, 59), (99, 99)]).but(TOWER, "416", SEVERAL),
        get("§15.3.7.2", "The first and the last byte", 100).range("bytes=0-0,-1").parts(&[(0, 0), (99, 99)]).but(TOWER, "416", SEVERAL),
        get("§15.3.7.2", "A range without an end beside another", 100).range("bytes=0-4,90-").parts(&[(0, 4), (90, 99)]).but(TOWER, "416", SEVERAL),
        get("§15.3.7.2", "Parts stand in the order that was asked", 100).range("bytes=50-59,0-9").parts(&[(50, 59), (0, 9)]).but(TOWER, "416", SEVERAL),
        get("§15.3.7.2", "A suffix first stays first", 100).range("bytes=-5,0-4").parts(&[(95, 99), (0, 4)]).but(TOWER, "416", SEVERAL),
        get("§15.3.7.2", "Three ranges in disorder stay so", 100).range("bytes=40-44,80-84,0-4").parts(&[(40, 44), (80, 84), (0, 4)]).but(TOWER, "416", SEVERAL),
        get("§14.1.2", "A part is cut at the end of the file", 100).range("bytes=0-4,90-199").parts(&[(0, 4), (90, 99)]).but(TOWER, "416", SEVERAL),
        get("§14.1.2", "A part ends at the end of the file beyond 64 bits", 100).range("bytes=0-4,90-18446744073709551616").parts(&[(0, 4), (90, 99)])
            .but(ACTIX, "416", LARGE_NUMBERS)
            .but(NGINX, "416", LARGE_NUMBERS)
            .but(TOWER, "416", LARGE_NUMBERS),
        get("§15.3.7.2", "Two ranges in a file of ten bytes", 10).range("bytes=0-1,5-6").parts(&[(0, 1), (5, 6)]).but(TOWER, "416", SEVERAL),
        get("§15.3.7.2", "Two ranges with one byte between them are not adjacent", 10).range("bytes=0-3,5-9").parts(&[(0, 3), (5, 9)]).but(TOWER, "416", SEVERAL),
        get("§15.3.7.2", "Small parts of a large file", 300_000).range("bytes=0-9,150000-150009,-10").parts(&[(0, 9), (150_000, 150_009), (299_990, 299_999)])
            .but(TOWER, "416", SEVERAL),
        get("§15.3.7.2", "Large parts of a large file", 300_000).range("bytes=0-99999,200000-").parts(&[(0, 99_999), (200_000, 299_999)]).but(TOWER, "416", SEVERAL),
        get("§15.3.7.2", "Large parts in disorder", 300_000).range("bytes=150001-299999,0-149999").parts(&[(150_001, 299_999), (0, 149_999)]).but(TOWER, "416", SEVERAL),
        get("§15.3.7.2", "The unit in large letters for several ranges", 100).range("Bytes=0-4,10-14").parts(&[(0, 4), (10, 14)]).but(TOWER, "416", UNIT_CASE),
        get("§15.3.7", "Of several ranges those that there are not are left out", 1000).range("bytes=0-4,2000-,10-14").parts(&[(0, 4), (10, 14)])
            .but(TOWER, "416", SEVERAL),
        get("§15.3.7", "The last no bytes are left out", 100).range("bytes=0-4,-0,10-14").parts(&[(0, 4), (10, 14)]).but(TOWER, "416", SEVERAL),
        get("§15.3.7", "Of two ranges one that there is not: the other alone", 100).range("bytes=0-4,100-").merged(0, 4).but(TOWER, "416", SEVERAL),
        get("§15.3.7", "Of two ranges the first that there is not: the other alone", 100).range("bytes=200-299,-5").merged(95, 99).but(TOWER, "416", SEVERAL),
        get("§15.3.7", "The last no bytes and another range: the other alone", 100).range("bytes=-0,5-9").merged(5, 9).but(TOWER, "416", SEVERAL),
        get("§15.3.7", "Several ranges of one byte: the one that there is", 1).range("bytes=5-9,0-0,1-1").merged(0, 0).but(TOWER, "416", SEVERAL),
    ]
}

#[rustfmt::skip] // A row is read in one go.
fn coalesced() -> Vec<Row> {
    vec![
        get("§15.3.7.2", "Ranges that overlap are one", 100).range("bytes=0-9,5-14").merged(0, 14).but(TOWER, "416", SEVERAL),
        get("§15.3.7.2", "Ranges that are adjacent are one", 100).range("bytes=0-4,5-9").merged(0, 9).but(TOWER, "416", SEVERAL),
        get("§15.3.7.2", "Ranges that are adjacent in disorder are one", 100).range("bytes=5-9,0-4").merged(0, 9).but(TOWER, "416", SEVERAL),
        get("§15.3.7.2", "The same range twice is one", 100).range("bytes=5-9,5-9").merged(5, 9).but(TOWER, "416", SEVERAL),
        get("§15.3.7.2", "A range within another is one with it", 100).range("bytes=10-49,20-29").merged(10, 49).but(TOWER, "416", SEVERAL),
        get("§15.3.7.2", "A range around another is one with it", 100).range("bytes=20-29,10-49").merged(10, 49).but(TOWER, "416", SEVERAL),
        get("§15.3.7.2", "A suffix that overlaps is one with the range", 100).range("bytes=80-94,-10").merged(80, 99).but(TOWER, "416", SEVERAL),
        get("§15.3.7.2", "A suffix of all of it takes the others in", 100).range("bytes=5-9,-200,50-").merged(0, 99).or(REFUSED),
        get("§15.3.7.2", "Three ranges that are one by the third", 100).range("bytes=0-4,10-14,5-9").merged(0, 14).but(TOWER, "416", SEVERAL),
        get("§15.3.7.2", "Both halves of a file are all of it", 100).range("bytes=0-49,50-99").merged(0, 99).but(TOWER, "416", SEVERAL),
        get("§15.3.7.2", "Some are one, and another is another", 100).range("bytes=0-9,5-14,50-59").parts(&[(0, 14), (50, 59)]).but(TOWER, "416", SEVERAL),
        get("§15.3.7.2", "What is one stands where its first was asked", 100).range("bytes=50-59,0-4,60-69").parts(&[(50, 69), (0, 4)]).but(TOWER, "416", SEVERAL),
        get("§15.3.7.2", "What becomes one over others stands where its first was asked", 100).range("bytes=20-24,80-89,0-4,5-19").parts(&[(0, 24), (80, 89)])
            .but(TOWER, "416", SEVERAL),
        get("§15.3.7.2", "Two pairs become two parts", 100).range("bytes=0-4,50-54,5-9,55-59").parts(&[(0, 9), (50, 59)]).but(TOWER, "416", SEVERAL),
        get("§15.3.7.2", "The same two ranges twice", 100).range("bytes=0-4,50-54,0-4,50-54").parts(&[(0, 4), (50, 54)]).but(TOWER, "416", SEVERAL),
        get("§15.3.7.2", "Large halves that overlap", 300_000).range("bytes=0-199999,100000-").merged(0, 299_999).but(TOWER, "416", SEVERAL),
    ]
}

#[rustfmt::skip] // A row is read in one go.
fn lists() -> Vec<Row> {
    vec![
        get("§5.6.1", "A space behind the comma", 100).range("bytes=0-4, 10-14").parts(&[(0, 4), (10, 14)]).but(TOWER, "416", SEVERAL),
        get("§5.6.1", "A space and a tab before the comma", 100).range("bytes=0-4 \t,10-14").parts(&[(0, 4), (10, 14)])
            .but(NGINX, "416", WHITE_SPACE)
            .but(TOWER, "416", SEVERAL),
        get("§5.6.1", "Spaces and tabs on both sides of the comma", 100).range("bytes=0-4 \t , \t 10-14").parts(&[(0, 4), (10, 14)])
            .but(NGINX, "416", WHITE_SPACE)
            .but(TOWER, "416", SEVERAL),
        // The grammar has no space there; §2.4 lets a reader make the best of it.
        get("§5.6.1", "A space before the first range", 100).range("bytes= 0-4").part(0, 4).or(REFUSED),
        get("§5.6.1", "Spaces around the only range", 100).range("bytes= 0-4 ").part(0, 4).or(REFUSED),
        get("§5.6.1.2", "An empty element between ranges", 100).range("bytes=0-4,,10-14").parts(&[(0, 4), (10, 14)])
            .but(NGINX, "416", EMPTY_ELEMENTS)
            .but(TOWER, "416", EMPTY_ELEMENTS),
        get("§5.6.1.2", "Empty elements with spaces between ranges", 100).range("bytes=0-4, , ,10-14").parts(&[(0, 4), (10, 14)])
            .but(NGINX, "416", EMPTY_ELEMENTS)
            .but(TOWER, "416", EMPTY_ELEMENTS),
        get("§5.6.1.2", "An empty element in front", 100).range("bytes=,0-4").merged(0, 4)
            .but(NGINX, "416", EMPTY_ELEMENTS)
            .but(TOWER, "416", EMPTY_ELEMENTS),
        get("§5.6.1.2", "An empty element at the end", 100).range("bytes=0-4,").merged(0, 4)
            .but(NGINX, "416", EMPTY_ELEMENTS)
            .but(TOWER, "416", EMPTY_ELEMENTS),
        get("§5.6.1.2", "An empty element at the end, behind a space", 100).range("bytes=0-4 ,").merged(0, 4)
            .but(NGINX, "416", EMPTY_ELEMENTS)
            .but(TOWER, "416", EMPTY_ELEMENTS),
        get("§5.6.1.2", "Empty elements everywhere", 100).range("bytes=,, 0-4 ,, 10-14 ,,").parts(&[(0, 4), (10, 14)])
            .but(NGINX, "416", EMPTY_ELEMENTS)
            .but(TOWER, "416", EMPTY_ELEMENTS),
        get("§5.6.1.2", "An empty element beside what there is not", 100).range("bytes=,100-").unsatisfiable(),
    ]
}

/// Sixteen ranges with gaps, and one more.
const SIXTEEN: &str = "bytes=0-1,10-11,20-21,30-31,40-41,50-51,60-61,70-71,80-81,90-91,100-101,110-111,120-121,130-131,140-141,150-151";
const SEVENTEEN: &str = "bytes=0-1,10-11,20-21,30-31,40-41,50-51,60-61,70-71,80-81,90-91,100-101,110-111,120-121,130-131,140-141,150-151,160-161";
const SEVENTEEN_TIMES_ALL: &str = "bytes=0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-";
const SIXTEEN_TIMES_ALL: &str = "bytes=0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-";
const SIXTEEN_THAT_ARE_NOT: &str = "bytes=1000-,1001-,1002-,1003-,1004-,1005-,1006-,1007-,1008-,1009-,1010-,1011-,1012-,1013-,1014-,1015-";
const ONE_OF_SIXTEEN: &str = "bytes=1000-,1001-,1002-,1003-,1004-,1005-,1006-,1007-,1008-,1009-,1010-,1011-,1012-,1013-,1014-,5-9";
const SIXTEEN_OF_ONE_BYTE: &str =
    "bytes=15-15,14-14,13-13,12-12,11-11,10-10,9-9,8-8,7-7,6-6,5-5,4-4,3-3,2-2,1-1,0-0";

fn by_tens(count: u64) -> Vec<(u64, u64)> {
    (0..count).map(|ten| (ten * 10, ten * 10 + 1)).collect()
}

#[rustfmt::skip] // A row is read in one go.
fn many() -> Vec<Row> {
    vec![
        get("§14.2", "Sixteen ranges are sixteen parts", 1000).range(SIXTEEN).parts(&by_tens(16)).but(TOWER, "416", SEVERAL),
        get("§14.2", "Seventeen ranges are too many: the whole", 1000).range(SEVENTEEN).whole_rather_than(&by_tens(17)),
        get("§17.15", "Seventeen times all of it is all of it once", 1000).range(SEVENTEEN_TIMES_ALL).whole_rather_than(&[(0, 999)]),
        get("§17.15", "Sixteen times all of it is one range", 1000).range(SIXTEEN_TIMES_ALL).merged(0, 999).or(REFUSED),
        get("§15.3.7.2", "Sixteen adjacent bytes backwards are one range", 1000).range(SIXTEEN_OF_ONE_BYTE).merged(0, 15).or(REFUSED),
        get("§15.5.17", "Sixteen ranges that there are not", 1000).range(SIXTEEN_THAT_ARE_NOT).unsatisfiable(),
        get("§15.3.7", "Fifteen ranges that there are not and one that there is", 1000).range(ONE_OF_SIXTEEN).merged(5, 9).but(TOWER, "416", SEVERAL),
        get("§17.15", "Many ranges of an empty file", 0).range(SEVENTEEN).whole_rather_than(&[]),
    ]
}

#[rustfmt::skip] // A row is read in one go.
fn lines() -> Vec<Row> {
    vec![
        // §5.3: no sender may, and a recipient may join them. What it makes of a first or last line is its own.
        get("§5.2", "A line that goes on with a range joins the set", 100).range("bytes=0-4").range("10-14")
            .parts(&[(0, 4), (10, 14)]).or(Outcome::BadRequest),
        get("§5.2", "A line that names the unit again is no range of the set", 100).range("bytes=0-4").range("bytes=10-14")
            .malformed().or(Outcome::Within(vec![(0, 4), (10, 14)])),
        get("§5.2", "The same line twice is no set", 100).range("bytes=0-4").range("bytes=0-4").malformed().or(Outcome::Part(0, 4)),
        get("§5.2", "A second line that is empty adds nothing", 100).range("bytes=0-4").range("").merged(0, 4).or(Outcome::BadRequest),
    ]
}
