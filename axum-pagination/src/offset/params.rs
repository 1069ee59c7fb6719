//! The parameters of a page by limit and offset.

use std::fmt;
use std::marker::PhantomData;
use std::num::NonZeroU64;

use axum::extract::FromRequestParts;
use axum_responses::rejection::InvalidQuery;
use http::request::Parts;

use crate::limits::{Bounds, RawQuery, assert_bounds, assert_names, non_zero, params};
use crate::names::{Names, Standard};

/// `limit` and `offset` of a request: the first `DEFAULT` items unless it says otherwise.
///
/// Both are plain decimal numbers (zeros in front mean nothing): `limit` from 1 to `MAX`, `offset` from 0 to where the
/// rows of `MAX` more items can no longer be counted in `i64`. Anything else, and a parameter that is given twice, is a
/// 400 problem that names the parameter; other parameters are ignored.
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use axum_pagination::OffsetParams;
/// # use tower::ServiceExt;
///
/// async fn rows(page: OffsetParams<20, 100>) -> String {
///     format!("{} rows after {}", page.limit(), page.offset())
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app: Router = Router::new().route("/", get(rows));
/// let get = |uri| app.clone().oneshot(Request::get(uri).body(Body::empty()).unwrap());
/// let text = async |response: axum::response::Response| {
///     String::from_utf8(axum::body::to_bytes(response.into_body(), 1000).await.unwrap().into()).unwrap()
/// };
///
/// let some = get("/?offset=39").await.unwrap();
/// assert_eq!(text(some).await, "20 rows after 39");
///
/// let refused = get("/?offset=-1").await.unwrap();
/// assert_eq!(refused.status(), 400);
/// assert!(text(refused).await.contains("`offset` must be a whole number from 0 to"));
/// # }
/// ```
pub struct OffsetParams<const DEFAULT: u64 = 20, const MAX: u64 = 100, N: Names = Standard> {
    limit: NonZeroU64,
    offset: u64,
    query: RawQuery,
    names: PhantomData<fn() -> N>,
}

params!(OffsetParams { limit, offset });

impl<const DEFAULT: u64, const MAX: u64, N: Names> OffsetParams<DEFAULT, MAX, N> {
    /// Parameters that come from elsewhere.
    ///
    /// ```
    /// use axum_pagination::OffsetParams;
    ///
    /// let page = OffsetParams::<20, 100>::new(10, 39).unwrap();
    /// assert_eq!((page.limit().get(), page.offset()), (10, 39));
    /// assert!(OffsetParams::<20, 100>::new(10, i64::MAX as u64).is_err());
    /// ```
    ///
    /// # Errors
    /// [`InvalidQuery`] as for those of a request.
    pub fn new(limit: u64, offset: u64) -> Result<Self, InvalidQuery> {
        const {
            assert_bounds(DEFAULT, MAX);
            assert_names([N::LIMIT, N::OFFSET, N::SORT]);
        }
        let limit = Bounds::size(N::LIMIT, MAX).positive(limit)?;
        let offset = Bounds::offset(N::OFFSET, non_zero(MAX)).check(offset)?;
        Ok(Self {
            limit,
            offset,
            query: RawQuery::default(),
            names: PhantomData,
        })
    }

    fn read(query: RawQuery) -> Result<Self, InvalidQuery> {
        let [limit, offset] = query.values([N::LIMIT, N::OFFSET])?;
        let limit = Bounds::size(N::LIMIT, MAX).read(limit.as_deref(), DEFAULT)?;
        let offset = Bounds::offset(N::OFFSET, non_zero(MAX)).read(offset.as_deref(), 0)?;
        let params = Self::new(limit, offset)?;
        Ok(Self { query, ..params })
    }

    /// How many items at most.
    #[must_use]
    pub fn limit(&self) -> NonZeroU64 {
        self.limit
    }

    /// How many items are passed over. Always fits an `i64`, as does the page behind it.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    pub(crate) fn request(&self) -> crate::links::Request {
        crate::links::Request::new(self.query.clone(), N::LIMIT, N::OFFSET)
    }
}

impl<const DEFAULT: u64, const MAX: u64, N: Names> Default for OffsetParams<DEFAULT, MAX, N> {
    /// The first items.
    fn default() -> Self {
        const {
            assert_bounds(DEFAULT, MAX);
            assert_names([N::LIMIT, N::OFFSET, N::SORT]);
        }
        Self {
            limit: const { non_zero(DEFAULT) },
            offset: 0,
            query: RawQuery::default(),
            names: PhantomData,
        }
    }
}

/// In the document (feature `openapi`): names, defaults and bounds are those that requests are read by.
///
/// ```
/// use axum_pagination::OffsetParams;
/// use utoipa::IntoParams;
///
/// let parameters = OffsetParams::<20, 100>::into_params(|| None);
/// let parameters = serde_json::to_value(parameters).unwrap();
/// let (size, number) = (&parameters[0], &parameters[1]);
/// assert_eq!((&size["name"], &size["schema"]["maximum"]), (&"limit".into(), &100.into()));
/// assert_eq!((&number["name"], &number["schema"]["minimum"]), (&"offset".into(), &0.into()));
/// assert_eq!(number["schema"]["default"], 0);
/// ```
#[cfg(feature = "openapi")]
impl<const DEFAULT: u64, const MAX: u64, N: Names> utoipa::IntoParams
    for OffsetParams<DEFAULT, MAX, N>
{
    fn into_params(
        _: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
    ) -> Vec<utoipa::openapi::path::Parameter> {
        use crate::openapi::number;

        let limit = Bounds::size(N::LIMIT, MAX);
        let offset = Bounds::offset(N::OFFSET, non_zero(MAX));
        vec![
            number(limit, DEFAULT, "How many items at most"),
            number(offset, 0, "How many items are passed over"),
        ]
    }
}
