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
/// assert_eq!(Standard::PAGE_SIZE, "page_size");
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Standard;

impl Names for Standard {}
