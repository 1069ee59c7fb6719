//! Templates that the registered engine renders.

use std::borrow::Cow;
use std::fmt;

use axum::BoxError;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::engine::{Escaping, Form};
use super::suffix::Suffix;
use super::{Context, Template};
use crate::context::RequestContext;
use crate::media_type::TypedMedia;

/// A template that is rendered by the registered engine: a name or a source, and its context.
///
/// It stands in signatures that say a media type: `Template<Named, PlainText>`. Values of it are
/// made by [`Template::named`] and [`Template::source`].
pub struct Named {
    template: Owned,
    context: Box<dyn Context + Send>,
}

enum Owned {
    Named(Cow<'static, str>),
    Source(Cow<'static, str>),
}

impl Owned {
    fn form(&self) -> Form<'_> {
        match self {
            Self::Named(name) => Form::Named(name),
            Self::Source(source) => Form::Source(source),
        }
    }
}

impl<M: TypedMedia> Template<Named, M> {
    /// The template of this name, rendered by the engine that was registered with
    /// [`RequestContextLayer::template_engine`](crate::RequestContextLayer::template_engine).
    ///
    /// The context is anything that serialises as a map or a struct: `context!` (feature
    /// `minijinja`), a struct of one's own, `serde_json::json!`; `()` where there is nothing to tell.
    ///
    /// The name's suffix decides the escaping: values are escaped in `.html`, `.htm` and `.xml`, also
    /// behind `.j2`, `.jinja` or `.jinja2`, and not in `.txt`, `.csv`, `.json`, `.css`, `.js` and
    /// `.md`. Any other name leaves it to `M`: HTML and XML are escaped. A suffix that contradicts `M`
    /// is a mistake in the program, as unescaped text would go out as a page: the answer is a 500, and
    /// the log says what to write.
    ///
    /// ```
    /// use axum_responses::{Template, media_type::PlainText, template::Named};
    /// use serde::Serialize;
    ///
    /// #[derive(Serialize)]
    /// struct Info { user: String }
    ///
    /// async fn info() -> Template {
    ///     Template::named("info.html", Info { user: "moishe".into() })
    /// }
    ///
    /// async fn note() -> Template<Named, PlainText> {
    ///     Template::named("note.txt", serde_json::json!({ "user": "moishe" }))
    /// }
    /// # use axum::response::IntoResponse;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # let _ = note().await;
    ///
    /// // Without an engine there is nothing to send.
    /// let response = info().await.into_response();
    /// assert_eq!(response.status(), 500);
    /// assert_eq!(response.headers()["content-type"], "application/problem+json");
    /// # }
    /// ```
    pub fn named(
        name: impl Into<Cow<'static, str>>,
        context: impl Serialize + Send + 'static,
    ) -> Self {
        Self::of(Named {
            template: Owned::Named(name.into()),
            context: Box::new(context),
        })
    }

    /// A template given by its own text, rendered by the registered engine.
    ///
    /// Values are escaped where `M` is HTML or XML. The text is compiled each time: for short pieces, or where it is
    /// made at run time. It is code: never take it from a request. One that does not compile is a logged 500.
    ///
    /// ```
    /// # #[cfg(not(feature = "minijinja"))] fn main() {}
    /// # #[cfg(feature = "minijinja")]
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # use axum::{Router, body::Body, http::Request, routing::get};
    /// # use axum_responses::template::MiniJinja;
    /// # use axum_responses::RequestContextLayer;
    /// # use tower::ServiceExt;
    /// use axum_responses::{Template, context};
    ///
    /// async fn page() -> Template {
    ///     Template::source("<p>{{ name }}</p>", context! { name => "<b>" })
    /// }
    ///
    /// async fn broken() -> Template {
    ///     Template::source("<p>{{ name }</p>", context! { name => "<b>" })
    /// }
    /// # let app = Router::new()
    /// #     .route("/page", get(page))
    /// #     .route("/broken", get(broken))
    /// #     .layer(RequestContextLayer::new().template_engine(MiniJinja::default()));
    /// # let ask = async |path: &str| {
    /// #     app.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap()
    /// # };
    ///
    /// let body = axum::body::to_bytes(ask("/page").await.into_body(), 100).await.unwrap();
    /// assert_eq!(body, "<p>&lt;b&gt;</p>");
    /// let response = ask("/broken").await;
    /// assert_eq!(response.status(), 500);
    /// let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
    /// assert!(!String::from_utf8_lossy(&body).contains("name")); // nothing of it is told
    /// # }
    /// ```
    pub fn source(
        source: impl Into<Cow<'static, str>>,
        context: impl Serialize + Send + 'static,
    ) -> Self {
        Self::of(Named {
            template: Owned::Source(source.into()),
            context: Box::new(context),
        })
    }

    /// The response for a request of this context, by the engine registered there: a 500 where there is none, as in a
    /// context that was made [by hand](RequestContext::new).
    ///
    /// ```
    /// use axum::{BoxError, Router, body::Body, http::Request, response::Response, routing::get};
    /// use axum_responses::template::{Context, Escaping, Form, TemplateEngine};
    /// use axum_responses::{RequestContext, RequestContextLayer, Template};
    /// # use tower::ServiceExt;
    ///
    /// /// Renders every template as its name.
    /// struct Echo;
    ///
    /// impl TemplateEngine for Echo {
    ///     fn render(&self, form: Form<'_>, _: Escaping, _: &dyn Context) -> Result<String, BoxError> {
    ///         Ok(format!("{form:?}"))
    ///     }
    /// }
    ///
    /// async fn info(context: RequestContext) -> Response {
    ///     <Template>::named("info.html", ()).respond_to(&context)
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Router::new().route("/", get(info)).layer(RequestContextLayer::new().template_engine(Echo));
    /// let response = app.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    /// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
    /// assert_eq!(body, r#"Named("info.html")"#);
    /// # }
    /// ```
    #[must_use]
    pub fn respond_to(self, context: &RequestContext) -> Response {
        let rendered = self.render(Some(context));
        Self::respond(self.sent_as.as_ref(), rendered)
    }

    fn render(&self, context: Option<&RequestContext>) -> Result<String, BoxError> {
        let form = self.template.template.form();
        let escaping = match form {
            Form::Named(name) => match Suffix::of(name) {
                Some(suffix) => {
                    if self.sent_as.is_none() {
                        suffix.check(name, &M::MEDIA_TYPE)?;
                    }
                    suffix.escaping()
                }
                None => self.escaping_by_type(),
            },
            Form::Source(_) => self.escaping_by_type(),
        };
        let engine = context
            .and_then(RequestContext::registered)
            .and_then(|registered| registered.template_engine.as_deref())
            .ok_or(NoEngine)?;
        engine.render(form, escaping, &*self.template.context)
    }

    /// A type set at run time may add escaping, and never takes it away.
    fn escaping_by_type(&self) -> Escaping {
        match (Escaping::of(&M::MEDIA_TYPE), &self.sent_as) {
            (Escaping::None, Some(sent_as)) => Escaping::of(sent_as),
            (escaping, _) => escaping,
        }
    }
}

/// It reads the [`RequestContext`]: without one there is no engine, and the answer is a logged 500.
impl<M: TypedMedia> IntoResponse for Template<Named, M> {
    fn into_response(self) -> Response {
        let rendered = self.render(RequestContext::current().as_ref());
        Self::respond(self.sent_as.as_ref(), rendered)
    }
}

impl fmt::Debug for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The context may hold anything; it is not shown.
        self.template.form().fmt(f)
    }
}

#[derive(Debug)]
struct NoEngine;

impl fmt::Display for NoEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "no template engine is registered here: put RequestContextLayer::new().template_engine(..) \
             around the router",
        )
    }
}

impl std::error::Error for NoEngine {}
