//! What the document says is what is sent.

use std::time::Duration;

use axum_layered::{
    CacheControl, ConfigErrors, Data, Declare, ETag, LayerETag, Layered, Mistake, ResponseCookie,
    ResponseHeader, SetCookie, header,
};
use axum_responses::{File, Json, NdJson, Redirect, Reply, ServerSentEvent};
use serde_json::{Value, json};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::{ComponentsBuilder, Info, OpenApiBuilder, Tag};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Answer, ask, layered};

#[utoipa::path(get, path = "/leaf", responses(
    (status = 200, description = "fine", body = String),
    (status = 404, description = "none"),
))]
async fn leaf() -> &'static str {
    "hello world"
}

// An empty description is one that is to be filled.
#[utoipa::path(get, path = "/own", responses((status = 200, description = "fine", headers(
    ("X-Layer" = String, description = "by the handler"),
    ("x-undescribed" = String),
))))]
async fn own() {}

#[utoipa::path(post, path = "/leaf", responses((status = 200, description = "made", body = String)))]
async fn create() -> &'static str {
    "made"
}

#[utoipa::path(delete, path = "/leaf", responses((status = 200, description = "gone")))]
async fn delete() {}

#[utoipa::path(get, path = "/silent")]
async fn silent() {}

#[utoipa::path(get, path = "/file", responses(File))]
async fn file() -> File {
    File::from_bytes("x")
}

#[utoipa::path(get, path = "/redirect", responses(Redirect<302>))]
async fn redirect() -> Redirect<302> {
    Redirect::found("/leaf")
}

#[derive(serde::Serialize, utoipa::ToSchema)]
struct Point {
    x: i32,
}

#[utoipa::path(get, path = "/data", responses(Data<Point>))]
async fn data() -> Data<Point> {
    Data::new(Point { x: 1 })
}

#[utoipa::path(get, path = "/reply", responses(Reply<Json<Point>, 203>))]
async fn reply() -> Reply<Json<Point>, 203> {
    Reply::new(Json(Point { x: 1 }))
}

#[track_caller]
fn document(layered: Layered) -> Value {
    let document = serde_json::to_value(layered.build().unwrap().openapi).unwrap();
    sound(&document, &document);
    document
}

/// Every reference leads somewhere, and every response is described (OpenAPI 3.1 §4.8.17).
#[track_caller]
fn sound(part: &Value, document: &Value) {
    if let Some(Value::String(reference)) = part.get("$ref") {
        let target = reference.strip_prefix('#').unwrap();
        assert!(
            document.pointer(target).is_some(),
            "{reference} leads nowhere: {document}"
        );
    }
    if let Some(Value::Object(responses)) = part.get("responses") {
        for (status, response) in responses {
            let described = response["description"]
                .as_str()
                .is_some_and(|text| !text.is_empty());
            assert!(
                described || response.get("$ref").is_some(),
                "{status}: {response}"
            );
        }
    }
    match part {
        Value::Object(members) => members.values().for_each(|member| sound(member, document)),
        Value::Array(items) => items.iter().for_each(|item| sound(item, document)),
        _ => {}
    }
}

#[track_caller]
fn responses(layered: Layered, method: &str, path: &str) -> Value {
    let mut document = document(layered);
    let found = document["paths"][path][method]["responses"].take();
    assert!(found.is_object(), "{method} {path}: {document}");
    found
}

fn statuses(responses: &Value) -> Vec<&str> {
    responses
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

fn names(response: &Value) -> Vec<&str> {
    let headers = response["headers"].as_object().into_iter();
    headers
        .flat_map(|headers| headers.keys().map(String::as_str))
        .collect()
}

/// Compares with a file beside this one; `UPDATE_DOCUMENTS=1` writes it, to be read before it is committed.
#[track_caller]
fn is_as_committed(name: &str, document: &Value) {
    let path = format!(
        "{}/tests/layers/documents/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let paths = format!("{:#}\n", document["paths"]);
    if std::env::var_os("UPDATE_DOCUMENTS").is_some() {
        std::fs::write(&path, &paths).unwrap();
    }
    assert_eq!(
        paths,
        std::fs::read_to_string(&path).unwrap_or_default(),
        "{path}"
    );
}

/// App, router, controller around an endpoint at `/router-path/controller-path/leaf`.
fn four_layers(
    declare: impl Fn(Layered, &'static str) -> Layered,
    endpoint: axum_layered::Endpoint,
) -> Layered {
    let controller = declare(layered(), "controller").routes(endpoint);
    let router = declare(layered(), "router").nest("/controller-path", controller);
    declare(layered(), "app").nest("/router-path", router)
}

#[test]
fn headers_of_four_layers_are_documented() {
    let declare = |to: Layered, level: &str| {
        let header =
            ResponseHeader::new(format!("{level}-level-header"), format!("{level} header"));
        to.header(header.describe(format!("{level} level header")))
    };
    let endpoint = routes!(leaf).header(header!(
        "my-local-header",
        "local header",
        "local level header"
    ));
    is_as_committed("headers", &document(four_layers(declare, endpoint)));
}

#[test]
fn cookies_of_four_layers_are_one_header() {
    let declare = |to: Layered, level: &str| {
        let cookie = SetCookie::new(format!("{level}-cookie"), format!("{level} value"));
        to.cookie(cookie.describe(format!("{level} level cookie")))
    };
    let endpoint = routes!(leaf).cookie(
        SetCookie::new("local-cookie", "local value").describe("route handler level cookie"),
    );
    is_as_committed("cookies", &document(four_layers(declare, endpoint)));
}

const MONTH: CacheControl = CacheControl::new()
    .max_age(Duration::from_secs(2_628_288))
    .public();
const DAY: CacheControl = CacheControl::new()
    .max_age(Duration::from_secs(86_400))
    .public();

#[test]
fn the_closest_cache_control_is_documented() {
    let controller = layered().cache_control(DAY).routes(routes!(leaf));
    let app = layered()
        .cache_control(MONTH)
        .routes(routes!(own))
        .routes(routes!(silent).cache_control(CacheControl::NO_STORE))
        .routes(routes!(reply).cache_control_documented("by the hour"))
        .routes(routes!(data).no_cache_control())
        .merge(controller);
    is_as_committed("cache_control", &document(app));
}

#[test]
fn the_closest_tag_is_documented_with_its_304() {
    let controller = layered().etag(ETag::strong("foo")).routes(routes!(leaf));
    let app = layered()
        .etag(ETag::strong("bar"))
        .routes(routes!(create))
        .routes(routes!(own).etag(LayerETag::documented()))
        .routes(routes!(silent).etag(LayerETag::computed(99)))
        .routes(routes!(reply).no_etag())
        .merge(controller);
    is_as_committed("etag", &document(app));
}

#[test]
fn what_the_handler_documents_wins_by_name() {
    let app = layered()
        .header(header!("x-layer", "1", "by the layer"))
        .header(header!("X-Undescribed", "1", "by the layer"))
        .routes(routes!(own));
    let found = responses(app, "get", "/own");
    let ok = &found["200"];
    assert_eq!(names(ok), ["X-Layer", "x-undescribed"]);
    assert_eq!(ok["headers"]["X-Layer"]["description"], "by the handler");
    assert_eq!(
        ok["headers"]["x-undescribed"]["description"],
        "by the layer"
    );
}

#[test]
fn the_closest_description_wins_and_removed_headers_are_not_documented() {
    let app = layered()
        .header(header!("x-a", "app", "by the app"))
        .header(header!("x-b", "app", "by the app"))
        .header(header!("x-c", "app", "by the app"))
        .routes(
            routes!(leaf)
                .header(header!("X-A", "own", "by the endpoint"))
                .header(
                    ResponseHeader::documented("x-b")
                        .describe("set by hand")
                        .example("42"),
                )
                .remove_header("x-c"),
        );
    let found = responses(app, "get", "/leaf");
    let ok = &found["200"];
    assert_eq!(names(ok), ["x-a", "x-b"]);
    assert_eq!(ok["headers"]["x-a"]["description"], "by the endpoint");
    assert_eq!(ok["headers"]["x-b"]["description"], "set by hand");
    assert_eq!(ok["headers"]["x-b"]["example"], "42");
}

#[test]
fn errors_have_what_is_always_alone() {
    let app = layered()
        .header(ResponseHeader::new("x-policy", "1").always())
        .header(("x-ordinary", "1"))
        .cookie(("plain", "1"))
        .cache_control(DAY)
        .etag(ETag::strong("v"))
        .routes(routes!(leaf).header(("x-policy", "own")));
    let found = responses(app, "get", "/leaf");
    assert_eq!(names(&found["404"]), ["x-policy"]);
    assert_eq!(found["404"]["headers"]["x-policy"]["example"], "1");
    assert_eq!(found["200"]["headers"]["x-policy"]["example"], "own");
    let sent = [
        "cache-control",
        "etag",
        "set-cookie",
        "x-ordinary",
        "x-policy",
    ];
    assert_eq!(names(&found["200"]), sent);
    assert_eq!(names(&found["304"]), sent);
}

#[test]
fn a_header_may_be_required_and_deprecated() {
    let app = layered()
        .header(ResponseHeader::new("x-required", "1").required())
        .header(ResponseHeader::new("x-deprecated", "1").deprecated())
        .routes(routes!(leaf));
    let found = responses(app, "get", "/leaf");
    let headers = &found["200"]["headers"];
    assert_eq!(
        headers["x-required"],
        json!({ "schema": { "type": "string" }, "example": "1", "required": true })
    );
    assert_eq!(
        headers["x-deprecated"],
        json!({ "schema": { "type": "string" }, "example": "1", "deprecated": true })
    );
}

#[test]
fn cookies_that_are_documented_have_no_line() {
    let app = layered()
        .cookie(("hidden", "secret"))
        .cookie(ResponseCookie::documented("session").describe("set at login"))
        .routes(routes!(leaf).remove_cookie("hidden"));
    let found = responses(app, "get", "/leaf");
    assert_eq!(
        found["200"]["headers"]["set-cookie"],
        json!({
            "description": "session: set at login",
            "schema": { "type": "string", "title": "session", "description": "set at login" },
        })
    );
}

#[test]
fn a_shared_response_is_inlined_and_stays_as_it_is() {
    #[utoipa::path(get, path = "/shared", responses((status = 200, response = inline::Shared)))]
    async fn shared() {}

    mod inline {
        /// Refers to the component.
        pub(super) struct Shared;
        impl<'r> utoipa::ToResponse<'r> for Shared {
            fn response() -> (&'r str, utoipa::openapi::RefOr<utoipa::openapi::Response>) {
                (
                    "Shared",
                    utoipa::openapi::Ref::from_response_name("Shared").into(),
                )
            }
        }
    }
    let response = ResponseBuilder::new().description("shared by all").build();
    let components = ComponentsBuilder::new()
        .response("Shared", response)
        .build();
    let begin = OpenApiBuilder::new().components(Some(components)).build();
    let app = layered()
        .openapi(begin)
        .header(("x-layer", "1"))
        .routes(routes!(shared));
    let document = document(app);
    assert_eq!(
        document["components"]["responses"]["Shared"],
        json!({ "description": "shared by all" })
    );
    let found = &document["paths"]["/shared"]["get"]["responses"]["200"];
    assert_eq!(
        (&found["description"], names(found)),
        (&json!("shared by all"), vec!["x-layer"])
    );
}

#[test]
fn documents_that_come_along_are_taken_in() {
    let inner = OpenApiRouter::with_openapi(
        OpenApiBuilder::new()
            .tags(Some([Tag::new("inner")]))
            .build(),
    )
    .routes(routes!(data));
    let begin = OpenApiBuilder::new()
        .info(Info::new("Outer", "2"))
        .tags(Some([Tag::new("outer")]))
        .build();
    let app = |layered: Layered| document(layered.header(("x-layer", "1")));
    let before = app(layered().openapi(begin.clone()).nest("/in", inner.clone()));
    let after = app(layered().nest("/in", inner).openapi(begin));
    assert_eq!(before, after);
    assert_eq!(before["info"], json!({ "title": "Outer", "version": "2" }));
    let tags = before["tags"].as_array().unwrap();
    assert_eq!(
        tags.iter().map(|tag| &tag["name"]).collect::<Vec<_>>(),
        ["outer", "inner"]
    );
    assert!(
        before["components"]["schemas"]["Point"].is_object(),
        "{before}"
    );
    let found = &before["paths"]["/in/data"]["get"]["responses"]["200"];
    assert_eq!(names(found), ["x-layer"]);
}

#[test]
fn a_success_that_nobody_documents_is_described_by_its_status() {
    for (status, expected) in [(200, "OK"), (201, "Created"), (299, "Response")] {
        let app = layered().routes(routes!(silent).status(status));
        let found = responses(app, "get", "/silent");
        assert_eq!(
            found[status.to_string()]["description"],
            json!(expected),
            "{status}"
        );
    }
}

#[test]
fn statuses_are_those_that_are_sent() {
    let app = || layered().method_status_codes(true);
    for (layered, method, path, expected) in [
        (app().routes(routes!(create)), "post", "/leaf", &["201"][..]),
        (app().routes(routes!(delete)), "delete", "/leaf", &["204"]),
        (app().routes(routes!(leaf)), "get", "/leaf", &["200", "404"]),
        (
            app().routes(routes!(leaf).status(202)),
            "get",
            "/leaf",
            &["202", "404"],
        ),
        (app().routes(routes!(silent)), "get", "/silent", &["200"]),
        (
            app().routes(routes!(silent).status(204)),
            "get",
            "/silent",
            &["204"],
        ),
        (app().routes(routes!(reply)), "get", "/reply", &["203"]),
        (
            app().routes(routes!(redirect)),
            "get",
            "/redirect",
            &["302"],
        ),
    ] {
        let found = responses(layered, method, path);
        assert_eq!(statuses(&found), expected, "{method} {path}");
    }
}

#[test]
fn files_and_redirects_have_no_tag_of_layers() {
    let app = || layered().etag(ETag::strong("layer")).header(("x", "1"));
    let found = responses(app().routes(routes!(file)), "get", "/file");
    for status in ["200", "206"] {
        let etag = &found[status]["headers"]["etag"];
        assert!(!etag.to_string().contains("layer"), "{status}: {etag}");
    }
    let found = responses(app().routes(routes!(redirect)), "get", "/redirect");
    assert_eq!(names(&found["302"]), ["location", "x"]);
}

#[test]
fn what_describes_content_is_documented_with_content_alone() {
    #[utoipa::path(get, path = "/known", responses(
        (status = 200, description = "fine", body = String),
        (status = 304, description = "known"),
    ))]
    async fn known() {}

    let app = layered()
        .header(("content-type", "text/plain"))
        .header(("content-language", "en"))
        .header(("x-ordinary", "1"))
        .etag(ETag::strong("v"));
    let found = responses(app.routes(routes!(known)), "get", "/known");
    // OpenAPI 3.1 §4.8.17: a header Content-Type is ignored, the content says it.
    let all = ["content-language", "etag", "x-ordinary"];
    assert_eq!(names(&found["200"]), all);
    assert_eq!(names(&found["304"]), ["etag", "x-ordinary"]);
    assert_eq!(found["304"]["description"], "known");
}

#[test]
fn a_success_is_added_to_errors_and_to_a_304_alone() {
    #[utoipa::path(get, path = "/errors", responses((status = 404, description = "none")))]
    async fn errors() {}
    #[utoipa::path(get, path = "/known", responses((status = 304, description = "known")))]
    async fn known() {}
    #[utoipa::path(post, path = "/both", responses(
        (status = 200, description = "was there"),
        (status = 201, description = "made"),
    ))]
    async fn both() {}

    for (app, method, path, expected) in [
        (
            layered().routes(routes!(errors)),
            "get",
            "/errors",
            ["200", "404"],
        ),
        (
            layered().routes(routes!(known)),
            "get",
            "/known",
            ["200", "304"],
        ),
        (
            layered().routes(routes!(both).status(201)),
            "post",
            "/both",
            ["200", "201"],
        ),
    ] {
        let found = responses(app, method, path);
        assert_eq!(statuses(&found), expected, "{path}");
    }
}

#[test]
fn a_range_of_statuses_is_of_its_class() {
    #[utoipa::path(get, path = "/ranges", responses(
        (status = "2XX", description = "fine"),
        (status = "3XX", description = "elsewhere"),
        (status = "4XX", description = "not so"),
        (status = "default", description = "anything else"),
    ))]
    async fn ranges() {}

    let app = layered()
        .header(("x-ordinary", "1"))
        .header(ResponseHeader::new("x-always", "1").always())
        .etag(ETag::strong("v"))
        .routes(routes!(ranges));
    let found = responses(app, "get", "/ranges");
    assert_eq!(statuses(&found), ["2XX", "304", "3XX", "4XX", "default"]);
    assert_eq!(names(&found["2XX"]), ["etag", "x-always", "x-ordinary"]);
    assert_eq!(names(&found["3XX"]), ["x-always", "x-ordinary"]);
    assert_eq!(names(&found["4XX"]), ["x-always"]);
    assert_eq!(names(&found["default"]), ["x-always"]);
}

#[test]
fn a_computed_tag_is_documented_where_one_can_be_sent() {
    #[utoipa::path(get, path = "/events", responses(ServerSentEvent))]
    async fn events() {}
    #[utoipa::path(get, path = "/lines", responses(NdJson<Point>))]
    async fn lines() {}

    let app = || layered().etag(LayerETag::computed(99));
    for (app, path, expected) in [
        (
            app().routes(routes!(leaf)),
            "/leaf",
            &["200", "304", "404"][..],
        ),
        (app().routes(routes!(reply)), "/reply", &["203"]),
        (app().routes(routes!(events)), "/events", &["200"]),
        (app().routes(routes!(lines)), "/lines", &["200"]),
        (
            app().routes(routes!(leaf).cache_control(CacheControl::new().private().no_store())),
            "/leaf",
            &["200", "404"],
        ),
    ] {
        let found = responses(app, "get", path);
        assert_eq!(statuses(&found), expected, "{path}");
        let is_tagged = expected.contains(&"304");
        let etag = &found["200"]["headers"]["etag"];
        assert_eq!(etag.is_object(), is_tagged, "{path}: {etag}");
    }
}

#[test]
fn data_is_of_the_type_of_the_closest_class() {
    let found = responses(layered().routes(routes!(data)), "get", "/data");
    let content = &found["200"]["content"]["application/json"]["schema"];
    assert_eq!(content["$ref"], "#/components/schemas/Point");
    assert!(!found.to_string().contains("x-data"), "{found}");
}

#[test]
fn what_contradicts_the_document_is_a_mistake_beside_the_others() {
    let check = |layered: Layered, expected: &[(&str, Mistake)]| {
        let errors: ConfigErrors = layered.build().unwrap_err();
        let found: Vec<_> = errors
            .iter()
            .map(|error| {
                (
                    error.route().or(error.layer()).unwrap(),
                    error.mistake().clone(),
                )
            })
            .collect();
        assert_eq!(found, expected);
    };
    let of = |status: u16| axum::http::StatusCode::from_u16(status).unwrap();
    check(
        layered().status(404).routes(routes!(redirect).status(201)),
        &[
            ("the router", Mistake::Status(404)),
            ("GET /redirect", Mistake::StatusOfRedirect(of(201))),
        ],
    );
    check(
        layered().routes(routes!(create).status(204)),
        &[("POST /leaf", Mistake::ContentWithoutPlace(of(204)))],
    );
}

#[tokio::test]
async fn every_documented_header_is_sent_and_every_declared_one_documented() {
    let build = || {
        layered()
            .header(("x-a", "1"))
            .header(ResponseHeader::new("x-always", "1").always())
            .cookie(("c", "1"))
            .cache_control(DAY)
            .etag(ETag::strong("v"))
            .routes(routes!(leaf))
            .build()
            .unwrap()
    };
    let document = serde_json::to_value(build().openapi).unwrap();
    let router = build().router;
    let found = &document["paths"]["/leaf"]["get"]["responses"];
    for (status, condition) in [("200", None), ("304", Some(("if-none-match", "*")))] {
        let answer: Answer = ask(&router, "GET", "/leaf", condition.as_slice()).await;
        let mut sent: Vec<_> = answer.headers.keys().map(|name| name.as_str()).collect();
        sent.retain(|name| !name.starts_with("content-"));
        sent.sort_unstable();
        assert_eq!(
            (answer.status.as_str(), sent),
            (status, names(&found[status]))
        );
    }
}
