//! What goes over the wire.

use std::fmt::{self, Write};

use http::HeaderValue;

use super::{ANY, CacheControl, Scope, Scoped};

impl CacheControl {
    /// The value for the `Cache-Control` field (RFC 9111 §5.2); an empty one where there is no directive.
    ///
    /// One line, in one order: what was read in another goes out in this. Numbers have no quotes, field names have.
    ///
    /// ```
    /// # use axum_responses::CacheControl;
    /// let read: CacheControl = r#"x=1, Private=x-user, MAX-AGE="060""#.parse().unwrap();
    /// assert_eq!(read.to_header(), r#"max-age=60, private="x-user", x=1"#);
    /// ```
    #[must_use]
    pub fn to_header(&self) -> HeaderValue {
        // Setters and parser let nothing in that may not stand in a field value.
        HeaderValue::try_from(self.to_string()).unwrap_or(HeaderValue::from_static("no-store"))
    }
}

/// In one order, whatever order they were given in; extensions come last, in theirs.
impl fmt::Display for CacheControl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = List { f, first: true };
        list.seconds("max-age", self.max_age)?;
        list.seconds("s-maxage", self.s_maxage)?;
        list.scoped("no-cache", &self.no_cache)?;
        list.flag("no-store", self.no_store)?;
        list.flag("public", self.public)?;
        list.scoped("private", &self.private)?;
        list.flag("no-transform", self.no_transform)?;
        list.flag("must-revalidate", self.must_revalidate)?;
        list.flag("proxy-revalidate", self.proxy_revalidate)?;
        list.flag("must-understand", self.must_understand)?;
        list.flag("immutable", self.immutable)?;
        list.seconds("stale-while-revalidate", self.stale_while_revalidate)?;
        list.seconds("stale-if-error", self.stale_if_error)?;
        list.flag("max-stale", self.max_stale == Some(ANY))?;
        list.seconds("max-stale", self.max_stale.filter(|stale| *stale != ANY))?;
        list.seconds("min-fresh", self.min_fresh)?;
        list.flag("only-if-cached", self.only_if_cached)?;
        for extension in self.extensions() {
            list.flag(extension, true)?;
        }
        Ok(())
    }
}

struct List<'a, 'f> {
    f: &'a mut fmt::Formatter<'f>,
    first: bool,
}

impl List<'_, '_> {
    fn flag(&mut self, name: &str, present: bool) -> fmt::Result {
        if !present {
            return Ok(());
        }
        if !std::mem::take(&mut self.first) {
            self.f.write_str(", ")?;
        }
        self.f.write_str(name)
    }

    /// RFC 9111 §5.2.2.1: a number goes out as a token, and never in quotes.
    fn seconds(&mut self, name: &str, seconds: Option<u32>) -> fmt::Result {
        match seconds {
            None => Ok(()),
            Some(seconds) => {
                self.flag(name, true)?;
                write!(self.f, "={seconds}")
            }
        }
    }

    /// RFC 9111 §5.2.2.4: field names go out in quotes, even one alone.
    fn scoped(&mut self, name: &str, scoped: &Scoped) -> fmt::Result {
        self.flag(name, scoped.scope != Scope::Absent)?;
        if scoped.scope != Scope::Fields {
            return Ok(());
        }
        for (at, name) in scoped.names().enumerate() {
            self.f.write_str(if at == 0 { "=\"" } else { ", " })?;
            self.f.write_str(name)?;
        }
        self.f.write_char('"')
    }
}

impl fmt::Debug for CacheControl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CacheControl")
            .field(&format_args!("{self}"))
            .finish()
    }
}
