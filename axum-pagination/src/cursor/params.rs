//! The parameters of a page by cursor.

use std::fmt;
use std::marker::PhantomData;
use std::num::NonZeroU64;

use axum::extract::FromRequestParts;
use axum_responses::rejection::InvalidQuery;
use http::request::Parts;

use crate::limits::{
    Bounds, LONGEST_CURSOR, RawQuery, assert_bounds, assert_names, non_zero, params,
};
use crate::names::{Names, Standard};

/// `cursor` and `results_per_page` of a request: the first page of `DEFAULT` items unless it says otherwise.
///
/// `results_per_page` is a plain decimal number from 1 to `MAX` (zeros in front mean nothing). An empty `cursor`
/// is none; one of more than 4096 bytes, or that is not UTF-8, is refused, as is a parameter that is given
/// twice: a 400 problem that names it. What a cursor has to look like is for those to say who give it out.
/// Other parameters are ignored.
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use axum_pagination::CursorParams;
/// # use tower::ServiceExt;
///
/// async fn rows(page: CursorParams<20, 100>) -> String {
///     format!("{} rows after {:?}", page.results_per_page(), page.cursor())
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app: Router = Router::new().route("/", get(rows));
/// # let ask = async |uri: &str| {
/// #     let response = app.clone().oneshot(Request::get(uri).body(Body::empty()).unwrap()).await.unwrap();
/// #     let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
/// #     String::from_utf8(body.into()).unwrap()
/// # };
/// assert_eq!(ask("/?cursor=p%3D10").await, r#"20 rows after Some("p=10")"#);
/// assert_eq!(ask("/?cursor=&results_per_page=100").await, "100 rows after None");
/// assert!(ask("/?results_per_page=101").await.contains("`results_per_page` must be a whole number from 1 to 100"));
/// assert!(ask("/?cursor=a&cursor=a").await.contains("`cursor` is given more than once"));
/// # }
/// ```
pub struct CursorParams<const DEFAULT: u64 = 20, const MAX: u64 = 100, N: Names = Standard> {
    results_per_page: NonZeroU64,
    cursor: Option<String>,
    query: RawQuery,
    names: PhantomData<fn() -> N>,
}

params!(CursorParams {
    results_per_page,
    cursor
});

impl<const DEFAULT: u64, const MAX: u64, N: Names> CursorParams<DEFAULT, MAX, N> {
    /// Parameters that come from elsewhere.
    ///
    /// ```
    /// use axum_pagination::CursorParams;
    ///
    /// let page = CursorParams::<20, 100>::new(Some("p10"), 10).unwrap();
    /// assert_eq!(page.cursor(), Some("p10"));
    /// assert_eq!(CursorParams::<20, 100>::new(Some(""), 10).unwrap().cursor(), None);
    /// assert!(CursorParams::<20, 100>::new(None, 101).is_err());
    /// let long = CursorParams::<20, 100>::new(Some(&"x".repeat(4097)), 10).unwrap_err();
    /// assert_eq!(long.to_string(), "The query parameter `cursor` must have at most 4096 bytes.");
    /// ```
    ///
    /// # Errors
    /// [`InvalidQuery`] as for those of a request.
    pub fn new(cursor: Option<&str>, results_per_page: u64) -> Result<Self, InvalidQuery> {
        const {
            assert_bounds(DEFAULT, MAX);
            assert_names([N::RESULTS_PER_PAGE, N::CURSOR, N::SORT]);
        }
        let cursor = cursor.filter(|cursor| !cursor.is_empty());
        if cursor.is_some_and(|cursor| cursor.len() > LONGEST_CURSOR) {
            let reason = format!("must have at most {LONGEST_CURSOR} bytes");
            return Err(InvalidQuery::because(N::CURSOR, &reason));
        }
        Ok(Self {
            results_per_page: Bounds::size(N::RESULTS_PER_PAGE, MAX).positive(results_per_page)?,
            cursor: cursor.map(str::to_owned),
            query: RawQuery::default(),
            names: PhantomData,
        })
    }

    fn read(query: RawQuery) -> Result<Self, InvalidQuery> {
        let [cursor, size] = query.values([N::CURSOR, N::RESULTS_PER_PAGE])?;
        // Two cursors would become one. Only a text with this character can come of what is not UTF-8.
        let may_be_broken = |text: &str| text.contains(char::REPLACEMENT_CHARACTER);
        if cursor.as_deref().is_some_and(may_be_broken) && !query.is_utf8(N::CURSOR) {
            return Err(InvalidQuery::because(N::CURSOR, "must be UTF-8"));
        }
        let size = Bounds::size(N::RESULTS_PER_PAGE, MAX).read(size.as_deref(), DEFAULT)?;
        let params = Self::new(cursor.as_deref(), size)?;
        Ok(Self { query, ..params })
    }

    /// How many items the page has at most.
    #[must_use]
    pub fn results_per_page(&self) -> NonZeroU64 {
        self.results_per_page
    }

    /// Where the page begins: what an earlier page gave out, decoded, or the start.
    #[must_use]
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// What to ask a database for with SQL of one's own: a row more than the page shows tells whether a page follows.
    ///
    /// ```
    /// # use axum_pagination::CursorParams;
    /// assert_eq!(CursorParams::<20, 100>::default().limit_plus_one(), 21);
    /// ```
    #[must_use]
    pub fn limit_plus_one(&self) -> i64 {
        // `assert_bounds` and the maximum leave room.
        i64::try_from(self.results_per_page.get()).map_or(i64::MAX, |size| size.saturating_add(1))
    }

    pub(crate) fn request(&self) -> crate::links::Request {
        crate::links::Request::new(self.query.clone(), N::RESULTS_PER_PAGE, N::CURSOR)
    }
}

impl<const DEFAULT: u64, const MAX: u64, N: Names> Default for CursorParams<DEFAULT, MAX, N> {
    /// The first page.
    fn default() -> Self {
        const {
            assert_bounds(DEFAULT, MAX);
            assert_names([N::RESULTS_PER_PAGE, N::CURSOR, N::SORT]);
        }
        Self {
            results_per_page: const { non_zero(DEFAULT) },
            cursor: None,
            query: RawQuery::default(),
            names: PhantomData,
        }
    }
}

/// In the document (feature `openapi`): names, defaults and bounds are those that requests are read by.
///
/// ```
/// use axum_pagination::CursorParams;
/// use utoipa::IntoParams;
///
/// let parameters = CursorParams::<20, 100>::into_params(|| None);
/// let parameters = serde_json::to_value(parameters).unwrap();
/// let (cursor, size) = (&parameters[0], &parameters[1]);
/// assert_eq!((&cursor["name"], &cursor["schema"]["maxLength"]), (&"cursor".into(), &4096.into()));
/// assert_eq!((&size["name"], &size["schema"]["maximum"]), (&"results_per_page".into(), &100.into()));
/// assert_eq!((&cursor["required"], &size["required"]), (&false.into(), &false.into()));
/// ```
#[cfg(feature = "openapi")]
impl<const DEFAULT: u64, const MAX: u64, N: Names> utoipa::IntoParams
    for CursorParams<DEFAULT, MAX, N>
{
    fn into_params(
        _: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
    ) -> Vec<utoipa::openapi::path::Parameter> {
        use crate::openapi::{number, text};

        let size = Bounds::size(N::RESULTS_PER_PAGE, MAX);
        vec![
            text(
                N::CURSOR,
                LONGEST_CURSOR,
                "Where the page begins: the cursor of an earlier page, or the start",
            ),
            number(size, DEFAULT, "How many items a page has at most"),
        ]
    }
}
