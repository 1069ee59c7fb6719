//! The two sides, each in a process of its own.

use std::env;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path as UrlPath, State};
use axum::routing::get;
use axum::serve::ListenerExt;
use axum_responses::{File, FileError, Root, with_context};
use tower_http::services::ServeDir;

use crate::client::Load;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Side {
    /// `ServeDir`, as it is.
    TowerHttp,
    /// The best this system has.
    Ours,
    /// What all systems have.
    Portable,
}

impl Side {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::TowerHttp => "tower-http",
            Self::Ours => "ours",
            Self::Portable => "portable",
        }
    }
}

async fn file(State(root): State<Root>, UrlPath(path): UrlPath<String>) -> Result<File, FileError> {
    root.file(&path).await
}

/// Serves until it is ended; the first line it prints is its address.
pub(crate) fn serve(address: &str, folder: &Path, side: &str) -> io::Result<()> {
    let root = Root::open(folder)?.inline();
    let of_root = |root| {
        Router::new()
            .route("/files/{*path}", get(with_context(file)))
            .with_state(root)
    };
    let app = match side {
        "ours" => of_root(root),
        "portable" => of_root(root.portable()),
        "service" => Router::new().nest_service("/files", root.into_service()),
        _ => Router::new().nest_service("/files", ServeDir::new(folder)),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(address).await?;
        writeln!(io::stdout(), "{}", listener.local_addr()?)?;
        let listener = listener.tap_io(|io| {
            let _ = io.set_nodelay(true);
        });
        axum::serve(listener, app).await
    })
}

/// A server that ends with its value.
pub(crate) struct Started {
    child: Child,
    address: SocketAddr,
}

impl Started {
    pub(crate) fn new(folder: &Path, side: Side) -> io::Result<Self> {
        let mut child = on_core("0")?
            .args(["serve", "127.0.0.1:0"])
            .arg(folder)
            .arg(side.name())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let address = line.trim().parse().map_err(io::Error::other)?;
        Ok(Self { child, address })
    }

    /// What it answers to so many clients in this time.
    pub(crate) fn load(
        &self,
        path: &str,
        headers: &str,
        connections: usize,
        time: Duration,
    ) -> io::Result<Load> {
        let before = self.processor_time()?;
        let output = on_core("1")?
            .args(["load", &self.address.to_string(), path])
            .args([connections.to_string(), time.as_millis().to_string()])
            .arg(headers)
            .output()?;
        let took = self.processor_time()? - before;
        let text = String::from_utf8_lossy(&output.stdout);
        let mut words = text.split_whitespace().map(str::parse::<f64>);
        let (Some(Ok(answers)), Some(Ok(seconds))) = (words.next(), words.next()) else {
            let complaint = String::from_utf8_lossy(&output.stderr);
            return Err(io::Error::other(complaint.into_owned()));
        };
        Ok(Load {
            per_second: answers / seconds,
            microseconds: took * 1e6 / answers,
        })
    }

    /// Seconds, in ticks of a hundredth.
    fn processor_time(&self) -> io::Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name, which may hold blanks, ends with the last parenthesis; utime and stime are the
        // 12th and 13th field behind it.
        let behind = stat.rsplit(')').next().unwrap_or_default();
        let fields = behind.split_whitespace().skip(11).take(2);
        Ok(fields
            .filter_map(|field| field.parse::<f64>().ok())
            .sum::<f64>()
            / 100.0)
    }

    pub(crate) fn peak_memory(&self) -> String {
        self.status("VmHWM:")
    }

    pub(crate) fn threads(&self) -> String {
        self.status("Threads:")
    }

    fn status(&self, name: &str) -> String {
        let path = format!("/proc/{}/status", self.child.id());
        let status = fs::read_to_string(path).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|rest| rest.split_whitespace().next())
            .unwrap_or("?")
            .to_owned()
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// This program once more, held to a core where that is possible.
fn on_core(core: &str) -> io::Result<Command> {
    let me = env::current_exe()?;
    let has_taskset = Command::new("taskset").arg("--version").output().is_ok();
    Ok(if has_taskset {
        let mut command = Command::new("taskset");
        command.args(["-c", core]).arg(me);
        command
    } else {
        Command::new(me)
    })
}
