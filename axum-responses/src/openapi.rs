//! How responders describe themselves in OpenAPI (feature `openapi`).
//!
//! Every responder implements [`utoipa::IntoResponses`] with the statuses, headers and media types that it
//! really sends. Name it in `responses(..)`:
//!
//! ```
//! use axum_responses::{Json, Redirect, Reply, openapi};
//! use utoipa::{OpenApi, ToSchema};
//!
//! #[derive(serde::Serialize, ToSchema)]
//! struct Order { id: u64 }
//!
//! #[utoipa::path(get, path = "/orders/1", responses(Reply<Json<Order>, 202>))]
//! async fn order() -> Reply<Json<Order>, 202> {
//!     Reply::new(Json(Order { id: 1 }))
//! }
//!
//! #[utoipa::path(get, path = "/", responses(Redirect<308>))]
//! async fn index() -> Redirect<308> {
//!     Redirect::permanent("/orders/1")
//! }
//!
//! #[derive(OpenApi)]
//! #[openapi(paths(order, index))]
//! struct Api;
//!
//! let mut api = Api::openapi();
//! openapi::finish(&mut api);
//!
//! let api = serde_json::to_value(api).unwrap();
//! let accepted = &api["paths"]["/orders/1"]["get"]["responses"]["202"];
//! assert_eq!(accepted["content"]["application/json"]["schema"]["$ref"], "#/components/schemas/Order");
//! assert!(api["components"]["schemas"]["Order"].is_object());
//! assert!(api["paths"]["/"]["get"]["responses"]["308"]["headers"]["location"].is_object());
//! ```
//!
//! utoipa does not register the schema of a value that reaches it through `IntoResponses`. The
//! responders carry such schemas beside the response, and [`finish`] lifts them into the document's components.
//! utoipa's feature `auto_into_responses` is neither needed nor switched on: with it, handlers that
//! return axum's own types no longer compile.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems, SchemaType, Type};
use utoipa::openapi::{
    Components, Content, Object, ObjectBuilder, OpenApi, OpenApiVersion, Ref, RefOr, Response,
    Schema,
};
use utoipa::{IntoResponses, PartialSchema, ToSchema};

use crate::media_type::MediaType;
use crate::negotiation::Representation;
use crate::problem::Problem;

/// Where a response carries the schemas it refers to, until [`finish`] lifts them.
const CARRIED: &str = "x-schemas";

/// What [`utoipa::IntoResponses`] gives: responses by status, `"200"` or `"default"`.
pub type Responses = BTreeMap<String, RefOr<Response>>;

/// Describes one response of a responder of one's own (OpenAPI 3.1 §4.8.17).
///
/// Several contents are several media types under one status. A type stands without its parameters; one that is
/// described twice is what was said last, and so is a header.
///
/// ```
/// use axum::response::{IntoResponse, Response};
/// use axum_responses::{MediaType, Text, openapi::{Describe, Responses}};
///
/// struct Greeting;
///
/// impl IntoResponse for Greeting {
///     fn into_response(self) -> Response {
///         ([("x-mood", "good")], Text("hello")).into_response()
///     }
/// }
///
/// impl utoipa::IntoResponses for Greeting {
///     fn responses() -> Responses {
///         Describe::new(200, "A greeting").text(&MediaType::TEXT).header("x-mood", "How it is meant").alone()
///     }
/// }
///
/// let document = serde_json::to_value(<Greeting as utoipa::IntoResponses>::responses()).unwrap();
/// assert_eq!(document["200"]["description"], "A greeting");
/// assert_eq!(document["200"]["content"]["text/plain"]["schema"]["type"], "string");
/// assert_eq!(document["200"]["headers"]["x-mood"]["description"], "How it is meant");
/// ```
#[derive(Debug)]
#[must_use]
pub struct Describe {
    status: u16,
    response: Response,
    carried: Vec<(String, RefOr<Schema>)>,
}

impl Describe {
    /// A response with this status, without content. A description must not be empty (OpenAPI 3.1 §4.8.17): [`finish`]
    /// writes the status's reason in the place of an empty one.
    ///
    /// ```
    /// use axum_responses::openapi::Describe;
    ///
    /// let (status, response) = Describe::new(204, "Deleted").build();
    /// assert_eq!(status, "204");
    /// assert_eq!(serde_json::to_value(response).unwrap(), serde_json::json!({"description": "Deleted"}));
    /// ```
    pub fn new(status: u16, description: &str) -> Self {
        Self {
            status,
            response: Response::new(description),
            carried: Vec::new(),
        }
    }

    /// A problem (RFC 9457) with this status: `application/problem+json` with the schema `Problem`.
    ///
    /// ```
    /// use axum_responses::openapi::Describe;
    ///
    /// let document = serde_json::to_value(Describe::problem(404, "No such order").alone()).unwrap();
    /// let content = &document["404"]["content"]["application/problem+json"];
    /// assert_eq!(content["schema"]["$ref"], "#/components/schemas/Problem");
    /// ```
    pub fn problem(status: u16, description: &str) -> Self {
        Self::new(status, description).body::<Problem>(&MediaType::PROBLEM_JSON)
    }

    /// Content of this type with the schema of `T`, as [`schema`](Self::schema) gives it.
    ///
    /// ```
    /// use axum_responses::{MediaType, openapi::Describe};
    ///
    /// #[derive(utoipa::ToSchema)]
    /// struct Order { id: u64 }
    ///
    /// let both = Describe::new(200, "An order").body::<Order>(&MediaType::JSON).body::<u64>(&MediaType::CSV);
    /// let document = serde_json::to_value(both.alone()).unwrap();
    /// let content = &document["200"]["content"];
    /// assert_eq!(content["application/json"]["schema"]["$ref"], "#/components/schemas/Order");
    /// assert_eq!(content["text/csv"]["schema"]["type"], "integer"); // has no name worth a reference
    /// ```
    pub fn body<T: ToSchema>(mut self, media_type: &MediaType) -> Self {
        let schema = self.schema::<T>();
        self.content(media_type, Content::new(Some(schema)))
    }

    /// Content that is text: the schema is that of any string.
    pub fn text(self, media_type: &MediaType) -> Self {
        self.content(
            media_type,
            Content::new(Some(Object::with_type(Type::String))),
        )
    }

    /// Content that is bytes: no schema, as OpenAPI 3.1 §4.8.14.2 has it.
    ///
    /// ```
    /// use axum_responses::{MediaType, openapi::Describe};
    ///
    /// let describe = Describe::new(200, "A download").binary(&MediaType::OCTET_STREAM);
    /// let document = serde_json::to_value(describe.alone()).unwrap();
    /// assert_eq!(document["200"]["content"]["application/octet-stream"], serde_json::json!({}));
    /// ```
    pub fn binary(self, media_type: &MediaType) -> Self {
        self.content(media_type, Content::default())
    }

    /// Content that is a sequence of `T`: an item schema in OpenAPI 3.2, no schema before. [`finish`] looks at the
    /// document's version.
    ///
    /// ```
    /// use axum_responses::{MediaType, openapi::Describe};
    ///
    /// let describe = Describe::new(200, "Numbers").items::<u64>(&MediaType::NDJSON);
    /// let document = serde_json::to_value(describe.alone()).unwrap();
    /// let content = &document["200"]["content"]["application/x-ndjson"];
    /// assert_eq!(content["itemSchema"]["type"], "integer");
    /// assert!(content["schema"].is_null());
    /// ```
    pub fn items<T: ToSchema>(mut self, media_type: &MediaType) -> Self {
        let schema = self.schema::<T>();
        let mut content = Content::default();
        content.item_schema = Some(schema);
        self.content(media_type, content)
    }

    /// Any other content: with examples, for instance. It takes the place of what was said of this type before.
    ///
    /// ```
    /// use axum_responses::{MediaType, openapi::Describe};
    /// use utoipa::openapi::content::ContentBuilder;
    ///
    /// let content = ContentBuilder::new().example(Some("hello".into())).build();
    /// let describe = Describe::new(200, "A greeting").text(&MediaType::TEXT).content(&MediaType::TEXT, content);
    /// let document = serde_json::to_value(describe.alone()).unwrap();
    /// assert_eq!(document["200"]["content"]["text/plain"], serde_json::json!({"example": "hello"}));
    /// ```
    pub fn content(mut self, media_type: &MediaType, content: Content) -> Self {
        self.response
            .content
            .insert(media_type.essence().to_owned(), content.into());
        self
    }

    /// A header whose value is text, by this name. What is said of a header `Content-Type` is ignored by those who read
    /// documents (OpenAPI 3.1 §4.8.17).
    pub fn header(mut self, name: &str, description: &str) -> Self {
        let header = HeaderBuilder::new()
            .schema(Some(Object::with_type(Type::String)))
            .description(Some(description))
            .build();
        self.response.headers.insert(name.to_owned(), header.into());
        self
    }

    /// The schema of `T`, by reference where it has a name; what it refers to is carried along.
    ///
    /// An object with properties, an enumeration and a combination have one, and so have the elements of an array; all
    /// else is written out. For a [`content`](Self::content) that is put together by hand.
    ///
    /// ```
    /// use axum_responses::openapi::Describe;
    ///
    /// #[derive(utoipa::ToSchema)]
    /// struct Order { id: u64 }
    ///
    /// let mut describe = Describe::new(200, "Orders");
    /// let schema = serde_json::to_value(describe.schema::<Vec<Order>>()).unwrap();
    /// assert_eq!(schema["items"]["$ref"], "#/components/schemas/Order");
    /// assert_eq!(serde_json::to_value(describe.schema::<bool>()).unwrap()["type"], "boolean");
    /// ```
    pub fn schema<T: ToSchema>(&mut self) -> RefOr<Schema> {
        T::schemas(&mut self.carried);
        let named = |schema, carried: &mut Vec<_>, name: String| {
            carried.push((name.clone(), schema));
            RefOr::Ref(Ref::from_schema_name(name))
        };
        match T::schema() {
            schema if is_structured(&schema) => named(
                schema,
                &mut self.carried,
                composed_name(&T::name(), std::any::type_name::<T>()),
            ),
            RefOr::T(Schema::Array(mut array)) => {
                if let ArrayItems::RefOrSchema(items) = &mut array.items
                    && is_structured(items)
                    && let Some(name) = element_name(std::any::type_name::<T>())
                {
                    **items = named((**items).clone(), &mut self.carried, name);
                }
                RefOr::T(Schema::Array(array))
            }
            schema => schema,
        }
    }

    /// The status and the response, as [`utoipa::IntoResponses`] wants them, for a map of several.
    ///
    /// ```
    /// use axum_responses::{MediaType, openapi::{Describe, Responses}};
    ///
    /// let found = Describe::new(200, "A greeting").text(&MediaType::TEXT);
    /// let responses = Responses::from([found.build(), Describe::problem(404, "Nobody to greet").build()]);
    /// assert_eq!(responses.keys().collect::<Vec<_>>(), ["200", "404"]);
    /// ```
    #[must_use]
    pub fn build(mut self) -> (String, RefOr<Response>) {
        if !self.carried.is_empty() {
            let carried: BTreeMap<_, _> = self
                .carried
                .into_iter()
                .filter_map(|(name, schema)| Some((name, serde_json::to_value(schema).ok()?)))
                .collect();
            let carried = Value::Object(carried.into_iter().collect());
            self.response
                .extensions
                .get_or_insert_default()
                .merge(Extensions::from_iter([(CARRIED, carried)]));
        }
        (self.status.to_string(), self.response.into())
    }

    /// A map with this response alone. The type has an [example](Self).
    #[must_use]
    pub fn alone(self) -> Responses {
        BTreeMap::from([self.build()])
    }
}

/// Whether a schema is worth a name: an object with properties, an enumeration, a combination.
fn is_structured(schema: &RefOr<Schema>) -> bool {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            !object.properties.is_empty() || object.enum_values.is_some()
        }
        RefOr::T(Schema::OneOf(_) | Schema::AllOf(_) | Schema::AnyOf(_)) => true,
        _ => false,
    }
}

/// `Page` of `app::Page<app::Person>` is `Page_Person`, as utoipa's own macros name it.
fn composed_name(name: &str, type_name: &str) -> String {
    let mut composed = name.to_owned();
    if let Some((_, parameters)) = type_name.split_once('<') {
        for parameter in identifiers(parameters) {
            composed.push('_');
            composed.push_str(parameter);
        }
    }
    composed
}

/// `Person` of `alloc::vec::Vec<app::Person>`.
fn element_name(type_name: &str) -> Option<String> {
    let element = type_name.split_once(['<', '['])?.1;
    let (name, _) = element.split_at(
        element
            .find(['<', '>', ']', ';', ','])
            .unwrap_or(element.len()),
    );
    let name = identifiers(name).next()?;
    Some(composed_name(name, element))
}

/// The last segment of every path in a list of types.
fn identifiers(types: &str) -> impl Iterator<Item = &str> {
    types
        .split(['<', '>', ',', '[', ']', '(', ')', ';', '&', ' '])
        .filter_map(|path| path.rsplit("::").next())
        .filter(|name| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        })
}

/// Completes a document: lifts the carried schemas into its components, names every response, leaves item schemas
/// to OpenAPI 3.2, and writes `{path}` for axum's `{*path}`, which OpenAPI does not know.
///
/// Call it once, when all paths are in. Two different schemas of one name get two names. A reference that still
/// leads nowhere gets a schema that allows anything, and a `tracing` warning: utoipa's derive does not tell
/// what a generic type's parameter is like, so name such types in `components(schemas(..))`.
///
/// ```
/// use axum_responses::{Empty, Json, Reply, openapi};
/// use utoipa::{OpenApi, ToSchema};
///
/// #[derive(serde::Serialize, ToSchema)]
/// struct Listing { names: Vec<String> }
///
/// #[utoipa::path(get, path = "/files/{*rest}", responses(Json<Listing>), params(("rest" = String, Path)))]
/// async fn list() -> Json<Listing> {
///     Json(Listing { names: Vec::new() })
/// }
///
/// #[utoipa::path(delete, path = "/files/{*rest}", responses(Reply<Empty, 204>), params(("rest" = String, Path)))]
/// async fn clear() -> Reply<Empty, 204> {
///     Reply::new(Empty)
/// }
///
/// #[derive(OpenApi)]
/// #[openapi(paths(list, clear))]
/// struct Api;
///
/// let mut api = Api::openapi();
/// openapi::finish(&mut api);
/// let api = serde_json::to_value(api).unwrap();
/// let path = &api["paths"]["/files/{rest}"];
/// assert_eq!(path["get"]["responses"]["200"]["description"], "OK");
/// assert_eq!(path["delete"]["responses"]["204"]["description"], "No Content");
/// assert!(path["delete"]["responses"]["204"]["content"].is_null());
/// assert!(api["components"]["schemas"]["Listing"]["properties"]["names"].is_object());
/// ```
pub fn finish(api: &mut OpenApi) {
    let items = matches!(api.openapi, OpenApiVersion::Version32);
    let mut components = api.components.take().unwrap_or_default();
    for path in api.paths.paths.values_mut() {
        let operations = [
            &mut path.get,
            &mut path.put,
            &mut path.post,
            &mut path.delete,
            &mut path.options,
            &mut path.head,
            &mut path.patch,
            &mut path.trace,
        ];
        for operation in operations.into_iter().flatten() {
            finish_operation(operation, &mut components, items);
        }
    }
    let paths = std::mem::take(&mut api.paths.paths).into_iter();
    api.paths.paths = paths
        .map(|(path, item)| (path.replace("{*", "{"), item))
        .collect();
    stand_in(api, &mut components);
    if components != Components::default() {
        api.components = Some(components);
    }
}

/// Gives every schema that is referred to and that nobody registered a stand-in that allows anything.
///
/// utoipa's derive refers to the parameter of a generic type without telling its schema: `Page<Person>` knows
/// neither that there is a `Person` nor what it is like.
fn stand_in(api: &OpenApi, components: &mut Components) {
    let mut names = Vec::new();
    for value in [
        serde_json::to_value(api),
        serde_json::to_value(&*components),
    ]
    .into_iter()
    .flatten()
    {
        collect(&value, &mut names);
    }
    for name in names {
        components.schemas.entry(name).or_insert_with_key(|name| {
            tracing::warn!(%name, "a schema is referred to and not registered: name it in `components(schemas(..))`");
            let description = "Not described: name the type in `components(schemas(..))`";
            ObjectBuilder::new()
                .schema_type(SchemaType::AnyValue)
                .description(Some(description))
                .into()
        });
    }
}

fn finish_operation(operation: &mut Operation, components: &mut Components, items: bool) {
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else {
            continue;
        };
        if response.description.is_empty() {
            response.description = reason(status);
        }
        for content in response.content.values_mut() {
            if let RefOr::T(content) = content
                && !items
            {
                content.item_schema = None;
            }
        }
        lift(response, components);
    }
}

fn reason(status: &str) -> String {
    let code = status
        .parse()
        .ok()
        .and_then(|code: u16| http::StatusCode::from_u16(code).ok());
    code.and_then(|code| code.canonical_reason())
        .unwrap_or("Response")
        .to_owned()
}

/// Moves the schemas that a response carries into the components.
fn lift(response: &mut Response, components: &mut Components) {
    let Some(extensions) = &mut response.extensions else {
        return;
    };
    let Some(Value::Object(carried)) = extensions.remove(CARRIED) else {
        return;
    };
    if extensions.is_empty() {
        response.extensions = None;
    }
    let carried = referred_to(response, carried);
    let mut renamed = BTreeMap::new();
    for (name, schema) in &carried {
        let free = free_name(name, schema, components);
        if free != *name {
            renamed.insert(reference(name), reference(&free));
        }
    }
    for (name, mut schema) in carried {
        rewrite(&mut schema, &renamed);
        let name = renamed
            .get(&reference(&name))
            .map_or(name.clone(), |to| to[REFERENCE.len()..].to_owned());
        if let Ok(schema) = serde_json::from_value::<RefOr<Schema>>(schema) {
            components.schemas.entry(name).or_insert(schema);
        }
    }
    if !renamed.is_empty()
        && let Ok(mut value) = serde_json::to_value(&*response)
    {
        rewrite(&mut value, &renamed);
        if let Ok(rewritten) = serde_json::from_value(value) {
            *response = rewritten;
        }
    }
}

/// Those of the carried schemas that the response leads to.
fn referred_to(response: &Response, mut carried: Map<String, Value>) -> Map<String, Value> {
    let mut found = Map::new();
    let mut names = Vec::new();
    if let Ok(response) = serde_json::to_value(response) {
        collect(&response, &mut names);
    }
    while let Some(name) = names.pop() {
        if let Some(schema) = carried.remove(&name) {
            collect(&schema, &mut names);
            found.insert(name, schema);
        }
    }
    found
}

/// The names of the schemas that are referred to anywhere below.
fn collect(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                names.extend(reference.strip_prefix(REFERENCE).map(str::to_owned));
            }
            members.values().for_each(|member| collect(member, names));
        }
        Value::Array(elements) => elements.iter().for_each(|element| collect(element, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

const REFERENCE: &str = "#/components/schemas/";

fn reference(name: &str) -> String {
    format!("{REFERENCE}{name}")
}

/// The name itself, or with a number behind it when another schema has it.
fn free_name(name: &str, schema: &Value, components: &Components) -> String {
    let is_free = |name: &str| match components.schemas.get(name) {
        None => true,
        Some(present) => serde_json::to_value(present).is_ok_and(|present| present == *schema),
    };
    if is_free(name) {
        return name.to_owned();
    }
    (2..)
        .map(|number| format!("{name}_{number}"))
        .find(|name| is_free(name))
        .unwrap_or_default()
}

/// Exchanges references, wherever they stand.
fn rewrite(value: &mut Value, renamed: &BTreeMap<String, String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get_mut("$ref")
                && let Some(to) = renamed.get(reference)
            {
                reference.clone_from(to);
            }
            members
                .values_mut()
                .for_each(|member| rewrite(member, renamed));
        }
        Value::Array(elements) => elements
            .iter_mut()
            .for_each(|element| rewrite(element, renamed)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

impl PartialSchema for Problem {
    fn schema() -> RefOr<Schema> {
        let text = |description: &str| {
            ObjectBuilder::new()
                .schema_type(SchemaType::new(Type::String))
                .description(Some(description))
        };
        let status = ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::Integer))
            .minimum(Some(100))
            .maximum(Some(599))
            .description(Some("The status of the response"));
        ObjectBuilder::new()
            .description(Some("What went wrong (RFC 9457)"))
            .property("type", text("A URI that names the kind of problem"))
            .property("title", text("The kind of problem in words"))
            .property("status", status)
            .property("detail", text("What is special to this occurrence"))
            .property("instance", text("A URI that names this occurrence"))
            .required("type")
            .required("title")
            .required("status")
            .additional_properties(Some(AdditionalProperties::FreeForm(true)))
            .into()
    }
}

impl ToSchema for Problem {}

/// Whatever status it has at run time: `default`.
impl IntoResponses for Problem {
    fn responses() -> Responses {
        let (_, response) = Describe::problem(500, "A problem").build();
        BTreeMap::from([("default".to_owned(), response)])
    }
}

/// How one offer of a [`Negotiated`](crate::Negotiated) describes itself: implemented beside
/// [`Representation`] for a type of one's own.
///
/// ```
/// use axum_responses::MediaType;
/// use axum_responses::negotiation::{Representation, RepresentationError};
/// use axum_responses::openapi::DescribeRepresentation;
///
/// struct AsXml;
///
/// impl Representation<u8> for AsXml {
///     const MEDIA_TYPE: MediaType = MediaType::XML;
///
///     fn write(value: &u8) -> Result<Vec<u8>, RepresentationError> {
///         Ok(format!("<value>{value}</value>").into())
///     }
/// }
///
/// impl DescribeRepresentation<u8> for AsXml {} // text, of that type
///
/// type Answer = axum_responses::Negotiated<u8, (AsXml,)>;
/// let document = serde_json::to_value(<Answer as utoipa::IntoResponses>::responses()).unwrap();
/// assert_eq!(document["200"]["content"]["application/xml"]["schema"]["type"], "string");
/// assert!(document["406"]["content"]["application/problem+json"].is_object());
/// ```
pub trait DescribeRepresentation<T>: Representation<T> {
    /// Adds the content that this offer sends: text of its media type, unless said otherwise. The response has the
    /// contents of the offers before it already.
    fn describe(response: Describe) -> Describe {
        response.text(&Self::MEDIA_TYPE)
    }
}

/// A list of offers that all describe themselves.
#[doc(hidden)]
pub trait DescribeOffers<T> {
    fn describe(response: Describe) -> Describe;
}
