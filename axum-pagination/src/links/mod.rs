//! Other pages as a `Link` header (RFC 8288).
//!
//! The references are of the query alone, `<?limit=10&offset=20>; rel="next"`: a client resolves them against the
//! address that it asked, whatever a proxy made of that on its way here; `link_base` puts an address in front of them.
//! They keep every other parameter of the request, as it was sent.

use std::fmt::{self, Write};

use axum::response::{IntoResponse, Response};
use axum_responses::Json;
use http::header::LINK;
use http::{HeaderMap, HeaderValue, Uri};
use serde::Serialize;

use crate::limits::RawQuery;
use crate::total::Total;

/// Proxies refuse answers whose headers are longer, nginx among them.
const LONGEST: usize = 8 * 1024;

/// The request that pages are linked to.
#[derive(Clone)]
pub(crate) struct Request {
    /// What stands before the query.
    base: String,
    query: RawQuery,
    /// The names of the page's own parameters.
    size: &'static str,
    position: &'static str,
}

/// Which page a link leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rel {
    First,
    Prev,
    Next,
    Last,
}

impl Rel {
    /// What is left out first when there is too much: without `next` a walk would seem to be over.
    const BY_WORTH: [&[Self]; 4] = [
        &[Self::First, Self::Prev, Self::Next, Self::Last],
        &[Self::First, Self::Prev, Self::Next],
        &[Self::Prev, Self::Next],
        &[Self::Next],
    ];

    fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Prev => "prev",
            Self::Next => "next",
            Self::Last => "last",
        }
    }
}

/// One link: where to, and the value of the position's parameter, if it has any.
pub(crate) type Link = (Rel, Option<String>);

impl Request {
    pub(crate) fn new(query: RawQuery, size: &'static str, position: &'static str) -> Self {
        Self {
            base: String::new(),
            query,
            size,
            position,
        }
    }

    /// Puts an address in front of the queries, without its own query.
    pub(crate) fn set_base(&mut self, base: &Uri) {
        self.base.clear();
        if let (Some(scheme), Some(authority)) = (base.scheme(), base.authority()) {
            let _ = write!(self.base, "{scheme}://"); // a String takes everything
            push_encoded(&mut self.base, authority.as_str());
        }
        push_encoded(&mut self.base, base.path());
    }

    /// Writes these links. When they are longer than 8 KiB, as those that are worth least as it takes are
    /// left out.
    pub(crate) fn write(&self, size: u64, links: &[Link], headers: &mut HeaderMap) {
        let query = self.query.as_str();
        if query.len() > LONGEST {
            return;
        }
        let kept = self.kept(query, size);
        let written: Vec<(Rel, String)> = links
            .iter()
            .map(|(rel, position)| (*rel, self.link(&kept, *rel, position.as_deref())))
            .collect();
        for chosen in Rel::BY_WORTH {
            let parts: Vec<&str> = written
                .iter()
                .filter(|(rel, _)| chosen.contains(rel))
                .map(|(_, link)| link.as_str())
                .collect();
            let value = parts.join(", ");
            if value.len() <= LONGEST && !value.is_empty() {
                // What is written below is printable ASCII.
                headers.extend(HeaderValue::try_from(value).ok().map(|value| (LINK, value)));
                return;
            }
        }
    }

    /// The other parameters as they were sent, and the page's size.
    fn kept(&self, query: &str, size: u64) -> String {
        let mut kept = String::with_capacity(query.len() + self.size.len() + 22);
        for pair in query.split('&') {
            let name = form_urlencoded::parse(pair.as_bytes()).next();
            if name.is_some_and(|(name, _)| name != self.size && name != self.position) {
                push_encoded(&mut kept, pair);
                kept.push('&');
            }
        }
        kept.extend(form_urlencoded::byte_serialize(self.size.as_bytes()));
        kept.push('=');
        kept.push_str(&size.to_string());
        kept
    }

    fn link(&self, kept: &str, rel: Rel, position: Option<&str>) -> String {
        let mut link = format!("<{}?{kept}", self.base);
        if let Some(position) = position {
            link.push('&');
            link.extend(form_urlencoded::byte_serialize(self.position.as_bytes()));
            link.push('=');
            link.extend(form_urlencoded::byte_serialize(position.as_bytes()));
        }
        link.push_str(">; rel=\"");
        link.push_str(rel.name());
        link.push('"');
        link
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Request")
            .field(&self.query.as_str())
            .finish()
    }
}

/// Pushes a piece of a reference; what RFC 3986 §3.3 and §3.4 have no place for, and clients send, is encoded. It
/// decodes to what it decoded to.
fn push_encoded(to: &mut String, piece: &str) {
    let bytes = piece.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let stands = match byte {
            b'%' => {
                matches!(bytes.get(at + 1..at + 3), Some(hex) if hex.iter().all(u8::is_ascii_hexdigit))
            }
            // The unreserved, the sub-delims and `: @ / ?`
            b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+'
            | b',' | b';' | b'=' | b':' | b'@' | b'/' | b'?' => true,
            other => other.is_ascii_alphanumeric(),
        };
        if stands {
            to.push(char::from(*byte));
        } else {
            let _ = write!(to, "%{byte:02X}"); // a String takes everything
        }
    }
}

/// The links of a classic page. Beyond the end, `prev` is the last page there is.
pub(crate) fn classic(current: u64, pages: u64) -> Vec<Link> {
    let mut links = vec![(Rel::First, 1)];
    if current > 1 && pages > 0 {
        links.push((Rel::Prev, (current - 1).min(pages)));
    }
    if current < pages {
        links.push((Rel::Next, current + 1));
    }
    links.push((Rel::Last, pages.max(1)));
    numbered(links)
}

/// The links of a page by offset, whose steps go on from its own offset. Beyond the end, `prev` is the last page there is.
pub(crate) fn offset(limit: u64, offset: u64, total: u64) -> Vec<Link> {
    let within = offset % limit;
    let last = match total
        .checked_sub(1)
        .and_then(|last| last.checked_sub(within))
    {
        Some(behind) => within + behind / limit * limit,
        None => 0,
    };
    let mut links = vec![(Rel::First, 0)];
    if offset > 0 && total > 0 {
        links.push((Rel::Prev, offset.saturating_sub(limit).min(last)));
    }
    if let Some(next) = offset.checked_add(limit).filter(|next| *next < total) {
        links.push((Rel::Next, next));
    }
    links.push((Rel::Last, last));
    numbered(links)
}

fn numbered(links: Vec<(Rel, u64)>) -> Vec<Link> {
    links
        .into_iter()
        .map(|(rel, number)| (rel, Some(number.to_string())))
        .collect()
}

/// The links of a page by cursor. The first page has none.
pub(crate) fn cursor(next: Option<&str>, previous: Option<&str>, last: Option<&str>) -> Vec<Link> {
    let link = |rel, cursor: Option<&str>| cursor.map(|cursor| (rel, Some(cursor.to_owned())));
    let mut links = vec![(Rel::First, None)];
    links.extend(link(Rel::Prev, previous));
    links.extend(link(Rel::Next, next));
    links.extend(link(Rel::Last, last));
    links
}

/// A page as JSON, with its headers; a page that could not be written has none.
pub(crate) fn respond(
    page: impl Serialize,
    total: Total,
    link: impl FnOnce(&mut HeaderMap),
) -> Response {
    let mut response = Json(page).into_response();
    if response.status().is_success() {
        link(response.headers_mut());
        total.write(response.headers_mut());
    }
    response
}

#[cfg(test)]
mod tests;
