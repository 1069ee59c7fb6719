//! What parameters and pages look like in OpenAPI (feature `openapi`).
//!
//! utoipa's derive is not enough for a page: it writes out what an item is like in the place of a reference, takes
//! the `null` from a generic cursor, and gives pages of different cursors one name.

use std::any::TypeId;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::{
    NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI128, NonZeroIsize, NonZeroU8,
    NonZeroU16, NonZeroU32, NonZeroU64, NonZeroU128, NonZeroUsize,
};

use axum_responses::MediaType;
use axum_responses::openapi::Describe;
use utoipa::ToSchema;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{
    ArrayBuilder, KnownFormat, Object, ObjectBuilder, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::{RefOr, Required, Schema};

use crate::limits::Bounds;

fn integer(min: u64) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::Integer))
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
        .minimum(Some(min))
}

/// A number in the query.
pub(crate) fn number(bounds: Bounds, default: u64, description: &str) -> Parameter {
    let schema = integer(bounds.min)
        .maximum(Some(bounds.max))
        .default(Some(default.into()));
    parameter(bounds.name, schema.build(), description)
}

/// A text in the query.
pub(crate) fn text(name: &str, longest: usize, description: &str) -> Parameter {
    let schema = ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .max_length(Some(longest));
    parameter(name, schema.build(), description)
}

fn parameter(name: &str, schema: Object, description: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(schema))
        .build()
}

/// The schema of a page, one required member after the other.
pub(crate) struct Page(ObjectBuilder);

impl Page {
    pub(crate) fn of<T: ToSchema>(description: &str) -> Self {
        let items = ArrayBuilder::new().items(reference::<T>());
        Self(ObjectBuilder::new().description(Some(description)))
            .member("items", items.description(Some("The items of this page")))
    }

    fn member(self, name: &str, schema: impl Into<RefOr<Schema>>) -> Self {
        Self(self.0.property(name, schema).required(name))
    }

    pub(crate) fn number(self, name: &str, min: u64, description: &str) -> Self {
        self.member(name, integer(min).description(Some(description)))
    }

    /// A cursor that is a number, a boolean or text, or not there. Of other types anything.
    pub(crate) fn cursor<C: 'static>(self, name: &str, description: &str) -> Self {
        let format = is_uuid::<C>().then(|| SchemaFormat::Custom("uuid".to_owned()));
        let type_ = match written_as::<C>() {
            Some(type_) => SchemaType::Array(vec![type_, Type::Null]),
            None => SchemaType::AnyValue,
        };
        let schema = ObjectBuilder::new()
            .schema_type(type_)
            .format(format)
            .description(Some(description));
        self.member(name, schema)
    }

    pub(crate) fn schema(self) -> RefOr<Schema> {
        self.0.into()
    }
}

/// utoipa describes neither its own UUIDs by a trait nor wants a description of every cursor: this is what serde
/// writes. `None` for a type of somebody else, which may be written as anything.
fn written_as<C: 'static>() -> Option<Type> {
    macro_rules! is_one_of {
        ($($type:ty)*) => { [$(TypeId::of::<$type>()),*].contains(&TypeId::of::<C>()) };
    }
    if is_one_of!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize)
        || is_one_of!(NonZeroU8 NonZeroU16 NonZeroU32 NonZeroU64 NonZeroU128 NonZeroUsize)
        || is_one_of!(NonZeroI8 NonZeroI16 NonZeroI32 NonZeroI64 NonZeroI128 NonZeroIsize)
    {
        Some(Type::Integer)
    } else if is_one_of!(f32 f64) {
        Some(Type::Number)
    } else if is_one_of!(bool) {
        Some(Type::Boolean)
    } else if is_one_of!(String char &'static str IpAddr Ipv4Addr Ipv6Addr) || is_uuid::<C>() {
        Some(Type::String)
    } else {
        None
    }
}

fn is_uuid<C: 'static>() -> bool {
    let of = Some(TypeId::of::<C>());
    #[cfg(feature = "uuid")]
    let uuid = Some(TypeId::of::<uuid::Uuid>());
    #[cfg(not(feature = "uuid"))]
    let uuid = None;
    of == uuid
}

/// The schema of an item, by reference where it has a name.
fn reference<T: ToSchema>() -> RefOr<Schema> {
    Describe::new(200, "").schema::<T>()
}

/// Adds the schema of an item, and of all that it refers to, under the name that [`reference`] gives it.
pub(crate) fn carry<T: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    T::schemas(schemas);
    if let RefOr::Ref(to) = reference::<T>()
        && let Some((_, name)) = to.ref_location.rsplit_once('/')
    {
        schemas.push((name.to_owned(), T::schema()));
    }
}

/// A page as JSON.
pub(crate) fn bare<P: ToSchema>() -> Describe {
    Describe::new(200, "A page").body::<P>(&MediaType::JSON)
}

/// A page as JSON that is linked to others.
pub(crate) fn linked<P: ToSchema>() -> Describe {
    bare::<P>()
        .header(
            "link",
            "The other pages (RFC 8288): first, prev, next, last, where there are such",
        )
        .header(
            "x-total-count",
            "The number of items in all pages, where it is known",
        )
}

/// The same where the number may be a bound or an estimate.
pub(crate) fn related<P: ToSchema>() -> Describe {
    linked::<P>().header(
        "x-total-count-relation",
        "What that number is where it is not exact: `at-least` or `about`",
    )
}

/// Describes a container of nothing but `T`, and the same page with links, whose body it is.
macro_rules! described {
    ($bare:ident<T> as $name:literal, $description:literal, $page:ident => $members:expr, $headers:ident $linked:ident<T>) => {
        // What utoipa's derive implements, and its macros ask for behind `body = ..`; `PartialSchema` follows from it.
        impl<T: utoipa::ToSchema> utoipa::__dev::ComposeSchema for $bare<T> {
            fn compose(
                _: Vec<utoipa::openapi::RefOr<utoipa::openapi::Schema>>,
            ) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let $page = crate::openapi::Page::of::<T>($description);
                $members.schema()
            }
        }

        impl<T: utoipa::ToSchema> utoipa::ToSchema for $bare<T> {
            fn schemas(
                schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>,
            ) {
                crate::openapi::carry::<T>(schemas);
            }
        }

        /// In the document (feature `openapi`): a 200, all of whose members are required.
        ///
        /// ```
        #[doc = concat!("use axum_pagination::", stringify!($bare), ";")]
        /// use utoipa::{IntoResponses, PartialSchema};
        ///
        #[doc = concat!("let schema = serde_json::to_value(", stringify!($bare), "::<String>::schema()).unwrap();")]
        /// assert_eq!(schema["required"].as_array().unwrap().len(), 4);
        /// assert_eq!(schema["properties"]["items"]["items"]["type"], "string");
        #[doc = concat!(
            "let responses = serde_json::to_value(", stringify!($bare), "::<String>::responses()).unwrap();"
        )]
        /// assert!(responses["200"]["headers"].is_null());
        /// ```
        impl<T: utoipa::ToSchema> utoipa::IntoResponses for $bare<T> {
            fn responses() -> axum_responses::openapi::Responses {
                crate::openapi::bare::<Self>().alone()
            }
        }

        impl<T: utoipa::ToSchema> utoipa::__dev::ComposeSchema for $linked<T> {
            fn compose(
                _: Vec<utoipa::openapi::RefOr<utoipa::openapi::Schema>>,
            ) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                <$bare<T> as utoipa::PartialSchema>::schema()
            }
        }

        impl<T: utoipa::ToSchema> utoipa::ToSchema for $linked<T> {
            fn name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }

            fn schemas(
                schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>,
            ) {
                crate::openapi::carry::<T>(schemas);
            }
        }

        /// In the document (feature `openapi`): the same body, and the headers.
        ///
        /// ```
        #[doc = concat!("use axum_pagination::", stringify!($linked), ";")]
        /// use utoipa::{IntoResponses, ToSchema};
        ///
        #[doc = concat!("assert_eq!(", stringify!($linked), "::<String>::name(), \"", $name, "\");")]
        #[doc = concat!(
            "let responses = serde_json::to_value(", stringify!($linked), "::<String>::responses()).unwrap();"
        )]
        /// assert!(responses["200"]["headers"]["link"].is_object());
        /// assert!(responses["200"]["headers"]["x-total-count"].is_object());
        /// ```
        impl<T: utoipa::ToSchema> utoipa::IntoResponses for $linked<T> {
            fn responses() -> axum_responses::openapi::Responses {
                crate::openapi::$headers::<$bare<T>>().alone()
            }
        }
    };
}

pub(crate) use described;
