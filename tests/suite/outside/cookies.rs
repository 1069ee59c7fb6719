//! Cookies: what a jar keeps of them.

use serde_json::{Value, json};
use suite_support::Server;
use suite_support::outside::{PYTHON, present};

use super::{client, ground, program, run, tour, url};

/// What Python's jar holds after these paths of a server: name, value and path.
async fn jar(server: Server, paths: &[&str]) -> Value {
    let script = client("cookies.py");
    let mut python = program("python3", &[]);
    python.arg(script);
    python.args(paths.iter().map(|path| url(&server, path)));
    run(python).await.json()
}

#[tokio::test]
async fn a_jar_keeps_what_is_meant_for_it() {
    if present(&[PYTHON]) {
        let jar = jar(tour().await, &["/edge/cookie-attrs"]).await;
        let kept = [
            // Not "full", which is for example.com, and not "zero", which is over.
            json!(["strict", "v", "/"]),
            json!(["flags-false", "v", "/"]),
            json!(["empty", "", "/"]),
            json!(["__Host-x", "v", "/"]),
            json!(["partitioned", "v", "/"]),
            json!(["no-samesite", "v", "/"]),
            // RFC 6265 §5.1.4: without a path it is the folder of what set it.
            json!(["no-path", "v", "/edge"]),
        ];
        let jar = jar.as_array().unwrap();
        for cookie in &kept {
            assert!(jar.contains(cookie), "{cookie} is not in {jar:?}");
        }
        assert_eq!(jar.len(), kept.len(), "{jar:?}");
    }
}

#[tokio::test]
async fn a_value_of_any_text_is_one_value_in_a_jar() {
    if present(&[PYTHON]) {
        let jar = jar(
            tour().await,
            &["/edge/cookie?value=a%20b;%20%E2%98%83,%22c%22"],
        )
        .await;
        // RFC 6265 §4.1.1 leaves few characters: the others are percent-encoded.
        assert_eq!(
            jar,
            json!([["edge", "a%20b%3B%20%E2%98%83%2C%22c%22", "/"]])
        );
    }
}

#[tokio::test]
async fn a_jar_keeps_the_cookies_of_all_layers() {
    if present(&[PYTHON]) {
        let jar = jar(ground().await, &["/cookies"]).await;
        let kept = [
            json!(["local-cookie", "local%20value", "/"]),
            json!(["app-cookie", "app", "/"]),
            json!(["strict", "s", "/"]),
            json!(["scoped", "p", "/cookies"]),
            json!(["aged", "a", "/"]),
            json!(["sec", "x", "/"]),
        ];
        let jar = jar.as_array().unwrap();
        for cookie in &kept {
            assert!(jar.contains(cookie), "{cookie} is not in {jar:?}");
        }
        assert_eq!(jar.len(), kept.len(), "{jar:?}");
    }
}
