//! `cargo bench -p benches --bench files [-- NAME]`: files beside `ServeDir` of tower-http, over a loopback socket,
//! in one run.
//!
//! Each side is a process of its own with one runtime thread; where there is `taskset`, servers have the first
//! core and the clients the second. The sides take turns, and the medians of the rounds are compared: answers per
//! second, and the processor time that the server took for one. The kernel counts that in ticks of 10 ms, and on a
//! busy machine it is the steadier figure. Nothing fails here: the figures are for reading.
//!
//! The server alone, for other measurements: `… -- serve ADDRESS FOLDER ours|portable|tower-http`. It has the files of the
//! folder under `/files/`.

mod client;
mod server;

use std::env;
use std::fs;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use self::client::Load;
use self::server::{Side, Started};

/// What is asked for.
struct Workload {
    name: &'static str,
    path: &'static str,
    connections: usize,
    headers: &'static str,
    /// The least answers per second, and the most processor time, beside `ServeDir`: of ours where the page cache is
    /// asked first, and of the portable way.
    goals: [(f64, f64); 2],
}

/// Where there is no goal.
const FREE: (f64, f64) = (0.0, f64::INFINITY);

const WORKLOADS: [Workload; 5] = [
    Workload {
        name: "1 KiB",
        path: "/files/1k.bin",
        connections: 16,
        headers: "",
        goals: [(2.5, 0.40), (1.5, f64::INFINITY)],
    },
    Workload {
        name: "1 MiB",
        path: "/files/1m.bin",
        connections: 8,
        headers: "",
        goals: [(1.8, 0.55), (0.0, 0.75)],
    },
    Workload {
        name: "64 MiB",
        path: "/files/64m.bin",
        connections: 8,
        headers: "",
        goals: [(1.4, 0.75), (1.2, f64::INFINITY)],
    },
    Workload {
        name: "range of 64 KiB",
        path: "/files/64m.bin",
        connections: 16,
        headers: "range: bytes=1000000-1065535\r\n",
        goals: [(2.5, 0.40), FREE],
    },
    Workload {
        name: "304",
        path: "/files/1k.bin",
        connections: 16,
        headers: "if-none-match: @ETAG@\r\n",
        goals: [(0.0, 0.35), FREE],
    },
];

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve", address, folder, side] => server::serve(address, Path::new(folder), side),
        ["load", address, path, connections, milliseconds, headers] => {
            let address: SocketAddr = address.parse().map_err(io::Error::other)?;
            let load = client::load(
                address,
                path,
                headers,
                connections.parse().map_err(io::Error::other)?,
                Duration::from_millis(milliseconds.parse().map_err(io::Error::other)?),
            )?;
            writeln!(io::stdout().lock(), "{load}")
        }
        ref names => report(names),
    }
}

fn report(names: &[&str]) -> io::Result<()> {
    let folder = Folder::new()?;
    let sides = [Side::TowerHttp, Side::Ours, Side::Portable];
    let servers = sides
        .iter()
        .map(|side| Started::new(&folder.0, *side))
        .collect::<io::Result<Vec<_>>>()?;
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "| what | side | answers/s | µs of processor time | x ServeDir: answers, goal | time, goal |\n|---|---|---|---|---|---|"
    )?;
    for workload in WORKLOADS
        .iter()
        .filter(|workload| names.is_empty() || names.contains(&workload.name))
    {
        let loads = measure(workload, &servers)?;
        for (index, (side, load)) in sides.iter().zip(&loads).enumerate() {
            let faster = load.per_second / loads[0].per_second;
            let cheaper = load.microseconds / loads[0].microseconds;
            let (least, most) = match index {
                0 => FREE,
                _ => workload.goals[index - 1],
            };
            let missed = if faster < least || cheaper > most {
                " MISSED"
            } else {
                ""
            };
            writeln!(
                out,
                "| {} | {} | {:.0} | {:.1} | {faster:.2}, >= {least} | {cheaper:.2}, <= {most}{missed} |",
                workload.name,
                side.name(),
                load.per_second,
                load.microseconds,
            )?;
            out.flush()?;
        }
    }
    for (side, server) in sides.iter().zip(&servers) {
        writeln!(
            out,
            "\n{}: at most {} KiB of memory, {} threads",
            side.name(),
            server.peak_memory(),
            server.threads()
        )?;
    }
    Ok(())
}

/// The medians of each server.
fn measure(workload: &Workload, servers: &[Started]) -> io::Result<Vec<Load>> {
    const ROUNDS: usize = 7;
    const ROUND: Duration = Duration::from_millis(700);

    let mut rounds: Vec<Vec<Load>> = vec![Vec::new(); servers.len()];
    for round in 0..=ROUNDS {
        for (server, loads) in servers.iter().zip(&mut rounds) {
            let load = server.load(workload.path, workload.headers, workload.connections, ROUND)?;
            // The first one fills the caches.
            if round > 0 {
                loads.push(load);
            }
        }
    }
    let median = |loads: &[Load], of: fn(&Load) -> f64| {
        let mut figures: Vec<f64> = loads.iter().map(of).collect();
        figures.sort_by(f64::total_cmp);
        figures[figures.len() / 2]
    };
    Ok(rounds
        .iter()
        .map(|loads| Load {
            per_second: median(loads, |load| load.per_second),
            microseconds: median(loads, |load| load.microseconds),
        })
        .collect())
}

/// Files to serve, in a folder below the one for temporary files, or below `BENCH_FOLDER`: what is measured is its file
/// system.
struct Folder(PathBuf);

impl Folder {
    fn new() -> io::Result<Self> {
        let parent = env::var_os("BENCH_FOLDER").map_or_else(env::temp_dir, PathBuf::from);
        let folder = parent.join(format!("files-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        for (name, length) in [
            ("1k.bin", 1 << 10),
            ("1m.bin", 1 << 20),
            ("64m.bin", 64 << 20),
        ] {
            let content: Vec<u8> = (0..length).map(|at: u32| at.to_le_bytes()[1]).collect();
            fs::write(folder.join(name), content)?;
        }
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}
