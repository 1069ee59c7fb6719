//! What the parameters are called.

/// The names of the query parameters, for services whose clients know them by others.
///
/// A type of one's own stands as the last parameter of [`ClassicParams`](crate::ClassicParams),
/// [`OffsetParams`](crate::OffsetParams) and [`CursorParams`](crate::CursorParams); what it does not name keeps its
/// name. Links, refusals and the OpenAPI document follow.
///
/// ```
/// use axum_pagination::{ClassicParams, Names};
///
/// struct JsonApi;
///
/// impl Names for JsonApi {
///     const PAGE_SIZE: &'static str = "page[size]";
///     const CURRENT_PAGE: &'static str = "page[number]";
/// }
///
/// let refused = ClassicParams::<20, 100, JsonApi>::new(20, 0).unwrap_err();
/// assert_eq!(refused.parameter(), Some("page[number]"));
/// ```
///
/// Two parameters that one request may have cannot have the same name: those of a style, and `SORT`. Such parameters do
/// not compile where they are used. Styles may share a name:
///
/// ```
/// use axum_pagination::{CursorParams, Names, OffsetParams};
///
/// struct Limits;
///
/// impl Names for Limits {
///     const RESULTS_PER_PAGE: &'static str = "limit"; // as `LIMIT` is
/// }
///
/// let (offset, cursor) = (OffsetParams::<20, 100, Limits>::default(), CursorParams::<20, 100, Limits>::default());
/// assert_eq!(offset.limit(), cursor.results_per_page());
/// ```
///
/// ```compile_fail
/// use axum_pagination::{Names, OffsetParams};
///
/// struct Twice;
///
/// impl Names for Twice {
///     const OFFSET: &'static str = "limit"; // as `LIMIT` is
/// }
///
/// let page = OffsetParams::<20, 100, Twice>::default();
/// ```
///
/// Clients may encode a name or not; links encode it. By its standard name a parameter is one of the request's others:
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use axum_pagination::{ClassicPage, ClassicParams, Names};
/// # use tower::ServiceExt;
/// # struct JsonApi;
/// # impl Names for JsonApi {
/// #     const PAGE_SIZE: &'static str = "page[size]";
/// #     const CURRENT_PAGE: &'static str = "page[number]";
/// # }
///
/// async fn letters(page: ClassicParams<20, 100, JsonApi>) -> ClassicPage<char> {
///     ClassicPage::new(vec!['a'], &page, 1)
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app: Router = Router::new().route("/", get(letters));
/// let request = Request::get("/?page[size]=1&page_size=7").body(Body::empty()).unwrap();
/// let response = app.oneshot(request).await.unwrap();
/// assert_eq!(
///     response.headers()["link"].to_str().unwrap().split(", ").next().unwrap(),
///     r#"<?page_size=7&page%5Bsize%5D=1&page%5Bnumber%5D=1>; rel="first""#
/// );
/// # }
/// ```
pub trait Names: Send + Sync + 'static {
    /// How many items a classic page has.
    const PAGE_SIZE: &'static str = "page_size";
    /// Which classic page, counted from 1.
    const CURRENT_PAGE: &'static str = "current_page";
    /// How many items at most, for limit and offset.
    const LIMIT: &'static str = "limit";
    /// How many items are passed over.
    const OFFSET: &'static str = "offset";
    /// How many items a page by cursor has.
    const RESULTS_PER_PAGE: &'static str = "results_per_page";
    /// Where a page by cursor begins.
    const CURSOR: &'static str = "cursor";
    /// Which of several orders.
    const SORT: &'static str = "sort";
}

/// The names that the constants of [`Names`] have by themselves.
///
/// ```
/// use axum_pagination::{Names, Standard};
///
/// assert_eq!((Standard::PAGE_SIZE, Standard::CURRENT_PAGE), ("page_size", "current_page"));
/// assert_eq!((Standard::LIMIT, Standard::OFFSET), ("limit", "offset"));
/// assert_eq!((Standard::RESULTS_PER_PAGE, Standard::CURSOR, Standard::SORT), ("results_per_page", "cursor", "sort"));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Standard;

impl Names for Standard {}
