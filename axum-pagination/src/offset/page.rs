//! A page by limit and offset, alone and with links to the others.

use std::num::NonZeroU64;

use axum::response::{IntoResponse, Response};
use axum_responses::Json;
use http::Uri;
use serde::{Deserialize, Serialize, Serializer};

use super::OffsetParams;
use crate::links;
use crate::names::Names;
use crate::total::Total;

/// Some items, from anywhere in a list of known length.
///
/// As JSON: `{"items":[..],"limit":10,"offset":0,"total":50}`.
///
/// ```
/// use axum_pagination::{OffsetPagination, OffsetParams};
///
/// let params = OffsetParams::<20, 100>::new(2, 4).unwrap();
/// let page = OffsetPagination::new(vec!["e"], &params, 5);
/// assert_eq!(
///     serde_json::to_string(&page).unwrap(),
///     r#"{"items":["e"],"limit":2,"offset":4,"total":5}"#
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use]
pub struct OffsetPagination<T> {
    /// The items; none beyond the last one.
    pub items: Vec<T>,
    /// How many items at most.
    pub limit: NonZeroU64,
    /// How many items were passed over.
    pub offset: u64,
    /// How many items there are in all.
    pub total: u64,
}

impl<T> OffsetPagination<T> {
    /// The page that was asked for, of `total` items in all.
    ///
    /// `limit` is what was asked for, not how many items there are; all numbers are taken as they are.
    ///
    /// ```
    /// use axum_pagination::{OffsetPagination, OffsetParams};
    ///
    /// let page = OffsetPagination::<u32>::new(vec![], &OffsetParams::<20, 100>::new(20, 9)?, 3); // past the end
    /// assert_eq!(serde_json::to_string(&page).unwrap(), r#"{"items":[],"limit":20,"offset":9,"total":3}"#);
    /// # Ok::<(), axum_pagination::rejection::InvalidQuery>(())
    /// ```
    pub fn new<const DEFAULT: u64, const MAX: u64, N: Names>(
        items: Vec<T>,
        params: &OffsetParams<DEFAULT, MAX, N>,
        total: u64,
    ) -> Self {
        Self {
            items,
            limit: params.limit(),
            offset: params.offset(),
            total,
        }
    }

    /// Adds links to the first, previous, next and last page, which keep the request's other parameters, and
    /// `X-Total-Count`.
    ///
    /// ```
    /// use axum::{Router, body::Body, http::Request, routing::get};
    /// use axum_pagination::{OffsetPage, OffsetPagination, OffsetParams};
    /// # use tower::ServiceExt;
    ///
    /// async fn letters(page: OffsetParams<20, 100>) -> OffsetPage<char> {
    ///     OffsetPagination::new(vec!['c', 'd'], &page, 9).link(&page)
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app: Router = Router::new().route("/", get(letters));
    /// let request = Request::get("/?offset=2&limit=2&tag=x%20y").body(Body::empty()).unwrap();
    /// let response = app.oneshot(request).await.unwrap();
    /// assert_eq!(response.headers()["x-total-count"], "9");
    /// assert_eq!(response.headers()["link"].to_str().unwrap().split(", ").collect::<Vec<_>>(), [
    ///     r#"<?tag=x%20y&limit=2&offset=0>; rel="first""#,
    ///     r#"<?tag=x%20y&limit=2&offset=0>; rel="prev""#,
    ///     r#"<?tag=x%20y&limit=2&offset=4>; rel="next""#,
    ///     r#"<?tag=x%20y&limit=2&offset=8>; rel="last""#,
    /// ]);
    /// # }
    /// ```
    pub fn link<const DEFAULT: u64, const MAX: u64, N: Names>(
        self,
        params: &OffsetParams<DEFAULT, MAX, N>,
    ) -> OffsetPage<T> {
        OffsetPage {
            request: params.request(),
            page: self,
        }
    }

    /// The same page of something else: rows to what clients see of them.
    ///
    /// ```
    /// # use axum_pagination::{OffsetPagination, OffsetParams};
    /// let page = OffsetPagination::new(vec![1, 2], &OffsetParams::<20, 100>::default(), 2);
    /// assert_eq!(page.map_items(|n| n.to_string()).items, ["1", "2"]);
    /// ```
    pub fn map_items<U>(self, map: impl FnMut(T) -> U) -> OffsetPagination<U> {
        OffsetPagination {
            items: self.items.into_iter().map(map).collect(),
            limit: self.limit,
            offset: self.offset,
            total: self.total,
        }
    }
}

impl<T: Serialize> IntoResponse for OffsetPagination<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

/// An [`OffsetPagination`] with `Link` (RFC 8288) and `X-Total-Count`.
///
/// `first` and `last` are always there, `prev` and `next` where there is such a page. Steps go on from the offset that
/// was asked for: `last` is the one of them that holds the final item; `prev` is never below 0, and beyond
/// the end it is that last one. The references are relative: they lead to where the client asked. Links of
/// more than 8 KiB in all are left out, `next` as the last.
///
/// ```
/// use axum::response::IntoResponse;
/// use axum_pagination::{OffsetPage, OffsetParams};
///
/// let params = OffsetParams::<20, 100>::new(10, 5).unwrap();
/// let response = OffsetPage::new(vec!["f"], &params, 6).into_response();
/// assert_eq!(response.headers()["x-total-count"], "6");
/// assert_eq!(
///     response.headers()["link"],
///     r#"<?limit=10&offset=0>; rel="first", <?limit=10&offset=0>; rel="prev", <?limit=10&offset=5>; rel="last""#
/// );
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct OffsetPage<T> {
    page: OffsetPagination<T>,
    request: links::Request,
}

impl<T> OffsetPage<T> {
    /// The page that was asked for, of `total` items in all.
    ///
    /// Steps go on from the offset of the request. Where that is no multiple of the limit, the first page and the one
    /// after it have items in common, and `last` is not where it is from offset 0.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_pagination::{OffsetPage, OffsetParams};
    ///
    /// let page = OffsetPage::new(vec!['d', 'e'], &OffsetParams::<20, 100>::new(2, 3)?, 6);
    /// assert_eq!(page.into_response().headers()["link"].to_str().unwrap().split(", ").collect::<Vec<_>>(), [
    ///     r#"<?limit=2&offset=0>; rel="first""#,
    ///     r#"<?limit=2&offset=1>; rel="prev""#,
    ///     r#"<?limit=2&offset=5>; rel="next""#,
    ///     r#"<?limit=2&offset=5>; rel="last""#,
    /// ]);
    /// # Ok::<(), axum_pagination::rejection::InvalidQuery>(())
    /// ```
    pub fn new<const DEFAULT: u64, const MAX: u64, N: Names>(
        items: Vec<T>,
        params: &OffsetParams<DEFAULT, MAX, N>,
        total: u64,
    ) -> Self {
        OffsetPagination::new(items, params, total).link(params)
    }

    /// Puts this address in front of the links, which are of the query alone without it: for clients that do not
    /// resolve relative references (RFC 3986 §5).
    ///
    /// `OriginalUri` of axum is what the server was asked for; behind a proxy that rewrites paths, give the public
    /// address. A query in it is left out.
    ///
    /// ```
    /// use axum::{http::Uri, response::IntoResponse};
    /// use axum_pagination::{OffsetPage, OffsetParams};
    ///
    /// let links = |base| {
    ///     let page = OffsetPage::new(vec![1], &OffsetParams::<20, 100>::default(), 1);
    ///     page.link_base(&Uri::from_static(base)).into_response().headers()["link"].to_str().unwrap().to_owned()
    /// };
    /// assert!(links("https://example.com/numbers").starts_with("<https://example.com/numbers?limit=20&offset=0>; "));
    /// assert!(links("/numbers?key=secret").starts_with("</numbers?limit=20&offset=0>; "));
    /// ```
    pub fn link_base(mut self, base: &Uri) -> Self {
        self.request.set_base(base);
        self
    }

    /// The items of this page.
    #[must_use]
    pub fn items(&self) -> &[T] {
        &self.page.items
    }

    /// The items alone.
    #[must_use]
    pub fn into_items(self) -> Vec<T> {
        self.page.items
    }

    /// The page without links and without `X-Total-Count`: the body stays the same.
    ///
    /// ```
    /// use axum_pagination::{OffsetPage, OffsetParams};
    ///
    /// let page = OffsetPage::new(vec!["a"], &OffsetParams::<1, 100>::default(), 10);
    /// assert_eq!(page.items(), ["a"]);
    /// assert_eq!(page.clone().into_items(), ["a"]);
    /// assert_eq!(serde_json::to_string(&page).unwrap(), serde_json::to_string(&page.bare()).unwrap());
    /// ```
    pub fn bare(self) -> OffsetPagination<T> {
        self.page
    }

    /// The same page of something else: rows to what clients see of them. Links and total stay.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_pagination::{OffsetPage, OffsetParams};
    ///
    /// let page = OffsetPage::new(vec![1, 2], &OffsetParams::<2, 100>::default(), 2).map_items(|n| n.to_string());
    /// assert_eq!(page.items(), ["1", "2"]);
    /// assert_eq!(page.into_response().headers()["x-total-count"], "2");
    /// ```
    pub fn map_items<U>(self, map: impl FnMut(T) -> U) -> OffsetPage<U> {
        OffsetPage {
            page: self.page.map_items(map),
            request: self.request,
        }
    }
}

impl<T: Serialize> Serialize for OffsetPage<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.page.serialize(serializer)
    }
}

impl<T: Serialize> IntoResponse for OffsetPage<T> {
    fn into_response(self) -> Response {
        let Self { page, request } = self;
        let size = page.limit.get();
        let links = links::offset(size, page.offset, page.total);
        let total = Total::Exact(page.total);
        links::respond(page, total, |headers| request.write(size, &links, headers))
    }
}

#[cfg(feature = "openapi")]
crate::openapi::described! {
    OffsetPagination<T> as "OffsetPagination", "Some items, from anywhere in a list of known length",
    page => page.number("limit", 1, "How many items at most")
        .number("offset", 0, "How many items were passed over")
        .number("total", 0, "How many items there are in all"),
    linked OffsetPage<T>
}
