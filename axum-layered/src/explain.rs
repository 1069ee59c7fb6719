//! Which layer set what.

use std::fmt;

/// What one layer says of one route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    layer: String,
    kind: &'static str,
    name: String,
    value: Option<String>,
    always: bool,
}

impl Said {
    pub(crate) fn new(
        layer: &str,
        kind: &'static str,
        name: &str,
        value: Option<&str>,
        always: bool,
    ) -> Self {
        Self {
            layer: layer.to_owned(),
            kind,
            name: name.to_owned(),
            value: value.map(str::to_owned),
            always,
        }
    }

    /// The layer that said it.
    #[must_use]
    pub fn layer(&self) -> &str {
        &self.layer
    }

    /// `header`, `cookie`, `after_request`.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.kind
    }

    /// The header's or cookie's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is sent; nothing where it is documented or removed.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// Whether it goes with errors too.
    #[must_use]
    pub fn is_always(&self) -> bool {
        self.always
    }
}

/// `header x-trace: app (app, always)`
impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.name)?;
        match (&self.value, self.kind) {
            (Some(value), _) => write!(f, ": {value}")?,
            (None, "header" | "cookie") => f.write_str(" not sent")?,
            (None, _) => {}
        }
        write!(f, " ({}", self.layer)?;
        if self.always && self.kind != "after_request" {
            f.write_str(", always")?;
        }
        f.write_str(")")
    }
}

/// What the layers say of each route: see [`Built::explain`](crate::Built).
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

    /// Its methods; none where they are not known: a nested router of axum's.
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
    /// Each route.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Explained> + Clone {
        self.0.iter()
    }

    /// The routes of this path.
    pub fn path<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a Explained> {
        self.0.iter().filter(move |route| route.path == path)
    }
}

impl fmt::Display for Explain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|route| route.fmt(f))
    }
}
