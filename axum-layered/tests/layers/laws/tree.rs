//! Random layers, responses and requests.

use axum::body::Body;
use axum::http::{HeaderName, StatusCode};
use axum::response::Response;
use axum_layered::{
    CacheControl, Declare, ETag, Endpoint, LayerETag, Layered, ResponseCookie, ResponseHeader,
    SetCookie, on,
};
use proptest::prelude::*;

/// What one layer says, in the sequence of its declarations.
#[derive(Clone, Debug)]
pub(super) enum Said {
    Header {
        name: String,
        rule: Rule,
        always: bool,
    },
    Cookie {
        name: &'static str,
        rule: CookieRule,
        always: bool,
    },
    Cache(CacheRule),
    Tag(TagRule),
    Status(u16),
    ByMethod(bool),
}

#[derive(Clone, Debug)]
pub(super) enum Rule {
    Set(String),
    Append(String),
    Documented,
    Removed,
}

#[derive(Clone, Debug)]
pub(super) enum CookieRule {
    Set {
        value: u8,
        path: Option<&'static str>,
        domain: Option<&'static str>,
    },
    Documented,
    Removed,
}

#[derive(Clone, Debug)]
pub(super) enum CacheRule {
    Set(CacheControl),
    Patch(CacheControl),
    Documented,
    Removed,
}

#[derive(Clone, Debug)]
pub(super) enum TagRule {
    Set(ETag),
    Computed(usize),
    Documented,
    Removed,
}

/// Closest first; the first is the endpoint itself.
pub(super) type Chain = Vec<Vec<Said>>;

/// What the handler answers.
#[derive(Clone, Debug)]
pub(super) struct Answered {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, &'static str)>,
    pub(super) content: &'static str,
    pub(super) is_stream: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) method: &'static str,
    pub(super) if_none_match: Option<&'static str>,
}

impl Said {
    /// What must keep its sequence: two of one group.
    fn group(&self) -> String {
        match self {
            Self::Header { name, .. } => name.to_ascii_lowercase(),
            Self::Cookie { .. } => "cookies".to_owned(),
            Self::Cache(_) | Self::Tag(_) | Self::Status(_) | Self::ByMethod(_) => {
                "once".to_owned()
            }
        }
    }

    /// Whether both on one layer are a mistake.
    fn excludes(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Header { name, rule, .. },
                Self::Header {
                    name: n2, rule: r2, ..
                },
            ) => {
                let alone = |rule: &Rule| !matches!(rule, Rule::Append(_));
                name.eq_ignore_ascii_case(n2)
                    && !name.eq_ignore_ascii_case("vary")
                    && alone(rule)
                    && alone(r2)
            }
            (
                Self::Cookie { name, rule, .. },
                Self::Cookie {
                    name: n2, rule: r2, ..
                },
            ) => {
                name == n2
                    && match (rule, r2) {
                        (
                            CookieRule::Set { path, domain, .. },
                            CookieRule::Set {
                                path: p2,
                                domain: d2,
                                ..
                            },
                        ) => {
                            path == p2 && domain.map(str::to_lowercase) == d2.map(str::to_lowercase)
                        }
                        _ => std::mem::discriminant(rule) == std::mem::discriminant(r2),
                    }
            }
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }

    fn declare<D: Declare<Declared = D>>(&self, to: D) -> D {
        match self.clone() {
            Self::Header { name, rule, always } => {
                let header = match rule {
                    Rule::Set(value) => ResponseHeader::new(name, value),
                    Rule::Append(value) => ResponseHeader::new(name, value).append(),
                    Rule::Documented => ResponseHeader::documented(name),
                    Rule::Removed => return to.remove_header(name),
                };
                to.header(if always { header.always() } else { header })
            }
            Self::Cookie { name, rule, always } => {
                let cookie = match rule {
                    CookieRule::Set {
                        value,
                        path,
                        domain,
                    } => ResponseCookie::from(set_cookie(name, value, path, domain)),
                    CookieRule::Documented => ResponseCookie::documented(name),
                    CookieRule::Removed => return to.remove_cookie(name),
                };
                to.cookie(if always { cookie.always() } else { cookie })
            }
            Self::Cache(CacheRule::Set(whole)) => to.cache_control(whole),
            Self::Cache(CacheRule::Patch(patch)) => to.cache_control_patch(patch),
            Self::Cache(CacheRule::Documented) => to.cache_control_documented("by the handler"),
            Self::Cache(CacheRule::Removed) => to.no_cache_control(),
            Self::Tag(TagRule::Set(tag)) => to.etag(tag),
            Self::Tag(TagRule::Computed(limit)) => to.etag(LayerETag::computed(limit)),
            Self::Tag(TagRule::Documented) => to.etag(LayerETag::documented()),
            Self::Tag(TagRule::Removed) => to.no_etag(),
            Self::Status(status) => to.status(status),
            Self::ByMethod(on) => to.method_status_codes(on),
        }
    }
}

pub(super) fn set_cookie(
    name: &'static str,
    value: u8,
    path: Option<&'static str>,
    domain: Option<&'static str>,
) -> SetCookie {
    let mut cookie = SetCookie::new(name, value.to_string());
    if let Some(path) = path {
        cookie = cookie.path(path);
    }
    if let Some(domain) = domain {
        cookie = cookie.domain(domain);
    }
    cookie
}

pub(super) fn declare<D: Declare<Declared = D>>(to: D, layer: &[Said]) -> D {
    layer.iter().fold(to, |to, said| said.declare(to))
}

impl Answered {
    fn response(&self) -> Response {
        let body = if self.is_stream {
            let pieces: Vec<_> = self.content.split_inclusive(' ').collect();
            Body::from_stream(futures_util::stream::iter(
                pieces.into_iter().map(Ok::<_, std::convert::Infallible>),
            ))
        } else {
            Body::from(self.content)
        };
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap();
        for (name, value) in &self.headers {
            let name = HeaderName::try_from(*name).unwrap();
            response.headers_mut().append(name, value.parse().unwrap());
        }
        response
    }

    pub(super) fn endpoint(&self) -> Endpoint {
        use axum::routing::MethodFilter;
        let answered = self.clone();
        let all = MethodFilter::GET
            .or(MethodFilter::POST)
            .or(MethodFilter::DELETE);
        on(all, move || std::future::ready(answered.response()))
    }
}

/// How one layer takes in the layer below.
#[derive(Clone, Copy, Debug)]
pub(super) enum Join {
    Nest,
    Mount,
    Merge,
}

/// The chain as a router's layers, and the path of its endpoint.
pub(super) fn joined(endpoint: Endpoint, chain: &[Vec<Said>], joins: &[Join]) -> (Layered, String) {
    let endpoint = declare(endpoint, &chain[0]);
    let first = chain.get(1).map_or(&[][..], Vec::as_slice);
    let mut layered = declare(Layered::new(), first).route("/leaf", endpoint);
    let mut path = "/leaf".to_owned();
    for (at, layer) in chain.iter().enumerate().skip(2) {
        let above = declare(Layered::new(), layer);
        let prefix = format!("/below{at}");
        layered = match joins[at % joins.len()] {
            Join::Merge => above.merge(layered),
            Join::Nest => above.nest(&prefix, layered),
            Join::Mount => above.mount(&prefix, layered),
        };
        if !matches!(joins[at % joins.len()], Join::Merge) {
            path.insert_str(0, &prefix);
        }
    }
    (layered, path)
}

/// The same layer with its declarations in another sequence; those of one name stay as they stand to each other.
pub(super) fn shuffled(layer: &[Said], keys: &[u32]) -> Vec<Said> {
    let mut groups: Vec<String> = layer.iter().map(Said::group).collect();
    let mut left: Vec<Said> = layer.to_vec();
    let mut sequence = Vec::new();
    let mut keys = keys.iter().cycle();
    while !left.is_empty() {
        let key = *keys.next().unwrap() as usize % left.len();
        let at = groups
            .iter()
            .position(|group| *group == groups[key])
            .unwrap();
        groups.remove(at);
        sequence.push(left.remove(at));
    }
    sequence
}

fn header() -> impl Strategy<Value = Said> {
    let name = prop::sample::select(vec![
        "x-a", "X-A", "x-b", "X-b", "link", "LINK", "Vary", "vary",
    ]);
    let value = prop::sample::select(vec!["1", "2", "Accept", "accept, Origin", "*"]);
    let rule = (0..5u8, value).prop_map(|(rule, value)| match rule {
        0 | 1 => Rule::Set(value.to_owned()),
        2 => Rule::Append(value.to_owned()),
        3 => Rule::Documented,
        _ => Rule::Removed,
    });
    (name, rule, any::<bool>()).prop_map(|(name, rule, always)| Said::Header {
        name: name.to_owned(),
        rule,
        always,
    })
}

fn cookie() -> impl Strategy<Value = Said> {
    let path = prop::sample::select(vec![None, Some("/"), Some("/p")]);
    let domain = prop::sample::select(vec![None, Some("example.com"), Some("Example.com")]);
    let rule = (0..4u8, 0..3u8, path, domain).prop_map(|(rule, value, path, domain)| match rule {
        0 | 1 => CookieRule::Set {
            value,
            path: path.or(Some("/")),
            domain,
        },
        2 => CookieRule::Documented,
        _ => CookieRule::Removed,
    });
    (
        prop::sample::select(vec!["a", "b", "A"]),
        rule,
        any::<bool>(),
    )
        .prop_map(|(name, rule, always)| Said::Cookie { name, rule, always })
}

fn once() -> impl Strategy<Value = Said> {
    let cache = prop::sample::select(vec![
        "",
        "no-store",
        "private",
        "public",
        "max-age=1",
        "max-age=2, public",
        "no-cache",
        "must-revalidate",
    ])
    .prop_map(|text| {
        if text.is_empty() {
            CacheControl::new()
        } else {
            text.parse().unwrap()
        }
    });
    let tag = prop::sample::select(vec![ETag::strong("v"), ETag::weak("v"), ETag::strong("w")]);
    prop_oneof![
        cache
            .clone()
            .prop_map(|cache| Said::Cache(CacheRule::Set(cache))),
        cache.prop_map(|cache| Said::Cache(CacheRule::Patch(cache))),
        Just(Said::Cache(CacheRule::Documented)),
        Just(Said::Cache(CacheRule::Removed)),
        tag.prop_map(|tag| Said::Tag(TagRule::Set(tag))),
        (0..12usize).prop_map(|limit| Said::Tag(TagRule::Computed(limit))),
        Just(Said::Tag(TagRule::Documented)),
        Just(Said::Tag(TagRule::Removed)),
        prop::sample::select(vec![200u16, 201, 202, 204]).prop_map(Said::Status),
        any::<bool>().prop_map(Said::ByMethod),
    ]
}

fn layer() -> impl Strategy<Value = Vec<Said>> {
    prop::collection::vec(prop_oneof![3 => header(), 2 => cookie(), 2 => once()], 0..7).prop_map(
        |all| {
            let mut kept: Vec<Said> = Vec::new();
            for said in all {
                if !kept.iter().any(|other| other.excludes(&said)) {
                    kept.push(said);
                }
            }
            kept
        },
    )
}

/// An endpoint and one to four layers.
pub(super) fn chain() -> impl Strategy<Value = Chain> {
    prop::collection::vec(layer(), 2..6)
}

pub(super) fn joins() -> impl Strategy<Value = Vec<Join>> {
    prop::collection::vec(
        prop::sample::select(vec![Join::Nest, Join::Mount, Join::Merge]),
        5,
    )
}

pub(super) fn answered() -> impl Strategy<Value = Answered> {
    let status = prop_oneof![
        4 => Just(200u16),
        3 => prop::sample::select(vec![201, 204, 206, 302, 304, 400, 404, 405, 500, 503]),
    ];
    let field = prop::sample::select(vec![
        ("x-a", "own"),
        ("x-b", "own"),
        ("link", "own"),
        ("vary", "Cookie"),
        ("vary", "*"),
        ("set-cookie", "a=own; Path=/"),
        ("set-cookie", "a=own; Path=/p; Domain=.EXAMPLE.com"),
        ("set-cookie", "b=own"),
        ("cache-control", "no-cache"),
        ("cache-control", "no-store"),
        ("etag", "\"own\""),
        ("etag", "W/\"v\""),
        ("accept-ranges", "bytes"),
        ("content-language", "en"),
    ]);
    let headers = prop::collection::vec(field, 0..4).prop_map(|mut all| {
        let mut single = std::collections::HashSet::new();
        all.retain(|(name, _)| *name == "set-cookie" || single.insert(*name));
        all
    });
    let content = prop::sample::select(vec!["", "content", "long content"]);
    (status, headers, content, any::<bool>()).prop_map(|(status, headers, content, is_stream)| {
        Answered {
            status,
            headers,
            content,
            is_stream,
        }
    })
}

pub(super) fn asked() -> impl Strategy<Value = Asked> {
    let method = prop::sample::select(vec!["GET", "GET", "HEAD", "POST", "DELETE"]);
    let if_none_match = prop::sample::select(vec![
        None,
        None,
        Some("*"),
        Some("\"x\", \"v\""),
        Some("W/\"own\""),
    ]);
    (method, if_none_match).prop_map(|(method, if_none_match)| Asked {
        method,
        if_none_match,
    })
}
