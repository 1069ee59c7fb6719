//! `?sort=`: names that a client may choose an order by.

use std::ops::Deref;

use axum::extract::FromRequestParts;
use axum_responses::rejection::InvalidQuery;
use http::request::Parts;

use super::Order;
use crate::names::{Names, Standard};

/// The orders that a list can be had in, by name; one of them is the default.
///
/// ```
/// use std::sync::LazyLock;
/// use axum_pagination::{Order, Orders};
///
/// struct Post { id: i64, title: String }
///
/// static NEWEST: LazyLock<Order<Post>> =
///     LazyLock::new(|| Order::named("newest").unique_desc("id", |post: &Post| post.id));
/// static BY_TITLE: LazyLock<Order<Post>> =
///     LazyLock::new(|| Order::named("title").asc("title", |post: &Post| post.title.clone()).unique_asc("id", |post| post.id));
/// static ORDERS: LazyLock<Orders<Post>> = LazyLock::new(|| Orders::new("newest", &NEWEST).or("title", &BY_TITLE));
///
/// assert_eq!(ORDERS.names().collect::<Vec<_>>(), ["newest", "title"]);
/// assert_eq!(ORDERS.get(None).unwrap().name(), "newest");
/// assert_eq!(ORDERS.get(Some("title")).unwrap().name(), "title");
/// assert_eq!(
///     ORDERS.get(Some("secret")).unwrap_err().to_string(),
///     "The query parameter `sort` must be one of `newest`, `title`."
/// );
/// ```
#[must_use]
pub struct Orders<T: 'static> {
    named: Vec<(&'static str, &'static Order<T>)>,
}

impl<T> std::fmt::Debug for Orders<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.named.iter().copied()).finish()
    }
}

impl<T> Orders<T> {
    /// The default order, and the name that it can be chosen by all the same.
    ///
    /// The name is what clients say; that of the [`Order`] is a matter of cursors, and may be another.
    ///
    /// ```
    /// # use std::sync::LazyLock;
    /// use axum_pagination::{Order, Orders};
    ///
    /// # struct Post { id: i64 }
    /// static OLDEST: LazyLock<Order<Post>> =
    ///     LazyLock::new(|| Order::named("posts by age").unique_asc("id", |post: &Post| post.id));
    ///
    /// let orders = Orders::new("oldest", &OLDEST);
    /// assert_eq!(orders.get(None).unwrap().name(), "posts by age");
    /// assert_eq!(orders.get(Some("oldest")).unwrap().name(), "posts by age");
    /// assert!(orders.get(Some("posts by age")).is_err());
    /// ```
    pub fn new(name: &'static str, order: &'static Order<T>) -> Self {
        Self {
            named: vec![(name, order)],
        }
    }

    /// One more.
    ///
    /// Several names may stand for one order: then a cursor is good under each of them.
    ///
    /// # Panics
    /// When the name is taken: at start-up, where orders are declared.
    /// # Example
    /// ```
    /// # use std::sync::LazyLock;
    /// use axum_pagination::{Order, Orders};
    ///
    /// # struct Post { id: i64 }
    /// static OLDEST: LazyLock<Order<Post>> =
    ///     LazyLock::new(|| Order::named("posts by age").unique_asc("id", |post: &Post| post.id));
    ///
    /// let orders = Orders::new("oldest", &OLDEST).or("first", &OLDEST); // an old name, kept
    /// assert!(std::ptr::eq(orders.get(Some("first")).unwrap(), orders.get(None).unwrap()));
    ///
    /// let taken = std::panic::catch_unwind(|| Orders::new("oldest", &OLDEST).or("oldest", &OLDEST));
    /// assert!(taken.is_err());
    /// ```
    #[track_caller]
    pub fn or(mut self, name: &'static str, order: &'static Order<T>) -> Self {
        assert!(
            !self.names().any(|taken| taken == name),
            "two orders have the name `{name}`"
        );
        self.named.push((name, order));
        self
    }

    /// The names, the default first.
    #[must_use]
    pub fn names(&self) -> impl ExactSizeIterator<Item = &'static str> + '_ {
        self.named.iter().map(|(name, _)| *name)
    }

    /// The order of this name; without one the default.
    ///
    /// # Errors
    /// A 400 that lists the names. It calls the parameter `sort`.
    ///
    /// ```
    /// # use std::sync::LazyLock;
    /// use axum_pagination::{Order, Orders};
    ///
    /// # struct Post { id: i64 }
    /// static OLDEST: LazyLock<Order<Post>> =
    ///     LazyLock::new(|| Order::named("posts by age").unique_asc("id", |post: &Post| post.id));
    ///
    /// let orders = Orders::new("oldest", &OLDEST);
    /// for unknown in ["", "Oldest", "oldest "] {
    ///     let refused = orders.get(Some(unknown)).unwrap_err();
    ///     assert_eq!(refused.parameter(), Some("sort"));
    ///     assert_eq!(refused.to_string(), "The query parameter `sort` must be one of `oldest`.");
    /// }
    /// ```
    pub fn get(&self, name: Option<&str>) -> Result<&'static Order<T>, InvalidQuery> {
        self.get_for(Standard::SORT, name)
    }

    fn get_for(
        &self,
        parameter: &str,
        name: Option<&str>,
    ) -> Result<&'static Order<T>, InvalidQuery> {
        let Some(name) = name else {
            return Ok(self.named[0].1); // `new` has put one there
        };
        let found = self.named.iter().find(|(known, _)| *known == name);
        let Some((_, order)) = found else {
            let names: Vec<_> = self.names().map(|name| format!("`{name}`")).collect();
            return Err(InvalidQuery::because(
                parameter,
                &format!("must be one of {}", names.join(", ")),
            ));
        };
        Ok(order)
    }
}

/// A type whose lists can be had in several orders: what [`Sort`] chooses from.
///
/// They belong to the type, not to the endpoint: an endpoint that offers fewer has a type of its own, or asks an
/// [`Orders`] itself.
///
/// ```
/// # use std::sync::LazyLock;
/// use axum_pagination::{Order, Orders, Sortable};
///
/// # struct Post { id: i64 }
/// static OLDEST: LazyLock<Order<Post>> =
///     LazyLock::new(|| Order::named("posts by age").unique_asc("id", |post: &Post| post.id));
/// static ORDERS: LazyLock<Orders<Post>> = LazyLock::new(|| Orders::new("oldest", &OLDEST));
///
/// impl Sortable for Post {
///     fn orders() -> &'static Orders<Self> {
///         &ORDERS
///     }
/// }
///
/// assert_eq!(Post::orders().names().collect::<Vec<_>>(), ["oldest"]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no orders to choose from",
    note = "implement `Sortable` for it: `fn orders() -> &'static Orders<{Self}>`"
)]
pub trait Sortable: Sized + 'static {
    /// The orders, in a `static`.
    fn orders() -> &'static Orders<Self>;
}

/// The order that the query parameter `sort` chooses.
///
/// It derefs to the [`Order`]. Absent: the default one. An unknown name, an empty one and two of them are refused with
/// a 400 that lists the names.
///
/// ```
/// # use std::sync::LazyLock;
/// # use axum_pagination::{Order, Orders};
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use axum_pagination::{Sort, Sortable};
/// # use tower::ServiceExt;
///
/// # struct Post { id: i64 }
/// # static OLDEST: LazyLock<Order<Post>> = LazyLock::new(|| Order::named("oldest").unique_asc("id", |post: &Post| post.id));
/// # static NEWEST: LazyLock<Order<Post>> = LazyLock::new(|| Order::named("newest").unique_desc("id", |post: &Post| post.id));
/// # static ORDERS: LazyLock<Orders<Post>> = LazyLock::new(|| Orders::new("newest", &NEWEST).or("oldest", &OLDEST));
/// impl Sortable for Post {
///     fn orders() -> &'static Orders<Self> { &ORDERS }
/// }
///
/// async fn posts(sort: Sort<Post>) -> &'static str {
///     sort.name() // or keyset(&sort)
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app: Router = Router::new().route("/posts", get(posts));
/// # let ask = async |uri: &str| {
/// #     let response = app.clone().oneshot(Request::get(uri).body(Body::empty()).unwrap()).await.unwrap();
/// #     let (status, body) = (response.status(), response.into_body());
/// #     let body = axum::body::to_bytes(body, 999).await.unwrap();
/// #     (status.as_u16(), String::from_utf8(body.into()).unwrap())
/// # };
/// assert_eq!(ask("/posts").await, (200, "newest".to_owned()));
/// assert_eq!(ask("/posts?sort=oldest").await, (200, "oldest".to_owned()));
/// let (status, problem) = ask("/posts?sort=").await;
/// assert_eq!(status, 400);
/// assert!(problem.contains("The query parameter `sort` must be one of `newest`, `oldest`."), "{problem}");
/// assert_eq!(ask("/posts?sort=oldest&sort=oldest").await.0, 400);
/// # }
/// ```
#[derive(Debug)]
pub struct Sort<T: 'static, N: Names = Standard> {
    order: &'static Order<T>,
    names: std::marker::PhantomData<fn() -> N>,
}

impl<T, N: Names> Sort<T, N> {
    /// The chosen order.
    ///
    /// It lives as long as the program, where a `&Sort` that derefs lives as long as the handler. A cursor belongs to
    /// its order: links keep `sort`, and a client that changes it has to leave the cursor behind.
    ///
    /// ```
    /// use axum::{Router, body::Body, http::Request, routing::get};
    /// use axum_pagination::{CursorPage, CursorParams, PageError, Sort, keyset};
    /// # use std::sync::LazyLock;
    /// # use axum_pagination::{Order, Orders, Sortable};
    /// # use tower::ServiceExt;
    /// # static UP: LazyLock<Order<Number>> = LazyLock::new(|| Order::named("up").unique_asc("n", |n: &Number| n.0));
    /// # static DOWN: LazyLock<Order<Number>> =
    /// #     LazyLock::new(|| Order::named("down").unique_desc("n", |n: &Number| n.0));
    /// # static ORDERS: LazyLock<Orders<Number>> = LazyLock::new(|| Orders::new("up", &UP).or("down", &DOWN));
    /// # #[derive(serde::Serialize)] struct Number(u32);
    /// # impl Sortable for Number { fn orders() -> &'static Orders<Self> { &ORDERS } }
    ///
    /// async fn numbers(sort: Sort<Number>, page: CursorParams<2, 100>) -> Result<CursorPage<Number>, PageError> {
    ///     let rows = if sort.name() == "up" { [1, 2, 3] } else { [3, 2, 1] };
    ///     keyset(sort.order()).assemble(rows.map(Number).into(), &page)
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app: Router = Router::new().route("/", get(numbers));
    /// # let request = |uri: &str| Request::get(uri).body(Body::empty()).unwrap();
    /// # let ask = async |uri: &str| app.clone().oneshot(request(uri)).await.unwrap();
    /// let response = ask("/?sort=down").await;
    /// let link = response.headers()["link"].to_str().unwrap();
    /// let next = link.split(['<', '>']).find(|part| part.contains("cursor=")).unwrap();
    /// assert!(next.starts_with("?sort=down&results_per_page=2&cursor="), "{next}");
    /// assert_eq!(ask(&format!("/{next}")).await.status(), 200);
    /// assert_eq!(ask(&format!("/{}", next.replace("down", "up"))).await.status(), 400);
    /// # }
    /// ```
    #[must_use]
    pub fn order(&self) -> &'static Order<T> {
        self.order
    }
}

impl<T, N: Names> Clone for Sort<T, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, N: Names> Copy for Sort<T, N> {}

impl<T, N: Names> Deref for Sort<T, N> {
    type Target = Order<T>;

    fn deref(&self) -> &Order<T> {
        self.order
    }
}

impl<T: Sortable, N: Names, S: Sync> FromRequestParts<S> for Sort<T, N> {
    type Rejection = InvalidQuery;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, InvalidQuery> {
        let query = parts.uri.query().unwrap_or_default();
        let mut given =
            form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == N::SORT);
        let name = given.next().map(|(_, name)| name);
        if given.next().is_some() {
            return Err(InvalidQuery::because(N::SORT, "is given more than once"));
        }
        let order = T::orders().get_for(N::SORT, name.as_deref())?;
        Ok(Self {
            order,
            names: std::marker::PhantomData,
        })
    }
}

#[cfg(feature = "openapi")]
mod description {
    use utoipa::IntoParams;
    use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
    use utoipa::openapi::schema::{ObjectBuilder, Type};

    use super::*;

    /// In the document (feature `openapi`): the names, in their sequence, and the default.
    ///
    /// ```
    /// # use std::sync::LazyLock;
    /// use axum_pagination::{Order, Orders, Sort, Sortable};
    /// use utoipa::IntoParams;
    ///
    /// # struct Post { id: i64 }
    /// # static UP: LazyLock<Order<Post>> =
    /// #     LazyLock::new(|| Order::named("up").unique_asc("id", |post: &Post| post.id));
    /// # static DOWN: LazyLock<Order<Post>> =
    /// #     LazyLock::new(|| Order::named("down").unique_desc("id", |post: &Post| post.id));
    /// # static ORDERS: LazyLock<Orders<Post>> = LazyLock::new(|| Orders::new("newest", &DOWN).or("oldest", &UP));
    /// # impl Sortable for Post { fn orders() -> &'static Orders<Self> { &ORDERS } }
    /// let parameters = serde_json::to_value(Sort::<Post>::into_params(|| None)).unwrap();
    /// assert_eq!(parameters[0]["name"], "sort");
    /// assert_eq!(parameters[0]["schema"]["enum"], serde_json::json!(["newest", "oldest"]));
    /// assert_eq!(parameters[0]["schema"]["default"], "newest");
    /// ```
    impl<T: Sortable, N: Names> IntoParams for Sort<T, N> {
        fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
            let orders = T::orders();
            let schema = ObjectBuilder::new()
                .schema_type(Type::String)
                .enum_values(Some(orders.names()))
                .default(orders.names().next().map(Into::into));
            let parameter = ParameterBuilder::new()
                .name(N::SORT)
                .parameter_in(ParameterIn::Query)
                .description(Some("The order of the items"))
                .schema(Some(schema.build()));
            vec![parameter.build()]
        }
    }
}
