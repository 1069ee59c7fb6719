//! Pages as clients see them: through a router, request by request.
#![allow(clippy::unwrap_used, reason = "tests say what is wrong by panicking")]
mod bodies;
#[cfg(feature = "openapi")]
mod openapi;
mod plain_functions;
mod public_api;
mod refusals;
mod walks;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::routing::get;
use axum_pagination::{
    ClassicPage, ClassicPagination, ClassicPaginator, ClassicParams, CursorPage, CursorPagination,
    CursorPaginator, CursorParams, InMemory, OffsetPage, OffsetPagination, OffsetPaginator,
    OffsetParams, PageError,
};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use serde::{Deserialize, Serialize};
use tower::ServiceExt;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
struct Person {
    id: String,
    name: String,
}

/// `p01` "Person 01" and so on.
fn people(count: usize) -> InMemory<Person> {
    let person = |n| Person {
        id: format!("p{n:02}"),
        name: format!("Person {n:02}"),
    };
    InMemory::new((1..=count).map(person).collect::<Vec<_>>())
}

type People = State<InMemory<Person>>;

async fn classic(
    State(people): People,
    params: ClassicParams<20, 100>,
) -> Result<ClassicPagination<Person>, PageError> {
    ClassicPaginator::paginate(&people, params).await
}

async fn offset(
    State(people): People,
    params: OffsetParams<20, 100>,
) -> Result<OffsetPagination<Person>, PageError> {
    OffsetPaginator::paginate(&people, params).await
}

async fn cursor(
    State(people): People,
    params: CursorParams<20, 100>,
) -> Result<CursorPagination<String, Person>, PageError> {
    let people = people.cursor_by(|person| person.id.clone());
    people.paginate(params).await
}

async fn classic_linked(
    State(people): People,
    params: ClassicParams<20, 100>,
) -> Result<ClassicPage<Person>, PageError> {
    ClassicPaginator::page(&people, params).await
}

async fn offset_linked(
    State(people): People,
    params: OffsetParams<20, 100>,
) -> Result<OffsetPage<Person>, PageError> {
    OffsetPaginator::page(&people, params).await
}

async fn cursor_linked(
    State(people): People,
    params: CursorParams<20, 100>,
) -> Result<CursorPage<Person>, PageError> {
    let people = people.cursor_by(|person| person.id.clone());
    people.page(params).await
}

fn app(count: usize) -> Router {
    Router::new()
        .route("/classic", get(classic))
        .route("/offset", get(offset))
        .route("/cursor", get(cursor))
        .route("/classic-linked", get(classic_linked))
        .route("/offset-linked", get(offset_linked))
        .route("/cursor-linked", get(cursor_linked))
        .with_state(people(count))
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }

    fn ids(&self) -> Vec<String> {
        let json = self.json();
        let items = json["items"].as_array().unwrap().iter();
        items
            .map(|item| item["id"].as_str().unwrap().to_owned())
            .collect()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The target of the link with this relation. RFC 8288 §3, as strictly as what is sent here allows.
    fn link(&self, rel: &str) -> Option<String> {
        let links = self.header("link")?.split(", ").map(|link| {
            let (target, rel) = link
                .strip_prefix('<')
                .unwrap()
                .split_once(">; rel=\"")
                .unwrap();
            assert!(
                target
                    .bytes()
                    .all(|byte| byte.is_ascii_graphic() && !b"<>\"\\^`{|}[]#".contains(&byte))
            );
            (target.to_owned(), rel.strip_suffix('"').unwrap())
        });
        links
            .into_iter()
            .find(|(_, of)| *of == rel)
            .map(|(target, _)| target)
    }
}

async fn ask(app: &Router, uri: &str) -> Answer {
    let request = Request::get(uri).body(Body::empty()).unwrap();
    let (parts, body) = app.clone().oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8(body.into()).unwrap(),
    }
}
