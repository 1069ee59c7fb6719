//! Templates: escaping, media types, failures that tell the client nothing, directories.
#![allow(clippy::unwrap_used)] // a fixture says what is wrong by panicking

mod compiled;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use axum::response::IntoResponse;
use axum::routing::get;
use axum::{BoxError, Router};
use axum_responses::media_type::{HtmlType, JsonType, PlainText, TypedMedia, XmlType};
use axum_responses::template::{
    Context, Environment, Escaping, Form, MiniJinja, Named, Serde, TemplateEngine,
};
use axum_responses::{
    Html, Json, MediaType, Negotiated, Reply, RequestContext, RequestContextLayer, Template,
    context, with_context,
};
use serde::Serialize;
use suite_support::{Answer, ask, get as request};

use self::compiled::Page;

/// A directory of templates, gone when the test ends.
struct Templates(PathBuf);

impl Templates {
    fn new(files: &[(&str, &str)]) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("templates-{}-{count}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        let templates = Self(path);
        for (name, text) in files {
            templates.write(name, text);
        }
        templates
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Another text of the same length, and a later time of modification.
    fn edit(&self, name: &str, text: &str, seconds: u64) {
        self.write(name, text);
        let file = fs::File::options()
            .write(true)
            .open(self.path(name))
            .unwrap();
        file.set_modified(SystemTime::now() + Duration::from_secs(seconds))
            .unwrap();
    }

    fn engine(&self) -> MiniJinja {
        MiniJinja::from_dir(&self.0).unwrap()
    }
}

impl AsRef<Path> for Templates {
    fn as_ref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Templates {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// The answer of an application with this engine, whose only handler returns this.
async fn answer<R: IntoResponse + 'static>(
    engine: impl TemplateEngine,
    handler: impl Fn() -> R + Clone + Send + Sync + 'static,
) -> Answer {
    ask(&app(engine, handler), request("/", &[])).await
}

fn app<R: IntoResponse + 'static>(
    engine: impl TemplateEngine,
    handler: impl Fn() -> R + Clone + Send + Sync + 'static,
) -> Router {
    Router::new()
        .route("/", get(async move || handler()))
        .layer(RequestContextLayer::new().template_engine(engine))
}

const USER: &str = "user: {{ user }}";

/// An answer that tells the client nothing but the status.
#[track_caller]
fn assert_silent(answer: &Answer) {
    let expected = serde_json::json!({
        "type": "about:blank", "title": "Internal Server Error", "status": 500
    });
    assert_eq!(answer.problem(500), expected);
}

#[tokio::test]
async fn the_suffix_of_the_name_decides_the_escaping() {
    async fn check<M: TypedMedia>(name: &'static str, escaped: bool) {
        let templates = Templates::new(&[(name, USER)]);
        let named = move || Template::<Named, M>::named(name, context! { user => "<b>" });
        let expected = if escaped {
            "user: &lt;b&gt;"
        } else {
            "user: <b>"
        };

        let read = answer(templates.engine(), named).await;
        assert_eq!(
            (read.status.as_u16(), &*read.text()),
            (200, expected),
            "{name}"
        );

        // An environment of one's own escapes in other ways by itself.
        let mut environment = Environment::empty();
        environment.add_template(name, USER).unwrap();
        let own = answer(MiniJinja::new(environment), named).await;
        assert_eq!(own.text(), expected, "{name} in an empty environment");
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::Html);
        environment.add_template(name, USER).unwrap();
        let own = answer(MiniJinja::new(environment), named).await;
        assert_eq!(
            own.text(),
            expected,
            "{name} in an environment that escapes all"
        );
    }
    check::<HtmlType>("info.html", true).await;
    check::<HtmlType>("info.htm", true).await;
    check::<HtmlType>("INFO.HTML", true).await;
    check::<HtmlType>("info.html.j2", true).await;
    check::<HtmlType>("info.html.jinja", true).await;
    check::<HtmlType>("info.html.jinja2", true).await;
    check::<XmlType>("feed.xml", true).await;
    check::<XmlType>("feed.xml.jinja", true).await;
    check::<PlainText>("note.txt", false).await;
    check::<PlainText>("note.txt.j2", false).await;
    check::<JsonType>("data.json", false).await;
    // No suffix that says something: the media type does.
    check::<HtmlType>("info", true).await;
    check::<HtmlType>("info.jinja", true).await;
    check::<HtmlType>("info.tpl", true).await;
    check::<XmlType>("feed", true).await;
    check::<PlainText>("note", false).await;
    check::<PlainText>("note.tpl", false).await;
}

#[tokio::test]
async fn the_media_type_decides_the_escaping_of_a_source() {
    async fn check<M: TypedMedia>(expected: &str) {
        let source = || Template::<Named, M>::source(USER, context! { user => "<b>" });
        for engine in [MiniJinja::default(), MiniJinja::new(Environment::empty())] {
            assert_eq!(answer(engine, source).await.text(), expected);
        }
    }
    check::<HtmlType>("user: &lt;b&gt;").await;
    check::<XmlType>("user: &lt;b&gt;").await;
    check::<PlainText>("user: <b>").await;
    check::<JsonType>("user: <b>").await;
}

#[tokio::test]
async fn the_type_in_the_signature_is_sent() {
    async fn check<M: TypedMedia>(expected: &str) {
        let source = || Template::<Named, M>::source("", ());
        let answer = answer(MiniJinja::default(), source).await;
        assert_eq!(answer.header("content-type"), Some(expected));
    }
    check::<HtmlType>("text/html; charset=utf-8").await;
    check::<PlainText>("text/plain; charset=utf-8").await;
    check::<XmlType>("application/xml").await;
}

#[tokio::test]
async fn a_type_set_at_run_time_is_sent_instead() {
    let templates = Templates::new(&[("info.html", USER), ("note.txt", USER), ("bare", USER)]);
    let user = || context! { user => "<b>" };
    async fn check<M: TypedMedia>(
        templates: &Templates,
        template: impl Fn() -> Template<Named, M> + Clone + Send + Sync + 'static,
        media_type: &str,
        body: &str,
    ) {
        let answer = answer(templates.engine(), template).await;
        assert_eq!(answer.header("content-type"), Some(media_type));
        assert_eq!(answer.text(), body);
    }
    // The name goes on deciding the escaping, and is not compared with the signature.
    let page_as_text =
        move || Template::<Named>::named("info.html", user()).media_type(MediaType::TEXT);
    check(
        &templates,
        page_as_text,
        "text/plain; charset=utf-8",
        "user: &lt;b&gt;",
    )
    .await;
    let text_in_a_page =
        move || Template::<Named>::named("note.txt", user()).media_type(MediaType::TEXT);
    check(
        &templates,
        text_in_a_page,
        "text/plain; charset=utf-8",
        "user: <b>",
    )
    .await;
    // Without a suffix, escaping is added where either type wants it.
    let bare =
        move || Template::<Named, PlainText>::named("bare", user()).media_type(MediaType::HTML);
    check(
        &templates,
        bare,
        "text/html; charset=utf-8",
        "user: &lt;b&gt;",
    )
    .await;
    let bare = move || Template::<Named>::named("bare", user()).media_type(MediaType::TEXT);
    check(
        &templates,
        bare,
        "text/plain; charset=utf-8",
        "user: &lt;b&gt;",
    )
    .await;
    let source =
        move || Template::<Named, PlainText>::source(USER, user()).media_type(MediaType::XML);
    check(&templates, source, "application/xml", "user: &lt;b&gt;").await;
    let source =
        move || Template::<Named, PlainText>::source(USER, user()).media_type(MediaType::CSV);
    check(&templates, source, "text/csv; charset=utf-8", "user: <b>").await;
}

#[tokio::test]
async fn a_name_that_contradicts_the_signature_is_a_500() {
    async fn check<M: TypedMedia>(name: &'static str) {
        let templates = Templates::new(&[(name, "secret")]);
        let named = move || Template::<Named, M>::named(name, ());
        assert_silent(&answer(templates.engine(), named).await);
    }
    check::<HtmlType>("note.txt").await;
    check::<HtmlType>("feed.xml").await;
    check::<HtmlType>("data.json.j2").await;
    check::<PlainText>("info.html").await;
    check::<XmlType>("note.txt").await;
}

#[tokio::test]
async fn every_failure_tells_the_client_nothing() {
    let templates = Templates::new(&[
        ("info.html", USER),
        ("loop.html", "{% for row in rows %}{{ row }}{% endfor %}"),
        ("outer.html", "{% include 'info.html' %}"),
        ("unknown.html", "{{ 1|nofilter }}"),
        ("endless.html", "{% include 'endless.html' %}"),
    ]);
    let check = async |name: &'static str| {
        let named = move || Template::<Named>::named(name, context! { other => "x" });
        let answer = answer(templates.engine(), named).await;
        assert_silent(&answer);
        assert!(!answer.text().contains("user"), "{answer:?}");
        assert!(!answer.text().contains(name), "{answer:?}");
    };
    check("nope.html").await;
    check("../nope.html").await;
    check("info.html").await;
    check("loop.html").await;
    check("outer.html").await;
    check("unknown.html").await;
    check("endless.html").await;

    let broken = || Template::<Named>::source("{{ user", ());
    assert_silent(&answer(MiniJinja::default(), broken).await);
    let undefined = || Template::<Named>::source(USER, ());
    assert_silent(&answer(MiniJinja::default(), undefined).await);
}

#[tokio::test]
async fn a_context_that_cannot_be_written_is_a_500() {
    #[derive(Clone, Copy)]
    struct Broken;
    impl Serialize for Broken {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("secret"))
        }
    }
    let whole = || Template::<Named>::source("nothing of it", Broken);
    assert_silent(&answer(MiniJinja::default(), whole).await);
    let part = || Template::<Named>::source("{{ part }}", HashMap::from([("part", Broken)]));
    assert_silent(&answer(MiniJinja::default(), part).await);
}

#[tokio::test]
async fn without_an_engine_the_answer_is_a_500() {
    let handler = async || Template::<Named>::named("info.html", ());
    let bare = Router::new().route("/", get(handler));
    assert_silent(&ask(&bare, request("/", &[])).await);
    let context_only = Router::new().route("/", get(with_context(handler)));
    assert_silent(&ask(&context_only, request("/", &[])).await);
}

#[tokio::test]
async fn any_serialisable_context_will_do() {
    #[derive(Clone, Serialize)]
    struct Info {
        user: User,
    }
    #[derive(Clone, Serialize)]
    struct User {
        name: &'static str,
    }
    const SOURCE: &str = "{{ user.name }}";
    let user = User { name: "moishe" };
    let check = |answer: Answer| assert_eq!(answer.text(), "moishe");

    let whole = Info { user: user.clone() };
    check(
        answer(MiniJinja::default(), move || {
            Template::<Named>::source(SOURCE, whole.clone())
        })
        .await,
    );
    let part = move || Template::<Named>::source(SOURCE, context! { user => Serde(user.clone()) });
    check(answer(MiniJinja::default(), part).await);
    let json =
        || Template::<Named>::source(SOURCE, serde_json::json!({ "user": { "name": "moishe" } }));
    check(answer(MiniJinja::default(), json).await);

    // A value that is marked as safe stays so.
    let safe = || {
        let user = minijinja::Value::from_safe_string("<b>".to_owned());
        Template::<Named>::source(USER, context! { user })
    };
    assert_eq!(answer(MiniJinja::default(), safe).await.text(), "user: <b>");
}

#[tokio::test]
async fn templates_include_and_extend_each_other() {
    let templates = Templates::new(&[
        ("base.html", "<html>{% block body %}{% endblock %}</html>"),
        ("parts/name", "{{ user }}"),
        (
            "parts/info.html",
            "{% extends 'base.html' %}{% block body %}{% include 'parts/name' %}{% endblock %}",
        ),
    ]);
    let named = || Template::<Named>::named("parts/info.html", context! { user => "<b>" });
    // What is included escapes although its name says nothing.
    assert_eq!(
        answer(templates.engine(), named).await.text(),
        "<html>&lt;b&gt;</html>"
    );
    let source =
        || Template::<Named>::source("{% include 'parts/info.html' %}", context! { user => 1 });
    assert_eq!(
        answer(templates.engine(), source).await.text(),
        "<html>1</html>"
    );
}

#[tokio::test]
async fn an_environment_of_ones_own_keeps_the_rest_of_its_settings() {
    let templates = Templates::new(&[
        ("page.HTML", "[{{ user }}{{ nothing }}]"),
        ("bare", "{{ user }}"),
    ]);
    let mut environment = Environment::empty();
    environment.set_loader(minijinja::path_loader(&templates));
    environment
        .add_template(
            "outer.html",
            "{% include 'page.HTML' %}{% include 'bare' %}",
        )
        .unwrap();
    environment.get_template("page.HTML").unwrap(); // compiled before the engine has it
    let engine = MiniJinja::new(environment);
    let named = || Template::<Named>::named("outer.html", context! { user => "<b>" });
    let app = app(engine, named);
    let text = async || ask(&app, request("/", &[])).await.text();
    assert_eq!(text().await, "[&lt;b&gt;]<b>");
    // Its own loader goes on reloading.
    templates.edit("page.HTML", "({{ user }}{{ nothing }})", 5);
    assert_eq!(text().await, "(&lt;b&gt;)<b>");
}

#[tokio::test]
async fn directories_are_read_when_the_program_starts() {
    let templates = Templates::new(&[
        ("a.html", "a"),
        ("mails/new/welcome.txt", "welcome"),
        (".hidden.html", "{% broken"),
        (".git/index.html", "{% broken"),
        ("empty.html", ""),
    ]);
    let engine = templates.engine().reload(false);
    fs::remove_dir_all(&templates).unwrap();
    let text = |name| engine.render(Form::Named(name), Escaping::None, &());
    assert_eq!(text("a.html").unwrap(), "a");
    assert_eq!(text("mails/new/welcome.txt").unwrap(), "welcome");
    assert_eq!(text("empty.html").unwrap(), "");
    for name in [
        "welcome.txt",
        "mails",
        "./a.html",
        ".hidden.html",
        "mails\\new\\welcome.txt",
    ] {
        assert!(text(name).is_err(), "{name}");
    }
}

#[test]
fn errors_at_start_name_the_file() {
    let check = |name: &str, text: &[u8], expected: &str| {
        let templates = Templates::new(&[("fine.html", "")]);
        templates.write(name, text);
        let error = MiniJinja::from_dir(&templates).unwrap_err();
        assert_eq!(error.path(), templates.path(name));
        let text = error.to_string();
        assert!(text.contains(name) && text.contains(expected), "{text}");
    };
    check("deep/broken.html", b"one\n{{ two", "broken.html:2");
    check("broken.txt", b"{% endfor %}", "syntax error");
    check("image.html", b"\xff\xfe", "UTF-8");

    let nowhere = Templates::new(&[]).path("nowhere");
    let error = MiniJinja::from_dir(&nowhere).unwrap_err();
    assert_eq!(error.path(), nowhere);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_back_is_an_error_at_start() {
    use std::os::unix::fs::symlink;

    let templates = Templates::new(&[("real/a.html", "a")]);
    symlink(templates.path("real"), templates.path("linked")).unwrap();
    symlink(templates.path("real/a.html"), templates.path("b.html")).unwrap();
    let engine = templates.engine();
    for name in ["real/a.html", "linked/a.html", "b.html"] {
        let text = engine.render(Form::Named(name), Escaping::Markup, &());
        assert_eq!(text.unwrap(), "a");
    }
    symlink(&templates, templates.path("real/back")).unwrap();
    let error = MiniJinja::from_dir(&templates).unwrap_err();
    assert!(error.to_string().contains("leads back"), "{error}");
}

#[tokio::test]
async fn a_changed_template_is_read_again() {
    let templates = Templates::new(&[
        ("info.html", "one"),
        ("outer.html", "[{% include 'info.html' %}]"),
    ]);
    let app = app(templates.engine().reload(true), || {
        Template::<Named>::named("outer.html", ())
    });
    let text = async || ask(&app, request("/", &[])).await.text();
    assert_eq!(text().await, "[one]");
    templates.edit("info.html", "two", 5);
    assert_eq!(text().await, "[two]");
    // Another length tells as much as another time.
    templates.edit("info.html", "three", 5);
    assert_eq!(text().await, "[three]");

    templates.edit("info.html", "{% broken", 10);
    assert_silent(&ask(&app, request("/", &[])).await);
    assert_silent(&ask(&app, request("/", &[])).await);
    templates.edit("info.html", "mended", 15);
    assert_eq!(text().await, "[mended]");

    fs::remove_file(templates.path("info.html")).unwrap();
    assert_silent(&ask(&app, request("/", &[])).await);
    templates.write("info.html", "back");
    assert_eq!(text().await, "[back]");
}

#[tokio::test]
async fn reloading_keeps_escaping_and_filters() {
    let templates = Templates::new(&[("info.html", "x"), ("bare", "x")]);
    let engine = templates.engine().reload(true).configure(|environment| {
        environment.add_filter("shout", |text: String| text.to_uppercase());
    });
    for name in ["info.html", "bare"] {
        templates.edit(name, "{{ '<b>'|shout }}", 5);
        let text = engine.render(Form::Named(name), Escaping::Markup, &());
        assert_eq!(text.unwrap(), "&lt;B&gt;", "{name}");
    }
}

#[test]
fn without_reloading_no_file_is_looked_at() {
    let templates = Templates::new(&[("info.html", "one")]);
    let engine = templates.engine().reload(false);
    templates.edit("info.html", "two", 5);
    templates.write("new.html", "new");
    let text = |name| engine.render(Form::Named(name), Escaping::Markup, &());
    assert_eq!(text("info.html").unwrap(), "one");
    assert!(text("new.html").is_err());
}

#[test]
fn reloading_is_on_in_debug_builds() {
    let templates = Templates::new(&[("info.html", "one")]);
    let engine = templates.engine();
    templates.edit("info.html", "two", 5);
    let text = engine.render(Form::Named("info.html"), Escaping::Markup, &());
    assert_eq!(
        text.unwrap(),
        if cfg!(debug_assertions) { "two" } else { "one" }
    );
}

#[tokio::test]
async fn a_reply_around_a_template_has_its_status_and_headers() {
    let reply = || -> Reply<Template, 202> {
        Reply::new(Template::source("hello", ()))
            .header(("x-own", "1"))
            .cookie(("a", "b"))
    };
    let answer = answer(MiniJinja::default(), reply).await;
    assert_eq!(answer.status, 202);
    assert_eq!(answer.header("x-own"), Some("1"));
    assert_eq!(
        answer.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert!(answer.header("set-cookie").is_some());
}

#[tokio::test]
async fn a_reply_puts_nothing_on_a_template_that_failed() {
    let reply = || -> Reply<Template, 202> {
        Reply::new(Template::source(USER, ()))
            .header(("x-own", "1"))
            .header(("cache-control", "max-age=60"))
            .cookie(("a", "b"))
            .content_type(MediaType::TEXT)
    };
    let answer = answer(MiniJinja::default(), reply).await;
    assert_silent(&answer);
    for name in ["x-own", "set-cookie", "cache-control"] {
        assert_eq!(answer.header(name), None);
    }
}

#[tokio::test]
async fn an_engine_registered_further_out_reaches_a_handler_with_its_own_context() {
    async fn hello() -> Template {
        Template::source("hello", ())
    }
    let app = Router::new()
        .route("/", get(with_context(hello)))
        .layer(RequestContextLayer::new())
        .layer(RequestContextLayer::new().template_engine(MiniJinja::default()));
    assert_eq!(ask(&app, request("/", &[])).await.text(), "hello");
}

#[tokio::test]
async fn the_explicit_form_answers_alike() {
    async fn hello(context: RequestContext) -> axum::response::Response {
        Template::<Named>::source("hello", ()).respond_to(&context)
    }
    let app = Router::new()
        .route("/", get(hello))
        .layer(RequestContextLayer::new().template_engine(MiniJinja::default()));
    let answer = ask(&app, request("/", &[])).await;
    assert_eq!(answer.text(), "hello");
    assert_eq!(
        answer.header("content-type"),
        Some("text/html; charset=utf-8")
    );
}

#[tokio::test]
async fn any_engine_can_be_registered() {
    struct Own;
    impl TemplateEngine for Own {
        fn render(
            &self,
            form: Form<'_>,
            escaping: Escaping,
            context: &dyn Context,
        ) -> Result<String, BoxError> {
            Ok(format!(
                "{form:?} {escaping:?} {}",
                serde_json::to_string(context)?
            ))
        }
    }
    async fn check<M: TypedMedia>(
        template: impl Fn() -> Template<Named, M> + Clone + Send + Sync + 'static,
        expected: &str,
    ) {
        assert_eq!(answer(Own, template).await.text(), expected);
    }
    check(
        || Template::<Named>::named("a.html", 1),
        r#"Named("a.html") Markup 1"#,
    )
    .await;
    check(
        || Template::<Named>::named(String::from("a"), [1]),
        r#"Named("a") Markup [1]"#,
    )
    .await;
    check(
        || Template::<Named, PlainText>::named("a.txt", "x"),
        r#"Named("a.txt") None "x""#,
    )
    .await;
    check(
        || Template::<Named, PlainText>::source("a", ()),
        r#"Source("a") None null"#,
    )
    .await;
}

#[test]
fn the_document_says_what_is_sent() {
    use utoipa::IntoResponses;

    fn check<R: IntoResponses>(expected: &serde_json::Value) {
        let responses = serde_json::to_value(R::responses()).unwrap();
        let content = &responses["200"]["content"];
        assert_eq!(content, expected);
        assert_eq!(responses.as_object().unwrap().len(), 1);
    }
    let text = |essence: &str| serde_json::json!({ essence: { "schema": { "type": "string" } } });
    check::<Template>(&text("text/html"));
    check::<Template<Named, PlainText>>(&text("text/plain"));
    check::<Template<Page, XmlType>>(&text("application/xml"));
    check::<Template<Named, JsonType>>(&serde_json::json!({ "application/json": {} }));

    // The offer of a page beside JSON needs the schema of the JSON only.
    #[derive(askama::Template, Serialize, utoipa::ToSchema)]
    #[template(source = "{{ user }}", ext = "html")]
    #[allow(dead_code)] // only its description is asked for
    struct Described {
        user: String,
    }
    let responses = <Negotiated<Described, (Json, Html)>>::responses();
    let responses = serde_json::to_value(responses).unwrap();
    let content = &responses["200"]["content"];
    assert_eq!(content["text/html"]["schema"]["type"], "string");
    assert!(content["application/json"]["schema"].is_object());
}
