//! What the name of a file says.

use crate::media_type::MediaType;

impl MediaType {
    /// The type that belongs to the suffix of this name; `application/octet-stream` where none is known.
    ///
    /// `.tar.gz` is `application/gzip`: what is packed stays packed. `.ts` is TypeScript and no video.
    ///
    /// ```
    /// # use axum_responses::MediaType;
    /// let of = |name| MediaType::of_file_name(name).to_string();
    /// assert_eq!(of("report.PDF"), "application/pdf");
    /// assert_eq!(of("archive.tar.gz"), "application/gzip");
    /// assert_eq!(of("module.mjs"), "text/javascript");
    /// assert_eq!(of("README"), "application/octet-stream");
    /// ```
    #[must_use]
    pub fn of_file_name(name: &str) -> Self {
        let suffix = match name.rsplit_once('.') {
            Some((_, suffix)) => suffix,
            None => return Self::OCTET_STREAM,
        };
        if let Some(known) = corrected(suffix) {
            return known;
        }
        mime_guess::from_ext(suffix)
            .first_raw()
            .and_then(|text| text.parse().ok())
            .unwrap_or(Self::OCTET_STREAM)
    }
}

/// Where the common table is behind its time, ambiguous, or has no registered type.
fn corrected(suffix: &str) -> Option<MediaType> {
    static CORRECTED: [(&str, MediaType); 16] = [
        ("bin", MediaType::OCTET_STREAM),
        ("cjs", MediaType::from_static("text/javascript")),
        ("cts", MediaType::from_static("text/typescript")),
        ("jsonl", MediaType::NDJSON),
        ("mjs", MediaType::from_static("text/javascript")), // RFC 9239 §6
        ("mts", MediaType::from_static("text/typescript")),
        ("ndjson", MediaType::NDJSON),
        ("rs", MediaType::from_static("text/rust")),
        ("tgz", MediaType::from_static("application/gzip")), // RFC 6713
        ("toml", MediaType::from_static("application/toml")),
        ("ts", MediaType::from_static("text/typescript")),
        ("tsx", MediaType::from_static("text/typescript")),
        ("xml", MediaType::XML), // its own declaration names the encoding
        ("yaml", MediaType::from_static("application/yaml")), // RFC 9512
        ("yml", MediaType::from_static("application/yaml")),
        ("zst", MediaType::from_static("application/zstd")), // RFC 8878
    ];
    CORRECTED
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(suffix))
        .map(|(_, media_type)| media_type.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suffix_tells_the_type() {
        for (name, expected) in [
            ("x.html", "text/html; charset=utf-8"),
            ("x.css", "text/css; charset=utf-8"),
            ("x.js", "text/javascript; charset=utf-8"),
            ("x.mjs", "text/javascript; charset=utf-8"),
            ("x.ts", "text/typescript; charset=utf-8"),
            ("x.md", "text/markdown; charset=utf-8"),
            ("x.csv", "text/csv; charset=utf-8"),
            ("x.JSON", "application/json"),
            ("x.jsonl", "application/x-ndjson"),
            ("x.svg", "image/svg+xml"),
            ("x.xml", "application/xml"),
            ("x.wasm", "application/wasm"),
            ("x.png", "image/png"),
            ("x.tar.gz", "application/gzip"),
            ("x.tgz", "application/gzip"),
            ("x.zzz", "application/octet-stream"),
            ("x.", "application/octet-stream"),
            ("README", "application/octet-stream"),
            ("gz", "application/octet-stream"),
        ] {
            assert_eq!(
                MediaType::of_file_name(name).content_type(),
                expected,
                "{name}"
            );
        }
    }
}
