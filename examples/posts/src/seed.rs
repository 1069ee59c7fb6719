//! Posts to begin with.

use chrono::{DateTime, TimeDelta, Utc};

use crate::database::Row;

const AUTHORS: [&str; 4] = ["Ada", "Grace", "Barbara", "Radia"];
const THINGS: [&str; 7] = [
    "loops",
    "compilers",
    "spanning trees",
    "abstraction",
    "debugging",
    "engines",
    "notation",
];

/// A hundred of them, an hour apart. Each third has no comment; many have as many as others.
pub(crate) fn posts() -> impl Iterator<Item = Row> {
    let first = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(20_000);
    let pick = |from: &[&'static str], at: usize| from[at % from.len()];
    (0_u8..100).map(move |number| {
        let (at, hours) = (usize::from(number), i64::from(number));
        let created_at = first + TimeDelta::hours(hours);
        let comments = i64::from(number % 3) * i64::from(number % 5);
        let thing = pick(&THINGS, at * 3);
        Row {
            author: pick(&AUTHORS, at).to_owned(),
            title: format!("Notes on {thing}"),
            body: format!("Part {} of what I know about {thing}.", number + 1),
            comments,
            created_at,
            commented_at: (comments > 0).then(|| created_at + TimeDelta::hours(7 * (hours % 11))),
        }
    })
}
