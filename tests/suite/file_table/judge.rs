//! What an answer is, and whether that is what a row wants.

use std::fmt;
use std::net::SocketAddr;

use suite_support::{Answer, Version, ask_at};

use super::files::{DATE, Of, WEAK};
use super::multipart::{self, Part};
use super::row::{Outcome, Row};

/// What a server says of a file to a GET with nothing in it.
#[derive(Clone, Debug)]
pub(super) struct Plain {
    pub(super) tag: String,
    content_type: String,
    content: Vec<u8>,
}

impl Plain {
    pub(super) async fn learn(address: SocketAddr, version: Version, of: Of) -> Self {
        let answer = ask_at(address, version, "GET", &of.path(), &[]).await;
        let answer = answer.unwrap();
        let mut plain = Self {
            tag: "\"missing\"".to_owned(),
            content_type: String::new(),
            content: of.content(),
        };
        if of == Of::Missing {
            assert_eq!(answer.status, 404, "{answer:?}");
            return plain;
        }
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.body, plain.content, "{answer:?}");
        assert_eq!(answer.header("last-modified"), Some(DATE), "{answer:?}");
        plain.tag = answer.header("etag").unwrap().to_owned();
        plain.content_type = answer.header("content-type").unwrap().to_owned();
        match of {
            Of::Weak(_) => assert_eq!(plain.tag, WEAK),
            Of::Bytes(_) | Of::Missing => assert!(plain.tag.starts_with('"'), "{answer:?}"),
        }
        plain
    }

    fn size(&self) -> u64 {
        self.content.len() as u64
    }

    fn slice(&self, (first, last): (u64, u64)) -> Option<&[u8]> {
        let first = usize::try_from(first).ok()?;
        let end = usize::try_from(last).ok()?.checked_add(1)?;
        self.content.get(first..end)
    }
}

/// How an answer compares with its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The very one
    AsWanted,
    /// Another one that the RFC allows
    Allowed(String),
    /// None of them
    Wrong(String),
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AsWanted => f.write_str("right"),
            Self::Allowed(saw) => write!(f, "allowed: {saw:?}"),
            Self::Wrong(saw) => write!(f, "wrong: {saw:?}"),
        }
    }
}

/// Holds an answer against its row. Of ours, `strict`, more is asked than the RFC demands of everybody.
pub(super) fn judge(row: &Row, plain: &Plain, answer: Option<&Answer>, strict: bool) -> Verdict {
    let Some(answer) = answer else {
        return Verdict::Wrong("no answer".to_owned());
    };
    let seen = Seen {
        row,
        plain,
        answer,
        strict,
    };
    let Err(fault) = seen.is(&row.wanted) else {
        return Verdict::AsWanted;
    };
    let mut allowed = row.allowed.iter();
    if !strict && allowed.any(|outcome| seen.is(outcome).is_ok()) {
        return Verdict::Allowed(seen.summary());
    }
    // What the summary says by itself is not said twice.
    match fault {
        Fault::Other => Verdict::Wrong(seen.summary()),
        Fault::Detail(detail) => Verdict::Wrong(format!("{}, {detail}", seen.summary())),
    }
}

enum Fault {
    /// Another answer altogether: its first line says so
    Other,
    /// The right one, but for this
    Detail(String),
}

impl<T: Into<String>> From<T> for Fault {
    fn from(detail: T) -> Self {
        Self::Detail(detail.into())
    }
}

struct Seen<'a> {
    row: &'a Row,
    plain: &'a Plain,
    answer: &'a Answer,
    strict: bool,
}

impl Seen<'_> {
    /// Status and ranges: `200`, `206 0-4/10`, `206 0-0/10 5-6/10`; `416` with the length that goes without
    /// saying.
    fn summary(&self) -> String {
        let mut summary = self.answer.status.as_str().to_owned();
        let ranges = match self.parts() {
            Ok(Some(parts)) => parts.into_iter().map(|part| part.content_range).collect(),
            Ok(None) => vec![self.field("content-range").map(str::to_owned)],
            Err(_) => Vec::new(),
        };
        let unsatisfied = format!("bytes */{}", self.plain.size());
        for range in ranges.into_iter().flatten() {
            if self.answer.status == 416 && range == unsatisfied {
                continue;
            }
            summary += " ";
            summary += range.strip_prefix("bytes ").unwrap_or(&range);
        }
        summary
    }

    /// The only line of a field.
    fn field(&self, name: &str) -> Option<&str> {
        let mut lines = self.answer.headers.get_all(name).iter();
        match (lines.next(), lines.next()) {
            (Some(line), None) => Some(line.to_str().unwrap_or("(no text)")),
            (Some(_), Some(_)) => Some("(several lines)"),
            (None, _) => None,
        }
    }

    /// What several ranges came in; `None` when it is not a multipart.
    fn parts(&self) -> Result<Option<Vec<Part>>, String> {
        match self.field("content-type") {
            Some(kind) if self.answer.status == 206 && kind.starts_with("multipart/") => {
                multipart::parts(kind, &self.answer.body).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn is(&self, outcome: &Outcome) -> Result<(), Fault> {
        let status = match outcome {
            Outcome::Whole => 200,
            Outcome::Part(..) | Outcome::Parts(_) | Outcome::Within(_) => 206,
            Outcome::NotModified => 304,
            Outcome::BadRequest => 400,
            Outcome::Missing => 404,
            Outcome::Failed => 412,
            Outcome::Unsatisfiable => 416,
        };
        if self.answer.status != status {
            return Err(Fault::Other);
        }
        if !self.answer.complete {
            return Err("cut off".into());
        }
        match outcome {
            Outcome::Whole => self.is_whole(),
            Outcome::Part(first, last) => self.is_part((*first, *last)),
            Outcome::Parts(parts) => self.is_parts(parts),
            Outcome::Within(parts) => self.is_within(parts),
            Outcome::NotModified => self.is_not_modified(),
            Outcome::Unsatisfiable => {
                // §15.5.17: with the length that there is.
                self.wants(
                    "content-range",
                    Some(&format!("bytes */{}", self.plain.size())),
                )?;
                self.is_no_file()
            }
            Outcome::Failed | Outcome::BadRequest | Outcome::Missing => {
                self.wants("content-range", None)?;
                self.is_no_file()
            }
        }
    }

    fn wants(&self, name: &str, value: Option<&str>) -> Result<(), Fault> {
        match self.field(name) {
            found if found == value => Ok(()),
            Some(found) => Err(format!("{name}: {found}").into()),
            None => Err(format!("no {name}").into()),
        }
    }

    /// §8.6: where a length is said, it is the right one. Ours says it.
    fn wants_length(&self, length: u64) -> Result<(), Fault> {
        match self.field("content-length") {
            None if !self.strict => Ok(()),
            _ => self.wants("content-length", Some(&length.to_string())),
        }
    }

    /// §15.3.7, §15.4.5: a field that 200 would have stands in 206 and in 304.
    fn wants_tag(&self) -> Result<(), Fault> {
        self.wants("etag", Some(&self.plain.tag))
    }

    /// What ours says of a file whenever it sends something of it.
    fn wants_description(&self) -> Result<(), Fault> {
        if self.strict {
            self.wants("accept-ranges", Some("bytes"))?;
            self.wants("last-modified", Some(DATE))?;
        }
        Ok(())
    }

    fn wants_body(&self, body: &[u8]) -> Result<(), Fault> {
        if self.row.method == "HEAD" {
            return Ok(()); // nothing came, or the client would have failed
        }
        if self.answer.body == body {
            return Ok(());
        }
        Err(format!("other content of {} bytes", self.answer.body.len()).into())
    }

    fn is_whole(&self) -> Result<(), Fault> {
        // §14.4: the field describes a 206 or a 416.
        self.wants("content-range", None)?;
        self.wants_length(self.plain.size())?;
        self.wants("content-type", Some(&self.plain.content_type))?;
        self.wants_tag()?;
        self.wants_description()?;
        self.wants_body(&self.plain.content)
    }

    fn is_part(&self, part: (u64, u64)) -> Result<(), Fault> {
        let Some(content) = self.plain.slice(part) else {
            return Err("a row that asks for what there is not".into());
        };
        let range = self.content_range(part);
        if self.field("content-range") != Some(&range) {
            return Err(Fault::Other);
        }
        self.wants_length(content.len() as u64)?;
        if !self.row.asks("if-range") {
            // §15.3.7: whoever asks with If-Range knows the rest already.
            self.wants("content-type", Some(&self.plain.content_type))?;
            self.wants_description()?;
        }
        self.wants_tag()?;
        self.wants_body(content)
    }

    fn content_range(&self, (first, last): (u64, u64)) -> String {
        format!("bytes {first}-{last}/{}", self.plain.size())
    }

    fn is_parts(&self, wanted: &[(u64, u64)]) -> Result<(), Fault> {
        let Some(parts) = self.parts()? else {
            return Err(Fault::Other);
        };
        let ranges: Vec<_> = wanted
            .iter()
            .map(|part| self.content_range(*part))
            .collect();
        let found = parts.iter().map(|part| part.content_range.as_deref());
        if !found.eq(ranges.iter().map(|range| Some(range.as_str()))) {
            return Err(Fault::Other);
        }
        self.are_well_formed(&parts)?;
        self.wants_description()
    }

    /// Whatever ranges they are: each says what it holds, and holds it.
    fn are_well_formed(&self, parts: &[Part]) -> Result<(), Fault> {
        // §15.3.7.2: the ranges stand in the parts, and only there.
        self.wants("content-range", None)?;
        self.wants_length(self.answer.body.len() as u64)?;
        self.wants_tag()?;
        for part in parts {
            let range = part
                .content_range
                .as_deref()
                .ok_or("a part without range")?;
            let content = self.read(range).and_then(|part| self.plain.slice(part));
            if content != Some(&part.content) {
                return Err(format!("other content in {range}").into());
            }
            if part.content_type.as_deref() != Some(&self.plain.content_type) {
                return Err("a part of another content-type".into());
            }
        }
        Ok(())
    }

    fn read(&self, content_range: &str) -> Option<(u64, u64)> {
        let (range, size) = content_range.strip_prefix("bytes ")?.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let range = (first.parse().ok()?, last.parse().ok()?);
        (size == self.plain.size().to_string()).then_some(range)
    }

    fn is_within(&self, wanted: &[(u64, u64)]) -> Result<(), Fault> {
        let ranges: Vec<_> = if let Some(parts) = self.parts()? {
            self.are_well_formed(&parts)?;
            let ranges = parts.iter().filter_map(|part| part.content_range.clone());
            ranges.filter_map(|range| self.read(&range)).collect()
        } else {
            let range = self.field("content-range").ok_or("no content-range")?;
            let range = self.read(range).ok_or("a content-range that is none")?;
            self.is_part(range)?;
            vec![range]
        };
        let within = |(first, last): &(u64, u64)| {
            let mut wanted = wanted.iter();
            wanted.any(|(from, to)| from <= first && last <= to)
        };
        if ranges.iter().all(within) {
            Ok(())
        } else {
            Err(Fault::Other)
        }
    }

    fn is_not_modified(&self) -> Result<(), Fault> {
        // §15.4.5: the tag, where 200 would have it; no content, and nothing about content but what helps.
        self.wants_tag()?;
        self.wants("content-range", None)?;
        self.wants("content-encoding", None)?;
        if self.strict {
            self.wants("last-modified", Some(DATE))?;
            self.wants("content-type", None)?;
            self.wants("content-length", None)?;
        } else {
            self.wants_length(self.plain.size())?;
        }
        self.wants_body(&[])
    }

    /// What is refused is not sent.
    fn is_no_file(&self) -> Result<(), Fault> {
        let content = &self.plain.content;
        if !content.is_empty() && self.answer.body == *content {
            return Err("with the file".into());
        }
        self.wants_length_of_body()
    }

    fn wants_length_of_body(&self) -> Result<(), Fault> {
        if self.row.method == "HEAD" || self.field("content-length").is_none() {
            return Ok(());
        }
        self.wants_length(self.answer.body.len() as u64)
    }
}
