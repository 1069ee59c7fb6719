//! The files that the tour sends: written into a temporary folder when it starts.

use std::fs;
use std::io;
use std::iter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum_responses::Root;

/// When all of them were modified, as far as anybody can tell: Tue, 14 Nov 2023 22:13:20 GMT.
const MODIFIED: Duration = Duration::from_secs(1_700_000_000);

const HELLO: &[u8] = b"hello file\n";

/// A folder of the tour's own, which is removed with the last clone.
///
/// Below it stands `public`, the folder below which strangers name files, and beside that one a
/// file that they must not reach.
#[derive(Clone, Debug)]
pub struct Folder(Arc<Contents>);

#[derive(Debug)]
struct Contents {
    // Before the folder goes, nobody holds it open.
    public: Root,
    temporary: Temporary,
}

impl Folder {
    /// Writes all files.
    ///
    /// # Errors
    /// Those of the operating system.
    pub fn write() -> io::Result<Self> {
        let temporary = Temporary::new()?;
        for (name, content) in [
            (
                "report.pdf",
                b"%PDF-1.4\n% tiny reference file\n%%EOF\n".to_vec(),
            ),
            ("hello.txt", HELLO.to_vec()),
            ("empty.bin", Vec::new()),
            ("digits.bin", b"0123456789".repeat(10)),
            ("one_mib.bin", every_byte(4096)),
            ("big.bin", [every_byte(12_288), b"tail".to_vec()].concat()),
            ("archive.tar.gz", archive()),
            ("secret.txt", b"top secret\n".to_vec()),
            ("public/hello.txt", HELLO.to_vec()),
            ("public/with space.txt", b"space\n".to_vec()),
            ("public/sub/deep.txt", b"deep\n".to_vec()),
            ("public/style.css", style().into_bytes()),
            (
                "public/style.css.gz",
                include_bytes!("../files/style.css.gz").to_vec(),
            ),
            (
                "public/style.css.br",
                include_bytes!("../files/style.css.br").to_vec(),
            ),
        ] {
            temporary.file(name, &content)?;
        }
        #[cfg(unix)]
        for (name, target) in [("escape.txt", "../secret.txt"), ("escape-dir", "..")] {
            std::os::unix::fs::symlink(target, temporary.path.join("public").join(name))?;
        }
        let public = Root::open(temporary.path.join("public"))?
            .inline()
            .precompressed();
        Ok(Self(Arc::new(Contents { public, temporary })))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0.temporary.path
    }

    /// Where the file of this name is.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// Below which strangers name files.
    pub(crate) fn public(&self) -> &Root {
        &self.0.public
    }
}

/// The bytes from 00 to ff, so many times.
fn every_byte(times: usize) -> Vec<u8> {
    (0..=u8::MAX).collect::<Vec<_>>().repeat(times)
}

/// The head of a gzip file (RFC 1952 §2.3), and nothing that anybody could unpack.
fn archive() -> Vec<u8> {
    let mut archive = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    archive.resize(20, 0);
    archive
}

/// What `style.css.gz` and `style.css.br` were made of.
fn style() -> String {
    let rules = (1..=50).map(|n| format!(".p{n:02} {{ color: #00{n:02}{n:02}; }}\n"));
    iter::once("/* tour style sheet */\n".to_owned())
        .chain(rules)
        .collect()
}

/// A folder that is removed when it is dropped.
#[derive(Debug)]
struct Temporary {
    path: PathBuf,
}

impl Temporary {
    fn new() -> io::Result<Self> {
        let process = std::process::id();
        for number in 0_u32.. {
            let path = std::env::temp_dir().join(format!("tour-{process}-{number}"));
            // What is there already is somebody else's.
            match create(&path) {
                Ok(()) => return Ok(Self { path }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    fn file(&self, name: &str, content: &[u8]) -> io::Result<()> {
        let path = self.path.join(name);
        fs::create_dir_all(path.parent().unwrap_or(&self.path))?;
        fs::write(&path, content)?;
        let file = fs::File::options().write(true).open(&path)?;
        file.set_modified(SystemTime::UNIX_EPOCH + MODIFIED)
    }
}

/// Nobody else needs to look into it.
fn create(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            tracing::warn!(%error, "the folder of the tour's files stays");
        }
    }
}
