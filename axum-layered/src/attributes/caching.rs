//! `Cache-Control` and `ETag` that a layer declares.

use std::borrow::Cow;

use axum_responses::{CacheControl, ETag};

/// What a layer says of `Cache-Control`.
#[derive(Clone, Debug)]
pub(crate) enum CacheRule {
    /// The whole of it
    Set(CacheControl),
    /// These directives in what the layers above say
    Patch(CacheControl),
    Documented(Option<Cow<'static, str>>),
    Removed,
}

/// What a layer says of `ETag`: see [`Declare::etag`](crate::Declare::etag).
#[derive(Clone, Debug)]
#[must_use]
pub struct LayerETag(pub(crate) TagRule);

#[derive(Clone, Debug)]
pub(crate) enum TagRule {
    Set(ETag),
    /// Of the body, up to this many bytes
    Computed(usize),
    Documented,
    Removed,
}

impl LayerETag {
    /// A weak tag of the response's own bytes, where its length is known and at most `limit` bytes.
    ///
    /// For a 200 that has no tag yet, is not `no-store` and offers no ranges; streams pass untouched. It saves the
    /// transfer, not the work: the handler has run.
    pub fn computed(limit: usize) -> Self {
        Self(TagRule::Computed(limit))
    }

    /// A tag that handlers set themselves. That of the layers above is not sent.
    pub fn documented() -> Self {
        Self(TagRule::Documented)
    }
}

impl From<ETag> for LayerETag {
    fn from(tag: ETag) -> Self {
        Self(TagRule::Set(tag))
    }
}
