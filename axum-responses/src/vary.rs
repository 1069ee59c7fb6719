//! `Vary`, united and never overwritten (RFC 9110 §12.5.5).

use http::{HeaderMap, HeaderValue, header};

/// Adds field names to `Vary` (RFC 9110 §12.5.5): each stands once, `*` swallows the rest.
///
/// Names compare in any case, and stay as they were written first. Several lines become one.
///
/// ```
/// use axum::http::{HeaderMap, HeaderValue, header::VARY};
/// use axum_responses::header::unite_vary;
///
/// let mut headers = HeaderMap::new();
/// for value in ["Accept", "accept, Origin"] {
///     unite_vary(&mut headers, &HeaderValue::from_static(value));
/// }
/// assert_eq!(headers[VARY], "Accept, Origin");
///
/// headers.append(VARY, HeaderValue::from_static("cookie"));
/// unite_vary(&mut headers, &HeaderValue::from_static("ORIGIN, range"));
/// assert_eq!(headers.get_all(VARY).iter().collect::<Vec<_>>(), ["Accept, Origin, cookie, range"]);
///
/// unite_vary(&mut headers, &HeaderValue::from_static("*"));
/// assert_eq!(headers[VARY], "*");
/// ```
pub fn unite(headers: &mut HeaderMap, more: &HeaderValue) {
    let name = more.as_bytes();
    let is_one = !name.contains(&b',') && !name.trim_ascii().is_empty(); // as it is mostly
    match headers.get(header::VARY) {
        None if is_one => {
            headers.insert(header::VARY, more.clone());
            return;
        }
        Some(present) if is_one && present == more => return,
        _ => {}
    }
    let mut names: Vec<&str> = Vec::new();
    let lines = headers.get_all(header::VARY).iter().chain([more]);
    for name in lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
    {
        let name = name.trim();
        if !name.is_empty() && !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            names.push(name);
        }
    }
    let united = if names.contains(&"*") {
        "*".to_owned()
    } else {
        names.join(", ")
    };
    if let Ok(united) = HeaderValue::try_from(united)
        && !united.is_empty()
    {
        headers.insert(header::VARY, united);
    }
}
