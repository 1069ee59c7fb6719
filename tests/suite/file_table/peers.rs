//! The servers of other people, each with the settings that it has by itself.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use actix_files::NamedFile;
use actix_web::dev::ServerHandle;
use actix_web::{App, HttpServer, web};
use axum::Router;
use suite_support::{Server, outside};
use tokio::net::TcpStream;
use tower_http::services::ServeDir;

use super::files::Folder;

/// A machine may be busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// The release of nginx that the rows speak of; the other two are as the lock file has them.
pub(super) const NGINX_JUDGED: &str = "/1.22.";

/// A server that runs until this is dropped.
#[derive(Debug)]
pub(super) struct Running {
    /// It and its version
    pub(super) name: String,
    pub(super) address: SocketAddr,
    _keeper: Keeper,
}

#[derive(Debug)]
#[expect(dead_code, reason = "what they hold is what they are for")]
enum Keeper {
    Process(Process),
    Thread(Thread),
    Task(Server),
}

#[derive(Debug)]
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[derive(Debug)]
struct Thread(ServerHandle, Option<JoinHandle<()>>);

impl Drop for Thread {
    fn drop(&mut self) {
        // The command is on its way before anybody waits for what comes of it.
        drop(self.0.stop(false));
        drop(self.1.take().map(JoinHandle::join));
    }
}

/// nginx, in one process, with all it writes in the folder.
pub(super) async fn nginx(folder: &Folder) -> Running {
    let program = outside::NGINX.find().unwrap();
    let version = Command::new(&program).arg("-v").output().unwrap();
    let version = String::from_utf8_lossy(&version.stderr).into_owned();
    let name = version.rsplit(": ").next().unwrap_or("nginx").trim();
    let name = name.to_owned();
    let started = Instant::now();
    // Somebody else may take the port between here and there.
    while started.elapsed() < PATIENCE {
        let address = free_port();
        let mut process = Process(spawn_nginx(&program, folder, address));
        while started.elapsed() < PATIENCE && process.0.try_wait().unwrap().is_none() {
            if TcpStream::connect(address).await.is_ok() && ours(&mut process) {
                let _keeper = Keeper::Process(process);
                return Running {
                    name,
                    address,
                    _keeper,
                };
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    let log = fs::read_to_string(folder.work().join("error.log"));
    panic!("{name} does not start: {log:?}");
}

fn free_port() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

/// Whether what listens there is this process: it ends at once when it does not get its port.
fn ours(process: &mut Process) -> bool {
    std::thread::sleep(Duration::from_millis(50));
    process.0.try_wait().unwrap().is_none()
}

fn spawn_nginx(program: &PathBuf, folder: &Folder, address: SocketAddr) -> Child {
    let work = folder.work();
    let at = |name: &str| work.join(name).display().to_string();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|module| format!("{module}_temp_path \"{}\";\n", at(module)))
        .concat();
    let configuration = format!(
        "daemon off;\nmaster_process off;\npid \"{}\";\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}\
         server {{ listen {address}; root \"{}\"; }}\n}}\n",
        at("nginx.pid"),
        folder.files().display(),
    );
    fs::write(work.join("nginx.conf"), configuration).unwrap();
    Command::new(program)
        .arg("-p")
        .arg(folder.home())
        .arg("-c")
        .arg(work.join("nginx.conf"))
        .arg("-e")
        .arg(work.join("error.log"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// `actix_files::NamedFile`, as a handler returns it, on a runtime of its own.
pub(super) fn actix(folder: &Folder) -> Running {
    let files = folder.files();
    let (started, starts) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        let serve = async move {
            let server = HttpServer::new(move || {
                let files = files.clone();
                let file = move |name: web::Path<String>| {
                    let path = files.join(name.into_inner());
                    async move { NamedFile::open(path) }
                };
                App::new().route("/{name}", web::to(file))
            });
            let server = server.workers(1).disable_signals();
            let server = server.bind("127.0.0.1:0").unwrap();
            let address = server.addrs()[0];
            let server = server.run();
            started.send((address, server.handle())).unwrap();
            server.await.unwrap();
        };
        actix_web::rt::System::new().block_on(serve);
    });
    let (address, handle) = starts.recv_timeout(PATIENCE).unwrap();
    Running {
        name: "actix-files".to_owned(),
        address,
        _keeper: Keeper::Thread(Thread(handle, Some(thread))),
    }
}

/// `tower_http::services::ServeDir`, behind axum.
pub(super) async fn tower(folder: &Folder) -> Running {
    let router = Router::new().fallback_service(ServeDir::new(folder.files()));
    let server = Server::start(router).await;
    Running {
        name: "tower-http".to_owned(),
        address: server.address,
        _keeper: Keeper::Task(server),
    }
}
