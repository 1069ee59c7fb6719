use http::Request as HttpRequest;

use super::*;

fn request(query: &str, size: &'static str, position: &'static str) -> Request {
    let uri = format!("/people?{query}");
    let (parts, ()) = HttpRequest::get(uri).body(()).unwrap().into_parts();
    Request::new(RawQuery::of(&parts), size, position)
}

fn written(request: &Request, links: &[Link]) -> String {
    let mut headers = HeaderMap::new();
    request.write(10, links, &mut headers);
    let value = headers.get(LINK).map(|value| value.to_str().unwrap());
    value.unwrap_or_default().to_owned()
}

/// What the link to the next page keeps of a query.
fn check(query: &str, kept: &str) {
    let next = (Rel::Next, Some("20".to_owned()));
    let value = written(&request(query, "limit", "offset"), &[next]);
    let expected = format!("<?{kept}limit=10&offset=20>; rel=\"next\"");
    assert_eq!(value, expected, "{query}");
}

#[test]
fn other_parameters_are_kept_as_they_were_sent() {
    check("", "");
    check("limit=5&offset=3", "");
    check("a=1&limit=5&b=2&offset=3&a=3", "a=1&b=2&a=3&");
    check("x=a%20b&y=a+b", "x=a%20b&y=a+b&");
    check("flag&empty=&=nameless", "flag&empty=&=nameless&");
    check("a=1&&b=2&", "a=1&b=2&");
    check("x=%FF%00%0d%0A%22%3e", "x=%FF%00%0d%0A%22%3e&");
    check("l%69mit=5&%6fffset=3", ""); // these are ours, too
    check("limits=5&Limit=3", "limits=5&Limit=3&");
    check("x=a;b,c:@/?'()*!$~", "x=a;b,c:@/?'()*!$~&");
}

#[test]
fn what_no_reference_may_hold_is_encoded() {
    check("x=`{|}^\\[]", "x=%60%7B%7C%7D%5E%5C%5B%5D&");
    check("x=100%", "x=100%25&");
    check("x=%zz%4", "x=%25zz%254&");
    check("x=\u{e9}", "x=%C3%A9&");
    // The crate http refuses these; nothing here relies on it.
    let mut encoded = String::new();
    push_encoded(&mut encoded, "<\">\r\n\0 #\u{7f}");
    assert_eq!(encoded, "%3C%22%3E%0D%0A%00%20%23%7F");
}

#[test]
fn a_base_stands_in_front_of_the_query_without_its_own() {
    for (base, expected) in [
        ("/people", "/people"),
        ("/people/?a=1", "/people/"),
        (
            "https://example.com:8443/v1/people?a=1",
            "https://example.com:8443/v1/people",
        ),
        ("https://example.com", "https://example.com/"),
        ("/a|b\u{e9}", "/a%7Cb%C3%A9"),
    ] {
        let mut request = request("q=1", "limit", "offset");
        request.set_base(&"/before".parse().unwrap());
        request.set_base(&base.parse().unwrap());
        let value = written(&request, &[(Rel::First, None)]);
        assert_eq!(value, format!("<{expected}?q=1&limit=10>; rel=\"first\""));
    }
}

#[test]
fn names_and_cursors_are_encoded() {
    let links = cursor(Some("a>b\"\r\n &=\u{e9}"), None, None);
    let value = written(
        &request("page%5Bsize%5D=3&q=1", "page[size]", "page[after]"),
        &links,
    );
    assert_eq!(
        value,
        "<?q=1&page%5Bsize%5D=10>; rel=\"first\", \
         <?q=1&page%5Bsize%5D=10&page%5Bafter%5D=a%3Eb%22%0D%0A+%26%3D%C3%A9>; rel=\"next\""
    );
}

/// `first prev next last` as numbers.
fn numbers(links: &[Link]) -> [Option<u64>; 4] {
    [Rel::First, Rel::Prev, Rel::Next, Rel::Last].map(|rel| {
        let (_, number) = links.iter().find(|(of, _)| *of == rel)?;
        number.as_deref().map(|number| number.parse().unwrap())
    })
}

#[test]
fn classic_pages_lead_to_pages_that_there_are() {
    let check = |current, pages, prev, next, last| {
        let expected = [Some(1), prev, next, Some(last)];
        assert_eq!(
            numbers(&classic(current, pages)),
            expected,
            "{current} of {pages}"
        );
    };
    check(1, 1, None, None, 1);
    check(1, 5, None, Some(2), 5);
    check(2, 5, Some(1), Some(3), 5);
    check(5, 5, Some(4), None, 5);
    check(6, 5, Some(5), None, 5);
    check(99, 5, Some(5), None, 5);
    check(1, 0, None, None, 1);
    check(7, 0, None, None, 1);
    check(u64::MAX, u64::MAX, Some(u64::MAX - 1), None, u64::MAX);
}

#[test]
fn offsets_lead_to_steps_of_their_own() {
    let check = |at, total, prev, next, last| {
        let expected = [Some(0), prev, next, Some(last)];
        assert_eq!(numbers(&offset(10, at, total)), expected, "{at} of {total}");
    };
    check(0, 50, None, Some(10), 40);
    check(20, 50, Some(10), Some(30), 40);
    check(40, 50, Some(30), None, 40);
    check(5, 50, Some(0), Some(15), 45);
    check(45, 50, Some(35), None, 45);
    check(39, 50, Some(29), Some(49), 49);
    check(40, 51, Some(30), Some(50), 50);
    check(0, 10, None, None, 0);
    check(0, 11, None, Some(10), 10);
    check(50, 50, Some(40), None, 40); // beyond the end
    check(95, 50, Some(45), None, 45);
    check(5, 3, Some(0), None, 0);
    check(0, 0, None, None, 0);
    check(30, 0, None, None, 0);
    check(u64::MAX, u64::MAX, Some(u64::MAX - 10), None, u64::MAX - 10);
}

#[test]
fn long_links_are_left_out_and_the_next_one_as_the_last() {
    let rels = |length: usize| {
        let request = request(&format!("x={}", "a".repeat(length)), "limit", "offset");
        let value = written(&request, &offset(10, 20, 100));
        assert!(value.len() <= LONGEST, "{length}");
        let rels = value.split("rel=\"").skip(1);
        rels.map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(rels(1000), ["first", "prev", "next", "last"]);
    assert_eq!(rels(2500), ["first", "prev", "next"]);
    assert_eq!(rels(4000), ["prev", "next"]);
    assert_eq!(rels(8000), ["next"]);
    assert!(rels(8192).is_empty());
    assert!(rels(60_000).is_empty());
}
