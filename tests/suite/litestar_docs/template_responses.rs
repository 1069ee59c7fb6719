//! "Template Responses": from files, from a string, and compiled into the program.

use super::*;

/// The engine is registered once. `MiniJinja::from_dir("templates")` would read a folder. What a template
/// is told is anything that serialises.
#[tokio::test]
async fn template_responses() {
    #[derive(Clone, Serialize)]
    struct User {
        name: &'static str,
    }

    async fn info(Extension(user): Extension<User>) -> Template {
        Template::named("info.html", json!({ "user": user }))
    }

    let engine = MiniJinja::default().configure(|templates| {
        let page = "<p>user: {{ user.name }}</p>";
        templates.add_template("info.html", page).unwrap();
    });
    let app = Router::new()
        .route("/info", get(info))
        .layer(Extension(User { name: "<moishe>" }))
        .layer(RequestContextLayer::new().template_engine(engine));
    let answer = visit(&app, "/info").await;
    assert_eq!(
        answer.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert_eq!(answer.text(), "<p>user: &lt;moishe&gt;</p>");
}

/// A template that stands in the code.
#[tokio::test]
async fn template_responses_from_a_string() {
    async fn info() -> Template {
        let greeting = "Hello <strong>{{ name }}</strong>";
        Template::source(greeting, context! { name => "<moishe>" })
    }

    let app = Router::new()
        .route("/info", get(info))
        .layer(RequestContextLayer::new().template_engine(MiniJinja::default()));
    assert_eq!(
        visit(&app, "/info").await.text(),
        "Hello <strong>&lt;moishe&gt;</strong>"
    );
}

/// A template that is compiled into the program: no engine to register, and a misspelt name does not
/// compile.
#[tokio::test]
async fn template_responses_checked_by_the_compiler() {
    #[derive(askama::Template)]
    #[template(source = "<p>user: {{ user }}</p>", ext = "html")]
    struct Info {
        user: &'static str,
    }

    async fn info() -> Template<Info> {
        Template::new(Info { user: "<moishe>" })
    }

    let app = Router::new().route("/info", get(info));
    assert_eq!(
        visit(&app, "/info").await.text(),
        "<p>user: &#60;moishe&#62;</p>"
    );
}
