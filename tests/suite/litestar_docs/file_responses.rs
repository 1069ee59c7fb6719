//! "File Responses": the same, with what a file answers besides.

use std::path::PathBuf;

use axum::routing::get;
use axum::{Extension, Router};
use axum_responses::{ETag, File, FileError, RequestContextLayer, Root, Typed, media_type};
use suite_support::{ask, get as request_for};
use tower::Layer;

use super::visit;

const REPORT: &str = "%PDF-1.4\n%%EOF\n";

/// A folder with a report in it, which goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        drop(std::fs::remove_dir_all(&folder));
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("report.pdf"), REPORT).unwrap();
        Self(folder)
    }

    fn report(&self) -> PathBuf {
        self.0.join("report.pdf")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// The path is opened by the handler, which can answer what goes wrong. The name may be left out when it is that
/// of the path, and may be any text; the media type follows from it.
#[tokio::test]
async fn file_responses() {
    async fn handle_file_download(
        Extension(report): Extension<PathBuf>,
    ) -> Result<File, FileError> {
        Ok(File::open(report).await?.attachment("report.pdf"))
    }

    let folder = Folder::new("file-responses");
    let app = Router::new()
        .route("/file-download", get(handle_file_download))
        .layer(Extension(folder.report()));
    let answer = visit(&app, "/file-download").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/pdf"));
    assert_eq!(
        answer.header("content-disposition"),
        Some(r#"attachment; filename="report.pdf""#)
    );
    let length = REPORT.len().to_string();
    assert_eq!(answer.header("content-length"), Some(&*length));
    assert!(answer.header("etag").is_some() && answer.header("last-modified").is_some());
    assert_eq!(answer.text(), REPORT);

    std::fs::remove_file(folder.report()).unwrap();
    visit(&app, "/file-download").await.problem(404);
}

/// The type need not be said for it to be right. Said in the signature, the document knows it as well.
#[tokio::test]
async fn file_responses_with_a_media_type() {
    media_type!(Pdf = "application/pdf");

    async fn handle_file_download(
        Extension(report): Extension<PathBuf>,
    ) -> Result<Typed<File, Pdf>, FileError> {
        Ok(Typed::new(File::open(report).await?.attachment("report")))
    }

    let folder = Folder::new("file-responses-with-a-media-type");
    let app = Router::new()
        .route("/file-download", get(handle_file_download))
        .layer(Extension(folder.report()));
    let answer = visit(&app, "/file-download").await;
    assert_eq!(answer.header("content-type"), Some("application/pdf"));
    assert_eq!(answer.text(), REPORT);
}

/// `content_disposition_type="inline"` is `inline()`; `etag` and `last_modified` replace what the file system says.
#[tokio::test]
async fn file_responses_inline_with_an_entity_tag() {
    async fn show(Extension(report): Extension<PathBuf>) -> Result<File, FileError> {
        let file = File::open(report).await?;
        Ok(file.inline().etag(ETag::strong("first-edition")))
    }

    let folder = Folder::new("file-responses-inline-with-an-entity-tag");
    let app = Router::new()
        .route("/report", get(show))
        .layer(Extension(folder.report()));
    let app = RequestContextLayer::new().layer(app);
    let answer = ask(&app, request_for("/report", &[])).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("content-disposition"),
        Some(r#"inline; filename="report.pdf""#)
    );
    // And it is answered to: 304 for who has it, 206 for who lacks a part.
    for (name, value, status, text) in [
        ("if-none-match", r#""first-edition""#, 304, ""),
        ("range", "bytes=0-7", 206, "%PDF-1.4"),
    ] {
        let answer = ask(&app, request_for("/report", &[(name, value)])).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("etag"), Some(r#""first-edition""#));
        assert_eq!(answer.text(), text);
    }
}

/// A file that the visitor names: below this folder, or not at all.
#[tokio::test]
async fn file_responses_below_a_folder() {
    async fn public(
        Extension(root): Extension<Root>,
        axum::extract::Path(path): axum::extract::Path<String>,
    ) -> Result<File, FileError> {
        root.file(&path).await
    }

    let folder = Folder::new("file-responses-below-a-folder");
    let app = Router::new()
        .route("/public/{*path}", get(public))
        .layer(Extension(Root::open(&folder.0).unwrap()));
    assert_eq!(visit(&app, "/public/report.pdf").await.text(), REPORT);
    visit(&app, "/public/..%2freport.pdf").await.problem(404);
}
