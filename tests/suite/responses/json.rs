//! JSON on its way out: what arrives, and what arrives when nothing could be written.

use std::collections::BTreeMap;

use axum::Router;
use axum::routing::get;
use axum_responses::Json;
use serde::Serialize;
use serde_json::Value;
use suite_support::{ask, get as request};

#[derive(Clone, Serialize)]
struct Order {
    id: u64,
    #[serde(rename = "customer's \"name\"")]
    customer: &'static str,
    note: Option<String>,
    lines: Vec<Line>,
    #[serde(flatten)]
    more: BTreeMap<&'static str, f64>,
}

#[derive(Clone, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Line {
    Article { name: String, price: f64 },
    FreeShipping,
}

fn order(lines: usize) -> Order {
    let name = |line| format!("{}\u{0}\t/ é 🦀 \\{line}", "-".repeat(line % 50));
    Order {
        id: u64::MAX,
        customer: "Zoë \"Z\"",
        note: None,
        lines: (0..lines)
            .flat_map(|line| {
                [
                    Line::Article {
                        name: name(line),
                        price: 0.1 * line as f64,
                    },
                    Line::FreeShipping,
                ]
            })
            .collect(),
        more: BTreeMap::from([("total", 1e21), ("unknown", f64::NAN)]),
    }
}

#[tokio::test]
async fn what_arrives_is_what_serde_json_writes() {
    let app = Router::new()
        .route("/none", get(async || Json(order(0))))
        .route("/small", get(async || Json(order(3))))
        // Longer than any buffer that is made beforehand.
        .route("/large", get(async || Json(order(3000))));
    // The second answer goes into a buffer of the first one's size.
    for (path, lines) in [
        ("/none", 0),
        ("/small", 3),
        ("/large", 3000),
        ("/none", 0),
        ("/large", 3000),
    ] {
        let answer = ask(&app, request(path, &[])).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert!(answer.complete);
        assert_eq!(
            answer.text(),
            serde_json::to_string(&order(lines)).unwrap(),
            "{path}"
        );
        assert_eq!(answer.json()["more"], Value::Null, "flattened");
        assert_eq!(answer.json()["unknown"], Value::Null, "not a number");
    }
}

#[tokio::test]
async fn a_value_that_cannot_be_written_is_a_problem_that_shows_nothing_of_it() {
    let app = Router::new()
        .route(
            "/key",
            get(async || Json(("secret", BTreeMap::from([((1, 2), 3)])))),
        )
        .route("/refused", get(async || Json(["secret"].map(Refuses))));
    for path in ["/key", "/refused"] {
        let answer = ask(&app, request(path, &[])).await;
        answer.problem(500);
        assert!(!answer.text().contains("secret"), "{answer:?}");
    }
}

struct Refuses(&'static str);

impl Serialize for Refuses {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom(self.0))
    }
}
