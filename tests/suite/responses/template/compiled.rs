//! Templates that are compiled into the program.

use super::*;

#[derive(askama::Template, Clone, Serialize)]
#[template(source = "<p>user: {{ user }}</p>", ext = "html")]
pub(super) struct Page {
    user: String,
}

impl Page {
    fn new() -> Self {
        Self {
            user: "<b>".to_owned(),
        }
    }
}

#[derive(askama::Template)]
#[template(source = "user: {{ user }}", ext = "txt")]
struct Note {
    user: &'static str,
}

#[tokio::test]
async fn a_compiled_template_needs_neither_engine_nor_context() {
    async fn page() -> Template<Page> {
        Template::new(Page::new())
    }
    async fn note() -> Template<Note, PlainText> {
        Template::new(Note { user: "<b>" })
    }
    async fn page_as_xml() -> Template<Page> {
        Template::new(Page::new()).media_type(MediaType::XML)
    }
    let app = Router::new()
        .route("/page", get(page))
        .route("/note", get(note))
        .route("/xml", get(page_as_xml));
    let check = async |path, media_type, body| {
        let answer = ask(&app, request(path, &[])).await;
        assert_eq!(answer.header("content-type"), Some(media_type));
        assert_eq!(answer.text(), body);
    };
    check(
        "/page",
        "text/html; charset=utf-8",
        "<p>user: &#60;b&#62;</p>",
    )
    .await;
    check("/note", "text/plain; charset=utf-8", "user: <b>").await;
    check("/xml", "application/xml", "<p>user: &#60;b&#62;</p>").await;
}

#[tokio::test]
async fn a_compiled_template_that_fails_tells_the_client_nothing() {
    #[derive(askama::Template)]
    #[template(source = "half a page {{ self.read()? }}", ext = "html")]
    struct Failing;
    impl Failing {
        fn read(&self) -> Result<&str, std::io::Error> {
            Err(std::io::Error::other("secret"))
        }
    }
    let app = Router::new().route("/", get(async || Template::<Failing>::new(Failing)));
    assert_silent(&ask(&app, request("/", &[])).await);
}

#[tokio::test]
async fn long_and_short_pages_of_one_type_are_whole() {
    async fn page(axum::extract::Path(length): axum::extract::Path<usize>) -> Template<Page> {
        Template::new(Page {
            user: "x".repeat(length),
        })
    }
    let app = Router::new().route("/{length}", get(page));
    for length in [0, 300_000, 1, 70_000, 70_000, 3] {
        let answer = ask(&app, request(&format!("/{length}"), &[])).await;
        assert_eq!(answer.body.len(), "<p>user: </p>".len() + length);
    }
}

#[tokio::test]
async fn a_compiled_page_is_an_offer() {
    async fn page() -> Negotiated<Page, (Json, Html)> {
        Negotiated::new(Page::new())
    }
    let app = Router::new().route("/", get(with_context(page)));
    let check = async |accept, media_type, body: &str| {
        let answer = ask(&app, request("/", &[("accept", accept)])).await;
        assert_eq!(answer.header("content-type"), Some(media_type));
        assert_eq!(answer.header("vary"), Some("accept"));
        assert_eq!(answer.text(), body);
    };
    check(
        "text/html",
        "text/html; charset=utf-8",
        "<p>user: &#60;b&#62;</p>",
    )
    .await;
    check("application/json", "application/json", r#"{"user":"<b>"}"#).await;
}
