//! What can be declared: one thing a file.

pub(crate) mod caching;
pub(crate) mod cookie;
pub(crate) mod header;
pub(crate) mod hook;

use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use axum_responses::CacheControl;
use axum_responses::background::BackgroundTasks;
use axum_responses::template::TemplateEngine;
use serde::Serialize;

use self::caching::{CacheRule, LayerETag, TagRule};
use self::cookie::ResponseCookie;
use self::header::ResponseHeader;
use self::hook::{Hook, MakeTasks};
use crate::data::{Encode, ResponseClass};

/// Everything that one layer or endpoint declares. The sequence makes no difference.
#[derive(Clone, Default)]
pub struct Attributes {
    pub(crate) headers: Vec<ResponseHeader>,
    pub(crate) cookies: Vec<ResponseCookie>,
    pub(crate) cache_control: Vec<CacheRule>,
    pub(crate) etag: Vec<TagRule>,
    pub(crate) status: Vec<u16>,
    pub(crate) method_status_codes: Vec<bool>,
    pub(crate) after_request: Vec<Hook>,
    pub(crate) background: Vec<MakeTasks>,
    pub(crate) response_class: Vec<Arc<dyn ResponseClass>>,
    pub(crate) encoders: Vec<(TypeId, Encode)>,
    pub(crate) template_engine: Vec<Arc<dyn TemplateEngine>>,
}

impl fmt::Debug for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attributes")
            .field("headers", &self.headers)
            .field("cookies", &self.cookies)
            .field("cache_control", &self.cache_control)
            .field("etag", &self.etag)
            .finish_non_exhaustive()
    }
}

/// Declares what goes around responses: on a [`Layered`](crate::Layered), on an [`Endpoint`](crate::Endpoint), on
/// axum's [`MethodRouter`](axum::routing::MethodRouter) and on what utoipa-axum's `routes!` makes.
///
/// What is closer to the handler wins, what the response has by itself wins over all. The sequence of declarations
/// makes no difference. Mistakes are told by [`build`](crate::Layered::build), all of them.
///
/// ```
/// use axum_layered::{Declare, Layered, get};
/// # use axum::{body::Body, http::Request};
/// # use tower::ServiceExt;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app = Layered::<()>::new()
///     .route("/ours", get(|| async { "ours" }).header(("x-layer", "endpoint")))
///     .route("/axums", axum::routing::get(|| async { "axum's" }).header(("x-layer", "method router")))
///     .route("/plain", get(|| async { "plain" }))
///     .header(("x-layer", "app")) // for the routes above it as well
///     .into_router();
/// # let ask = async |path: &str| {
/// #     let request = Request::get(path).body(Body::empty()).unwrap();
/// #     app.clone().oneshot(request).await.unwrap()
/// # };
/// assert_eq!(ask("/ours").await.headers()["x-layer"], "endpoint");
/// assert_eq!(ask("/axums").await.headers()["x-layer"], "method router");
/// assert_eq!(ask("/plain").await.headers()["x-layer"], "app");
/// # }
/// ```
pub trait Declare: Sized {
    /// What it becomes: itself, or an [`Endpoint`](crate::Endpoint).
    type Declared;

    /// Declares something.
    #[doc(hidden)]
    fn declare(self, declare: impl FnOnce(&mut Attributes)) -> Self::Declared;

    /// A header: `("name", "value")`, [`header!`](crate::header!), a [`ResponseHeader`].
    ///
    /// The closest layer's goes out, and names compare without regard to case (RFC 9110 §5.1). What the response, an
    /// inner middleware or a hook has set stands. Errors get it where it is [`always`](ResponseHeader::always). `Vary`
    /// is united over all layers (RFC 9110 §12.5.5), and [`append`](ResponseHeader::append) adds lines.
    ///
    /// Mistakes: a [name](crate::Mistake::HeaderName) or a [value](crate::Mistake::HeaderValue) that cannot be sent, a
    /// name [twice](crate::Mistake::HeaderTwice) on one layer, [`Set-Cookie`](crate::Mistake::SetCookieHeader),
    /// [`Cache-Control` and `ETag`](crate::Mistake::HeaderWithDeclaration), and what
    /// [the server says of the connection](crate::Mistake::HeaderOfServer).
    ///
    /// ```
    /// use axum_layered::{Declare, Layered, get};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Layered::<()>::new()
    ///     .header(("x-layer", "app"))
    ///     .route("/closer", get(|| async { "hello" }).header(("X-Layer", "endpoint")))
    ///     .route("/own", get(|| async { ([("x-layer", "handler")], "hello") }).header(("x-layer", "endpoint")))
    ///     .into_router();
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// assert_eq!(ask("/closer").await.headers()["x-layer"], "endpoint");
    /// assert_eq!(ask("/own").await.headers()["x-layer"], "handler");
    /// # }
    /// ```
    fn header(self, header: impl Into<ResponseHeader>) -> Self::Declared {
        self.declare(|to| to.headers.push(header.into()))
    }

    /// Several headers, each as by [`header`](Self::header). A name that comes twice is a mistake here too.
    ///
    /// ```
    /// use axum_layered::{Declare, Layered, get};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Layered::<()>::new()
    ///     .headers([("x-frame-options", "DENY"), ("referrer-policy", "no-referrer")])
    ///     .route("/", get(|| async { "hello" }))
    ///     .into_router();
    /// let response = app.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    /// assert_eq!(response.headers()["x-frame-options"], "DENY");
    /// assert_eq!(response.headers()["referrer-policy"], "no-referrer");
    ///
    /// let errors = Layered::<()>::new().named("app").headers([("x-a", "1"), ("X-A", "2")]).build().unwrap_err();
    /// assert!(errors.to_string().contains("app: the header `X-A` is declared twice"));
    /// # }
    /// ```
    fn headers<H: Into<ResponseHeader>>(
        self,
        headers: impl IntoIterator<Item = H>,
    ) -> Self::Declared {
        self.declare(|to| to.headers.extend(headers.into_iter().map(Into::into)))
    }

    /// The header of the layers above is neither sent nor documented.
    ///
    /// It takes back all of that name: appended lines, `Vary`, and what is [`always`](ResponseHeader::always) on
    /// errors. What the response sets by itself still goes out: a layer cannot take that back.
    ///
    /// ```
    /// use axum_layered::{Declare, Layered, get};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Layered::<()>::new()
    ///     .header(("x-robots-tag", "noindex"))
    ///     .route("/", get(|| async { "hello" }).remove_header("X-Robots-Tag"))
    ///     .route("/own", get(|| async { ([("x-robots-tag", "all")], "hello") }).remove_header("x-robots-tag"))
    ///     .into_router();
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// assert!(!ask("/").await.headers().contains_key("x-robots-tag"));
    /// assert_eq!(ask("/own").await.headers()["x-robots-tag"], "all");
    /// # }
    /// ```
    fn remove_header(self, name: impl Into<Cow<'static, str>>) -> Self::Declared {
        self.declare(|to| to.headers.push(ResponseHeader::removed(name.into())))
    }

    /// A cookie: `("name", "value")`, a [`SetCookie`](crate::SetCookie), a [`ResponseCookie`].
    ///
    /// `Path=/` and `SameSite=Lax` unless said, and the value is percent-encoded. Cookies are the same when name, path
    /// and domain are (RFC 6265bis §5.7): of the same one the response's own goes out, then the closest layer's. Errors
    /// get it where it is [`always`](ResponseCookie::always).
    ///
    /// Mistakes: what [browsers refuse](crate::Mistake::Cookie), more than 4096 bytes among it, and the same cookie
    /// [twice](crate::Mistake::CookieTwice) on one layer.
    ///
    /// ```
    /// use axum_layered::{Declare, Layered, SetCookie, get};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let endpoint = get(|| async { "hello" })
    ///     .cookie(("theme", "dark mode"))
    ///     .cookie(SetCookie::new("theme", "plain").path("/admin")); // another path: another cookie
    /// let app = Layered::<()>::new().cookie(("theme", "light")).route("/", endpoint).into_router();
    ///
    /// let response = app.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    /// let lines: Vec<_> = response.headers().get_all("set-cookie").iter().collect();
    /// assert_eq!(lines, ["theme=dark%20mode; Path=/; SameSite=Lax", "theme=plain; Path=/admin; SameSite=Lax"]);
    /// # }
    /// ```
    fn cookie(self, cookie: impl Into<ResponseCookie>) -> Self::Declared {
        self.declare(|to| to.cookies.push(cookie.into()))
    }

    /// Several cookies, each as by [`cookie`](Self::cookie).
    ///
    /// ```
    /// use axum_layered::{Declare, Layered, get};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Layered::<()>::new()
    ///     .cookies([("theme", "light"), ("seen", "1")])
    ///     .route("/", get(|| async { "hello" }).cookie(("seen", "2")))
    ///     .into_router();
    /// let response = app.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    /// let lines: Vec<_> = response.headers().get_all("set-cookie").iter().collect();
    /// assert_eq!(lines, ["seen=2; Path=/; SameSite=Lax", "theme=light; Path=/; SameSite=Lax"]);
    /// # }
    /// ```
    fn cookies<C: Into<ResponseCookie>>(
        self,
        cookies: impl IntoIterator<Item = C>,
    ) -> Self::Declared {
        self.declare(|to| to.cookies.extend(cookies.into_iter().map(Into::into)))
    }

    /// Cookies of this name from the layers above are neither sent nor documented, whatever their path and domain.
    ///
    /// It says nothing to the client, which keeps what it has: [`SetCookie::removal`](crate::SetCookie::removal) is a
    /// cookie that takes one away there.
    ///
    /// ```
    /// use axum_layered::{Declare, Layered, SetCookie, get};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Layered::<()>::new()
    ///     .cookie(("seen", "1"))
    ///     .cookie(SetCookie::new("seen", "1").path("/admin"))
    ///     .route("/silent", get(|| async { "hello" }).remove_cookie("seen"))
    ///     .route("/forget", get(|| async { "hello" }).cookie(SetCookie::removal("seen")).remove_cookie("seen"))
    ///     .into_router();
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// assert!(!ask("/silent").await.headers().contains_key("set-cookie"));
    /// let response = ask("/forget").await;
    /// let lines: Vec<_> = response.headers().get_all("set-cookie").iter().collect();
    /// assert_eq!(lines, ["seen=; Path=/; Max-Age=0; SameSite=Lax"]);
    /// # }
    /// ```
    fn remove_cookie(self, name: impl Into<Cow<'static, str>>) -> Self::Declared {
        self.declare(|to| to.cookies.push(ResponseCookie::removed(name.into())))
    }

    /// `Cache-Control` as a whole (RFC 9111 §5.2): what the layers above say is not heard.
    ///
    /// It goes on success and on redirects, for every method; not on errors, and not where the response has one of its
    /// own. One without directives is not sent, and hides those above. Directives that
    /// [exclude each other](crate::Mistake::CacheControl) are a mistake.
    ///
    /// ```
    /// use std::time::Duration;
    /// use axum_layered::{CacheControl, Declare, Layered, get};
    /// # use axum::{body::Body, http::{Request, StatusCode}};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Layered::<()>::new()
    ///     .cache_control(CacheControl::new().max_age(Duration::from_secs(60)).public())
    ///     .route("/", get(|| async { "hello" }).cache_control(CacheControl::new().max_age(Duration::from_secs(5))))
    ///     .route("/error", get(|| async { StatusCode::NOT_FOUND }))
    ///     .into_router();
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// assert_eq!(ask("/").await.headers()["cache-control"], "max-age=5"); // no longer public
    /// assert!(!ask("/error").await.headers().contains_key("cache-control"));
    /// # }
    /// ```
    fn cache_control(self, cache_control: CacheControl) -> Self::Declared {
        self.declare(|to| to.cache_control.push(CacheRule::Set(cache_control)))
    }

    /// These directives in what the layers above say: `public` and `private` exclude each other, `no-store` clears the
    /// rest.
    ///
    /// Patches of several layers add up, the closest last; where nothing is patched, the patch is all that is sent. See
    /// [`CacheControl::patched`].
    ///
    /// ```
    /// use std::time::Duration;
    /// use axum_layered::{CacheControl, Declare, Layered, get};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Layered::<()>::new()
    ///     .cache_control(CacheControl::new().max_age(Duration::from_secs(60)).public())
    ///     .route("/mine", get(|| async { "hello" }).cache_control_patch(CacheControl::new().private()))
    ///     .route("/secret", get(|| async { "hello" }).cache_control_patch(CacheControl::NO_STORE))
    ///     .into_router();
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// assert_eq!(ask("/mine").await.headers()["cache-control"], "max-age=60, private");
    /// assert_eq!(ask("/secret").await.headers()["cache-control"], "no-store");
    /// # }
    /// ```
    fn cache_control_patch(self, patch: CacheControl) -> Self::Declared {
        self.declare(|to| to.cache_control.push(CacheRule::Patch(patch)))
    }

    /// `Cache-Control` that handlers set themselves, and what documents say of it: that of the layers above is not
    /// sent.
    ///
    /// ```
    /// use axum_layered::{CacheControl, Declare, Layered, get};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let weather = Layered::new()
    ///     .cache_control_documented("until it is measured again")
    ///     .route("/now", get(|| async { ([("cache-control", "max-age=60")], "12 °C") }))
    ///     .route("/unknown", get(|| async { "nobody was there" }));
    /// let app = Layered::<()>::new().cache_control(CacheControl::IMMUTABLE).merge(weather).into_router();
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// assert_eq!(ask("/now").await.headers()["cache-control"], "max-age=60");
    /// assert!(!ask("/unknown").await.headers().contains_key("cache-control"));
    /// # }
    /// ```
    fn cache_control_documented(self, description: impl Into<Cow<'static, str>>) -> Self::Declared {
        self.declare(|to| {
            to.cache_control
                .push(CacheRule::Documented(Some(description.into())))
        })
    }

    /// `Cache-Control` of the layers above is neither sent nor documented.
    ///
    /// A patch below it begins with nothing.
    ///
    /// ```
    /// use axum_layered::{CacheControl, Declare, Layered, get};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let live = Layered::new()
    ///     .no_cache_control()
    ///     .route("/", get(|| async { "hello" }))
    ///     .route("/mine", get(|| async { "hello" }).cache_control_patch(CacheControl::new().private()));
    /// let app = Layered::<()>::new().cache_control(CacheControl::IMMUTABLE).nest("/live", live).into_router();
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// assert!(!ask("/live").await.headers().contains_key("cache-control"));
    /// assert_eq!(ask("/live/mine").await.headers()["cache-control"], "private");
    /// # }
    /// ```
    fn no_cache_control(self) -> Self::Declared {
        self.declare(|to| to.cache_control.push(CacheRule::Removed))
    }

    /// An entity tag: an [`ETag`](crate::ETag) or a [`LayerETag`] (RFC 9110 §8.8.3).
    ///
    /// It goes on successful answers to GET and HEAD, and a request that has it already (`If-None-Match`) is answered
    /// with 304. Not on partial content and not on what offers ranges: those have tags of their own.
    ///
    /// The handler has run by then: a tag saves the transfer. `If-None-Match` compares weakly (RFC 9110 §13.1.2), and
    /// what describes content is not on the 304 (RFC 9110 §15.4.5). `If-Match` is not looked at.
    ///
    /// ```
    /// use axum_layered::{Declare, ETag, Layered, get};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Layered::<()>::new()
    ///     .etag(ETag::strong("v1"))
    ///     .route("/", get(|| async { "hello" }))
    ///     .into_router();
    /// let request = Request::get("/").header("if-none-match", "W/\"v1\"").body(Body::empty()).unwrap();
    /// let response = app.oneshot(request).await.unwrap();
    /// assert_eq!(response.status(), 304);
    /// assert_eq!(response.headers()["etag"], "\"v1\"");
    /// assert!(!response.headers().contains_key("content-type"));
    /// # }
    /// ```
    fn etag(self, tag: impl Into<LayerETag>) -> Self::Declared {
        self.declare(|to| to.etag.push(tag.into().0))
    }

    /// The tag of the layers above is neither sent nor documented.
    ///
    /// A tag that the response sets by itself goes out, and `If-None-Match` is answered for it.
    ///
    /// ```
    /// use axum_layered::{Declare, ETag, Layered, get};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Layered::<()>::new()
    ///     .etag(ETag::strong("v1"))
    ///     .route("/", get(|| async { "hello" }).no_etag())
    ///     .route("/own", get(|| async { ([("etag", "\"own\"")], "hello") }).no_etag())
    ///     .into_router();
    /// # let ask = async |path: &str, tag: &str| {
    /// #     let request = Request::get(path).header("if-none-match", tag).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// assert_eq!(ask("/", "\"v1\"").await.status(), 200);
    /// assert!(!ask("/", "\"v1\"").await.headers().contains_key("etag"));
    /// assert_eq!(ask("/own", "\"own\"").await.status(), 304);
    /// # }
    /// ```
    fn no_etag(self) -> Self::Declared {
        self.declare(|to| to.etag.push(TagRule::Removed))
    }

    /// The status of success in the place of 200: 200 to 299. A response that chose another by itself keeps it.
    ///
    /// So does one that says 200 by [`Reply::status`](axum_responses::Reply::status). A status that allows no content
    /// (204, 205) takes the content away. Any other number is [a mistake](crate::Mistake::Status).
    ///
    /// ```
    /// use axum_layered::{Declare, Layered, get};
    /// use axum_responses::Reply;
    /// # use axum::{body::Body, http::{Request, StatusCode}};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Layered::<()>::new()
    ///     .status(202)
    ///     .route("/job", get(|| async { "queued" }))
    ///     .route("/made", get(|| async { StatusCode::CREATED }))
    ///     .route("/explicit", get(|| async { <Reply<_>>::new("done").status(StatusCode::OK) }))
    ///     .into_router();
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// assert_eq!(ask("/job").await.status(), 202);
    /// assert_eq!(ask("/made").await.status(), 201);
    /// assert_eq!(ask("/explicit").await.status(), 200);
    /// # }
    /// ```
    fn status(self, status: u16) -> Self::Declared {
        self.declare(|to| to.status.push(status))
    }

    /// The status of success by method: 201 for POST, 204 for DELETE whose answer is empty, 200 for the others
    /// (RFC 9110 §15.3.2, §15.3.5).
    ///
    /// Off unless said; `false` turns it off below a layer that has it on. As [`status`](Self::status) it takes the
    /// place of 200 alone. Of the two the closest counts, and on one layer `status`.
    ///
    /// ```
    /// use axum_layered::{Declare, Layered, get};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Layered::<()>::new()
    ///     .method_status_codes(true)
    ///     .route("/notes", get(|| async { "hello" }).post(|| async { "made" }).delete(|| async {}))
    ///     .route("/told", axum_layered::delete(|| async { "what it was" }))
    ///     .into_router();
    /// # let ask = async |method: &str, path: &str| {
    /// #     let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// assert_eq!(ask("GET", "/notes").await.status(), 200);
    /// assert_eq!(ask("POST", "/notes").await.status(), 201);
    /// assert_eq!(ask("DELETE", "/notes").await.status(), 204);
    /// assert_eq!(ask("DELETE", "/told").await.status(), 200);
    /// # }
    /// ```
    fn method_status_codes(self, on: bool) -> Self::Declared {
        self.declare(|to| to.method_status_codes.push(on))
    }

    /// Runs when the handler is through, errors included, before anything declared is filled in: what it sets
    /// wins. The closest one runs alone.
    ///
    /// A cookie that it sets takes the place of the handler's. It may answer something else.
    ///
    /// ```
    /// use axum::response::Response;
    /// use axum_layered::{Declare, Layered, get};
    /// # use axum::{body::Body, http::{Request, StatusCode}};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Layered::<()>::new()
    ///     .header(("x-seen", "declared"))
    ///     .after_request(|mut response: Response| async move {
    ///         response.headers_mut().insert("x-seen", "by the hook".parse().unwrap());
    ///         response
    ///     })
    ///     .route("/", get(|| async { "hello" }))
    ///     .route("/error", get(|| async { StatusCode::NOT_FOUND }))
    ///     .into_router();
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// assert_eq!(ask("/").await.headers()["x-seen"], "by the hook");
    /// assert_eq!(ask("/error").await.headers()["x-seen"], "by the hook");
    /// # }
    /// ```
    fn after_request<F, Fut>(self, hook: F) -> Self::Declared
    where
        F: Fn(Response) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: IntoResponse> + Send + 'static,
    {
        self.declare(|to| to.after_request.push(Hook::new(hook)))
    }

    /// Work for after the last byte, for responses that have none of their own and are no errors.
    ///
    /// The closest runs alone, once a response: for 304, 204 and HEAD too, and where the client leaves before the end.
    /// `make` is called when the response is there; what it makes is dropped where the response has its own.
    ///
    /// ```
    /// use axum_layered::{Declare, Layered, get};
    /// use axum_responses::BackgroundTask;
    /// # use axum::{body::Body, http::{Request, StatusCode}};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let (done, mut told) = tokio::sync::mpsc::unbounded_channel();
    /// let app = Layered::<()>::new()
    ///     .background(move || {
    ///         let done = done.clone();
    ///         BackgroundTask::new(async move { done.send("done") })
    ///     })
    ///     .route("/", get(|| async { "hello" }))
    ///     .route("/error", get(|| async { StatusCode::NOT_FOUND }))
    ///     .into_router();
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// drop(ask("/error").await);
    /// let response = ask("/").await;
    /// # tokio::task::yield_now().await;
    /// assert!(told.is_empty()); // not for the error, and not before the body is through
    /// axum::body::to_bytes(response.into_body(), 99).await.unwrap();
    /// assert_eq!(told.recv().await, Some("done"));
    /// # }
    /// ```
    fn background<T: Into<BackgroundTasks>>(
        self,
        make: impl Fn() -> T + Send + Sync + 'static,
    ) -> Self::Declared {
        self.declare(|to| to.background.push(MakeTasks::new(make)))
    }

    /// What writes [`Data`](crate::Data): `Json` unless said.
    ///
    /// `Json(())` and `MessagePack(())` (feature `message-pack`) are classes; so is any [`ResponseClass`]. The closest
    /// writes, and it writes `Data` alone: what a handler returns as something else has its format already.
    ///
    /// ```
    /// use axum::response::{IntoResponse, Response};
    /// use axum_layered::{Data, Declare, Layered, MediaType, Payload, ResponseClass, get};
    /// use axum_responses::Json;
    /// # use axum::{body::{Body, to_bytes}, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// struct Debugged;
    ///
    /// impl ResponseClass for Debugged {
    ///     fn media_type(&self) -> MediaType { MediaType::TEXT }
    ///
    ///     fn respond(&self, payload: &Payload<'_>) -> Response {
    ///         format!("{:?}", payload.value::<Vec<u8>>()).into_response()
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Layered::<()>::new()
    ///     .response_class(Debugged)
    ///     .route("/", get(|| async { Data::new(vec![7u8]) }))
    ///     .route("/json", get(|| async { Data::new(vec![7u8]) }).response_class(Json(())))
    ///     .into_router();
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     to_bytes(app.clone().oneshot(request).await.unwrap().into_body(), 99).await.unwrap()
    /// # };
    /// assert_eq!(ask("/").await, "Some([7])");
    /// assert_eq!(ask("/json").await, "[7]");
    /// # }
    /// ```
    fn response_class(self, class: impl ResponseClass) -> Self::Declared {
        self.declare(|to| to.response_class.push(Arc::new(class)))
    }

    /// What is written in the place of a `T` that comes as [`Data<T>`](crate::Data).
    ///
    /// The closest of this very type counts, also where serde knows `T`. It is not asked for a `T` inside of something
    /// else: `Vec<T>` is a type of its own. Two of one type on one layer are [a mistake](crate::Mistake::Twice).
    ///
    /// ```
    /// use axum_layered::{Data, Declare, Layered, get};
    /// # use axum::{body::{Body, to_bytes}, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Layered::<()>::new()
    ///     .type_encoder(|cents: &u32| format!("{}.{:02}", cents / 100, cents % 100))
    ///     .route("/price", get(|| async { Data::new(1250u32) }))
    ///     .route("/prices", get(|| async { Data::new(vec![1250u32]) }))
    ///     .into_router();
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     to_bytes(app.clone().oneshot(request).await.unwrap().into_body(), 99).await.unwrap()
    /// # };
    /// assert_eq!(ask("/price").await, "\"12.50\"");
    /// assert_eq!(ask("/prices").await, "[1250]");
    /// # }
    /// ```
    fn type_encoder<T: Any, O>(
        self,
        encode: impl Fn(&T) -> O + Send + Sync + 'static,
    ) -> Self::Declared
    where
        O: Serialize + 'static,
    {
        self.declare(|to| to.encoders.push((TypeId::of::<T>(), Encode::new(encode))))
    }

    /// The engine of [`Template::named`](axum_responses::template::Template) below.
    ///
    /// The closest renders; without one such a template is a logged 500. `MiniJinja` of `axum-responses` (its feature
    /// `minijinja`) is one.
    ///
    /// ```
    /// use axum::BoxError;
    /// use axum_layered::{Declare, Layered, get};
    /// use axum_responses::template::{Context, Escaping, Form, Template, TemplateEngine};
    /// # use axum::{body::{Body, to_bytes}, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// struct Folder(&'static str);
    ///
    /// impl TemplateEngine for Folder {
    ///     fn render(&self, form: Form<'_>, _: Escaping, _: &dyn Context) -> Result<String, BoxError> {
    ///         let Form::Named(name) = form else { return Err("it has no source".into()) };
    ///         Ok(format!("{}/{name}", self.0))
    ///     }
    /// }
    ///
    /// async fn page() -> Template {
    ///     Template::named("page.html", ())
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let admin = Layered::new().template_engine(Folder("admin")).route("/", get(page));
    /// let app = Layered::<()>::new()
    ///     .template_engine(Folder("public"))
    ///     .route("/", get(page))
    ///     .nest("/admin", admin)
    ///     .into_router();
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     to_bytes(app.clone().oneshot(request).await.unwrap().into_body(), 99).await.unwrap()
    /// # };
    /// assert_eq!(ask("/").await, "public/page.html");
    /// assert_eq!(ask("/admin").await, "admin/page.html");
    /// # }
    /// ```
    fn template_engine(self, engine: impl TemplateEngine) -> Self::Declared {
        self.declare(|to| to.template_engine.push(Arc::new(engine)))
    }
}
