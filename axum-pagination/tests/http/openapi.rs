//! The document says what the routes do.
#![allow(
    dead_code,
    reason = "handlers and types that are described, and not called"
)]

use std::collections::HashSet;

use axum_pagination::{
    ClassicPage, ClassicPagination, ClassicParams, CursorPage, CursorPagination, CursorParams,
    Names, OffsetPage, OffsetPagination, OffsetParams, PageError,
};
use axum_responses::openapi::finish;
use serde_json::{Value, json};
use utoipa::{OpenApi, ToSchema};

use crate::Person;

/// Carries another schema along.
#[derive(ToSchema)]
struct Pet {
    owner: Person,
}

#[derive(ToSchema)]
struct Boxed<T: ToSchema> {
    content: T,
}

#[utoipa::path(get, path = "/classic", params(ClassicParams<20, 100>), responses(ClassicPagination<Person>, PageError))]
async fn classic() {}

#[utoipa::path(get, path = "/offset", params(OffsetParams<5, 50>), responses(OffsetPagination<Person>, PageError))]
async fn offset() {}

#[utoipa::path(get, path = "/cursor", params(CursorParams), responses(CursorPagination<String, Person>, PageError))]
async fn cursor() {}

#[utoipa::path(get, path = "/numbers", responses(CursorPagination<i64, Person>))]
async fn numbers() {}

#[utoipa::path(get, path = "/classic-linked", responses(ClassicPage<Person>))]
async fn classic_linked() {}

#[utoipa::path(get, path = "/offset-linked", responses(OffsetPage<Person>))]
async fn offset_linked() {}

#[utoipa::path(get, path = "/cursor-linked", responses(CursorPage<Person>))]
async fn cursor_linked() {}

#[utoipa::path(get, path = "/pets", responses(ClassicPagination<Pet>))]
async fn pets() {}

#[utoipa::path(get, path = "/boxes", responses(OffsetPagination<Boxed<Person>>))]
async fn boxes() {}

#[utoipa::path(get, path = "/texts", responses(OffsetPagination<String>))]
async fn texts() {}

#[utoipa::path(get, path = "/by-hand", responses(
    (status = 200, body = ClassicPagination<Person>),
    (status = 201, body = OffsetPagination<Person>),
    (status = 202, body = CursorPagination<String, Person>),
    (status = 203, body = ClassicPage<Person>),
    (status = 207, body = CursorPage<Pet>),
))]
async fn by_hand() {}

struct JsonApi;

impl Names for JsonApi {
    const PAGE_SIZE: &'static str = "page[size]";
}

#[utoipa::path(get, path = "/renamed", params(ClassicParams<20, 100, JsonApi>), responses(ClassicPagination<Person>))]
async fn renamed() {}

#[derive(OpenApi)]
#[openapi(paths(
    classic,
    offset,
    cursor,
    numbers,
    classic_linked,
    offset_linked,
    cursor_linked,
    pets,
    boxes,
    texts,
    by_hand,
    renamed
))]
struct Api;

fn document() -> Value {
    let mut api = Api::openapi();
    finish(&mut api);
    serde_json::to_value(api).unwrap()
}

fn references(value: &Value, found: &mut HashSet<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(to)) = members.get("$ref") {
                found.insert(to.clone());
            }
            members
                .values()
                .for_each(|member| references(member, found));
        }
        Value::Array(elements) => elements
            .iter()
            .for_each(|element| references(element, found)),
        _ => {}
    }
}

fn body<'a>(document: &'a Value, path: &str, status: &str) -> &'a Value {
    let response = &document["paths"][path]["get"]["responses"][status];
    &response["content"]["application/json"]["schema"]
}

#[test]
fn every_reference_leads_to_something_described() {
    let document = document();
    let mut found = HashSet::new();
    references(&document, &mut found);
    assert!(found.len() > 5);
    for to in found {
        let schema = document.pointer(to.strip_prefix('#').unwrap());
        let schema = schema.unwrap_or_else(|| panic!("{to} leads nowhere"));
        assert!(!schema.to_string().contains("Not described"), "{to}");
    }
}

#[test]
fn pages_have_names_of_their_own() {
    let document = document();
    for (path, status, name) in [
        ("/classic", "200", "ClassicPagination_Person"),
        ("/offset", "200", "OffsetPagination_Person"),
        ("/cursor", "200", "CursorPagination_String_Person"),
        ("/numbers", "200", "CursorPagination_i64_Person"),
        ("/classic-linked", "200", "ClassicPagination_Person"),
        ("/offset-linked", "200", "OffsetPagination_Person"),
        ("/cursor-linked", "200", "CursorPage_Person"),
        ("/pets", "200", "ClassicPagination_Pet"),
        ("/boxes", "200", "OffsetPagination_Boxed_Person"),
        ("/texts", "200", "OffsetPagination_String"),
        ("/by-hand", "200", "ClassicPagination_Person"),
        ("/by-hand", "201", "OffsetPagination_Person"),
        ("/by-hand", "202", "CursorPagination_String_Person"),
        ("/by-hand", "203", "ClassicPagination_Person"),
        ("/by-hand", "207", "CursorPage_Pet"),
    ] {
        let expected = format!("#/components/schemas/{name}");
        assert_eq!(
            body(&document, path, status)["$ref"],
            expected,
            "{path} {status}"
        );
    }
}

#[test]
fn all_members_are_required_and_items_are_references() {
    let schemas = document()["components"]["schemas"].clone();
    for (name, keys) in [
        (
            "ClassicPagination_Person",
            vec!["items", "page_size", "current_page", "total_pages"],
        ),
        (
            "OffsetPagination_Person",
            vec!["items", "limit", "offset", "total"],
        ),
        (
            "CursorPagination_String_Person",
            vec!["items", "results_per_page", "cursor"],
        ),
        (
            "CursorPage_Person",
            vec!["items", "results_per_page", "cursor", "previous_cursor"],
        ),
    ] {
        let schema = &schemas[name];
        assert_eq!(schema["required"], json!(keys), "{name}");
        let mut properties: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
        let mut keys = keys;
        properties.sort();
        keys.sort_unstable();
        assert_eq!(properties, keys, "{name}");
        assert_eq!(
            schema["properties"]["items"]["items"],
            json!({"$ref": "#/components/schemas/Person"}),
            "{name}"
        );
        assert_ne!(schema["description"], "", "{name}");
    }
    assert_eq!(
        schemas["OffsetPagination_String"]["properties"]["items"]["items"],
        json!({"type": "string"})
    );
    let page_size = &schemas["ClassicPagination_Person"]["properties"]["page_size"];
    assert_eq!(
        (&page_size["type"], &page_size["minimum"]),
        (&json!("integer"), &json!(1))
    );
}

#[test]
fn cursors_are_text_or_integers_or_null() {
    let schemas = document()["components"]["schemas"].clone();
    for (name, member, expected) in [
        (
            "CursorPagination_String_Person",
            "cursor",
            json!(["string", "null"]),
        ),
        (
            "CursorPagination_i64_Person",
            "cursor",
            json!(["integer", "null"]),
        ),
        ("CursorPage_Person", "cursor", json!(["string", "null"])),
        (
            "CursorPage_Person",
            "previous_cursor",
            json!(["string", "null"]),
        ),
    ] {
        assert_eq!(
            schemas[name]["properties"][member]["type"], expected,
            "{name}"
        );
    }
}

/// Of what is sent: the types that utoipa would ask nobody about.
#[test]
fn the_schema_of_a_cursor_is_that_of_what_is_sent() {
    use std::num::{
        NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI128, NonZeroIsize, NonZeroU8,
        NonZeroU16, NonZeroU32, NonZeroU64, NonZeroU128, NonZeroUsize,
    };

    use axum::response::IntoResponse;
    use utoipa::PartialSchema;

    #[derive(serde::Serialize)]
    struct Own(u64);

    async fn check<C: serde::Serialize + 'static>(cursor: C, expected: Option<&str>) {
        let name = std::any::type_name::<C>();
        let schema = serde_json::to_value(CursorPagination::<C, Person>::schema()).unwrap();
        let schema = &schema["properties"]["cursor"];
        let described = expected.map_or(Value::Null, |expected| json!([expected, "null"]));
        assert_eq!(schema["type"], described, "{name}");
        assert!(schema["description"].is_string(), "{name}");

        let page =
            CursorPagination::new(vec![1], &CursorParams::<20, 100>::default(), Some(cursor));
        let body = axum::body::to_bytes(page.into_response().into_body(), 1000);
        let body: Value = serde_json::from_slice(&body.await.unwrap()).unwrap();
        let sent = match &body["cursor"] {
            Value::Number(number) if number.is_f64() => "number",
            Value::Number(_) => "integer",
            Value::Bool(_) => "boolean",
            Value::String(_) => "string",
            other => panic!("{name}: {other}"),
        };
        assert!(
            expected.is_none_or(|expected| expected == sent),
            "{name}: {sent}"
        );
    }

    macro_rules! integers {
        ($($type:ident)*) => {$(
            check($type::MAX, Some("integer")).await;
        )*};
    }

    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(async {
            integers!(u8 u16 u32 u64 usize i8 i16 i32 i64 isize);
            integers!(NonZeroU8 NonZeroU16 NonZeroU32 NonZeroU64 NonZeroUsize);
            integers!(NonZeroI8 NonZeroI16 NonZeroI32 NonZeroI64 NonZeroIsize);
            check(7_u128, Some("integer")).await;
            check(7_i128, Some("integer")).await;
            check(NonZeroU128::MIN, Some("integer")).await;
            check(NonZeroI128::new(7).unwrap(), Some("integer")).await;
            check(0.5_f64, Some("number")).await;
            check(0.5_f32, Some("number")).await;
            check(true, Some("boolean")).await;
            check("a".to_owned(), Some("string")).await;
            check('a', Some("string")).await;
            check(Own(7), None).await; // whatever serde makes of it
        });
}

#[cfg(feature = "uuid")]
#[test]
fn a_uuid_is_told_from_other_text() {
    use utoipa::PartialSchema;

    let schema = serde_json::to_value(CursorPagination::<uuid::Uuid, Person>::schema()).unwrap();
    assert_eq!(schema["properties"]["cursor"]["format"], "uuid");
    let responses = <CursorPagination<uuid::Uuid, Person> as utoipa::IntoResponses>::responses();
    let text = serde_json::to_string(&responses).unwrap();
    assert!(text.contains("#/components/schemas/CursorPagination_Uuid_Person"));
}

#[test]
fn parameters_have_their_bounds_and_defaults() {
    let document = document();
    let parameter = |path: &str, name: &str| {
        let parameters = document["paths"][path]["get"]["parameters"]
            .as_array()
            .unwrap();
        let mut found = parameters
            .iter()
            .filter(|parameter| parameter["name"] == name);
        let parameter = found.next().unwrap_or_else(|| panic!("no {name}")).clone();
        assert_eq!(
            (&parameter["in"], &parameter["required"]),
            (&json!("query"), &json!(false)),
            "{name}"
        );
        assert!(
            parameter["description"]
                .as_str()
                .is_some_and(|text| !text.is_empty()),
            "{name}"
        );
        parameter["schema"].clone()
    };
    let number = |min: u64, max: u64, default: u64| json!({"type": "integer", "format": "int64", "minimum": min, "maximum": max, "default": default});
    assert_eq!(parameter("/classic", "page_size"), number(1, 100, 20));
    assert_eq!(
        parameter("/classic", "current_page"),
        number(1, 92_233_720_368_547_758, 1)
    );
    assert_eq!(parameter("/offset", "limit"), number(1, 50, 5));
    assert_eq!(
        parameter("/offset", "offset"),
        number(0, 9_223_372_036_854_775_756, 0)
    );
    assert_eq!(parameter("/cursor", "results_per_page"), number(1, 100, 20));
    assert_eq!(
        parameter("/cursor", "cursor"),
        json!({"type": "string", "maxLength": 4096})
    );
    assert_eq!(parameter("/renamed", "page[size]"), number(1, 100, 20));
}

#[test]
fn links_counts_and_refusals_are_described() {
    let document = document();
    for path in ["/classic-linked", "/offset-linked", "/cursor-linked"] {
        let headers = &document["paths"][path]["get"]["responses"]["200"]["headers"];
        assert!(headers["link"]["description"].is_string(), "{path}");
        assert!(
            headers["x-total-count"]["description"].is_string(),
            "{path}"
        );
        // A page by offset has an exact total, or it could not be made.
        let related = headers["x-total-count-relation"]["description"].is_string();
        assert_eq!(related, path != "/offset-linked", "{path}");
    }
    let refused = &document["paths"]["/classic"]["get"]["responses"]["400"];
    assert_eq!(
        refused["content"]["application/problem+json"]["schema"]["$ref"],
        "#/components/schemas/Problem"
    );
    let has_database = cfg!(any(
        feature = "sqlite",
        feature = "postgres",
        feature = "mysql"
    ));
    assert_eq!(
        document["paths"]["/classic"]["get"]["responses"]
            .get("503")
            .is_some(),
        has_database
    );
}
