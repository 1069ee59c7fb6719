//! A folder as a service.

use std::convert::Infallible;
use std::fmt;
use std::task::{Context, Poll};

use axum::extract::{OriginalUri, Request};
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use http::{HeaderValue, Method, StatusCode, Uri, header};
use percent_encoding::percent_decode_str;
use tower_service::Service;

use super::File;
use super::answer::VARY;
use super::root::Root;
use crate::conditional::CacheControl;
use crate::context::RequestContext;
use crate::media_type::MediaType;
use crate::problem::Problem;
use crate::redirect::Redirect;
use crate::rejection::FileError;
use crate::vary;

/// The files of a [`Root`], as a service: made by [`Root::into_service`], for `Router::fallback_service` and
/// `Router::nest_service`.
///
/// - `/` and `/folder/` are answered with the `index.html` of the folder; `/folder` redirects to `/folder/` (308), and
///   the query goes along. So does the address that the service is nested at. A layer that takes the last slash away
///   before a route is looked for makes a circle of that: keep it off this service.
/// - Names that hold a hash of their content ([`is_hashed_name`]) may be kept by caches for a year; pages must
///   be asked for each time (`no-cache`), and the others are as [`Root::cache_control`] has it.
/// - What is [hidden](Self::hidden) by a dot before its name is missing.
/// - [`spa`](Self::spa) answers addresses without a file with a page, for applications that route in the browser.
/// - There is no `Content-Disposition`.
///
/// It needs no [`RequestContext`] around it: it reads the request by itself.
///
/// ```
/// use axum::{Router, body::Body, http::Request};
/// use axum_responses::Root;
/// # use tower::ServiceExt;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # let folder = std::env::temp_dir().join(format!("folder-service-doc-{}", std::process::id()));
/// # std::fs::create_dir_all(folder.join("docs")).unwrap();
/// # std::fs::write(folder.join("docs/index.html"), "<h1>docs</h1>").unwrap();
/// # std::fs::write(folder.join("app.3f2a91bc.js"), "").unwrap();
/// let app: Router = Router::new().fallback_service(Root::open(&folder).unwrap().into_service());
/// # let ask = async |path: &str| app.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
/// let page = ask("/docs/").await;
/// assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
/// assert_eq!(page.headers()["cache-control"], "no-cache");
/// assert_eq!(ask("/docs?page=2").await.headers()["location"], "./docs/?page=2");
/// assert_eq!(ask("/app.3f2a91bc.js").await.headers()["cache-control"], "max-age=31536000, public, immutable");
/// assert_eq!(ask("/").await.status(), 404); // there is no index.html in it
/// assert_eq!(ask("/%2e%2e/Cargo.toml").await.status(), 404);
/// # std::fs::remove_dir_all(&folder).unwrap();
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct FolderService {
    root: Root,
    page: Option<String>,
    hidden: bool,
}

impl FolderService {
    pub(super) fn new(root: Root) -> Self {
        Self {
            root: root.without_disposition(),
            page: None,
            hidden: false,
        }
    }

    /// Whether files and folders whose names begin with a dot are served. Unless said they are missing: a `.git` or
    /// `.env` that was copied along is nobody's business. `.well-known` (RFC 8615) is always served.
    ///
    /// [`Root::file`], which is given paths by the program, has no such rule.
    ///
    /// ```
    /// use axum::{Router, body::Body, http::Request};
    /// use axum_responses::Root;
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # let folder = std::env::temp_dir().join(format!("hidden-doc-{}", std::process::id()));
    /// # std::fs::create_dir_all(folder.join(".well-known")).unwrap();
    /// # std::fs::write(folder.join(".env"), "SECRET=1").unwrap();
    /// # std::fs::write(folder.join(".well-known/security.txt"), "Contact: x").unwrap();
    /// let service = Root::open(&folder).unwrap().into_service();
    /// # let ask = async |service: &axum_responses::file::FolderService, path: &str| {
    /// #     let app: Router = Router::new().fallback_service(service.clone());
    /// #     app.oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap()
    /// # };
    /// assert_eq!(ask(&service, "/.env").await.status(), 404);
    /// assert_eq!(ask(&service, "/.well-known/security.txt").await.status(), 200);
    /// assert_eq!(ask(&service.hidden(true), "/.env").await.status(), 200);
    /// # std::fs::remove_dir_all(&folder).unwrap();
    /// # }
    /// ```
    pub fn hidden(mut self, served: bool) -> Self {
        self.hidden = served;
        self
    }

    /// Answers addresses without a file with this one, `index.html` mostly, under 200: only for requests whose
    /// `Accept` names `text/html`, as those of a browser's address bar do, so that a missing script stays a 404.
    ///
    /// The page is a path below the folder. Where it is missing itself, the answer is a 404.
    ///
    /// ```
    /// use axum::{Router, body::Body, http::Request};
    /// use axum_responses::Root;
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # let folder = std::env::temp_dir().join(format!("spa-doc-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder).unwrap();
    /// # std::fs::write(folder.join("index.html"), "<h1>app</h1>").unwrap();
    /// let application = Root::open(&folder).unwrap().precompressed().into_service().spa("index.html");
    /// let app: Router = Router::new().fallback_service(application);
    /// # let ask = async |path: &str, accept: &str| {
    /// #     let request = Request::get(path).header("accept", accept).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// assert_eq!(ask("/users/7", "text/html,*/*;q=0.8").await.status(), 200);
    /// assert_eq!(ask("/old.js", "*/*").await.status(), 404);
    /// # std::fs::remove_dir_all(&folder).unwrap();
    /// # }
    /// ```
    pub fn spa(mut self, page: impl Into<String>) -> Self {
        self.page = Some(page.into());
        self
    }
}

impl fmt::Debug for FolderService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FolderService")
            .field("root", &self.root)
            .field("page", &self.page)
            .field("hidden", &self.hidden)
            .finish()
    }
}

impl Service<Request> for FolderService {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let context = RequestContext::current()
            .unwrap_or_else(|| RequestContext::new(request.method().clone(), request.headers()));
        let service = self.clone();
        let uri = request.uri().clone();
        let original = request.extensions().get::<OriginalUri>().cloned();
        Box::pin(async move {
            let original = original.as_ref().map_or(&uri, |original| &original.0);
            let answer = service.serve(&context, &uri, original).await;
            Ok(answer.unwrap_or_else(|problem| {
                let mut response = problem.respond_to(&context);
                if service.root.is_negotiated() {
                    // A packed form may lie where the file itself does not.
                    vary::unite(response.headers_mut(), &VARY);
                }
                response
            }))
        })
    }
}

impl FolderService {
    /// What is at this address; the original one is that of the client, before a router took a prefix from it.
    async fn serve(
        &self,
        context: &RequestContext,
        uri: &Uri,
        original: &Uri,
    ) -> Result<Response, Problem> {
        if !matches!(*context.method(), Method::GET | Method::HEAD) {
            // RFC 9110 §15.5.6
            return Err(Problem::new(StatusCode::METHOD_NOT_ALLOWED)
                .detail("Files can be read.")
                .header(header::ALLOW, HeaderValue::from_static("GET, HEAD")));
        }
        let path = decoded(uri.path()).ok_or(FileError::NotFound)?;
        let is_folder = path.is_empty() || path.ends_with('/');
        let is_hidden = !self.hidden && names_hidden(&path);
        let found = if is_hidden {
            Err(FileError::NotFound)
        } else if is_folder {
            self.file(context, &format!("{path}index.html")).await
        } else {
            self.file(context, &path).await
        };
        match found {
            // Nested, and asked for without the slash: relative links in the page would lead beside the folder.
            Ok(_) if is_folder && !original.path().ends_with('/') => {
                Ok(Redirect::permanent(into_folder(original)).into_response())
            }
            Ok(file) => Ok(file.respond_to(context)),
            Err(FileError::NotFound)
                if !is_folder && !is_hidden && self.has_index(context, &path).await =>
            {
                Ok(Redirect::permanent(into_folder(original)).into_response())
            }
            Err(FileError::NotFound) => match &self.page {
                Some(page) if asks_for_a_page(context) => {
                    Ok(self.file(context, page).await?.respond_to(context))
                }
                _ => Err(FileError::NotFound.into()),
            },
            Err(error) => Err(error.into()),
        }
    }

    async fn file(&self, context: &RequestContext, path: &str) -> Result<File, FileError> {
        let file = self.root.file_for(context, path).await?;
        let name = path.rsplit('/').next().unwrap_or_default();
        Ok(if is_hashed_name(name) {
            file.cache_control(&CacheControl::IMMUTABLE)
        } else if MediaType::of_file_name(name).essence() == MediaType::HTML.essence() {
            file.cache_control(&CacheControl::NO_CACHE)
        } else {
            file
        })
    }

    async fn has_index(&self, context: &RequestContext, path: &str) -> bool {
        let index = format!("{path}/index.html");
        self.root.file_for(context, &index).await.is_ok()
    }
}

fn names_hidden(path: &str) -> bool {
    path.split('/')
        .any(|segment| segment.starts_with('.') && segment != ".well-known")
}

/// The path without its first slash, percent-decoded. `None` for what is no text, and for a slash within a segment:
/// whoever stands before this server took it for a part of a name.
fn decoded(path: &str) -> Option<String> {
    let mut decoded = String::with_capacity(path.len());
    for (index, segment) in path.strip_prefix('/')?.split('/').enumerate() {
        if index > 0 {
            decoded.push('/');
        }
        let segment = percent_decode_str(segment).decode_utf8().ok()?;
        if segment.contains('/') {
            return None;
        }
        decoded.push_str(&segment);
    }
    Some(decoded)
}

/// Relative to the request's own address (RFC 3986 §5), so that it holds wherever the service is nested.
fn into_folder(uri: &Uri) -> String {
    let folder = uri.path().rsplit('/').next().unwrap_or_default();
    match uri.query() {
        Some(query) => format!("./{folder}/?{query}"),
        None => format!("./{folder}/"),
    }
}

/// Whether it comes from the address bar: `fetch` and `<script>` ask for anything.
fn asks_for_a_page(context: &RequestContext) -> bool {
    let names_it = context.lines(&header::ACCEPT).any(|line| {
        line.as_bytes()
            .split(|byte| matches!(byte, b',' | b';'))
            .any(|range| range.trim_ascii().eq_ignore_ascii_case(b"text/html"))
    });
    names_it && context.accept().accepts(&MediaType::HTML)
}

/// Whether a bundler put a hash of the content into this name, so that the content under it never changes:
/// `app.3f2a91bc.js`, `index-B3kq9xZe.css`, `chunk-X3LM7ZQA.mjs`.
///
/// A hash stands between two of `.`, `-`, `_`, and is 8 or more hexadecimal digits with letters and digits among them,
/// or 8 letters and digits of base 64 or base 32: small, large ones and a digit, or large ones and two digits. A hash
/// that happens to look like a word is not taken for one: nothing is lost but the caching.
///
/// ```
/// use axum_responses::file::is_hashed_name;
///
/// assert!(is_hashed_name("app.3f2a91bc.js") && is_hashed_name("index-B3kq9xZe.css"));
/// for name in ["app.js", "jquery-3.7.1.min.js", "report-20240131.pdf", "settings-download.js", "3f2a91bc"] {
///     assert!(!is_hashed_name(name), "{name}");
/// }
/// ```
#[must_use]
pub fn is_hashed_name(name: &str) -> bool {
    let Some((stem, _)) = name.rsplit_once('.') else {
        return false;
    };
    stem.split(['.', '-', '_'])
        .skip(1)
        .any(|part| is_hash(part.as_bytes()))
}

fn is_hash(part: &[u8]) -> bool {
    let count = |of: fn(&u8) -> bool| part.iter().filter(|byte| of(byte)).count();
    let digits = count(u8::is_ascii_digit);
    let (small, large) = (count(u8::is_ascii_lowercase), count(u8::is_ascii_uppercase));
    let hexadecimal = count(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) == part.len();
    if part.len() < 8 || digits + small + large != part.len() {
        return false;
    }
    hexadecimal && digits > 0 && small > 0
        || part.len() == 8 && small > 0 && large > 0 && digits > 0
        || part.len() == 8 && small == 0 && large > 0 && digits > 1
}
