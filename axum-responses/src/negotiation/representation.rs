//! How a value is written in one media type, and lists of such ways.

use std::fmt::Display;

use serde::Serialize;

use crate::media_type::MediaType;
#[cfg(feature = "message-pack")]
use crate::payload::MessagePack;
use crate::payload::{Json, Text};

/// Why a value could not be written: any error. It is logged, and never told to the client.
pub type RepresentationError = Box<dyn std::error::Error + Send + Sync>;

/// One way to write values of type `T`.
///
/// [`Json`], [`MessagePack`](crate::MessagePack), [`Text`] and, with the `askama` feature,
/// [`Html`](crate::Html) are such ways; a type of one's own is another:
///
/// ```
/// use axum::{http::{HeaderMap, Method, header}, response::IntoResponse};
/// use axum_responses::{MediaType, Negotiated, RequestContext, Text};
/// use axum_responses::negotiation::{Representation, RepresentationError};
///
/// #[derive(serde::Serialize)]
/// struct Greeting(&'static str);
///
/// struct AsXml;
///
/// impl Representation<Greeting> for AsXml {
///     const MEDIA_TYPE: MediaType = MediaType::XML;
///
///     fn write(greeting: &Greeting) -> Result<Vec<u8>, RepresentationError> {
///         Ok(format!("<msg>{}</msg>", greeting.0).into_bytes())
///     }
/// }
///
/// let response = Negotiated::<_, (AsXml,)>::new(Greeting("hello")).into_response();
/// assert_eq!(response.headers()["content-type"], "application/xml");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no way to write a `{T}`",
    label = "this offer cannot write the value",
    note = "`Json` and `MessagePack` need `{T}: serde::Serialize`, `Text` needs `{T}: std::fmt::Display`; implement `Representation<{T}>` for a type of your own for anything else"
)]
pub trait Representation<T: ?Sized> {
    /// The type that is offered and sent.
    const MEDIA_TYPE: MediaType;

    /// The value in this type, whole. It is asked for the chosen type alone.
    ///
    /// ```
    /// use axum_responses::{Json, Text, negotiation::Representation};
    ///
    /// assert_eq!(Json::<()>::write(&"é").unwrap(), "\"é\"".as_bytes());
    /// assert_eq!(Text::<()>::write(&"é").unwrap(), "é".as_bytes());
    ///
    /// use axum::response::IntoResponse;
    /// use axum_responses::{MediaType, Negotiated, negotiation::RepresentationError};
    ///
    /// struct Odd;
    ///
    /// impl Representation<u8> for Odd {
    ///     const MEDIA_TYPE: MediaType = MediaType::OCTET_STREAM;
    ///
    ///     fn write(value: &u8) -> Result<Vec<u8>, RepresentationError> {
    ///         if value % 2 == 1 { Ok(vec![*value]) } else { Err("the secret reason".into()) }
    ///     }
    /// }
    /// assert_eq!(Negotiated::<_, (Odd,)>::new(3).into_response().status(), 200);
    /// assert_eq!(Negotiated::<_, (Odd,)>::new(4).into_response().status(), 500);
    /// ```
    ///
    /// # Errors
    /// Whatever keeps it from being written: it is logged, and the answer is a 500.
    fn write(value: &T) -> Result<Vec<u8>, RepresentationError>;
}

impl<T: Serialize + ?Sized> Representation<T> for Json {
    const MEDIA_TYPE: MediaType = MediaType::JSON;

    fn write(value: &T) -> Result<Vec<u8>, RepresentationError> {
        Ok(crate::payload::write_json(value)?)
    }
}

#[cfg(feature = "message-pack")]
impl<T: Serialize + ?Sized> Representation<T> for MessagePack {
    const MEDIA_TYPE: MediaType = MediaType::MESSAGE_PACK;

    fn write(value: &T) -> Result<Vec<u8>, RepresentationError> {
        Ok(crate::payload::write_message_pack(value)?)
    }
}

impl<T: Display + ?Sized> Representation<T> for Text {
    const MEDIA_TYPE: MediaType = MediaType::TEXT;

    fn write(value: &T) -> Result<Vec<u8>, RepresentationError> {
        Ok(crate::payload::write_display(value)?)
    }
}

/// A list of ways to write a `T`, best first: a tuple of one to eight [`Representation`]s. Of one it is `(Json,)`, with
/// the comma.
pub trait Offers<T: ?Sized>: sealed::Sealed {
    /// What is offered, in the server's order.
    ///
    /// ```
    /// use axum_responses::{Json, MediaType, Text, negotiation::Offers};
    ///
    /// let offers = <(Json, Text) as Offers<u8>>::media_types();
    /// assert_eq!(offers.as_ref(), [MediaType::JSON, MediaType::TEXT]);
    /// ```
    fn media_types() -> impl AsRef<[MediaType]>;

    /// The value in the type at this place of the list.
    ///
    /// # Errors
    /// As [`Representation::write`].
    #[doc(hidden)]
    fn write(index: usize, value: &T) -> Result<Vec<u8>, RepresentationError>;
}

mod sealed {
    /// Sealed: the places of the list and what is written at them belong together.
    pub trait Sealed {}
}

macro_rules! offers {
    ($first:ident $($offer:ident)*) => {
        impl<$first, $($offer),*> sealed::Sealed for ($first, $($offer,)*) {}

        impl<T: ?Sized, $first: Representation<T>, $($offer: Representation<T>),*> Offers<T> for ($first, $($offer,)*) {
            fn media_types() -> impl AsRef<[MediaType]> {
                [$first::MEDIA_TYPE, $($offer::MEDIA_TYPE),*]
            }

            fn write(index: usize, value: &T) -> Result<Vec<u8>, RepresentationError> {
                let writers = [$first::write, $($offer::write),*];
                writers[index.min(writers.len() - 1)](value)
            }
        }
    };
}

offers!(A);
offers!(A B);
offers!(A B C);
offers!(A B C D);
offers!(A B C D E);
offers!(A B C D E F);
offers!(A B C D E F G);
offers!(A B C D E F G H);

#[cfg(feature = "openapi")]
mod description {
    use utoipa::ToSchema;

    use super::*;
    use crate::openapi::{Describe, DescribeOffers, DescribeRepresentation};

    impl<T: ToSchema + Serialize> DescribeRepresentation<T> for Json {
        fn describe(response: Describe) -> Describe {
            response.body::<T>(&MediaType::JSON)
        }
    }

    #[cfg(feature = "message-pack")]
    impl<T: ToSchema + Serialize> DescribeRepresentation<T> for MessagePack {
        fn describe(response: Describe) -> Describe {
            response.body::<T>(&MediaType::MESSAGE_PACK)
        }
    }

    impl<T: Display> DescribeRepresentation<T> for Text {}

    macro_rules! described {
        ($($offer:ident)*) => {
            impl<T, $($offer: DescribeRepresentation<T>),*> DescribeOffers<T> for ($($offer,)*) {
                fn describe(response: Describe) -> Describe {
                    $(let response = $offer::describe(response);)*
                    response
                }
            }
        };
    }

    described!(A);
    described!(A B);
    described!(A B C);
    described!(A B C D);
    described!(A B C D E);
    described!(A B C D E F);
    described!(A B C D E F G);
    described!(A B C D E F G H);
}
