//! Which preconditions hold (RFC 9110 §13).

use std::time::{Duration, SystemTime};

use http::{HeaderName, Method, header};

use super::entity_tag::{ETag, TagRef};
use super::entity_tag_list;
use super::http_date::HttpDate;
use crate::context::RequestContext;

/// What the current representation is known by (RFC 9110 §8.8): an entity tag, a date, both or nothing.
///
/// Made of a `&ETag`, an [`HttpDate`], or a pair of both. What has neither still satisfies `If-Match: *`.
///
/// ```
/// use axum_responses::{ETag, HttpDate, conditional::Validators};
///
/// let row = Validators::from(&ETag::of_version(7));
/// assert_eq!(row.etag, Some(ETag::strong("7")));
/// assert_eq!(row.last_modified, None);
///
/// let date: HttpDate = "Tue, 14 Nov 2023 22:13:20 GMT".parse().unwrap();
/// assert_eq!(Validators::from(date).etag, None);
/// assert_eq!(Validators::from((ETag::of_version(7), date)).last_modified, Some(date));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// Its entity tag, for `If-Match` and `If-None-Match`.
    pub etag: Option<ETag>,
    /// When it was modified last, for `If-Modified-Since` and `If-Unmodified-Since`.
    pub last_modified: Option<HttpDate>,
}

impl From<ETag> for Validators {
    fn from(etag: ETag) -> Self {
        Self {
            etag: Some(etag),
            last_modified: None,
        }
    }
}

impl From<&ETag> for Validators {
    fn from(etag: &ETag) -> Self {
        etag.clone().into()
    }
}

impl From<HttpDate> for Validators {
    fn from(date: HttpDate) -> Self {
        Self {
            etag: None,
            last_modified: Some(date),
        }
    }
}

impl From<(ETag, HttpDate)> for Validators {
    fn from((etag, date): (ETag, HttpDate)) -> Self {
        Self {
            etag: Some(etag),
            last_modified: Some(date),
        }
    }
}

impl From<&Self> for Validators {
    fn from(validators: &Self) -> Self {
        validators.clone()
    }
}

/// What becomes of a request with preconditions: what [`Conditional::verdict`](super::Conditional::verdict) says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They hold, or there are none.
    Proceed,
    /// 304: the client has it. For `GET` and `HEAD` alone.
    NotModified,
    /// 412: it is not what the client takes it for, or a condition of a writer cannot be read.
    Failed,
}

/// How old a representation must be for its date to be a strong validator (RFC 9110 §8.8.2.2): within
/// the same second, or the tick of a file system, it may change twice.
pub(crate) const STRONG_AFTER: Duration = Duration::from_secs(2);

/// The ladder of RFC 9110 §13.2.2. `current` is `None` where there is no representation yet.
pub(super) fn evaluate(request: &RequestContext, current: Option<&Validators>) -> Verdict {
    let method = request.method();
    // §13.2.1: methods that select no representation have no conditions.
    if matches!(*method, Method::CONNECT | Method::OPTIONS | Method::TRACE) {
        return Verdict::Proceed;
    }
    let reads = matches!(*method, Method::GET | Method::HEAD);
    let modified = current.and_then(|current| current.last_modified);

    // Step 1. What cannot be read matches nothing: the client meant to protect something.
    match any_tag(request, &header::IF_MATCH, current, |tag, etag| {
        tag.strong_eq(etag)
    }) {
        Listed::Matches => {}
        Listed::None | Listed::Unreadable => return Verdict::Failed,
        // Step 2. §13.1.4: ignored where there is no valid date to compare.
        Listed::Absent => {
            if let Some(since) = date(request, &header::IF_UNMODIFIED_SINCE)
                && modified.is_some_and(|modified| modified > since)
            {
                return Verdict::Failed;
            }
        }
    }
    match any_tag(request, &header::IF_NONE_MATCH, current, |tag, etag| {
        tag.weak_eq(etag)
    }) {
        // Step 3.
        Listed::Matches if reads => Verdict::NotModified,
        Listed::Matches => Verdict::Failed,
        Listed::None => Verdict::Proceed,
        // What cannot be read costs a reader the saved transfer, and a writer the write.
        Listed::Unreadable if reads => Verdict::Proceed,
        Listed::Unreadable => Verdict::Failed,
        // Step 4. §13.1.3: for GET and HEAD, and where there is a valid date.
        Listed::Absent if reads => match (date(request, &header::IF_MODIFIED_SINCE), modified) {
            (Some(since), Some(modified)) if modified <= since => Verdict::NotModified,
            _ => Verdict::Proceed,
        },
        Listed::Absent => Verdict::Proceed,
    }
}

/// Whether a condition stands in the request that keeps a writer from overwriting what it has not seen:
/// `If-Match`, a valid `If-Unmodified-Since`, or `If-None-Match: *`.
pub(super) fn guards_a_write(request: &RequestContext, current: Option<&Validators>) -> bool {
    let has_date = current.is_none_or(|current| current.last_modified.is_some());
    request.header(&header::IF_MATCH).is_some()
        || has_date && date(request, &header::IF_UNMODIFIED_SINCE).is_some()
        || request
            .header(&header::IF_NONE_MATCH)
            .is_some_and(|value| value.as_bytes().trim_ascii() == b"*")
}

/// Step 5 (RFC 9110 §13.1.5): whether the part that the client has is one of the current representation.
pub(super) fn range_holds(request: &RequestContext, current: &Validators) -> bool {
    let mut lines = request.lines(&header::IF_RANGE);
    let Some(line) = lines.next() else {
        return true;
    };
    if lines.next().is_some() {
        return false;
    }
    let text = line.as_bytes();
    if text.starts_with(b"\"") || text.starts_with(b"W/") {
        return match (TagRef::take(text), &current.etag) {
            (Some((tag, b"")), Some(etag)) => tag.strong_eq(etag),
            _ => false,
        };
    }
    // A date must be a strong validator, and the same one: later is not the same.
    let given = line.to_str().ok().and_then(|text| text.parse().ok());
    given.is_some()
        && given == current.last_modified
        && current
            .last_modified
            .is_some_and(|date| date.is_strong_at(SystemTime::now()))
}

enum Listed {
    Absent,
    Matches,
    None,
    Unreadable,
}

fn any_tag(
    request: &RequestContext,
    name: &HeaderName,
    current: Option<&Validators>,
    equal: impl Fn(&TagRef<'_>, &ETag) -> bool,
) -> Listed {
    let etag = current.and_then(|current| current.etag.as_ref());
    let found = entity_tag_list::any(request.lines(name), |tag| {
        etag.is_some_and(|etag| equal(&tag, etag))
    });
    match found {
        Ok(None) => Listed::Absent,
        // §13.1.1, §13.1.2: `*` is whatever representation there is.
        Ok(Some(true)) if current.is_some() => Listed::Matches,
        Ok(Some(_)) => Listed::None,
        Err(_) => Listed::Unreadable,
    }
}

/// A date that stands alone in its field. §13.1.3, §13.1.4: anything else is ignored.
fn date(request: &RequestContext, name: &HeaderName) -> Option<HttpDate> {
    let mut lines = request.lines(name);
    let date = lines.next()?.to_str().ok()?.parse().ok()?;
    lines.next().is_none().then_some(date)
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use http::HeaderMap;

    use super::*;

    const DATE: &str = "Sat, 29 Oct 1994 19:43:31 GMT"; // of RFC 9110 §8.8.2
    const EARLIER: &str = "Sat, 29 Oct 1994 19:43:30 GMT";
    const LATER: &str = "Sat, 29 Oct 1994 19:43:32 GMT";

    fn request(method: &Method, fields: &[(HeaderName, &str)]) -> RequestContext {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(name, value.parse().unwrap());
        }
        RequestContext::new(method.clone(), &headers)
    }

    fn tagged() -> Validators {
        (ETag::strong("v1"), DATE.parse().unwrap()).into()
    }

    /// What becomes of a `GET`, and of a `PUT`.
    #[track_caller]
    fn check(fields: &[(HeaderName, &str)], get: Verdict, put: Verdict) {
        for (method, expected) in [
            (Method::GET, get),
            (Method::HEAD, get),
            (Method::PUT, put),
            (Method::DELETE, put),
            (Method::OPTIONS, Verdict::Proceed),
            (Method::TRACE, Verdict::Proceed),
            (Method::CONNECT, Verdict::Proceed),
        ] {
            let request = request(&method, fields);
            let verdict = evaluate(&request, Some(&tagged()));
            assert_eq!(verdict, expected, "{method} {fields:?}");
        }
    }

    use Verdict::{Failed, NotModified, Proceed};
    use header::{IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE};

    #[test]
    fn step_1_if_match() {
        check(&[], Proceed, Proceed);
        check(&[(IF_MATCH, r#""v1""#)], Proceed, Proceed);
        check(&[(IF_MATCH, r#""v0", "v1""#)], Proceed, Proceed);
        check(
            &[(IF_MATCH, r#""v0""#), (IF_MATCH, r#""v1""#)],
            Proceed,
            Proceed,
        );
        check(&[(IF_MATCH, "*")], Proceed, Proceed);
        check(&[(IF_MATCH, r#""v0""#)], Failed, Failed);
        check(&[(IF_MATCH, r#"W/"v1""#)], Failed, Failed);
        check(&[(IF_MATCH, "v1")], Failed, Failed);
        check(&[(IF_MATCH, "")], Failed, Failed);
    }

    #[test]
    fn step_2_if_unmodified_since() {
        check(&[(IF_UNMODIFIED_SINCE, DATE)], Proceed, Proceed);
        check(&[(IF_UNMODIFIED_SINCE, LATER)], Proceed, Proceed);
        check(&[(IF_UNMODIFIED_SINCE, EARLIER)], Failed, Failed);
        check(&[(IF_UNMODIFIED_SINCE, "then")], Proceed, Proceed);
        check(
            &[
                (IF_UNMODIFIED_SINCE, EARLIER),
                (IF_UNMODIFIED_SINCE, EARLIER),
            ],
            Proceed,
            Proceed,
        );
        // not asked beside If-Match
        check(
            &[(IF_MATCH, "*"), (IF_UNMODIFIED_SINCE, EARLIER)],
            Proceed,
            Proceed,
        );
    }

    #[test]
    fn step_3_if_none_match() {
        check(&[(IF_NONE_MATCH, r#""v1""#)], NotModified, Failed);
        check(&[(IF_NONE_MATCH, r#""v0", W/"v1""#)], NotModified, Failed);
        check(&[(IF_NONE_MATCH, "*")], NotModified, Failed);
        check(&[(IF_NONE_MATCH, r#""v0""#)], Proceed, Proceed);
        check(&[(IF_NONE_MATCH, "v1")], Proceed, Failed);
        // behind step 1
        check(
            &[(IF_MATCH, r#""v1""#), (IF_NONE_MATCH, r#""v1""#)],
            NotModified,
            Failed,
        );
        check(
            &[(IF_MATCH, r#""v0""#), (IF_NONE_MATCH, r#""v1""#)],
            Failed,
            Failed,
        );
        check(
            &[(IF_UNMODIFIED_SINCE, EARLIER), (IF_NONE_MATCH, r#""v1""#)],
            Failed,
            Failed,
        );
    }

    #[test]
    fn step_4_if_modified_since() {
        check(&[(IF_MODIFIED_SINCE, DATE)], NotModified, Proceed);
        check(&[(IF_MODIFIED_SINCE, LATER)], NotModified, Proceed);
        check(&[(IF_MODIFIED_SINCE, EARLIER)], Proceed, Proceed);
        check(&[(IF_MODIFIED_SINCE, "now")], Proceed, Proceed);
        check(
            &[(IF_MODIFIED_SINCE, DATE), (IF_MODIFIED_SINCE, DATE)],
            Proceed,
            Proceed,
        );
        // not asked beside If-None-Match
        check(
            &[(IF_NONE_MATCH, r#""v0""#), (IF_MODIFIED_SINCE, DATE)],
            Proceed,
            Proceed,
        );
    }

    #[test]
    fn what_has_no_validator_has_no_match() {
        let nothing = Validators::default();
        for (fields, expected) in [
            (&[(IF_MATCH, r#""v1""#)], Failed),
            (&[(IF_MATCH, "*")], Proceed),
            (&[(IF_NONE_MATCH, r#""v1""#)], Proceed),
            (&[(IF_NONE_MATCH, "*")], NotModified),
            (&[(IF_MODIFIED_SINCE, LATER)], Proceed),
            (&[(IF_UNMODIFIED_SINCE, EARLIER)], Proceed),
        ] {
            let request = request(&Method::GET, fields);
            assert_eq!(evaluate(&request, Some(&nothing)), expected, "{fields:?}");
        }
    }

    #[test]
    fn where_there_is_nothing_yet_any_tag_misses() {
        for (fields, expected) in [
            (&[(IF_MATCH, "*")], Failed),
            (&[(IF_MATCH, r#""v1""#)], Failed),
            (&[(IF_NONE_MATCH, "*")], Proceed),
            (&[(IF_NONE_MATCH, r#""v1""#)], Proceed),
            (&[(IF_UNMODIFIED_SINCE, EARLIER)], Proceed),
        ] {
            let request = request(&Method::PUT, fields);
            assert_eq!(evaluate(&request, None), expected, "{fields:?}");
        }
    }

    #[test]
    fn a_part_is_joined_by_a_strong_validator_only() {
        for (fields, tagged_holds) in [
            (&[][..], true),
            (&[(IF_RANGE, r#""v1""#)], true),
            (&[(IF_RANGE, r#""v0""#)], false),
            (&[(IF_RANGE, r#"W/"v1""#)], false),
            (&[(IF_RANGE, r#""v1", "v2""#)], false),
            (&[(IF_RANGE, r#""v1""#), (IF_RANGE, r#""v1""#)], false),
            (&[(IF_RANGE, DATE)], true),
            (&[(IF_RANGE, LATER)], false),
            (&[(IF_RANGE, EARLIER)], false),
            (&[(IF_RANGE, "v1")], false),
            (&[(IF_RANGE, "*")], false),
        ] {
            let request = request(&Method::GET, fields);
            assert_eq!(range_holds(&request, &tagged()), tagged_holds, "{fields:?}");
        }
        let tag = request(&Method::GET, &[(IF_RANGE, r#""v1""#)]);
        assert!(!range_holds(&tag, &Validators::default()));
        assert!(!range_holds(&tag, &ETag::weak("v1").into()));
        let date = request(&Method::GET, &[(IF_RANGE, "v1")]);
        assert!(!range_holds(&date, &Validators::default()));
    }

    #[test]
    fn what_has_just_changed_is_not_joined_by_its_date() {
        let now = HttpDate::new(SystemTime::now()).unwrap();
        let request = request(&Method::GET, &[(IF_RANGE, &now.to_string())]);
        assert!(!range_holds(&request, &now.into()));

        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        let date = HttpDate::new(at(100)).unwrap();
        for (now, strong) in [(99, false), (100, false), (101, false), (102, true)] {
            assert_eq!(date.is_strong_at(at(now)), strong, "{now}");
        }
    }

    #[test]
    fn a_writer_is_guarded_by_what_was_compared() {
        let dated = tagged();
        let undated = ETag::strong("v1").into();
        for (fields, with_a_date, without) in [
            (&[][..], false, false),
            (&[(IF_MATCH, r#""v0""#)], true, true),
            (&[(IF_UNMODIFIED_SINCE, DATE)], true, false),
            (&[(IF_UNMODIFIED_SINCE, "then")], false, false),
            (&[(IF_NONE_MATCH, "*")], true, true),
            (&[(IF_NONE_MATCH, r#""v0""#)], false, false),
            (&[(IF_MODIFIED_SINCE, DATE)], false, false),
        ] {
            let request = request(&Method::PUT, fields);
            assert_eq!(
                guards_a_write(&request, Some(&dated)),
                with_a_date,
                "{fields:?}"
            );
            assert_eq!(
                guards_a_write(&request, Some(&undated)),
                without,
                "{fields:?}"
            );
        }
        let dated = request(&Method::PUT, &[(IF_UNMODIFIED_SINCE, DATE)]);
        assert!(guards_a_write(&dated, None));
    }

    #[test]
    fn validators_are_made_of_what_there_is() {
        let (etag, date) = (ETag::strong("v1"), DATE.parse::<HttpDate>().unwrap());
        let both = Validators::from((etag.clone(), date));
        assert_eq!(Validators::from(&both), both);
        assert_eq!(Validators::from(&etag).etag, Some(etag.clone()));
        assert_eq!(Validators::from(etag).last_modified, None);
        assert_eq!(Validators::from(date).last_modified, Some(date));
    }
}
