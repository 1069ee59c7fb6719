//! What an endpoint's responses get, folded once when the router is built.
//!
//! A pure function: the declarations of a chain of layers, closest first, to ready header values.

mod fold;

use std::fmt;

use axum_responses::conditional::Validators;
use axum_responses::{ETag, RequestContextLayer, SetCookie};
use http::{HeaderName, HeaderValue, Method, StatusCode};

#[cfg(feature = "openapi")]
pub(crate) use self::fold::{Documented, DocumentedCookie, DocumentedHeader, DocumentedValue};
pub(crate) use self::fold::{Folded, Level, fold};
use crate::attributes::hook::{Hook, MakeTasks};

/// What one endpoint's responses get.
#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) context: RequestContextLayer,
    pub(crate) normal: Filling,
    pub(crate) failed: Filling,
    /// Whether something around the router looks for errors that no endpoint answered.
    pub(crate) marks_errors: bool,
    pub(crate) cache_control: Option<HeaderValue>,
    pub(crate) tag: Option<Tag>,
    pub(crate) success: Success,
    pub(crate) hook: Option<Hook>,
    pub(crate) background: Option<MakeTasks>,
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan")
            .field("normal", &self.normal)
            .finish_non_exhaustive()
    }
}

/// The headers and cookies of one kind of response.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filling {
    /// Each unless the response has it
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) appended: Vec<(HeaderName, HeaderValue)>,
    pub(crate) vary: Option<HeaderValue>,
    pub(crate) cookies: Vec<(SetCookie, HeaderValue)>,
}

impl Filling {
    pub(crate) fn is_empty(&self) -> bool {
        self.headers.is_empty()
            && self.appended.is_empty()
            && self.vary.is_none()
            && self.cookies.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.headers.len() + self.appended.len() + self.cookies.len() + 3
    }
}

/// An entity tag.
#[derive(Debug)]
pub(crate) enum Tag {
    Static {
        line: HeaderValue,
        validators: Validators,
    },
    Computed {
        limit: usize,
    },
}

impl Tag {
    pub(crate) fn of(tag: &ETag) -> Self {
        Self::Static {
            line: tag.to_header(),
            validators: tag.into(),
        }
    }
}

/// What 200 becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Success {
    pub(crate) status: Option<StatusCode>,
    pub(crate) by_method: bool,
}

impl Success {
    pub(crate) fn is_default(self) -> bool {
        self == Self::default()
    }

    /// RFC 9110 §15.3.2: POST creates; §15.3.5: nothing is left to say.
    pub(crate) fn of(self, method: &Method, is_empty: bool) -> StatusCode {
        match self.status {
            Some(status) => status,
            None if self.by_method && *method == Method::POST => StatusCode::CREATED,
            None if self.by_method && *method == Method::DELETE && is_empty => {
                StatusCode::NO_CONTENT
            }
            None => StatusCode::OK,
        }
    }
}
