use std::panic::catch_unwind;

use http::HeaderValue;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const NEW: CacheControl = CacheControl::new();

/// What the line is read as, printed; `None` when it cannot be read.
#[track_caller]
fn check(line: &str, printed: impl Into<Option<&'static str>>) {
    let read = line.parse::<CacheControl>().ok();
    let read = read.map(|read| read.to_string());
    assert_eq!(read.as_deref(), printed.into(), "{line:?}");
}

#[test]
fn everything_stands_together_in_one_order() {
    const ALL: CacheControl = CacheControl::new()
        .stale_if_error(secs(4))
        .stale_while_revalidate(secs(3))
        .immutable()
        .must_understand()
        .proxy_revalidate()
        .must_revalidate()
        .no_transform()
        .public()
        .no_cache()
        .s_maxage(secs(2))
        .max_age(Duration::from_millis(1_999));
    assert_eq!(
        ALL.to_header(),
        "max-age=1, s-maxage=2, no-cache, public, no-transform, must-revalidate, proxy-revalidate, \
         must-understand, immutable, stale-while-revalidate=3, stale-if-error=4"
    );
    const REQUEST: CacheControl = CacheControl::new()
        .extension("a=b")
        .only_if_cached()
        .min_fresh(secs(2))
        .max_stale(secs(1))
        .no_store()
        .extension("c=\"d, e\"");
    assert_eq!(
        REQUEST.to_header(),
        "no-store, max-stale=1, min-fresh=2, only-if-cached, a=b, c=\"d, e\""
    );
    const QUALIFIED: CacheControl = CacheControl::new()
        .public()
        .private_fields("x-user,x-cart")
        .no_cache_fields("set-cookie");
    assert_eq!(
        QUALIFIED.to_header(),
        "no-cache=\"set-cookie\", public, private=\"x-user, x-cart\""
    );
    assert_eq!(NEW.to_header(), "");
    assert_eq!(NEW.max_stale_any().to_string(), "max-stale");
    assert_eq!(format!("{ALL:?}"), format!("CacheControl({ALL})"));
    for (preset, sent) in [
        (CacheControl::NO_STORE, "no-store"),
        (CacheControl::NO_CACHE, "no-cache"),
        (
            CacheControl::IMMUTABLE,
            "max-age=31536000, public, immutable",
        ),
    ] {
        assert_eq!(preset.to_header(), sent);
    }
}

#[test]
fn names_have_any_case_and_arguments_both_forms() {
    check("private, community=\"UCI\"", "private, community=\"UCI\""); // RFC 9111 §5.2.3
    check(
        "max-age=600, stale-while-revalidate=30",
        "max-age=600, stale-while-revalidate=30",
    ); // RFC 5861 §3.1
    check("max-age=31536000, immutable", "max-age=31536000, immutable"); // RFC 8246 §2
    check(
        "max-age=3600, must-understand, no-store",
        "max-age=3600, no-store, must-understand",
    ); // RFC 9111 §5.2.2.3
    check(
        "PUBLIC,Max-Age=5\t,  S-MaxAge=6",
        "max-age=5, s-maxage=6, public",
    );
    check("max-age=\"5\"", "max-age=5");
    check("max-age=\"\\1\\0\"", "max-age=10");
    check("private=x-user", "private=\"x-user\"");
    check("no-cache=\"Set-Cookie , X\"", "no-cache=\"Set-Cookie, X\"");
    check("max-stale, min-fresh=3", "max-stale, min-fresh=3");
    check("max-stale=7", "max-stale=7");
    check("no-store=yes, public=\"\"", "no-store, public");
    check(
        "Foo=\"a, no-store, \\\"b\", bar",
        "Foo=\"a, no-store, \\\"b\", bar",
    );
    check("a=\"é\"", "a=\"é\"");
    check("a=, b=\"\"", "a, b=\"\"");
    check("no-store, max-age=0", "max-age=0, no-store");
    check("private, public", "public, private");
}

#[test]
fn empty_elements_mean_nothing() {
    for line in ["", " ", ",", " ,\t,, "] {
        check(line, "");
        assert!(line.parse::<CacheControl>().unwrap().is_empty());
    }
    check(", no-cache,, , no-store ,", "no-cache, no-store");
}

#[test]
fn what_is_no_list_of_directives_is_refused() {
    for line in [
        "no-store; max-age=0",
        "no store",
        "=5",
        "max-age =5",
        "max-age= 5",
        "max-age=5=6",
        "a=\"b",
        "a=\"b\\",
        "a=\"b\\\"",
        "a=\"b\"c",
        "a=\"\u{7f}\"",
        "a=\"\\\n\"",
        "a=\"b\nc\"",
        "\"a\"",
        "é",
        "no-store, ?=",
        "a\r\nb",
    ] {
        check(line, None);
    }
}

#[test]
fn of_two_values_the_first_or_the_stricter_counts() {
    // RFC 9111 §4.2.1
    check(
        "max-age=5, max-age=1, s-maxage=2, s-maxage=9",
        "max-age=5, s-maxage=2",
    );
    check("max-age=soon, max-age=5", "max-age=0");
    check("private, private=\"a\"", "private");
    check("private=\"a\", private", "private");
    check("no-cache=a, no-cache=\"b, a\"", "no-cache=\"a, b, a\"");
    check("max-stale, max-stale=5", "max-stale");
    check("a=1, a=2", "a=1, a=2");
}

#[test]
fn a_time_that_is_none_counts_as_the_strictest() {
    for argument in [
        "",
        "=",
        "=\"\"",
        "=-1",
        "=+1",
        "=1.5",
        "=soon",
        "=\" 1\"",
        "=1s",
        "=\"\\\\5\"",
    ] {
        for (name, strictest) in [
            ("max-age", "max-age=0"),
            ("s-maxage", "s-maxage=0"),
            ("stale-while-revalidate", "stale-while-revalidate=0"),
            ("stale-if-error", "stale-if-error=0"),
            ("min-fresh", "min-fresh=2147483648"),
        ] {
            check(&format!("{name}{argument}"), strictest);
        }
    }
    check("max-stale=soon", "max-stale=0");
    check("max-stale=\"\"", "max-stale=0");
    for argument in [
        "",
        "=",
        "=\"\"",
        "=\",\"",
        "=\"a b\"",
        "=\"a;\"",
        "=\"a,\\\"b\"",
    ] {
        check(&format!("private{argument}"), "private");
        check(&format!("no-cache=x, no-cache{argument}"), "no-cache");
    }
}

#[test]
fn times_end_at_2_to_the_31() {
    // RFC 9111 §1.2.2
    for (seconds, sent) in [
        ("2147483647", "max-age=2147483647"),
        ("2147483648", "max-age=2147483648"),
        ("2147483649", "max-age=2147483648"),
        ("4294967295", "max-age=2147483648"),
        ("99999999999999999999999999", "max-age=2147483648"),
        ("007", "max-age=7"),
    ] {
        check(&format!("max-age={seconds}"), sent);
        check(
            &format!("max-age={seconds}, max-stale={seconds}"),
            match sent {
                "max-age=2147483647" => "max-age=2147483647, max-stale=2147483647",
                "max-age=7" => "max-age=7, max-stale=7",
                _ => "max-age=2147483648, max-stale=2147483648",
            },
        );
    }
    assert_eq!(NEW.max_age(Duration::MAX).to_string(), "max-age=2147483648");
    assert_eq!(
        NEW.max_stale(Duration::MAX).max_stale_value(),
        Some(secs(1 << 31))
    );
    assert_eq!(NEW.max_stale_any().max_stale_value(), Some(Duration::MAX));
}

#[test]
fn several_lines_are_one_list() {
    let read = |lines: &[&[u8]]| {
        let lines = lines
            .iter()
            .map(|line| HeaderValue::from_bytes(line).unwrap());
        let lines: Vec<_> = lines.collect();
        CacheControl::from_lines(&lines).map(|all| all.to_string())
    };
    for (lines, printed) in [
        (&[][..], Ok("")),
        (
            &[&b"max-age=5, a"[..], b"", b"no-cache, max-age=6, b"],
            Ok("max-age=5, no-cache, a, b"),
        ),
        (&[b"a=\"b", b"c\""], Err(InvalidCacheControl)), // quotes do not go on in the next line
        (&[b"no-store", b"a b"], Err(InvalidCacheControl)),
        (&["a=\"\u{e9}\"".as_bytes()], Ok("a=\"\u{e9}\"")),
        (&[b"a=\"\xe9\""], Err(InvalidCacheControl)),
    ] {
        assert_eq!(read(lines), printed.map(str::to_owned), "{lines:?}");
    }
}

#[test]
fn a_directive_that_allows_what_another_forbids_is_found() {
    use Contradiction::{NothingStored, PrivateAndShared, PublicAndPrivate};
    for (line, found) in [
        ("max-age=3600, must-understand, no-store", None), // RFC 9111 §5.2.2.3
        (
            "no-store, must-understand, public, s-maxage=1, immutable, stale-if-error=1",
            None,
        ),
        (
            "no-store, no-cache, private, must-revalidate, proxy-revalidate, no-transform",
            None,
        ),
        ("no-store, max-stale, min-fresh=1, only-if-cached, a", None),
        (
            "private, max-age=5, immutable, stale-while-revalidate=1, proxy-revalidate",
            None,
        ),
        ("private=\"a\", public, s-maxage=5", None),
        ("public, private", Some(PublicAndPrivate)),
        ("s-maxage=1, private", Some(PrivateAndShared)),
        (
            "must-understand, s-maxage=1, private",
            Some(PrivateAndShared),
        ),
        ("no-store, max-age=0", Some(NothingStored)),
        ("no-store, s-maxage=0", Some(NothingStored)),
        ("no-store, public", Some(NothingStored)),
        ("no-store, immutable", Some(NothingStored)),
        ("no-store, stale-while-revalidate=0", Some(NothingStored)),
        ("no-store, stale-if-error=0", Some(NothingStored)),
    ] {
        let read: CacheControl = line.parse().unwrap();
        assert_eq!(read.check().err(), found, "{line}");
    }
}

#[test]
fn setters_panic_at_what_check_finds_and_at_what_is_no_directive() {
    type Build = fn() -> CacheControl;
    let builds: [(&str, Build); 22] = [
        ("public and private", || NEW.public().private()),
        ("public and private", || NEW.private().public()),
        ("private and s-maxage", || NEW.private().s_maxage(secs(1))),
        ("private and s-maxage", || NEW.s_maxage(secs(1)).private()),
        ("no-store and", || NEW.no_store().max_age(secs(1))),
        ("no-store and", || NEW.no_store().s_maxage(secs(1))),
        ("no-store and", || NEW.no_store().public()),
        ("no-store and", || NEW.no_store().immutable()),
        ("no-store and", || {
            NEW.no_store().stale_while_revalidate(secs(1))
        }),
        ("no-store and", || NEW.no_store().stale_if_error(secs(1))),
        ("no-store and", || NEW.max_age(secs(1)).no_store()),
        ("not a list of field names", || NEW.private_fields("")),
        ("not a list of field names", || NEW.no_cache_fields("a b")),
        ("not a list of field names", || NEW.no_cache_fields("a,,b")),
        ("not a list of field names", || NEW.private_fields("a,")),
        ("not an extension", || NEW.extension("")),
        ("not an extension", || NEW.extension("a, b")),
        ("not an extension", || NEW.extension("a=")),
        ("not an extension", || NEW.extension("a=\"b")),
        ("not an extension", || NEW.extension("Max-Age=5")),
        ("not an extension", || NEW.extension("no-store")),
        ("more than four", || {
            ["a", "b", "c", "d", "e"]
                .into_iter()
                .fold(NEW, CacheControl::extension)
        }),
    ];
    for (at, (message, build)) in builds.into_iter().enumerate() {
        let panic = catch_unwind(build).expect_err("refused");
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        let text = text.unwrap_or_default();
        assert!(text.starts_with(message), "{at}: {message}: {text}");
    }
    let possible = NEW.must_understand().no_store().max_age(secs(1));
    assert_eq!(possible.to_string(), "max-age=1, no-store, must-understand");
    assert_eq!(
        NEW.private().private_fields("a").public().to_string(),
        "public, private=\"a\""
    );
    assert_eq!(NEW.private_fields("a").private().to_string(), "private");
}

#[test]
fn a_patch_replaces_and_is_right() {
    for (base, patch, result) in [
        (
            "max-age=86400, public",
            "must-revalidate",
            "max-age=86400, public, must-revalidate",
        ),
        ("max-age=86400, public", "private", "max-age=86400, private"),
        ("max-age=86400, public", "no-store", "no-store"),
        ("max-age=86400, public", "max-age=5", "max-age=5, public"),
        ("max-age=86400, public", "", "max-age=86400, public"),
        ("", "max-age=86400, public", "max-age=86400, public"),
        ("s-maxage=5, public", "private", "private"),
        ("s-maxage=5", "private=\"a\"", "s-maxage=5, private=\"a\""),
        ("private, max-age=1", "public", "max-age=1, public"),
        ("private, max-age=1", "s-maxage=5", "max-age=1, s-maxage=5"),
        ("private=\"a\"", "public", "public, private=\"a\""),
        ("private", "private=\"a\"", "private=\"a\""),
        ("no-cache=\"a\"", "no-cache", "no-cache"),
        ("no-cache=\"a\"", "no-cache=\"b\"", "no-cache=\"b\""),
        (
            "private, proxy-revalidate",
            "max-age=5",
            "max-age=5, private, proxy-revalidate",
        ),
        (
            "public, proxy-revalidate",
            "private",
            "private, proxy-revalidate",
        ),
        // Nothing of what is about stored responses is left, and what is not stays.
        (
            "max-age=1, s-maxage=2, no-cache, public, no-transform, must-revalidate, proxy-revalidate, \
             must-understand, immutable, stale-while-revalidate=3, stale-if-error=4, max-stale, min-fresh=1, \
             only-if-cached, a",
            "no-store",
            "no-store, no-transform, max-stale, min-fresh=1, only-if-cached, a",
        ),
        (
            "private, no-cache",
            "no-store, no-cache",
            "no-cache, no-store",
        ),
        ("immutable", "max-age=5", "max-age=5, immutable"),
        ("max-age=5", "immutable", "max-age=5, immutable"),
        ("no-store", "max-age=5", "max-age=5"),
        ("no-store", "stale-if-error=5", "stale-if-error=5"),
        ("no-store", "no-cache", "no-cache, no-store"),
        (
            "no-store, must-understand",
            "max-age=5",
            "max-age=5, no-store, must-understand",
        ),
        (
            "max-age=5, private",
            "no-store, must-understand",
            "max-age=5, no-store, private, must-understand",
        ),
        ("a=1, b, A=2", "a=3, c", "b, a=3, c"),
        ("max-stale=1", "max-stale", "max-stale"),
    ] {
        let [base, over]: [CacheControl; 2] = [base, patch].map(|text| text.parse().unwrap());
        let patched = base.clone().patched(&over);
        assert_eq!(patched.to_string(), result, "{base} + {patch}");
        assert_eq!(patched, result.parse().unwrap(), "{base} + {patch}");
    }
    let fixed = NEW.extension("a=1").extension("b").private_fields("c");
    let over = NEW.extension("A=2").no_cache_fields("d");
    assert_eq!(
        fixed.patched(&over).extension("e").to_string(),
        "no-cache=\"d\", private=\"c\", e, b, A=2"
    );
}

#[test]
fn readers_give_what_was_set() {
    let read: CacheControl =
        "max-age=1, s-maxage=2, no-cache=\"a, b\", private=c, stale-while-revalidate=3, stale-if-error=4, min-fresh=5, x, y=z"
            .parse()
            .unwrap();
    assert_eq!(
        [
            read.max_age_value(),
            read.s_maxage_value(),
            read.stale_while_revalidate_value(),
            read.stale_if_error_value(),
            read.min_fresh_value(),
            read.max_stale_value(),
        ],
        [
            Some(secs(1)),
            Some(secs(2)),
            Some(secs(3)),
            Some(secs(4)),
            Some(secs(5)),
            None
        ]
    );
    assert_eq!(read.no_cache_names().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(read.private_names().collect::<Vec<_>>(), ["c"]);
    assert_eq!(read.extensions().collect::<Vec<_>>(), ["x", "y=z"]);
    assert!(!read.is_no_cache() && !read.is_private());

    type Flag = (&'static str, fn(&CacheControl) -> bool);
    let flags: [Flag; 10] = [
        ("no-cache", CacheControl::is_no_cache),
        ("no-store", CacheControl::is_no_store),
        ("public", CacheControl::is_public),
        ("private", CacheControl::is_private),
        ("no-transform", CacheControl::is_no_transform),
        ("must-revalidate", CacheControl::is_must_revalidate),
        ("proxy-revalidate", CacheControl::is_proxy_revalidate),
        ("must-understand", CacheControl::is_must_understand),
        ("immutable", CacheControl::is_immutable),
        ("only-if-cached", CacheControl::is_only_if_cached),
    ];
    for (name, _) in flags {
        let one: CacheControl = name.parse().unwrap();
        for (other, is) in flags {
            assert_eq!(is(&one), name == other, "{name} {other}");
        }
        assert!(!one.is_empty());
    }
}

#[test]
fn field_names_compare_without_regard_to_case_or_form() {
    for (a, b, same) in [
        ("private=\"A,b\"", "PRIVATE=\" a , B\"", true),
        ("private=\"a\"", "private=\"a, b\"", false),
        ("private=\"a, b\"", "private=\"b, a\"", false),
        ("private", "private=\"a\"", false),
        ("a=1", "A=1", false),
        ("public, max-age=1", "max-age=1, public", true),
    ] {
        let [a, b]: [CacheControl; 2] = [a, b].map(|text| text.parse().unwrap());
        assert_eq!(a == b, same, "{a} {b}");
    }
    assert_eq!("private=A".parse(), Ok(NEW.private_fields("a")));
    assert_eq!("a=b".parse(), Ok(NEW.extension("a=b")));
}

fn scoped() -> impl Strategy<Value = Scoped> {
    let of = |scope| Scoped {
        scope,
        ..Scoped::ABSENT
    };
    prop_oneof![
        Just(Scoped::ABSENT),
        Just(of(Scope::Whole)),
        prop_oneof![Just("set-cookie"), Just("X-A,x-b")].prop_map(move |fixed| Scoped {
            fixed,
            ..of(Scope::Fields)
        }),
        "[A-Za-z!#'*.^_`|~-]{1,5}(, [a-z]{1,3}){0,3}".prop_map(move |parsed| Scoped {
            parsed,
            ..of(Scope::Fields)
        }),
    ]
}

fn extensions() -> impl Strategy<Value = Extensions> {
    let fixed = prop_oneof![Just(""), Just("a"), Just("b=c"), Just("d=\"e, \\\"f\"")];
    let one = r#"x[a-z]{0,3}(=[a-z0-9!]{1,4}|="([ -!#-\[\]-~é]|\\[ -~é]){0,6}")?"#;
    (
        [fixed.clone(), fixed.clone(), fixed.clone(), fixed],
        vec(one, 0..4),
    )
        .prop_map(|(fixed, parsed)| Extensions {
            fixed,
            parsed: parsed.join(", "),
        })
}

/// Any value there is, whether it makes sense or not.
fn any_value() -> impl Strategy<Value = CacheControl> {
    let time = || option::of(prop_oneof![0..=MOST, Just(0), Just(MOST)]);
    let max_stale = option::of(prop_oneof![0..=MOST, Just(ANY)]);
    let times = [
        time().boxed(),
        time().boxed(),
        time().boxed(),
        time().boxed(),
        time().boxed(),
    ];
    (
        times,
        max_stale,
        any::<[bool; 8]>(),
        [scoped().boxed(), scoped().boxed()],
        extensions(),
    )
        .prop_map(
            |(times, max_stale, flags, [no_cache, private], extensions)| CacheControl {
                max_age: times[0],
                s_maxage: times[1],
                no_cache,
                no_store: flags[0],
                public: flags[1],
                private,
                no_transform: flags[2],
                must_revalidate: flags[3],
                proxy_revalidate: flags[4],
                must_understand: flags[5],
                immutable: flags[6],
                stale_while_revalidate: times[2],
                stale_if_error: times[3],
                max_stale,
                min_fresh: times[4],
                only_if_cached: flags[7],
                extensions,
            },
        )
}

/// A possible value, of directives laid over each other.
fn possible_value() -> impl Strategy<Value = CacheControl> {
    vec(any_value(), 1..8).prop_map(|values| {
        values
            .into_iter()
            .filter(|value| value.check().is_ok())
            .fold(NEW, |base, patch| base.patched(&patch))
    })
}

/// Text that is mostly directives.
fn nearly_a_list() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        8 => prop::sample::select(&parse::KNOWN[..]).prop_map(str::to_owned),
        1 => "[A-Za-z]{1,3}",
    ];
    let argument = prop_oneof![
        Just(String::new()),
        "=[0-9]{0,12}",
        r#"="[0-9a-z, \\é]{0,6}""#,
        r#"="?[ a-z0-9é;\t-]{0,3}"?"#,
    ];
    vec((name, argument, "( ?,\t?){1,2}"), 0..5).prop_map(|elements| {
        let parts = elements
            .into_iter()
            .flat_map(|(name, argument, comma)| [name, argument, comma]);
        parts.collect()
    })
}

proptest! {
    #[test]
    fn what_is_printed_is_read_as_the_same(value in any_value()) {
        let sent = value.to_header();
        prop_assert_eq!(&sent, &value.to_string());
        prop_assert!(value.to_string().ends_with(&value.extensions.parsed));
        prop_assert_eq!(CacheControl::from_lines([&sent]), Ok(value));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..64)) {
        if let Ok(line) = HeaderValue::from_bytes(&bytes) {
            let _ = CacheControl::from_lines([&line]);
        }
        let _ = String::from_utf8_lossy(&bytes).parse::<CacheControl>();
    }

    #[test]
    fn what_is_read_is_printed_as_the_same(text in nearly_a_list()) {
        if let Ok(read) = text.parse::<CacheControl>() {
            let printed = read.to_string();
            prop_assert_eq!(&read.to_header(), &printed);
            prop_assert!(printed.len() <= 2 * text.len() + 32, "{printed} of {text}");
            prop_assert_eq!(printed.parse::<CacheControl>().map(|again| again.to_string()), Ok(printed));
        }
    }

    #[test]
    fn a_patch_makes_possible_of_possible(base in possible_value(), patch in possible_value()) {
        let patched = base.clone().patched(&patch);
        prop_assert_eq!(patched.check(), Ok(()), "{} + {}", base, patch);
        prop_assert_eq!(patched.clone().patched(&patch), patched);
        prop_assert_eq!(NEW.patched(&patch), patch);
        prop_assert_eq!(base.clone().patched(&NEW), base);
    }

    #[test]
    fn impossible_values_are_patched_without_a_panic(base in any_value(), patch in any_value()) {
        let patched = base.patched(&patch);
        prop_assert!(patched.is_no_store() || !patch.is_no_store());
        prop_assert!(patched.is_private() || !patch.is_private());
    }
}

#[test]
fn what_is_refused_says_why() {
    let why = CacheControl::NO_STORE.patched(&CacheControl::new().must_understand());
    assert_eq!(why.check(), Ok(()));
    let seen: CacheControl = "public, private".parse().unwrap();
    let text = seen.check().unwrap_err().to_string();
    assert!(text.starts_with("public and private: "), "{text}");
    let text = "a;b".parse::<CacheControl>().unwrap_err().to_string();
    assert!(text.contains("directives"), "{text}");
}
