#![doc = include_str!("../docs/file.md")]

mod answer;
mod body;
mod buffer;
mod coding;
mod content_disposition;
mod folder_service;
mod multipart;
mod name;
mod opening;
mod root;
mod stored_file;
mod system;

use std::borrow::Cow;
use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use axum::body::Bytes;
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use tokio::io::AsyncRead;

use self::coding::Coding;
pub use self::content_disposition::ContentDisposition;
use self::content_disposition::{Kind, cleaned};
pub use self::folder_service::{FolderService, is_hashed_name};
pub use self::opening::Opening;
pub use self::root::Root;
use self::stored_file::StoredFile;
use self::system::{Base, Opened};
use crate::conditional::{CacheControl, ETag, HttpDate, Validators};
use crate::context::RequestContext;
use crate::media_type::MediaType;
pub use crate::rejection::FileError;

/// A file, sent as HTTP has it: with ranges, preconditions, and a name.
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use axum_responses::{File, FileError, with_context};
/// # use tower::ServiceExt;
///
/// async fn manifest() -> Result<File, FileError> {
///     Ok(File::open("Cargo.toml").await?.attachment("manifest.toml"))
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app: Router = Router::new().route("/", get(with_context(manifest)));
/// let request = Request::get("/").header("range", "bytes=0-8").body(Body::empty()).unwrap();
/// let response = app.oneshot(request).await.unwrap();
/// assert_eq!(response.status(), 206);
/// assert_eq!(response.headers()["content-type"], "application/toml");
/// assert_eq!(response.headers()["content-length"], "9");
/// assert_eq!(response.headers()["content-disposition"], r#"attachment; filename="manifest.toml""#);
/// assert_eq!(axum::body::to_bytes(response.into_body(), 100).await.unwrap(), "[package]");
/// # }
/// ```
///
/// | constructor | of | ranges | reads |
/// |---|---|---|---|
/// | [`open`](Self::open) | a path of the program's own | yes | while it is sent |
/// | [`Root::file`], [`under`](Self::under) | a path that a stranger sent, below a folder | yes | while it is sent |
/// | [`from_open_file`](Self::from_open_file) | a file that is open | yes | while it is sent |
/// | [`from_bytes`](Self::from_bytes) | what is in memory | yes | |
/// | [`from_reader`](Self::from_reader) | anything of a known length | no | while it is sent |
///
/// The request is read from the [`RequestContext`]. Without one the answer is the whole file under 200, valid for a
/// `GET` and a `HEAD` without conditions. See the [module](self) for what it does with a request.
#[must_use]
pub struct File {
    content: Content,
    length: u64,
    last_modified: Option<SystemTime>,
    etag: Tag,
    /// Where it was opened; its last segment is the name unless there is another.
    path: PathBuf,
    disposition: Option<Kind>,
    /// In the place of the path's.
    name: Option<String>,
    media_type: Option<MediaType>,
    cache_control: Option<HeaderValue>,
    coding: Option<Coding>,
    /// Whether the choice of the form depended on `Accept-Encoding`.
    negotiated: bool,
}

enum Content {
    Stored(StoredFile),
    Memory(Bytes),
    Reader(Box<dyn AsyncRead + Send>),
}

/// Where the entity tag comes from.
enum Tag {
    None,
    Given(ETag),
    /// From what the file system says.
    Stamp {
        modified: SystemTime,
        inode: u64,
    },
}

impl File {
    /// Opens the file at this path, for an answer to the request of the [`RequestContext`] in force.
    ///
    /// The path is the program's own: for one that a stranger sent, take [`Root::file`].
    ///
    /// # Errors
    /// [`FileError`]: 404 for what is missing or no regular file, 403, 500.
    pub fn open(path: impl Into<PathBuf>) -> Opening {
        Opening::new(Base::Ambient, path.into())
    }

    /// As [`open`](Self::open), for the request of this context.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_for(context: &RequestContext, path: impl Into<PathBuf>) -> Opening {
        Self::open(path).for_request(context)
    }

    /// Opens `path` below `folder`, which is opened for this once. A server that does so often holds a [`Root`].
    ///
    /// `path` may come from a stranger, as [`Root::file`] has it.
    ///
    /// # Errors
    /// As [`open`](Self::open); what leads out of the folder is a 404.
    ///
    /// ```
    /// # use axum_responses::{File, FileError};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// assert!(File::under("src", "lib.rs").await.is_ok());
    /// assert!(matches!(File::under("src", "../Cargo.toml").await, Err(FileError::NotFound)));
    /// # }
    /// ```
    pub fn under(folder: impl Into<PathBuf>, path: &str) -> Opening {
        root::below(Base::Once(folder.into()), path)
    }

    /// A file that is already open for reading. Where its position stands does not matter.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    ///
    /// ```
    /// # use axum_responses::File;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let temporary = std::fs::File::open("Cargo.toml").unwrap(); // or a tokio file's `into_std()`
    /// let file = File::from_open_file(temporary).await.unwrap().attachment("report.toml");
    /// # assert!(file.length() > 0);
    /// # }
    /// ```
    pub fn from_open_file(file: fs::File) -> Opening {
        Opening::of_open(file)
    }

    /// These bytes as a file. Their entity tag is made [of their content](ETag::of_content).
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::File;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let response = File::from_bytes("a;b\n1;2\n").attachment("table.csv").into_response();
    /// assert_eq!(response.status(), 200);
    /// assert_eq!(response.headers()["content-type"], "text/csv; charset=utf-8");
    /// assert_eq!(response.headers()["content-length"], "8");
    /// # }
    /// ```
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let length = bytes.len() as u64;
        let etag = Tag::Given(ETag::of_content(&bytes));
        Self::of(Content::Memory(bytes), length, etag)
    }

    /// What this reader gives, `length` bytes of it: an object of a store, for instance.
    ///
    /// A reader cannot go back, so there are no ranges; there are validators where they are given. One that
    /// has fewer or more bytes cuts the connection.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::{ETag, File};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let object: &[u8] = b"content"; // any AsyncRead
    /// let response = File::from_reader(object, 7).etag(ETag::strong("v1")).attachment("a.bin").into_response();
    /// assert_eq!(response.status(), 200);
    /// assert_eq!(response.headers()["accept-ranges"], "none");
    /// assert_eq!(response.headers()["etag"], r#""v1""#);
    /// # }
    /// ```
    pub fn from_reader(reader: impl AsyncRead + Send + 'static, length: u64) -> Self {
        Self::of(Content::Reader(Box::new(reader)), length, Tag::None)
    }

    fn of(content: Content, length: u64, etag: Tag) -> Self {
        Self {
            content,
            length,
            last_modified: None,
            etag,
            path: PathBuf::new(),
            disposition: Some(Kind::Attachment),
            name: None,
            media_type: None,
            cache_control: None,
            coding: None,
            negotiated: false,
        }
    }

    fn of_opened(opened: Opened, head: Bytes) -> Self {
        let etag = match opened.modified {
            // A time before 1970 is no time that anything was written.
            Some(modified) if modified >= SystemTime::UNIX_EPOCH => Tag::Stamp {
                modified,
                inode: opened.inode,
            },
            _ => Tag::None,
        };
        let file = StoredFile::new(Arc::new(opened.file), opened.reading, head);
        Self {
            last_modified: opened.modified,
            ..Self::of(Content::Stored(file), opened.length, etag)
        }
    }

    /// To be saved under this name, which may be [any text](ContentDisposition). This is the default, with the
    /// last segment of the path for a name.
    pub fn attachment(mut self, name: impl Into<String>) -> Self {
        self.disposition = Some(Kind::Attachment);
        self.name = Some(name.into());
        self
    }

    /// To be shown in the browser. Not for what strangers have uploaded: it would be a page of this site.
    pub fn inline(mut self) -> Self {
        self.disposition = Some(Kind::Inline);
        self
    }

    /// Without `Content-Disposition`: shown where it can be, under the last segment of the address.
    pub fn without_disposition(mut self) -> Self {
        self.disposition = None;
        self
    }

    /// The media type, in the place of the one that [the name](MediaType::of_file_name) tells.
    pub fn media_type(mut self, media_type: MediaType) -> Self {
        self.media_type = Some(media_type);
        self
    }

    /// The entity tag, in the place of the one that the file system's facts make.
    pub fn etag(mut self, etag: ETag) -> Self {
        self.etag = Tag::Given(etag);
        self
    }

    /// Without an entity tag: for files whose times mean nothing.
    pub fn without_etag(mut self) -> Self {
        self.etag = Tag::None;
        self
    }

    /// When it was modified last, in the place of what the file system says. Before 1970 there is no
    /// `Last-Modified`; a time to come is sent as the present.
    pub fn last_modified(mut self, time: SystemTime) -> Self {
        self.last_modified = Some(time);
        self
    }

    /// How caches may keep it.
    pub fn cache_control(mut self, cache_control: &CacheControl) -> Self {
        self.cache_control = Some(cache_control.to_header());
        self
    }

    /// How many bytes there are.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// What it is known by: the entity tag, weak while the file is younger than two seconds, and the date.
    #[must_use]
    pub fn validators(&self) -> Validators {
        self.validators_at(SystemTime::now())
    }

    fn validators_at(&self, now: SystemTime) -> Validators {
        let etag = match &self.etag {
            Tag::None => None,
            Tag::Given(etag) => Some(etag.clone()),
            Tag::Stamp { modified, inode } => Some(self.stamp(*modified, *inode, now)),
        };
        Validators {
            etag,
            // RFC 9110 §8.8.2.1: nothing that is sent says that it was modified later.
            last_modified: self
                .last_modified
                .and_then(|time| HttpDate::new(time.min(now))),
        }
    }

    /// RFC 9110 §8.8.1: a second write within one tick of the file system's clock leaves the time as it is.
    fn stamp(&self, modified: SystemTime, inode: u64, now: SystemTime) -> ETag {
        let age = now.duration_since(modified).unwrap_or_default();
        let modified = modified
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        ETag::of_stamp(
            modified.as_nanos(),
            self.length,
            inode,
            self.coding.map(Coding::name),
            age < crate::conditional::STRONG_AFTER,
        )
    }

    /// The answer to the request of this context.
    #[must_use]
    pub fn respond_to(self, context: &RequestContext) -> Response {
        answer::answer(self, Some(context))
    }

    /// The name under which it is saved, as far as it may be sent.
    fn sent_name(&self) -> Option<Cow<'_, str>> {
        let given = self.name.as_deref().and_then(cleaned);
        // A name that is none stands for no name.
        given.or_else(|| {
            let name = self.path.file_name()?;
            match name.to_str() {
                Some(name) => cleaned(name),
                None => cleaned(&name.to_string_lossy()).map(|name| Cow::Owned(name.into_owned())),
            }
        })
    }
}

impl IntoResponse for File {
    fn into_response(self) -> Response {
        answer::answer(self, RequestContext::current().as_ref())
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File")
            .field("name", &self.sent_name())
            .field("length", &self.length)
            .field("last_modified", &self.last_modified)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "openapi")]
/// 200, 206, 304, 412 and 416 with their headers, and 404; 403 comes with [`FileError`].
impl utoipa::IntoResponses for File {
    fn responses() -> crate::openapi::Responses {
        answer::description()
    }
}
