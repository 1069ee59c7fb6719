//! Where a client that comes back left off.

use std::borrow::Cow;
use std::convert::Infallible;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{HeaderName, HeaderValue};

use crate::context::RequestContext;

const HEADER: HeaderName = HeaderName::from_static("last-event-id");
const PARAMETER: &str = "last_event_id";

/// The id of the last event that the client saw: an extractor that never refuses.
///
/// It is the `Last-Event-ID` field, which a browser sends when it reconnects, or else the query parameter
/// `last_event_id`, with which a page can say where its first connection starts (`EventSource` cannot set
/// fields). The field wins: a browser that reconnects keeps the address, and the field is newer. An
/// empty value counts as none. Bytes that are not UTF-8 become U+FFFD, so such an id is known to nobody.
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use axum_responses::{LastEventId, ServerSentEvent, sse::Event};
/// use futures_util::stream;
/// # use tower::ServiceExt;
///
/// async fn count(last: LastEventId) -> ServerSentEvent {
///     let start = last.parse::<u64>().map_or(1, |last| last.saturating_add(1));
///     let events = (start..=3).map(|n| Event::data(n.to_string()).id(n.to_string()));
///     ServerSentEvent::new(stream::iter(events))
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app = Router::new().route("/", get(count));
/// let request = Request::get("/").header("last-event-id", "2").body(Body::empty()).unwrap();
/// let response = app.oneshot(request).await.unwrap();
/// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
/// assert_eq!(body, "id: 3\ndata: 3\n\n");
/// # }
/// ```
///
/// HTML Standard §9.2.4.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct LastEventId(Option<String>);

impl LastEventId {
    /// This id; the empty one counts as none, as a client sends none for it (HTML Standard §9.2.4).
    ///
    /// ```
    /// use axum_responses::LastEventId;
    ///
    /// assert_eq!(LastEventId::new("7").get(), Some("7"));
    /// assert_eq!(LastEventId::new(""), LastEventId::default());
    /// ```
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self(Some(id.into()).filter(|id| !id.is_empty()))
    }

    /// The id that the request's `Last-Event-ID` field gives. A context knows nothing of the query.
    ///
    /// ```
    /// use axum::http::{HeaderMap, Method};
    /// use axum_responses::{LastEventId, RequestContext};
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.insert("last-event-id", "7".parse().unwrap());
    /// let context = RequestContext::new(Method::GET, &headers);
    /// assert_eq!(LastEventId::from_context(&context).get(), Some("7"));
    /// ```
    #[must_use]
    pub fn from_context(context: &RequestContext) -> Self {
        Self::from_header(context.header(&HEADER))
    }

    fn from_header(value: Option<&HeaderValue>) -> Self {
        value.map_or(Self(None), |value| {
            Self::new(String::from_utf8_lossy(value.as_bytes()))
        })
    }

    fn from_query(query: &str) -> Self {
        form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == PARAMETER)
            .map_or(Self(None), |(_, id)| Self::new(Cow::into_owned(id)))
    }

    /// The id as it came; `None` for a client that is here for the first time, and for one that was told to forget it.
    #[must_use]
    pub fn get(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// The id as a value of this type; `None` when there is none or it is something else. Anyone may send any id: check
    /// what it names.
    ///
    /// ```
    /// use axum_responses::LastEventId;
    ///
    /// assert_eq!(LastEventId::new("7").parse::<u64>(), Some(7));
    /// assert_eq!(LastEventId::new("-7").parse::<u64>(), None);
    /// assert_eq!(LastEventId::default().parse::<u64>(), None);
    /// ```
    #[must_use]
    pub fn parse<T: FromStr>(&self) -> Option<T> {
        self.get()?.parse().ok()
    }
}

impl<S: Sync> FromRequestParts<S> for LastEventId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let from_header = Self::from_header(parts.headers.get(HEADER));
        Ok(match (from_header, parts.uri.query()) {
            (Self(None), Some(query)) => Self::from_query(query),
            (from_header, _) => from_header,
        })
    }
}

#[cfg(feature = "openapi")]
impl utoipa::IntoParams for LastEventId {
    fn into_params(
        _: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
    ) -> Vec<utoipa::openapi::path::Parameter> {
        use utoipa::openapi::path::{ParameterBuilder, ParameterIn};
        use utoipa::openapi::schema::{Object, Type};

        let parameter = |name: &str, place, description: &str| {
            ParameterBuilder::new()
                .name(name)
                .parameter_in(place)
                .required(utoipa::openapi::Required::False)
                .description(Some(description))
                .schema(Some(Object::with_type(Type::String)))
                .build()
        };
        vec![
            parameter(
                "Last-Event-ID",
                ParameterIn::Header,
                "The last event seen: the stream goes on behind it",
            ),
            parameter(
                PARAMETER,
                ParameterIn::Query,
                "The same, for a first connection; the header wins",
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_wins_over_the_query() {
        for (query, header, expected) in [
            ("", None, None),
            ("", Some("7"), Some("7")),
            ("?last_event_id=8", None, Some("8")),
            ("?last_event_id=8", Some("7"), Some("7")),
            ("?last_event_id=8", Some(""), Some("8")),
            ("?last_event_id=", None, None),
            ("?x=1&last_event_id=a%20b%C3%A9", None, Some("a bé")),
            ("?last_event_id=1&last_event_id=2", None, Some("1")),
            ("?LAST_EVENT_ID=8", None, None),
            ("", Some("é"), Some("é")),
        ] {
            let mut request = http::Request::get(format!("/{query}"));
            if let Some(id) = header {
                let value = HeaderValue::from_bytes(id.as_bytes()).unwrap();
                request = request.header("last-event-id", value);
            }
            let (mut parts, ()) = request.body(()).unwrap().into_parts();
            let extracted = LastEventId::from_request_parts(&mut parts, &());
            let id = futures_util::FutureExt::now_or_never(extracted)
                .unwrap()
                .unwrap();
            assert_eq!(id.get(), expected, "{query} {header:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_an_unknown_id() {
        let value = HeaderValue::from_bytes(b"1\xff").unwrap();
        let id = LastEventId::from_header(Some(&value));
        assert_eq!(id.get(), Some("1\u{fffd}"));
        assert_eq!(id.parse::<u64>(), None);
    }
}
