//! The headers of one response.

use http::HeaderName;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::schema::{AnyOfBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::{Deprecated, RefOr, Response};

use crate::plan::{Documented, DocumentedCookie, DocumentedHeader, DocumentedValue};

/// What a response is, as far as declarations reach it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    Success { tag: bool },
    Redirect,
    NotModified,
    Error,
}

/// Adds what is sent. What the response's own documentation says of a name wins.
pub(super) fn add(response: &mut Response, documented: &Documented, reach: Reach) {
    let fields = match reach {
        Reach::Error => &documented.failed,
        Reach::Success { .. } | Reach::Redirect | Reach::NotModified => &documented.normal,
    };
    for header in &fields.headers {
        // OpenAPI says it with the content, and nothing in its place.
        let is_type = header.name == http::header::CONTENT_TYPE;
        if is_type || reach == Reach::NotModified && describes_content(&header.name) {
            continue;
        }
        put(
            response,
            header.name.as_str(),
            header.description.as_deref(),
            || of_header(header),
        );
    }
    let cookies = &fields.cookies;
    if !cookies.is_empty() {
        let description = in_words(cookies);
        put(response, "set-cookie", Some(&description), || {
            of_cookies(cookies)
        });
    }
    if reach == Reach::Error {
        return;
    }
    if let Some(cache_control) = &documented.cache_control {
        let description = "What caches may do with it (RFC 9111)";
        put(response, "cache-control", None, || {
            of_value(cache_control, description)
        });
    }
    let tag = matches!(reach, Reach::Success { tag: true } | Reach::NotModified);
    if let Some(etag) = documented.etag.as_ref().filter(|_| tag) {
        put(response, "etag", None, || {
            of_value(etag, "The version of it (RFC 9110 section 8.8.3)")
        });
    }
}

/// RFC 9110 §15.4.5: a 304 says nothing of content that it has not.
fn describes_content(name: &HeaderName) -> bool {
    matches!(
        name.as_str(),
        "content-type"
            | "content-encoding"
            | "content-language"
            | "content-length"
            | "content-range"
    )
}

/// Adds a header, or fills in what its own documentation does not say.
fn put(
    response: &mut Response,
    name: &str,
    description: Option<&str>,
    make: impl FnOnce() -> Header,
) {
    let own = response
        .headers
        .iter_mut()
        .find(|(own, _)| own.eq_ignore_ascii_case(name));
    match own {
        Some((_, RefOr::T(own))) => {
            if own.description.as_ref().is_none_or(String::is_empty) {
                own.description = description.map(str::to_owned);
            }
        }
        Some((_, RefOr::Ref(_))) => {}
        None => drop(response.headers.insert(name.to_owned(), make().into())),
    }
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn of_header(header: &DocumentedHeader) -> Header {
    let example = header.example.as_deref().map(Into::into);
    let mut made = HeaderBuilder::new()
        .schema(Some(text()))
        .description(header.description.as_deref())
        .deprecated(header.deprecated.then_some(Deprecated::True))
        .example(example)
        .build();
    if header.required {
        // utoipa's header has no field for it.
        made.extensions = Some(Extensions::from_iter([(
            "required",
            serde_json::Value::Bool(true),
        )]));
    }
    made
}

fn of_value(value: &DocumentedValue, description: &str) -> Header {
    let description = value.description.as_deref().unwrap_or(description);
    let mut schema = text();
    if let Some(value) = &value.value {
        schema = schema.examples([value.as_str()]);
    }
    HeaderBuilder::new()
        .schema(Some(schema))
        .description(Some(description))
        .build()
}

/// One line that names every cookie: OpenAPI has one header of a name.
fn of_cookies(cookies: &[DocumentedCookie]) -> Header {
    let one = |cookie: &DocumentedCookie| {
        let mut schema = text()
            .title(Some(cookie.name.as_str()))
            .description(cookie.description.as_deref());
        if let Some(line) = &cookie.line {
            schema = schema.examples([line.as_str()]);
        }
        Schema::from(schema.build())
    };
    let schema: RefOr<Schema> = match cookies {
        [cookie] => one(cookie).into(),
        all => {
            let any = all
                .iter()
                .fold(AnyOfBuilder::new(), |any, cookie| any.item(one(cookie)));
            Schema::from(any.build()).into()
        }
    };
    HeaderBuilder::new()
        .schema(Some(schema))
        .description(Some(in_words(cookies)))
        .build()
}

/// `app-cookie: app level cookie; local-cookie: route handler level cookie`
fn in_words(cookies: &[DocumentedCookie]) -> String {
    let words = cookies.iter().map(|cookie| match &cookie.description {
        Some(description) => format!("{}: {description}", cookie.name),
        None => cookie.name.clone(),
    });
    words.collect::<Vec<_>>().join("; ")
}
