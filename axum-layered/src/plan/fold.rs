//! A chain of declarations, closest first, to one plan.

use std::any::TypeId;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use axum_responses::header::unite_vary;
use axum_responses::{CacheControl, MediaType, RequestContextLayer, SetCookie};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::{Filling, Plan, Success, Tag};
use crate::attributes::Attributes;
use crate::attributes::caching::{CacheRule, TagRule};
use crate::attributes::cookie::CookieRule;
use crate::attributes::header::{HeaderRule, ResponseHeader};
use crate::data::{Encode, Encoding};
use crate::explain::{Outcome, Said};

/// One link of the chain.
#[derive(Clone, Copy)]
pub(crate) struct Level<'a> {
    pub(crate) name: &'a str,
    pub(crate) attributes: &'a Attributes,
}

/// What came of a chain.
pub(crate) struct Folded {
    pub(crate) plan: Plan,
    pub(crate) documented: Documented,
    pub(crate) said: Vec<Said>,
}

/// What a document says of an endpoint's responses.
#[cfg_attr(not(feature = "openapi"), allow(dead_code))]
#[derive(Debug, Default)]
pub(crate) struct Documented {
    pub(crate) normal: DocumentedFields,
    pub(crate) failed: DocumentedFields,
    pub(crate) cache_control: Option<DocumentedValue>,
    pub(crate) etag: Option<DocumentedValue>,
    pub(crate) etag_is_computed: bool,
    pub(crate) success: Success,
    pub(crate) class: Option<MediaType>,
}

/// The headers and cookies of one kind of response.
#[cfg_attr(not(feature = "openapi"), allow(dead_code))]
#[derive(Debug, Default)]
pub(crate) struct DocumentedFields {
    pub(crate) headers: Vec<DocumentedHeader>,
    pub(crate) cookies: Vec<DocumentedCookie>,
}

#[cfg_attr(not(feature = "openapi"), allow(dead_code))]
#[derive(Debug)]
pub(crate) struct DocumentedHeader {
    pub(crate) name: HeaderName,
    pub(crate) description: Option<String>,
    pub(crate) required: bool,
    pub(crate) deprecated: bool,
    pub(crate) example: Option<String>,
}

#[cfg_attr(not(feature = "openapi"), allow(dead_code))]
#[derive(Debug)]
pub(crate) struct DocumentedCookie {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    /// The line that is sent, where one is.
    pub(crate) line: Option<String>,
}

#[cfg_attr(not(feature = "openapi"), allow(dead_code))]
#[derive(Debug, Default)]
pub(crate) struct DocumentedValue {
    /// What is sent, where the layers say.
    pub(crate) value: Option<String>,
    pub(crate) description: Option<String>,
}

pub(crate) fn fold(chain: &[Level<'_>]) -> Folded {
    let mut folded = Folded {
        plan: Plan::default(),
        documented: Documented::default(),
        said: Vec::new(),
    };
    for kind in [Kind::Normal, Kind::Failed] {
        headers(chain, kind, &mut folded);
        cookies(chain, kind, &mut folded);
    }
    let is_no_store = cache_control(chain, &mut folded);
    tag(chain, is_no_store, &mut folded);
    success(chain, &mut folded);
    afterwards(chain, &mut folded);
    folded.plan.context = context(chain, &mut folded);
    folded
}

/// What a response is: only `always` ones are seen where it failed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Normal,
    Failed,
}

impl Kind {
    /// A value that is for success alone says nothing of errors; what takes values away is for both.
    fn hears(self, always: bool, is_value: bool) -> bool {
        self == Self::Normal || always || !is_value
    }
}

fn headers(chain: &[Level<'_>], kind: Kind, folded: &mut Folded) {
    let mut filling = Filling::default();
    let mut closed = HashSet::new();
    let mut vary = HeaderMap::new();
    for level in chain {
        let mut closing = Vec::new();
        for declared in &level.attributes.headers {
            let (Ok(name), Ok(value)) = (declared.checked_name(), declared.checked_value()) else {
                continue; // a mistake, which is told
            };
            if closed.contains(&name) || !kind.hears(declared.always, value.is_some()) {
                continue;
            }
            match (&declared.rule, value) {
                // RFC 9110 §12.5.5: what a cache has to tell apart adds up.
                (HeaderRule::Set(_) | HeaderRule::Append(_), Some(value))
                    if name == header::VARY =>
                {
                    unite_vary(&mut vary, &value);
                }
                (HeaderRule::Set(_), Some(value)) => {
                    filling.headers.push((name.clone(), value));
                    closing.push(name.clone());
                }
                (HeaderRule::Append(_), Some(value)) => {
                    filling.appended.push((name.clone(), value))
                }
                _ => closing.push(name.clone()),
            }
            folded.say_header(level, declared, &name);
            if kind == Kind::Normal || declared.always {
                folded.fields(kind).header(declared, name);
            }
        }
        closed.extend(closing);
    }
    filling.vary = vary.remove(header::VARY);
    *folded.filling(kind) = filling;
}

fn cookies(chain: &[Level<'_>], kind: Kind, folded: &mut Folded) {
    let mut closed: HashSet<String> = HashSet::new();
    let mut filling: Vec<(SetCookie, HeaderValue)> = Vec::new();
    for level in chain {
        let mut closing = Vec::new();
        for declared in &level.attributes.cookies {
            let is_value = matches!(declared.rule, CookieRule::Set(_));
            if closed.contains(declared.name()) || !kind.hears(declared.always, is_value) {
                continue;
            }
            let mut line = None;
            match &declared.rule {
                CookieRule::Set(cookie) => {
                    if filling
                        .iter()
                        .any(|(closer, _)| closer.is_same_cookie(cookie))
                    {
                        continue;
                    }
                    let Ok(value) = cookie.to_header() else {
                        continue; // a mistake, which is told
                    };
                    line = value.to_str().ok().map(str::to_owned);
                    filling.push((cookie.clone(), value));
                }
                CookieRule::Documented(name) | CookieRule::Removed(name) => {
                    closing.push(name.clone().into_owned())
                }
            }
            let removed = matches!(declared.rule, CookieRule::Removed(_));
            folded.say(Said::new(
                level.name,
                "cookie",
                declared.name(),
                Outcome::of(line.as_deref(), removed),
                declared.always,
            ));
            if !removed && (kind == Kind::Normal || declared.always) {
                folded.fields(kind).cookies.push(DocumentedCookie {
                    name: declared.name().to_owned(),
                    description: declared.description().map(str::to_owned),
                    line,
                });
            }
        }
        closed.extend(closing);
    }
    folded.filling(kind).cookies = filling;
}

/// Whether what comes of it forbids to store the response.
fn cache_control(chain: &[Level<'_>], folded: &mut Folded) -> bool {
    let mut patches = Vec::new();
    let mut base = None;
    let mut closest = None;
    for level in chain {
        // Of several on one layer, which is a mistake, the first counts.
        let Some(rule) = level.attributes.cache_control.first() else {
            continue;
        };
        closest = closest.or(Some(level.name));
        match rule {
            CacheRule::Patch(patch) => {
                patches.push(patch);
                continue;
            }
            CacheRule::Set(whole) => base = Some(whole.clone()),
            CacheRule::Documented(description) => {
                folded.documented.cache_control = Some(DocumentedValue {
                    value: None,
                    description: description.as_deref().map(str::to_owned),
                });
            }
            CacheRule::Removed => {}
        }
        break;
    }
    let value = match (base, patches.is_empty()) {
        (None, true) => None,
        (base, _) => {
            let outermost_first = patches.into_iter().rev();
            Some(outermost_first.fold(base.unwrap_or(CacheControl::new()), CacheControl::patched))
        }
    };
    let Some(layer) = closest else { return false };
    let is_no_store = value.as_ref().is_some_and(CacheControl::is_no_store);
    // One without directives hides those above, and is not sent itself.
    let value = value
        .filter(|value| !value.is_empty())
        .map(|value| value.to_header());
    let text = value
        .as_ref()
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let outcome = Outcome::of(text.as_deref(), folded.documented.cache_control.is_none());
    folded
        .said
        .push(Said::new(layer, "header", "cache-control", outcome, false));
    if text.is_some() {
        folded.documented.cache_control = Some(DocumentedValue {
            value: text,
            description: None,
        });
    }
    folded.plan.cache_control = value;
    is_no_store
}

fn tag(chain: &[Level<'_>], is_no_store: bool, folded: &mut Folded) {
    let Some((layer, rule)) = closest(chain, |of| &of.etag) else {
        return;
    };
    let mut documented = DocumentedValue::default();
    let outcome = match rule {
        TagRule::Set(tag) => {
            folded.plan.tag = Some(Tag::of(tag));
            documented.value = Some(tag.to_string());
            Outcome::Sent(tag.to_string())
        }
        TagRule::Computed(limit) => {
            folded.plan.tag = Some(Tag::Computed { limit: *limit });
            folded.documented.etag_is_computed = true;
            documented.description = Some(format!(
                "The version of it (RFC 9110 section 8.8.3), where it has a known length of at most {limit} bytes"
            ));
            Outcome::Sent("of the body".to_owned())
        }
        TagRule::Documented => Outcome::Documented,
        TagRule::Removed => Outcome::Removed,
    };
    folded
        .said
        .push(Said::new(layer, "header", "etag", outcome, false));
    // What may not be stored gets no computed tag.
    let never =
        matches!(rule, TagRule::Removed) || is_no_store && folded.documented.etag_is_computed;
    folded.documented.etag = (!never).then_some(documented);
}

/// The closest layer that says something of it wins; of both on one layer, the status.
fn success(chain: &[Level<'_>], folded: &mut Folded) {
    let mut success = Success::default();
    let mut by_method = None;
    for level in chain {
        let status = level.attributes.status.first();
        success.status = status.and_then(|status| StatusCode::from_u16(*status).ok());
        by_method = by_method.or(level.attributes.method_status_codes.first().copied());
        success.by_method = by_method == Some(true);
        if let Some(status) = success.status {
            let said = Said::in_force(level.name, "status", status.as_str());
            folded.said.push(said);
            break;
        }
        if success.by_method {
            let said = Said::in_force(level.name, "method_status_codes", "");
            folded.said.push(said);
            break;
        }
    }
    folded.plan.success = success;
    folded.documented.success = success;
}

/// The closest layer that declares this, and the first of what it declares.
fn closest<'a, T>(
    chain: &[Level<'a>],
    of: impl Fn(&'a Attributes) -> &'a Vec<T>,
) -> Option<(&'a str, &'a T)> {
    chain
        .iter()
        .find_map(|level| Some((level.name, of(level.attributes).first()?)))
}

fn afterwards(chain: &[Level<'_>], folded: &mut Folded) {
    if let Some((layer, hook)) = closest(chain, |of| &of.after_request) {
        folded.plan.hook = Some(hook.clone());
        folded.said.push(Said::in_force(layer, "after_request", ""));
    }
    if let Some((layer, make)) = closest(chain, |of| &of.background) {
        folded.plan.background = Some(make.clone());
        folded.said.push(Said::in_force(layer, "background", ""));
    }
}

fn context(chain: &[Level<'_>], folded: &mut Folded) -> RequestContextLayer {
    let mut context = RequestContextLayer::new();
    if let Some((layer, engine)) = closest(chain, |of| &of.template_engine) {
        context = context.template_engine(engine.clone());
        folded
            .said
            .push(Said::in_force(layer, "template_engine", ""));
    }
    let class = closest(chain, |of| &of.response_class);
    if let Some((layer, class)) = class {
        let media_type = class.media_type();
        folded.said.push(Said::in_force(
            layer,
            "response_class",
            media_type.essence(),
        ));
    }
    let class = class.map(|(_, class)| class.clone());
    let mut encoders: HashMap<TypeId, Encode> = HashMap::new();
    for level in chain {
        for (of, encode) in &level.attributes.encoders {
            encoders.entry(*of).or_insert_with(|| encode.clone());
        }
    }
    folded.documented.class = class.as_ref().map(|class| class.media_type());
    if class.is_some() || !encoders.is_empty() {
        context = context.extension(Arc::new(Encoding { class, encoders }));
    }
    context
}

impl Folded {
    fn filling(&mut self, kind: Kind) -> &mut Filling {
        match kind {
            Kind::Normal => &mut self.plan.normal,
            Kind::Failed => &mut self.plan.failed,
        }
    }

    fn fields(&mut self, kind: Kind) -> &mut DocumentedFields {
        match kind {
            Kind::Normal => &mut self.documented.normal,
            Kind::Failed => &mut self.documented.failed,
        }
    }

    /// Once: what holds for both kinds of responses comes here twice.
    fn say(&mut self, said: Said) {
        if !self.said.contains(&said) {
            self.said.push(said);
        }
    }

    fn say_header(&mut self, level: &Level<'_>, declared: &ResponseHeader, name: &HeaderName) {
        self.say(Said::new(
            level.name,
            "header",
            name.as_str(),
            Outcome::of(declared.value(), declared.rule == HeaderRule::Removed),
            declared.always,
        ));
    }
}

impl DocumentedFields {
    fn header(&mut self, declared: &ResponseHeader, name: HeaderName) {
        if declared.rule == HeaderRule::Removed {
            return;
        }
        let own = |text: &Option<Cow<'static, str>>| text.as_deref().map(str::to_owned);
        if let Some(closer) = self.headers.iter_mut().find(|closer| closer.name == name) {
            // Lines that are appended, and Vary: the closest description counts.
            closer.description = closer
                .description
                .take()
                .or_else(|| own(&declared.description));
            return;
        }
        self.headers.push(DocumentedHeader {
            name,
            description: own(&declared.description),
            required: declared.required,
            deprecated: declared.deprecated,
            example: own(&declared.example).or_else(|| declared.value().map(str::to_owned)),
        });
    }
}
