//! Cookies: what a jar keeps of them, and what comes back.

mod shop;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use suite_support::Server;
use suite_support::outside::{CHROMIUM, PLAYWRIGHT, PYTHON, TOUGH_COOKIE, present};
use tokio::process::Command;

use super::{client, ground, node, program, run, tour, url};

const STORES: [Store; 3] = [Store::Python, Store::Tough, Store::Chromium];

/// Who holds cookies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Store {
    /// `http.cookiejar`
    Python,
    /// npm tough-cookie
    Tough,
    Chromium,
}

impl Store {
    fn is_there(self) -> bool {
        match self {
            Self::Python => present(&[PYTHON]),
            Self::Tough => present(&[TOUGH_COOKIE]),
            Self::Chromium => present(&[CHROMIUM, PLAYWRIGHT]),
        }
    }

    fn command(self) -> Command {
        match self {
            Self::Python => {
                let mut python = program("python3", &[]);
                python.arg(client("cookies_python.py"));
                python
            }
            Self::Tough => node("cookies_tough.cjs", &[]),
            Self::Chromium => {
                let mut node = node("cookies_chromium.cjs", &[]);
                node.arg(CHROMIUM.find().unwrap());
                node
            }
        }
    }
}

/// What an empty store has seen and holds after each of these addresses: see `cookies_python.py`.
async fn visit(store: Store, urls: impl IntoIterator<Item = String>) -> Vec<Value> {
    let mut command = store.command();
    command.args(urls);
    let seen = run(command).await.json();
    serde_json::from_value(seen).unwrap()
}

/// The same for paths of the shop, which this host serves.
async fn visit_shop(store: Store, host: &str, paths: &[&str]) -> Vec<Value> {
    let server = Server::start(shop::app()).await;
    let base = format!("http://{host}:{}", server.address.port());
    visit(store, paths.iter().map(|path| format!("{base}{path}"))).await
}

async fn each(judge: impl AsyncFn(Store)) {
    for store in STORES {
        if store.is_there() {
            judge(store).await;
        }
    }
}

/// What is held, by name, domain and path.
type Held = BTreeMap<String, String>;

const SHOP: &str = "app.example.test";

fn set(held: &mut Held, name: &str, value: &str) {
    held.insert(format!("{name} {SHOP} /"), value.to_owned());
}

fn remove(held: &mut Held, name: &str) {
    held.remove(&format!("{name} {SHOP} /"));
}

fn four_layers() -> Held {
    let mut held = Held::new();
    for (name, value) in [
        ("local-cookie", "local value"),
        ("controller-cookie", "controller value"),
        ("my-cookie", "123"),
        ("router-cookie", "router value"),
        ("app-cookie", "app value"),
        ("consent", "none"),
    ] {
        set(&mut held, name, value);
    }
    held
}

/// A path, how many cookies it sends, and what that changes in the store.
type Step = (&'static str, usize, fn(&mut Held));

#[tokio::test]
async fn stores_hold_what_the_closest_layer_says() {
    let steps: [Step; 11] = [
        ("four", 6, |held| *held = four_layers()),
        ("override", 5, |held| set(held, "my-cookie", "456")),
        // Another path, another cookie; the controller's own goes out again.
        ("other-path", 6, |held| {
            set(held, "my-cookie", "123");
            held.insert(format!("my-cookie {SHOP} /other"), "789".to_owned());
        }),
        ("other-domain", 6, |held| {
            let everywhere = "my-cookie .example.test /".to_owned();
            held.insert(everywhere, "abc".to_owned());
        }),
        ("dynamic", 5, |held| set(held, "my-cookie", "dynamic")),
        ("hook", 5, |held| set(held, "my-cookie", "of the hook")),
        ("documented", 4, |_| {}),
        ("not-sent", 4, |held| set(held, "my-cookie", "123")),
        ("removal", 5, |held| remove(held, "router-cookie")),
        // The removal is of one path; router-cookie is back.
        ("other-path-removal", 6, |held| {
            held.remove(&format!("my-cookie {SHOP} /other"));
            set(held, "router-cookie", "router value");
        }),
        ("error", 1, |_| {}),
    ];
    each(async |store| {
        let paths = steps.map(|(path, ..)| format!("/shop/controller/{path}"));
        let seen = visit_shop(store, SHOP, &paths.each_ref().map(String::as_str)).await;
        assert_eq!(seen.len(), steps.len());
        let mut held = Held::new();
        for (seen, (path, lines, change)) in seen.iter().zip(&steps) {
            change(&mut held);
            assert_eq!(seen["held"], json!(held), "{store:?} after {path}");
            assert_eq!(seen["lines"], *lines, "{store:?}, {path}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_empty_store_gets_what_is_meant_for_it() {
    let cases = [
        ("not-sent", &["local-cookie", "app-cookie"][..]),
        ("documented", &["local-cookie", "my-cookie"]),
        ("removal", &["local-cookie", "router-cookie"]),
        ("moved", &["local-cookie"]),
        (
            "error",
            &[
                "local-cookie",
                "controller-cookie",
                "my-cookie",
                "router-cookie",
                "app-cookie",
            ],
        ),
    ];
    each(async |store| {
        let server = Server::start(shop::app()).await;
        let port = server.address.port();
        // A host of its own for each: nothing of the others is for it.
        let host = |path: &str| format!("{path}.test");
        let urls = cases.map(|(path, _)| {
            let host = host(path);
            format!("http://{host}:{port}/shop/controller/{path}")
        });
        let seen = visit(store, urls).await;
        let mut expected = Held::new();
        for (path, absent) in cases {
            let mut held = four_layers();
            for name in absent {
                remove(&mut held, name);
            }
            let here = |(key, value): (String, String)| (key.replace(SHOP, &host(path)), value);
            expected.extend(held.into_iter().map(here));
        }
        assert_eq!(seen.last().unwrap()["held"], json!(expected), "{store:?}");
    })
    .await;
}

#[tokio::test]
async fn a_value_of_any_text_comes_back() {
    each(async |store| {
        let paths = ["/any-text", "/shop/controller/four", "/back"];
        let seen = visit_shop(store, SHOP, &paths).await;
        let mut held = four_layers();
        set(&mut held, "any-text", shop::ANY_TEXT);
        assert_eq!(seen[2]["held"], json!(held), "{store:?}");
        let back: Held = serde_json::from_str(seen[2]["text"].as_str().unwrap()).unwrap();
        let by_name = held
            .into_iter()
            .map(|(key, value)| (key.split(' ').next().unwrap().to_owned(), value));
        assert_eq!(back, by_name.collect(), "{store:?}");
    })
    .await;
}

#[tokio::test]
async fn secure_cookies_go_where_a_store_trusts_the_host() {
    let plain = ["aged", "strict"];
    let secure = ["__Host-host", "__Secure-secure", "partitioned"];
    each(async |store| {
        // The loopback host, and one that could be anywhere.
        for host in ["localhost", SHOP] {
            let seen = visit_shop(store, host, &["/deep/attributes", "/back"]).await;
            // Neither "expired" nor "of-others", which is for another domain. All were sent.
            assert_eq!(seen[0]["lines"], 8);
            let mut held: Vec<_> = plain.map(|name| format!("{name} {host} /")).into();
            // RFC 6265 §5.1.4: without a path it is the folder of what set it.
            held.push(format!("no-path {host} /deep"));
            let mut back: Vec<_> = plain.into();
            // Jars take all. Chromium takes no Secure cookie from where somebody may have changed it (RFC 6265bis
            // §5.7), and has one jar a site for partitioned ones.
            match (store, host) {
                (Store::Chromium, "localhost") => {
                    held.extend(secure[..2].iter().map(|name| format!("{name} {host} /")));
                    held.push(format!("partitioned {host} / in http://{host}"));
                }
                (Store::Chromium, _) => {}
                (Store::Python | Store::Tough, _) => {
                    held.extend(secure.map(|name| format!("{name} {host} /")));
                }
            }
            // Python gives none of them back without TLS; the other two do on this machine.
            if store != Store::Python && host == "localhost" {
                back.extend(secure);
            }
            held.sort();
            back.sort_unstable();
            let keys = |object: &Value| -> Vec<String> {
                object.as_object().unwrap().keys().cloned().collect()
            };
            assert_eq!(keys(&seen[0]["held"]), held, "{store:?}, {host}");
            let text = serde_json::from_str(seen[1]["text"].as_str().unwrap()).unwrap();
            assert_eq!(keys(&text), back, "{store:?}, {host}");
            if let Some(script) = seen[0]["script"].as_str() {
                assert!(script.contains("aged=v"), "{script}");
                // It is HttpOnly.
                assert!(!script.contains("strict"), "{script}");
            }
        }
    })
    .await;
}

/// What Python's jar holds after this path of the tour.
async fn tour_jar(path: &str) -> Value {
    let server = tour().await;
    let mut seen = visit(Store::Python, [url(&server, path)]).await;
    seen[0]["held"].take()
}

#[tokio::test]
async fn a_jar_keeps_what_the_tour_means_for_it() {
    if Store::Python.is_there() {
        // Not "full", which is for example.com, and not "zero", which is over.
        let kept = json!({
            "strict 127.0.0.1 /": "v",
            "flags-false 127.0.0.1 /": "v",
            "empty 127.0.0.1 /": "",
            "__Host-x 127.0.0.1 /": "v",
            "partitioned 127.0.0.1 /": "v",
            "no-samesite 127.0.0.1 /": "v",
            "no-path 127.0.0.1 /edge": "v",
        });
        assert_eq!(tour_jar("/edge/cookie-attrs").await, kept);
        let any_text = json!({"edge 127.0.0.1 /": "a b; ☃,\"c\""});
        let path = "/edge/cookie?value=a%20b;%20%E2%98%83,%22c%22";
        assert_eq!(tour_jar(path).await, any_text);
    }
}

#[tokio::test]
async fn a_jar_keeps_the_cookies_of_the_proving_ground() {
    if Store::Python.is_there() {
        let server = ground().await;
        let mut seen = visit(Store::Python, [url(&server, "/cookies")]).await;
        let kept = json!({
            "local-cookie 127.0.0.1 /": "local value",
            "app-cookie 127.0.0.1 /": "app",
            "strict 127.0.0.1 /": "s",
            "scoped 127.0.0.1 /cookies": "p",
            "aged 127.0.0.1 /": "a",
            "sec 127.0.0.1 /": "x",
        });
        assert_eq!(seen[0]["held"].take(), kept);
    }
}
