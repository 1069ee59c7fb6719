//! The folder of the tour: what can be reached in it, and that nothing stays.

use std::fs;

use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use tour::Folder;
use tower::ServiceExt;

async fn get(folder: &Folder, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).expect(path);
    let app = tour::app(folder.clone()).await.expect("a database");
    let Ok(response) = app.oneshot(request).await;
    response
}

#[tokio::test]
async fn what_lies_beside_the_public_folder_is_not_there() {
    let folder = Folder::write().expect("a folder");
    let secret = folder.path().join("secret.txt");
    assert!(fs::exists(secret).is_ok_and(|there| there));
    for path in [
        "escape.txt",
        "escape-dir/secret.txt",
        "escape-dir/public/hello.txt",
        "../secret.txt",
        "sub/../../secret.txt",
        "%2e%2e%2fsecret.txt",
        "..%5csecret.txt",
        "%2fetc%2fhostname",
        "C:%5csecret.txt",
        "hello.txt%00",
        "sub",
        "sub/",
        "nope.txt",
    ] {
        let path = format!("/files/public/{path}");
        let response = get(&folder, &path, &[]).await;
        assert_eq!(response.status(), 404, "{path}");
        assert_eq!(
            response.headers()["content-type"],
            "application/problem+json"
        );
    }
}

#[tokio::test]
async fn one_part_has_the_type_of_the_file_and_several_have_a_type_of_their_own() {
    let folder = Folder::write().expect("a folder");
    let several = ("range", "bytes=0-1,5-6");
    let response = get(&folder, "/files/report-typed", &[several]).await;
    assert_eq!(response.status(), 206);
    let content_type = response.headers()["content-type"].to_str().expect("text");
    assert!(
        content_type.starts_with("multipart/byteranges; boundary="),
        "{content_type}"
    );
    let response = get(&folder, "/files/report-typed", &[("range", "bytes=0-3")]).await;
    assert_eq!(response.status(), 206);
    assert_eq!(response.headers()["content-type"], "application/pdf");
}

#[tokio::test]
async fn the_folder_goes_with_the_tour() {
    let folder = Folder::write().expect("a folder");
    let path = folder.path().to_owned();
    let app = tour::app(folder.clone()).await.expect("a database");
    drop(folder);
    assert!(path.is_dir());
    drop(app);
    assert!(!path.exists());
}
