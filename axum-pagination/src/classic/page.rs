//! A classic page, alone and with links to the others.

use std::num::NonZeroU64;

use axum::response::{IntoResponse, Response};
use axum_responses::Json;
use http::Uri;
use serde::{Deserialize, Serialize, Serializer};

use super::ClassicParams;
use crate::links;
use crate::names::Names;
use crate::total::Total;

/// A page that knows how many there are.
///
/// As JSON: `{"items":[..],"page_size":10,"current_page":1,"total_pages":5}`.
///
/// ```
/// use axum_pagination::{ClassicPagination, ClassicParams};
///
/// let params = ClassicParams::<20, 100>::new(2, 3).unwrap();
/// let page = ClassicPagination::new(vec!["e"], &params, 5);
/// assert_eq!(
///     serde_json::to_string(&page).unwrap(),
///     r#"{"items":["e"],"page_size":2,"current_page":3,"total_pages":3}"#
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use]
pub struct ClassicPagination<T> {
    /// The items of this page; none beyond the last one.
    pub items: Vec<T>,
    /// How many items a page has; the last one may have fewer.
    pub page_size: NonZeroU64,
    /// Which page this is, counted from 1.
    pub current_page: NonZeroU64,
    /// How many pages there are; 0 when there are no items.
    pub total_pages: u64,
}

impl<T> ClassicPagination<T> {
    /// The page that was asked for, of `total_rows` items in all. A page that is not full counts.
    ///
    /// It takes rows where [`total_pages`](Self::total_pages) are pages, and the items as they are.
    ///
    /// ```
    /// use axum_pagination::{ClassicPagination, ClassicParams};
    ///
    /// let params = ClassicParams::<20, 100>::default();
    /// let pages = |rows| ClassicPagination::<u32>::new(vec![], &params, rows).total_pages;
    /// assert_eq!((pages(0), pages(1), pages(20), pages(21)), (0, 1, 1, 2));
    /// ```
    pub fn new<const DEFAULT: u64, const MAX: u64, N: Names>(
        items: Vec<T>,
        params: &ClassicParams<DEFAULT, MAX, N>,
        total_rows: u64,
    ) -> Self {
        Self {
            items,
            page_size: params.page_size(),
            current_page: params.current_page(),
            total_pages: total_rows.div_ceil(params.page_size().get()),
        }
    }

    /// Adds links to the first, previous, next and last page, which keep the request's other parameters.
    ///
    /// How many rows there are this page no longer knows: say it with [`ClassicPage::total`], or make
    /// the page with [`ClassicPage::new`].
    ///
    /// ```
    /// use axum::{Router, body::Body, http::Request, routing::get};
    /// use axum_pagination::{ClassicPage, ClassicPagination, ClassicParams};
    /// # use tower::ServiceExt;
    ///
    /// async fn letters(page: ClassicParams<2, 100>) -> ClassicPage<char> {
    ///     ClassicPagination::new(vec!['c'], &page, 3).link(&page)
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app: Router = Router::new().route("/", get(letters));
    /// let request = Request::get("/?current_page=2&tag=x%20y").body(Body::empty()).unwrap();
    /// let response = app.oneshot(request).await.unwrap();
    /// assert!(!response.headers().contains_key("x-total-count"));
    /// assert_eq!(response.headers()["link"].to_str().unwrap().split(", ").collect::<Vec<_>>(), [
    ///     r#"<?tag=x%20y&page_size=2&current_page=1>; rel="first""#,
    ///     r#"<?tag=x%20y&page_size=2&current_page=1>; rel="prev""#,
    ///     r#"<?tag=x%20y&page_size=2&current_page=2>; rel="last""#,
    /// ]);
    /// # }
    /// ```
    pub fn link<const DEFAULT: u64, const MAX: u64, N: Names>(
        self,
        params: &ClassicParams<DEFAULT, MAX, N>,
    ) -> ClassicPage<T> {
        ClassicPage {
            request: params.request(),
            page: self,
            total: Total::Unknown,
        }
    }

    /// The same page of something else: rows to what clients see of them.
    ///
    /// ```
    /// # use axum_pagination::{ClassicPagination, ClassicParams};
    /// let page = ClassicPagination::new(vec![1, 2], &ClassicParams::<20, 100>::default(), 2);
    /// assert_eq!(page.map_items(|n| n.to_string()).items, ["1", "2"]);
    /// ```
    pub fn map_items<U>(self, map: impl FnMut(T) -> U) -> ClassicPagination<U> {
        ClassicPagination {
            items: self.items.into_iter().map(map).collect(),
            page_size: self.page_size,
            current_page: self.current_page,
            total_pages: self.total_pages,
        }
    }
}

impl<T: Serialize> IntoResponse for ClassicPagination<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

/// A [`ClassicPagination`] with `Link` (RFC 8288), and `X-Total-Count` where the number of rows is known.
///
/// `first` and `last` are always there, `prev` and `next` where there is such a page; beyond the end, `prev` is the
/// last page there is. The references are relative: they lead to where the client asked. Links of more than
/// 8 KiB in all are left out, `next` as the last.
///
/// ```
/// use axum::response::IntoResponse;
/// use axum_pagination::{ClassicPage, ClassicParams};
///
/// let params = ClassicParams::<20, 100>::new(10, 2).unwrap();
/// let response = ClassicPage::new(vec!["k"], &params, 11).into_response();
/// assert_eq!(response.headers()["x-total-count"], "11");
/// assert_eq!(
///     response.headers()["link"],
///     r#"<?page_size=10&current_page=1>; rel="first", <?page_size=10&current_page=1>; rel="prev", <?page_size=10&current_page=2>; rel="last""#
/// );
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct ClassicPage<T> {
    page: ClassicPagination<T>,
    request: links::Request,
    total: Total,
}

impl<T> ClassicPage<T> {
    /// The page that was asked for, of `total_rows` items in all: with `X-Total-Count`.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_pagination::{ClassicPage, ClassicParams};
    ///
    /// // Page 9 of 2: the way back leads to the last one.
    /// let page = ClassicPage::<u32>::new(vec![], &ClassicParams::<20, 100>::new(20, 9)?, 21);
    /// assert_eq!(
    ///     serde_json::to_string(&page).unwrap(),
    ///     r#"{"items":[],"page_size":20,"current_page":9,"total_pages":2}"#
    /// );
    /// let response = page.into_response();
    /// assert_eq!(response.headers()["x-total-count"], "21");
    /// let links = response.headers()["link"].to_str().unwrap();
    /// assert!(links.contains(r#"<?page_size=20&current_page=2>; rel="prev""#) && !links.contains("next"));
    /// # Ok::<(), axum_pagination::rejection::InvalidQuery>(())
    /// ```
    pub fn new<const DEFAULT: u64, const MAX: u64, N: Names>(
        items: Vec<T>,
        params: &ClassicParams<DEFAULT, MAX, N>,
        total_rows: u64,
    ) -> Self {
        ClassicPagination::new(items, params, total_rows)
            .link(params)
            .total(Total::Exact(total_rows))
    }

    /// What is known of the number of rows: `X-Total-Count`.
    ///
    /// It changes neither `total_pages` nor the links, which were computed of the number that the page was made with.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_pagination::{ClassicPage, ClassicParams, Total};
    ///
    /// // Counted no further than ten pages.
    /// let page = ClassicPage::new(vec!["a"], &ClassicParams::<1, 100>::default(), 10).total(Total::AtLeast(10));
    /// assert!(serde_json::to_string(&page).unwrap().contains(r#""total_pages":10"#));
    /// let response = page.into_response();
    /// assert_eq!(response.headers()["x-total-count"], "10");
    /// assert_eq!(response.headers()["x-total-count-relation"], "at-least");
    /// ```
    pub fn total(mut self, total: Total) -> Self {
        self.total = total;
        self
    }

    /// Puts this address in front of the links, which are of the query alone without it: for clients that do not
    /// resolve relative references (RFC 3986 §5).
    ///
    /// `OriginalUri` of axum is what the server was asked for; behind a proxy that rewrites paths, give the public
    /// address. A query in it is left out.
    ///
    /// ```
    /// use axum::{http::Uri, response::IntoResponse};
    /// use axum_pagination::{ClassicPage, ClassicParams};
    ///
    /// let links = |base| {
    ///     let page = ClassicPage::new(vec![1], &ClassicParams::<20, 100>::default(), 1);
    ///     page.link_base(&Uri::from_static(base)).into_response().headers()["link"].to_str().unwrap().to_owned()
    /// };
    /// assert!(links("https://example.com/a").starts_with("<https://example.com/a?page_size=20&current_page=1>; "));
    /// assert!(links("/numbers?key=secret").starts_with("</numbers?page_size=20&current_page=1>; "));
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
    /// use axum_pagination::{ClassicPage, ClassicParams};
    ///
    /// let page = ClassicPage::new(vec!["a"], &ClassicParams::<1, 100>::default(), 10);
    /// assert_eq!(page.items(), ["a"]);
    /// assert_eq!(page.clone().into_items(), ["a"]);
    /// assert_eq!(serde_json::to_string(&page).unwrap(), serde_json::to_string(&page.bare()).unwrap());
    /// ```
    pub fn bare(self) -> ClassicPagination<T> {
        self.page
    }

    /// The same page of something else: rows to what clients see of them. Links and total stay.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use axum_pagination::{ClassicPage, ClassicParams};
    ///
    /// let page = ClassicPage::new(vec![1, 2], &ClassicParams::<2, 100>::default(), 2).map_items(|n| n.to_string());
    /// assert_eq!(page.items(), ["1", "2"]);
    /// assert_eq!(page.into_response().headers()["x-total-count"], "2");
    /// ```
    pub fn map_items<U>(self, map: impl FnMut(T) -> U) -> ClassicPage<U> {
        ClassicPage {
            page: self.page.map_items(map),
            request: self.request,
            total: self.total,
        }
    }
}

impl<T: Serialize> Serialize for ClassicPage<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.page.serialize(serializer)
    }
}

impl<T: Serialize> IntoResponse for ClassicPage<T> {
    fn into_response(self) -> Response {
        let Self {
            page,
            request,
            total,
        } = self;
        let links = links::classic(page.current_page.get(), page.total_pages);
        let size = page.page_size.get();
        links::respond(page, total, |headers| request.write(size, &links, headers))
    }
}

#[cfg(feature = "openapi")]
crate::openapi::described! {
    ClassicPagination<T> as "ClassicPagination", "A page that knows how many there are",
    page => page.number("page_size", 1, "How many items a page has")
        .number("current_page", 1, "Which page this is, counted from 1")
        .number("total_pages", 0, "How many pages there are"),
    related ClassicPage<T>
}
