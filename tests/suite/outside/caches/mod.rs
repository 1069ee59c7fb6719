//! Shared caches before layers: what they store, what they ask again for, and what never gets into them.

mod origin;
mod servers;

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use suite_support::Answer;
use suite_support::outside::present;

use self::origin::{MAY_GO_ON, TROUBLE, Visit, visits};
use self::servers::{CACHES, Cache};

/// Far more than a lifetime of a second, and far less than the long ones.
const PATIENCE: Duration = Duration::from_secs(120);

/// The way to the origin through a cache, with entries of this test alone.
#[derive(Clone, Copy, Debug)]
struct Way {
    cache: Cache,
    test: &'static str,
}

impl Way {
    fn target(self, path: &str) -> String {
        format!("/shop/{path}?{:?}-{}", self.cache, self.test)
    }

    async fn ask(self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let target = self.target(path);
        let answer = self
            .cache
            .ask(origin::address(), method, &target, headers)
            .await;
        assert!(answer.complete, "{self:?}, {path}: {answer:?}");
        answer
    }

    async fn get(self, path: &str) -> Answer {
        self.ask("GET", path, &[]).await
    }

    /// The text of a success.
    async fn text(self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{self:?}, {path}: {answer:?}");
        answer.text()
    }

    /// Who got through to the origin.
    fn visits(self, path: &str) -> Vec<Visit> {
        visits(&self.target(path))
    }

    #[track_caller]
    fn assert_visits(self, path: &str, expected: usize) {
        let visits = self.visits(path);
        assert_eq!(visits.len(), expected, "{self:?}, {path}: {visits:?}");
    }

    /// Asks until an answer is as it should be at last; `seen` judges those before it, too.
    async fn until(self, path: &str, mut seen: impl FnMut(&Answer) -> bool) -> Answer {
        let start = Instant::now();
        loop {
            let answer = self.get(path).await;
            if seen(&answer) {
                return answer;
            }
            let visits = self.visits(path);
            let waited = start.elapsed();
            assert!(waited < PATIENCE, "{self:?}, {path}: {answer:?} {visits:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// Judges what goes through each cache that is there.
async fn through_each(test: &'static str, judge: impl AsyncFn(Way)) {
    for cache in CACHES {
        if present(&[cache.outside()]) {
            judge(Way { cache, test }).await;
        }
    }
}

#[tokio::test]
async fn what_the_application_declares_is_stored_below_it() {
    through_each("stored", async |way| {
        for path in ["inherited", "own-tag"] {
            for _ in 0..3 {
                let answer = way.get(path).await;
                assert_eq!(answer.status, 200, "{way:?}: {answer:?}");
                assert_eq!(answer.text(), "1", "{way:?}");
                assert_eq!(answer.header("cache-control"), Some("max-age=3600, public"));
                assert_eq!(answer.header("x-policy"), Some("strict"));
            }
            way.assert_visits(path, 1);
        }
    })
    .await;
}

#[tokio::test]
async fn a_cache_answers_with_304_by_a_tag_of_ours() {
    through_each("client-304", async |way| {
        for path in ["inherited", "own-tag"] {
            let stored = way.get(path).await;
            let tag = stored.header("etag").unwrap();
            let asked = [("if-none-match", tag)];
            let answer = way.ask("GET", path, &asked).await;
            assert_eq!(answer.status, 304, "{way:?}, {path}: {answer:?}");
            assert_eq!(answer.header("etag"), Some(tag));
            let other = [("if-none-match", "\"other\"")];
            assert_eq!(way.ask("GET", path, &other).await.text(), "1");
            way.assert_visits(path, 1);
        }
    })
    .await;
}

#[tokio::test]
async fn a_304_of_ours_refreshes_what_is_stored() {
    through_each("refreshed", async |way| {
        for (path, tag) in [("strong", "\"v1\""), ("weak", "W/\"v1\"")] {
            let mut before = 0;
            // The last one comes from the store again: the 304 gave it another second.
            let stored = way
                .until(path, |answer| {
                    assert_eq!(answer.status, 200, "{way:?}: {answer:?}");
                    assert_eq!(answer.text(), "it does not change", "{way:?}");
                    let visits = way.visits(path).len();
                    let came_from_the_store = visits == before;
                    before = visits;
                    visits > 1 && came_from_the_store
                })
                .await;
            assert_eq!(stored.header("etag"), Some(tag), "{way:?}");
            assert_eq!(
                stored.header("content-type"),
                Some("text/plain; charset=utf-8")
            );
            assert_eq!(stored.header("cache-control"), Some("max-age=1, public"));
            let visits = way.visits(path);
            assert_eq!(visits[0].status, 200);
            assert_eq!(visits[0].if_none_match, None);
            for visit in &visits[1..] {
                assert_eq!(visit.status, 304, "{way:?}: {visit:?}");
                assert_eq!(visit.if_none_match.as_deref(), Some(tag));
                // RFC 9110 §15.4.5: what a cache is to know, and nothing of the content.
                assert_eq!(visit.headers["etag"], tag);
                assert_eq!(visit.headers["cache-control"], "max-age=1, public");
                assert_eq!(visit.headers["vary"], "Accept-Language");
                for gone in ["content-type", "content-length"] {
                    assert!(!visit.headers.contains_key(gone), "{way:?}: {visit:?}");
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_computed_tag_changes_with_the_content() {
    through_each("changed", async |way| {
        let now = way
            .until("computed", |answer| {
                assert_eq!(answer.status, 200, "{way:?}: {answer:?}");
                answer.text() == "as it is"
            })
            .await;
        let visits = way.visits("computed");
        let (first, second, third) = (&visits[0], &visits[1], &visits[2]);
        assert_eq!(
            (first.status, third.status),
            (StatusCode::OK, StatusCode::OK)
        );
        assert_eq!(
            second.status,
            StatusCode::NOT_MODIFIED,
            "{way:?}: {visits:?}"
        );
        let old = first.headers["etag"].to_str().unwrap();
        assert!(old.starts_with("W/\""), "{old}");
        for visit in [second, third] {
            assert_eq!(visit.if_none_match.as_deref(), Some(old), "{way:?}");
        }
        assert_ne!(third.headers["etag"], old);
        assert_eq!(now.headers["etag"], third.headers["etag"], "{way:?}");
    })
    .await;
}

#[tokio::test]
async fn vary_of_two_layers_makes_an_entry_for_each_combination() {
    through_each("vary", async |way| {
        let asked = [("en", "free"), ("de", "free"), ("en", "paid")];
        for (entry, (language, plan)) in (1..).zip(asked) {
            for _ in 0..2 {
                let headers = [("accept-language", language), ("x-plan", plan)];
                let answer = way.ask("GET", "by/language", &headers).await;
                assert_eq!(
                    answer.text(),
                    format!("{entry} {language} {plan}"),
                    "{way:?}"
                );
                let vary = answer.header("vary").unwrap().to_lowercase();
                assert!(
                    vary.contains("accept-language") && vary.contains("x-plan"),
                    "{vary}"
                );
            }
        }
        way.assert_visits("by/language", asked.len());
    })
    .await;
}

#[tokio::test]
async fn what_is_not_for_shared_caches_never_gets_into_one() {
    through_each("not-stored", async |way| {
        let paths = [
            "no-store",
            "private",
            "no-cache",
            "not-shared",
            "vary-star",
            "cookie",
        ];
        for path in paths {
            for run in 1..=3 {
                let answer = way.get(path).await;
                assert_eq!(answer.status, 200, "{way:?}, {path}: {answer:?}");
                assert_eq!(answer.text(), run.to_string(), "{way:?}, {path}");
                let cookie = answer.header("set-cookie");
                assert_eq!(
                    cookie.is_some(),
                    path == "cookie",
                    "{way:?}, {path}: {cookie:?}"
                );
            }
            way.assert_visits(path, 3);
        }
    })
    .await;
}

#[tokio::test]
async fn s_maxage_is_for_them_alone() {
    through_each("shared", async |way| {
        for _ in 0..3 {
            assert_eq!(way.text("shared").await, "1", "{way:?}");
        }
        way.assert_visits("shared", 1);
    })
    .await;
}

#[tokio::test]
async fn stale_while_revalidate_makes_nobody_wait() {
    through_each("at-once", async |way| {
        // The origin has been asked again, and does not answer before it may.
        way.until("at-once", |answer| {
            assert_eq!(answer.text(), "1", "{way:?}");
            origin::runs(&way.target("at-once")) == 2
        })
        .await;
        assert_eq!(way.text("at-once").await, "1", "{way:?}");
        MAY_GO_ON.notify_one();
        way.until("at-once", |answer| answer.text() != "1").await;
    })
    .await;
}

/// Varnish does not know `stale-if-error`, and nginx means silence by it, not a 503.
#[tokio::test]
async fn stale_if_error_hides_our_trouble() {
    let cache = Cache::Nginx;
    if present(&[cache.outside()]) {
        let path = "in-trouble";
        let way = Way { cache, test: path };
        let stored = way.until(path, |answer| answer.status == 200).await;
        TROUBLE.store(true, Ordering::SeqCst);
        let runs = origin::runs(&way.target(path));
        way.until(path, |answer| {
            assert_eq!(answer.status, 200, "{answer:?}");
            assert_eq!(answer.text(), stored.text());
            origin::runs(&way.target(path)) > runs
        })
        .await;
    }
}

#[tokio::test]
async fn errors_are_kept_no_longer_than_the_cache_thinks() {
    through_each("errors", async |way| {
        for (path, status) in [("missing", 404), ("broken", 503)] {
            let refused = way.get(path).await;
            refused.problem(status);
            assert_eq!(refused.header("x-policy"), Some("strict"), "{way:?}");
            for of_success in ["cache-control", "etag"] {
                assert_eq!(refused.header(of_success), None, "{way:?}, {path}");
            }
            // Not an hour, as it says above what failed.
            let answer = way.until(path, |answer| answer.status != status).await;
            assert_eq!(answer.text(), "2", "{way:?}, {path}: {answer:?}");
            assert_eq!(way.text(path).await, "2", "{way:?}, {path}");
            way.assert_visits(path, 2);
        }
    })
    .await;
}

#[tokio::test]
async fn redirects_are_stored_as_declared() {
    through_each("moved", async |way| {
        for _ in 0..3 {
            let answer = way.get("moved").await;
            assert_eq!(answer.status, 302, "{way:?}: {answer:?}");
            assert_eq!(answer.header("location"), Some("/1"), "{way:?}");
            assert_eq!(answer.header("etag"), None, "{way:?}");
        }
        way.assert_visits("moved", 1);
    })
    .await;
}

#[tokio::test]
async fn head_and_get_share_an_entry() {
    through_each("head", async |way| {
        for path in ["inherited", "own-tag"] {
            let head = way.ask("HEAD", path, &[]).await;
            let get = way.get(path).await;
            assert_eq!(
                (head.status, head.body.len()),
                (StatusCode::OK, 0),
                "{way:?}"
            );
            assert_eq!(get.text(), "1", "{way:?}");
            for same in ["content-length", "content-type", "etag", "cache-control"] {
                assert!(get.headers.contains_key(same), "{way:?}, {path}: {get:?}");
                assert_eq!(
                    head.headers.get(same),
                    get.headers.get(same),
                    "{way:?}, {path}"
                );
            }
            way.ask("HEAD", path, &[]).await;
            way.assert_visits(path, 1);
        }
    })
    .await;
}

/// Varnish lets those pass who have a cookie; nginx asks with GET for all that it could store.
#[tokio::test]
async fn head_of_what_is_not_stored_has_the_fields_of_get() {
    through_each("head-not-stored", async |way| {
        for path in ["no-store", "own-tag"] {
            let cookie = [("cookie", "seen=yes")];
            let head = way.ask("HEAD", path, &cookie).await;
            let visit = way.visits(path).remove(0);
            if way.cache == Cache::Varnish {
                assert_eq!(visit.method, "HEAD", "{visit:?}");
            }
            assert_eq!(head.status, 200, "{way:?}: {head:?}");
            assert_eq!(head.text(), "", "{way:?}");
            let get = way.ask("GET", path, &cookie).await;
            for same in ["content-length", "content-type", "cache-control"] {
                assert!(get.headers.contains_key(same), "{way:?}, {path}: {get:?}");
                assert_eq!(
                    head.headers.get(same),
                    get.headers.get(same),
                    "{way:?}, {path}"
                );
            }
            assert!(
                head.headers.contains_key("etag"),
                "{way:?}, {path}: {head:?}"
            );
        }
    })
    .await;
}
