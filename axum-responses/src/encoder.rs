//! Values of types that serde does not know.

use std::fmt;
use std::marker::PhantomData;

use serde::{Serialize, Serializer};

/// Turns a type that serde does not know, or writes in another way than is wanted, into one it does.
///
/// ```
/// use axum::response::IntoResponse;
/// use axum_responses::{Encoded, Encoder, Json};
///
/// struct Point { x: i32, y: i32 } // from another crate
///
/// struct AsPair;
///
/// impl Encoder<Point> for AsPair {
///     type Output = [i32; 2];
///
///     fn encode(point: &Point) -> [i32; 2] {
///         [point.x, point.y]
///     }
/// }
///
/// async fn corner() -> Json<Encoded<Point, AsPair>> {
///     Json(Encoded::new(Point { x: 1, y: 2 }))
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let response = corner().await.into_response();
/// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
/// assert_eq!(body, "[1,2]");
/// # }
/// ```
pub trait Encoder<T: ?Sized> {
    /// What is written in the value's place; its schema is the one that is documented.
    type Output: Serialize;

    /// The value to write. It is asked each time that the value is written, and cannot fail: an `Output` can, and is
    /// then a logged 500.
    fn encode(value: &T) -> Self::Output;
}

/// A value that an [`Encoder`] writes. It serialises, so every format of this crate takes it, also where it is a field.
///
/// It is for writing alone: it is not read back, and [`Text`](crate::Text) wants `Display`.
///
/// ```
/// use std::time::Duration;
/// use axum::response::IntoResponse;
/// use axum_responses::{Encoded, Encoder, Json};
/// use serde::Serialize;
///
/// struct AsSeconds;
///
/// impl Encoder<Duration> for AsSeconds {
///     type Output = u64;
///
///     fn encode(duration: &Duration) -> u64 {
///         duration.as_secs()
///     }
/// }
///
/// #[derive(Serialize)]
/// struct Track { length: Encoded<Duration, AsSeconds> }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let response = Json([Track { length: Encoded::new(Duration::from_millis(1500)) }]).into_response();
/// let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
/// assert_eq!(body, r#"[{"length":1}]"#);
/// # }
/// ```
pub struct Encoded<T, E> {
    value: T,
    encoder: PhantomData<fn() -> E>,
}

impl<T, E: Encoder<T>> Encoded<T, E> {
    /// This value, written by `E`. Nothing is encoded before it is written.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self {
            value,
            encoder: PhantomData,
        }
    }
}

impl<T, E: Encoder<T>> Serialize for Encoded<T, E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        E::encode(&self.value).serialize(serializer)
    }
}

impl<T: fmt::Debug, E> fmt::Debug for Encoded<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Encoded").field(&self.value).finish()
    }
}

impl<T: Clone, E> Clone for Encoded<T, E> {
    fn clone(&self) -> Self {
        Self {
            value: self.value.clone(),
            encoder: PhantomData,
        }
    }
}

#[cfg(feature = "openapi")]
/// The schema is that of what is written.
impl<T, E> utoipa::PartialSchema for Encoded<T, E>
where
    E: Encoder<T, Output: utoipa::ToSchema>,
{
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        E::Output::schema()
    }
}

#[cfg(feature = "openapi")]
impl<T, E> utoipa::ToSchema for Encoded<T, E>
where
    E: Encoder<T, Output: utoipa::ToSchema>,
{
    fn name() -> std::borrow::Cow<'static, str> {
        E::Output::name()
    }

    fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) {
        E::Output::schemas(schemas);
    }
}
