//! Which directives can stand together, and one value laid over another.

use std::collections::HashSet;
use std::fmt;

use super::parse::name_of;
use super::{CacheControl, Extensions, Scope, Scoped};

impl CacheControl {
    /// Whether the directives of a response can stand together: whether none allows what another forbids.
    ///
    /// What forbids more may stand beside anything that forbids: `no-store, no-cache, private`. In a request
    /// `no-store, max-age=0` makes sense, and is none the less found here.
    ///
    /// ```
    /// use axum_responses::{CacheControl, conditional::Contradiction};
    ///
    /// let seen: CacheControl = "no-store, max-age=0".parse().unwrap();
    /// assert_eq!(seen.check(), Err(Contradiction::NothingStored));
    /// assert_eq!(CacheControl::NO_STORE.must_revalidate().check(), Ok(()));
    /// ```
    ///
    /// # Errors
    /// The first [`Contradiction`] there is.
    pub const fn check(&self) -> Result<(), Contradiction> {
        match self.contradiction() {
            None => Ok(()),
            Some(contradiction) => Err(contradiction),
        }
    }

    pub(super) const fn contradiction(&self) -> Option<Contradiction> {
        let private = self.private.is_whole();
        // RFC 9111 §5.2.2.7: shared caches must not store it; §5.2.2.9: they may, even where they would not.
        if private && self.public {
            return Some(Contradiction::PublicAndPrivate);
        }
        // RFC 9111 §5.2.2.10, §3: it lets shared caches store, and no other cache reads it. proxy-revalidate
        // (§5.2.2.8) is for shared caches too, but only forbids: it may stand beside `private`.
        if private && self.s_maxage.is_some() {
            return Some(Contradiction::PrivateAndShared);
        }
        // RFC 9111 §5.2.2.3: a cache that knows must-understand and the status ignores no-store, and reads the rest.
        if self.no_store && !self.must_understand && self.lets_reuse() {
            return Some(Contradiction::NothingStored);
        }
        None
    }

    /// Whether there is a directive that lets a stored response be used (RFC 9111 §5.2.2.1, §5.2.2.9, §5.2.2.10,
    /// RFC 5861 §3, §4, RFC 8246 §2): with `no-store` there is none.
    const fn lets_reuse(&self) -> bool {
        self.max_age.is_some()
            || self.s_maxage.is_some()
            || self.public
            || self.immutable
            || self.stale_while_revalidate.is_some()
            || self.stale_if_error.is_some()
    }

    /// This one with the directives of `patch` in the place of its own; where the two contradict each other,
    /// the patch is right. It never panics, and what it makes of two possible values is possible.
    ///
    /// - `private` takes `public` and `s-maxage` away; `public` and `s-maxage` take `private` away.
    /// - `no-store` takes all away that is about stored responses, and leaves `no-transform`, the directives
    ///   of requests, and extensions. A directive that lets something be stored takes `no-store` away.
    /// - Beside `must-understand`, `no-store` takes nothing away.
    /// - Extensions of the same name are replaced.
    ///
    /// ```
    /// use std::time::Duration;
    /// use axum_responses::CacheControl;
    ///
    /// const DAY: CacheControl = CacheControl::new().max_age(Duration::from_secs(86_400)).public();
    /// let over = |patch: CacheControl| DAY.patched(&patch).to_string();
    /// assert_eq!(over(CacheControl::new().must_revalidate()), "max-age=86400, public, must-revalidate");
    /// assert_eq!(over(CacheControl::new().private()), "max-age=86400, private");
    /// assert_eq!(over(CacheControl::NO_STORE), "no-store");
    /// assert_eq!(CacheControl::NO_STORE.patched(&DAY), DAY);
    /// ```
    pub fn patched(self, patch: &Self) -> Self {
        let mut base = self;
        if patch.no_store && !patch.must_understand {
            base = Self {
                no_transform: base.no_transform,
                max_stale: base.max_stale,
                min_fresh: base.min_fresh,
                only_if_cached: base.only_if_cached,
                extensions: base.extensions,
                ..Self::new()
            };
        }
        if patch.private.is_whole() {
            base.public = false;
            base.s_maxage = None;
        }
        if base.private.is_whole() && (patch.public || patch.s_maxage.is_some()) {
            base.private = Scoped::ABSENT;
        }
        let must_understand = base.must_understand || patch.must_understand;
        if patch.lets_reuse() && !must_understand {
            base.no_store = false;
        }
        Self {
            max_age: patch.max_age.or(base.max_age),
            s_maxage: patch.s_maxage.or(base.s_maxage),
            no_cache: base.no_cache.replaced(&patch.no_cache),
            no_store: patch.no_store || base.no_store,
            public: patch.public || base.public,
            private: base.private.replaced(&patch.private),
            no_transform: patch.no_transform || base.no_transform,
            must_revalidate: patch.must_revalidate || base.must_revalidate,
            proxy_revalidate: patch.proxy_revalidate || base.proxy_revalidate,
            must_understand,
            immutable: patch.immutable || base.immutable,
            stale_while_revalidate: patch.stale_while_revalidate.or(base.stale_while_revalidate),
            stale_if_error: patch.stale_if_error.or(base.stale_if_error),
            max_stale: patch.max_stale.or(base.max_stale),
            min_fresh: patch.min_fresh.or(base.min_fresh),
            only_if_cached: patch.only_if_cached || base.only_if_cached,
            extensions: base.extensions.replaced(&patch.extensions),
        }
    }
}

impl Scoped {
    fn replaced(self, patch: &Self) -> Self {
        match patch.scope {
            Scope::Absent => self,
            Scope::Whole | Scope::Fields => patch.clone(),
        }
    }
}

impl Extensions {
    fn replaced(self, patch: &Self) -> Self {
        // A set, because both may come from strangers.
        let lower = |directive| name_of(directive).to_ascii_lowercase();
        let names: HashSet<String> = patch.iter().map(lower).collect();
        let kept = self.iter().filter(|text| !names.contains(&lower(text)));
        let mut all = Self::default();
        kept.chain(patch.iter()).for_each(|text| all.push(text));
        all
    }
}

/// Directives that cannot stand together: the one allows what the other forbids.
///
/// ```
/// use axum_responses::{CacheControl, conditional::Contradiction};
///
/// let found = |text: &str| text.parse::<CacheControl>().unwrap().check().unwrap_err();
/// assert_eq!(found("public, private"), Contradiction::PublicAndPrivate);
/// assert_eq!(found("private, s-maxage=5"), Contradiction::PrivateAndShared);
/// let contradiction = found("no-store, immutable");
/// assert_eq!(contradiction, Contradiction::NothingStored);
/// assert!(contradiction.to_string().starts_with("no-store and max-age, s-maxage, public, immutable or stale-*"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Contradiction {
    /// `public` and `private` (RFC 9111 §5.2.2.9, §5.2.2.7).
    PublicAndPrivate,
    /// `private` and `s-maxage` (RFC 9111 §5.2.2.7, §5.2.2.10).
    PrivateAndShared,
    /// `no-store`, without `must-understand`, and a directive that lets a stored response be used: `max-age`,
    /// `s-maxage`, `public`, `immutable`, `stale-while-revalidate`, `stale-if-error`.
    NothingStored,
}

impl Contradiction {
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::PublicAndPrivate => {
                "public and private: either all caches or one user's may store it"
            }
            Self::PrivateAndShared => {
                "private and s-maxage: shared caches may not store what is private"
            }
            Self::NothingStored => {
                "no-store and max-age, s-maxage, public, immutable or stale-*: nothing is stored that they \
                 could speak of, unless must-understand stands before them"
            }
        }
    }
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl std::error::Error for Contradiction {}
