//! Ours: the same rows, all of them, over both versions of HTTP.

use std::path::Path as Folders;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::any;
use axum_responses::{ETag, File, FileError, RequestContextLayer, Root};
use suite_support::{BOTH, Server};
use tower::Layer;

use super::files::Folder;
use super::judge::Verdict;
use super::{Asker, rows};

async fn file(State(root): State<Arc<Root>>, Path(path): Path<String>) -> Result<File, FileError> {
    root.file(&path).await
}

async fn weak(root: State<Arc<Root>>, path: Path<String>) -> Result<File, FileError> {
    Ok(file(root, path).await?.etag(ETag::weak("mine")))
}

async fn serve(files: &Folders) -> Server {
    let router = Router::new()
        .route("/weak/{*path}", any(weak))
        .route("/{*path}", any(file))
        .with_state(Arc::new(Root::open(files).unwrap()));
    Server::start_service(RequestContextLayer::new().layer(router)).await
}

#[tokio::test]
async fn every_row_is_true_of_ours() {
    let folder = Folder::new();
    let server = serve(&folder.files()).await;
    let mut astray = Vec::new();
    for version in BOTH {
        let mut asker = Asker::new(server.address, version);
        for row in rows() {
            let verdict = asker.verdict(&row, true).await;
            if verdict != Verdict::AsWanted {
                astray.push(format!("{version:?} {row}\n    {verdict}"));
            }
        }
    }
    assert!(
        astray.is_empty(),
        "{} rows are not as they say:\n{}",
        astray.len(),
        astray.join("\n")
    );
}
