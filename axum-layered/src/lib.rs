//! Headers, cookies and caching declared on four layers of an axum application, merged once at build.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod attributes;
mod built;
mod check;
mod config_error;
mod data;
mod endpoint;
mod explain;
mod layered;
mod methods;
#[cfg(feature = "openapi")]
mod openapi;
mod paths;
mod plan;
mod refusal;
mod slot;

pub use axum_responses::set_cookie::SameSite;
pub use axum_responses::{CacheControl, ETag, MediaType, SetCookie};

pub use self::attributes::Declare;
pub use self::attributes::caching::LayerETag;
pub use self::attributes::cookie::ResponseCookie;
pub use self::attributes::header::ResponseHeader;
#[doc(hidden)]
pub use self::attributes::header::checked_header;
pub use self::built::Built;
pub use self::config_error::{ConfigError, ConfigErrors, Mistake};
pub use self::data::{Data, Payload, ResponseClass};
pub use self::endpoint::{
    Endpoint, any, connect, delete, get, head, on, options, patch, post, put, trace,
};
pub use self::explain::{Explain, Explained, Said};
pub use self::layered::Layered;
