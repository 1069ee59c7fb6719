//! Files by the letter of RFC 9110: one table of requests and of what §13, §14 and §15 want for an answer.
//!
//! Each row is sent over a socket to ours and to three servers of other people, which serve the same
//! folder. Ours is right on every row. Where another is not, the row says which sentence decides and what
//! it answers instead; it has to answer just that, so a server that changes its mind fails its test. Where
//! the RFC leaves a choice, ours has to make the one that the row names, and any other is no fault.
//!
//! The rows stand in `preconditions`, `if_range`, `ranges`, `range_sets` and `weak`, the sentences in
//! `reasons`. `slices` has a law instead of rows: of any ranges of any content.

mod files;
mod if_range;
mod judge;
mod multipart;
mod ours;
mod peers;
mod preconditions;
mod range_sets;
mod ranges;
mod reasons;
mod row;
mod slices;
mod weak;

use std::collections::HashSet;
use std::collections::hash_map::{Entry, HashMap};
use std::net::SocketAddr;

use suite_support::outside::{NGINX, present};
use suite_support::{Version, ask_at};

use self::files::Folder;
use self::judge::{Plain, Verdict, judge};
use self::peers::Running;
use self::row::{Peer, Row};

fn rows() -> Vec<Row> {
    [
        preconditions::rows(),
        if_range::rows(),
        ranges::rows(),
        range_sets::rows(),
        weak::rows(),
    ]
    .concat()
}

/// Asks one of the others every row that it can be asked. Says its score, and all that the rows do not say.
async fn score(peer: Peer, running: &Running) {
    let mut asker = Asker::new(running.address, Version::Http1);
    let mut astray = Vec::new();
    let (mut asked, mut by_the_letter, mut by_choice) = (0, 0, 0);
    for row in rows().iter().filter(|row| row.can_be_asked(peer)) {
        asked += 1;
        let verdict = asker.verdict(row, false).await;
        match &verdict {
            Verdict::AsWanted => by_the_letter += 1,
            Verdict::Allowed(_) => by_choice += 1,
            Verdict::Wrong(_) => {}
        }
        match (verdict, row.fault_of(peer)) {
            (Verdict::AsWanted | Verdict::Allowed(_), None) => {}
            (Verdict::Wrong(saw), Some(fault)) if saw == fault.answers => {}
            (verdict, fault) => {
                let known = fault.map_or("a right answer", |fault| fault.answers);
                astray.push(format!("{row}\n    {verdict}, and the row knows {known}"));
            }
        }
    }
    let score = format!(
        "{}: {} of {asked} rows, {by_choice} of them by another choice that the RFC leaves",
        running.name,
        by_the_letter + by_choice,
    );
    // Other releases of a program that this machine brought along are scored, and held to nothing.
    let held = peer != Peer::Nginx || running.name.contains(peers::NGINX_JUDGED);
    assert!(
        astray.is_empty() || !held,
        "{score}\n{} rows are not as they say:\n{}",
        astray.len(),
        astray.join("\n")
    );
    #[allow(clippy::print_stdout, reason = "the score is what one runs this for")]
    {
        println!("{score}");
    }
}

/// Who asks a server, and has heard what it says of a file when nothing else is asked.
struct Asker {
    address: SocketAddr,
    version: Version,
    plain: HashMap<String, Plain>,
}

impl Asker {
    fn new(address: SocketAddr, version: Version) -> Self {
        Self {
            address,
            version,
            plain: HashMap::new(),
        }
    }

    async fn verdict(&mut self, row: &Row, strict: bool) -> Verdict {
        let path = row.path();
        let plain = match self.plain.entry(path.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                unknown.insert(Plain::learn(self.address, self.version, row.of).await)
            }
        };
        let headers = row.headers(&plain.tag);
        let headers = headers.iter().map(|(name, value)| (*name, value.as_str()));
        let headers: Vec<_> = headers.collect();
        let answer = ask_at(self.address, self.version, row.method, &path, &headers).await;
        judge(row, plain, answer.ok().as_ref(), strict)
    }
}

#[tokio::test]
async fn nginx_errs_on_the_rows_that_say_so() {
    if present(&[NGINX]) {
        let folder = Folder::new();
        score(Peer::Nginx, &peers::nginx(&folder).await).await;
    }
}

#[tokio::test]
async fn actix_files_errs_on_the_rows_that_say_so() {
    let folder = Folder::new();
    score(Peer::Actix, &peers::actix(&folder)).await;
}

#[tokio::test]
async fn tower_http_errs_on_the_rows_that_say_so() {
    let folder = Folder::new();
    score(Peer::Tower, &peers::tower(&folder).await).await;
}

#[test]
fn each_row_can_be_looked_up() {
    let rows = rows();
    assert!(rows.len() >= 150, "{}", rows.len());
    let mut statements = HashSet::new();
    for row in &rows {
        let section = row.section.strip_prefix('§').unwrap();
        assert!(section.starts_with(|first: char| first.is_ascii_digit()));
        assert!(statements.insert(row.statement), "twice: {row}");
        for fault in &row.faults {
            assert!(fault.because.starts_with('§'), "{row}: {}", fault.because);
        }
    }
}
