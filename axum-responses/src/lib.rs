//! Typed responders for [axum](https://docs.rs/axum): a handler's return type says what is sent, and what it says is
//! what goes over the wire and into the OpenAPI document.
//!
//! ```
//! use axum::{Router, body::Body, http::Request, routing::get};
//! use axum_responses::{BackgroundTask, Json, Reply};
//! use serde::Serialize;
//! # use tower::ServiceExt;
//!
//! #[derive(Serialize)]
//! struct Resource { id: u64, name: &'static str }
//!
//! async fn create() -> Reply<Json<Resource>, 201> {
//!     Reply::new(Json(Resource { id: 1, name: "my resource" }))
//!         .header(("my-header", "xyz"))
//!         .cookie(("my-cookie", "abc"))
//!         .background(BackgroundTask::new(async { /* once the last byte is out */ }))
//! }
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! let app: Router = Router::new().route("/resources", get(create));
//! let response = app.oneshot(Request::get("/resources").body(Body::empty()).unwrap()).await.unwrap();
//! assert_eq!(response.status(), 201);
//! assert_eq!(response.headers()["content-type"], "application/json");
//! assert_eq!(response.headers()["set-cookie"], "my-cookie=abc; Path=/; SameSite=Lax");
//! # }
//! ```
//!
//! They are plain [`IntoResponse`](axum::response::IntoResponse) types: take one, leave the rest; axum's own
//! work beside them.
//!
//! # What to return
//!
//! | you have | return | it sends |
//! |---|---|---|
//! | a value | [`Json<T>`](Json), [`MessagePack<T>`](crate::MessagePack) | `application/json`, `application/x-msgpack` |
//! | text, HTML, other bytes | [`Text`], [`Html`], [`Content<M>`](Content) | `text/plain; charset=utf-8` … |
//! | nothing | [`Empty`] | no content |
//! | several representations | [`Negotiated<T, (Json, MessagePack, Text)>`](Negotiated) | what `Accept` asks for, `Vary`, 406 |
//! | another address | [`Redirect`], `Redirect<303>` … | `Location`, encoded |
//! | a file | [`File`], of a path, of a [`Root`], of bytes, of a reader | with ranges, preconditions and a name |
//! | something long | [`Stream<M>`](crate::Stream), [`NdJson<T>`](crate::NdJson), [`JsonArray<T>`](crate::JsonArray), `Csv<T>` | as it is produced, in bounded memory |
//! | events | [`ServerSentEvent`] | `text/event-stream` |
//! | a template | [`Template<T>`](crate::Template) | rendered by askama or minijinja |
//! | another service's answer | [`Delegated`] | as it is |
//! | an error | [`Problem`], [`ProblemOf<404>`](problem::ProblemOf) | `application/problem+json` |
//!
//! # Status, headers, cookies: `Reply`
//! [`Reply<T, STATUS>`](Reply) puts a status, headers, cookies and background tasks around any of them.
//! `STATUS` takes the place of the body's 200; a status that the body chose by itself stands. What cannot be
//! sent is a logged 500 and neither a panic nor lost silently; `try_header` and `try_cookie` tell it beforehand.
//! Statuses without content (204, 205, 304) lose content, type and length, over HTTP/2 as well.
//!
//! # The request: `RequestContext`
//! What depends on the request (negotiation, named templates, the shutdown of event streams, `HEAD` for background
//! tasks) reads a [`RequestContext`]. Install it once, around the finished router, together with what the
//! application registers:
//!
//! ```
//! use axum::{Router, ServiceExt, body::Body, extract::Request, routing::get};
//! use axum_responses::{
//!     BackgroundTracker, Json, MessagePack, Negotiated, RequestContextLayer, Shutdown, Text, problem,
//! };
//! use tower::Layer;
//!
//! async fn answer() -> Negotiated<u8, (Json, MessagePack, Text)> {
//!     Negotiated::new(42)
//! }
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! let router = Router::new()
//!     .route("/answer", get(answer))
//!     .fallback(problem::not_found)
//!     .method_not_allowed_fallback(problem::method_not_allowed);
//! let app = RequestContextLayer::new()
//!     .background_tracker(BackgroundTracker::new())
//!     .shutdown(Shutdown::new())
//!     .layer(router);
//! # let request = Request::get("/answer").header("accept", "text/plain").body(Body::empty()).unwrap();
//! # let response = tower::ServiceExt::oneshot(app.clone(), request).await.unwrap();
//! # assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
//! let service = ServiceExt::<Request>::into_make_service(app); // for axum::serve
//! # }
//! ```
//!
//! [`with_context(handler)`](with_context) gives it to one handler, and every responder that chooses by it has
//! `respond_to(&context)` as well. Without it each still gives a valid answer: the first representation, an empty
//! registry. See [`mod@context`] for where it reaches.
//!
//! # Requests: the same types as extractors
//! [`Json`] and [`MessagePack`] read content, [`problem::Query`] and [`problem::Path`] the
//! address. Every refusal is a [`Problem`]; [`rejection`] lists them all.
//!
//! # Files and conditional requests
//! A [`File`] answers ranges and preconditions, and reads while it is sent; a [`Root`] is a folder
//! below which strangers may name files, and [a service](file::FolderService) of them. See [`mod@file`] for what it does
//! with a request. Handlers ask the same preconditions with [`Conditional`], before they change anything, and tell
//! caches what to do with [`CacheControl`]. See [`conditional`].
//!
//! # Streams and events
//! A [`Stream`] takes streams, readers, closures, and iterators that block; what fails in the
//! middle cuts the connection, so that no client takes a part for the whole. See [`stream`].
//! [`ServerSentEvent`] keeps connections alive, ends them when the application shuts down, and resumes with
//! [`sse::Replay`]. See [`sse`].
//!
//! # After the response
//! A [`BackgroundTask`] runs exactly once, after the last byte, and is told whether the client got everything.
//! A [`BackgroundTracker`] lets the shutdown wait for them. See [`background`].
//!
//! # OpenAPI
//! With the feature `openapi` every responder implements `utoipa::IntoResponses`; name it in `responses(..)`
//! and call `openapi::finish` on the document. See the module `openapi`.
//!
//! # Features
//!
//! | feature | what | default |
//! |---|---|---|
//! | `file` | [`File`], [`Root`], [`mod@file`]; brings `stream` | yes |
//! | `message-pack` | [`MessagePack<T>`](crate::MessagePack) | yes |
//! | `sse` | [`ServerSentEvent`], [`LastEventId`], [`sse`] | yes |
//! | `stream` | [`Stream`], [`NdJson`], [`JsonArray`] | yes |
//! | `csv` | `Csv<T>` | |
//! | `askama` | `Template::new` for types that derive `askama::Template` | |
//! | `minijinja` | `template::MiniJinja`, the engine for `Template::named` and `Template::source` | |
//! | `openapi` | `utoipa::IntoResponses` on every responder, `openapi::finish` | |
//! | `headers` | `headers::Header` on the types of [`conditional`], for `axum_extra::TypedHeader` | |
//! | `full` | all of them | |
//!
//! Without any of them: values, replies, redirects, negotiation, problems, background tasks, and templates of an
//! engine of one's own.
//!
//! # What it does not do
//! - No listings of folders, and no `sendfile`: a web server before the program has both.
//! - No sessions and no signed or private cookies: `axum-extra` has jars for them.
//! - No compression: `tower_http::compression` goes around it; it leaves event streams alone, and
//!   [`AroundCompressionLayer`](conditional::AroundCompressionLayer) around that keeps entity tags and 304 true: no compression without it.
//! - A response that another crate made keeps its own mistakes, but for content under a status that has none.
//!
//! # Beside the others
//! axum's `Json`, `Html`, `Redirect` and `Sse` are smaller and enough for many services. `axum-extra` has jars,
//! multipart, protobuf and typed routing that this crate has not. `tower-http` serves folders of any backend. This crate is for
//! services whose answers must be right at the edges: names and values that cannot be sent, clients that leave,
//! shutdowns, `HEAD`, negotiation with weights, and a document that says what is sent.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod background;
pub mod conditional;
pub mod context;
mod delegated;
mod encoder;
#[cfg(feature = "file")]
pub mod file;
pub mod header;
pub mod media_type;
pub mod negotiation;
#[cfg(feature = "openapi")]
pub mod openapi;
mod payload;
pub mod problem;
mod redirect;
pub mod rejection;
mod reply;
pub mod set_cookie;
mod shutdown;
#[cfg(feature = "sse")]
pub mod sse;
pub mod status;
#[cfg(feature = "stream")]
pub mod stream;
pub mod template;
mod vary;

pub use self::background::{BackgroundTask, BackgroundTasks, BackgroundTracker};
pub use self::conditional::{CacheControl, Conditional, ETag, HttpDate};
pub use self::context::{RequestContext, RequestContextLayer, with_context};
pub use self::delegated::Delegated;
pub use self::encoder::{Encoded, Encoder};
#[cfg(feature = "file")]
pub use self::file::{File, FileError, Root};
pub use self::media_type::MediaType;
pub use self::negotiation::{Accept, Negotiated};
#[cfg(feature = "message-pack")]
pub use self::payload::MessagePack;
pub use self::payload::{Content, Empty, Html, Json, Text, Typed};
pub use self::problem::Problem;
pub use self::redirect::{AnyRedirect, NotARedirect, Redirect};
pub use self::reply::Reply;
pub use self::set_cookie::{SameSite, SetCookie};
pub use self::shutdown::Shutdown;
#[cfg(feature = "sse")]
pub use self::sse::{LastEventId, ServerSentEvent};
#[cfg(feature = "csv")]
pub use self::stream::Csv;
#[cfg(feature = "stream")]
pub use self::stream::{JsonArray, NdJson, Stream};
pub use self::template::Template;
#[cfg(feature = "minijinja")]
pub use self::template::context;

/// The code of the README compiles.
#[cfg(all(doctest, feature = "full"))]
#[doc = include_str!("../README.md")]
struct Readme;
