//! A server of our own that cannot outlive us.
//!
//! A `static` is never dropped, and a process that is killed drops nothing. So the server is the child of a
//! shell that holds the reading end of a pipe of ours: whatever ends this process closes the pipe, and the
//! shell ends the server and removes its folder. The shell makes that folder itself, so there is no moment
//! in which nobody is there to remove it.

use std::env;
use std::ffi::OsStr;
use std::fmt;
use std::fs::{self, File};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::database::{PATIENCE, unique_name};

/// A socket's path may have 107 bytes, 103 on macOS; PostgreSQL adds `/.s.PGSQL.5432` to the folder.
const LONGEST_FOLDER: usize = 103 - "/.s.PGSQL.5432".len();

/// The most of a log that an error shows, in bytes
const LOG_SHOWN: u64 = 4096;

/// What differs between servers, in the words of the shell, which is given `$folder`, where it stands, and `$1`
/// and so on: the words that [`ThrowAway::start`] takes.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// What is to be done before.
    pub install: &'static str,
    /// The server, not as a daemon.
    pub serve: &'static str,
    /// The signal that ends it together with processes of its own.
    pub signal: &'static str,
}

impl Recipe {
    fn script(&self) -> String {
        let Self {
            install,
            serve,
            signal,
        } = self;
        // The signal is sent until the server has gone: it may come before the server listens to signals.
        format!(
            r#"set -eu
folder=$1
shift
mkdir -m 700 "$folder"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
{install}
exec 3<&0
{serve} 3<&- </dev/null &
running=$!
(
    read -r nothing <&3 || :
    while kill -s {signal} $running 2>/dev/null; do sleep 0.1; done
) &
watching=$!
wait $running || :
kill $watching 2>/dev/null || :
"#
        )
    }
}

/// A server in a folder of its own. Both end with this process.
#[derive(Debug)]
pub struct ThrowAway {
    folder: PathBuf,
    /// Has the pipe
    shell: Child,
    log: File,
}

impl ThrowAway {
    /// Starts it. It is there when it answers: see [`wait_for`](Self::wait_for).
    ///
    /// # Errors
    /// Why there is none.
    pub fn start(recipe: &Recipe, words: &[&OsStr]) -> Result<Self, String> {
        let (log, root) = log().map_err(|error| format!("no log: {error}"))?;
        let folder = folder(root)?;
        let copy = || log.try_clone().map_err(|error| format!("no log: {error}"));
        let path = env::var_os("PATH").unwrap_or_default();
        let system = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"].map(PathBuf::from);
        let path = env::join_paths(env::split_paths(&path).chain(system));
        let mut shell = Command::new("sh");
        shell
            .arg("-c")
            .arg(recipe.script())
            .arg("sh")
            .arg(&folder)
            .args(words)
            // Variables of clients and loaders are not meant for it.
            .env_clear()
            .env("PATH", path.map_err(|error| error.to_string())?)
            .env("LC_ALL", "C")
            .env("TZ", "UTC")
            .env("HOME", &folder)
            .env("TMPDIR", &folder)
            .current_dir("/")
            // What a terminal or a test runner sends to our group must not end the shell before its work.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(copy()?)
            .stderr(copy()?);
        if root {
            let (user, group) = nobody().ok_or("servers refuse root, and there is no nobody")?;
            shell.uid(user).gid(group);
        }
        let shell = shell.spawn().map_err(|error| format!("sh: {error}"))?;
        Ok(Self { folder, shell, log })
    }

    /// Its folder; a path to a socket in it fits in a socket's address.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Waits until the server answers.
    ///
    /// # Errors
    /// When it ends, or is silent for too long: its log.
    pub async fn wait_for<E: fmt::Display>(
        &mut self,
        mut ask: impl AsyncFnMut() -> Result<(), E>,
    ) -> Result<(), String> {
        let start = Instant::now();
        loop {
            let refused = match tokio::time::timeout(PATIENCE, ask()).await {
                Ok(Ok(())) => return Ok(()),
                Ok(Err(error)) => error.to_string(),
                Err(elapsed) => elapsed.to_string(),
            };
            let ended = self.shell.try_wait();
            if ended.is_err() || ended.is_ok_and(|status| status.is_some()) {
                return Err(format!("the server has ended: {}", self.log_shown()));
            }
            if start.elapsed() > PATIENCE {
                let log = self.log_shown();
                return Err(format!("no server after {PATIENCE:?}: {refused}: {log}"));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn log_shown(&self) -> String {
        let length = self.log.metadata().map_or(0, |metadata| metadata.len());
        let from = length.saturating_sub(LOG_SHOWN);
        let mut end = vec![0; usize::try_from(length - from).unwrap_or(0)];
        match self.log.read_exact_at(&mut end, from) {
            Ok(()) => String::from_utf8_lossy(&end).into_owned(),
            Err(error) => format!("(no log: {error})"),
        }
    }
}

/// A file without a name, and whether it belongs to root, as does then this process.
fn log() -> std::io::Result<(File, bool)> {
    let path = env::temp_dir().join(unique_name());
    let log = File::options()
        .read(true)
        .append(true)
        .create_new(true)
        .open(&path)?;
    fs::remove_file(path)?;
    let root = log.metadata()?.uid() == 0;
    Ok((log, root))
}

/// A folder that is not there yet, where the server may make it.
fn folder(root: bool) -> Result<PathBuf, String> {
    const OTHERS_MAY_WRITE: u32 = 0o003;

    let name = unique_name();
    let candidates = [env::temp_dir(), PathBuf::from("/tmp")];
    let mut folders = candidates.iter().filter(|at| {
        let mode = fs::metadata(at).map_or(0, |metadata| metadata.mode());
        !root || mode & OTHERS_MAY_WRITE == OTHERS_MAY_WRITE
    });
    let folder = folders
        .find(|at| at.join(&name).as_os_str().len() <= LONGEST_FOLDER)
        .ok_or_else(|| format!("no folder for a server: {candidates:?}"))?;
    Ok(folder.join(name))
}

/// The ids of the user and the group.
fn nobody() -> Option<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    let line = users
        .lines()
        .find_map(|line| line.strip_prefix("nobody:"))?;
    let mut fields = line.split(':').skip(1); // the password
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}
