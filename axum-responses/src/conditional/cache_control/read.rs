//! What a value says.

use std::time::Duration;

use super::{ANY, CacheControl};

/// The readers: `is_` tells of a directive without an argument, `_value` and `_names` of one with.
impl CacheControl {
    /// `max-age`: how long it is fresh (RFC 9111 §5.2.2.1, §5.2.1.1), in whole seconds; `None` where nothing says so.
    ///
    /// What is no number of seconds was read as the strictest there is, and of two the first.
    ///
    /// ```
    /// # use axum_responses::CacheControl;
    /// # use std::time::Duration;
    /// let age = |text: &str| text.parse::<CacheControl>().unwrap().max_age_value();
    /// assert_eq!(age("public"), None);
    /// assert_eq!(age("max-age=60, max-age=5"), Some(Duration::from_secs(60)));
    /// assert_eq!(age("max-age=-1"), Some(Duration::ZERO));
    /// assert_eq!(age("max-age=99999999999"), Some(Duration::from_secs(1 << 31)));
    /// ```
    ///
    /// The others, of one value each:
    ///
    /// ```
    /// # use axum_responses::CacheControl;
    /// # use std::time::Duration;
    /// let of = |text: &str| text.parse::<CacheControl>().unwrap();
    /// let seconds = |seconds| Some(Duration::from_secs(seconds));
    /// assert_eq!(of("s-maxage=1").s_maxage_value(), seconds(1));
    /// assert_eq!(of("stale-while-revalidate=2").stale_while_revalidate_value(), seconds(2));
    /// assert_eq!(of("stale-if-error=3").stale_if_error_value(), seconds(3));
    /// assert_eq!(of("max-stale=4").max_stale_value(), seconds(4));
    /// assert_eq!(of("max-stale").max_stale_value(), Some(Duration::MAX));
    /// assert_eq!(of("min-fresh=5").min_fresh_value(), seconds(5));
    /// assert!(of("no-store").is_no_store() && of("NO-CACHE").is_no_cache() && of("public").is_public());
    /// assert!(of("no-transform").is_no_transform() && of("must-revalidate").is_must_revalidate());
    /// assert!(of("proxy-revalidate").is_proxy_revalidate() && of("must-understand").is_must_understand());
    /// assert!(of("immutable").is_immutable() && of("only-if-cached").is_only_if_cached());
    /// ```
    #[must_use]
    pub fn max_age_value(&self) -> Option<Duration> {
        self.max_age.map(duration)
    }

    /// `s-maxage`: how long it is fresh in shared caches (RFC 9111 §5.2.2.10), in whole seconds; read as
    /// [`max_age_value`](Self::max_age_value) is.
    #[must_use]
    pub fn s_maxage_value(&self) -> Option<Duration> {
        self.s_maxage.map(duration)
    }

    /// `no-cache`: never used again without asking first (RFC 9111 §5.2.2.4). Of `no-cache="…"` it is false, and of
    /// both it is true: the stricter counts.
    ///
    /// ```
    /// # use axum_responses::CacheControl;
    /// let fields: CacheControl = r#"no-cache="set-cookie", no-cache=x-user"#.parse().unwrap();
    /// assert!(!fields.is_no_cache());
    /// assert_eq!(fields.no_cache_names().collect::<Vec<_>>(), ["set-cookie", "x-user"]);
    /// let whole: CacheControl = r#"no-cache="set-cookie", no-cache"#.parse().unwrap();
    /// assert!(whole.is_no_cache());
    /// assert_eq!(whole.no_cache_names().count(), 0);
    /// ```
    #[must_use]
    pub fn is_no_cache(&self) -> bool {
        self.no_cache.is_whole()
    }

    /// The fields of `no-cache="…"` (RFC 9111 §5.2.2.4), as they were written; none where it is for the whole.
    pub fn no_cache_names(&self) -> impl Iterator<Item = &str> {
        self.no_cache.names()
    }

    /// `no-store`: nobody keeps it (RFC 9111 §5.2.2.5). Beside [`must-understand`](Self::is_must_understand) it is not
    /// for everybody.
    #[must_use]
    pub fn is_no_store(&self) -> bool {
        self.no_store
    }

    /// `public`: shared caches may keep it even where they would not (RFC 9111 §5.2.2.9). Without it they may keep a
    /// response all the same.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.public
    }

    /// `private`: only the cache of one user may keep it (RFC 9111 §5.2.2.7). Of `private="…"` it is false, and of both
    /// it is true.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.private.is_whole()
    }

    /// The fields of `private="…"` (RFC 9111 §5.2.2.7), as they were written; none where it is for the whole.
    pub fn private_names(&self) -> impl Iterator<Item = &str> {
        self.private.names()
    }

    /// `no-transform`: nobody on the way changes the content (RFC 9111 §5.2.2.6).
    #[must_use]
    pub fn is_no_transform(&self) -> bool {
        self.no_transform
    }

    /// `must-revalidate`: never used stale (RFC 9111 §5.2.2.2).
    #[must_use]
    pub fn is_must_revalidate(&self) -> bool {
        self.must_revalidate
    }

    /// `proxy-revalidate`: never used stale by shared caches (RFC 9111 §5.2.2.8).
    #[must_use]
    pub fn is_proxy_revalidate(&self) -> bool {
        self.proxy_revalidate
    }

    /// `must-understand`: kept only by caches that know what the status means (RFC 9111 §5.2.2.3).
    #[must_use]
    pub fn is_must_understand(&self) -> bool {
        self.must_understand
    }

    /// `immutable`: not asked about while fresh (RFC 8246 §2).
    #[must_use]
    pub fn is_immutable(&self) -> bool {
        self.immutable
    }

    /// `stale-while-revalidate`: for how long it may be used stale while the server is asked (RFC 5861 §3), in whole
    /// seconds; read as [`max_age_value`](Self::max_age_value) is.
    #[must_use]
    pub fn stale_while_revalidate_value(&self) -> Option<Duration> {
        self.stale_while_revalidate.map(duration)
    }

    /// `stale-if-error`: for how long it may be used stale where the server fails (RFC 5861 §4), in whole seconds; read
    /// as [`max_age_value`](Self::max_age_value) is.
    #[must_use]
    pub fn stale_if_error_value(&self) -> Option<Duration> {
        self.stale_if_error.map(duration)
    }

    /// `max-stale`, of a request: how stale is good enough (RFC 9111 §5.2.1.2), in whole seconds; [`Duration::MAX`]
    /// where it has no argument.
    #[must_use]
    pub fn max_stale_value(&self) -> Option<Duration> {
        self.max_stale.map(|stale| match stale {
            ANY => Duration::MAX,
            stale => duration(stale),
        })
    }

    /// `min-fresh`, of a request: how long it must stay fresh (RFC 9111 §5.2.1.3), in whole seconds. One that is no
    /// number was read as 2³¹ seconds, the strictest.
    #[must_use]
    pub fn min_fresh_value(&self) -> Option<Duration> {
        self.min_fresh.map(duration)
    }

    /// `only-if-cached`, of a request: from the cache or 504 (RFC 9111 §5.2.1.7).
    #[must_use]
    pub fn is_only_if_cached(&self) -> bool {
        self.only_if_cached
    }

    /// The directives without a setter (RFC 9111 §5.2.3), as they go out and as they were written: `community="UCI"`.
    ///
    /// ```
    /// # use axum_responses::CacheControl;
    /// let control: CacheControl = r#"Community="UCI", max-age=1, shard="a,b", empty="#.parse().unwrap();
    /// let extensions: Vec<_> = control.extensions().collect();
    /// assert_eq!(extensions, [r#"Community="UCI""#, r#"shard="a,b""#, "empty"]);
    /// ```
    pub fn extensions(&self) -> impl Iterator<Item = &str> {
        self.extensions.iter()
    }

    /// Whether there is no directive at all; it prints as nothing, and is best not sent.
    ///
    /// ```
    /// # use axum_responses::CacheControl;
    /// assert!(", ,".parse::<CacheControl>().unwrap().is_empty());
    /// assert!(!"unknown".parse::<CacheControl>().unwrap().is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::new()
    }
}

fn duration(seconds: u32) -> Duration {
    Duration::from_secs(seconds.into())
}
