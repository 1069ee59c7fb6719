//! What renders templates at run time, and what it is told.

use axum::BoxError;

use super::Context;
use crate::media_type::{self, MediaType};

/// Renders [`Template::named`](crate::Template::named) and
/// [`Template::source`](crate::Template::source) for a whole application, once it is given to
/// [`RequestContextLayer::template_engine`](crate::RequestContextLayer::template_engine).
///
/// [`MiniJinja`](super::MiniJinja) is one; any other engine is an `impl` away:
///
/// ```
/// use axum::{BoxError, Router, body::Body, http::Request, routing::get};
/// use axum_responses::media_type::PlainText;
/// use axum_responses::template::{Context, Escaping, Form, Named, TemplateEngine};
/// use axum_responses::{RequestContextLayer, Template};
/// # use tower::ServiceExt;
///
/// /// Puts the context, as JSON, into the place of an `@`.
/// struct AtSign;
///
/// impl TemplateEngine for AtSign {
///     fn render(&self, form: Form<'_>, escaping: Escaping, context: &dyn Context) -> Result<String, BoxError> {
///         let source = match form {
///             Form::Named("greeting.txt") => "Hello @!",
///             Form::Named(name) => return Err(format!("there is no template {name}").into()),
///             Form::Source(source) => source,
///         };
///         let value = serde_json::to_string(context)?;
///         Ok(match escaping {
///             Escaping::Markup => source.replace('@', &value.replace('&', "&amp;").replace('<', "&lt;")),
///             Escaping::None => source.replace('@', &value),
///         })
///     }
/// }
///
/// async fn greeting() -> Template<Named, PlainText> {
///     Template::named("greeting.txt", 42)
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app = Router::new()
///     .route("/", get(greeting))
///     .layer(RequestContextLayer::new().template_engine(AtSign));
/// let response = app.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
/// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
/// assert_eq!(body, "Hello 42!");
/// # }
/// ```
///
/// It is called while the response is made, on the runtime's own threads: load templates when the
/// program starts, so that rendering waits for nothing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no template engine",
    label = "cannot render templates",
    note = "`axum_responses::template::MiniJinja` (feature `minijinja`) is one; implement `TemplateEngine` to use another"
)]
pub trait TemplateEngine: Send + Sync + 'static {
    /// The template's text, with this context in it.
    ///
    /// `escaping` is what the result needs to be safe where it is sent to; it was decided by the
    /// name's suffix, and by the response's media type where that decides nothing.
    ///
    /// # Errors
    /// Whatever keeps it from being rendered. The client sees nothing of it: it is logged together
    /// with its sources, and the answer is a 500 problem.
    fn render(
        &self,
        form: Form<'_>,
        escaping: Escaping,
        context: &dyn Context,
    ) -> Result<String, BoxError>;
}

/// An engine that several layers share.
impl<E: TemplateEngine + ?Sized> TemplateEngine for std::sync::Arc<E> {
    fn render(
        &self,
        form: Form<'_>,
        escaping: Escaping,
        context: &dyn Context,
    ) -> Result<String, BoxError> {
        (**self).render(form, escaping, context)
    }
}

/// How a template was asked for: by [`Template::named`](crate::Template::named) or by
/// [`Template::source`](crate::Template::source).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form<'a> {
    /// By its name, which the engine knows: `mails/welcome.html`.
    Named(&'a str),
    /// By its own text.
    Source(&'a str),
}

/// What becomes of the values that are put into a template.
///
/// ```
/// use axum_responses::{MediaType, template::Escaping};
///
/// assert_eq!(Escaping::of(&MediaType::HTML), Escaping::Markup);
/// assert_eq!(Escaping::of(&MediaType::from_static("image/svg+xml")), Escaping::Markup);
/// assert_eq!(Escaping::of(&MediaType::JSON), Escaping::None); // also where a page would embed it
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escaping {
    /// They are written so that HTML and XML take them for text: `<` as `&lt;`.
    Markup,
    /// They are written as they are.
    None,
}

impl Escaping {
    /// What content of this type needs: HTML and every XML (RFC 7303 §4) are markup, the rest is not.
    #[must_use]
    pub fn of(media_type: &MediaType) -> Self {
        let essence = media_type.essence();
        let markup = ["text/html", "text/xml"]
            .iter()
            .any(|markup| essence.eq_ignore_ascii_case(markup))
            || media_type::is_or_has_suffix(essence, "application/xml", "+xml");
        if markup { Self::Markup } else { Self::None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_and_every_xml_are_markup() {
        let check = |media_type: &str, expected| {
            let media_type: MediaType = media_type.parse().unwrap();
            assert_eq!(Escaping::of(&media_type), expected, "{media_type}");
        };
        check("text/html; charset=utf-8", Escaping::Markup);
        check("TEXT/HTML", Escaping::Markup);
        check("application/xml", Escaping::Markup);
        check("text/xml", Escaping::Markup);
        check("application/xhtml+xml", Escaping::Markup);
        check("image/svg+xml", Escaping::Markup);
        check("text/plain", Escaping::None);
        check("application/json", Escaping::None);
        check("text/html-fragment", Escaping::None);
        check("application/xml-dtd", Escaping::None);
    }
}
