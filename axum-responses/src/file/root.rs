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
/// proved on the descriptor that is read (on Linux by `openat2`, elsewhere step by step), so that a link which
/// is exchanged meanwhile leads nowhere. Links that stay inside are followed.
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
    /// Opens the folder: once, when the program starts.
    ///
    /// # Errors
    /// Those of the operating system.
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
    pub fn file(&self, path: &str) -> Opening {
        let base = Base::Held {
            folder: Arc::clone(&self.folder),
            follow: self.follow,
        };
        below(base, path).with(self.settings.clone())
    }

    /// As [`file`](Self::file), for the request of this context.
    ///
    /// # Errors
    /// As [`file`](Self::file).
    pub fn file_for(&self, context: &RequestContext, path: &str) -> Opening {
        self.file(path).for_request(context)
    }

    /// To be shown in the browser, and not saved: for what is this site's own.
    pub fn inline(mut self) -> Self {
        self.settings.disposition = Some(Kind::Inline);
        self
    }

    /// Without `Content-Disposition`.
    pub fn without_disposition(mut self) -> Self {
        self.settings.disposition = None;
        self
    }

    /// Sends packed files that lie beside: see [`Opening::precompressed`]. Every answer that was made of a file
    /// says `Vary: accept-encoding`, whether there are packed ones or not.
    pub fn precompressed(mut self) -> Self {
        self.settings.precompressed = true;
        self
    }

    /// How caches may keep the files.
    pub fn cache_control(mut self, cache_control: &CacheControl) -> Self {
        self.settings.cache_control = Some(cache_control.to_header());
        self
    }

    /// Lets symbolic links lead out of the folder: for folders that nobody else can write to.
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

    /// A service that answers `GET` and `HEAD` for the files of this folder: what `ServeDir` of `tower-http` is used for.
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
