//! What a template's name says about its content.

use std::fmt;

use super::engine::Escaping;
use crate::media_type::{self, MediaType};

/// Endings that tell the language of the template, not what comes out of it.
const LANGUAGES: [&str; 3] = ["j2", "jinja", "jinja2"];

const SUFFIXES: [(&str, Suffix); 9] = [
    ("html", Suffix::Html),
    ("txt", Suffix::Text),
    ("xml", Suffix::Xml),
    ("htm", Suffix::Html),
    ("csv", Suffix::Csv),
    ("json", Suffix::Json),
    ("css", Suffix::Css),
    ("js", Suffix::JavaScript),
    ("md", Suffix::Markdown),
];

/// The suffixes that name a content beyond doubt. All others leave it to the media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Suffix {
    Html,
    Xml,
    Text,
    Csv,
    Json,
    Css,
    JavaScript,
    Markdown,
}

impl Suffix {
    /// The suffix of `mails/welcome.html.j2` is `html`; upper and lower case are the same.
    pub(super) fn of(name: &str) -> Option<Self> {
        let (before, mut last) = name.rsplit_once('.')?;
        if LANGUAGES
            .iter()
            .any(|language| last.eq_ignore_ascii_case(language))
        {
            last = before.rsplit_once('.')?.1;
        }
        SUFFIXES
            .iter()
            .find(|(suffix, _)| last.eq_ignore_ascii_case(suffix))
            .map(|(_, suffix)| *suffix)
    }

    pub(super) fn escaping(self) -> Escaping {
        match self {
            Self::Html | Self::Xml => Escaping::Markup,
            Self::Text | Self::Csv | Self::Json | Self::Css | Self::JavaScript | Self::Markdown => {
                Escaping::None
            }
        }
    }

    /// Whether content with this suffix may be called that.
    fn fits(self, media_type: &MediaType) -> bool {
        let essence = media_type.essence();
        let is = |accepted: &[&str]| accepted.iter().any(|one| essence.eq_ignore_ascii_case(one));
        match self {
            Self::Html => is(&["text/html", "application/xhtml+xml"]),
            Self::Xml => {
                is(&["text/xml"])
                    || media_type::is_or_has_suffix(essence, "application/xml", "+xml")
            }
            Self::Text => is(&["text/plain"]),
            Self::Csv => is(&["text/csv"]),
            Self::Json => media_type.is_json(),
            Self::Css => is(&["text/css"]),
            Self::JavaScript => is(&["text/javascript", "application/javascript"]),
            Self::Markdown => is(&["text/markdown", "text/plain"]),
        }
    }

    /// What to write in the handler's signature.
    fn signature(self) -> &'static str {
        match self {
            Self::Html => "Template",
            Self::Xml => "Template<Named, XmlType>",
            Self::Text => "Template<Named, PlainText>",
            Self::Csv => "Template<Named, CsvType>",
            Self::Json => "Template<Named, JsonType>",
            Self::Css => "Template<Named, Css> with media_type!(Css = \"text/css\")",
            Self::JavaScript => {
                "Template<Named, JavaScript> with media_type!(JavaScript = \"text/javascript\")"
            }
            Self::Markdown => {
                "Template<Named, Markdown> with media_type!(Markdown = \"text/markdown\")"
            }
        }
    }

    /// Refuses a name that says something else than the type it is declared as: unescaped text
    /// would be sent as a page.
    pub(super) fn check(self, name: &str, declared: &MediaType) -> Result<(), WrongSuffix> {
        if self.fits(declared) {
            return Ok(());
        }
        Err(WrongSuffix {
            name: name.to_owned(),
            declared: declared.essence().to_owned(),
            signature: self.signature(),
        })
    }
}

/// A template's name and the handler's signature contradict each other.
#[derive(Debug)]
pub(super) struct WrongSuffix {
    name: String,
    declared: String,
    signature: &'static str,
}

impl fmt::Display for WrongSuffix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            declared,
            signature,
        } = self;
        write!(
            f,
            "the name of the template `{name}` contradicts {declared}, the media type of the handler's return type: \
             write {signature}"
        )
    }
}

impl std::error::Error for WrongSuffix {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_suffix_that_is_no_language_counts() {
        let check = |name, expected| assert_eq!(Suffix::of(name), expected, "{name}");
        check("info.html", Some(Suffix::Html));
        check("a/b.c/info.htm", Some(Suffix::Html));
        check("INFO.HTML", Some(Suffix::Html));
        check("info.txt.html", Some(Suffix::Html));
        check("info.html.txt", Some(Suffix::Text));
        check("feed.xml.jinja", Some(Suffix::Xml));
        check("note.txt.j2", Some(Suffix::Text));
        check("info.html.JINJA2", Some(Suffix::Html));
        check("rows.csv", Some(Suffix::Csv));
        check("data.json", Some(Suffix::Json));
        check("site.css", Some(Suffix::Css));
        check("site.js", Some(Suffix::JavaScript));
        check("readme.md", Some(Suffix::Markdown));
        // Nothing beyond doubt: the media type decides.
        check("html", None);
        check("info", None);
        check("info.jinja", None);
        check("info.j2.j2", None);
        check("image.svg", None);
        check("a.html/info", None);
        check("", None);
        check(".", None);
    }

    #[test]
    fn a_name_fits_the_types_of_its_content_only() {
        let check = |name: &str, declared: &str, expected| {
            let suffix = Suffix::of(name).unwrap();
            let fits = suffix.check(name, &declared.parse().unwrap()).is_ok();
            assert_eq!(fits, expected, "{name} as {declared}");
        };
        check("info.html", "text/html; charset=utf-8", true);
        check("info.html", "application/xhtml+xml", true);
        check("info.html", "text/plain", false);
        check("info.html", "application/xml", false);
        check("feed.xml", "application/xml", true);
        check("feed.xml", "text/xml", true);
        check("feed.xml", "application/atom+xml", true);
        check("feed.xml", "text/html", false);
        check("note.txt", "text/plain", true);
        check("note.txt", "Text/Plain", true);
        check("note.txt", "text/html", false);
        check("note.txt", "image/svg+xml", false);
        check("rows.csv", "text/csv", true);
        check("data.json", "application/problem+json", true);
        check("data.json", "text/html", false);
        check("readme.md", "text/plain", true);
        check("readme.md", "text/html", false);
        check("site.js", "text/html", false);
        check("site.css", "text/css", true);
    }

    #[test]
    fn a_contradiction_tells_what_to_write() {
        let check = |name: &str, declared: &MediaType, expected: &str| {
            let refused = Suffix::of(name).unwrap().check(name, declared).unwrap_err();
            let text = refused.to_string();
            assert!(text.ends_with(&format!(": write {expected}")), "{text}");
            assert!(
                text.contains(name) && text.contains(declared.essence()),
                "{text}"
            );
        };
        check("note.txt", &MediaType::HTML, "Template<Named, PlainText>");
        check("info.html", &MediaType::TEXT, "Template");
        check("feed.xml.j2", &MediaType::HTML, "Template<Named, XmlType>");
        check("data.json", &MediaType::HTML, "Template<Named, JsonType>");
    }
}
