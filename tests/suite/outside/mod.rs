//! Programs of other people against the example servers, which listen on a socket of this process. The
//! scripts that they run stand in `tests/clients`.

#[cfg(unix)]
mod caches;
mod cookies;
mod curl;
mod downloads;
mod files;
mod last_lines;
mod message_pack;
mod openapi;
mod sse;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use axum_responses::{RequestContextLayer, Root};
use suite_support::{Server, outside};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tower::Layer;

/// No program may take longer than this, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(300);

/// How a program ended, and what it had to say.
#[derive(Debug)]
struct Ended {
    code: Option<i32>,
    output: String,
    complaints: String,
}

impl Ended {
    /// What it printed, as long as it is content.
    #[track_caller]
    fn well(self) -> String {
        assert_eq!(self.code, Some(0), "{}{}", self.output, self.complaints);
        self.output
    }

    #[track_caller]
    fn json(self) -> serde_json::Value {
        serde_json::from_str(&self.well()).unwrap()
    }
}

/// Runs a program to its end, with this for its standard input.
async fn run_with(mut program: Command, input: &[u8]) -> Ended {
    let mut running = program
        // Whatever stands between this machine and others does not stand before loopback addresses.
        .env("NO_PROXY", "*")
        .env("no_proxy", "*")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut pipe = running.stdin.take().unwrap();
    let ended = tokio::time::timeout(PATIENCE, async {
        // One that does not read has its reasons.
        drop(pipe.write_all(input).await);
        drop(pipe);
        running.wait_with_output().await.unwrap()
    });
    let Ok(ended) = ended.await else {
        panic!("{program:?} does not end");
    };
    Ended {
        code: ended.status.code(),
        output: String::from_utf8(ended.stdout).unwrap(),
        complaints: String::from_utf8_lossy(&ended.stderr).into_owned(),
    }
}

async fn run(program: Command) -> Ended {
    run_with(program, b"").await
}

/// A program with these words.
fn program(name: impl AsRef<OsStr>, words: &[&str]) -> Command {
    let mut program = Command::new(name);
    program.args(words);
    program
}

/// A Python script of `tests/clients`, with packages.
fn python(script: &str, words: &[&str]) -> Command {
    let mut program = Command::new(outside::python_with_packages());
    program.arg(client(script)).args(words);
    program
}

/// A Node.js script of `tests/clients`, with packages.
fn node(script: &str, words: &[&str]) -> Command {
    let mut program = Command::new("node");
    program.env("NODE_PATH", outside::node_modules());
    program.arg(client(script)).args(words);
    program
}

fn client(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("clients")
        .join(name)
}

/// An empty folder for what a program reads and writes.
fn folder(name: &str) -> PathBuf {
    let folder = outside::tools().join("work").join(name);
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The proving ground, for those who do not ask for files of its root.
async fn ground() -> Server {
    ground_with(Path::new(env!("CARGO_MANIFEST_DIR"))).await
}

async fn ground_with(root: &Path) -> Server {
    let app = proving_ground::app(Root::open(root).unwrap())
        .await
        .unwrap();
    Server::start_service(RequestContextLayer::new().layer(app)).await
}

async fn tour() -> Server {
    let app = tour::app(tour::Folder::write().unwrap()).await.unwrap();
    Server::start_service(RequestContextLayer::new().layer(app)).await
}

fn url(server: &Server, path: &str) -> String {
    format!("http://{}{path}", server.address)
}
