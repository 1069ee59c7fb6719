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

/// What a layer says of `ETag` (RFC 9110 §8.8.3): see [`Declare::etag`](crate::Declare::etag).
///
/// An [`ETag`] becomes one, and stands on every success as it is. The other two leave the tag to the response: to its
/// bytes, or to its handler.
///
/// ```
/// use axum_layered::{Declare, ETag, Layered, LayerETag, get};
/// # use axum::{body::Body, http::Request};
/// # use tower::ServiceExt;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app = Layered::<()>::new()
///     .etag(ETag::strong("v1"))
///     .route("/", get(|| async { "hello" }))
///     .route("/computed", get(|| async { "hello" }).etag(LayerETag::computed(1024)))
///     .route("/own", get(|| async { ([("etag", "\"7\"")], "hello") }).etag(LayerETag::documented()))
///     .into_router();
/// # let ask = async |path: &str| {
/// #     let request = Request::get(path).body(Body::empty()).unwrap();
/// #     app.clone().oneshot(request).await.unwrap()
/// # };
/// assert_eq!(ask("/").await.headers()["etag"], "\"v1\"");
/// let computed = ETag::of_content(b"hello").into_weak();
/// assert_eq!(ask("/computed").await.headers()["etag"], computed.to_header());
/// assert_eq!(ask("/own").await.headers()["etag"], "\"7\"");
/// # }
/// ```
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
    ///
    /// The body is held in memory for it, which is what `limit` is for. A HEAD has the same tag, where the GET handler
    /// answers it. A body that breaks off before its end is a logged 500.
    ///
    /// ```
    /// use axum_layered::{Declare, Layered, LayerETag, get};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Layered::<()>::new()
    ///     .etag(LayerETag::computed(5))
    ///     .route("/short", get(|| async { "hello" }))
    ///     .route("/long", get(|| async { "hello world" }))
    ///     .into_router();
    /// # let ask = async |path: &str, tag: &str| {
    /// #     let request = Request::get(path).header("if-none-match", tag).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// let response = ask("/short", "\"other\"").await;
    /// let tag = response.headers()["etag"].to_str().unwrap();
    /// assert!(tag.starts_with("W/"));
    /// assert_eq!(ask("/short", tag).await.status(), 304);
    /// assert!(!ask("/long", tag).await.headers().contains_key("etag"));
    /// # }
    /// ```
    pub fn computed(limit: usize) -> Self {
        Self(TagRule::Computed(limit))
    }

    /// A tag that handlers set themselves. That of the layers above is not sent.
    ///
    /// A request that has it already is answered with 304 all the same.
    ///
    /// ```
    /// use axum_layered::{Declare, ETag, Layered, LayerETag, get};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Layered::<()>::new()
    ///     .etag(ETag::strong("v1"))
    ///     .route("/", get(|| async { ([("etag", "\"7\"")], "hello") }).etag(LayerETag::documented()))
    ///     .route("/none", get(|| async { "hello" }).etag(LayerETag::documented()))
    ///     .into_router();
    /// # let ask = async |path: &str, tag: &str| {
    /// #     let request = Request::get(path).header("if-none-match", tag).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// assert_eq!(ask("/", "\"7\"").await.status(), 304);
    /// assert!(!ask("/none", "\"v1\"").await.headers().contains_key("etag"));
    /// # }
    /// ```
    pub fn documented() -> Self {
        Self(TagRule::Documented)
    }
}

impl From<ETag> for LayerETag {
    fn from(tag: ETag) -> Self {
        Self(TagRule::Set(tag))
    }
}
