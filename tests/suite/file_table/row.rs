//! One row: a request, the answer that the RFC wants, and who gives another.

use std::fmt;

use super::files::Of;

/// A server of other people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Peer {
    /// nginx, as Debian configures it
    Nginx,
    /// `actix_files::NamedFile`, returned from a handler for any method
    Actix,
    /// `tower_http::services::ServeDir`
    Tower,
}

pub(super) use Peer::{Actix as ACTIX, Nginx as NGINX, Tower as TOWER};

/// What an answer may be. Ranges name their first and their last byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// 200 and all of it
    Whole,
    /// 206 and one range
    Part(u64, u64),
    /// 206 and several ranges, `multipart/byteranges`
    Parts(Vec<(u64, u64)>),
    /// 206 and one range or several, each of them within one of these
    Within(Vec<(u64, u64)>),
    /// 304
    NotModified,
    /// 412
    Failed,
    /// 416 and the length there is
    Unsatisfiable,
    /// 400
    BadRequest,
    /// 404
    Missing,
}

/// What another server answers to a row, and the sentence that decides against it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fault {
    peer: Peer,
    /// As [`judge`](super::judge) puts it into words
    pub(super) answers: &'static str,
    /// The section first
    pub(super) because: &'static str,
}

/// A request and its answer.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Where the RFC decides
    pub(super) section: &'static str,
    /// What it decides
    pub(super) statement: &'static str,
    pub(super) method: &'static str,
    pub(super) of: Of,
    headers: Vec<(&'static str, &'static str)>,
    /// What ours answers
    pub(super) wanted: Outcome,
    /// What others may answer as well
    pub(super) allowed: Vec<Outcome>,
    pub(super) faults: Vec<Fault>,
    not_asked: Vec<Peer>,
}

/// Nginx and tower-http serve files to GET and HEAD alone; what they answer to others is no file's matter.
const ONLY_READ: [Peer; 2] = [NGINX, TOWER];

/// A row of another method than GET.
pub(super) fn row(
    method: &'static str,
    section: &'static str,
    statement: &'static str,
    size: u64,
) -> Row {
    let not_asked = match method {
        "GET" | "HEAD" => Vec::new(),
        _ => ONLY_READ.to_vec(),
    };
    Row {
        section,
        statement,
        method,
        of: Of::Bytes(size),
        headers: Vec::new(),
        wanted: Outcome::Whole,
        allowed: Vec::new(),
        faults: Vec::new(),
        not_asked,
    }
}

pub(super) fn get(section: &'static str, statement: &'static str, size: u64) -> Row {
    row("GET", section, statement, size)
}

pub(super) fn head(section: &'static str, statement: &'static str, size: u64) -> Row {
    row("HEAD", section, statement, size)
}

pub(super) fn post(section: &'static str, statement: &'static str, size: u64) -> Row {
    row("POST", section, statement, size)
}

pub(super) fn put(section: &'static str, statement: &'static str, size: u64) -> Row {
    row("PUT", section, statement, size)
}

/// A GET of a file with a weak tag, which none of the others can be given.
pub(super) fn weak(section: &'static str, statement: &'static str) -> Row {
    Row {
        of: Of::Weak(100),
        not_asked: vec![NGINX, ACTIX, TOWER],
        ..get(section, statement, 100)
    }
}

/// The request. `{tag}` stands for the file's tag, `{opaque}` for what is between its quotes.
impl Row {
    fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(super) fn range(self, value: &'static str) -> Self {
        self.with("range", value)
    }

    pub(super) fn if_range(self, value: &'static str) -> Self {
        self.with("if-range", value)
    }

    pub(super) fn if_match(self, value: &'static str) -> Self {
        self.with("if-match", value)
    }

    pub(super) fn if_none_match(self, value: &'static str) -> Self {
        self.with("if-none-match", value)
    }

    pub(super) fn if_modified_since(self, value: &'static str) -> Self {
        self.with("if-modified-since", value)
    }

    pub(super) fn if_unmodified_since(self, value: &'static str) -> Self {
        self.with("if-unmodified-since", value)
    }

    pub(super) fn of_no_file(mut self) -> Self {
        self.of = Of::Missing;
        self
    }

    pub(super) fn by(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }
}

/// The answer.
impl Row {
    fn gives(mut self, wanted: Outcome, allowed: Vec<Outcome>) -> Self {
        self.wanted = wanted;
        self.allowed = allowed;
        self
    }

    pub(super) fn whole(self) -> Self {
        self.gives(Outcome::Whole, Vec::new())
    }

    /// One range. §14.2: whoever does not care for ranges may send the whole.
    pub(super) fn part(self, first: u64, last: u64) -> Self {
        self.gives(Outcome::Part(first, last), vec![Outcome::Whole])
    }

    /// The one that several ranges come to. §15.3.7: less may be sent, as may a multipart of one.
    pub(super) fn merged(self, first: u64, last: u64) -> Self {
        let within = Outcome::Within(vec![(first, last)]);
        self.gives(Outcome::Part(first, last), vec![Outcome::Whole, within])
    }

    /// Several ranges. §15.3.7: less may be sent.
    pub(super) fn parts(self, parts: &[(u64, u64)]) -> Self {
        let within = Outcome::Within(parts.to_vec());
        self.gives(Outcome::Parts(parts.to_vec()), vec![Outcome::Whole, within])
    }

    /// The whole instead of too many ranges. §14.2: they may be refused, or sent nevertheless.
    pub(super) fn whole_rather_than(self, parts: &[(u64, u64)]) -> Self {
        let within = Outcome::Within(parts.to_vec());
        self.gives(Outcome::Whole, vec![Outcome::Unsatisfiable, within])
    }

    /// The whole, as what is no set of ranges is ignored. §14.2: it may be refused.
    pub(super) fn malformed(self) -> Self {
        self.gives(
            Outcome::Whole,
            vec![Outcome::Unsatisfiable, Outcome::BadRequest],
        )
    }

    pub(super) fn unsatisfiable(self) -> Self {
        self.gives(Outcome::Unsatisfiable, vec![Outcome::Whole])
    }

    pub(super) fn not_modified(self) -> Self {
        self.gives(Outcome::NotModified, Vec::new())
    }

    pub(super) fn failed(self) -> Self {
        self.gives(Outcome::Failed, Vec::new())
    }

    pub(super) fn missing(self) -> Self {
        self.gives(Outcome::Missing, Vec::new())
    }

    /// What others may answer, because the RFC leaves it open.
    pub(super) fn or(mut self, allowed: Outcome) -> Self {
        self.allowed.push(allowed);
        self
    }

    /// What one of the others answers, and the sentence that it does not follow.
    pub(super) fn but(mut self, peer: Peer, answers: &'static str, because: &'static str) -> Self {
        self.faults.push(Fault {
            peer,
            answers,
            because,
        });
        self
    }
}

impl Row {
    pub(super) fn path(&self) -> String {
        self.of.path()
    }

    pub(super) fn headers(&self, tag: &str) -> Vec<(&'static str, String)> {
        let filled = |value: &str| {
            let opaque = tag.trim_start_matches("W/").trim_matches('"');
            value.replace("{tag}", tag).replace("{opaque}", opaque)
        };
        let headers = self.headers.iter();
        headers
            .map(|(name, value)| (*name, filled(value)))
            .collect()
    }

    pub(super) fn asks(&self, header: &str) -> bool {
        self.headers.iter().any(|(name, _)| *name == header)
    }

    pub(super) fn can_be_asked(&self, peer: Peer) -> bool {
        !self.not_asked.contains(&peer)
    }

    pub(super) fn fault_of(&self, peer: Peer) -> Option<&Fault> {
        self.faults.iter().find(|fault| fault.peer == peer)
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            section,
            statement,
            method,
            headers,
            wanted,
            ..
        } = self;
        let path = self.path();
        write!(
            f,
            "{section} {statement}: {method} {path} {headers:?} wants {wanted:?}"
        )
    }
}
