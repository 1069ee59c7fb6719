//! What can be declared: one thing a file.

pub(crate) mod caching;
pub(crate) mod cookie;
pub(crate) mod header;
pub(crate) mod hook;

use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use axum_responses::CacheControl;
use axum_responses::background::BackgroundTasks;
use axum_responses::template::TemplateEngine;
use serde::Serialize;

use self::caching::{CacheRule, LayerETag, TagRule};
use self::cookie::ResponseCookie;
use self::header::ResponseHeader;
use self::hook::{Hook, MakeTasks};
use crate::data::{Encode, ResponseClass};

/// Everything that one layer or endpoint declares. The sequence makes no difference.
#[derive(Clone, Default)]
pub struct Attributes {
    pub(crate) headers: Vec<ResponseHeader>,
    pub(crate) cookies: Vec<ResponseCookie>,
    pub(crate) cache_control: Vec<CacheRule>,
    pub(crate) etag: Vec<TagRule>,
    pub(crate) status: Vec<u16>,
    pub(crate) method_status_codes: Vec<bool>,
    pub(crate) after_request: Vec<Hook>,
    pub(crate) background: Vec<MakeTasks>,
    pub(crate) response_class: Vec<Arc<dyn ResponseClass>>,
    pub(crate) encoders: Vec<(TypeId, Encode)>,
    pub(crate) template_engine: Vec<Arc<dyn TemplateEngine>>,
}

impl fmt::Debug for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attributes")
            .field("headers", &self.headers)
            .field("cookies", &self.cookies)
            .field("cache_control", &self.cache_control)
            .field("etag", &self.etag)
            .finish_non_exhaustive()
    }
}

/// Declares what goes around responses: on a [`Layered`](crate::Layered), on an [`Endpoint`](crate::Endpoint), on
/// axum's [`MethodRouter`](axum::routing::MethodRouter) and on what utoipa-axum's `routes!` makes.
///
/// What is closer to the handler wins, what the response has by itself wins over all. The sequence of declarations makes no
/// difference. Mistakes are told by [`build`](crate::Layered::build), all of them.
pub trait Declare: Sized {
    /// What it becomes: itself, or an [`Endpoint`](crate::Endpoint).
    type Declared;

    /// Declares something.
    #[doc(hidden)]
    fn declare(self, declare: impl FnOnce(&mut Attributes)) -> Self::Declared;

    /// A header: `("name", "value")`, [`header!`](crate::header!), a [`ResponseHeader`].
    fn header(self, header: impl Into<ResponseHeader>) -> Self::Declared {
        self.declare(|to| to.headers.push(header.into()))
    }

    /// Several headers.
    fn headers<H: Into<ResponseHeader>>(
        self,
        headers: impl IntoIterator<Item = H>,
    ) -> Self::Declared {
        self.declare(|to| to.headers.extend(headers.into_iter().map(Into::into)))
    }

    /// The header of the layers above is neither sent nor documented.
    fn remove_header(self, name: impl Into<Cow<'static, str>>) -> Self::Declared {
        self.declare(|to| to.headers.push(ResponseHeader::removed(name.into())))
    }

    /// A cookie: `("name", "value")`, a [`SetCookie`](crate::SetCookie), a [`ResponseCookie`].
    fn cookie(self, cookie: impl Into<ResponseCookie>) -> Self::Declared {
        self.declare(|to| to.cookies.push(cookie.into()))
    }

    /// Several cookies.
    fn cookies<C: Into<ResponseCookie>>(
        self,
        cookies: impl IntoIterator<Item = C>,
    ) -> Self::Declared {
        self.declare(|to| to.cookies.extend(cookies.into_iter().map(Into::into)))
    }

    /// Cookies of this name from the layers above are neither sent nor documented.
    fn remove_cookie(self, name: impl Into<Cow<'static, str>>) -> Self::Declared {
        self.declare(|to| to.cookies.push(ResponseCookie::removed(name.into())))
    }

    /// `Cache-Control` as a whole: what the layers above say is not heard.
    fn cache_control(self, cache_control: CacheControl) -> Self::Declared {
        self.declare(|to| to.cache_control.push(CacheRule::Set(cache_control)))
    }

    /// These directives in what the layers above say: `public` and `private` exclude each other, `no-store` clears the
    /// rest.
    fn cache_control_patch(self, patch: CacheControl) -> Self::Declared {
        self.declare(|to| to.cache_control.push(CacheRule::Patch(patch)))
    }

    /// `Cache-Control` that handlers set themselves: that of the layers above is not sent.
    fn cache_control_documented(self, description: impl Into<Cow<'static, str>>) -> Self::Declared {
        self.declare(|to| {
            to.cache_control
                .push(CacheRule::Documented(Some(description.into())))
        })
    }

    /// `Cache-Control` of the layers above is neither sent nor documented.
    fn no_cache_control(self) -> Self::Declared {
        self.declare(|to| to.cache_control.push(CacheRule::Removed))
    }

    /// An entity tag: an [`ETag`](crate::ETag) or a [`LayerETag`].
    ///
    /// It goes on successful answers to GET and HEAD, and a request that has it already (`If-None-Match`) is answered with
    /// 304. Not on partial content and not on what offers ranges: those have tags of their own.
    fn etag(self, tag: impl Into<LayerETag>) -> Self::Declared {
        self.declare(|to| to.etag.push(tag.into().0))
    }

    /// The tag of the layers above is neither sent nor documented.
    fn no_etag(self) -> Self::Declared {
        self.declare(|to| to.etag.push(TagRule::Removed))
    }

    /// The status of success in the place of 200: 200 to 299. A response that chose another by itself keeps it.
    fn status(self, status: u16) -> Self::Declared {
        self.declare(|to| to.status.push(status))
    }

    /// The status of success by method: 201 for POST, 204 for DELETE whose answer is empty, 200 for the others.
    fn method_status_codes(self, on: bool) -> Self::Declared {
        self.declare(|to| to.method_status_codes.push(on))
    }

    /// Runs when the handler is through, errors included, before anything declared is filled in: what it sets
    /// wins. The closest one runs alone.
    ///
    /// ```
    /// use axum::response::Response;
    /// use axum_layered::{Declare, Layered};
    ///
    /// let layer: Layered = Layered::new().after_request(|mut response: Response| async move {
    ///     response.headers_mut().insert("x-seen", "yes".parse().unwrap());
    ///     response
    /// });
    /// # let _ = layer;
    /// ```
    fn after_request<F, Fut>(self, hook: F) -> Self::Declared
    where
        F: Fn(Response) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: IntoResponse> + Send + 'static,
    {
        self.declare(|to| to.after_request.push(Hook::new(hook)))
    }

    /// Work for after the last byte, for responses that have none of their own and are no errors.
    fn background<T: Into<BackgroundTasks>>(
        self,
        make: impl Fn() -> T + Send + Sync + 'static,
    ) -> Self::Declared {
        self.declare(|to| to.background.push(MakeTasks::new(make)))
    }

    /// What writes [`Data`](crate::Data): `Json` unless said.
    fn response_class(self, class: impl ResponseClass) -> Self::Declared {
        self.declare(|to| to.response_class.push(Arc::new(class)))
    }

    /// What is written in the place of a `T` that comes as [`Data<T>`](crate::Data).
    fn type_encoder<T: Any, O>(
        self,
        encode: impl Fn(&T) -> O + Send + Sync + 'static,
    ) -> Self::Declared
    where
        O: Serialize + 'static,
    {
        self.declare(|to| to.encoders.push((TypeId::of::<T>(), Encode::new(encode))))
    }

    /// The engine of [`Template::named`](axum_responses::template::Template) below.
    fn template_engine(self, engine: impl TemplateEngine) -> Self::Declared {
        self.declare(|to| to.template_engine.push(Arc::new(engine)))
    }
}
