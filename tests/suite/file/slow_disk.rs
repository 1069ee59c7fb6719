//! A disk that takes its time: others do not wait for it. It is a file system of ours (FUSE), each read of which takes
//! 50 ms, and, for root, a disk image on it, whose file system knows what is in its cache.
//!
//! It has a process of its own. In one with its readers, nobody would be left to answer them when that dies, and they
//! would wait in the kernel for ever.

use std::env;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write, stdin, stdout};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Instant, UNIX_EPOCH};

use fuser::{
    Config, Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags, Generation, INodeNo,
    LockOwner, OpenFlags, ReplyAttr, ReplyData, ReplyEntry, ReplyOpen, Request,
};
use rustix::fs::{Advice, fadvise};
use suite_support::outside::{FUSE, present};
use suite_support::{BOTH, Server, Version};

use super::*;

const DELAY: Duration = Duration::from_millis(50);
const LENGTH: u64 = 4 << 20;

/// The kinds of files that there are; the name is the kind and a number.
const KINDS: [&str; 6] = ["slow", "late", "broken", "unopenable", "image", "reads"];
const SLOW: u64 = 0;
const LATE: u64 = 1;
const BROKEN: u64 = 2;
const UNOPENABLE: u64 = 3;
const IMAGE: u64 = 4;
/// As long as there were reads.
const READS: u64 = 5;

const MOUNTED: &str = "SUITE_MOUNTS_A_SLOW_DISK";
const ON_IT: &str = "SUITE_SLOW_DISK_HAS";

struct SlowFiles {
    reads: AtomicUsize,
    content: Vec<u8>,
    image: Vec<u8>,
}

impl SlowFiles {
    fn attributes(&self, inode: u64) -> FileAttr {
        let (kind, perm, size) = match inode {
            1 => (FileType::Directory, 0o755, 0),
            _ if kind(inode) == IMAGE => (FileType::RegularFile, 0o644, self.image.len() as u64),
            _ if kind(inode) == READS => {
                let reads = self.reads.load(Ordering::SeqCst) as u64;
                (FileType::RegularFile, 0o644, reads)
            }
            _ => (FileType::RegularFile, 0o644, LENGTH),
        };
        FileAttr {
            ino: INodeNo(inode),
            size,
            blocks: size / 512,
            atime: UNIX_EPOCH,
            mtime: UNIX_EPOCH + Duration::from_secs(1_000_000_000),
            ctime: UNIX_EPOCH,
            crtime: UNIX_EPOCH,
            kind,
            perm,
            nlink: 1,
            uid: rustix::process::geteuid().as_raw(),
            gid: rustix::process::getegid().as_raw(),
            rdev: 0,
            blksize: 4096,
            flags: 0,
        }
    }
}

/// `KIND-NUMBER`, and back.
fn inode(name: &str) -> Option<u64> {
    let (kind, number) = name.split_once('-')?;
    let kind = KINDS.iter().position(|known| *known == kind)? as u64;
    Some((kind + 1) << 32 | number.parse::<u32>().ok()? as u64)
}

fn kind(inode: u64) -> u64 {
    (inode >> 32).wrapping_sub(1)
}

const KEPT: Duration = Duration::from_secs(60);

impl Filesystem for SlowFiles {
    fn lookup(&self, _: &Request, _: INodeNo, name: &OsStr, reply: ReplyEntry) {
        match name.to_str().and_then(inode) {
            Some(inode) => reply.entry(&KEPT, &self.attributes(inode), Generation(0)),
            None => reply.error(Errno::ENOENT),
        }
    }

    fn getattr(&self, _: &Request, inode: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        reply.attr(&KEPT, &self.attributes(inode.0));
    }

    fn open(&self, _: &Request, inode: INodeNo, _: OpenFlags, reply: ReplyOpen) {
        match kind(inode.0) {
            UNOPENABLE => reply.error(Errno::EIO),
            kind => {
                if kind == LATE {
                    thread::sleep(DELAY);
                }
                // Each read comes here; nothing is kept.
                reply.opened(FileHandle(0), FopenFlags::FOPEN_DIRECT_IO);
            }
        }
    }

    fn read(
        &self,
        _: &Request,
        inode: INodeNo,
        _: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        self.reads.fetch_add(1, Ordering::SeqCst);
        thread::sleep(DELAY);
        let content = match kind(inode.0) {
            BROKEN => return reply.error(Errno::EIO),
            IMAGE => &self.image,
            _ => &self.content,
        };
        let at = |offset: u64| usize::try_from(offset).unwrap().min(content.len());
        reply.data(&content[at(offset)..at(offset + u64::from(size))]);
    }
}

/// Nothing by itself: the tests below start it in a process of its own.
#[test]
fn a_process_of_its_own_is_a_slow_disk() {
    let Some(folder) = env::var_os(MOUNTED) else {
        return;
    };
    let files = SlowFiles {
        reads: AtomicUsize::new(0),
        content: pattern(usize::try_from(LENGTH).unwrap()),
        image: env::var_os(ON_IT).map_or_else(Vec::new, |image| fs::read(image).unwrap()),
    };
    let mut config = Config::default();
    config.n_threads = Some(4);
    let mounted = fuser::spawn_mount(files, &folder, &config);
    let mounted = mounted.expect("FUSE is there, and nothing may be mounted");
    writeln!(stdout(), "\nmounted").unwrap();
    // It ends with the one that has started it, whatever becomes of that.
    let _ = stdin().read_to_end(&mut Vec::new());
    if mounted.umount_and_join().is_err() {
        detach(Path::new(&folder));
    }
    process::exit(0);
}

/// Unmounts what somebody still holds, for when nobody does.
fn detach(folder: &Path) {
    for (program, how) in [("umount", "-l"), ("fusermount3", "-uz")] {
        let _ = Command::new(program).arg(how).arg(folder).output();
    }
}

struct Disk {
    process: Child,
    folder: Folder,
}

impl Disk {
    fn mount(name: &str, image: Option<&Path>) -> Self {
        let folder = Folder::new(name);
        let mut command = Command::new(env::current_exe().unwrap());
        command
            .args([
                "--exact",
                "file::slow_disk::a_process_of_its_own_is_a_slow_disk",
            ])
            .args(["--nocapture", "--test-threads=1"])
            .env(MOUNTED, &folder.0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        if let Some(image) = image {
            command.env(ON_IT, image);
        }
        let mut process = command.spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mounted = lines.map_while(Result::ok).any(|line| line == "mounted");
        let disk = Self { process, folder };
        assert!(mounted, "the disk is not mounted");
        disk
    }

    fn reads(&self) -> usize {
        reads(&self.folder.0)
    }
}

fn reads(folder: &Path) -> usize {
    let fresh = fresh(READS);
    let length = fs::metadata(folder.join(&fresh[1..])).unwrap().len();
    usize::try_from(length).unwrap()
}

/// It is unmounted before its folder is removed.
impl Drop for Disk {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// Times of `/ping` on a runtime of one thread, while four downloads run there: each of a file that `next` names.
fn pings(root: Root, next: impl Fn(usize) -> String + Clone + Send + 'static) -> Vec<Duration> {
    within(3 * LIMIT, move || async move {
        let app = serving(root).route("/ping", get(async || "pong"));
        let server = Arc::new(Server::start(app).await);
        let done = Arc::new(AtomicBool::new(false));
        let number = Arc::new(AtomicUsize::new(0));
        let mut downloads = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let (server, done) = (Arc::clone(&server), Arc::clone(&done));
            let (number, next) = (Arc::clone(&number), next.clone());
            downloads.spawn(async move {
                while !done.load(Ordering::Relaxed) {
                    let path = next(number.fetch_add(1, Ordering::Relaxed));
                    let answer = server.ask(Version::Http1, "GET", &path, &[]).await;
                    assert!(answer.complete && answer.status == 200, "{answer:?}");
                }
            });
        }
        let mut times = Vec::new();
        while times.len() < 200 {
            let start = Instant::now();
            let answer = server.ask(Version::Http1, "GET", "/ping", &[]).await;
            times.push(start.elapsed());
            assert_eq!(answer.text(), "pong");
            tokio::time::sleep(Duration::from_millis(4)).await;
        }
        done.store(true, Ordering::Relaxed);
        while let Some(download) = downloads.join_next().await {
            download.unwrap();
        }
        times.sort_unstable();
        times
    })
}

/// Less than 10 ms. A machine that is busy may be late by itself, and not each time; a thread that waits for the
/// disk waits 50 ms for each read, each time.
fn nobody_waits(what: &str, mut pings: impl FnMut() -> Vec<Duration>) {
    const SOON: Duration = Duration::from_millis(10);
    const TRIES: usize = 8;
    let _alone = ALONE.blocking_lock();
    let mut seen = Vec::new();
    while seen.len() < TRIES && seen.last().is_none_or(|last| *last >= SOON) {
        let times = pings();
        seen.push(times[times.len() * 99 / 100]);
    }
    eprintln!("{what}: a small answer beside 4 downloads: p99 {seen:?}");
    assert!(seen.last() < Some(&SOON), "{what}: {seen:?}");
}

static NUMBER: AtomicUsize = AtomicUsize::new(1);

/// A file that nobody has asked for yet.
fn fresh(kind: u64) -> String {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("/{}-{number}", KINDS[usize::try_from(kind).unwrap()])
}

#[test]
fn nobody_waits_for_a_slow_disk() {
    if !present(&[FUSE]) {
        return;
    }
    let disk = Disk::mount("slow", None);
    for way in WAYS {
        nobody_waits(&format!("{way:?}, slow reads"), || {
            let before = disk.reads();
            let times = pings(way.root(&disk.folder.0), |_| fresh(SLOW));
            assert!(disk.reads() > before + 20, "nothing was read");
            times
        });
    }
}

/// Where the file system keeps the opening itself waiting, it is for the program to say so.
#[test]
fn nobody_waits_for_a_slow_opening_the_portable_way() {
    if !present(&[FUSE]) {
        return;
    }
    let disk = Disk::mount("late", None);
    nobody_waits("Portable, slow to open", || {
        // Again and again the same: their names are known.
        let name = |number| format!("/late-{}", number % 4);
        pings(Way::Portable.root(&disk.folder.0), name)
    });
}

#[test]
fn what_is_not_sent_is_not_read() {
    if !present(&[FUSE]) {
        return;
    }
    let disk = Disk::mount("unread-slow", None);
    let folder = disk.folder.0.clone();
    within(LIMIT, move || async move {
        for way in WAYS {
            let server = Server::start(serving(way.root(&folder))).await;
            for version in BOTH {
                let path = fresh(SLOW);
                // Twice: before its name is known, and after
                for _ in 0..2 {
                    for (method, headers, status) in [
                        ("HEAD", &[][..], 200),
                        ("HEAD", &[("range", "bytes=0-9")], 200),
                        ("GET", &[("if-none-match", "*")], 304),
                        (
                            "GET",
                            &[("if-modified-since", "Sun, 09 Sep 2001 01:46:40 GMT")],
                            304,
                        ),
                        ("GET", &[("if-match", "\"other\"")], 412),
                        ("GET", &[("range", "bytes=4194304-")], 416),
                    ] {
                        let answer = server.ask(version, method, &path, headers).await;
                        assert_eq!(answer.status, status, "{way:?} {method} {headers:?}");
                        assert_eq!(reads(&folder), 0, "{way:?} {method} {headers:?}");
                    }
                }
            }
        }
        let server = Server::start(serving(Root::open(&folder).unwrap())).await;
        let range = [("range", "bytes=0-9")];
        let part = server
            .ask(Version::Http1, "GET", &fresh(SLOW), &range)
            .await;
        assert_eq!(part.body, pattern(10));
        assert_eq!(reads(&folder), 1);
    });
}

#[test]
fn a_disk_that_fails_is_said_and_not_described() {
    if !present(&[FUSE]) {
        return;
    }
    let disk = Disk::mount("failing", None);
    let folder = disk.folder.0.clone();
    within(LIMIT, move || async move {
        for way in WAYS {
            let server = Server::start(serving(way.root(&folder))).await;
            for version in BOTH {
                let path = fresh(UNOPENABLE);
                for method in ["GET", "HEAD"] {
                    let answer = server.ask(version, method, &path, &[]).await;
                    assert_eq!(answer.status, 500, "{way:?} {answer:?}");
                    assert!(!answer.text().contains("os error"), "{answer:?}");
                    assert!(!answer.text().contains("unopenable"), "{answer:?}");
                }
                let path = fresh(BROKEN);
                let answer = server.ask(version, "HEAD", &path, &[]).await;
                assert_eq!(answer.status, 200, "{way:?} {answer:?}");
                // It fails when its first bytes are read along, or where they are missing.
                let answer = server.ask(version, "GET", &path, &[]).await;
                assert!(
                    answer.status == 500 || !answer.complete,
                    "{way:?} {answer:?}"
                );
                let range = [("range", "bytes=100-")];
                let answer = server.ask(version, "GET", &path, &range).await;
                assert_eq!(answer.status, 206, "{way:?} {answer:?}");
                assert!(
                    !answer.complete && answer.body.is_empty(),
                    "{way:?} {answer:?}"
                );
            }
        }
    });
}

/// A file system that knows what it has in its cache (FUSE does not), on a disk that takes 50 ms for each read.
struct Mounted<'a> {
    folder: Folder,
    _disk: &'a Disk,
}

impl<'a> Mounted<'a> {
    /// Root can mount it.
    fn new(disk: &'a Disk) -> Self {
        let folder = Folder::new("mounted");
        run(Command::new("mount")
            .args(["-o", "ro,noload,loop"])
            .arg(disk.folder.path("image-0"))
            .arg(&folder.0));
        let _disk = disk;
        Self { folder, _disk }
    }
}

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg(&self.folder.0).output();
        if !unmounted.is_ok_and(|output| output.status.success()) {
            detach(&self.folder.0);
        }
    }
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
}

/// An image with four files.
fn image() -> Folder {
    let folder = Folder::new("image");
    for number in 0..4 {
        let content = pattern(usize::try_from(LENGTH).unwrap());
        folder.write(&format!("content/file-{number}"), content);
    }
    run(Command::new("mkfs.ext4")
        .args(["-q", "-F", "-O", "^has_journal", "-d"])
        .arg(folder.path("content"))
        .arg(folder.path("image"))
        .arg("24M"));
    folder
}

#[test]
fn nobody_waits_for_a_slow_disk_whose_cache_is_asked_first() {
    let is_root = rustix::process::geteuid().is_root();
    if !is_root || !Path::new("/dev/loop-control").exists() || !present(&[FUSE]) {
        eprintln!("not run: only root can mount a disk image");
        return;
    }
    let content = image();
    let disk = Disk::mount("disk", Some(&content.path("image")));
    let mounted = Mounted::new(&disk);
    for way in WAYS {
        nobody_waits(&format!("{way:?}, slow disk"), || {
            for number in 0..4 {
                let file = fs::File::open(mounted.folder.path(&format!("file-{number}"))).unwrap();
                fadvise(file, 0, None, Advice::DontNeed).unwrap();
            }
            let before = disk.reads();
            let place = mounted.folder.0.clone();
            let root = way.root(&mounted.folder.0);
            let times = pings(root, move |number| {
                let name = format!("file-{}", number % 4);
                if number >= 4 {
                    let file = fs::File::open(place.join(&name)).unwrap();
                    fadvise(file, 0, None, Advice::DontNeed).unwrap();
                }
                format!("/{name}")
            });
            let reads = disk.reads() - before;
            assert!(reads > 20, "only {reads} reads");
            times
        });
    }
}
