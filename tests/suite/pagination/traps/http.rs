//! What clients send that is no page of this list.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use axum_pagination::{
    ClassicPage, ClassicParams, CursorKey, CursorPage, CursorParams, OffsetPage, OffsetParams,
    Order, PageError, keyset,
};
use axum_responses::problem::Query;
use serde::{Deserialize, Serialize};
use sqlx::Pool;
use suite_support::{ask, get as request};

use crate::pagination::forgery::Forger;
use crate::pagination::{Id, on_each, run};

static BY_K: LazyLock<Order<Id>> = LazyLock::new(|| {
    Order::named("k")
        .asc("k", |_: &Id| 0_i64)
        .unique_asc("id", |id| id.id)
});
static BY_K_DOWN: LazyLock<Order<Id>> = LazyLock::new(|| {
    Order::named("k")
        .desc("k", |_: &Id| 0_i64)
        .unique_desc("id", |id| id.id)
});
static BY_NAME: LazyLock<Order<Id>> = LazyLock::new(|| {
    Order::named("other name")
        .asc("k", |_: &Id| 0_i64)
        .unique_asc("id", |id| id.id)
});
/// The same columns, of another type
static BY_TEXT: LazyLock<Order<Id>> = LazyLock::new(|| {
    Order::named("k")
        .asc("k", |_: &Id| String::new())
        .unique_asc("id", |id| id.id)
});

static KEY: LazyLock<CursorKey> = LazyLock::new(|| CursorKey::new([1; 32]));
static OTHER_KEY: LazyLock<CursorKey> = LazyLock::new(|| CursorKey::new([2; 32]));

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Filter {
    #[serde(default)]
    least: i64,
}

const ALL: &str = "SELECT * FROM t WHERE k >= ";

/// Lists of one table: signed, under another key, unsigned, and in other orders.
macro_rules! app {
    ($pool:expr) => {{
        async fn list(
            pool: &Pool<DB>,
            order: &Order<Id>,
            key: Option<&CursorKey>,
            filter: &Filter,
            page: &CursorParams<20, 100>,
        ) -> Result<CursorPage<Id>, PageError> {
            let list = keyset(order).scope(filter).select::<DB>(|query| {
                query.push(ALL).push_bind(filter.least);
            });
            let list = match key {
                Some(key) => list.signed(key),
                None => list,
            };
            list.fetch(pool, page).await
        }

        macro_rules! cursor_route {
            ($order:expr, $key:expr) => {
                get(
                    async |State(pool): State<Pool<DB>>,
                           Query(filter): Query<Filter>,
                           page: CursorParams<20, 100>| {
                        list(&pool, &$order, $key, &filter, &page).await
                    },
                )
            };
        }

        async fn offset(
            State(pool): State<Pool<DB>>,
            page: OffsetParams<20, 100>,
        ) -> Result<OffsetPage<Id>, PageError> {
            let list = keyset(&*BY_K).select::<DB>(|query| {
                query.push("SELECT * FROM t");
            });
            list.offset(&pool, &page).await
        }

        async fn classic(
            State(pool): State<Pool<DB>>,
            page: ClassicParams<20, 100>,
        ) -> Result<ClassicPage<Id>, PageError> {
            let list = keyset(&*BY_K).select::<DB>(|query| {
                query.push("SELECT * FROM t");
            });
            list.classic(&pool, &page).await
        }

        Router::new()
            .route("/signed", cursor_route!(BY_K, Some(&*KEY)))
            .route("/other-key", cursor_route!(BY_K, Some(&*OTHER_KEY)))
            .route("/unsigned", cursor_route!(BY_K, None))
            .route("/down", cursor_route!(BY_K_DOWN, None))
            .route("/name", cursor_route!(BY_NAME, None))
            .route("/text", cursor_route!(BY_TEXT, None))
            .route("/offset", get(offset))
            .route("/classic", get(classic))
            .with_state($pool)
    }};
}

async fn json(app: &Router, uri: &str) -> serde_json::Value {
    let answer = ask(app, request(uri, &[])).await;
    assert_eq!(answer.status, 200, "{uri}: {answer:?}");
    answer.json()
}

/// A 400 that names the parameter, and nothing else.
async fn refused(app: &Router, uri: &str, parameter: &str) {
    let answer = ask(app, request(uri, &[])).await;
    let problem = answer.problem(400);
    assert_eq!(problem["parameter"], parameter, "{uri}: {problem}");
    assert!(!answer.text().contains("SELECT"), "{answer:?}");
}

async fn next_of(app: &Router, uri: &str) -> String {
    let page = json(app, uri).await;
    page["cursor"].as_str().unwrap().to_owned()
}

macro_rules! table {
    ($pool:expr) => {
        run!(
            $pool,
            "CREATE TABLE t (id BIGINT PRIMARY KEY, k BIGINT NOT NULL)"
        );
        run!(
            $pool,
            "INSERT INTO t VALUES (1, 5), (2, 5), (3, 6), (4, 7), (5, 7)"
        );
    };
}

on_each! {
    async fn a_cursor_of_another_list_is_refused(database) {
        table!(&database.pool);
        let app = app!(database.pool.clone());
        let unsigned = next_of(&app, "/unsigned?results_per_page=2").await;
        json(&app, &format!("/unsigned?cursor={unsigned}")).await;
        // The page size is not part of it, nor is what the list is not bound to.
        json(&app, &format!("/unsigned?results_per_page=1&page=7&cursor={unsigned}")).await;
        for other in ["/signed?", "/down?", "/name?", "/text?", "/unsigned?least=1&"] {
            refused(&app, &format!("{other}cursor={unsigned}"), "cursor").await;
        }
        let signed = next_of(&app, "/signed?results_per_page=2").await;
        json(&app, &format!("/signed?cursor={signed}")).await;
        for other in ["/unsigned?", "/other-key?", "/signed?least=1&"] {
            refused(&app, &format!("{other}cursor={signed}"), "cursor").await;
        }
    }
}

on_each! {
    async fn what_is_no_cursor_is_a_400(database) {
        table!(&database.pool);
        let app = app!(database.pool.clone());
        for route in ["/signed", "/unsigned"] {
            let cursor = next_of(&app, &format!("{route}?results_per_page=2")).await;
            let long = "A".repeat(4097);
            let half = &cursor[..cursor.len() / 2];
            for text in ["x", "null", "%00", "%FF", "1%20OR%201=1", &long, half, &format!("{cursor}="), &format!("%20{cursor}")] {
                refused(&app, &format!("{route}?cursor={text}"), "cursor").await;
            }
            refused(&app, &format!("{route}?cursor={cursor}&cursor={cursor}"), "cursor").await;
            // None is the first page.
            assert_eq!(json(&app, &format!("{route}?cursor=")).await["items"][0]["id"], 1);
        }
    }
}

on_each! {
    /// The second version is not known yet, and no other place than the four.
    async fn a_cursor_of_another_version_is_refused(database) {
        table!(&database.pool);
        let app = app!(database.pool.clone());
        let columns = [["k", "asc", "not null", "Int"], ["id", "asc", "not null", "Int"]];
        let forger = Forger { order: "k", columns: &columns };
        let number = |number: i64| [&[2][..], &number.to_be_bytes()].concat();
        let keys = [number(5), number(1)].concat();
        // The scope of the routes is not the empty one: these belong to none of them, whatever they say.
        for head in [[1, 2], [2, 2], [0, 2], [1, 4]] {
            let cursor = forger.cursor(&[&head[..], &keys].concat());
            refused(&app, &format!("/unsigned?cursor={cursor}"), "cursor").await;
        }
        // Without a scope the first of them is genuine.
        for (head, genuine) in [([1, 2], true), ([2, 2], false), ([0, 2], false), ([1, 4], false), ([1, 0], false)] {
            let cursor = forger.cursor(&[&head[..], &keys].concat());
            let page = CursorParams::<20, 100>::new(Some(&cursor), 20).unwrap();
            let list = keyset(&*BY_K).select::<DB>(|query| {
                query.push("SELECT * FROM t");
            });
            let fetched = list.fetch(&database.pool, &page).await;
            assert_eq!(fetched.is_ok(), genuine, "{head:?}");
        }
    }
}

on_each! {
    async fn past_the_end_there_are_no_items_and_the_true_total(database) {
        table!(&database.pool);
        let app = app!(database.pool.clone());
        let page = json(&app, "/offset?offset=5").await;
        assert_eq!((page["items"].as_array().unwrap().len(), page["total"].as_u64()), (0, Some(5)));
        let page = json(&app, "/classic?current_page=9&page_size=2").await;
        assert_eq!((page["items"].as_array().unwrap().len(), page["total_pages"].as_u64()), (0, Some(3)));
        // As far as rows can be counted, with the largest page behind them
        let last = i64::MAX - 101;
        let page = json(&app, &format!("/offset?offset={last}")).await;
        assert_eq!(page["total"], 5);
        refused(&app, &format!("/offset?offset={}", last + 1), "offset").await;
        refused(&app, "/offset?offset=9223372036854775807", "offset").await;
        refused(&app, "/offset?offset=-1", "offset").await;
        refused(&app, "/offset?limit=-1", "limit").await;
        refused(&app, "/classic?current_page=9223372036854775807&page_size=100", "current_page").await;
        let far = (i64::MAX - 1) / 100;
        assert_eq!(json(&app, &format!("/classic?current_page={far}&page_size=100")).await["total_pages"], 1);
        run!(&database.pool, "DELETE FROM t");
        assert_eq!(json(&app, "/classic").await["total_pages"], 0);
        assert_eq!(json(&app, "/offset").await["total"], 0);
        let page = json(&app, "/unsigned").await;
        assert!(page["cursor"].is_null() && page["previous_cursor"].is_null());
    }
}

on_each! {
    async fn links_lead_through_the_list_and_keep_the_filter(database) {
        table!(&database.pool);
        let app = app!(database.pool.clone());
        let follow = async |uri: String, rel: &str| {
            let answer = ask(&app, request(&uri, &[])).await;
            let links = answer.header("link").unwrap_or_default().to_owned();
            let found = links.split(", ").find(|link| link.ends_with(&format!("rel=\"{rel}\"")));
            let target = found.map(|link| link[1..].split_once('>').unwrap().0.to_owned());
            let ids: Vec<u64> = answer.json()["items"].as_array().unwrap().iter()
                .map(|item| item["id"].as_u64().unwrap()).collect();
            (ids, target.map(|target| format!("/signed{target}")))
        };
        let start = "/signed?least=6&x=a%26b&results_per_page=2".to_owned();
        let (ids, next) = follow(start.clone(), "next").await;
        assert_eq!(ids, [3, 4]);
        let next = next.unwrap();
        assert!(next.contains("least=6&x=a%26b"), "{next}");
        let (ids, after) = follow(next.clone(), "next").await;
        assert_eq!((ids, after), (vec![5], None));
        let (_, previous) = follow(next, "prev").await;
        let (ids, first) = follow(previous.unwrap(), "prev").await;
        assert_eq!((ids, first), (vec![3, 4], None));
        let (_, last) = follow(start, "last").await;
        let (ids, _) = follow(last.unwrap(), "prev").await;
        assert_eq!(ids, [4, 5]);
    }
}

/// Counting and fetching are two moments: rows may go in between.
#[test]
fn a_total_below_what_was_fetched_makes_links_and_no_panic() {
    use axum::response::IntoResponse;

    let params = OffsetParams::<20, 100>::new(10, 40).unwrap();
    for total in [0, 1, 39, 41] {
        let response = OffsetPage::new(vec![1, 2], &params, total).into_response();
        assert_eq!(response.status(), 200);
    }
    let params = ClassicParams::<20, 100>::new(10, 5).unwrap();
    let response = ClassicPage::new(vec![1, 2], &params, 3).into_response();
    assert_eq!(response.status(), 200);
}
