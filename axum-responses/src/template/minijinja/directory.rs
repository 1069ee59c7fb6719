//! Templates as files of a directory.

use std::fmt;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use axum::BoxError;
use minijinja::{Error, ErrorKind, TemplateSource};

use super::super::Causes;

/// Why the templates of a directory could not be loaded: which file, and what is wrong with it.
///
/// ```
/// use axum_responses::template::MiniJinja;
///
/// let error = MiniJinja::from_dir("no such folder").unwrap_err();
/// assert_eq!(error.path(), std::path::Path::new("no such folder"));
/// assert!(error.to_string().starts_with("no such folder: "));
/// ```
#[derive(Debug)]
pub struct LoadError {
    path: PathBuf,
    cause: BoxError,
}

impl LoadError {
    pub(super) fn new(path: impl Into<PathBuf>, cause: impl Into<BoxError>) -> Self {
        Self {
            path: path.into(),
            cause: cause.into(),
        }
    }

    /// The file or directory at fault.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// The path, and everything that lies behind it: a syntax error comes with its line.
impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), Causes(&*self.cause))
    }
}

impl std::error::Error for LoadError {}

/// All files of a directory tree, by the names that templates have, in the order of these.
pub(super) fn files(root: &Path) -> Result<Vec<(String, PathBuf)>, LoadError> {
    let mut found = Vec::new();
    collect(root, "", &mut Vec::new(), &mut found)?;
    found.sort();
    Ok(found)
}

fn collect(
    directory: &Path,
    prefix: &str,
    ancestors: &mut Vec<PathBuf>,
    found: &mut Vec<(String, PathBuf)>,
) -> Result<(), LoadError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |error: std::io::Error| LoadError::new(path, error)
    };
    let real = fs::canonicalize(directory).map_err(at(directory))?;
    if ancestors.contains(&real) {
        return Err(LoadError::new(
            directory,
            "a symbolic link leads back to a directory around it",
        ));
    }
    ancestors.push(real);
    for entry in fs::read_dir(directory).map_err(at(directory))? {
        let path = entry.map_err(at(directory))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            return Err(LoadError::new(path, "the name is not UTF-8"));
        };
        if name.starts_with('.') {
            continue;
        }
        let name = format!("{prefix}{name}");
        let metadata = fs::metadata(&path).map_err(at(&path))?;
        if metadata.is_dir() {
            collect(&path, &format!("{name}/"), ancestors, found)?;
        } else if metadata.is_file() {
            found.push((name, path));
        }
    }
    ancestors.pop();
    Ok(())
}

/// Reads one template, and lets minijinja ask later whether the file is still the same.
pub(super) fn load(root: &Path, name: &str) -> Result<Option<TemplateSource>, Error> {
    let Some(path) = below(root, name) else {
        return Ok(None);
    };
    // Before reading: a file that is changed meanwhile is seen to have changed.
    let Some(stamp) = stamp(&path) else {
        return Ok(None);
    };
    let source = fs::read_to_string(&path).map_err(|error| {
        Error::new(ErrorKind::InvalidOperation, "the file cannot be read").with_source(error)
    })?;
    let unchanged = move || self::stamp(&path) == Some(stamp);
    Ok(Some(
        TemplateSource::new(source).with_uptodate_check(unchanged),
    ))
}

/// The file of a template's name: only names that [`files`] could have given are below the directory.
fn below(root: &Path, name: &str) -> Option<PathBuf> {
    let is_name = |part: &str| {
        !part.starts_with('.')
            && !part.contains(['\\', '\0'])
            && matches!(
                (
                    Path::new(part).components().next(),
                    Path::new(part).components().count()
                ),
                (Some(Component::Normal(_)), 1)
            )
    };
    name.split('/').all(is_name).then(|| root.join(name))
}

/// What changes when a file is edited; `None` where there is no such file.
fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    Some((metadata.modified().ok()?, metadata.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_leads_out_of_the_directory() {
        let check = |name, inside| {
            assert_eq!(below(Path::new("root"), name).is_some(), inside, "{name:?}");
        };
        check("info.html", true);
        check("a/b/info.html", true);
        check("a b/ü.html", true);
        check("..", false);
        check("../info.html", false);
        check("a/../../info.html", false);
        check("./info.html", false);
        check("/etc/passwd", false);
        check("a//info.html", false);
        check("a/", false);
        check("", false);
        check("a\\..\\info.html", false);
        check(".hidden", false);
        check("a/.hidden/info.html", false);
        check("a\0b", false);
    }
}
