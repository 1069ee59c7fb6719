//! `multipart/byteranges` taken apart to the letter (RFC 9110 §14.6, RFC 2046 §5.1.1).

/// What stands between two boundaries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) content_type: Option<String>,
    pub(super) content_range: Option<String>,
    pub(super) content: Vec<u8>,
}

/// The parts, or what is wrong with them.
pub(super) fn parts(content_type: &str, body: &[u8]) -> Result<Vec<Part>, String> {
    let boundary = boundary(content_type)?;
    // The line break in front of a delimiter is its own; in front of the first it may be left out.
    let mut rest = body.strip_prefix(b"\r\n").unwrap_or(body);
    let first = format!("--{boundary}\r\n");
    rest = rest
        .strip_prefix(first.as_bytes())
        .ok_or("no first delimiter")?;
    let delimiter = format!("\r\n--{boundary}");
    let mut parts = Vec::new();
    loop {
        let head = find(rest, b"\r\n\r\n").ok_or("a part without the end of its head")?;
        let (lines, content) = rest.split_at(head);
        let content = &content[4..];
        let end = find(content, delimiter.as_bytes()).ok_or("a part without an end")?;
        let mut part = fields(lines)?;
        part.content = content[..end].to_vec();
        parts.push(part);
        rest = &content[end + delimiter.len()..];
        if let Some(behind) = rest.strip_prefix(b"--") {
            if behind.is_empty() || behind == b"\r\n" {
                return Ok(parts);
            }
            return Err("more behind the last delimiter".to_owned());
        }
        rest = rest.strip_prefix(b"\r\n").ok_or("a delimiter goes on")?;
    }
}

fn boundary(content_type: &str) -> Result<&str, String> {
    let (kind, parameter) = content_type.split_once(';').ok_or("no boundary")?;
    if !kind.trim().eq_ignore_ascii_case("multipart/byteranges") {
        return Err(format!("content-type {content_type}"));
    }
    let boundary = parameter.trim().strip_prefix("boundary=");
    let boundary = boundary.ok_or("no boundary")?;
    let boundary = match boundary.strip_prefix('"') {
        Some(quoted) => quoted.strip_suffix('"').ok_or("half a quoted boundary")?,
        None => boundary,
    };
    if boundary.is_empty() || boundary.len() > 70 {
        return Err(format!("a boundary of {} characters", boundary.len()));
    }
    Ok(boundary)
}

fn fields(lines: &[u8]) -> Result<Part, String> {
    let mut part = Part {
        content_type: None,
        content_range: None,
        content: Vec::new(),
    };
    let lines = str::from_utf8(lines).map_err(|_| "a head that is no text")?;
    for line in lines.split("\r\n") {
        let (name, value) = line.split_once(':').ok_or("a field without a colon")?;
        let field = match name.to_ascii_lowercase().as_str() {
            "content-type" => &mut part.content_type,
            "content-range" => &mut part.content_range,
            _ => continue,
        };
        if field.replace(value.trim().to_owned()).is_some() {
            return Err(format!("{name} twice"));
        }
    }
    Ok(part)
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len())
        .position(|window| window == wanted)
}
