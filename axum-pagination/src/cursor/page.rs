//! A page by cursor, alone and with links to its neighbours.

use std::fmt::Display;
use std::num::NonZeroU64;

use axum::response::{IntoResponse, Response};
use axum_responses::Json;
use http::Uri;
use serde::ser::Error;
use serde::{Deserialize, Serialize, Serializer};

use super::CursorParams;
use crate::limits::check_cursor;
use crate::links;
use crate::names::Names;
use crate::total::Total;

/// Some items, and where the next ones begin.
///
/// As JSON: `{"items":[..],"results_per_page":10,"cursor":"p10"}`; `cursor` is `null` at the end.
///
/// ```
/// use axum_pagination::{CursorPagination, CursorParams};
///
/// let params = CursorParams::<20, 100>::new(None, 2).unwrap();
/// let page = CursorPagination::new(vec!["a", "b"], &params, Some(2));
/// assert_eq!(
///     serde_json::to_string(&page).unwrap(),
///     r#"{"items":["a","b"],"results_per_page":2,"cursor":2}"#
/// );
/// ```
///
/// A cursor that is written as an empty text, or as one of more than 4096 bytes, would not lead on: such a page cannot
/// be written, and is a logged 500.
///
/// ```
/// use axum::response::IntoResponse;
/// use axum_pagination::{CursorPagination, CursorParams};
///
/// let page = CursorPagination::new(vec!["a"], &CursorParams::<20, 100>::default(), Some(""));
/// assert!(serde_json::to_string(&page).unwrap_err().to_string().contains("an empty cursor"));
/// assert_eq!(page.into_response().status(), 500);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(serialize = "C: Serialize, T: Serialize"))]
#[must_use]
pub struct CursorPagination<C, T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// How many items a page has at most.
    pub results_per_page: NonZeroU64,
    /// Where the next page begins; none when nothing follows.
    #[serde(serialize_with = "leading_on")]
    pub cursor: Option<C>,
}

/// Writes a cursor that leads on when it comes back: see [`check_cursor`].
fn leading_on<C: Serialize, S: Serializer>(
    cursor: &Option<C>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    // Numbers are neither empty nor long.
    if let Some(Ok(serde_json::Value::String(text))) = cursor.as_ref().map(serde_json::to_value) {
        check_cursor(&text).map_err(Error::custom)?;
    }
    cursor.serialize(serializer)
}

/// The same without looking what the cursor is written as.
fn text_leading_on<S: Serializer>(
    cursor: &Option<String>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    cursor
        .as_deref()
        .map_or(Ok(()), check_cursor)
        .map_err(Error::custom)?;
    cursor.serialize(serializer)
}

impl<C, T> CursorPagination<C, T> {
    /// The page that was asked for, and where the next one begins.
    ///
    /// `None` says that nothing follows; a page without items, or with fewer than it may have, says nothing of the
    /// kind.
    ///
    /// ```
    /// use axum_pagination::{CursorPagination, CursorParams};
    ///
    /// // Everything on this page was filtered out: the client goes on.
    /// let page = CursorPagination::new(Vec::<u32>::new(), &CursorParams::<20, 100>::default(), Some("after-20"));
    /// assert_eq!(serde_json::to_string(&page).unwrap(), r#"{"items":[],"results_per_page":20,"cursor":"after-20"}"#);
    /// ```
    pub fn new<const DEFAULT: u64, const MAX: u64, N: Names>(
        items: Vec<T>,
        params: &CursorParams<DEFAULT, MAX, N>,
        cursor: Option<C>,
    ) -> Self {
        Self {
            items,
            results_per_page: params.results_per_page(),
            cursor,
        }
    }

    /// Adds links to the first and the next page, which keep the request's other parameters.
    ///
    /// In the body the cursor becomes text, as it is in the query, and there is a `previous_cursor`, which is null:
    /// such a page knows no way back. `Display` and `FromStr` of the cursor have to be each other's inverse.
    ///
    /// ```
    /// use axum_pagination::{CursorPagination, CursorParams};
    ///
    /// let params = CursorParams::<20, 100>::default();
    /// let page = CursorPagination::new(vec!["a"], &params, Some(7));
    /// assert_eq!(serde_json::to_string(&page).unwrap(), r#"{"items":["a"],"results_per_page":20,"cursor":7}"#);
    /// assert_eq!(
    ///     serde_json::to_string(&page.link(&params)).unwrap(),
    ///     r#"{"items":["a"],"results_per_page":20,"cursor":"7","previous_cursor":null}"#
    /// );
    /// ```
    pub fn link<const DEFAULT: u64, const MAX: u64, N: Names>(
        self,
        params: &CursorParams<DEFAULT, MAX, N>,
    ) -> CursorPage<T>
    where
        C: Display,
    {
        let next = self.cursor.map(|cursor| cursor.to_string());
        CursorPage::new(self.items, self.results_per_page, next, None).link(params)
    }

    /// The same page of something else: rows to what clients see of them.
    ///
    /// ```
    /// # use axum_pagination::{CursorPagination, CursorParams};
    /// let page = CursorPagination::new(vec![1, 2], &CursorParams::<20, 100>::default(), None::<u64>);
    /// assert_eq!(page.map_items(|n| n.to_string()).items, ["1", "2"]);
    /// ```
    pub fn map_items<U>(self, map: impl FnMut(T) -> U) -> CursorPagination<C, U> {
        CursorPagination {
            items: self.items.into_iter().map(map).collect(),
            results_per_page: self.results_per_page,
            cursor: self.cursor,
        }
    }
}

impl<C: Serialize, T: Serialize> IntoResponse for CursorPagination<C, T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

/// A page that knows both its neighbours, with `Link` (RFC 8288), and `X-Total-Count` where somebody counted.
///
/// As JSON: `{"items":[..],"results_per_page":10,"cursor":NEXT,"previous_cursor":PREVIOUS}`, `null` where there
/// is no such page. Links are sent once they are told of the request ([`link`](Self::link)): `first` always, `prev` and
/// `next` where there is such a page. The references are relative: they lead to where the client asked.
/// Links of more than 8 KiB in all are left out, `next` as the last.
///
/// ```
/// use std::num::NonZeroU64;
/// use axum::response::IntoResponse;
/// use axum_pagination::{CursorPage, CursorParams, Total};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let params = CursorParams::<20, 100>::new(None, 2).unwrap();
/// let page = CursorPage::new(vec![1, 2], params.results_per_page(), Some("c=".to_owned()), None);
/// let response = page.total(Total::AtLeast(1000)).link(&params).into_response();
/// assert_eq!(response.headers()["x-total-count"], "1000");
/// assert_eq!(response.headers()["x-total-count-relation"], "at-least");
/// assert_eq!(
///     response.headers()["link"],
///     r#"<?results_per_page=2>; rel="first", <?results_per_page=2&cursor=c%3D>; rel="next""#
/// );
/// let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
/// assert_eq!(body, r#"{"items":[1,2],"results_per_page":2,"cursor":"c=","previous_cursor":null}"#);
/// # }
/// ```
///
/// Clients in Rust read it too. What they read has no links, for these are not in the body:
///
/// ```
/// use axum::response::IntoResponse;
/// use axum_pagination::CursorPage;
///
/// let body = r#"{"items":[3,4],"results_per_page":2,"cursor":null,"previous_cursor":"b"}"#;
/// let page: CursorPage<u32> = serde_json::from_str(body).unwrap();
/// assert_eq!((page.items(), page.results_per_page().get()), (&[3, 4][..], 2));
/// assert_eq!((page.next_cursor(), page.previous_cursor()), (None, Some("b")));
/// assert!(!page.into_response().headers().contains_key("link"));
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[must_use]
pub struct CursorPage<T> {
    items: Vec<T>,
    results_per_page: NonZeroU64,
    #[serde(serialize_with = "text_leading_on")]
    cursor: Option<String>,
    #[serde(serialize_with = "text_leading_on")]
    previous_cursor: Option<String>,
    #[serde(skip)]
    last: Option<String>,
    #[serde(skip)]
    request: Option<links::Request>,
    /// Kept apart: it may be said before there are links, and these may be said again.
    #[serde(skip)]
    base: Option<Uri>,
    #[serde(skip)]
    total: Total,
}

impl<T> CursorPage<T> {
    /// These items, and where the pages after and before them begin.
    ///
    /// The number of items is not compared with `results_per_page`. A cursor that would not lead on, being empty or
    /// longer than 4096 bytes, makes it a logged 500 in the end. Links come with [`link`](Self::link).
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_pagination::{CursorPage, CursorParams};
    ///
    /// let params = CursorParams::<20, 100>::default();
    /// let page = || CursorPage::new(vec!["c"], params.results_per_page(), None, Some("b".to_owned()));
    /// assert!(!page().into_response().headers().contains_key("link"));
    /// assert_eq!(
    ///     page().link(&params).into_response().headers()["link"],
    ///     r#"<?results_per_page=20>; rel="first", <?results_per_page=20&cursor=b>; rel="prev""#
    /// );
    /// let lost = CursorPage::new(vec!["c"], params.results_per_page(), Some("c".repeat(4097)), None);
    /// assert_eq!(lost.into_response().status(), 500);
    /// ```
    pub fn new(
        items: Vec<T>,
        results_per_page: NonZeroU64,
        next: Option<String>,
        previous: Option<String>,
    ) -> Self {
        Self {
            items,
            results_per_page,
            cursor: next,
            previous_cursor: previous,
            last: None,
            request: None,
            base: None,
            total: Total::Unknown,
        }
    }

    /// What is known of the number of items in all: `X-Total-Count`, with links and without.
    ///
    /// It replaces what was known; [`Total::Unknown`] takes it away.
    ///
    /// ```
    /// use std::num::NonZeroU64;
    /// use axum::response::IntoResponse;
    /// use axum_pagination::{CursorPage, Total};
    ///
    /// let page = CursorPage::new(vec![1], NonZeroU64::MIN, None, None).total(Total::About(1000));
    /// let response = page.clone().into_response();
    /// assert_eq!(response.headers()["x-total-count"], "1000");
    /// assert_eq!(response.headers()["x-total-count-relation"], "about");
    /// assert!(!page.total(Total::Unknown).into_response().headers().contains_key("x-total-count"));
    /// ```
    pub fn total(mut self, total: Total) -> Self {
        self.total = total;
        self
    }

    /// Where the last page begins: a link to it.
    ///
    /// It is in the `Link` header alone, so it takes [`link`](Self::link) as well; the body does not know it. Pages
    /// that this crate [fetches](crate::Keyset::fetch) and [assembles](crate::Keyset::assemble) have it, the last one
    /// too.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_pagination::{CursorPage, CursorParams};
    ///
    /// let params = CursorParams::<2, 100>::default();
    /// let page = CursorPage::new(vec![1, 2], params.results_per_page(), None, None).last("end".to_owned());
    /// assert!(!serde_json::to_string(&page).unwrap().contains("end"));
    /// assert_eq!(
    ///     page.link(&params).into_response().headers()["link"],
    ///     r#"<?results_per_page=2>; rel="first", <?results_per_page=2&cursor=end>; rel="last""#
    /// );
    /// ```
    pub fn last(mut self, cursor: String) -> Self {
        self.last = Some(cursor);
        self
    }

    /// Adds links to the first, previous and next page, which keep the request's other parameters.
    ///
    /// These come first, as they were sent; the page's own ones follow, the size also where the request had none.
    /// Parameters that were [made](CursorParams::new) know of no others.
    ///
    /// ```
    /// use axum::{Router, body::Body, http::Request, routing::get};
    /// use axum_pagination::{CursorPage, CursorParams};
    /// # use tower::ServiceExt;
    ///
    /// async fn letters(page: CursorParams<2, 100>) -> CursorPage<char> {
    ///     CursorPage::new(vec!['a', 'b'], page.results_per_page(), Some("b".to_owned()), None).link(&page)
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app: Router = Router::new().route("/", get(letters));
    /// let request = Request::get("/?cursor=a&tag=x%20y&tag=z").body(Body::empty()).unwrap();
    /// let response = app.oneshot(request).await.unwrap();
    /// assert_eq!(response.headers()["link"].to_str().unwrap().split(", ").collect::<Vec<_>>(), [
    ///     r#"<?tag=x%20y&tag=z&results_per_page=2>; rel="first""#,
    ///     r#"<?tag=x%20y&tag=z&results_per_page=2&cursor=b>; rel="next""#,
    /// ]);
    /// # }
    /// ```
    pub fn link<const DEFAULT: u64, const MAX: u64, N: Names>(
        mut self,
        params: &CursorParams<DEFAULT, MAX, N>,
    ) -> Self {
        self.request = Some(params.request());
        self
    }

    /// Puts this address in front of the links, which are of the query alone without it: for clients that do not
    /// resolve relative references (RFC 3986 §5).
    ///
    /// It takes [`link`](Self::link) as well, before it or after it. `OriginalUri` of axum is what the server was asked
    /// for; behind a proxy that rewrites paths, give the public address. A query in it is left out.
    ///
    /// ```
    /// use axum::http::Uri;
    /// use axum::response::IntoResponse;
    /// use axum_pagination::{CursorPage, CursorParams};
    ///
    /// let params = CursorParams::<20, 100>::new(None, 2).unwrap();
    /// let page = CursorPage::new(vec![1], params.results_per_page(), None, None).link(&params);
    /// let response = page.link_base(&Uri::from_static("https://example.com/numbers")).into_response();
    /// assert_eq!(response.headers()["link"], r#"<https://example.com/numbers?results_per_page=2>; rel="first""#);
    /// ```
    pub fn link_base(mut self, base: &Uri) -> Self {
        self.base = Some(base.clone());
        self
    }

    /// The items of this page.
    #[must_use]
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// The items alone.
    #[must_use]
    pub fn into_items(self) -> Vec<T> {
        self.items
    }

    /// How many items a page has at most.
    #[must_use]
    pub fn results_per_page(&self) -> NonZeroU64 {
        self.results_per_page
    }

    /// Where the next page begins.
    #[must_use]
    pub fn next_cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// Where the page before begins.
    #[must_use]
    pub fn previous_cursor(&self) -> Option<&str> {
        self.previous_cursor.as_deref()
    }

    /// Where the last page begins, when somebody said so.
    #[cfg(feature = "testing")]
    pub(crate) fn last_cursor(&self) -> Option<&str> {
        self.last.as_deref()
    }

    #[cfg(feature = "testing")]
    pub(crate) fn total_items(&self) -> Total {
        self.total
    }

    /// The page without links and without the way back: its body is that of
    /// [`paginate`](crate::CursorPaginator::paginate).
    ///
    /// ```
    /// use std::num::NonZeroU64;
    /// use axum_pagination::CursorPage;
    ///
    /// let page = CursorPage::new(vec![2], NonZeroU64::MIN, Some("2".to_owned()), Some("1".to_owned())).bare();
    /// assert_eq!(serde_json::to_string(&page).unwrap(), r#"{"items":[2],"results_per_page":1,"cursor":"2"}"#);
    /// ```
    pub fn bare(self) -> CursorPagination<String, T> {
        CursorPagination {
            items: self.items,
            results_per_page: self.results_per_page,
            cursor: self.cursor,
        }
    }

    /// The same page of something else: rows to what clients see of them. Cursors, links and total stay.
    ///
    /// Cursors are those of the rows: a client reads on where the row ended, whatever it is shown.
    ///
    /// ```
    /// use axum_pagination::{CursorParams, Order, keyset};
    ///
    /// let by_id = Order::named("id").unique_asc("id", |id: &u32| *id);
    /// let page = keyset(&by_id).assemble(vec![1, 2], &CursorParams::<1, 100>::default())?;
    /// let cursor = page.next_cursor().map(str::to_owned);
    /// let shown = page.map_items(|id| format!("post {id}"));
    /// assert_eq!((shown.items(), shown.next_cursor()), (&["post 1".to_owned()][..], cursor.as_deref()));
    /// # Ok::<(), axum_pagination::PageError>(())
    /// ```
    pub fn map_items<U>(self, map: impl FnMut(T) -> U) -> CursorPage<U> {
        CursorPage {
            items: self.items.into_iter().map(map).collect(),
            results_per_page: self.results_per_page,
            cursor: self.cursor,
            previous_cursor: self.previous_cursor,
            last: self.last,
            request: self.request,
            base: self.base,
            total: self.total,
        }
    }
}

impl<T: Serialize> IntoResponse for CursorPage<T> {
    fn into_response(mut self) -> Response {
        // The others are judged where they are written: this one is in no body.
        if let Some(Err(mistake)) = self.last.as_deref().map(check_cursor) {
            return mistake.into_response();
        }
        let size = self.results_per_page.get();
        let links = links::cursor(
            self.next_cursor(),
            self.previous_cursor(),
            self.last.as_deref(),
        );
        let (total, request, base) = (self.total, self.request.take(), self.base.take());
        links::respond(self, total, |headers| {
            if let Some(mut request) = request {
                if let Some(base) = base {
                    request.set_base(&base);
                }
                request.write(size, &links, headers);
            }
        })
    }
}

#[cfg(feature = "openapi")]
mod description {
    use axum_responses::openapi::Responses;
    use utoipa::openapi::{RefOr, Schema};
    use utoipa::{__dev::ComposeSchema, IntoResponses, ToSchema};

    use super::*;
    use crate::openapi::{Page, bare, carry, related};

    const SIZE: &str = "How many items a page has at most";
    const NEXT: &str = "Where the next page begins; null when nothing follows";

    impl<C: 'static, T: ToSchema> ComposeSchema for CursorPagination<C, T> {
        fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
            Page::of::<T>("Some items, and where the next ones begin")
                .number("results_per_page", 1, SIZE)
                .cursor::<C>("cursor", NEXT)
                .schema()
        }
    }

    impl<C: 'static, T: ToSchema> ToSchema for CursorPagination<C, T> {
        fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
            carry::<T>(schemas);
        }
    }

    /// In the document (feature `openapi`): a 200, whose `cursor` may be null and otherwise is what is sent: an integer
    /// where the cursor is one, a number, a boolean, text. What a type of one's own is sent as nobody here knows: the
    /// schema leaves it open.
    ///
    /// ```
    /// use axum_pagination::CursorPagination;
    /// use utoipa::{IntoResponses, PartialSchema};
    ///
    /// let schema = serde_json::to_value(CursorPagination::<u64, String>::schema()).unwrap();
    /// assert_eq!(schema["properties"]["cursor"]["type"], serde_json::json!(["integer", "null"]));
    /// let schema = serde_json::to_value(CursorPagination::<f64, String>::schema()).unwrap();
    /// assert_eq!(schema["properties"]["cursor"]["type"], serde_json::json!(["number", "null"]));
    /// assert_eq!(schema["required"], serde_json::json!(["items", "results_per_page", "cursor"]));
    /// let responses = serde_json::to_value(CursorPagination::<u64, String>::responses()).unwrap();
    /// assert!(responses["200"]["content"]["application/json"].is_object());
    /// ```
    impl<C: 'static, T: ToSchema> IntoResponses for CursorPagination<C, T> {
        fn responses() -> Responses {
            bare::<Self>().alone()
        }
    }

    impl<T: ToSchema> ComposeSchema for CursorPage<T> {
        fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
            Page::of::<T>("Some items, and where their neighbours begin")
                .number("results_per_page", 1, SIZE)
                .cursor::<String>("cursor", NEXT)
                .cursor::<String>(
                    "previous_cursor",
                    "Where the page before begins; null on the first",
                )
                .schema()
        }
    }

    impl<T: ToSchema> ToSchema for CursorPage<T> {
        fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
            carry::<T>(schemas);
        }
    }

    /// In the document (feature `openapi`): the body, `Link`, `X-Total-Count` and `X-Total-Count-Relation`. The schema of
    /// items has to be found by the name that is referred to: `axum_responses::openapi::finish` puts it there.
    ///
    /// ```
    /// use axum_pagination::CursorPage;
    /// use utoipa::{IntoResponses, PartialSchema, ToSchema};
    ///
    /// #[derive(ToSchema)]
    /// struct Post { id: i64 }
    ///
    /// let schema = serde_json::to_value(CursorPage::<Post>::schema()).unwrap();
    /// assert_eq!(schema["properties"]["items"]["items"]["$ref"], "#/components/schemas/Post");
    /// assert_eq!(schema["properties"]["previous_cursor"]["type"], serde_json::json!(["string", "null"]));
    /// let responses = serde_json::to_value(CursorPage::<Post>::responses()).unwrap();
    /// assert!(responses["200"]["headers"]["link"].is_object());
    /// assert!(responses["200"]["headers"]["x-total-count"].is_object());
    /// assert!(responses["200"]["headers"]["x-total-count-relation"].is_object());
    /// ```
    impl<T: ToSchema> IntoResponses for CursorPage<T> {
        fn responses() -> Responses {
            related::<Self>().alone()
        }
    }
}
