//! The public types, by name, and what they can be used for.

use axum_responses::background::{Outcome, StillRunning};
use axum_responses::conditional::{
    Conditional, ContentRange, Contradiction, ETagList, IfMatch, IfNoneMatch, InvalidCacheControl,
    InvalidContentRange, InvalidETag, InvalidHttpDate, InvalidRange, Optional, Range, Required,
    Selection, Unmet, Validators, Verdict,
};
use axum_responses::context::{ContextFuture, RequestContextService, WithContext};
use axum_responses::file::{ContentDisposition, FolderService, Opening};
use axum_responses::header::InvalidHeader;
use axum_responses::media_type::{
    CsvType, HtmlType, InvalidMediaType, JsonType, OctetStream, PlainText, XmlType,
};
use axum_responses::negotiation::{OrDefault, Strict};
use axum_responses::problem::{Path, Query};
use axum_responses::rejection::{
    ContentRejection, ContentTooLarge, InvalidContent, InvalidPath, InvalidQuery, MalformedContent,
    NotAcceptable, PreconditionFailed, PreconditionRequired, UnreadableContent,
    UnsupportedMediaType,
};
use axum_responses::set_cookie::InvalidCookie;
use axum_responses::sse::{Event, Replay};
use axum_responses::template::{MiniJinja, Named};
use axum_responses::{
    Accept, AnyRedirect, BackgroundTask, BackgroundTasks, BackgroundTracker, CacheControl, Content,
    Csv, Delegated, ETag, Empty, Encoded, File, FileError, Html, HttpDate, Json, JsonArray,
    LastEventId, MediaType, MessagePack, NdJson, Negotiated, NotARedirect, Problem, Redirect,
    Reply, RequestContext, RequestContextLayer, Root, SameSite, ServerSentEvent, SetCookie,
    Shutdown, Stream, Template, Text, Typed,
};

/// Held by a handler across an `.await`, and written by `{:?}`.
fn travels<T: Send + std::fmt::Debug + 'static>() {}

/// Kept in the state of an application.
fn is_shared<T: Send + Sync + Clone + std::fmt::Debug + 'static>() {}

fn is_an_error<T: std::error::Error + Send + Sync + 'static>() {}

fn is_a_copy<T: Copy + std::fmt::Debug>() {}

#[test]
fn responders_travel_between_threads() {
    travels::<Reply<Json<u8>, 202>>();
    travels::<(Json, MessagePack, Text, Html, Empty)>();
    travels::<(Content, Content<XmlType>, Typed<Json<u8>, CsvType>)>();
    travels::<Encoded<u8, ()>>();
    travels::<Negotiated<u8, (Json, Text)>>();
    travels::<Negotiated<u8, (Json, Text), OrDefault>>();
    travels::<(Redirect, Redirect<308>, AnyRedirect)>();
    travels::<(Stream, Stream<JsonType>, NdJson<u8>, JsonArray<u8>, Csv<u8>)>();
    travels::<(ServerSentEvent, Event, LastEventId)>();
    travels::<(Template, Template<Named, PlainText>)>();
    travels::<(BackgroundTask, BackgroundTasks, Delegated)>();
    travels::<ContextFuture<std::future::Ready<axum::response::Response>>>();
    travels::<(Query<u8>, Path<u8>)>();
    travels::<(File, Opening, Reply<File, 203>)>();
    travels::<(Unmet, Unmet<Required>)>();
}

#[test]
fn what_an_application_keeps_is_shared() {
    is_shared::<(
        RequestContext,
        RequestContextLayer,
        RequestContextService<axum::Router>,
        WithContext<fn()>,
    )>();
    is_shared::<(BackgroundTracker, Shutdown, Replay, Accept)>();
    is_shared::<(Root, FolderService, ContentDisposition)>();
    is_shared::<(
        Conditional,
        Conditional<Required>,
        Validators,
        Range,
        Selection,
    )>();
    is_shared::<(CacheControl, ContentRange, IfMatch, IfNoneMatch)>();
    is_shared::<(MediaType, SetCookie, ETag, ETagList, Problem)>();
    fn is_an_engine<T: axum_responses::template::TemplateEngine>() {}
    is_an_engine::<MiniJinja>();
    is_a_copy::<(Verdict, Optional, Required, Contradiction)>();
    is_a_copy::<(HttpDate, SameSite, Outcome, OctetStream, HtmlType, Strict)>();
}

#[test]
fn errors_are_errors() {
    is_an_error::<Problem>();
    is_an_error::<ContentRejection>();
    is_an_error::<ContentTooLarge>();
    is_an_error::<FileError>();
    is_an_error::<Unmet>();
    is_an_error::<Unmet<Required>>();
    is_an_error::<PreconditionFailed>();
    is_an_error::<PreconditionRequired>();
    is_an_error::<Contradiction>();
    is_an_error::<InvalidCacheControl>();
    is_an_error::<InvalidContentRange>();
    is_an_error::<InvalidRange>();
    is_an_error::<InvalidContent>();
    is_an_error::<InvalidPath>();
    is_an_error::<InvalidQuery>();
    is_an_error::<MalformedContent>();
    is_an_error::<NotAcceptable>();
    is_an_error::<UnreadableContent>();
    is_an_error::<UnsupportedMediaType>();
    is_an_error::<InvalidHeader>();
    is_an_error::<InvalidCookie>();
    is_an_error::<InvalidETag>();
    is_an_error::<InvalidHttpDate>();
    is_an_error::<InvalidMediaType>();
    is_an_error::<NotARedirect>();
    is_an_error::<StillRunning>();
}
