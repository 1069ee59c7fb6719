//! A payload that the closest layer knows how to write.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
#[cfg(feature = "message-pack")]
use axum_responses::MessagePack;
use axum_responses::{Json, MediaType, Problem, RequestContext};
use serde::Serialize;

/// A value, to be written by the closest [`response_class`](crate::Declare::response_class) after the closest
/// [`type_encoder`](crate::Declare::type_encoder) of its type. Without either it is JSON.
///
/// ```
/// use axum::{body::Body, http::Request};
/// use axum_layered::{Data, Declare, Layered, get};
/// # use tower::ServiceExt;
///
/// struct Point { x: i32, y: i32 } // from another crate: serde does not know it
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app = Layered::<()>::new()
///     .type_encoder(|point: &Point| [point.x, point.y])
///     .route("/corner", get(|| async { Data::of(Point { x: 1, y: 2 }) }))
///     .into_router();
/// let request = Request::get("/corner").body(Body::empty()).unwrap();
/// let body = axum::body::to_bytes(app.oneshot(request).await.unwrap().into_body(), 99).await.unwrap();
/// assert_eq!(body, "[1,2]");
/// # }
/// ```
#[must_use]
pub struct Data<T> {
    value: T,
    serialize: Option<fn(&T) -> &dyn erased_serde::Serialize>,
    encode: Option<Encode>,
}

impl<T: Any> Data<T> {
    /// A value that serde knows.
    ///
    /// A layer's [`type_encoder`](crate::Declare::type_encoder) for its type goes before what serde makes of it.
    ///
    /// ```
    /// use axum_layered::{Data, Declare, Layered, get};
    /// # use axum::{body::{Body, to_bytes}, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Layered::<()>::new()
    ///     .route("/", get(|| async { Data::new([1, 2]) }))
    ///     .route("/sum", get(|| async { Data::new([1, 2]) }).type_encoder(|pair: &[i32; 2]| pair[0] + pair[1]))
    ///     .into_router();
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// let response = ask("/").await;
    /// assert_eq!(response.headers()["content-type"], "application/json");
    /// assert_eq!(to_bytes(response.into_body(), 99).await.unwrap(), "[1,2]");
    /// assert_eq!(to_bytes(ask("/sum").await.into_body(), 99).await.unwrap(), "3");
    /// # }
    /// ```
    pub fn new(value: T) -> Self
    where
        T: Serialize,
    {
        Self {
            value,
            serialize: Some(|value| value),
            encode: None,
        }
    }

    /// A value that serde need not know: a layer's encoder or class does. Where none does, the answer is a logged 500.
    ///
    /// ```
    /// use axum_layered::{Data, Declare, Layered, get};
    /// # use axum::{body::Body, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// struct Celsius(f32); // serde does not know it
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Layered::<()>::new()
    ///     .route("/known", get(|| async { Data::of(Celsius(12.5)) }).type_encoder(|celsius: &Celsius| celsius.0))
    ///     .route("/unknown", get(|| async { Data::of(Celsius(12.5)) }))
    ///     .into_router();
    /// # let ask = async |path: &str| {
    /// #     let request = Request::get(path).body(Body::empty()).unwrap();
    /// #     app.clone().oneshot(request).await.unwrap()
    /// # };
    /// assert_eq!(ask("/known").await.status(), 200);
    /// let response = ask("/unknown").await;
    /// assert_eq!(response.status(), 500);
    /// assert_eq!(response.headers()["content-type"], "application/problem+json");
    /// # }
    /// ```
    pub fn of(value: T) -> Self {
        Self {
            value,
            serialize: None,
            encode: None,
        }
    }

    /// An encoder of this response's own: it wins over those of layers.
    ///
    /// ```
    /// use axum_layered::{Data, Declare, Layered, get};
    /// # use axum::{body::{Body, to_bytes}, http::Request};
    /// # use tower::ServiceExt;
    ///
    /// struct Celsius(f32);
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let app = Layered::<()>::new()
    ///     .type_encoder(|celsius: &Celsius| celsius.0)
    ///     .route("/", get(|| async { Data::of(Celsius(12.5)).encoder(|celsius| format!("{} °C", celsius.0)) }))
    ///     .into_router();
    /// let response = app.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    /// assert_eq!(to_bytes(response.into_body(), 99).await.unwrap(), "\"12.5 °C\"");
    /// # }
    /// ```
    pub fn encoder<O: Serialize + 'static>(
        mut self,
        encode: impl Fn(&T) -> O + Send + Sync + 'static,
    ) -> Self {
        self.encode = Some(Encode::new(encode));
        self
    }
}

impl<T: fmt::Debug> fmt::Debug for Data<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Data").field(&self.value).finish()
    }
}

impl<T: Any> IntoResponse for Data<T> {
    fn into_response(self) -> Response {
        let context = RequestContext::current();
        let encoding = context
            .as_ref()
            .and_then(RequestContext::extension::<Encoding>);
        let encode = self
            .encode
            .as_ref()
            .or_else(|| encoding?.encoders.get(&TypeId::of::<T>()));
        let encoded = encode.and_then(|encode| encode.run(&self.value));
        let serialize = match &encoded {
            Some(encoded) => Some(&**encoded),
            None => self.serialize.map(|serialize| serialize(&self.value)),
        };
        let payload = Payload {
            value: &self.value,
            serialize,
        };
        match encoding.and_then(|encoding| encoding.class.as_deref()) {
            Some(class) => class.respond(&payload),
            None => Json(()).respond(&payload),
        }
    }
}

/// What a [`ResponseClass`] is given: the value, and what serde can write of it.
///
/// A class takes what it needs, and answers [`unknown`](Self::unknown) where it is not there.
///
/// ```
/// use axum::response::{IntoResponse, Response};
/// use axum_layered::{Data, Declare, Layered, MediaType, Payload, ResponseClass, get};
/// use axum_responses::Json;
/// # use axum::{body::{Body, to_bytes}, http::Request};
/// # use tower::ServiceExt;
///
/// struct InAnEnvelope;
///
/// impl ResponseClass for InAnEnvelope {
///     fn media_type(&self) -> MediaType { MediaType::JSON }
///
///     fn respond(&self, payload: &Payload<'_>) -> Response {
///         match (payload.value::<String>(), payload.serialize()) {
///             (Some(text), _) => Json([("text", text)]).into_response(),
///             (None, Some(other)) => Json([("other", other)]).into_response(),
///             (None, None) => payload.unknown(),
///         }
///     }
/// }
///
/// struct Unknown;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app = Layered::<()>::new()
///     .response_class(InAnEnvelope)
///     .route("/text", get(|| async { Data::new("hello".to_owned()) }))
///     .route("/other", get(|| async { Data::new(7) }))
///     .route("/unknown", get(|| async { Data::of(Unknown) }))
///     .into_router();
/// # let ask = async |path: &str| {
/// #     let request = Request::get(path).body(Body::empty()).unwrap();
/// #     app.clone().oneshot(request).await.unwrap()
/// # };
/// assert_eq!(to_bytes(ask("/text").await.into_body(), 99).await.unwrap(), r#"[["text","hello"]]"#);
/// assert_eq!(to_bytes(ask("/other").await.into_body(), 99).await.unwrap(), r#"[["other",7]]"#);
/// assert_eq!(ask("/unknown").await.status(), 500);
/// # }
/// ```
pub struct Payload<'a> {
    value: &'a dyn Any,
    serialize: Option<&'a dyn erased_serde::Serialize>,
}

impl Payload<'_> {
    /// The value as it is, if it is of this type: not what an encoder made of it.
    #[must_use]
    pub fn value<T: Any>(&self) -> Option<&T> {
        self.value.downcast_ref()
    }

    /// What serde can write of it: what its encoder made of it, or the value itself.
    #[must_use]
    pub fn serialize(&self) -> Option<&dyn erased_serde::Serialize> {
        self.serialize
    }

    /// The answer where a class cannot write a value: a logged 500.
    #[must_use]
    pub fn unknown(&self) -> Response {
        tracing::error!("a value has no encoder, and serde does not know it");
        Problem::internal().into_response()
    }
}

impl fmt::Debug for Payload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Payload")
            .field("serialize", &self.serialize.is_some())
            .finish_non_exhaustive()
    }
}

/// How [`Data`] is written: `Json`, `MessagePack`, or a class of one's own.
///
/// ```
/// use std::collections::BTreeMap;
/// use axum::response::{IntoResponse, Response};
/// use axum_layered::{Data, Declare, Layered, MediaType, Payload, ResponseClass, get};
/// use axum_responses::Json;
/// # use axum::{body::{Body, to_bytes}, http::Request};
/// # use tower::ServiceExt;
///
/// struct Multi(Vec<(&'static str, &'static str)>); // serde does not know it
///
/// struct AsLists;
///
/// impl ResponseClass for AsLists {
///     fn media_type(&self) -> MediaType { MediaType::JSON }
///
///     fn respond(&self, payload: &Payload<'_>) -> Response {
///         let Some(Multi(pairs)) = payload.value() else { return payload.unknown() };
///         let mut lists = BTreeMap::<_, Vec<_>>::new();
///         for (name, value) in pairs {
///             lists.entry(*name).or_default().push(*value);
///         }
///         Json(lists).into_response()
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let app = Layered::<()>::new()
///     .response_class(AsLists)
///     .route("/", get(|| async { Data::of(Multi(vec![("a", "1"), ("a", "2")])) }))
///     .into_router();
/// let response = app.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
/// assert_eq!(to_bytes(response.into_body(), 99).await.unwrap(), r#"{"a":["1","2"]}"#);
/// # }
/// ```
pub trait ResponseClass: Send + Sync + 'static {
    /// What documents say of it: `Data<T>` stands there under this type. It sets no header; [`respond`](Self::respond)
    /// does.
    fn media_type(&self) -> MediaType;

    /// The response of a value, with its content type. What is declared is filled in around it.
    fn respond(&self, payload: &Payload<'_>) -> Response;
}

impl ResponseClass for Json {
    fn media_type(&self) -> MediaType {
        MediaType::JSON
    }

    fn respond(&self, payload: &Payload<'_>) -> Response {
        payload
            .serialize()
            .map_or_else(|| payload.unknown(), |value| Json(value).into_response())
    }
}

#[cfg(feature = "message-pack")]
impl ResponseClass for MessagePack {
    fn media_type(&self) -> MediaType {
        MediaType::MESSAGE_PACK
    }

    fn respond(&self, payload: &Payload<'_>) -> Response {
        payload.serialize().map_or_else(
            || payload.unknown(),
            |value| MessagePack(value).into_response(),
        )
    }
}

type EncodeFn = dyn Fn(&dyn Any) -> Option<Box<dyn erased_serde::Serialize>> + Send + Sync;

/// Makes something that serde knows of a value of one type.
#[derive(Clone)]
pub(crate) struct Encode(Arc<EncodeFn>);

impl Encode {
    pub(crate) fn new<T: Any, O: Serialize + 'static>(
        encode: impl Fn(&T) -> O + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(move |value| {
            let value = value.downcast_ref::<T>()?;
            Some(Box::new(encode(value)))
        }))
    }

    fn run(&self, value: &dyn Any) -> Option<Box<dyn erased_serde::Serialize>> {
        (self.0)(value)
    }
}

/// What an endpoint's layers say of [`Data`], merged.
#[derive(Default)]
pub(crate) struct Encoding {
    pub(crate) class: Option<Arc<dyn ResponseClass>>,
    pub(crate) encoders: HashMap<TypeId, Encode>,
}

#[cfg(feature = "openapi")]
pub(crate) mod description {
    use axum_responses::openapi::{Describe, Responses};
    use utoipa::openapi::{RefOr, extensions::Extensions};
    use utoipa::{IntoResponses, ToSchema};

    use super::*;

    /// Marks a response whose media type is that of the closest class.
    pub(crate) const DATA: &str = "x-data";

    impl<T: ToSchema> IntoResponses for Data<T> {
        fn responses() -> Responses {
            let (status, mut response) = Describe::new(200, "The data")
                .body::<T>(&MediaType::JSON)
                .build();
            if let RefOr::T(response) = &mut response {
                let mark = Extensions::from_iter([(DATA, serde_json::Value::Bool(true))]);
                response.extensions.get_or_insert_default().merge(mark);
            }
            Responses::from([(status, response)])
        }
    }
}
