//! `/files`: files of the tour's own, and files below a folder that strangers name.

use std::time::Duration;

use axum::extract::State;
use axum_layered::{CacheControl, Declare, Layered, ResponseHeader};
use axum_responses::problem::{Path, Query};
use axum_responses::rejection::{InvalidPath, InvalidQuery};
use axum_responses::{BackgroundTask, ETag, File, FileError, Reply, Typed, media_type};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::routes;

use crate::Tour;
use crate::data::Log;
use crate::folder::Folder;

pub(crate) fn routes() -> Layered<Tour> {
    let coding = ResponseHeader::documented("vary").describe("where there are packed siblings");
    Layered::new()
        .routes(routes!(report))
        .routes(routes!(report_typed))
        .routes(routes!(no_filename))
        .routes(routes!(inline))
        .routes(routes!(named))
        .routes(routes!(etag))
        .routes(
            routes!(etag_decorator)
                .etag(ETag::strong("decorator"))
                .cache_control(NINE_SECONDS),
        )
        .routes(routes!(empty))
        .routes(routes!(digits))
        .routes(routes!(one_mib))
        .routes(routes!(big))
        .routes(routes!(tar_gz))
        .routes(routes!(missing))
        .routes(routes!(directory))
        .routes(routes!(stat_result))
        .routes(routes!(memory))
        .routes(routes!(background))
        .routes(routes!(head))
        .routes(routes!(status))
        .routes(routes!(public).header(coding.always()))
}

type Sent = Result<File, FileError>;

// ------------------------------------------------------------------------- names and media types

/// A file to be saved: its type follows from its name
#[utoipa::path(get, path = "/report", responses(File, FileError))]
async fn report(State(folder): State<Folder>) -> Sent {
    Ok(File::open(folder.file("report.pdf"))
        .await?
        .attachment("report.pdf"))
}

media_type!(Pdf = "application/pdf");

/// The same, its type known to the document
#[utoipa::path(get, path = "/report-typed", responses(Typed<File, Pdf>, FileError))]
async fn report_typed(State(folder): State<Folder>) -> Result<Typed<File, Pdf>, FileError> {
    let file = File::open(folder.file("report.pdf")).await?;
    Ok(Typed::new(file.attachment("report.pdf")))
}

/// A file without a name of its own gets that of its path
#[utoipa::path(get, path = "/no-filename", responses(File, FileError))]
async fn no_filename(State(folder): State<Folder>) -> Sent {
    File::open(folder.file("report.pdf")).await
}

/// A file to be shown
#[utoipa::path(get, path = "/inline", responses(File, FileError))]
async fn inline(State(folder): State<Folder>) -> Sent {
    Ok(File::open(folder.file("hello.txt")).await?.inline())
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Name {
    /// Under which name it is saved: any text
    #[param(example = "naïve plan.txt")]
    filename: String,
}

/// A file under a name of your choice
#[utoipa::path(
    get,
    path = "/named",
    params(Name),
    responses(File, FileError, InvalidQuery)
)]
async fn named(State(folder): State<Folder>, Query(name): Query<Name>) -> Sent {
    Ok(File::open(folder.file("hello.txt"))
        .await?
        .attachment(name.filename))
}

// ------------------------------------------------------------------------------------ validators

/// An entity tag of one's own
#[utoipa::path(get, path = "/etag", responses(File, FileError))]
async fn etag(State(folder): State<Folder>) -> Sent {
    Ok(File::open(folder.file("hello.txt"))
        .await?
        .etag(ETag::weak("mine")))
}

const NINE_SECONDS: CacheControl = CacheControl::new().max_age(Duration::from_secs(9));

/// The file's own entity tag wins over the one declared for the route
#[utoipa::path(get, path = "/etag-decorator", responses(File, FileError))]
async fn etag_decorator(State(folder): State<Folder>) -> Sent {
    let file = File::open(folder.file("hello.txt")).await?;
    Ok(file.etag(ETag::strong("instance")))
}

// ----------------------------------------------------------------------------------------- sizes

/// Nothing, as a file
#[utoipa::path(get, path = "/empty", responses(File, FileError))]
async fn empty(State(folder): State<Folder>) -> Sent {
    File::open(folder.file("empty.bin")).await
}

/// A hundred digits, to try ranges with
#[utoipa::path(get, path = "/digits", responses(File, FileError))]
async fn digits(State(folder): State<Folder>) -> Sent {
    File::open(folder.file("digits.bin")).await
}

/// A file of a MiB
#[utoipa::path(get, path = "/one-mib", responses(File, FileError))]
async fn one_mib(State(folder): State<Folder>) -> Sent {
    File::open(folder.file("one_mib.bin")).await
}

/// A file of three MiB and four bytes
#[utoipa::path(get, path = "/big", responses(File, FileError))]
async fn big(State(folder): State<Folder>) -> Sent {
    File::open(folder.file("big.bin")).await
}

/// What is packed stays packed
#[utoipa::path(get, path = "/tar-gz", responses(File, FileError))]
async fn tar_gz(State(folder): State<Folder>) -> Sent {
    File::open(folder.file("archive.tar.gz")).await
}

// -------------------------------------------------------------------------------- what is no file

/// A file that is not there: a 404 that does not say where it was looked for
#[utoipa::path(get, path = "/missing", responses(File, FileError))]
async fn missing(State(folder): State<Folder>) -> Sent {
    File::open(folder.file("does-not-exist.pdf")).await
}

/// A folder is no file
#[utoipa::path(get, path = "/directory", responses(File, FileError))]
async fn directory(State(folder): State<Folder>) -> Sent {
    File::open(folder.path()).await
}

// --------------------------------------------------------------------------------- where it is from

/// A file that is open already
#[utoipa::path(get, path = "/stat-result", responses(File, FileError))]
async fn stat_result(State(folder): State<Folder>) -> Sent {
    let open = tokio::fs::File::open(folder.file("hello.txt")).await?;
    let file = File::from_open_file(open.into_std().await).await?;
    Ok(file.attachment("hello.txt"))
}

/// Bytes in memory as a file
#[utoipa::path(get, path = "/memory", responses(File))]
async fn memory() -> File {
    File::from_bytes("from memory").attachment("mem.txt")
}

// ----------------------------------------------------------------------------- what goes around it

/// A task after a file
#[utoipa::path(get, path = "/background", responses(Reply<File>, FileError))]
async fn background(
    State(folder): State<Folder>,
    State(log): State<Log>,
) -> Result<Reply<File>, FileError> {
    let file = File::open(folder.file("hello.txt")).await?;
    let task = BackgroundTask::new(async move { log.note("file background") });
    Ok(Reply::new(file).background(task))
}

/// A file, to ask for its head alone
#[utoipa::path(get, path = "/head", responses(File, FileError))]
async fn head(State(folder): State<Folder>) -> Sent {
    File::open(folder.file("hello.txt")).await
}

/// A file with another status
#[utoipa::path(get, path = "/status", responses(Reply<File, 203>, FileError))]
async fn status(State(folder): State<Folder>) -> Result<Reply<File, 203>, FileError> {
    Ok(Reply::new(File::open(folder.file("hello.txt")).await?))
}

// ----------------------------------------------------------------------------- below a folder

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct Below {
    /// Which file, seen from the folder
    #[param(example = "style.css")]
    path: String,
}

/// A file that a stranger names: below the folder, or not at all; packed where the client takes it
#[utoipa::path(
    get,
    path = "/public/{*path}",
    params(Below),
    responses(File, FileError, InvalidPath)
)]
async fn public(State(folder): State<Folder>, Path(Below { path }): Path<Below>) -> Sent {
    folder.public().file(&path).await
}
