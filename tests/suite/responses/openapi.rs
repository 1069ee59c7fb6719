//! What is documented is what is sent.

use axum::response::IntoResponse;
use axum_responses::conditional::{Required, Unmet};
use axum_responses::media_type::{CsvType, HtmlType, JsonType, PlainText};
use axum_responses::negotiation::OrDefault;
use axum_responses::{
    AnyRedirect, Content, Csv, Delegated, Empty, Encoded, Encoder, File, Html, Json, JsonArray,
    MessagePack, NdJson, Negotiated, Problem, Redirect, Reply, ServerSentEvent, Stream, Template,
    Text, Typed, media_type, openapi, problem, rejection,
};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::openapi::{OpenApi, OpenApiVersion};
use utoipa::{IntoResponses, OpenApi as _, ToSchema};

#[derive(Serialize, ToSchema)]
struct Person {
    name: String,
    home: Address,
}

impl std::fmt::Display for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

#[derive(Serialize, ToSchema)]
struct Address {
    city: String,
    kind: Kind,
}

#[derive(Serialize, ToSchema)]
enum Kind {
    House,
    #[expect(dead_code, reason = "an enumeration of one is none")]
    Flat,
}

#[derive(Serialize, ToSchema)]
struct Page<T> {
    items: Vec<T>,
}

mod elsewhere {
    #[derive(serde::Serialize, utoipa::ToSchema)]
    pub(super) struct Person {
        pub(super) age: u8,
    }
}

struct Point;
struct AsPerson;

impl Encoder<Point> for AsPerson {
    type Output = Person;
    fn encode(_: &Point) -> Person {
        Person {
            name: String::new(),
            home: Address {
                city: String::new(),
                kind: Kind::House,
            },
        }
    }
}

media_type!(Vendor = "application/vnd.acme+json");

/// A document of one operation that answers with these.
fn document<R: IntoResponses>(version: OpenApiVersion) -> Value {
    let mut api: OpenApi = Nothing::openapi();
    api.openapi = version;
    let mut operation = utoipa::openapi::path::Operation::new();
    operation.responses.responses = R::responses();
    let item = utoipa::openapi::PathItem::new(utoipa::openapi::HttpMethod::Get, operation);
    api.paths.paths.insert("/".to_owned(), item);
    openapi::finish(&mut api);
    serde_json::to_value(api).unwrap()
}

#[derive(utoipa::OpenApi)]
#[openapi()]
struct Nothing;

fn responses<R: IntoResponses>() -> Value {
    document::<R>(OpenApiVersion::Version31)["paths"]["/"]["get"]["responses"].clone()
}

fn every(value: &Value, name: &str, look: &mut impl FnMut(&Value)) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                if key == name {
                    look(member);
                }
                every(member, name, look);
            }
        }
        Value::Array(elements) => elements
            .iter()
            .for_each(|element| every(element, name, look)),
        _ => {}
    }
}

fn check<R: IntoResponses>() {
    for version in [OpenApiVersion::Version31, OpenApiVersion::Version32] {
        let api = document::<R>(version);
        let name = std::any::type_name::<R>();
        every(&api, "$ref", &mut |reference| {
            let path = reference.as_str().unwrap().trim_start_matches('#');
            assert!(
                api.pointer(path).is_some(),
                "{name}: {reference} leads nowhere"
            );
        });
        every(&api, "description", &mut |text| {
            assert_ne!(text, "", "{name}")
        });
        every(&api, "x-schemas", &mut |_| {
            panic!("{name}: carried schemas are left")
        });
        let answers = api["paths"]["/"]["get"]["responses"].as_object().unwrap();
        assert!(!answers.is_empty(), "{name}");
        for answer in answers.values() {
            assert!(answer["description"].is_string(), "{name}: {answer}");
            if let Some(content) = answer["content"].as_object() {
                assert!(
                    content.keys().all(|media_type| media_type.contains('/')),
                    "{name}"
                );
            }
        }
    }
}

#[test]
fn every_responder_describes_itself_and_nothing_dangles() {
    check::<Json<Person>>();
    check::<Json<Vec<Person>>>();
    check::<Json<Option<Vec<Page<Person>>>>>();
    check::<MessagePack<Page<Person>>>();
    check::<Json<Encoded<Point, AsPerson>>>();
    check::<Reply<Json<Person>, 202>>();
    check::<Reply<Empty, 204>>();
    check::<Text<String>>();
    check::<Html<String>>();
    check::<Content<CsvType>>();
    check::<Typed<Json<Person>, Vendor>>();
    check::<Negotiated<Person, (Json, MessagePack, Text)>>();
    check::<File>();
    check::<Typed<File, CsvType>>();
    check::<rejection::FileError>();
    check::<Unmet>();
    check::<Unmet<Required>>();
    check::<Redirect<308>>();
    check::<AnyRedirect>();
    check::<Stream>();
    check::<NdJson<Person>>();
    check::<JsonArray<Page<Person>>>();
    check::<Csv<Address>>();
    check::<ServerSentEvent>();
    check::<Template>();
    check::<Delegated>();
    check::<Problem>();
    check::<problem::ProblemOf<404>>();
    check::<rejection::ContentRejection>();
    check::<rejection::InvalidQuery>();
    check::<rejection::InvalidPath>();
    check::<rejection::NotAcceptable>();
}

#[test]
fn values_are_referred_to_by_readable_names() {
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let schema = |api: Value, media_type: &str| {
        api["paths"]["/"]["get"]["responses"]["200"]["content"][media_type]["schema"].clone()
    };
    let json = "application/json";
    let version = OpenApiVersion::Version31;
    assert_eq!(
        schema(document::<Json<Person>>(version.clone()), json),
        reference("Person")
    );
    assert_eq!(
        schema(document::<Json<Page<Person>>>(version.clone()), json),
        reference("Page_Person")
    );
    assert_eq!(
        schema(document::<Json<Vec<Person>>>(version.clone()), json)["items"],
        reference("Person")
    );
    assert_eq!(
        schema(document::<JsonArray<Person>>(version.clone()), json)["items"],
        reference("Person")
    );
    // utoipa's derive does not tell of the parameter: it is described as anything, and named in a warning.
    let api = document::<Json<Page<Person>>>(version);
    let person = &api["components"]["schemas"]["Person"];
    assert!(
        person["type"].is_null() && person["description"].is_string(),
        "{person}"
    );
}

#[test]
fn two_types_of_one_name_get_two_names() {
    struct Both;
    impl IntoResponses for Both {
        fn responses() -> openapi::Responses {
            let mut responses = Json::<Person>::responses();
            responses.append(&mut <Reply<Json<elsewhere::Person>, 201>>::responses());
            responses
        }
    }
    check::<Both>();
    let api = document::<Both>(OpenApiVersion::Version31);
    let answers = &api["paths"]["/"]["get"]["responses"];
    let property = |status: &str, name: &str| {
        let reference = &answers[status]["content"]["application/json"]["schema"]["$ref"];
        let path = reference.as_str().unwrap().trim_start_matches('#');
        api.pointer(path).unwrap()["properties"][name].is_object()
    };
    assert!(property("200", "name") && !property("200", "age"));
    assert!(property("201", "age") && !property("201", "name"));
    let _ = elsewhere::Person { age: 1 };
}

#[test]
fn the_document_says_what_is_sent() {
    let status = |answers: &Value| {
        answers
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    let types = |answers: &Value, status: &str| -> Vec<String> {
        answers[status]["content"]
            .as_object()
            .map_or_else(Vec::new, |content| content.keys().cloned().collect())
    };
    let answers = responses::<Reply<Json<Person>, 202>>();
    assert_eq!(
        (status(&answers), types(&answers, "202")),
        (vec!["202".into()], vec!["application/json".into()])
    );
    let answers = responses::<Reply<Empty, 204>>();
    assert_eq!(
        (status(&answers), types(&answers, "204")),
        (vec!["204".into()], vec![])
    );
    let answers = responses::<Redirect<303>>();
    assert_eq!(status(&answers), ["303"]);
    assert!(answers["303"]["headers"]["location"]["schema"].is_object());
    let answers = responses::<Negotiated<Person, (Json, MessagePack, Text)>>();
    assert_eq!(status(&answers), ["200", "406"]);
    assert_eq!(
        types(&answers, "200"),
        ["application/json", "application/x-msgpack", "text/plain"]
    );
    let answers = responses::<Negotiated<Person, (Json, Text), OrDefault>>();
    assert_eq!(status(&answers), ["200"]);
    for (answers, media_type) in [
        (
            responses::<Typed<Json<Person>, Vendor>>(),
            "application/vnd.acme+json",
        ),
        (responses::<Stream<CsvType>>(), "text/csv"),
        (responses::<Stream<JsonType>>(), "application/json"),
        (responses::<Stream>(), "application/octet-stream"),
        (responses::<NdJson<Person>>(), "application/x-ndjson"),
        (responses::<ServerSentEvent>(), "text/event-stream"),
        (responses::<Template>(), "text/html"),
        (
            responses::<Template<axum_responses::template::Named, PlainText>>(),
            "text/plain",
        ),
        (responses::<Content<HtmlType>>(), "text/html"),
    ] {
        assert_eq!(types(&answers, "200"), [media_type]);
    }
    assert_eq!(status(&responses::<problem::ProblemOf<404>>()), ["404"]);
    let parts = "multipart/byteranges";
    for (answers, media_type) in [
        (responses::<File>(), "*/*"),
        (responses::<Typed<File, CsvType>>(), "text/csv"),
    ] {
        assert_eq!(types(&answers, "200"), [media_type]);
        let mut expected = [media_type, parts];
        expected.sort_unstable();
        assert_eq!(types(&answers, "206"), expected);
    }
    // and it is sent
    let sent = Typed::<_, Vendor>::new(Json(1)).into_response();
    assert_eq!(sent.headers()["content-type"], "application/vnd.acme+json");
}

#[test]
fn what_is_left_of_a_path_is_a_parameter_like_others() {
    let mut api: OpenApi = Nothing::openapi();
    for path in ["/one/{id}", "/{*rest}", "/public/{*path}"] {
        let operation = utoipa::openapi::path::Operation::new();
        let item = utoipa::openapi::PathItem::new(utoipa::openapi::HttpMethod::Get, operation);
        api.paths.paths.insert(path.to_owned(), item);
    }
    openapi::finish(&mut api);
    let paths: Vec<_> = api.paths.paths.keys().map(String::as_str).collect();
    assert_eq!(paths, ["/one/{id}", "/public/{path}", "/{rest}"]);
}

#[test]
fn items_have_a_schema_in_3_2_and_none_before() {
    for (version, there) in [
        (OpenApiVersion::Version31, false),
        (OpenApiVersion::Version32, true),
    ] {
        let api = document::<NdJson<Person>>(version);
        let content =
            &api["paths"]["/"]["get"]["responses"]["200"]["content"]["application/x-ndjson"];
        assert_eq!(content["itemSchema"].is_object(), there);
        assert_eq!(
            api["components"]["schemas"]["Person"].is_object(),
            there,
            "nothing refers to it"
        );
    }
}
