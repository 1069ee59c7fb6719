//! What a response must have, read from the declarations anew for each response.

use std::collections::BTreeMap;

use axum_layered::{CacheControl, ETag};

use super::tree::{Answered, Asked, CacheRule, CookieRule, Rule, Said, TagRule, set_cookie};

/// Lines by name in lower case; framing and the type of content apart.
pub(super) type Lines = BTreeMap<String, Vec<String>>;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Expected {
    pub(super) status: u16,
    pub(super) lines: Lines,
    pub(super) content: String,
}

pub(super) fn expected(chain: &[Vec<Said>], answered: &Answered, asked: &Asked) -> Expected {
    let mut status = answered.status;
    if status == 200 {
        let of =
            |level: &Vec<Said>, wanted: fn(&Said) -> Option<u16>| level.iter().find_map(wanted);
        let declared = |level| {
            of(level, |said| match said {
                Said::Status(status) => Some(*status),
                _ => None,
            })
        };
        let by_method = |level| {
            of(level, |said| match said {
                Said::ByMethod(on) => Some(u16::from(*on)),
                _ => None,
            })
        };
        // The closest that says how far the search goes: a status, or that the method decides.
        let first_by_method = chain.iter().position(|level| by_method(level).is_some());
        let decided = chain.iter().enumerate().find_map(|(at, level)| {
            let on = first_by_method == Some(at) && by_method(level) == Some(1);
            declared(level).map(Some).or(on.then_some(None))
        });
        let (declared, by_method) = match decided {
            Some(Some(status)) => (Some(status), None),
            Some(None) => (None, Some(true)),
            None => (None, None),
        };
        let is_empty = answered.content.is_empty() && !answered.is_stream;
        status = match (declared, by_method, asked.method) {
            (Some(declared), ..) => declared,
            (None, Some(true), "POST") => 201,
            (None, Some(true), "DELETE") if is_empty => 204,
            _ => 200,
        };
    }
    let failed = status >= 400;
    let mut lines = Lines::new();
    for (name, value) in &answered.headers {
        lines
            .entry((*name).to_owned())
            .or_default()
            .push((*value).to_owned());
    }
    for name in ["x-a", "x-b", "link"] {
        let sent = header(chain, name, failed, lines.remove(name).unwrap_or_default());
        lines.insert(name.to_owned(), sent);
    }
    let vary = vary(chain, failed, lines.get("vary"));
    lines.insert("vary".to_owned(), vary);
    let cookies = cookies(
        chain,
        failed,
        lines.remove("set-cookie").unwrap_or_default(),
    );
    lines.insert("set-cookie".to_owned(), cookies);
    if !failed && !lines.contains_key("cache-control") {
        lines.insert("cache-control".to_owned(), cache_control(chain));
    }
    let reads = matches!(asked.method, "GET" | "HEAD");
    if reads && (200..300).contains(&status) {
        if status != 206 && !lines.contains_key("etag") && !lines.contains_key("accept-ranges") {
            let tag = tag(chain, answered, asked, status, &lines);
            lines.insert(
                "etag".to_owned(),
                tag.iter().map(ToString::to_string).collect(),
            );
        }
        let tag = lines.get("etag").and_then(|lines| lines.first());
        let has_it = match (asked.if_none_match, tag) {
            (Some("*"), Some(_)) => true,
            (Some(given), Some(tag)) => {
                let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
                given.split(',').any(|given| bare(given) == bare(tag))
            }
            _ => false,
        };
        if has_it {
            status = 304;
            lines.remove("content-language");
        }
    }
    lines.retain(|_, lines| !lines.is_empty());
    let no_content = matches!(status, 204 | 304) || asked.method == "HEAD";
    Expected {
        status,
        lines,
        content: if no_content {
            String::new()
        } else {
            answered.content.to_owned()
        },
    }
}

/// Whether a declaration speaks of such a response: values that are not `always` say nothing of errors.
fn speaks(failed: bool, always: bool, takes_away: bool) -> bool {
    !failed || always || takes_away
}

fn header(chain: &[Vec<Said>], wanted: &str, failed: bool, own: Vec<String>) -> Vec<String> {
    let mut plain = None;
    let mut appended = Vec::new();
    for layer in chain {
        let mut closes = false;
        for said in layer {
            let Said::Header { name, rule, always } = said else {
                continue;
            };
            let takes_away = matches!(rule, Rule::Documented | Rule::Removed);
            if !name.eq_ignore_ascii_case(wanted) || !speaks(failed, *always, takes_away) {
                continue;
            }
            match rule {
                Rule::Set(value) => {
                    plain = Some(value.clone());
                    closes = true;
                }
                Rule::Append(value) => appended.push(value.clone()),
                Rule::Documented | Rule::Removed => closes = true,
            }
        }
        if closes {
            break;
        }
    }
    let mut lines = own;
    if lines.is_empty() {
        lines.extend(plain);
    }
    lines.extend(appended);
    lines
}

fn vary(chain: &[Vec<Said>], failed: bool, own: Option<&Vec<String>>) -> Vec<String> {
    let mut values = own.cloned().unwrap_or_default();
    for layer in chain {
        let mut closes = false;
        for said in layer {
            let Said::Header { name, rule, always } = said else {
                continue;
            };
            if !name.eq_ignore_ascii_case("vary") {
                continue;
            }
            match rule {
                Rule::Set(value) | Rule::Append(value) if speaks(failed, *always, false) => {
                    values.push(value.clone());
                }
                Rule::Set(_) | Rule::Append(_) => {}
                Rule::Documented | Rule::Removed => closes = true,
            }
        }
        if closes {
            break;
        }
    }
    let mut names: Vec<String> = Vec::new();
    for name in values.iter().flat_map(|value| value.split(", ")) {
        if !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            names.push(name.to_owned());
        }
    }
    if names.iter().any(|name| name == "*") {
        names = vec!["*".to_owned()];
    }
    if names.is_empty() {
        Vec::new()
    } else {
        vec![names.join(", ")]
    }
}

fn cookies(chain: &[Vec<Said>], failed: bool, own: Vec<String>) -> Vec<String> {
    // Name, path, domain.
    let key = |line: &str| {
        let mut parts = line.split("; ");
        let name = parts.next().unwrap().split('=').next().unwrap().to_owned();
        let rest: Vec<_> = parts.collect();
        let find = |attribute: &str| rest.iter().find_map(|part| part.strip_prefix(attribute));
        let domain = find("Domain=").map(|domain| domain.trim_start_matches('.').to_lowercase());
        (name, find("Path=").map(str::to_owned), domain)
    };
    let dynamic: Vec<_> = own.iter().map(|line| key(line)).collect();
    let mut sent: Vec<String> = Vec::new();
    let mut closed: Vec<&str> = Vec::new();
    for layer in chain {
        let mut closing = Vec::new();
        for said in layer {
            let Said::Cookie { name, rule, always } = said else {
                continue;
            };
            match rule {
                CookieRule::Set {
                    value,
                    path,
                    domain,
                } => {
                    let line = set_cookie(name, *value, *path, *domain)
                        .to_header()
                        .unwrap();
                    let line = line.to_str().unwrap();
                    let is_new = !sent.iter().any(|sent| key(sent) == key(line));
                    if is_new && speaks(failed, *always, false) && !closed.contains(name) {
                        sent.push(line.to_owned());
                    }
                }
                CookieRule::Documented | CookieRule::Removed => closing.push(*name),
            }
        }
        closed.extend(closing);
    }
    sent.retain(|line| !dynamic.contains(&key(line)));
    own.into_iter().chain(sent).collect()
}

fn cache_control(chain: &[Vec<Said>]) -> Vec<String> {
    let mut value: Option<CacheControl> = None;
    // Outermost first: each layer says what becomes of what those above it have said.
    for layer in chain.iter().rev() {
        for said in layer {
            value = match said {
                Said::Cache(CacheRule::Set(whole)) => Some(whole.clone()),
                Said::Cache(CacheRule::Patch(patch)) => {
                    Some(value.unwrap_or_default().patched(patch))
                }
                Said::Cache(CacheRule::Documented | CacheRule::Removed) => None,
                _ => value,
            };
        }
    }
    let line = value.map(|value| value.to_string()).unwrap_or_default();
    if line.is_empty() {
        Vec::new()
    } else {
        vec![line]
    }
}

fn tag(
    chain: &[Vec<Said>],
    answered: &Answered,
    asked: &Asked,
    status: u16,
    lines: &Lines,
) -> Option<ETag> {
    let rule = chain.iter().flatten().find_map(|said| match said {
        Said::Tag(rule) => Some(rule),
        _ => None,
    })?;
    match rule {
        TagRule::Set(tag) => Some(tag.clone()),
        TagRule::Documented | TagRule::Removed => None,
        TagRule::Computed(limit) => {
            let length = answered.content.len();
            let no_store = lines["cache-control"]
                .iter()
                .any(|line| line.contains("no-store"));
            let is_empty_head = asked.method == "HEAD" && length == 0;
            let takes = status == 200 && !answered.is_stream && length <= *limit;
            (takes && !no_store && !is_empty_head)
                .then(|| ETag::of_content(answered.content.as_bytes()).into_weak())
        }
    }
}
