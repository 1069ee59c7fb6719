//! The parameters of a classic page.

use std::fmt;
use std::marker::PhantomData;
use std::num::NonZeroU64;

use axum::extract::FromRequestParts;
use axum_responses::rejection::InvalidQuery;
use http::request::Parts;

use crate::limits::{Bounds, RawQuery, assert_bounds, assert_names, non_zero, params};
use crate::names::{Names, Standard};

/// `page_size` and `current_page` of a request: the first page of `DEFAULT` items unless it says otherwise.
///
/// Both are plain decimal numbers (zeros in front mean nothing): `page_size` from 1 to `MAX`, `current_page` from 1 to
/// where the rows of pages of `MAX` items can no longer be counted in `i64`. Anything else, and a parameter that is
/// given twice, is a 400 problem that names the parameter; other parameters are ignored.
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use axum_pagination::ClassicParams;
/// # use tower::ServiceExt;
///
/// async fn rows(page: ClassicParams<20, 100>) -> String {
///     format!("{} rows after {}", page.page_size(), page.offset())
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app: Router = Router::new().route("/", get(rows));
/// let get = |uri| app.clone().oneshot(Request::get(uri).body(Body::empty()).unwrap());
/// let text = async |response: axum::response::Response| {
///     String::from_utf8(axum::body::to_bytes(response.into_body(), 1000).await.unwrap().into()).unwrap()
/// };
///
/// let third = get("/?current_page=3").await.unwrap();
/// assert_eq!(text(third).await, "20 rows after 40");
///
/// let refused = get("/?page_size=101").await.unwrap();
/// assert_eq!(refused.status(), 400);
/// assert!(text(refused).await.contains("`page_size` must be a whole number from 1 to 100"));
/// # }
/// ```
///
/// Bounds that contradict each other do not compile:
///
/// ```compile_fail
/// let page = axum_pagination::ClassicParams::<200, 100>::default();
/// ```
pub struct ClassicParams<const DEFAULT: u64 = 20, const MAX: u64 = 100, N: Names = Standard> {
    page_size: NonZeroU64,
    current_page: NonZeroU64,
    query: RawQuery,
    names: PhantomData<fn() -> N>,
}

params!(ClassicParams {
    page_size,
    current_page
});

impl<const DEFAULT: u64, const MAX: u64, N: Names> ClassicParams<DEFAULT, MAX, N> {
    /// Parameters that come from elsewhere.
    ///
    /// ```
    /// use axum_pagination::ClassicParams;
    ///
    /// let page = ClassicParams::<20, 100>::new(10, 3).unwrap();
    /// assert_eq!((page.offset(), page.query()), (20, ""));
    ///
    /// let refused = ClassicParams::<20, 100>::new(10, 0).unwrap_err();
    /// assert_eq!(refused.parameter(), Some("current_page"));
    /// // The rows of pages of the *largest* size have to be countable.
    /// assert!(ClassicParams::<20, 100>::new(1, i64::MAX as u64 / 100).is_ok());
    /// assert!(ClassicParams::<20, 100>::new(1, i64::MAX as u64 / 100 + 1).is_err());
    /// ```
    ///
    /// # Errors
    /// [`InvalidQuery`] as for those of a request.
    pub fn new(page_size: u64, current_page: u64) -> Result<Self, InvalidQuery> {
        const {
            assert_bounds(DEFAULT, MAX);
            assert_names([N::PAGE_SIZE, N::CURRENT_PAGE, N::SORT]);
        }
        let page_size = Bounds::size(N::PAGE_SIZE, MAX).positive(page_size)?;
        let current_page = Bounds::page(N::CURRENT_PAGE, non_zero(MAX)).positive(current_page)?;
        Ok(Self {
            page_size,
            current_page,
            query: RawQuery::default(),
            names: PhantomData,
        })
    }

    fn read(query: RawQuery) -> Result<Self, InvalidQuery> {
        let [page_size, current_page] = query.values([N::PAGE_SIZE, N::CURRENT_PAGE])?;
        let page_size = Bounds::size(N::PAGE_SIZE, MAX).read(page_size.as_deref(), DEFAULT)?;
        let current_page =
            Bounds::page(N::CURRENT_PAGE, non_zero(MAX)).read(current_page.as_deref(), 1)?;
        let params = Self::new(page_size, current_page)?;
        Ok(Self { query, ..params })
    }

    /// How many items the page has.
    #[must_use]
    pub fn page_size(&self) -> NonZeroU64 {
        self.page_size
    }

    /// Which page, counted from 1.
    #[must_use]
    pub fn current_page(&self) -> NonZeroU64 {
        self.current_page
    }

    /// The rows before this page: what SQL calls `OFFSET`. Always fits an `i64`, as does the page behind it.
    #[must_use]
    pub fn offset(&self) -> u64 {
        (self.current_page.get() - 1) * self.page_size.get()
    }

    pub(crate) fn request(&self) -> crate::links::Request {
        crate::links::Request::new(self.query.clone(), N::PAGE_SIZE, N::CURRENT_PAGE)
    }
}

impl<const DEFAULT: u64, const MAX: u64, N: Names> Default for ClassicParams<DEFAULT, MAX, N> {
    /// The first page.
    fn default() -> Self {
        const {
            assert_bounds(DEFAULT, MAX);
            assert_names([N::PAGE_SIZE, N::CURRENT_PAGE, N::SORT]);
        }
        Self {
            page_size: const { non_zero(DEFAULT) },
            current_page: NonZeroU64::MIN,
            query: RawQuery::default(),
            names: PhantomData,
        }
    }
}

/// In the document (feature `openapi`): names, defaults and bounds are those that requests are read by.
///
/// ```
/// use axum_pagination::ClassicParams;
/// use utoipa::IntoParams;
///
/// let parameters = ClassicParams::<20, 100>::into_params(|| None);
/// let parameters = serde_json::to_value(parameters).unwrap();
/// let (size, number) = (&parameters[0], &parameters[1]);
/// assert_eq!(size["name"], "page_size");
/// assert_eq!(size["schema"]["default"], 20);
/// assert_eq!((&size["schema"]["minimum"], &size["schema"]["maximum"]), (&1.into(), &100.into()));
/// assert_eq!((&number["name"], &number["schema"]["minimum"]), (&"current_page".into(), &1.into()));
/// assert_eq!(number["schema"]["maximum"], i64::MAX as u64 / 100); // refused beyond it, as it says
/// ```
#[cfg(feature = "openapi")]
impl<const DEFAULT: u64, const MAX: u64, N: Names> utoipa::IntoParams
    for ClassicParams<DEFAULT, MAX, N>
{
    fn into_params(
        _: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
    ) -> Vec<utoipa::openapi::path::Parameter> {
        use crate::openapi::number;

        let size = Bounds::size(N::PAGE_SIZE, MAX);
        let page = Bounds::page(N::CURRENT_PAGE, non_zero(MAX));
        vec![
            number(size, DEFAULT, "How many items a page has"),
            number(page, 1, "Which page, counted from 1"),
        ]
    }
}
