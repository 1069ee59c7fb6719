//! Another media type around what has its own ideas of one.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::IntoResponse;
use axum::routing::get as on_get;
use axum_responses::media_type::{CsvType, XmlType};
use axum_responses::{Empty, File, MediaType, Reply, RequestContextLayer, Typed};
use suite_support::{Answer, ask, get, read};
use tower::Layer;

const CSV: &str = "text/csv; charset=utf-8";

/// A file under another type, told in the signature and at run time.
async fn both(headers: &[(&str, &str)]) -> [Answer; 2] {
    let file = || File::from_bytes("0123456789").attachment("digits.txt");
    let app: Router = Router::new()
        .route(
            "/typed",
            on_get(move || async move { Typed::<_, CsvType>::new(file()) }),
        )
        .route(
            "/reply",
            on_get(move || async move { Reply::<_>::new(file()).content_type(MediaType::CSV) }),
        );
    let app = RequestContextLayer::new().layer(app);
    let answer = |path| -> Request<Body> { get(path, headers) };
    [
        ask(&app, answer("/typed")).await,
        ask(&app, answer("/reply")).await,
    ]
}

#[tokio::test]
async fn the_whole_and_a_part_are_what_they_are_said_to_be() {
    for (range, status) in [("lines=1-2", 200), ("bytes=0-4", 206)] {
        for answer in both(&[("range", range)]).await {
            assert_eq!(answer.status, status);
            assert_eq!(answer.header("content-type"), Some(CSV), "{answer:?}");
        }
    }
}

#[tokio::test]
async fn several_parts_of_a_file_stay_several_parts() {
    for answer in both(&[("range", "bytes=0-1,5-6")]).await {
        assert_eq!(answer.status, 206);
        let content_type = answer.header("content-type").unwrap_or_default();
        let (_, boundary) = content_type
            .split_once("multipart/byteranges; boundary=")
            .unwrap_or_else(|| panic!("{answer:?}"));
        assert!(answer.text().ends_with(&format!("\r\n--{boundary}--\r\n")));
    }
}

#[tokio::test]
async fn a_problem_in_the_place_of_the_file_stays_a_problem() {
    for (name, value, status) in [("if-match", "\"other\"", 412), ("range", "bytes=20-", 416)] {
        for answer in both(&[(name, value)]).await {
            answer.problem(status);
        }
    }
}

#[tokio::test]
async fn what_has_no_content_has_no_type() {
    let typed = Typed::<_, XmlType>::new(<Reply<_, 204>>::new(Empty));
    let answer = read(typed.into_response()).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("content-type")),
        (204, None)
    );
}
