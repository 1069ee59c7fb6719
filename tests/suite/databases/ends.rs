//! The servers end with the test process that started them, however it ends.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use suite_support::database;
use suite_support::outside::{mariadb_install_db, mariadbd, postgres_folder};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};

/// Nothing here takes longer, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// Names the server that a child process is to start.
const SERVER: &str = "SUITE_CHILD_STARTS";

/// No test by itself: the process that starts a server, says so, and waits for its end.
#[tokio::test]
async fn child_that_starts_a_server() {
    let url = match std::env::var(SERVER).as_deref() {
        Ok("postgres") => database::postgres().await.map(|one| one.url.clone()),
        Ok("mariadb") => database::mariadb().await.map(|one| one.url.clone()),
        _ => return,
    };
    eprintln!("\n{}", url.unwrap());
    let mut nothing = Vec::new();
    tokio::io::stdin().read_to_end(&mut nothing).await.unwrap();
}

fn child(server: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "databases::ends::child_that_starts_a_server"])
        .arg("--nocapture")
        .env(SERVER, server)
        // It is to start its own.
        .env_remove("TEST_POSTGRES_URL")
        .env_remove("TEST_MYSQL_URL")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// Folders and processes that bear the name of something which this process made.
fn traces_of(process: u32) -> Vec<String> {
    let name = format!("suite_{process}_");
    let folders = [std::env::temp_dir(), "/tmp".into()];
    let files = folders.iter().filter_map(|folder| folder.read_dir().ok());
    let files = files.flatten().flatten();
    let files = files.map(|file| file.path().display().to_string());
    let processes = Path::new("/proc").read_dir();
    let processes = processes.into_iter().flatten().flatten();
    let processes = processes.filter_map(|one| std::fs::read(one.path().join("cmdline")).ok());
    let processes = processes.map(|line| String::from_utf8_lossy(&line).replace('\0', " "));
    let all = files.chain(processes);
    all.filter(|trace| trace.contains(&name)).collect()
}

async fn wait_until(what: &str, process: u32, enough: impl Fn(&[String]) -> bool) {
    let start = Instant::now();
    loop {
        let traces = traces_of(process);
        if enough(&traces) {
            return;
        }
        assert!(start.elapsed() < PATIENCE, "not {what}: {traces:#?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits until the child's server answers.
async fn started(child: &mut Child) {
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut seen = Vec::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        if line.contains("://") {
            return;
        }
        seen.push(line);
    }
    panic!("no server: {seen:#?}");
}

async fn nothing_is_left_of(server: &str) {
    let mut killed_early = child(server);
    let process = killed_early.id().unwrap();
    // The folder and the shell
    wait_until("installed", process, |traces| traces.len() >= 2).await;
    killed_early.kill().await.unwrap();
    wait_until("gone after an early kill", process, <[_]>::is_empty).await;

    let mut killed = child(server);
    let process = killed.id().unwrap();
    started(&mut killed).await;
    // The folder, the shell, and the server
    wait_until("running", process, |traces| traces.len() >= 3).await;
    killed.kill().await.unwrap();
    wait_until("gone after a kill", process, <[_]>::is_empty).await;

    let mut returns = child(server);
    let process = returns.id().unwrap();
    started(&mut returns).await;
    drop(returns.stdin.take());
    assert!(returns.wait().await.unwrap().success());
    wait_until("gone after the end", process, <[_]>::is_empty).await;
}

#[tokio::test]
async fn nothing_is_left_of_postgres_when_its_test_process_ends() {
    if postgres_folder().is_some() {
        nothing_is_left_of("postgres").await;
    }
}

#[tokio::test]
async fn nothing_is_left_of_mariadb_when_its_test_process_ends() {
    if mariadbd().and(mariadb_install_db()).is_some() {
        nothing_is_left_of("mariadb").await;
    }
}
