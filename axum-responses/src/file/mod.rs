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
    /// The path is the program's own, relative to the working directory: for one that a stranger sent, take
    /// [`Root::file`]. Links are followed. It is saved, not shown, unless [`inline`](Self::inline) is said. Nothing
    /// happens before the [`Opening`] is awaited.
    ///
    /// # Errors
    /// [`FileError`]: 404 for what is missing or no regular file, 403, 500.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::{File, FileError};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let response = File::open("Cargo.toml").await.unwrap().into_response();
    /// assert_eq!(response.headers()["content-disposition"], r#"attachment; filename="Cargo.toml""#);
    ///
    /// assert!(matches!(File::open("src").await, Err(FileError::NotFound))); // a folder is no file
    /// let problem = File::open("missing").await.unwrap_err().into_response();
    /// assert_eq!(problem.status(), 404);
    /// assert_eq!(problem.headers()["content-type"], "application/problem+json");
    /// # }
    /// ```
    pub fn open(path: impl Into<PathBuf>) -> Opening {
        Opening::new(Base::Ambient, path.into())
    }

    /// As [`open`](Self::open), for the request of this context. That decides which [packed
    /// form](Opening::precompressed) is opened; the answer is that of [`respond_to`](Self::respond_to).
    ///
    /// # Errors
    /// As [`open`](Self::open).
    ///
    /// ```
    /// use axum::http::{HeaderMap, Method, header};
    /// use axum_responses::{File, RequestContext};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # let folder = std::env::temp_dir().join(format!("open-for-doc-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder).unwrap();
    /// # let path = folder.join("style.css");
    /// # std::fs::write(&path, "a {}").unwrap();
    /// # std::fs::write(folder.join("style.css.gz"), "packed").unwrap();
    /// let mut headers = HeaderMap::new();
    /// headers.insert(header::ACCEPT_ENCODING, "gzip".parse().unwrap());
    /// let context = RequestContext::new(Method::GET, &headers);
    /// let response = File::open_for(&context, &path).precompressed().await.unwrap().respond_to(&context);
    /// assert_eq!(response.headers()["content-encoding"], "gzip");
    /// # std::fs::remove_dir_all(&folder).unwrap();
    /// # }
    /// ```
    pub fn open_for(context: &RequestContext, path: impl Into<PathBuf>) -> Opening {
        Self::open(path).for_request(context)
    }

    /// Opens `path` below `folder`, which is opened for this once. A server that does so often holds a [`Root`].
    ///
    /// `path` may come from a stranger, as [`Root::file`] has it; `folder` is the program's own.
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
    /// It has no name until [`attachment`](Self::attachment) gives one, and without a name its type is
    /// `application/octet-stream`. Its entity tag and date are the file system's.
    ///
    /// # Errors
    /// As [`open`](Self::open). One that is open for writing alone is found out when it is read: the connection is cut.
    ///
    /// ```
    /// use std::io::{Seek, SeekFrom};
    /// use axum::response::IntoResponse;
    /// use axum_responses::File;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let mut temporary = std::fs::File::open("Cargo.toml").unwrap(); // or a tokio file's `into_std()`
    /// let length = temporary.seek(SeekFrom::End(0)).unwrap();
    /// let file = File::from_open_file(temporary).await.unwrap();
    /// assert_eq!(file.length(), length);
    ///
    /// let headers = file.into_response().headers().clone();
    /// assert_eq!(headers["content-disposition"], "attachment");
    /// assert_eq!(headers["content-type"], "application/octet-stream");
    /// # }
    /// ```
    pub fn from_open_file(file: fs::File) -> Opening {
        Opening::of_open(file)
    }

    /// These bytes as a file. Their entity tag is made [of their content](ETag::of_content), and strong; there is no
    /// date and no name until they are given.
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
    /// assert!(!response.headers().contains_key("last-modified"));
    ///
    /// let again = File::from_bytes("a;b\n1;2\n").into_response();
    /// assert_eq!(again.headers()["etag"], response.headers()["etag"]);
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
    /// A reader cannot go back, so there are no ranges, and `Accept-Ranges: none` says so (RFC 9110 §14.3); there are
    /// validators where they are given. One that has fewer or more bytes cuts the connection, and the client never gets
    /// more than `length`. A 304 or a `HEAD` reads nothing of it.
    ///
    /// ```
    /// use axum::http::{HeaderMap, Method, header};
    /// use axum::response::IntoResponse;
    /// use axum_responses::{ETag, File, RequestContext};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let object: &[u8] = b"content"; // any AsyncRead
    /// let mut headers = HeaderMap::new();
    /// headers.insert(header::RANGE, "bytes=0-2".parse().unwrap());
    /// let context = RequestContext::new(Method::GET, &headers);
    /// let response = File::from_reader(object, 7).etag(ETag::strong("v1")).respond_to(&context);
    /// assert_eq!(response.status(), 200); // the whole, whatever the range
    /// assert_eq!(response.headers()["accept-ranges"], "none");
    /// assert_eq!(response.headers()["etag"], r#""v1""#);
    ///
    /// let short = File::from_reader(object, 8).into_response();
    /// assert_eq!(short.headers()["content-length"], "8");
    /// assert!(axum::body::to_bytes(short.into_body(), 100).await.is_err());
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
    /// last segment of the path for a name. RFC 6266 §4.2.
    ///
    /// The name tells the type as well, unless [`media_type`](Self::media_type) does. What is no name (empty, dots
    /// alone) leaves the path's.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::File;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let file = File::open("Cargo.toml").await.unwrap();
    /// let headers = file.attachment("naïve \"1\".csv").into_response().headers().clone();
    /// assert_eq!(
    ///     headers["content-disposition"],
    ///     "attachment; filename=\"na_ve _1_.csv\"; filename*=UTF-8''na%C3%AFve%20%221%22.csv"
    /// );
    /// assert_eq!(headers["content-type"], "text/csv; charset=utf-8"); // no longer that of a .toml
    ///
    /// let headers = File::open("Cargo.toml").await.unwrap().attachment("..").into_response().headers().clone();
    /// assert_eq!(headers["content-disposition"], r#"attachment; filename="Cargo.toml""#);
    /// # }
    /// ```
    pub fn attachment(mut self, name: impl Into<String>) -> Self {
        self.disposition = Some(Kind::Attachment);
        self.name = Some(name.into());
        self
    }

    /// To be shown in the browser, under the name that it has. Not for what strangers have uploaded: it would be a page
    /// of this site. RFC 6266 §4.2.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::File;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let page = File::from_bytes("<p>hello").attachment("page.html").inline(); // the name stays
    /// let response = page.into_response();
    /// assert_eq!(response.headers()["content-disposition"], r#"inline; filename="page.html""#);
    /// assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
    /// # }
    /// ```
    pub fn inline(mut self) -> Self {
        self.disposition = Some(Kind::Inline);
        self
    }

    /// Without `Content-Disposition`: shown where it can be, under the last segment of the address.
    ///
    /// The type is still that of the name. As with [`inline`](Self::inline), not for what strangers have uploaded.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::File;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let response = File::open("Cargo.toml").await.unwrap().without_disposition().into_response();
    /// assert!(!response.headers().contains_key("content-disposition"));
    /// assert_eq!(response.headers()["content-type"], "application/toml");
    /// # }
    /// ```
    pub fn without_disposition(mut self) -> Self {
        self.disposition = None;
        self
    }

    /// The media type, in the place of the one that [the name](MediaType::of_file_name) tells. RFC 9110 §8.3.
    ///
    /// It goes on a 200 and a 206; with several ranges it stands in each part. `nosniff` goes along, so that browsers
    /// keep to it.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::{File, MediaType};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let upload = File::from_bytes("<script>").attachment("upload.html").media_type(MediaType::TEXT);
    /// let response = upload.into_response();
    /// assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
    /// assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    /// # }
    /// ```
    pub fn media_type(mut self, media_type: MediaType) -> Self {
        self.media_type = Some(media_type);
        self
    }

    /// The entity tag, in the place of the one that the file system's facts make. RFC 9110 §8.8.3.
    ///
    /// It is taken by its word: with a strong tag parts of two files that carry the same one are put together. A
    /// [packed form](Opening::precompressed) is another sequence of bytes: a strong tag has its coding behind it,
    /// `"v1-gzip"`.
    ///
    /// ```
    /// use axum::http::{HeaderMap, Method, header};
    /// use axum_responses::{ETag, File, RequestContext};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let ask = |tag: &str| {
    ///     let headers = HeaderMap::from_iter([(header::IF_NONE_MATCH, tag.parse().unwrap())]);
    ///     let context = RequestContext::new(Method::GET, &headers);
    ///     File::from_bytes("content").etag(ETag::strong("v1")).respond_to(&context)
    /// };
    /// assert_eq!(ask("W/\"v1\"").status(), 304); // If-None-Match compares weakly, RFC 9110 §13.1.2
    /// assert_eq!(ask("\"v1\"").headers()["etag"], "\"v1\"");
    /// assert!(!ask("\"v1\"").headers().contains_key("content-length"));
    /// assert_eq!(ask("\"v2\"").status(), 200);
    /// # }
    /// ```
    pub fn etag(mut self, etag: ETag) -> Self {
        self.etag = Tag::Given(etag);
        self
    }

    /// Without an entity tag: for files whose times mean nothing. The date stays; it is a
    /// weak validator for its first two seconds (RFC 9110 §8.8.2.2).
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::File;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let response = File::open("Cargo.toml").await.unwrap().without_etag().into_response();
    /// assert!(!response.headers().contains_key("etag"));
    /// assert!(response.headers().contains_key("last-modified"));
    /// # }
    /// ```
    pub fn without_etag(mut self) -> Self {
        self.etag = Tag::None;
        self
    }

    /// When it was modified last, in the place of what the file system says, in whole seconds. RFC 9110 §8.8.2.
    ///
    /// Before 1970 there is no `Last-Modified`; a time to come is sent as the present (§8.8.2.1). The entity tag is
    /// what it was: that of a path is still made of the file system's time.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use axum::response::IntoResponse;
    /// use axum_responses::{File, HttpDate};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let sent = |time| {
    ///     let response = File::from_bytes("").last_modified(time).into_response();
    ///     response.headers().get("last-modified").cloned()
    /// };
    /// let written = SystemTime::UNIX_EPOCH + Duration::from_millis(784_111_777_999);
    /// assert_eq!(sent(written).unwrap(), "Sun, 06 Nov 1994 08:49:37 GMT");
    /// assert_eq!(sent(SystemTime::UNIX_EPOCH - Duration::from_secs(1)), None);
    ///
    /// let tomorrow = SystemTime::now() + Duration::from_secs(86_400);
    /// assert_ne!(sent(tomorrow).unwrap(), HttpDate::clamped(tomorrow).to_header());
    /// # }
    /// ```
    pub fn last_modified(mut self, time: SystemTime) -> Self {
        self.last_modified = Some(time);
        self
    }

    /// How caches may keep it (RFC 9111 §5.2). It goes on a 200, a 206 and a 304, not on a refusal.
    ///
    /// Without it there is no `Cache-Control`, and a cache may guess by the date (RFC 9111 §4.2.2).
    ///
    /// ```
    /// use axum::http::{HeaderMap, Method, header};
    /// use axum_responses::{CacheControl, File, RequestContext};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let ask = |name, value: &str| {
    ///     let headers = HeaderMap::from_iter([(name, value.parse().unwrap())]);
    ///     let file = File::from_bytes("content").cache_control(&CacheControl::NO_CACHE);
    ///     file.respond_to(&RequestContext::new(Method::GET, &headers))
    /// };
    /// let unchanged = ask(header::IF_NONE_MATCH, "*");
    /// assert_eq!(unchanged.status(), 304);
    /// assert_eq!(unchanged.headers()["cache-control"], "no-cache");
    ///
    /// let past_the_end = ask(header::RANGE, "bytes=7-");
    /// assert_eq!(past_the_end.status(), 416);
    /// assert_eq!(past_the_end.headers()["content-range"], "bytes */7");
    /// assert!(!past_the_end.headers().contains_key("cache-control"));
    /// # }
    /// ```
    pub fn cache_control(mut self, cache_control: &CacheControl) -> Self {
        self.cache_control = (!cache_control.is_empty()).then(|| cache_control.to_header());
        self
    }

    /// How many bytes there are: of the form that is sent, where a [packed one](Opening::precompressed) was found.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// What it is known by: the entity tag, weak while the file is younger than two seconds, and the date. RFC 9110
    /// §8.8.
    ///
    /// A handler asks with them before it does something that costs, or checks an upload against them:
    /// [`Conditional`](crate::Conditional).
    ///
    /// ```
    /// use axum_responses::{ETag, File};
    ///
    /// let validators = File::from_bytes("content").validators();
    /// assert_eq!(validators.etag, Some(ETag::of_content(b"content")));
    /// assert_eq!(validators.last_modified, None); // bytes have no date
    /// ```
    #[must_use]
    pub fn validators(&self) -> Validators {
        self.validators_at(SystemTime::now())
    }

    fn validators_at(&self, now: SystemTime) -> Validators {
        let etag = match &self.etag {
            Tag::None => None,
            Tag::Given(etag) => match self.coding {
                // RFC 9110 §8.8.3.3: another sequence of bytes, and another tag.
                Some(coding) if !etag.is_weak() => {
                    ETag::try_strong(format!("{}-{}", etag.tag(), coding.name())).ok()
                }
                _ => Some(etag.clone()),
            },
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

    /// The answer to the request of this context: what [`into_response`](axum::response::IntoResponse::into_response)
    /// gives where that context is in force.
    ///
    /// ```
    /// use axum::http::{HeaderMap, Method, header};
    /// use axum_responses::{File, RequestContext};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let ask = |method, range: &str| {
    ///     let headers = HeaderMap::from_iter([(header::RANGE, range.parse().unwrap())]);
    ///     File::from_bytes("content").respond_to(&RequestContext::new(method, &headers))
    /// };
    /// let part = ask(Method::GET, "bytes=4-99"); // what is past the end is cut off, RFC 9110 §14.1.2
    /// assert_eq!(part.status(), 206);
    /// assert_eq!(part.headers()["content-range"], "bytes 4-6/7");
    /// assert_eq!(axum::body::to_bytes(part.into_body(), 100).await.unwrap(), "ent");
    ///
    /// let head = ask(Method::HEAD, "bytes=4-99"); // ranges are for GET, RFC 9110 §14.2
    /// assert_eq!(head.status(), 200);
    /// assert_eq!(head.headers()["content-length"], "7");
    /// assert_eq!(axum::body::to_bytes(head.into_body(), 100).await.unwrap(), "");
    /// # }
    /// ```
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
