//! What a value says.

use std::time::Duration;

use super::{ANY, CacheControl};

/// The readers: `is_` tells of a directive without an argument, `_value` and `_names` of one with.
impl CacheControl {
    /// `max-age`.
    #[must_use]
    pub fn max_age_value(&self) -> Option<Duration> {
        self.max_age.map(duration)
    }

    /// `s-maxage`.
    #[must_use]
    pub fn s_maxage_value(&self) -> Option<Duration> {
        self.s_maxage.map(duration)
    }

    /// `no-cache` for the whole response.
    #[must_use]
    pub fn is_no_cache(&self) -> bool {
        self.no_cache.is_whole()
    }

    /// The fields of `no-cache="…"`; none where it is for the whole.
    pub fn no_cache_names(&self) -> impl Iterator<Item = &str> {
        self.no_cache.names()
    }

    /// `no-store`. Beside [`must-understand`](Self::is_must_understand) it is not for everybody.
    #[must_use]
    pub fn is_no_store(&self) -> bool {
        self.no_store
    }

    /// `public`.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.public
    }

    /// `private` for the whole response.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.private.is_whole()
    }

    /// The fields of `private="…"`; none where it is for the whole.
    pub fn private_names(&self) -> impl Iterator<Item = &str> {
        self.private.names()
    }

    /// `no-transform`.
    #[must_use]
    pub fn is_no_transform(&self) -> bool {
        self.no_transform
    }

    /// `must-revalidate`.
    #[must_use]
    pub fn is_must_revalidate(&self) -> bool {
        self.must_revalidate
    }

    /// `proxy-revalidate`.
    #[must_use]
    pub fn is_proxy_revalidate(&self) -> bool {
        self.proxy_revalidate
    }

    /// `must-understand`.
    #[must_use]
    pub fn is_must_understand(&self) -> bool {
        self.must_understand
    }

    /// `immutable`.
    #[must_use]
    pub fn is_immutable(&self) -> bool {
        self.immutable
    }

    /// `stale-while-revalidate`.
    #[must_use]
    pub fn stale_while_revalidate_value(&self) -> Option<Duration> {
        self.stale_while_revalidate.map(duration)
    }

    /// `stale-if-error`.
    #[must_use]
    pub fn stale_if_error_value(&self) -> Option<Duration> {
        self.stale_if_error.map(duration)
    }

    /// `max-stale`; [`Duration::MAX`] where it has no argument.
    #[must_use]
    pub fn max_stale_value(&self) -> Option<Duration> {
        self.max_stale.map(|stale| match stale {
            ANY => Duration::MAX,
            stale => duration(stale),
        })
    }

    /// `min-fresh`.
    #[must_use]
    pub fn min_fresh_value(&self) -> Option<Duration> {
        self.min_fresh.map(duration)
    }

    /// `only-if-cached`.
    #[must_use]
    pub fn is_only_if_cached(&self) -> bool {
        self.only_if_cached
    }

    /// The directives without a setter, as they go out: `community="UCI"`.
    pub fn extensions(&self) -> impl Iterator<Item = &str> {
        self.extensions.iter()
    }

    /// Whether there is no directive at all; it prints as nothing, and is best not sent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::new()
    }
}

fn duration(seconds: u32) -> Duration {
    Duration::from_secs(seconds.into())
}
