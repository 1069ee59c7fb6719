//! `/responses`: plain values, media types, negotiation, and what goes around a body.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{self, StatusCode};
use axum_extra::response::ErasedJson;
use axum_layered::{Declare, LayerETag, Layered, ResponseCookie, ResponseHeader, header};
use axum_responses::media_type::XmlType;
use axum_responses::negotiation::{OrDefault, Representation, RepresentationError};
use axum_responses::openapi::DescribeRepresentation;
use axum_responses::{
    Content, Delegated, ETag, Html, Json, MediaType, MessagePack, Negotiated, Reply, SameSite,
    SetCookie, Text, Typed, media_type,
};
use futures_util::future::BoxFuture;
use futures_util::stream;
use serde::Serialize;
use serde_json::json;
use tower::service_fn;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::Tour;
use crate::data::Resource;

pub(crate) fn routes() -> Layered<Tour> {
    Layered::new()
        .routes(routes!(json))
        .routes(routes!(json_string))
        .routes(routes!(json_types))
        .routes(routes!(none))
        .routes(routes!(list))
        .routes(routes!(msgpack))
        .routes(routes!(msgpack_model))
        .routes(routes!(text))
        .routes(routes!(text_unicode))
        .routes(routes!(text_implicit))
        .routes(routes!(text_falsy))
        .routes(routes!(bytes))
        .routes(routes!(html))
        .routes(routes!(custom_media))
        .routes(routes!(problem_json))
        .routes(routes!(xml_str))
        .routes(routes!(negotiate))
        .routes(routes!(negotiate_strict))
        .routes(routes!(negotiate_data))
        .routes(
            routes!(annotated)
                .header(documented("my-header", "set by the response"))
                .cookie(ResponseCookie::documented("my-cookie").describe("set by the response")),
        )
        .routes(
            routes!(annotated_overrides)
                .status(202)
                .header(header!("content-type", "text/plain; charset=utf-8"))
                .header(header!("x-decorator", "1", "declared for the route"))
                .header(header!("x-both", "decorator", "set by the response")),
        )
        .routes(routes!(header_case_duplicate).header(header!("X-Case", "static")))
        .routes(
            routes!(set_methods)
                .header(documented("x-one", "set twice"))
                .etag(LayerETag::documented())
                .cookies(["a", "b", "c", "gone"].map(ResponseCookie::documented)),
        )
        .routes(routes!(content_type_header))
        .routes(
            routes!(mounted_service)
                .header(x_service())
                .header(header!(
                    "x-layer",
                    "handler",
                    "added to what the service says"
                ))
                .cookie(("layer", "handler")),
        )
        .routes(routes!(mounted_service_object).header(x_service()))
        .routes(routes!(mounted_service_method).header(x_service()))
        .routes(routes!(third_party).header(header!("x-layer", "handler")))
        .routes(routes!(third_party_stream))
}

/// A header that the response sets by itself.
fn documented(name: &'static str, description: &'static str) -> ResponseHeader {
    ResponseHeader::documented(name).describe(description)
}

fn x_service() -> ResponseHeader {
    documented("x-service", "which service answered")
}

// ---------------------------------------------------------------------------------------- JSON

/// A struct as JSON
#[utoipa::path(get, path = "/json", responses(Json<Resource>))]
async fn json() -> Json<Resource> {
    Json(Resource::MINE)
}

/// A string under JSON is quoted
#[utoipa::path(get, path = "/json-string", responses(Json<&'static str>))]
async fn json_string() -> Json<&'static str> {
    Json("plain string, not quoted?")
}

#[derive(Serialize, ToSchema)]
struct AllTypes {
    none: Option<String>,
    flag: bool,
    float: f64,
    whole_float: f64,
    big_int: u64,
    negative: i32,
    unicode: &'static str,
    escape: &'static str,
    colour: Colour,
    /// A number and a text.
    // utoipa's schema of a tuple (`items: false`) is right, and more than some generators of clients read.
    #[schema(value_type = Vec<serde_json::Value>, min_items = 2, max_items = 2)]
    pair: (u8, &'static str),
    nested: Nested,
    /// JSON has no word for it: `null`.
    #[schema(value_type = Option<f64>)]
    not_a_number: f64,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Colour {
    Red,
}

#[derive(Serialize, ToSchema)]
struct Nested {
    list: [u8; 3],
}

/// What each type looks like in JSON
#[utoipa::path(get, path = "/json-types", responses(Json<AllTypes>))]
async fn json_types() -> Json<AllTypes> {
    Json(AllTypes {
        none: None,
        flag: true,
        float: 0.1,
        whole_float: 1.0,
        big_int: 9_007_199_254_740_993, // beyond what a JavaScript number holds
        negative: -7,
        unicode: "snow☃ 😀",
        escape: "quote \" backslash \\ slash / tab \t",
        colour: Colour::Red,
        pair: (1, "a"),
        nested: Nested { list: [1, 2, 3] },
        not_a_number: f64::NAN,
    })
}

/// Nothing at all, as JSON
#[utoipa::path(get, path = "/none", responses(Json<()>))]
async fn none() -> Json<()> {
    Json(())
}

/// A list as JSON
#[utoipa::path(get, path = "/list", responses(Json<Vec<Resource>>))]
async fn list() -> Json<Vec<Resource>> {
    Json(vec![Resource::MINE, Resource::SECOND])
}

// --------------------------------------------------------------------------------- MessagePack

/// A map as MessagePack
#[utoipa::path(get, path = "/msgpack", responses(MessagePack<BTreeMap<String, String>>))]
async fn msgpack() -> MessagePack<BTreeMap<String, String>> {
    MessagePack(BTreeMap::from([("hello".into(), "world".into())]))
}

/// A struct as MessagePack: a map with its field names
#[utoipa::path(get, path = "/msgpack-model", responses(MessagePack<Resource>))]
async fn msgpack_model() -> MessagePack<Resource> {
    MessagePack(Resource::MINE)
}

// -------------------------------------------------------------------- text, bytes, HTML and XML

/// Plain text
#[utoipa::path(get, path = "/text", responses(Text))]
async fn text() -> Text<&'static str> {
    Text("The rumbling rabbit ran around the rock")
}

/// Text beyond ASCII: the length counts bytes
#[utoipa::path(get, path = "/text-unicode", responses(Text))]
async fn text_unicode() -> Text<&'static str> {
    Text("grüße ☃")
}

/// A plain string, as axum sends it
#[utoipa::path(get, path = "/text-implicit", responses(Text))]
async fn text_implicit() -> &'static str {
    "str annotation without media_type"
}

/// A number as text
#[utoipa::path(get, path = "/text-falsy", responses(Text))]
async fn text_falsy() -> Text<u8> {
    Text(0)
}

/// Bytes
#[utoipa::path(get, path = "/bytes", responses(Content))]
async fn bytes() -> Content {
    Content::new(&b"\x00\x01bytes"[..])
}

/// HTML that is ready to be sent
#[utoipa::path(get, path = "/html", responses(Html))]
async fn html() -> Html<&'static str> {
    Html("<html><body><div><span>Hello World!</span></div></body></html>")
}

#[derive(Serialize, ToSchema)]
struct Kind {
    kind: &'static str,
}

media_type!(JsonApi = "application/vnd.api+json");

/// JSON under a media type of one's own
#[utoipa::path(get, path = "/custom-media", responses(Typed<Json<Kind>, JsonApi>))]
async fn custom_media() -> Typed<Json<Kind>, JsonApi> {
    let kind = "vendor json";
    Typed::new(Json(Kind { kind }))
}

media_type!(ProblemUtf8 = "application/problem+json; charset=utf-8");

/// A media type with a parameter
#[utoipa::path(get, path = "/problem-json", responses(Typed<Json<Kind>, ProblemUtf8>))]
async fn problem_json() -> Typed<Json<Kind>, ProblemUtf8> {
    let kind = "json with a parameter";
    Typed::new(Json(Kind { kind }))
}

/// XML that is ready to be sent
#[utoipa::path(get, path = "/xml-str", responses(Content<XmlType>))]
async fn xml_str() -> Content<XmlType> {
    Content::new("<xml/>")
}

// --------------------------------------------------------------------------------- negotiation

/// What is said in three forms.
struct Greeting(&'static str);

impl fmt::Display for Greeting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// The greeting as a heading.
struct AsHtml;

impl Representation<Greeting> for AsHtml {
    const MEDIA_TYPE: MediaType = MediaType::HTML;

    fn write(greeting: &Greeting) -> Result<Vec<u8>, RepresentationError> {
        Ok(format!("<h1>{greeting}</h1>").into())
    }
}

impl DescribeRepresentation<Greeting> for AsHtml {}

/// The greeting as a message.
struct AsXml;

impl Representation<Greeting> for AsXml {
    const MEDIA_TYPE: MediaType = MediaType::XML;

    fn write(greeting: &Greeting) -> Result<Vec<u8>, RepresentationError> {
        Ok(format!("<xml><msg>{greeting}</msg></xml>").into())
    }
}

impl DescribeRepresentation<Greeting> for AsXml {}

/// What is offered, best first.
type Forms = (Text, AsHtml, AsXml);

/// A greeting as text, HTML or XML, whichever the client likes best
///
/// A client that wants none of them gets the text.
#[utoipa::path(get, path = "/negotiate", responses(Negotiated<Greeting, Forms, OrDefault>))]
async fn negotiate() -> Negotiated<Greeting, Forms, OrDefault> {
    Negotiated::new(Greeting("Hello World!")).or_default()
}

/// The same greeting; a client that wants none of its three forms gets a 406 that lists them
#[utoipa::path(get, path = "/negotiate-strict", responses(Negotiated<Greeting, Forms>))]
async fn negotiate_strict() -> Negotiated<Greeting, Forms> {
    Negotiated::new(Greeting("Hello World!"))
}

/// One value as JSON, MessagePack or text
#[utoipa::path(get, path = "/negotiate-data", responses(Negotiated<Resource, (Json, MessagePack, Text)>))]
async fn negotiate_data() -> Negotiated<Resource, (Json, MessagePack, Text)> {
    Negotiated::new(Resource::MINE)
}

// ------------------------------------------------------------------------ what goes around a body

/// A body with a header and a cookie
#[utoipa::path(get, path = "/annotated", responses(Reply<Json<Resource>>))]
async fn annotated() -> Reply<Json<Resource>> {
    Reply::new(Json(Resource::MINE))
        .header(("my-header", "xyz"))
        .cookie(("my-cookie", "abc"))
}

#[derive(Serialize, ToSchema)]
struct Who {
    who: &'static str,
}

/// What the response sets wins over what is declared for the route
#[utoipa::path(get, path = "/annotated-overrides", responses(Reply<Json<Who>, 201>))]
async fn annotated_overrides() -> Reply<Json<Who>, 201> {
    let who = "response wins";
    Reply::new(Json(Who { who })).header(("x-both", "response"))
}

/// Names of headers compare without regard to case: one line goes out
#[utoipa::path(get, path = "/header-case-duplicate", responses(Reply<Text>))]
async fn header_case_duplicate() -> Reply<Text<&'static str>> {
    Reply::new(Text("")).header(("x-case", "dynamic"))
}

/// A header, an entity tag, and cookies that replace and remove each other
#[utoipa::path(get, path = "/set-methods", responses(Reply<Text>))]
async fn set_methods() -> Reply<Text<&'static str>> {
    let strict = SetCookie::new("a", "1")
        .max_age(Duration::from_secs(10))
        .path("/p")
        .domain("example.com")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Strict);
    let gone = SetCookie::removal("gone").path("/x").domain("example.org");
    Reply::new(Text("ok"))
        .header(("X-One", "1"))
        .header(("x-one", "2"))
        .etag(&ETag::weak("abc"))
        .cookie(strict)
        .cookie(("b", "2"))
        .cookie(SetCookie::removal("b"))
        .cookie(("c", "first"))
        .cookie(("c", "second"))
        .cookie(gone)
}

media_type!(Custom = "application/vnd.custom");

/// The response's own content type wins
#[utoipa::path(get, path = "/content-type-header", responses(Typed<Json<BTreeMap<&str, &str>>, Custom>))]
async fn content_type_header() -> Reply<Json<BTreeMap<&'static str, &'static str>>> {
    Reply::new(Json(BTreeMap::from([("a", "b")])))
        .header(("Content-Type", "application/vnd.custom"))
}

// ------------------------------------------------------------- services and other crates' answers

/// Stands for an application that was there before: a function from requests to responses.
pub(crate) async fn legacy(_: Request) -> http::Result<http::Response<String>> {
    http::Response::builder()
        .status(StatusCode::NON_AUTHORITATIVE_INFORMATION)
        .header("content-type", "text/plain; charset=utf-8")
        .header("x-service", "function")
        .body("from a mounted service".to_owned())
}

/// The same as a struct that is a tower service.
struct Legacy;

impl tower::Service<Request> for Legacy {
    type Response = http::Response<String>;
    type Error = http::Error;
    type Future = BoxFuture<'static, http::Result<Self::Response>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<http::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        Box::pin(legacy(request))
    }
}

impl Legacy {
    async fn answer(&self, request: Request) -> http::Result<http::Response<String>> {
        legacy(request).await
    }
}

/// A function answers in the handler's place; a header and a cookie are added to what it says
#[utoipa::path(get, path = "/mounted-service", responses((status = 203, description = "What the service answers", body = String)))]
async fn mounted_service(request: Request) -> Delegated {
    Delegated::to(service_fn(legacy), request).await
}

/// A tower service answers in the handler's place
#[utoipa::path(get, path = "/mounted-service-object", responses((status = 203, description = "What the service answers", body = String)))]
async fn mounted_service_object(request: Request) -> Delegated {
    Delegated::to(Legacy, request).await
}

/// A method answers in the handler's place
#[utoipa::path(get, path = "/mounted-service-method", responses((status = 203, description = "What the service answers", body = String)))]
async fn mounted_service_method(request: Request) -> Delegated {
    let legacy = Legacy;
    Delegated::to(service_fn(|request| legacy.answer(request)), request).await
}

/// A responder of another crate, and a header
#[utoipa::path(get, path = "/third-party", responses(Json<BTreeMap<String, String>>))]
async fn third_party() -> ErasedJson {
    ErasedJson::new(json!({"hello": "world"}))
}

/// A streamed answer in the parts that axum knows
#[utoipa::path(get, path = "/third-party-stream", responses(Text))]
async fn third_party_stream() -> ([(&'static str, &'static str); 1], Body) {
    let letters = stream::iter([Ok::<_, Infallible>("a"), Ok("b")]);
    let content_type = ("content-type", "text/plain; charset=utf-8");
    ([content_type], Body::from_stream(letters))
}
