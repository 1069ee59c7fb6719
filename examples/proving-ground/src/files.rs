//! Files of the root folder, and downloads whose names are hard to send.

use axum::extract::State;
use axum_responses::problem::Path;
use axum_responses::rejection::InvalidPath;
use axum_responses::{File, FileError, Root};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct Below {
    /// Which file, seen from the root folder
    #[param(example = "file.bin")]
    file: String,
}

/// A file of the root folder
#[utoipa::path(
    get,
    path = "/{*file}",
    tag = "Files",
    params(Below),
    responses(File, FileError, InvalidPath)
)]
pub(crate) async fn file(
    State(root): State<Root>,
    Path(Below { file }): Path<Below>,
) -> Result<File, FileError> {
    root.file(&file).await
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct Download {
    /// What is special about its name
    #[param(inline, example = "plain")]
    kind: Kind,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Plain,
    Space,
    Quote,
    Backslash,
    Latin1,
    Cjk,
    Emoji,
    Euro,
    Semicolon,
    Percent,
    Apos,
    Mixed,
    Slash,
    Dotdot,
    Tab,
    Crlf,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Plain => "report.pdf",
            Self::Space => "my report.pdf",
            Self::Quote => "a\"b.txt",
            Self::Backslash => r"a\b.txt",
            Self::Latin1 => "café.txt",
            Self::Cjk => "日本語.txt",
            Self::Emoji => "😀.txt",
            Self::Euro => "€uro.txt",
            Self::Semicolon => "a;b.txt",
            Self::Percent => "100%25.txt",
            Self::Apos => "it's.txt",
            Self::Mixed => "naïve \"plan\" 50%; €.txt",
            Self::Slash => "a/b.txt",
            Self::Dotdot => "../../etc/passwd",
            Self::Tab => "a\tb.txt",
            Self::Crlf => "a\r\nX-Evil: 1.txt",
        }
    }
}

/// A small download
#[utoipa::path(
    get,
    path = "/dl/{kind}",
    tag = "Files",
    params(Download),
    responses(File, InvalidPath)
)]
pub(crate) async fn download(Path(Download { kind }): Path<Download>) -> File {
    File::from_bytes("a small download\n").attachment(kind.name())
}
