//! From a file and a request to a response.

use std::ops::Range;
use std::time::SystemTime;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use super::body::{FileBody, Piece, Source, slice};
use super::content_disposition::header_of;
use super::{Content, File, multipart};
use crate::conditional::{
    Conditional, ContentRange, Optional, Selection, Validators, Verdict, not_modified,
};
use crate::context::RequestContext;
use crate::media_type::{MediaType, OctetStream};
use crate::problem::Problem;
use crate::rejection::PreconditionFailed;
use crate::stream::Stream;

pub(super) const VARY: HeaderValue = HeaderValue::from_static("accept-encoding");

/// The order is that of RFC 9110 §13.2.2. Nothing is read before the body is asked for.
pub(super) fn answer(file: File, request: Option<&RequestContext>) -> Response {
    let validators = file.validators_at(SystemTime::now());
    let Some(request) = request else {
        return whole(file, &validators, false);
    };
    let conditional = Conditional::<Optional>::of(request);
    match conditional.verdict(&validators) {
        Verdict::Proceed => {}
        Verdict::NotModified => {
            return not_modified(file.headers(&validators, HeaderMap::with_capacity(4)));
        }
        Verdict::Failed => return file.refuse(PreconditionFailed::new().into(), request),
    }
    let selection = match file.content {
        Content::Stored(_) | Content::Memory(_) => conditional.selection(file.length, &validators),
        Content::Reader(_) => Selection::Whole,
    };
    match selection {
        Selection::Whole => whole(file, &validators, request.method() == Method::HEAD),
        Selection::Parts(parts) => match <[_; 1]>::try_from(parts) {
            Ok([part]) => one_part(file, &validators, part),
            Err(parts) => several_parts(file, &validators, parts),
        },
        Selection::Unsatisfiable => {
            // RFC 9110 §15.5.17
            let range = ContentRange::unsatisfied(file.length).to_header();
            let problem = Problem::new(StatusCode::RANGE_NOT_SATISFIABLE)
                .type_("urn:problem-type:range-not-satisfiable")
                .detail(format!(
                    "None of the ranges overlaps the {} bytes there are.",
                    file.length
                ))
                .header(header::CONTENT_RANGE, range);
            file.refuse(problem, request)
        }
    }
}

fn whole(file: File, validators: &Validators, head: bool) -> Response {
    let mut headers = file.content_headers(validators);
    headers.insert(header::CONTENT_TYPE, file.content_type());
    headers.insert(header::CONTENT_LENGTH, file.length.into());
    let body = if head {
        Body::empty() // RFC 9110 §9.3.2: as if it were a GET, but for the content
    } else {
        file.content.into_body(0..file.length)
    };
    respond(StatusCode::OK, headers, body)
}

/// RFC 9110 §15.3.7.1
fn one_part(file: File, validators: &Validators, part: Range<u64>) -> Response {
    let mut headers = file.content_headers(validators);
    headers.insert(header::CONTENT_TYPE, file.content_type());
    headers.insert(header::CONTENT_LENGTH, (part.end - part.start).into());
    let range = ContentRange::of(part.clone(), file.length);
    headers.insert(header::CONTENT_RANGE, range.to_header());
    let body = file.content.into_body(part);
    respond(StatusCode::PARTIAL_CONTENT, headers, body)
}

/// RFC 9110 §15.3.7.2: each part says which it is, the whole must not.
fn several_parts(file: File, validators: &Validators, parts: Vec<Range<u64>>) -> Response {
    let mut headers = file.content_headers(validators);
    let boundary = multipart::boundary();
    let pieces = multipart::pieces(parts, &boundary, &file.content_type(), file.length);
    headers.insert(header::CONTENT_TYPE, multipart::content_type(&boundary));
    let length: u64 = pieces.iter().map(Piece::length).sum();
    headers.insert(header::CONTENT_LENGTH, length.into());
    let body = file.content.into_pieces(pieces);
    respond(StatusCode::PARTIAL_CONTENT, headers, body)
}

fn respond(status: StatusCode, headers: HeaderMap, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

impl File {
    /// What 200, 206 and 304 have in common (RFC 9110 §15.4.5).
    fn headers(&self, validators: &Validators, mut headers: HeaderMap) -> HeaderMap {
        validators.write(&mut headers);
        if let Some(cache_control) = &self.cache_control {
            headers.insert(header::CACHE_CONTROL, cache_control.clone());
        }
        if self.negotiated {
            headers.insert(header::VARY, VARY);
        }
        headers
    }

    /// The same, and what describes the content.
    fn content_headers(&self, validators: &Validators) -> HeaderMap {
        let mut headers = self.headers(validators, HeaderMap::with_capacity(12));
        let ranges = match self.content {
            Content::Stored(_) | Content::Memory(_) => "bytes",
            Content::Reader(_) => "none",
        };
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static(ranges));
        headers.insert(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        );
        if let Some(kind) = self.disposition {
            let disposition = header_of(kind, self.sent_name().as_deref());
            headers.insert(header::CONTENT_DISPOSITION, disposition);
        }
        if let Some(coding) = self.coding {
            headers.insert(header::CONTENT_ENCODING, coding.header());
        }
        headers
    }

    fn content_type(&self) -> HeaderValue {
        match (&self.media_type, self.sent_name()) {
            (Some(media_type), _) => media_type.content_type(),
            (None, Some(name)) => MediaType::of_file_name(&name).content_type(),
            (None, None) => MediaType::OCTET_STREAM.content_type(),
        }
    }

    /// A problem in the place of the file: nothing of the file stands in it, but on what the choice depended.
    fn refuse(self, problem: Problem, request: &RequestContext) -> Response {
        let mut response = problem.respond_to(request);
        if self.negotiated {
            crate::vary::unite(response.headers_mut(), &VARY);
        }
        response
    }
}

impl Content {
    /// This part of it.
    fn into_body(self, part: Range<u64>) -> Body {
        match self {
            Self::Stored(file) => Body::new(FileBody::one(Source::Stored(file), part)),
            Self::Memory(bytes) => Body::from(slice(&bytes, &part)),
            Self::Reader(reader) => {
                let stream = Stream::<OctetStream>::reader(Box::into_pin(reader));
                let length = part.end - part.start;
                stream.content_length(length).into_response().into_body()
            }
        }
    }

    /// These pieces of it, with what stands around them. A reader has none: it cannot go back.
    fn into_pieces(self, pieces: Vec<Piece>) -> Body {
        let source = match self {
            Self::Stored(file) => Source::Stored(file),
            Self::Memory(bytes) => Source::Memory(bytes),
            Self::Reader(_) => return Body::empty(),
        };
        Body::new(FileBody::several(source, pieces))
    }
}

#[cfg(feature = "openapi")]
pub(super) fn description() -> crate::openapi::Responses {
    use crate::openapi::{Describe, Responses};

    // The name tells the type when it is sent: `Typed` tells it beforehand.
    let any = MediaType::from_static("*/*");
    let validated = |describe: Describe| {
        describe
            .header("etag", "The entity tag of the file")
            .header("last-modified", "When the file was modified last")
    };
    let sent = |status, description| {
        validated(Describe::new(status, description).binary(&any))
            .header("accept-ranges", "`bytes`")
            .header(
                "content-disposition",
                "Whether it is shown or saved, and the name",
            )
            .header("x-content-type-options", "`nosniff`")
    };
    let part = sent(206, "The parts of the file that were asked for")
        .binary(&MediaType::from_static("multipart/byteranges"))
        .header("content-range", "Which part it is, where it is one");
    let beyond = Describe::problem(416, "None of the ranges overlaps the file")
        .header("content-range", "How long the file is");
    Responses::from([
        sent(200, "The file").build(),
        part.build(),
        validated(Describe::new(304, "The client has the file as it is")).build(),
        Describe::problem(404, "There is no such file").build(),
        Describe::problem(412, "A precondition does not hold").build(),
        beyond.build(),
    ])
}
