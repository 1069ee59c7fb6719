//! A server of our own that cannot outlive us.
//!
//! A `static` is never dropped, and a process that is killed drops nothing. So the server is the child of a
//! shell that holds the reading end of a pipe of ours: whatever ends this process closes the pipe, and the
//! shell ends the server and removes its folder. The shell makes that folder itself, so there is no moment
//! in which nobody is there to remove it.

use std::env;
use std::fs::{self, File};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use sqlx::Connection;

use super::{MEMORY, PATIENCE, unique_name};
use crate::outside;

/// A socket's path may have 107 bytes, 103 on macOS; PostgreSQL adds `/.s.PGSQL.5432` to the folder.
const LONGEST_FOLDER: usize = 103 - "/.s.PGSQL.5432".len();

/// The most of a log that an error shows, in bytes
const LOG_SHOWN: u64 = 4096;

/// Nothing is flushed to the disk: this data is not to survive. Without autovacuum statistics change when a
/// test says so.
const POSTGRES: Recipe = Recipe {
    install: r#""$install" -D "$folder/data" -A trust -U test --no-sync -E UTF8 --locale=C"#,
    serve: r#""$server" -D "$folder/data" -k "$folder" -c listen_addresses= -c port=5432 \
        -c fsync=off -c full_page_writes=off -c synchronous_commit=off \
        -c shared_buffers="$memory"MB -c max_connections=300 -c autovacuum=off -c timezone=UTC"#,
    memory: 16,
    // Its own processes end with it, and it gives shared memory back. KILL would leave both.
    signal: "QUIT",
};

const MARIADB: Recipe = Recipe {
    install: r#""$install" --no-defaults --datadir="$folder/data" --tmpdir="$folder" \
        --auth-root-authentication-method=normal --skip-test-db --skip-name-resolve \
        --innodb-log-file-size=$((memory / 4))M --innodb-flush-log-at-trx-commit=0"#,
    serve: r#""$server" --no-defaults --datadir="$folder/data" --tmpdir="$folder" \
        --socket="$folder/socket" --pid-file="$folder/pid" --skip-networking --skip-name-resolve \
        --innodb-log-file-size=$((memory / 4))M --innodb-flush-log-at-trx-commit=0 \
        --innodb-buffer-pool-size="$memory"M --max-connections=300 --character-set-server=utf8mb4"#,
    memory: 32,
    signal: "KILL",
};

/// What differs between servers, in the words of the shell.
struct Recipe {
    install: &'static str,
    serve: &'static str,
    /// For pages of tables and indexes, in MiB
    memory: u32,
    signal: &'static str,
}

impl Recipe {
    fn script(&self) -> String {
        let Self {
            install,
            serve,
            memory,
            signal,
        } = self;
        let memory = MEMORY.get().unwrap_or(memory);
        // The signal is sent until the server has gone: it may come before the server listens to signals.
        format!(
            r#"set -eu
folder=$1 install=$2 server=$3 memory={memory}
mkdir -m 700 "$folder"
trap 'rm -rf "$folder"' EXIT
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
pub(super) struct ThrowAway {
    folder: PathBuf,
    /// Has the pipe
    shell: Child,
    log: File,
}

impl ThrowAway {
    pub(super) fn postgres() -> Result<Self, String> {
        let programs = outside::postgres_folder().ok_or("PostgreSQL is missing")?;
        Self::start(
            &POSTGRES,
            &programs.join("initdb"),
            &programs.join("postgres"),
        )
    }

    pub(super) fn mariadb() -> Result<Self, String> {
        let install = outside::mariadb_install_db().ok_or("mariadb-install-db is missing")?;
        let server = outside::mariadbd().ok_or("mariadbd is missing")?;
        Self::start(&MARIADB, &install, &server)
    }

    fn start(recipe: &Recipe, install: &Path, server: &Path) -> Result<Self, String> {
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
            .args([&folder, install, server])
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

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Waits until the server answers.
    ///
    /// # Errors
    /// When it ends, or is silent for too long: its log.
    pub(super) async fn wait_for<C>(&mut self, options: &C::Options) -> Result<(), String>
    where
        C: Connection,
    {
        let start = Instant::now();
        loop {
            let refused = match tokio::time::timeout(PATIENCE, C::connect_with(options)).await {
                Ok(Ok(connection)) => {
                    return connection.close().await.map_err(|error| error.to_string());
                }
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
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
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
