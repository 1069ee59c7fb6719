//! Templates that askama compiled into the program.

use axum::BoxError;
use axum::response::{IntoResponse, Response};

use super::Template;
use crate::media_type::{MediaType, TypedMedia};
use crate::negotiation::{Representation, RepresentationError};
use crate::payload::{Buffer, Html};

impl<T: ::askama::Template, M: TypedMedia> Template<T, M> {
    /// A value of a type that derives `askama::Template`. It needs no engine and no request context.
    ///
    /// askama escapes by the template's own extension. It does not tell which one that was, so say the
    /// media type where it is not HTML:
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::{Template, media_type::PlainText};
    ///
    /// #[derive(askama::Template)]
    /// #[template(source = "<p>user: {{ user }}</p>", ext = "html")]
    /// struct Info { user: &'static str }
    ///
    /// async fn info() -> Template<Info> {
    ///     Template::new(Info { user: "<b>" })
    /// }
    ///
    /// #[derive(askama::Template)]
    /// #[template(source = "user: {{ user }}", ext = "txt")]
    /// struct Note { user: &'static str }
    ///
    /// async fn note() -> Template<Note, PlainText> {
    ///     Template::new(Note { user: "<b>" })
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let response = info().await.into_response();
    /// assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
    /// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
    /// assert_eq!(body, "<p>user: &#60;b&#62;</p>");
    ///
    /// let response = note().await.into_response();
    /// assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
    /// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
    /// assert_eq!(body, "user: <b>");
    /// # }
    /// ```
    pub fn new(template: T) -> Self {
        Self::of(template)
    }
}

impl<T: ::askama::Template, M: TypedMedia> IntoResponse for Template<T, M> {
    fn into_response(self) -> Response {
        Self::respond(self.sent_as.as_ref(), write(&self.template))
    }
}

fn write<T: ::askama::Template + ?Sized>(template: &T) -> Result<Vec<u8>, BoxError> {
    // askama's own hint does not count what loops repeat; the last page of this type does.
    let buffer = Buffer::of::<T>();
    let mut text = String::with_capacity(buffer.capacity());
    template
        .render_into(&mut text)
        .map_err(::askama::Error::into_box)?;
    Ok(buffer.finish(text.into_bytes()))
}

/// The page of an askama template, as one of several representations of a value:
/// `Negotiated<Page, (Json, Html)>`.
impl<T: ::askama::Template + ?Sized> Representation<T> for Html {
    const MEDIA_TYPE: MediaType = MediaType::HTML;

    fn write(page: &T) -> Result<Vec<u8>, RepresentationError> {
        write(page)
    }
}

#[cfg(feature = "openapi")]
impl<T: ::askama::Template> crate::openapi::DescribeRepresentation<T> for Html {
    fn describe(response: crate::openapi::Describe) -> crate::openapi::Describe {
        response.text(&MediaType::HTML)
    }
}
