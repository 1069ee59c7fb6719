//! Headers, cookies, caching, status, hooks and encoders declared on the layers of an [axum](https://docs.rs/axum)
//! application: app, router, controller, handler. They are merged once, when the router is built; a request pays for setting
//! ready values. What is declared is documented in OpenAPI, on every response that it reaches.
//!
//! ```
//! use axum::{body::Body, http::Request};
//! use axum_layered::{Declare, Layered, get, header};
//! # use tower::ServiceExt;
//!
//! async fn my_route_handler() -> &'static str {
//!     "hello world"
//! }
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), axum_layered::ConfigErrors> {
//! let controller = Layered::new()
//!     .header(header!("controller-level-header", "controller header", "controller level header"))
//!     .route("/handler-path", get(my_route_handler).header(header!("my-local-header", "local header", "local level header")));
//! let router = Layered::new()
//!     .header(header!("router-level-header", "router header", "router level header"))
//!     .nest("/controller-path", controller);
//! let app = Layered::<()>::new()
//!     .header(header!("app-level-header", "app header", "app level header"))
//!     .nest("/router-path", router)
//!     .build()?; // or everything that is wrong
//!
//! let request = Request::get("/router-path/controller-path/handler-path").body(Body::empty()).unwrap();
//! let response = app.router.oneshot(request).await.unwrap();
//! for level in ["my-local", "controller-level", "router-level", "app-level"] {
//!     assert!(response.headers().contains_key(format!("{level}-header")));
//! }
//! # Ok(()) }
//! ```
//!
//! # What is built
//! A [`Layered<S>`](Layered) is put together in axum's words (`route`, `nest`, `merge`, `layer`, `fallback`, `with_state`) and
//! holds a real `axum::Router<S>`; [`build`](Layered::build) gives that router back, plain, to be served or nested anywhere.
//! axum's own routers go in: a `MethodRouter` where a [`route`](Layered::route) wants one, a `Router` or an `OpenApiRouter` where
//! [`nest`](Layered::nest) and [`merge`](Layered::merge) want one. What they answer gets what is declared around them.
//!
//! A declaration holds for everything on its layer, whatever the sequence of calls; only [`layer`](Layered::layer), which takes
//! tower layers, keeps axum's rule that it holds for what is there by then. [`mount`](Layered::mount) is `nest` without the cost: the
//! paths are joined at build, and handlers see the whole path.
//!
//! # Who wins
//!
//! | case | what goes out |
//! |---|---|
//! | a header on several layers | the closest layer's; names compare without regard to case |
//! | the response, an inner middleware or a hook set it | theirs |
//! | [`ResponseHeader::documented`] below | nothing from above; the document shows it |
//! | [`remove_header`](Declare::remove_header), [`remove_cookie`](Declare::remove_cookie), [`no_etag`](Declare::no_etag), [`no_cache_control`](Declare::no_cache_control) | nothing from above, and the document does not show it |
//! | [`append`](ResponseHeader::append) | a line of each layer that appends; a plain declaration closes the name to the layers above |
//! | `Vary` | united over all layers and the response's own; `*` swallows the rest |
//! | cookies | the same when name, path and domain are; the response's own first, then the closest layer's |
//! | a hook's cookie | in the place of the handler's |
//! | [`cache_control`](Declare::cache_control) | the closest, whole; a [patch](Declare::cache_control_patch) changes directives of the layers above |
//! | 4xx and 5xx: returned, refused, 404, 405, those of middleware | what is declared as [`always`](ResponseHeader::always), and nothing else |
//! | 3xx | headers, cookies, cache-control; no tag |
//! | [`etag`](Declare::etag) | on successful answers to GET and HEAD; not on partial content, not on what offers ranges |
//! | `If-None-Match`, `If-Modified-Since` | 304, for tags of layers, of the response and computed ones; it keeps all that does not describe content |
//! | [a computed tag](LayerETag::computed) | weak; 200 of known length within the limit; not with `no-store`, not on streams; the same for HEAD |
//! | [`status`](Declare::status), [`method_status_codes`](Declare::method_status_codes) | the closest, in the place of 200; any other status, and `Reply::status`, stand |
//! | [`after_request`](Declare::after_request) | the closest runs, for errors too, before anything declared is filled in |
//! | [`background`](Declare::background) | where the response has no task of its own and is no error; 304, 204 and HEAD lose none |
//!
//! # Headers
//! `("name", "value")` is enough. [`header!`] has the compiler check literals; a [`ResponseHeader`] can be documented only,
//! appended, sent with errors, required, deprecated, and have an example. Values that a handler sets are documented where they
//! are set:
//!
//! ```
//! use axum_layered::{Declare, Layered, ResponseHeader, get};
//! use axum_responses::{Json, Reply};
//!
//! async fn retrieve_resource() -> Reply<Json<u8>> {
//!     Reply::new(Json(1)).header(("random-header", "42"))
//! }
//!
//! let random = ResponseHeader::documented("Random-Header").describe("a random number in the range 1 - 100");
//! let app: Layered = Layered::new().route("/resources", get(retrieve_resource).header(random));
//! # let _ = app;
//! ```
//!
//! # Cookies
//!
//! ```
//! use axum::{body::Body, http::Request};
//! use axum_layered::{Declare, Layered, SetCookie, get};
//! # use tower::ServiceExt;
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! let controller = Layered::new()
//!     .cookie(SetCookie::new("controller-cookie", "controller value").describe("controller level cookie"))
//!     .route("/", get(|| async { "hello world" })
//!         .cookie(SetCookie::new("local-cookie", "local value").describe("route handler level cookie")));
//! let router = Layered::new()
//!     .cookie(SetCookie::new("router-cookie", "router value").describe("router level cookie"))
//!     .nest("/controller-path", controller);
//! let app = Layered::<()>::new()
//!     .cookie(SetCookie::new("app-cookie", "app value").describe("app level cookie"))
//!     .nest("/router-path", router)
//!     .into_router();
//!
//! let request = Request::get("/router-path/controller-path").body(Body::empty()).unwrap();
//! let response = app.oneshot(request).await.unwrap();
//! let names: Vec<_> = response.headers().get_all("set-cookie").iter()
//!     .map(|line| line.to_str().unwrap().split('=').next().unwrap()).collect();
//! assert_eq!(names, ["local-cookie", "controller-cookie", "router-cookie", "app-cookie"]);
//! # }
//! ```
//!
//! Values are percent-encoded; `Path=/` and `SameSite=Lax` unless said. What browsers refuse (`SameSite=None` without `Secure`, a
//! `__Host-` cookie with a domain) is a mistake at build. Signed and private cookies are each user's own, so they are no
//! declarations: `axum-extra` has jars for them.
//!
//! # Caching
//!
//! ```
//! use std::time::Duration;
//! use axum::{body::Body, http::Request};
//! use axum_layered::{CacheControl, Declare, ETag, Layered, get};
//! # use tower::ServiceExt;
//!
//! const MONTH: CacheControl = CacheControl::new().max_age(Duration::from_secs(2_628_288)).public();
//! const DAY: CacheControl = CacheControl::new().max_age(Duration::from_secs(86_400)).public();
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! let weather = Layered::new()
//!     .cache_control(DAY)
//!     .etag(ETag::strong("foo"))
//!     .route("/chance_of_rain", get(|| async { "0.5" }))
//!     .route("/timestamp", get(|| async { "1700000000.5" }).cache_control(CacheControl::NO_STORE).etag(ETag::strong("bar")));
//! let app = Layered::<()>::new()
//!     .cache_control(MONTH)
//!     .etag(ETag::strong("bar"))
//!     .route("/population", get(|| async { "100000" }))
//!     .merge(weather)
//!     .into_router();
//!
//! # let ask = async |path: &str, tag: &str| {
//! #     let request = Request::get(path).header("if-none-match", tag).body(Body::empty()).unwrap();
//! #     let response = app.clone().oneshot(request).await.unwrap();
//! #     (response.status().as_u16(), response.headers()["cache-control"].to_str().unwrap().to_owned())
//! # };
//! assert_eq!(ask("/population", "\"other\"").await, (200, "max-age=2628288, public".to_owned()));
//! assert_eq!(ask("/chance_of_rain", "\"foo\"").await, (304, "max-age=86400, public".to_owned()));
//! assert_eq!(ask("/timestamp", "\"foo\"").await, (200, "no-store".to_owned()));
//! # }
//! ```
//!
//! Directives that exclude each other do not compile in a `const` and are a mistake at build elsewhere. A tag saves the transfer: the
//! handler has run by then. What must be decided before it changes anything is the extractor
//! [`Conditional`](axum_responses::Conditional).
//!
//! # Status, hooks, background work, encoders
//! See [`Declare`], which lists everything that can be declared. [`Data<T>`](Data) is a payload for which layers choose the format
//! ([`response_class`](Declare::response_class)) and what stands for types that serde does not know
//! ([`type_encoder`](Declare::type_encoder)). The service at each endpoint installs the
//! [`RequestContext`](axum_responses::RequestContext) as well, so that responders of `axum-responses` need no layer of their own.
//!
//! # Mistakes, and who said what
//! [`build`](Layered::build) returns all mistakes in one list, each with its route and layer: names and values that cannot be sent, one
//! thing declared twice, contradictions, routes and fallbacks that overlap. [`into_router`](Layered::into_router) panics with that list.
//! [`Explain`] tells for each route which layer set what:
//!
//! ```text
//! GET /router-path/controller-path/handler-path
//!   header my-local-header: local header (GET /router-path/controller-path/handler-path)
//!   header controller-level-header: controller header (controller)
//!   header app-level-header: app header (app)
//! ```
//!
//! # OpenAPI
//! With the feature `openapi` utoipa-axum's `routes!(handler)` goes into [`routes`](Layered), and an `OpenApiRouter` into `nest`.
//! `Built::openapi` is the finished document: full paths, the statuses that are sent, each declared header and cookie on the
//! responses it reaches, `always()` ones on errors too, 304 where a tag is in force. What the handler's own documentation says of a
//! header wins. `axum_responses::openapi::finish` has run.
//!
//! # Features
//!
//! | feature | what | default |
//! |---|---|---|
//! | `message-pack` | `MessagePack` as a response class | |
//! | `openapi` | documents; `utoipa` and `utoipa-axum` | |
//! | `full` | both | |
//!
//! # What it does not do
//! - Nothing of a router of axum's can be removed from outside, and a layer cannot take back what its response set itself.
//! - The built-in 404 of axum belongs to no layer: it has what is `always` on the outermost one, and nothing of nested ones.
//! - An error of middleware has what is `always` where the middleware was put on with [`layer`](Layered::layer), and not where it
//!   stands around the built router.
//! - A compression layer leaves strong tags strong, and gives a 304 a coding:
//!   [`AroundCompressionLayer`](axum_responses::conditional::AroundCompressionLayer) around it puts both right.
//! - No caching of responses: that is for the cache in front.
//!
//! # Beside the others
//! `tower-http`'s `SetResponseHeaderLayer` sets one header a layer, at a cost for each request and layer, and knows no cookies and no
//! document. axum's `map_response` is enough for one header everywhere. For a handful of routes, the tuple
//! `([(name, value)], body)` is the simplest of all.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod attributes;
mod built;
mod check;
mod config_error;
mod data;
mod endpoint;
mod explain;
mod layered;
mod methods;
#[cfg(feature = "openapi")]
mod openapi;
mod paths;
mod plan;
mod refusal;
mod slot;

pub use axum_responses::set_cookie::SameSite;
pub use axum_responses::{CacheControl, ETag, MediaType, SetCookie};

pub use self::attributes::Declare;
pub use self::attributes::caching::LayerETag;
pub use self::attributes::cookie::ResponseCookie;
pub use self::attributes::header::ResponseHeader;
#[doc(hidden)]
pub use self::attributes::header::checked_header;
pub use self::built::Built;
pub use self::config_error::{ConfigError, ConfigErrors, Mistake};
pub use self::data::{Data, Payload, ResponseClass};
pub use self::endpoint::{
    Endpoint, any, connect, delete, get, head, on, options, patch, post, put, trace,
};
pub use self::explain::{Explain, Explained, Said};
pub use self::layered::Layered;

/// The code of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
