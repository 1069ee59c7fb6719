//! Programs of other people that judge from outside, and what cannot be judged where they are missing.
//!
//! A test asks [`present`] for what it needs and returns when it hears `false`. What was left out that way
//! stands in the last lines of `cargo test --workspace`: the crate `what-was-not-run` prints [`not_run`]
//! there. Nothing is recorded in between: both look whether the program is there, so they agree.
//!
//! Where everything has to be there, the variable `REQUIRE_OUTSIDE=1` makes each test fail that lacks
//! something.
//!
//! Packages of Python and Node.js are looked for in `target/outside`, where `.ci/run` puts them, or in the
//! folder that the variable `OUTSIDE_TOOLS` names: a virtual environment `python`, and `node/node_modules`.
//!
//! The standard library is all that this file may use: a macro is built from it, too.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};

/// A program or package that a test may need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outside {
    kind: Kind,
    name: &'static str,
    /// What is not run without it.
    judges: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A program in one of the folders of `PATH`, or where Debian puts servers
    Program,
    /// A file system that is a program, and the right to mount it
    Fuse,
    /// The programs to start a server of our own, or the address of one that is running
    Postgres,
    /// The same
    MariaDb,
    /// A package of Python, and the module that it brings
    Python(&'static str),
    /// A package of Node.js
    Node,
}

/// curl
pub const CURL: Outside = program(
    "curl",
    "redirects, HEAD, downloads, ranges, and bodies cut short",
);
/// nginx
pub const NGINX: Outside = program("nginx", "the file table of nginx, and its cache");
/// Varnish
pub const VARNISH: Outside = program("varnishd", "what Varnish stores");
/// The standard library of Python
pub const PYTHON: Outside = program(
    "python3",
    "cookie jars, names of downloads, and parts of files",
);
/// Chromium
pub const CHROMIUM: Outside = program("chromium", "browser clients");
/// What steers Chromium
pub const PLAYWRIGHT: Outside = node("playwright-core", "browser clients");
/// MessagePack in Python
pub const PYTHON_MSGPACK: Outside = python("msgpack", "msgpack", "MessagePack in Python");
/// MessagePack in JavaScript
pub const NODE_MSGPACK: Outside = node("@msgpack/msgpack", "MessagePack in JavaScript");
/// Cookies in JavaScript
pub const TOUGH_COOKIE: Outside = node("tough-cookie", "cookie stores in JavaScript");
/// `Content-Disposition` in JavaScript
pub const CONTENT_DISPOSITION: Outside =
    node("content-disposition", "names of downloads in JavaScript");
/// Server-sent events in Python
pub const HTTPX_SSE: Outside = python("httpx-sse", "httpx_sse", "server-sent events in Python");
/// Server-sent events in JavaScript, with reconnections
pub const EVENTSOURCE: Outside = node("eventsource", "server-sent events in JavaScript");
/// Server-sent events in JavaScript, over `fetch`
pub const EVENTSOURCE_PARSER: Outside = node("eventsource-parser", "server-sent events over fetch");
/// OpenAPI documents against the specification
pub const SPEC_VALIDATOR: Outside = python(
    "openapi-spec-validator",
    "openapi_spec_validator",
    "documents against the specification",
);
/// OpenAPI documents against what has proved itself
pub const REDOCLY: Outside = node("@redocly/cli", "documents linted");
/// OpenAPI documents as types
pub const OPENAPI_TYPESCRIPT: Outside = node("openapi-typescript", "documents as TypeScript");
/// The compiler of those types
pub const TYPESCRIPT: Outside = node("typescript", "documents as TypeScript");
/// OpenAPI documents as a client
pub const PYTHON_CLIENT: Outside = python(
    "openapi-python-client",
    "openapi_python_client",
    "documents as a Python client",
);
/// Requests made up from an OpenAPI document
pub const SCHEMATHESIS: Outside = python(
    "schemathesis",
    "schemathesis",
    "made-up requests against their document",
);

/// A file system of our own, through the kernel's FUSE
pub const FUSE: Outside = Outside {
    kind: Kind::Fuse,
    name: "/dev/fuse and fusermount3",
    judges: "files on a slow disk",
};
/// PostgreSQL, or the server that `TEST_POSTGRES_URL` names
pub const POSTGRES: Outside = Outside {
    kind: Kind::Postgres,
    name: "PostgreSQL",
    judges: "pages out of PostgreSQL",
};
/// MariaDB, or the server that `TEST_MYSQL_URL` names
pub const MARIADB: Outside = Outside {
    kind: Kind::MariaDb,
    name: "MariaDB",
    judges: "pages out of MariaDB",
};

/// All of them.
pub const ALL: [Outside; 22] = [
    CURL,
    NGINX,
    VARNISH,
    FUSE,
    POSTGRES,
    MARIADB,
    PYTHON,
    CHROMIUM,
    PLAYWRIGHT,
    PYTHON_MSGPACK,
    NODE_MSGPACK,
    TOUGH_COOKIE,
    CONTENT_DISPOSITION,
    HTTPX_SSE,
    EVENTSOURCE,
    EVENTSOURCE_PARSER,
    SPEC_VALIDATOR,
    REDOCLY,
    OPENAPI_TYPESCRIPT,
    TYPESCRIPT,
    PYTHON_CLIENT,
    SCHEMATHESIS,
];

const fn program(name: &'static str, judges: &'static str) -> Outside {
    let kind = Kind::Program;
    Outside { kind, name, judges }
}

const fn python(name: &'static str, module: &'static str, judges: &'static str) -> Outside {
    let kind = Kind::Python(module);
    Outside { kind, name, judges }
}

const fn node(name: &'static str, judges: &'static str) -> Outside {
    let kind = Kind::Node;
    Outside { kind, name, judges }
}

impl Outside {
    /// Where it is: the program, the folder of the package or of the server's programs, or the address of
    /// a server that is running.
    #[must_use]
    pub fn find(&self) -> Option<PathBuf> {
        match self.kind {
            Kind::Program => find_program(self.name),
            Kind::Fuse => find_fuse(),
            Kind::Postgres => self.address().map(PathBuf::from).or_else(postgres_folder),
            Kind::MariaDb => self.address().map(PathBuf::from).or_else(|| {
                mariadbd()?;
                mariadb_install_db()
            }),
            Kind::Python(module) => {
                // lib/python3.11/site-packages: the number is known to the environment alone.
                let mut versions = tools().join("python/lib").read_dir().ok()?.flatten();
                versions
                    .find_map(|version| existing(version.path().join("site-packages").join(module)))
            }
            Kind::Node => {
                find_program("node")?;
                existing(node_modules().join(self.name))
            }
        }
    }

    /// The address of the database server that the variable names. `None` when it names none.
    #[must_use]
    pub fn address(&self) -> Option<String> {
        let address = env::var(self.variable()?).ok();
        address.filter(|address| !address.is_empty())
    }

    /// The variable that may name a database server.
    #[must_use]
    pub fn variable(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Postgres => Some("TEST_POSTGRES_URL"),
            Kind::MariaDb => Some("TEST_MYSQL_URL"),
            Kind::Program | Kind::Fuse | Kind::Python(_) | Kind::Node => None,
        }
    }
}

/// As in the last lines of a run: `chromium: browser clients`.
impl fmt::Display for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let registry = match self.kind {
            Kind::Program | Kind::Fuse | Kind::Postgres | Kind::MariaDb => "",
            Kind::Python(_) => "PyPI ",
            Kind::Node => "npm ",
        };
        write!(f, "{registry}{}: {}", self.name, self.judges)
    }
}

/// Whether all of these are there. A test that hears `false` has nothing to judge with, and returns.
///
/// # Panics
/// When one is missing and `REQUIRE_OUTSIDE` is set.
#[must_use]
#[track_caller]
pub fn present(needed: &[Outside]) -> bool {
    let missing = needed.iter().filter(|one| one.find().is_none());
    let missing: Vec<_> = missing.map(ToString::to_string).collect();
    let required = env::var_os("REQUIRE_OUTSIDE").is_some_and(|value| !value.is_empty());
    assert!(
        missing.is_empty() || !required,
        "REQUIRE_OUTSIDE is set, and this is missing: {}",
        missing.join(", ")
    );
    missing.is_empty()
}

/// What the tests could not run here; one line when there is nothing of the kind.
#[must_use]
pub fn not_run() -> Vec<String> {
    let missing = ALL.iter().filter(|one| one.find().is_none());
    let lines: Vec<_> = missing.map(|one| format!("not run: {one}")).collect();
    if lines.is_empty() {
        vec!["not run: nothing".to_owned()]
    } else {
        lines
    }
}

/// The Python that has the packages.
#[must_use]
pub fn python_with_packages() -> PathBuf {
    tools().join("python/bin/python")
}

/// The folder of the Node.js packages.
#[must_use]
pub fn node_modules() -> PathBuf {
    tools().join("node/node_modules")
}

/// Where packages are, and where tests may put what they hand to programs.
#[must_use]
pub fn tools() -> PathBuf {
    if let Some(folder) = env::var_os("OUTSIDE_TOOLS") {
        return folder.into();
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = here.ancestors().find(|at| at.join("Cargo.lock").exists());
    workspace.unwrap_or(here).join("target/outside")
}

/// The folder of `initdb` and `postgres`. Debian has one for each version, and none of them in a `PATH`.
#[must_use]
pub fn postgres_folder() -> Option<PathBuf> {
    let debian = Path::new("/usr/lib/postgresql").read_dir();
    let mut debian: Vec<_> = debian
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path())
        .collect();
    let number = |folder: &PathBuf| -> Option<u32> { folder.file_name()?.to_str()?.parse().ok() };
    debian.sort_by_key(number);
    let newest_first = debian.iter().rev().map(|version| version.join("bin"));
    folders()
        .chain(newest_first)
        .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

/// The server of MariaDB. A `mysqld` alone may be another one.
#[must_use]
pub fn mariadbd() -> Option<PathBuf> {
    find_program("mariadbd")
}

/// What makes the data folder of that server.
#[must_use]
pub fn mariadb_install_db() -> Option<PathBuf> {
    find_program("mariadb-install-db")
}

fn find_program(name: &str) -> Option<PathBuf> {
    folders().find_map(|folder| existing(folder.join(name)))
}

fn folders() -> impl Iterator<Item = PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let path: Vec<_> = env::split_paths(&path).collect();
    // Servers of Debian stand in a folder that is in the PATH of root alone.
    path.into_iter().chain([PathBuf::from("/usr/sbin")])
}

/// The device, where root or `fusermount3` can mount it.
fn find_fuse() -> Option<PathBuf> {
    const SYS_ADMIN: u64 = 1 << 21; // capabilities(7)

    let device = PathBuf::from("/dev/fuse");
    let open = std::fs::File::options()
        .read(true)
        .write(true)
        .open(&device);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mut lines = status.lines();
    let effective = lines.find_map(|line| line.strip_prefix("CapEff:"));
    let effective = effective.and_then(|set| u64::from_str_radix(set.trim(), 16).ok());
    let may_mount = effective.is_some_and(|set| set & SYS_ADMIN != 0);
    let mounts = may_mount || find_program("fusermount3").is_some();
    (open.is_ok() && mounts).then_some(device)
}

fn existing(path: PathBuf) -> Option<PathBuf> {
    path.exists().then_some(path)
}
