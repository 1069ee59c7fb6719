//! Which layer set what.

use std::fmt;

/// What one layer says of one route.
///
/// It is written as one line: the thing, what becomes of it, the layer, and whether errors have it too.
///
/// ```
/// use axum_layered::{Declare, Layered, ResponseHeader, get};
///
/// let built = Layered::<()>::new()
///     .named("app")
///     .header(ResponseHeader::new("x-policy", "strict").always())
///     .route("/", get(|| async {}).remove_header("x-cost"))
///     .build()?;
/// let route = built.explain.path("/").next().unwrap();
/// let [removed, policy] = route.said() else { panic!("{route}") };
/// assert_eq!(removed.to_string(), "header x-cost removed (GET /)");
/// assert_eq!(policy.to_string(), "header x-policy: strict (app, always)");
/// assert_eq!((policy.kind(), policy.name(), policy.value()), ("header", "x-policy", Some("strict")));
/// assert_eq!((policy.layer(), policy.is_always()), ("app", true));
/// # Ok::<(), axum_layered::ConfigErrors>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    layer: String,
    kind: &'static str,
    name: String,
    outcome: Outcome,
    always: bool,
}

/// What becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It goes out like this.
    Sent(String),
    /// It is left to the response, and documented.
    Documented,
    /// What the layers above say is not heard.
    Removed,
    /// It does what its name says.
    InForce,
}

impl Outcome {
    /// Of what is sent where there is a value, and otherwise left to the response or only in the way of those above.
    pub(crate) fn of(value: Option<&str>, is_removed: bool) -> Self {
        match value {
            Some(value) => Self::Sent(value.to_owned()),
            None if is_removed => Self::Removed,
            None => Self::Documented,
        }
    }
}

impl Said {
    /// Of a header or a cookie.
    pub(crate) fn new(
        layer: &str,
        kind: &'static str,
        name: &str,
        outcome: Outcome,
        always: bool,
    ) -> Self {
        Self {
            layer: layer.to_owned(),
            kind,
            name: name.to_owned(),
            outcome,
            always,
        }
    }

    /// Of what is in force, and is sent by no name.
    pub(crate) fn in_force(layer: &str, kind: &'static str, name: &str) -> Self {
        Self::new(layer, kind, name, Outcome::InForce, false)
    }

    /// The layer that said it: its [name](crate::Layered::named), `the router at /path`, or an endpoint's route.
    #[must_use]
    pub fn layer(&self) -> &str {
        &self.layer
    }

    /// `header`, `cookie`, or the method that declares it: `status`, `method_status_codes`, `after_request`, `background`,
    /// `response_class`, `template_engine`. `Cache-Control` and `ETag` are headers.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.kind
    }

    /// The header's or cookie's name, a header's in lower case; the number of a status, the media type of a class; of the
    /// rest nothing.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is sent: a header's value, a cookie's whole line; nothing where it is documented or removed.
    ///
    /// Of a [computed tag](crate::LayerETag::computed) it is `of the body`, which nobody knows yet.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        match &self.outcome {
            Outcome::Sent(value) => Some(value),
            Outcome::Documented | Outcome::Removed | Outcome::InForce => None,
        }
    }

    /// Whether it only keeps from the route what the layers above say.
    #[must_use]
    pub fn is_removed(&self) -> bool {
        self.outcome == Outcome::Removed
    }

    /// Whether it goes with errors too.
    #[must_use]
    pub fn is_always(&self) -> bool {
        self.always
    }
}

/// `header x-trace: app (app, always)`, `cookie seen removed (users)`
impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind)?;
        if !self.name.is_empty() {
            write!(f, " {}", self.name)?;
        }
        match &self.outcome {
            Outcome::Sent(value) => write!(f, ": {value}")?,
            Outcome::Documented => f.write_str(" documented")?,
            Outcome::Removed => f.write_str(" removed")?,
            Outcome::InForce => {}
        }
        let always = if self.always { ", always" } else { "" };
        write!(f, " ({}{always})", self.layer)
    }
}

/// What the layers say of each route: see [`Built::explain`](crate::Built).
///
/// What has no effect on a route is not told: the app's header below, which the closer layer hides. Type encoders are not
/// told either.
///
/// ```
/// use axum_layered::{Declare, Layered, get};
///
/// let built = Layered::<()>::new()
///     .named("app")
///     .header(("x-layer", "app"))
///     .nest("/users", Layered::new().named("users").header(("X-Layer", "users")).route("/{id}", get(|| async {})))
///     .build()?;
/// assert_eq!(
///     built.explain.to_string(),
///     "GET /users/{id}\n  header x-layer: users (users)\n"
/// );
/// # Ok::<(), axum_layered::ConfigErrors>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Explain(pub(crate) Vec<Explained>);

/// What the layers say of one route.
///
/// It is written as the route and a line for each thing that is said.
///
/// ```
/// use axum_layered::{Declare, Layered, get};
///
/// let users = Layered::new().named("users").cookie(("seen", "1")).route("/{id}", get(|| async {}).put(|| async {}));
/// let built = Layered::<()>::new()
///     .nest("/users", users)
///     .nest("/axums", axum::Router::new())
///     .fallback(|| async { "nowhere" })
///     .build()?;
/// let [user, axums, fallback] = built.explain.iter().collect::<Vec<_>>()[..] else { panic!("{}", built.explain) };
/// assert_eq!((user.path(), user.methods().join(" ")), ("/users/{id}", "GET PUT".to_owned()));
/// assert_eq!(user.said()[0].to_string(), "cookie seen: seen=1; Path=/; SameSite=Lax (users)");
/// assert_eq!((axums.path(), axums.methods().len()), ("/axums", 0));
/// assert_eq!(fallback.methods(), ["fallback"]);
/// # Ok::<(), axum_layered::ConfigErrors>(())
/// ```
#[derive(Clone, Debug)]
pub struct Explained {
    pub(crate) path: String,
    pub(crate) methods: Vec<String>,
    pub(crate) said: Vec<Said>,
}

impl Explained {
    /// The path in full.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Its methods; none where they are not known: a nested router of axum's. `fallback` where it is one.
    #[must_use]
    pub fn methods(&self) -> &[String] {
        &self.methods
    }

    /// What is said of it, closest layer first.
    #[must_use]
    pub fn said(&self) -> &[Said] {
        &self.said
    }
}

impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let methods = self.methods.join(" ");
        let blank = if methods.is_empty() { "" } else { " " };
        writeln!(f, "{methods}{blank}{}", self.path)?;
        self.said
            .iter()
            .try_for_each(|said| writeln!(f, "  {said}"))
    }
}

impl Explain {
    /// Each route; two endpoints at one path are two.
    ///
    /// ```
    /// use axum_layered::{Declare, Layered, get, post};
    ///
    /// let built = Layered::<()>::new()
    ///     .route("/", get(|| async {}))
    ///     .route("/", post(|| async {}).header(("x-made", "yes")))
    ///     .build()?;
    /// let silent = built.explain.iter().filter(|route| route.said().is_empty());
    /// assert_eq!(silent.map(ToString::to_string).collect::<Vec<_>>(), ["GET /\n"]);
    /// # Ok::<(), axum_layered::ConfigErrors>(())
    /// ```
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Explained> + Clone {
        self.0.iter()
    }

    /// The routes of this path, in full as they are written: `/users/{id}`, and not `/users/7`.
    ///
    /// ```
    /// use axum_layered::{Declare, Layered, get};
    ///
    /// let users = Layered::new().header(("x-layer", "users")).route("/{id}", get(|| async {}));
    /// let built = Layered::<()>::new().nest("/users", users).build()?;
    /// let route = built.explain.path("/users/{id}").next().unwrap();
    /// assert_eq!(route.said()[0].to_string(), "header x-layer: users (the router at /users)");
    /// assert_eq!(built.explain.path("/users/7").count(), 0);
    /// # Ok::<(), axum_layered::ConfigErrors>(())
    /// ```
    pub fn path<'a>(&'a self, path: &str) -> impl Iterator<Item = &'a Explained> + use<'a> {
        let path = path.to_owned();
        self.0.iter().filter(move |route| route.path == path)
    }
}

impl fmt::Display for Explain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|route| route.fmt(f))
    }
}
