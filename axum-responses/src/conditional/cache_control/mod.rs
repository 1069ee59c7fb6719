//! Cache directives (RFC 9111 §5.2).

mod combine;
mod parse;
mod print;
mod read;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub use self::combine::Contradiction;
pub use self::parse::InvalidCacheControl;

/// RFC 9111 §1.2.2: what a number of seconds counts as that is too large; 68 years.
const MOST: u32 = 1 << 31;
/// `max-stale` without an argument.
const ANY: u32 = u32::MAX;
/// The extensions that fit into a constant.
const FIXED: usize = 4;

/// What `Cache-Control` holds: the directives of RFC 9111 §5.2, RFC 5861 and RFC 8246, and extensions.
///
/// On the wire: `max-age=86400, public, must-revalidate` or `no-store`. Times are sent in whole seconds,
/// the fraction cut off, and at most 2³¹ of them.
///
/// ```
/// use std::time::Duration;
/// use axum_responses::CacheControl;
///
/// const MONTH: CacheControl = CacheControl::new().max_age(Duration::from_secs(2_628_288)).public();
/// assert_eq!(MONTH.to_header(), "max-age=2628288, public");
///
/// let stored: CacheControl = "private, MAX-AGE=\"60\"".parse().unwrap();
/// assert!(stored.is_private());
/// assert_eq!(stored.max_age_value(), Some(Duration::from_secs(60)));
/// assert_eq!(MONTH.patched(&stored).to_string(), "max-age=60, private");
/// ```
///
/// A setter refuses a directive that takes the meaning of another, by a panic; in a `const`, that is at
/// compile time:
///
/// ```compile_fail
/// # use axum_responses::CacheControl;
/// const BOTH: CacheControl = CacheControl::new().public().private();
/// ```
///
/// What others sent is parsed whether it makes sense or not; [`check`](Self::check) tells. Values of run time are
/// put together by [`patched`](Self::patched), which never panics.
///
/// All directives of responses, in the order in which they go out, whatever the order of the calls. Of two calls of one
/// setter the later counts, and so it does where one is for the whole and the other for some fields.
///
/// ```
/// # use axum_responses::CacheControl;
/// # use std::time::Duration;
/// let seconds = Duration::from_secs;
/// let shared = CacheControl::new()
///     .immutable()
///     .stale_if_error(seconds(4))
///     .stale_while_revalidate(seconds(3))
///     .must_understand()
///     .proxy_revalidate()
///     .must_revalidate()
///     .no_transform()
///     .public()
///     .no_cache_fields("set-cookie")
///     .s_maxage(seconds(2))
///     .max_age(seconds(9))
///     .max_age(seconds(1));
/// assert_eq!(
///     shared.to_header(),
///     "max-age=1, s-maxage=2, no-cache=\"set-cookie\", public, no-transform, must-revalidate, proxy-revalidate, \
///      must-understand, immutable, stale-while-revalidate=3, stale-if-error=4"
/// );
/// let personal = CacheControl::new().no_store().no_cache_fields("etag").no_cache().private();
/// assert_eq!(personal.to_header(), "no-cache, no-store, private");
/// ```
///
/// Those of requests, for clients:
///
/// ```
/// # use axum_responses::CacheControl;
/// # use std::time::Duration;
/// let patient = CacheControl::new().min_fresh(Duration::from_secs(2)).max_stale(Duration::from_secs(1));
/// assert_eq!(patient.to_header(), "max-stale=1, min-fresh=2");
/// let offline = CacheControl::new().only_if_cached().max_stale_any();
/// assert_eq!(offline.to_header(), "max-stale, only-if-cached");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct CacheControl {
    max_age: Option<u32>,
    s_maxage: Option<u32>,
    no_cache: Scoped,
    no_store: bool,
    public: bool,
    private: Scoped,
    no_transform: bool,
    must_revalidate: bool,
    proxy_revalidate: bool,
    must_understand: bool,
    immutable: bool,
    stale_while_revalidate: Option<u32>,
    stale_if_error: Option<u32>,
    max_stale: Option<u32>,
    min_fresh: Option<u32>,
    only_if_cached: bool,
    extensions: Extensions,
}

/// `no-cache` and `private`: for the whole response, or for some of its fields.
// A const fn cannot drop a String. So the setters have a place of their own, which goes before what was parsed.
#[derive(Clone, Debug, Default)]
struct Scoped {
    scope: Scope,
    fixed: &'static str,
    parsed: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Scope {
    #[default]
    Absent,
    Whole,
    Fields,
}

/// Directives that we do not know, as they go out.
#[derive(Clone, Debug, Default)]
struct Extensions {
    /// Of the setter; the free places are empty.
    fixed: [&'static str; FIXED],
    /// A list.
    parsed: String,
}

impl CacheControl {
    /// `no-store`: kept by nobody. For what is personal and secret.
    ///
    /// ```
    /// # use axum_responses::CacheControl;
    /// assert_eq!(CacheControl::NO_STORE.to_header(), "no-store");
    /// assert_eq!(CacheControl::NO_CACHE.to_header(), "no-cache"); // not the same: it is kept
    /// assert_eq!(CacheControl::IMMUTABLE.to_header(), "max-age=31536000, public, immutable");
    /// ```
    pub const NO_STORE: Self = Self::new().no_store();
    /// `no-cache`: kept, and asked about each time. For what has an entity tag and may change any moment.
    pub const NO_CACHE: Self = Self::new().no_cache();
    /// `max-age=31536000, public, immutable`: kept for a year and never asked about. Only for addresses
    /// whose content never changes, such as files with a hash of it in their name.
    pub const IMMUTABLE: Self = Self::new()
        .max_age(Duration::from_secs(31_536_000))
        .public()
        .immutable();

    /// Without directives: caches go by their own rules, which may keep a response with a
    /// `Last-Modified` for days (RFC 9111 §4.2.2).
    ///
    /// ```
    /// # use axum_responses::CacheControl;
    /// assert!(CacheControl::new().is_empty());
    /// assert_eq!(CacheControl::new().to_header(), "");
    /// ```
    pub const fn new() -> Self {
        Self {
            max_age: None,
            s_maxage: None,
            no_cache: Scoped::ABSENT,
            no_store: false,
            public: false,
            private: Scoped::ABSENT,
            no_transform: false,
            must_revalidate: false,
            proxy_revalidate: false,
            must_understand: false,
            immutable: false,
            stale_while_revalidate: None,
            stale_if_error: None,
            max_stale: None,
            min_fresh: None,
            only_if_cached: false,
            extensions: Extensions {
                fixed: [""; FIXED],
                parsed: String::new(),
            },
        }
    }

    /// `max-age`: how long it is fresh (RFC 9111 §5.2.2.1); in a request, how old it may be (§5.2.1.1).
    ///
    /// In whole seconds, at most 2³¹. Less than one is `max-age=0`, which is stale at once and may be kept all the
    /// same.
    ///
    /// ```
    /// # use axum_responses::CacheControl;
    /// # use std::time::Duration;
    /// let fresh_for = |age| CacheControl::new().max_age(age).to_string();
    /// assert_eq!(fresh_for(Duration::from_millis(1999)), "max-age=1");
    /// assert_eq!(fresh_for(Duration::from_millis(999)), "max-age=0");
    /// assert_eq!(fresh_for(Duration::MAX), "max-age=2147483648");
    /// ```
    ///
    /// ```should_panic
    /// # use axum_responses::CacheControl;
    /// # use std::time::Duration;
    /// let neither = CacheControl::new().no_store().max_age(Duration::ZERO);
    /// ```
    ///
    /// # Panics
    /// Beside `no-store` without `must-understand`; in a `const`, at compile time.
    #[track_caller]
    pub const fn max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(seconds(age));
        self.possible()
    }

    /// `s-maxage`: how long it is fresh in shared caches, which may keep it (RFC 9111 §5.2.2.10). There it goes before
    /// `max-age`, and has the meaning of `proxy-revalidate`. In seconds, as [`max_age`](Self::max_age).
    ///
    /// # Panics
    /// Beside `private`, and beside `no-store` without `must-understand`.
    #[track_caller]
    pub const fn s_maxage(mut self, age: Duration) -> Self {
        self.s_maxage = Some(seconds(age));
        self.possible()
    }

    /// `no-cache`: never used again without asking first (RFC 9111 §5.2.2.4, §5.2.1.4). It is kept: what must not be is
    /// [`no_store`](Self::no_store). It may stand beside anything.
    pub const fn no_cache(mut self) -> Self {
        self.no_cache.scope = Scope::Whole;
        self
    }

    /// `no-cache="set-cookie"`: only these fields are not used again without asking. Many caches take it for
    /// [`no_cache`](Self::no_cache) (RFC 9111 §5.2.2.4).
    ///
    /// It takes the place of an earlier `no_cache`, which was the stricter, and of earlier fields.
    ///
    /// ```
    /// # use axum_responses::CacheControl;
    /// let fields = CacheControl::new().no_cache().no_cache_fields("set-cookie,x-user");
    /// assert_eq!(fields.to_header(), r#"no-cache="set-cookie, x-user""#);
    /// assert!(!fields.is_no_cache());
    /// assert_eq!(fields.no_cache_names().collect::<Vec<_>>(), ["set-cookie", "x-user"]);
    /// ```
    ///
    /// ```compile_fail
    /// # use axum_responses::CacheControl;
    /// const NO_LIST: CacheControl = CacheControl::new().no_cache_fields("set cookie");
    /// ```
    ///
    /// # Panics
    /// When `fields` is no list of field names, separated by commas.
    #[track_caller]
    pub const fn no_cache_fields(mut self, fields: &'static str) -> Self {
        self.no_cache.fix(fields);
        self
    }

    /// `no-store`: nobody keeps it, or anything of it (RFC 9111 §5.2.2.5, §5.2.1.5).
    ///
    /// Beside [`must_understand`](Self::must_understand) it speaks to the caches that do not know that directive
    /// or the status; there `must_understand` comes first.
    ///
    /// ```
    /// # use axum_responses::CacheControl;
    /// # use std::time::Duration;
    /// let strict = CacheControl::new().no_store().no_cache().private().must_revalidate(); // all of them forbid
    /// assert_eq!(strict.to_header(), "no-cache, no-store, private, must-revalidate");
    /// let new_status = CacheControl::new().must_understand().no_store().max_age(Duration::from_secs(60));
    /// assert_eq!(new_status.to_header(), "max-age=60, no-store, must-understand");
    /// ```
    ///
    /// ```should_panic
    /// # use axum_responses::CacheControl;
    /// let neither = CacheControl::new().public().no_store();
    /// ```
    ///
    /// # Panics
    /// Beside a directive that lets something be kept or used again, without `must-understand`.
    #[track_caller]
    pub const fn no_store(mut self) -> Self {
        self.no_store = true;
        self.possible()
    }

    /// `public`: shared caches may keep it even where they would not, as for requests with
    /// `Authorization` (RFC 9111 §5.2.2.9).
    ///
    /// # Panics
    /// Beside `private`, and beside `no-store` without `must-understand`.
    #[track_caller]
    pub const fn public(mut self) -> Self {
        self.public = true;
        self.possible()
    }

    /// `private`: only the cache of one user may keep it (RFC 9111 §5.2.2.7). It keeps nothing secret, and says nothing
    /// of how long: for that [`max_age`](Self::max_age) may stand beside it.
    ///
    /// # Panics
    /// Beside `public` or `s-maxage`.
    #[track_caller]
    pub const fn private(mut self) -> Self {
        self.private.scope = Scope::Whole;
        self.possible()
    }

    /// `private="x-user"`: only these fields are for one user. Many caches take it for
    /// [`private`](Self::private) (RFC 9111 §5.2.2.7).
    ///
    /// It takes the place of an earlier `private`, and may stand beside `public` and `s-maxage`.
    ///
    /// ```
    /// # use axum_responses::CacheControl;
    /// let control = CacheControl::new().private_fields("x-user").public();
    /// assert_eq!(control.to_header(), r#"public, private="x-user""#);
    /// assert!(!control.is_private());
    /// assert_eq!(control.private_names().collect::<Vec<_>>(), ["x-user"]);
    /// ```
    ///
    /// # Panics
    /// As [`no_cache_fields`](Self::no_cache_fields).
    #[track_caller]
    pub const fn private_fields(mut self, fields: &'static str) -> Self {
        self.private.fix(fields);
        self
    }

    /// `no-transform`: nobody on the way changes the content (RFC 9111 §5.2.2.6, §5.2.1.6).
    pub const fn no_transform(mut self) -> Self {
        self.no_transform = true;
        self
    }

    /// `must-revalidate`: never used stale, not even where we cannot be reached (RFC 9111 §5.2.2.2).
    pub const fn must_revalidate(mut self) -> Self {
        self.must_revalidate = true;
        self
    }

    /// `proxy-revalidate`: the same for shared caches only (RFC 9111 §5.2.2.8).
    pub const fn proxy_revalidate(mut self) -> Self {
        self.proxy_revalidate = true;
        self
    }

    /// `must-understand`: kept only by caches that know what the status means (RFC 9111 §5.2.2.3).
    pub const fn must_understand(mut self) -> Self {
        self.must_understand = true;
        self
    }

    /// `immutable`: not asked about while fresh, not even when the user reloads (RFC 8246 §2). Without a
    /// [`max_age`](Self::max_age) nothing is fresh for long.
    ///
    /// # Panics
    /// As [`max_age`](Self::max_age).
    #[track_caller]
    pub const fn immutable(mut self) -> Self {
        self.immutable = true;
        self.possible()
    }

    /// `stale-while-revalidate`: for so long it may be used stale while we are asked (RFC 5861 §3). In seconds, counted
    /// from where it became stale; [`must_revalidate`](Self::must_revalidate) goes before it.
    ///
    /// # Panics
    /// As [`max_age`](Self::max_age).
    #[track_caller]
    pub const fn stale_while_revalidate(mut self, time: Duration) -> Self {
        self.stale_while_revalidate = Some(seconds(time));
        self.possible()
    }

    /// `stale-if-error`: for so long it may be used stale where we fail, with 500, 502, 503 or 504 (RFC 5861 §4). In
    /// seconds, counted as for [`stale_while_revalidate`](Self::stale_while_revalidate).
    ///
    /// # Panics
    /// As [`max_age`](Self::max_age).
    #[track_caller]
    pub const fn stale_if_error(mut self, time: Duration) -> Self {
        self.stale_if_error = Some(seconds(time));
        self.possible()
    }

    /// `max-stale`, of a request: stale for so long is good enough (RFC 9111 §5.2.1.2). In seconds, at most 2³¹.
    pub const fn max_stale(mut self, time: Duration) -> Self {
        self.max_stale = Some(seconds(time));
        self
    }

    /// `max-stale` without an argument: stale for however long is good enough (RFC 9111 §5.2.1.2).
    pub const fn max_stale_any(mut self) -> Self {
        self.max_stale = Some(ANY);
        self
    }

    /// `min-fresh`, of a request: it must stay fresh for so long (RFC 9111 §5.2.1.3). In seconds, at most 2³¹.
    pub const fn min_fresh(mut self, time: Duration) -> Self {
        self.min_fresh = Some(seconds(time));
        self
    }

    /// `only-if-cached`, of a request: from the cache or 504 (RFC 9111 §5.2.1.7). It has no meaning for us who answer.
    pub const fn only_if_cached(mut self) -> Self {
        self.only_if_cached = true;
        self
    }

    /// A directive that has no setter: `name`, `name=token` or `name="text"` (RFC 9111 §5.2.3).
    ///
    /// At most four; one made at run time is parsed, and there any number. Two of one name both go out.
    ///
    /// ```
    /// # use axum_responses::CacheControl;
    /// let ours = CacheControl::new().private().extension(r#"community="UCI""#);
    /// assert_eq!(ours.to_header(), r#"private, community="UCI""#); // RFC 9111 §5.2.3
    /// let twice = CacheControl::new().extension("shard=1").extension("shard=2");
    /// assert_eq!(twice.to_header(), "shard=1, shard=2");
    /// ```
    ///
    /// ```compile_fail
    /// # use axum_responses::CacheControl;
    /// const HAS_A_SETTER: CacheControl = CacheControl::new().extension("max-age=60");
    /// ```
    ///
    /// # Panics
    /// When it is none, when it has a setter, and at the fifth.
    #[track_caller]
    pub const fn extension(mut self, directive: &'static str) -> Self {
        assert!(
            parse::is_extension(directive),
            "not an extension directive: name, name=token or name=\"text\", of a name without a setter"
        );
        let mut free = 0;
        while free < FIXED && !self.extensions.fixed[free].is_empty() {
            free += 1;
        }
        assert!(free < FIXED, "more than four extension directives");
        self.extensions.fixed[free] = directive;
        self
    }

    #[track_caller]
    const fn possible(self) -> Self {
        match self.contradiction() {
            None => self,
            Some(contradiction) => panic!("{}", contradiction.text()),
        }
    }
}

const fn seconds(time: Duration) -> u32 {
    let seconds = time.as_secs();
    if seconds > MOST as u64 {
        return MOST;
    }
    #[expect(clippy::cast_possible_truncation, reason = "at most 2^31")]
    let seconds = seconds as u32;
    seconds
}

impl Scoped {
    const ABSENT: Self = Self {
        scope: Scope::Absent,
        fixed: "",
        parsed: String::new(),
    };

    #[track_caller]
    const fn fix(&mut self, fields: &'static str) {
        assert!(
            parse::is_field_list(fields.as_bytes()),
            "not a list of field names, separated by commas"
        );
        self.scope = Scope::Fields;
        self.fixed = fields;
    }

    const fn is_whole(&self) -> bool {
        matches!(self.scope, Scope::Whole)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        let fields = match self.scope {
            Scope::Absent | Scope::Whole => "",
            Scope::Fields if self.fixed.is_empty() => &self.parsed,
            Scope::Fields => self.fixed,
        };
        parse::names(fields)
    }
}

/// The same fields, and without regard to case (RFC 9110 §5.1).
impl PartialEq for Scoped {
    fn eq(&self, other: &Self) -> bool {
        let (mut ours, mut theirs) = (self.names(), other.names());
        self.scope == other.scope
            && loop {
                match (ours.next(), theirs.next()) {
                    (None, None) => break true,
                    (Some(a), Some(b)) if a.eq_ignore_ascii_case(b) => {}
                    _ => break false,
                }
            }
    }
}

impl Eq for Scoped {}

impl Extensions {
    fn iter(&self) -> impl Iterator<Item = &str> {
        let fixed = self.fixed.iter().copied().filter(|text| !text.is_empty());
        fixed.chain(parse::directives(&self.parsed))
    }
}

impl PartialEq for Extensions {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Extensions {}
