//! What many clients cost: memory, threads, descriptors, and the patience of others.
//!
//! The server has a process of its own, which is asked what it uses: `/proc/PID` (proc(5)).

use std::env;
use std::io::{BufRead, BufReader, Read, Write, stdin, stdout};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use axum::http::StatusCode;
use rustix::fs::{Advice, fadvise};
use suite_support::{ask, get as request, request as any_request};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use super::*;

const MIB: u64 = 1 << 20;
const LENGTH: u64 = 64 * MIB;
const CLIENTS: usize = 32;
const FOLDER: &str = "SUITE_SERVES_FILES_OF";

fn app(folder: &Path) -> Router {
    let app = Router::new().route("/ping", get(async || "pong"));
    WAYS.into_iter().fold(app, |app, way| {
        app.nest(prefix(way), serving(way.root(folder)))
    })
}

fn prefix(way: Way) -> &'static str {
    match way {
        Way::CacheFirst => "/cache-first",
        Way::Portable => "/portable",
    }
}

/// Nothing by itself: the tests below start it in a process of its own, on a runtime of one thread.
#[test]
fn a_process_of_its_own_serves_files() {
    let Some(folder) = env::var_os(FOLDER) else {
        return;
    };
    // It ends with the one that has started it, whatever becomes of that.
    thread::spawn(|| {
        let _ = stdin().read_to_end(&mut Vec::new());
        process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        writeln!(stdout(), "\nlistens on {port}").unwrap();
        axum::serve(listener, app(Path::new(&folder)))
            .await
            .unwrap();
    });
}

struct Process {
    child: Child,
    address: SocketAddr,
}

/// What it uses.
#[derive(Clone, Copy, Debug)]
struct Usage {
    /// In KiB
    memory: u64,
    threads: u64,
    descriptors: usize,
}

impl Process {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "file::load::a_process_of_its_own_serves_files"])
            .args(["--nocapture", "--test-threads=1"])
            .env(FOLDER, folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("listens on ")?.parse().ok());
        let address = (Ipv4Addr::LOCALHOST, port.unwrap_or_default()).into();
        let process = Self { child, address };
        assert!(port.is_some(), "the server does not start");
        process
    }

    fn proc(&self, name: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/{name}", self.child.id()))
    }

    fn number(&self, file: &str, name: &str) -> u64 {
        let text = fs::read_to_string(self.proc(file)).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|line| line.split_whitespace().next());
        number.unwrap().parse().unwrap()
    }

    fn usage(&self) -> Usage {
        Usage {
            memory: self.number("status", "VmRSS:"),
            threads: self.number("status", "Threads:"),
            descriptors: fs::read_dir(self.proc("fd")).unwrap().count(),
        }
    }

    /// Bytes that it has read from files.
    fn has_read(&self) -> u64 {
        self.number("io", "rchar:")
    }

    /// A request that is sent on a connection whose buffer is small.
    async fn send(&self, method: &str, path: &str, headers: &str) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(64 * 1024).unwrap();
        let mut client = socket.connect(self.address).await.unwrap();
        let head =
            format!("{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\r\n");
        client.write_all(head.as_bytes()).await.unwrap();
        client
    }

    async fn begin(&self, way: Way, name: &str) -> TcpStream {
        let path = format!("{}/{name}", prefix(way));
        let mut client = self.send("GET", &path, "").await;
        let mut head = [0; 15];
        client.read_exact(&mut head).await.unwrap();
        assert_eq!(&head, b"HTTP/1.1 200 OK");
        client
    }

    async fn receive(&self, method: &str, path: &str, headers: &str) -> Vec<u8> {
        let mut client = self.send(method, path, headers).await;
        let mut bytes = Vec::new();
        client.read_to_end(&mut bytes).await.unwrap();
        bytes
    }

    async fn ping(&self) -> Duration {
        let start = Instant::now();
        let answer = self.receive("GET", "/ping", "").await;
        assert!(answer.ends_with(b"pong"));
        start.elapsed()
    }

    /// Has done everything once: what it takes for that is not taken for a leak later.
    async fn warm(&self, way: Way, name: &str) {
        let path = format!("{}/{name}", prefix(way));
        self.receive("GET", &path, "").await;
        self.ping().await;
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A file that takes no room on the disk.
fn large(folder: &Folder) -> PathBuf {
    let path = folder.write("large.bin", "");
    let file = fs::File::options().write(true).open(&path).unwrap();
    file.set_len(LENGTH).unwrap();
    path
}

/// Leaves the caches, as far as the file system does so.
fn evict(path: &Path) {
    let _ = fadvise(fs::File::open(path).unwrap(), 0, None, Advice::DontNeed);
}

/// The 99th of a hundred.
fn p99(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() * 99 / 100]
}

#[tokio::test]
async fn slow_readers_cost_little_memory_and_few_threads() {
    let _alone = ALONE.lock().await;
    let folder = Folder::new("slow-readers");
    let path = large(&folder);
    let mut too_much = Vec::new();
    for (way, cold) in [
        (Way::CacheFirst, false),
        (Way::CacheFirst, true),
        (Way::Portable, false),
        (Way::Portable, true),
    ] {
        let process = Process::start(&folder.0);
        process.ping().await;
        let threads = process.usage().threads;
        process.warm(way, "large.bin").await;
        let idle = Usage {
            threads,
            ..quiet(&process).await
        };
        if cold {
            evict(&path);
        }
        let mut readers = tokio::task::JoinSet::new();
        for _ in 0..CLIENTS {
            let mut client = process.begin(way, "large.bin").await;
            readers.spawn(async move {
                let mut buffer = vec![0; 32 * 1024];
                loop {
                    client.read_exact(&mut buffer).await.unwrap();
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            });
        }
        let mut most = process.usage();
        for _ in 0..60 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let usage = process.usage();
            most.memory = most.memory.max(usage.memory);
            most.threads = most.threads.max(usage.threads);
            most.descriptors = most.descriptors.max(usage.descriptors);
        }
        assert!(readers.try_join_next().is_none(), "a reader has ended");
        readers.shutdown().await;
        assert!(
            most.descriptors >= idle.descriptors + 2 * CLIENTS,
            "{most:?}"
        );
        let memory = most.memory.saturating_sub(idle.memory);
        let threads = most.threads - idle.threads;
        let figures = format!("{way:?}, cold: {cold}: {memory} KiB, {threads} threads above idle");
        eprintln!("{CLIENTS} slow readers, {figures}");
        // hyper holds three chunks at most, of which it has sent a part. The other way reads one more ahead, and has a
        // thread for each job that has not ended.
        let (most_memory, most_threads) = match way {
            Way::CacheFirst => (25 * 1024, 5),
            Way::Portable => (34 * 1024, 512),
        };
        if memory > most_memory || threads > most_threads {
            too_much.push(format!("{figures}: {idle:?} {most:?}"));
        }
    }
    assert!(too_much.is_empty(), "{too_much:#?}");
}

/// What it uses once all that was sent to it is done with.
async fn quiet(process: &Process) -> Usage {
    let mut usage = process.usage();
    let start = Instant::now();
    let mut still = 0;
    while still < 10 && start.elapsed() < LIMIT {
        tokio::time::sleep(Duration::from_millis(10)).await;
        let now = process.usage();
        still = if (now.descriptors, now.threads) == (usage.descriptors, usage.threads) {
            still + 1
        } else {
            0
        };
        usage = now;
    }
    usage
}

#[tokio::test]
async fn clients_that_leave_early_leave_no_descriptor() {
    const LEAVE: usize = 100;
    let folder = Folder::new("early-leaves");
    large(&folder);
    for way in WAYS {
        let process = Process::start(&folder.0);
        process.warm(way, "large.bin").await;
        let idle = quiet(&process).await;
        for reset in [false, true] {
            let mut clients = Vec::new();
            for number in 0..LEAVE {
                let mut client = process.begin(way, "large.bin").await;
                // Some before the first chunk, some in the middle
                let mut read = vec![0; number * 3000];
                client.read_exact(&mut read).await.unwrap();
                clients.push(client);
            }
            let held = process.usage().descriptors;
            assert!(held >= idle.descriptors + 2 * LEAVE, "{way:?}: only {held}");
            for client in &mut clients {
                if reset {
                    client.set_zero_linger().unwrap();
                } else {
                    client.shutdown().await.unwrap();
                }
            }
            drop(clients);
            let start = Instant::now();
            while process.usage().descriptors > idle.descriptors {
                let left = process.usage();
                assert!(
                    start.elapsed() < LIMIT,
                    "{way:?} {reset}: {left:?} {idle:?}"
                );
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    }
}

/// Downloads again and again, on a thread of their own, until it is dropped.
struct Downloads(Option<(tokio::sync::oneshot::Sender<()>, thread::JoinHandle<()>)>);

impl Downloads {
    fn start(process: &Arc<Process>, way: Way) -> Self {
        let process = Arc::clone(process);
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async move {
                let mut readers = tokio::task::JoinSet::new();
                for _ in 0..CLIENTS {
                    let process = Arc::clone(&process);
                    readers.spawn(async move {
                        let mut buffer = vec![0; 64 * 1024];
                        loop {
                            let mut client = process.begin(way, "large.bin").await;
                            while client.read(&mut buffer).await.unwrap() > 0 {}
                        }
                    });
                }
                let _ = stopped.await;
                assert!(readers.try_join_next().is_none(), "a reader has ended");
            });
        });
        Self(Some((stop, thread)))
    }

    fn stop(mut self) {
        if let Some((stop, thread)) = self.0.take() {
            drop(stop);
            thread.join().unwrap();
        }
    }
}

#[tokio::test]
async fn others_are_served_while_many_download() {
    let _alone = ALONE.lock().await;
    const LATE: Duration = Duration::from_millis(250);
    let folder = Folder::new("many");
    large(&folder);
    for way in WAYS {
        let process = Arc::new(Process::start(&folder.0));
        process.warm(way, "large.bin").await;
        // A machine that is busy may be late by itself; four times in a row it is not.
        let mut seen = Vec::new();
        while seen.len() < 4 && seen.last().is_none_or(|last| *last >= LATE) {
            let downloads = Downloads::start(&process, way);
            let (start, mut times) = (Instant::now(), Vec::new());
            while times.len() < 100 && start.elapsed() < LIMIT / 4 {
                times.push(process.ping().await);
            }
            downloads.stop();
            seen.push(p99(&mut times));
        }
        eprintln!("{way:?}: a small answer beside {CLIENTS} downloads: p99 {seen:?}");
        assert!(seen.last() < Some(&LATE), "{way:?}: {seen:?}");
    }
}

#[tokio::test]
async fn an_answer_without_content_reads_nothing() {
    const SOME: u64 = 64 * 1024;
    let folder = Folder::new("unread");
    folder.write("file.bin", pattern(1 << 20));
    let process = Process::start(&folder.0);
    for way in WAYS {
        process.warm(way, "file.bin").await;
        for (method, headers, status) in [
            ("HEAD", "", StatusCode::OK),
            ("HEAD", "range: bytes=0-500000\r\n", StatusCode::OK),
            ("GET", "if-none-match: *\r\n", StatusCode::NOT_MODIFIED),
            (
                "GET",
                "if-match: \"other\"\r\n",
                StatusCode::PRECONDITION_FAILED,
            ),
            (
                "GET",
                "range: bytes=1048576-\r\n",
                StatusCode::RANGE_NOT_SATISFIABLE,
            ),
        ] {
            let before = process.has_read();
            let path = format!("{}/file.bin", prefix(way));
            let answer = process.receive(method, &path, headers).await;
            let answer = String::from_utf8(answer).unwrap();
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {}", status.as_u16())),
                "{answer}"
            );
            let read = process.has_read() - before;
            assert!(read < SOME, "{way:?} {method} {headers}: {read} bytes");
        }
        let before = process.has_read();
        let path = format!("{}/file.bin", prefix(way));
        process
            .receive("GET", &path, "range: bytes=0-299999\r\n")
            .await;
        let read = process.has_read() - before;
        assert!(
            (300_000..300_000 + SOME).contains(&read),
            "{way:?}: {read} bytes"
        );
    }
}

/// What is in the kernel's caches needs no other thread: here there is none to be had.
#[test]
fn what_is_cached_needs_no_job() {
    let folder = Folder::new("no-job");
    let path = folder.write("file.bin", pattern(1 << 20));
    if !reads_from_cache(&path) {
        eprintln!(
            "not run: {} is no file system that reads from its cache",
            folder.0.display()
        );
        return;
    }
    let (place, missing) = (folder.0.clone(), folder.path("missing.bin"));
    let (sender, receiver) = mpsc::channel();
    // Not `within`: the pool of this runtime has one thread.
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .max_blocking_threads(1)
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let app = serving(Root::open(place).unwrap().precompressed());
            // Everything has been looked for once.
            let all = [("accept-encoding", "gzip, br, zstd")];
            ask(&app, request("/file.bin", &all)).await;
            let (release, released) = mpsc::channel::<()>();
            let busy = tokio::task::spawn_blocking(move || released.recv().is_err());
            for (method, headers, status, length) in [
                ("GET", &[][..], 200, 1 << 20),
                ("GET", &all, 200, 1 << 20),
                ("HEAD", &all, 200, 0),
                ("GET", &[("range", "bytes=5-1000000")], 206, 999_996),
                ("GET", &[("if-none-match", "*")], 304, 0),
                ("GET", &[("if-match", "\"other\"")], 412, usize::MAX),
                ("GET", &[("range", "bytes=1048576-")], 416, usize::MAX),
            ] {
                let asked = any_request(
                    method.parse().unwrap(),
                    "/file.bin",
                    headers,
                    axum::body::Body::empty(),
                );
                let answer = ask(&app, asked).await;
                assert_eq!(answer.status, status, "{answer:?}");
                assert!(answer.complete && (length == usize::MAX || answer.body.len() == length));
            }
            // The first look for a name may go to the disk, the second does not.
            assert!(!missing.exists());
            assert_eq!(ask(&app, request("/missing.bin", &[])).await.status, 404);
            drop(release);
            busy.await.unwrap();
        });
        let _ = sender.send(());
    });
    receiver
        .recv_timeout(LIMIT)
        .expect("all of it, without a job");
}

/// Whether the file system of this file, which was just written, can be asked for what is cached.
fn reads_from_cache(path: &Path) -> bool {
    use rustix::io::{ReadWriteFlags, preadv2};

    let file = fs::File::open(path).unwrap();
    let mut byte = [0];
    let mut buffers = [std::io::IoSliceMut::new(&mut byte)];
    preadv2(&file, &mut buffers, 0, ReadWriteFlags::NOWAIT).is_ok()
}

/// So that what is measured above is what is sent.
#[tokio::test]
async fn the_process_serves_what_there_is() {
    let folder = Folder::new("process");
    let content = pattern(700_000);
    folder.write("file.bin", &content);
    let process = Process::start(&folder.0);
    for way in WAYS {
        let path = format!("{}/file.bin", prefix(way));
        let answer = process.receive("GET", &path, "").await;
        assert!(answer.ends_with(&content), "{way:?}");
    }
}
