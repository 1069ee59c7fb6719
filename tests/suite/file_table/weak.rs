//! A file whose tag is weak, `W/"mine"`: what is left of the table then (RFC 9110 §8.8.3.2).

use super::files::{DATE, EARLIER};
use super::row::{Row, weak};

#[rustfmt::skip] // A row is read in one go.
pub(super) fn rows() -> Vec<Row> {
    vec![
        weak("§8.8.3", "A weak tag is said as it is").whole(),
        weak("§8.8.3", "A weak tag is said to HEAD, too").by("HEAD").whole(),
        weak("§13.1.2", "A weak tag: If-None-Match with the same").if_none_match(r#"W/"mine""#).not_modified(),
        weak("§8.8.3.2", "A weak tag: If-None-Match with the same made strong").if_none_match(r#""mine""#).not_modified(),
        weak("§13.1.2", "A weak tag: If-None-Match with it in a list").if_none_match(r#""a", W/"b", W/"mine""#).not_modified(),
        weak("§13.1.2", "A weak tag: If-None-Match with another weak one").if_none_match(r#"W/"other""#).whole(),
        weak("§13.1.2", "A weak tag: If-None-Match *").if_none_match("*").not_modified(),
        weak("§8.8.3.2", "A weak tag is told from the same in large letters").if_none_match(r#"W/"MINE""#).whole(),
        weak("§13.1.1", "A weak tag: If-Match with the same fails, as weak tags do").if_match(r#"W/"mine""#).failed(),
        weak("§13.1.1", "A weak tag: If-Match with the same made strong fails, too").if_match(r#""mine""#).failed(),
        weak("§13.1.1", "A weak tag: If-Match with both fails").if_match(r#"W/"mine", "mine""#).failed(),
        weak("§13.1.1", "A weak tag: If-Match * holds").if_match("*").whole(),
        weak("§13.1.1", "A weak tag: PUT is not done upon If-Match with it").by("PUT").if_match(r#"W/"mine""#).failed(),
        weak("§13.1.2", "A weak tag: PUT is not done upon If-None-Match with it").by("PUT").if_none_match(r#""mine""#).failed(),
        weak("§14.2", "A weak tag does not keep from ranges").range("bytes=0-4").part(0, 4),
        weak("§14.2", "A weak tag does not keep from several ranges").range("bytes=0-4,10-14").parts(&[(0, 4), (10, 14)]),
        weak("§13.1.5", "A weak tag: If-Range with the same gets the whole").if_range(r#"W/"mine""#).range("bytes=0-4").whole(),
        weak("§13.1.5", "A weak tag: If-Range with the same made strong gets the whole").if_range(r#""mine""#).range("bytes=0-4").whole(),
        weak("§13.1.5", "A weak tag: If-Range with the date gets the range").if_range(DATE).range("bytes=0-4").part(0, 4),
        weak("§13.1.5", "A weak tag: If-Range with an earlier date gets the whole").if_range(EARLIER).range("bytes=0-4").whole(),
        weak("§13.1.3", "A weak tag: If-Modified-Since with the date").if_modified_since(DATE).not_modified(),
        weak("§13.1.3", "A weak tag: If-None-Match comes before the date").if_none_match(r#""other""#).if_modified_since(DATE).whole(),
    ]
}
