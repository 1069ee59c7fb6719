//! Templates as responses: compiled into the program, or rendered by an engine while it runs.
//!
//! | written as | rendered by | feature |
//! |---|---|---|
//! | [`Template::new`]`(page)` | askama: `page` derives `askama::Template`, mistakes are compile errors | `askama` |
//! | [`Template::named`]`("info.html", context)` | the [`TemplateEngine`] that the application registered | `minijinja` brings [`MiniJinja`] |
//! | [`Template::source`]`("Hello {{ name }}", context)` | the same engine | the same |
//!
//! The media type is part of the type: `Template` is HTML, `Template<Named, PlainText>` is text.
//! Whatever keeps a template from being rendered is logged, and the client gets a 500 problem that
//! says nothing of it.

#[cfg(feature = "askama")]
mod askama;
mod engine;
#[cfg(feature = "minijinja")]
mod minijinja;
mod named;
mod suffix;

use std::fmt;
use std::marker::PhantomData;

use axum::BoxError;
use axum::body::Body;
use axum::response::Response;

#[cfg(feature = "minijinja")]
#[doc(no_inline)]
pub use ::minijinja::{Environment, context, value::Serde};
#[doc(no_inline)]
pub use erased_serde::Serialize as Context;

pub use self::engine::{Escaping, Form, TemplateEngine};
#[cfg(feature = "minijinja")]
pub use self::minijinja::{LoadError, MiniJinja};
pub use self::named::Named;

use crate::media_type::{HtmlType, MediaType, TypedMedia};
use crate::payload::response;
use crate::rejection::failure;

/// A rendered template, sent as the media type `M`: HTML unless said otherwise.
///
/// `T` is what is rendered: a type that derives `askama::Template`, or [`Named`] for what the
/// registered engine renders. `M` is found from the handler's signature.
///
/// ```
/// # #[cfg(not(feature = "minijinja"))] fn main() {}
/// # #[cfg(feature = "minijinja")]
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use axum_responses::media_type::PlainText;
/// use axum_responses::template::{MiniJinja, Named};
/// use axum_responses::{RequestContextLayer, Template, context};
/// # use tower::ServiceExt;
///
/// async fn page() -> Template {
///     Template::source("Hello <strong>{{ name }}</strong>", context! { name => "<b>" })
/// }
///
/// async fn text() -> Template<Named, PlainText> {
///     Template::source("Hello {{ name }}", context! { name => "<b>" })
/// }
///
/// let app = Router::new()
///     .route("/page", get(page))
///     .route("/text", get(text))
///     .layer(RequestContextLayer::new().template_engine(MiniJinja::default()));
///
/// # let ask = |path| app.clone().oneshot(Request::get(path).body(Body::empty()).unwrap());
/// # async fn read(response: axum::response::Response) -> axum::body::Bytes {
/// #     axum::body::to_bytes(response.into_body(), 1000).await.unwrap()
/// # }
/// let response = ask("/page").await.unwrap();
/// assert_eq!(response.status(), 200);
/// assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
/// assert_eq!(read(response).await, "Hello <strong>&lt;b&gt;</strong>");
///
/// let response = ask("/text").await.unwrap();
/// assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
/// assert_eq!(read(response).await, "Hello <b>");
/// # }
/// ```
///
/// A template that cannot be rendered (it is missing, a variable is undefined, no engine is
/// registered) is a logged 500 problem without any detail. A [`Reply`](crate::Reply) around it puts
/// nothing on that answer.
#[must_use]
pub struct Template<T = Named, M = HtmlType> {
    template: T,
    sent_as: Option<MediaType>,
    declared: PhantomData<fn() -> M>,
}

impl<T, M: TypedMedia> Template<T, M> {
    fn of(template: T) -> Self {
        Self {
            template,
            sent_as: None,
            declared: PhantomData,
        }
    }

    /// A media type chosen at run time, sent in the place of `M`. The OpenAPI document says `M`.
    ///
    /// It changes what the answer is called, and hardly how it is rendered: a name's suffix still
    /// decides the escaping and is no longer compared with `M`. Where there is no such suffix,
    /// values are escaped if `M` or this type is HTML or XML. So do not send a `.txt` template as a
    /// page: nothing in it is escaped.
    ///
    /// ```
    /// # #[cfg(not(feature = "minijinja"))] fn main() {}
    /// # #[cfg(feature = "minijinja")]
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # use axum::{Router, body::Body, http::Request, routing::get};
    /// # use axum_responses::template::MiniJinja;
    /// # use axum_responses::RequestContextLayer;
    /// # use tower::ServiceExt;
    /// use axum_responses::{MediaType, Template, context, media_type::PlainText, template::Named};
    ///
    /// async fn drawing() -> Template<Named, PlainText> {
    ///     let svg = MediaType::from_static("image/svg+xml");
    ///     Template::source("<text>{{ name }}</text>", context! { name => "<b>" }).media_type(svg)
    /// }
    /// # let app = Router::new()
    /// #     .route("/", get(drawing))
    /// #     .layer(RequestContextLayer::new().template_engine(MiniJinja::default()));
    /// # let response = app.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    ///
    /// assert_eq!(response.headers()["content-type"], "image/svg+xml");
    /// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
    /// assert_eq!(body, "<text>&lt;b&gt;</text>"); // SVG is XML
    /// # }
    /// ```
    pub fn media_type(mut self, media_type: MediaType) -> Self {
        self.sent_as = Some(media_type);
        self
    }

    /// The rendered text as a 200, or the failure as a logged 500.
    fn respond(
        sent_as: Option<&MediaType>,
        rendered: Result<impl Into<Body>, BoxError>,
    ) -> Response {
        match rendered {
            Ok(text) => response(sent_as.unwrap_or(&M::MEDIA_TYPE), text),
            Err(error) => failure("a template could not be rendered", &Causes(&*error)),
        }
    }
}

impl<T: fmt::Debug, M: TypedMedia> fmt::Debug for Template<T, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Template")
            .field("template", &self.template)
            .field(
                "media_type",
                self.sent_as.as_ref().unwrap_or(&M::MEDIA_TYPE),
            )
            .finish()
    }
}

/// An error with all that lies behind it, in one line: engines keep the place of an error in an
/// included template there.
struct Causes<'a>(&'a (dyn std::error::Error + 'static));

impl fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut error = self.0;
        write!(f, "{error}")?;
        while let Some(cause) = error.source() {
            write!(f, ": {cause}")?;
            error = cause;
        }
        Ok(())
    }
}

#[cfg(feature = "openapi")]
/// A 200 of the type `M`, whatever [`media_type`](Template::media_type) says at run time.
impl<T, M: TypedMedia> utoipa::IntoResponses for Template<T, M> {
    fn responses() -> crate::openapi::Responses {
        let ok = crate::openapi::Describe::new(200, "OK");
        // A JSON document is not described by the schema of a string.
        if M::MEDIA_TYPE.is_json() {
            ok.binary(&M::MEDIA_TYPE).alone()
        } else {
            ok.text(&M::MEDIA_TYPE).alone()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use ::tracing::field::{Field, Visit};
    use ::tracing::{Event, Metadata, Subscriber, span};
    use axum::response::IntoResponse;
    use http::Request;

    use super::*;
    use crate::context::RequestContextLayer;

    /// Keeps what events say.
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<String>>);

    impl Visit for Log {
        fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
            *self.0.lock().unwrap() += &format!("{}={value:?};", field.name());
        }
    }

    impl Subscriber for Log {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            true
        }
        fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
            span::Id::from_u64(1)
        }
        fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
        fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
        fn event(&self, event: &Event<'_>) {
            event.record(&mut self.clone());
        }
        fn enter(&self, _: &span::Id) {}
        fn exit(&self, _: &span::Id) {}
    }

    struct Failing;

    impl TemplateEngine for Failing {
        fn render(&self, _: Form<'_>, _: Escaping, _: &dyn Context) -> Result<String, BoxError> {
            Err("inner cause".into())
        }
    }

    async fn logged<M: TypedMedia>(
        engine: Option<Failing>,
        template: Template<Named, M>,
    ) -> String {
        let layer = RequestContextLayer::new();
        let layer = match engine {
            Some(engine) => layer.template_engine(engine),
            None => layer,
        };
        let log = Log::default();
        let guard = ::tracing::subscriber::set_default(log.clone());
        let response = layer
            .scope(Request::new(()), |_| async { template.into_response() })
            .await;
        drop(guard);
        assert_eq!(response.status(), 500);
        log.0.lock().unwrap().clone()
    }

    #[tokio::test]
    async fn the_cause_of_a_failure_is_logged() {
        let check = |log: String, expected: &str| assert!(log.contains(expected), "{log}");
        check(
            logged(Some(Failing), Template::<Named>::source("x", ())).await,
            "inner cause",
        );
        check(
            logged(None, Template::<Named>::source("x", ())).await,
            "RequestContextLayer::new().template_engine(..)",
        );
        check(
            logged(Some(Failing), Template::<Named>::named("note.txt", ())).await,
            "the name of the template `note.txt` contradicts text/html, the media type of the handler's return type: \
             write Template<Named, PlainText>",
        );
    }

    #[test]
    fn causes_are_told_in_one_line() {
        #[derive(Debug)]
        struct Outer(std::num::ParseIntError);
        impl fmt::Display for Outer {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("outer")
            }
        }
        impl std::error::Error for Outer {
            fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
                Some(&self.0)
            }
        }
        let error = Outer("x".parse::<u8>().unwrap_err());
        assert_eq!(
            Causes(&error).to_string(),
            "outer: invalid digit found in string"
        );
    }

    #[test]
    fn a_template_may_cross_threads() {
        fn check<T: Send + 'static>() {}
        check::<Template>();
    }

    #[test]
    fn debug_shows_no_context() {
        let template = Template::<Named>::named("info.html", "secret");
        let shown = format!("{template:?}");
        assert!(
            shown.contains("info.html") && !shown.contains("secret"),
            "{shown}"
        );
    }
}
