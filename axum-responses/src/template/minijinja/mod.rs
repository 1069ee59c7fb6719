//! The engine for templates that are read when the program starts.

mod directory;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::BoxError;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior};

pub use self::directory::LoadError;

use super::suffix::Suffix;
use super::{Context, Escaping, Form, TemplateEngine};

/// Behind a template's name, these two decide its escaping, whatever the name says.
const AS_MARKUP: &str = " (as markup)";
const AS_TEXT: &str = " (as text)";

/// Renders templates with minijinja, whose language is that of Jinja2.
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use axum_responses::template::MiniJinja;
/// use axum_responses::{RequestContextLayer, Template, context};
/// # use tower::ServiceExt;
///
/// async fn info() -> Template {
///     Template::named("users/info.html", context! { user => "<b>" })
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let templates = std::env::temp_dir().join(format!("minijinja-doc-{}", std::process::id()));
/// # std::fs::create_dir_all(templates.join("users"))?;
/// # std::fs::write(templates.join("users/info.html"), "<p>user: {{ user }}</p>")?;
/// let engine = MiniJinja::from_dir(&templates)?;
/// # std::fs::remove_dir_all(&templates)?;
/// # let engine = engine.reload(false);
/// let app = Router::new()
///     .route("/", get(info))
///     .layer(RequestContextLayer::new().template_engine(engine));
///
/// let response = app.oneshot(Request::get("/").body(Body::empty())?).await?;
/// let body = axum::body::to_bytes(response.into_body(), 100).await?;
/// assert_eq!(body, "<p>user: &lt;b&gt;</p>");
/// # Ok(())
/// # }
/// ```
///
/// `MiniJinja::default()` has no templates: it renders sources, with the same settings as
/// [`from_dir`](Self::from_dir).
#[derive(Debug)]
#[must_use]
pub struct MiniJinja {
    environment: Environment<'static>,
    /// Whether the directory is looked at while rendering.
    reload: Arc<AtomicBool>,
}

impl MiniJinja {
    /// An environment of one's own, with its templates, functions and settings as they are.
    ///
    /// Whether undefined variables are errors is the environment's decision (minijinja prints
    /// nothing for them unless told otherwise). Values are escaped as [`Template::named`] says; an
    /// included template whose name says nothing is escaped as the environment does it, which is
    /// not at all unless told otherwise.
    ///
    /// An environment with a loader may read files while it renders, on the runtime's own threads.
    ///
    /// ```
    /// use axum_responses::context;
    /// use axum_responses::template::{Environment, Escaping, Form, MiniJinja, TemplateEngine};
    ///
    /// let mut environment = Environment::new();
    /// environment.add_template("page", "[{{ user }}{{ nobody }}]").unwrap();
    /// let engine = MiniJinja::new(environment);
    ///
    /// let text = |escaping| engine.render(Form::Named("page"), escaping, &context! { user => "<b>" }).unwrap();
    /// assert_eq!(text(Escaping::Markup), "[&lt;b&gt;]");
    /// assert_eq!(text(Escaping::None), "[<b>]");
    /// assert!(engine.render(Form::Named("missing"), Escaping::None, &()).is_err());
    /// ```
    ///
    /// [`Template::named`]: crate::Template::named
    pub fn new(environment: Environment<'static>) -> Self {
        Self {
            environment: governed(environment),
            reload: Arc::new(AtomicBool::new(false)),
        }
    }

    /// All templates of a directory and of those in it, read now: rendering waits for no file.
    ///
    /// A template's name is its path below the directory, with `/` between the parts:
    /// `mails/welcome.html`. What starts with a dot is left out; symbolic links are followed.
    ///
    /// Undefined variables are errors. Values are escaped as [`Template::named`] says, and in included
    /// templates whose name says nothing.
    ///
    /// In debug builds a template that was changed is read again when it is rendered next: see
    /// [`reload`](Self::reload).
    ///
    /// # Errors
    /// The file or directory that cannot be read, is not UTF-8, or is not a template.
    ///
    /// ```
    /// use axum_responses::context;
    /// use axum_responses::template::{Escaping, Form, MiniJinja, TemplateEngine};
    ///
    /// # let folder = std::env::temp_dir().join(format!("from-dir-doc-{}", std::process::id()));
    /// # std::fs::create_dir_all(folder.join("mails")).unwrap();
    /// std::fs::write(folder.join("mails/welcome.txt"), "Hello {{ user }}").unwrap();
    /// let engine = MiniJinja::from_dir(&folder).unwrap();
    /// let welcome = Form::Named("mails/welcome.txt");
    /// assert_eq!(engine.render(welcome, Escaping::None, &context! { user => "Ada" }).unwrap(), "Hello Ada");
    /// assert!(engine.render(welcome, Escaping::None, &context! {}).is_err()); // `user` is undefined
    ///
    /// std::fs::write(folder.join("broken.html"), "{% if %}").unwrap();
    /// let error = MiniJinja::from_dir(&folder).unwrap_err();
    /// assert_eq!(error.path(), folder.join("broken.html"));
    /// # std::fs::remove_dir_all(&folder).unwrap();
    /// ```
    ///
    /// [`Template::named`]: crate::Template::named
    pub fn from_dir(directory: impl AsRef<Path>) -> Result<Self, LoadError> {
        let root = directory.as_ref().to_owned();
        let files = directory::files(&root)?;
        let reload = Arc::new(AtomicBool::new(true));
        let mut environment = own_environment();
        environment.set_loader({
            let reload = Arc::clone(&reload);
            move |name| {
                if reload.load(Ordering::Relaxed) {
                    directory::load(&root, name)
                } else {
                    Ok(None)
                }
            }
        });
        for (name, path) in files {
            if let Err(error) = environment.get_template(&name) {
                return Err(LoadError::new(path, error));
            }
        }
        let engine = Self {
            environment: governed(environment),
            reload,
        };
        Ok(engine.reload(cfg!(debug_assertions)))
    }

    /// Whether templates of the directory are read again once they were changed: in debug builds yes,
    /// in release builds no.
    ///
    /// When it is on, each rendering compares the modification time and the length of every file it
    /// needs with what was read, and new files are found. That blocks the runtime's thread, and a
    /// replaced template stays in memory: it is for editing templates, not for production. A
    /// template that was broken answers with a 500 and is logged until it is mended.
    ///
    /// For an engine made by [`new`](Self::new) it is the environment's own `set_auto_reload`.
    ///
    /// ```
    /// use axum_responses::template::{Escaping, Form, MiniJinja, TemplateEngine};
    ///
    /// # let folder = std::env::temp_dir().join(format!("reload-doc-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder).unwrap();
    /// std::fs::write(folder.join("page.html"), "old").unwrap();
    /// let editing = MiniJinja::from_dir(&folder).unwrap().reload(true);
    /// let running = MiniJinja::from_dir(&folder).unwrap().reload(false);
    /// std::fs::write(folder.join("page.html"), "changed").unwrap();
    ///
    /// let page = |engine: &MiniJinja| engine.render(Form::Named("page.html"), Escaping::Markup, &()).unwrap();
    /// assert_eq!(page(&editing), "changed");
    /// assert_eq!(page(&running), "old");
    /// # std::fs::remove_dir_all(&folder).unwrap();
    /// ```
    pub fn reload(mut self, reload: bool) -> Self {
        self.reload.store(reload, Ordering::Relaxed);
        self.environment.set_auto_reload(reload);
        self
    }

    /// Changes the environment: filters, functions, globals.
    ///
    /// ```
    /// use axum_responses::template::MiniJinja;
    ///
    /// let engine = MiniJinja::default().configure(|environment| {
    ///     environment.add_filter("shout", |text: String| text.to_uppercase());
    ///     environment.add_global("site", "example.com");
    /// });
    /// # use axum_responses::template::{Escaping, Form, TemplateEngine};
    /// let text = engine.render(Form::Source("{{ site|shout }}"), Escaping::None, &());
    /// assert_eq!(text.unwrap(), "EXAMPLE.COM");
    /// ```
    ///
    /// Templates are compiled by then: what changes the language itself (its syntax, white space)
    /// belongs into an environment given to [`new`](Self::new).
    pub fn configure(mut self, configure: impl FnOnce(&mut Environment<'static>)) -> Self {
        configure(&mut self.environment);
        self.environment = governed(self.environment);
        self
    }

    /// Compiles a text so that it is escaped in this way, and renders it.
    fn render_as(
        &self,
        name: &str,
        source: &str,
        escaping: Escaping,
        context: Value,
    ) -> Result<String, Error> {
        let mark = match escaping {
            Escaping::Markup => AS_MARKUP,
            Escaping::None => AS_TEXT,
        };
        self.environment
            .render_named_str(&format!("{name}{mark}"), source, context)
    }
}

impl Default for MiniJinja {
    fn default() -> Self {
        Self::new(own_environment())
    }
}

impl TemplateEngine for MiniJinja {
    fn render(
        &self,
        form: Form<'_>,
        escaping: Escaping,
        context: &dyn Context,
    ) -> Result<String, BoxError> {
        let context = Value::from(Serde(context));
        let name = match form {
            Form::Named(name) => name,
            Form::Source(source) => {
                return Ok(self.render_as("source", source, escaping, context)?);
            }
        };
        let template = self.environment.get_template(name)?;
        let settled = Suffix::of(name).map(Suffix::escaping) == Some(escaping);
        // A name that says nothing was compiled one way, and may be wanted in the other.
        if settled || !contradicts(template.new_state().auto_escape(), escaping) {
            Ok(template.render(context)?)
        } else {
            Ok(self.render_as(name, template.source(), escaping, context)?)
        }
    }
}

/// Whether a template that escapes in this way is of no use where that is wanted. Escaping of other
/// kinds, as for JSON, is left to the environment that has it.
fn contradicts(present: &AutoEscape, wanted: Escaping) -> bool {
    matches!(
        (present, wanted),
        (AutoEscape::None, Escaping::Markup) | (AutoEscape::Html, Escaping::None)
    )
}

fn as_auto_escape(escaping: Escaping) -> AutoEscape {
    match escaping {
        Escaping::Markup => AutoEscape::Html,
        Escaping::None => AutoEscape::None,
    }
}

/// The environment of the engines that are made here.
fn own_environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|name| {
        // A name that says nothing may be included by a page: what is escaped once too often is
        // ugly, what is not escaped is a hole.
        as_auto_escape(Suffix::of(name).map_or(Escaping::Markup, Suffix::escaping))
    });
    environment
}

/// Makes an environment escape by the marks, and by the suffixes of names. A name without one is
/// escaped as it was before.
fn governed(mut environment: Environment<'static>) -> Environment<'static> {
    let before = environment.clone();
    environment.set_auto_escape_callback(move |name| {
        if name.ends_with(AS_MARKUP) {
            return AutoEscape::Html;
        }
        if name.ends_with(AS_TEXT) {
            return AutoEscape::None;
        }
        // The earlier callback cannot be asked for, but what it does to an empty template can.
        let probe = before.template_from_named_str(name, "");
        let present = probe.map_or(AutoEscape::Html, |probe| {
            probe.new_state().auto_escape().clone()
        });
        match Suffix::of(name).map(Suffix::escaping) {
            Some(wanted) if contradicts(&present, wanted) => as_auto_escape(wanted),
            _ => present,
        }
    });
    // What is compiled already keeps the escaping that it was compiled with.
    let wrong: Vec<_> = environment
        .templates()
        .filter(|(name, template)| {
            Suffix::of(name).is_some_and(|suffix| {
                contradicts(template.new_state().auto_escape(), suffix.escaping())
            })
        })
        .map(|(name, template)| (name.to_owned(), template.source().to_owned()))
        .collect();
    for (name, source) in wrong {
        environment.remove_template(&name);
        if environment.get_template(&name).is_err()
            && let Err(error) = environment.add_template_owned(name, source)
        {
            tracing::error!(%error, "a template could not be compiled again");
        }
    }
    environment
}
