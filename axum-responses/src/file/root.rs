//! A folder below which strangers may name files.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::content_disposition::Kind;
use super::folder_service::FolderService;
use super::opening::{Opening, Settings};
use super::system::{Base, Folder, open_folder};
use crate::conditional::CacheControl;
use crate::context::RequestContext;

/// A folder, held open, whose files may be asked for by name.
///
/// A path that a stranger sent leads to a regular file below the folder, or is a 404: `..` and `.` segments, absolute
/// paths, drive letters, backslashes, NUL, empty segments, folders, and symbolic links that lead out of it. That is
/// proved on the descriptor that is read (on Linux by `openat2`, elsewhere step by step), so that a link which is
/// exchanged meanwhile leads nowhere. Links that stay inside are followed. Names that begin with a dot are names like
/// others here; [the folder's service](Self::into_service) does not serve them.
///
/// What is set here stands for all files of it.
///
/// ```
/// use axum::{Router, extract::{Path, State}, routing::get};
/// use axum_responses::{File, FileError, Root, with_context};
/// # use axum::{body::Body, http::Request};
/// # use tower::ServiceExt;
///
/// async fn public(State(root): State<Root>, Path(path): Path<String>) -> Result<File, FileError> {
///     root.file(&path).await
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app: Router = Router::new()
///     .route("/public/{*path}", get(with_context(public)))
///     .with_state(Root::open("src").unwrap().inline().precompressed());
/// # let ask = async |path: &str| app.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
/// let found = ask("/public/file/mod.rs").await;
/// assert_eq!(found.status(), 200);
/// assert_eq!(found.headers()["content-disposition"], r#"inline; filename="mod.rs""#);
/// assert_eq!(found.headers()["vary"], "accept-encoding");
/// assert_eq!(ask("/public/..%2fCargo.toml").await.status(), 404);
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Root {
    folder: Arc<Folder>,
    follow: bool,
    settings: Settings,
}

impl Root {
    /// Opens the folder: once, when the program starts. What was opened stays the root, although it be renamed.
    ///
    /// # Errors
    /// Those of the operating system: the folder is missing, is no folder, or may not be read.
    ///
    /// ```
    /// use std::io::ErrorKind;
    /// use axum_responses::Root;
    ///
    /// assert_eq!(Root::open("missing").unwrap_err().kind(), ErrorKind::NotFound);
    /// assert!(Root::open("Cargo.toml").is_err());
    /// ```
    pub fn open(folder: impl AsRef<Path>) -> io::Result<Self> {
        Ok(Self {
            folder: Arc::new(open_folder(folder.as_ref())?),
            follow: false,
            settings: Settings::default(),
        })
    }

    /// The file at this path, for an answer to the request of the [`RequestContext`] in force. The path is
    /// percent-decoded, as axum's `Path` gives it, with `/` between its segments, and may come from a stranger.
    ///
    /// # Errors
    /// [`FileError`](crate::FileError): 404, 403, 500.
    ///
    /// ```
    /// use axum_responses::{FileError, Root};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let root = Root::open("src").unwrap();
    /// assert!(root.file("file/mod.rs").await.is_ok());
    /// for path in ["", "file", "file/", "/lib.rs", "./lib.rs", "file//mod.rs", "file/../lib.rs", "file%2Fmod.rs"] {
    ///     assert!(matches!(root.file(path).await, Err(FileError::NotFound)), "{path}");
    /// }
    /// # }
    /// ```
    pub fn file(&self, path: &str) -> Opening {
        let base = Base::Held {
            folder: Arc::clone(&self.folder),
            follow: self.follow,
        };
        below(base, path).with(self.settings.clone())
    }

    /// As [`file`](Self::file), for the request of this context. That decides which [packed form](Self::precompressed)
    /// is opened; the answer is that of [`File::respond_to`](super::File::respond_to).
    ///
    /// # Errors
    /// As [`file`](Self::file).
    ///
    /// ```
    /// use axum::http::{HeaderMap, Method};
    /// use axum_responses::{RequestContext, Root};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let context = RequestContext::new(Method::HEAD, &HeaderMap::new());
    /// let file = Root::open("src").unwrap().file_for(&context, "lib.rs").await.unwrap();
    /// let length = file.length();
    /// let response = file.respond_to(&context);
    /// assert_eq!(response.headers()["content-length"], length.to_string());
    /// assert_eq!(axum::body::to_bytes(response.into_body(), 0).await.unwrap(), "");
    /// # }
    /// ```
    pub fn file_for(&self, context: &RequestContext, path: &str) -> Opening {
        self.file(path).for_request(context)
    }

    /// To be shown in the browser, and not saved: for what is this site's own. A [`File`](super::File) of it may still
    /// say otherwise.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_responses::Root;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let root = Root::open("src").unwrap().inline();
    /// let sent = async |name: Option<&str>| {
    ///     let file = root.file("lib.rs").await.unwrap();
    ///     let file = match name { Some(name) => file.attachment(name), None => file };
    ///     file.into_response().headers()["content-disposition"].clone()
    /// };
    /// assert_eq!(sent(None).await, r#"inline; filename="lib.rs""#);
    /// assert_eq!(sent(Some("source.rs")).await, r#"attachment; filename="source.rs""#);
    /// # }
    /// ```
    pub fn inline(mut self) -> Self {
        self.settings.disposition = Some(Kind::Inline);
        self
    }

    /// Without `Content-Disposition`: as [`File::without_disposition`](super::File::without_disposition), for each of
    /// them.
    pub fn without_disposition(mut self) -> Self {
        self.settings.disposition = None;
        self
    }

    /// Sends packed files that lie beside: see [`Opening::precompressed`]. Every answer that was made of a file
    /// says `Vary: accept-encoding`, whether there are packed ones or not. A 404 does where it is of
    /// [the folder's service](Self::into_service); a [`FileError`](crate::FileError) knows nothing of it.
    pub fn precompressed(mut self) -> Self {
        self.settings.precompressed = true;
        self
    }

    pub(super) fn is_negotiated(&self) -> bool {
        self.settings.precompressed
    }

    /// How caches may keep the files (RFC 9111 §5.2): as [`File::cache_control`](super::File::cache_control), for each
    /// of them. One that is not there may be asked for again at once: the 404 says nothing of it.
    ///
    /// ```
    /// use std::time::Duration;
    /// use axum::response::IntoResponse;
    /// use axum_responses::{CacheControl, Root};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let root = Root::open("src").unwrap().cache_control(&CacheControl::new().max_age(Duration::from_secs(60)));
    /// let found = root.file("lib.rs").await.into_response();
    /// assert_eq!(found.headers()["cache-control"], "max-age=60");
    /// let missing = root.file("missing.rs").await.into_response();
    /// assert!(!missing.headers().contains_key("cache-control"));
    /// # }
    /// ```
    pub fn cache_control(mut self, cache_control: &CacheControl) -> Self {
        self.settings.cache_control =
            (!cache_control.is_empty()).then(|| cache_control.to_header());
        self
    }

    /// Lets symbolic links lead out of the folder: for folders that nobody else can write to. `..` in a path is a 404
    /// as before.
    ///
    /// ```
    /// # #[cfg(not(unix))] fn main() {}
    /// # #[cfg(unix)]
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # use axum_responses::{FileError, Root};
    /// # let folder = std::env::temp_dir().join(format!("symlinks-doc-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder).unwrap();
    /// let outside = std::path::absolute("Cargo.toml").unwrap();
    /// std::os::unix::fs::symlink(outside, folder.join("manifest")).unwrap();
    ///
    /// let root = Root::open(&folder).unwrap();
    /// assert!(matches!(root.file("manifest").await, Err(FileError::NotFound)));
    /// assert!(root.follow_symlinks().file("manifest").await.is_ok());
    /// # std::fs::remove_dir_all(&folder).unwrap();
    /// # }
    /// ```
    pub fn follow_symlinks(mut self) -> Self {
        self.follow = true;
        self
    }

    /// Does only what all systems can do: each file is opened, and each 256 KiB of it read, by a job of the
    /// blocking pool, the next while one is sent.
    ///
    /// On Linux, files that are in the kernel's caches are otherwise sent without any job; this is for tests of
    /// the other way, and for file systems that keep even such calls waiting.
    pub fn portable(mut self) -> Self {
        self.settings.portable = true;
        self
    }

    /// A service that answers `GET` and `HEAD` for the files of this folder: what `ServeDir` of `tower-http` is used
    /// for. The others are a 405 with `Allow`; a [disposition](Self::inline) that was set is not sent.
    ///
    /// ```
    /// use axum::{Router, body::Body, http::Request};
    /// use axum_responses::Root;
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app: Router = Router::new().nest_service("/source", Root::open("src").unwrap().into_service());
    /// # let ask = async |request: axum::http::request::Builder| {
    /// #     app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    /// # };
    /// let found = ask(Request::head("/source/lib.rs")).await;
    /// assert_eq!(found.status(), 200);
    /// assert!(!found.headers().contains_key("content-disposition"));
    ///
    /// let refused = ask(Request::post("/source/lib.rs")).await;
    /// assert_eq!(refused.status(), 405);
    /// assert_eq!(refused.headers()["allow"], "GET, HEAD");
    /// # }
    /// ```
    pub fn into_service(self) -> FolderService {
        FolderService::new(self)
    }
}

/// A path that a stranger sent, below this base.
pub(super) fn below(base: Base, path: &str) -> Opening {
    if is_harmless(path) {
        Opening::new(base, PathBuf::from(path))
    } else {
        Opening::refused()
    }
}

/// Whether it can be nothing but a path downwards, on every system. Links are another matter.
fn is_harmless(path: &str) -> bool {
    !path.contains(['\\', '\0'])
        && !has_drive_letter(path)
        && path
            .split('/')
            .all(|segment| !matches!(segment, "" | "." | "..") && names_no_device(segment))
}

/// `C:` and what is behind it.
fn has_drive_letter(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic())
}

/// Windows takes a colon for a stream within a file, cuts dots and blanks off the end, and knows devices in every
/// folder.
fn names_no_device(segment: &str) -> bool {
    if cfg!(not(windows)) {
        return true;
    }
    let stem = segment.split('.').next().unwrap_or_default().trim_end();
    let numbered = |name: &str| {
        stem.len() == 4
            && stem.is_char_boundary(3)
            && stem[..3].eq_ignore_ascii_case(name)
            && stem.as_bytes()[3].is_ascii_digit()
    };
    !segment.contains(':')
        && !segment.ends_with(['.', ' '])
        && !["con", "prn", "aux", "nul"]
            .iter()
            .any(|device| stem.eq_ignore_ascii_case(device))
        && !numbered("com")
        && !numbered("lpt")
}
