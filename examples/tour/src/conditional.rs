//! `/conditional`: a document that nobody overwrites unseen.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::State;
use axum_layered::Layered;
use axum_responses::conditional::{Required, Unmet};
use axum_responses::rejection::ContentRejection;
use axum_responses::{Conditional, ETag, Json, Reply};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::Tour;

pub(crate) fn routes() -> Layered<Tour> {
    Layered::new().routes(routes!(read, write))
}

/// A text that many write.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct Document {
    /// Grows by one with every write.
    version: u64,
    #[schema(example = "first draft")]
    text: String,
}

impl Document {
    fn etag(&self) -> ETag {
        ETag::of_version(self.version)
    }

    fn reply(&self) -> Reply<Json<Self>> {
        Reply::new(Json(self.clone())).etag(&self.etag())
    }
}

/// The document of the whole process.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Mutex<Document>>);

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Document> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Shared {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Document {
            version: 1,
            text: "first draft".to_owned(),
        })))
    }
}

/// The document, unless the client has it
#[utoipa::path(get, path = "/document", responses(
    (status = 200, description = "The document", body = Document, headers(
        ("etag" = String, description = "Its version")
    )),
    Unmet
))]
async fn read(
    State(document): State<Shared>,
    conditional: Conditional,
) -> Result<Reply<Json<Document>>, Unmet> {
    let document = document.lock();
    conditional.check(document.etag())?;
    Ok(document.reply())
}

/// What the document is to say.
#[derive(Deserialize, ToSchema)]
struct Draft {
    #[schema(example = "second draft")]
    text: String,
}

/// A new text in the place of the version that the client has seen
#[utoipa::path(put, path = "/document", request_body = Draft, params(
    ("if-match" = String, Header, description = "The entity tags of the versions that may be replaced", example = "\"1\"")
), responses(
    (status = 200, description = "The document as it is now", body = Document, headers(
        ("etag" = String, description = "Its version")
    )),
    Unmet<Required>,
    ContentRejection
))]
async fn write(
    State(document): State<Shared>,
    conditional: Conditional<Required>,
    Json(draft): Json<Draft>,
) -> Result<Reply<Json<Document>>, Unmet<Required>> {
    // Held from the check to the write: nobody else writes in between.
    let mut document = document.lock();
    conditional.check(document.etag())?;
    document.version += 1;
    document.text = draft.text;
    Ok(document.reply())
}
