//! The future that opens a file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Bytes;
use http::{HeaderValue, Method, header};
use tokio::task::{JoinHandle, spawn_blocking};

use super::File;
use super::buffer::CHUNK;
use super::coding::{Coding, Forms};
use super::content_disposition::Kind;
use super::stored_file::read_head;
use super::system::{Attempt, Base, Opened, open, try_open};
use crate::context::RequestContext;
use crate::rejection::FileError;

/// Opens a file: a future of a [`File`] or a [`FileError`].
///
/// On Linux the kernel is asked first what it has in its caches, on the runtime's thread. Where that is not
/// enough, and on other systems, one job of the blocking pool opens the file, and reads its first 256 KiB along
/// when the request is a `GET` for all of it.
///
/// Nothing is opened before it is polled. The request of the context is read then as well, so await it within the
/// handler.
///
/// ```
/// use axum_responses::File;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # let path = std::env::temp_dir().join(format!("opening-doc-{}.txt", std::process::id()));
/// let opening = File::open(&path); // there is no such file yet
/// std::fs::write(&path, "now").unwrap();
/// assert_eq!(opening.await.unwrap().length(), 3);
/// # std::fs::remove_file(&path).unwrap();
/// # }
/// ```
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Opening {
    state: State,
    settings: Settings,
}

#[derive(Debug)]
enum State {
    Refused,
    Start(Start),
    Job(JoinHandle<io::Result<Found>>, PathBuf),
    Found(io::Result<Found>, PathBuf),
    Done,
}

#[derive(Debug)]
struct Start {
    what: What,
    /// In the place of the one in force.
    request: Option<RequestContext>,
}

#[derive(Debug)]
enum What {
    Path(Base, PathBuf),
    Open(fs::File),
}

/// What stands for all files of a root.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) disposition: Option<Kind>,
    pub(super) precompressed: bool,
    pub(super) portable: bool,
    pub(super) cache_control: Option<HeaderValue>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            disposition: Some(Kind::Attachment),
            precompressed: false,
            portable: false,
            cache_control: None,
        }
    }
}

/// A file in one of its forms, and its first bytes where they were read along.
#[derive(Debug)]
struct Found {
    opened: Opened,
    coding: Option<Coding>,
    head: Bytes,
}

impl Opening {
    pub(super) fn new(base: Base, path: PathBuf) -> Self {
        Self::of(What::Path(base, path))
    }

    pub(super) fn of_open(file: fs::File) -> Self {
        Self::of(What::Open(file))
    }

    fn of(what: What) -> Self {
        let request = None;
        Self {
            state: State::Start(Start { what, request }),
            settings: Settings::default(),
        }
    }

    /// A path that is no path.
    pub(super) fn refused() -> Self {
        Self {
            state: State::Refused,
            settings: Settings::default(),
        }
    }

    pub(super) fn with(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    pub(super) fn for_request(mut self, request: &RequestContext) -> Self {
        if let State::Start(start) = &mut self.state {
            start.request = Some(request.clone());
        }
        self
    }

    /// Sends `NAME.br`, `NAME.zst` or `NAME.gz` in the place of `NAME` where it lies beside it and the client's
    /// `Accept-Encoding` takes it (RFC 9110 §12.5.3): under the type of `NAME`, with an entity tag of its own. Among
    /// equals this is the order, and `NAME` itself is last. Nobody looks whether their contents are the same.
    ///
    /// `Vary: accept-encoding` goes out whether there are packed ones or not. Ranges and the length are those of the
    /// packed bytes. Without a context `NAME` itself is sent; `NAME` is sent as well, against `identity;q=0`, where
    /// there is no other form. Beside a file that is open already nothing can be looked for.
    ///
    /// ```
    /// use axum::http::{HeaderMap, Method, header};
    /// use axum_responses::{File, RequestContext};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # let folder = std::env::temp_dir().join(format!("precompressed-doc-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder).unwrap();
    /// # let style = folder.join("style.css");
    /// # std::fs::write(&style, "a { color: red }").unwrap();
    /// # std::fs::write(folder.join("style.css.gz"), "packed").unwrap();
    /// let ask = async |codings: &str| {
    ///     let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, codings.parse().unwrap())]);
    ///     let context = RequestContext::new(Method::GET, &headers);
    ///     File::open_for(&context, &style).precompressed().await.unwrap().respond_to(&context).headers().clone()
    /// };
    /// let packed = ask("gzip, br").await;
    /// assert_eq!(packed["content-encoding"], "gzip");
    /// assert_eq!(packed["content-length"], "6");
    /// assert_eq!(packed["content-type"], "text/css; charset=utf-8");
    /// assert_eq!(packed["vary"], "accept-encoding");
    ///
    /// let plain = ask("gzip;q=0").await;
    /// assert!(!plain.contains_key("content-encoding"));
    /// assert_eq!(plain["vary"], "accept-encoding");
    /// assert_ne!(plain["etag"], packed["etag"]);
    /// # std::fs::remove_dir_all(&folder).unwrap();
    /// # }
    /// ```
    pub fn precompressed(mut self) -> Self {
        let is_open =
            matches!(&self.state, State::Start(start) if matches!(start.what, What::Open(_)));
        self.settings.precompressed = !is_open;
        self
    }

    /// Does only what all systems can do, by jobs of the blocking pool: see [`Root::portable`](super::Root::portable).
    /// What is sent is the same.
    ///
    /// ```
    /// use axum_responses::File;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let one = File::open("Cargo.toml").await.unwrap();
    /// let other = File::open("Cargo.toml").portable().await.unwrap();
    /// assert_eq!(one.validators(), other.validators());
    /// # }
    /// ```
    pub fn portable(mut self) -> Self {
        self.settings.portable = true;
        self
    }

    /// Asks the kernel for what it has in its caches; else a job.
    fn start(&self, start: Start) -> State {
        let portable = self.settings.portable;
        let (base, path) = match start.what {
            What::Path(base, path) => (base, path),
            What::Open(file) => {
                let job = spawn_blocking(move || Ok(Found::new(Opened::of(file, portable)?, None)));
                return State::Job(job, PathBuf::new());
            }
        };
        let mut request = start.request;
        let forms = if self.settings.precompressed {
            request = request.or_else(RequestContext::current);
            request.as_ref().map(Forms::of).unwrap_or_default()
        } else {
            Forms::default()
        };
        if !portable && let Attempt::Done(found) = try_first(forms, &base, &path) {
            return State::Found(found, path);
        }
        let request = request.or_else(RequestContext::current);
        let wants_head = request.as_ref().is_some_and(wants_the_whole);
        let kept = path.clone();
        let job = spawn_blocking(move || {
            let mut found = first(forms, &path, |path| open(&base, path, portable))?;
            if wants_head {
                let length = found.opened.length.min(CHUNK as u64);
                found.head = read_head(&found.opened.file, length)?;
            }
            Ok(found)
        });
        State::Job(job, kept)
    }

    fn finish(&self, found: io::Result<Found>, path: PathBuf) -> Result<File, FileError> {
        let Found {
            opened,
            coding,
            head,
        } = found?;
        let settings = &self.settings;
        Ok(File {
            path,
            disposition: settings.disposition,
            cache_control: settings.cache_control.clone(),
            coding,
            negotiated: settings.precompressed,
            ..File::of_opened(opened, head)
        })
    }
}

impl Found {
    fn new(opened: Opened, coding: Option<Coding>) -> Self {
        Self {
            opened,
            coding,
            head: Bytes::new(),
        }
    }
}

/// Whether the answer will be all of the file, unless something is wrong with it.
fn wants_the_whole(request: &RequestContext) -> bool {
    const OTHERWISE: [http::HeaderName; 5] = [
        header::RANGE,
        header::IF_MATCH,
        header::IF_NONE_MATCH,
        header::IF_MODIFIED_SINCE,
        header::IF_UNMODIFIED_SINCE,
    ];
    request.method() != Method::HEAD && OTHERWISE.iter().all(|name| request.header(name).is_none())
}

/// The first of these forms that can be opened. The last one is the file itself, and the one whose error counts.
fn first(
    forms: Forms,
    path: &Path,
    mut open: impl FnMut(&Path) -> io::Result<Opened>,
) -> io::Result<Found> {
    let mut result = Err(io::ErrorKind::NotFound.into());
    for form in forms.iter() {
        let opened = match form {
            Some(coding) => {
                let mut packed = path.as_os_str().to_owned();
                packed.push(coding.suffix());
                open(Path::new(&packed))
            }
            None => open(path),
        };
        result = opened.map(|opened| Found::new(opened, form));
        if result.is_ok() {
            break;
        }
    }
    result
}

/// The same from the caches alone. Where one form is not in them, the order is for a job to keep.
fn try_first(forms: Forms, base: &Base, path: &Path) -> Attempt<io::Result<Found>> {
    let mut ask = false;
    let found = first(forms, path, |path| {
        if ask {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        match try_open(base, path) {
            Attempt::Done(opened) => opened,
            Attempt::Ask => {
                ask = true;
                Err(io::ErrorKind::WouldBlock.into())
            }
        }
    });
    if ask {
        Attempt::Ask
    } else {
        Attempt::Done(found)
    }
}

impl Future for Opening {
    type Output = Result<File, FileError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        loop {
            match std::mem::replace(&mut this.state, State::Done) {
                State::Refused => return Poll::Ready(Err(FileError::NotFound)),
                State::Start(start) => this.state = this.start(start),
                State::Job(mut job, path) => {
                    let Poll::Ready(found) = Pin::new(&mut job).poll(cx) else {
                        this.state = State::Job(job, path);
                        return Poll::Pending;
                    };
                    let found = found.map_err(io::Error::other).and_then(|found| found);
                    this.state = State::Found(found, path);
                }
                State::Found(found, path) => return Poll::Ready(this.finish(found, path)),
                State::Done => return Poll::Pending,
            }
        }
    }
}
