//! `cargo bench -p benches --bench pagination -- [sqlite] [postgres] [mariadb] [PART..] [--rows N]`: pages out of
//! databases, each kind beside what is written by hand, in one run.
//!
//! The parts are `depth`, `shapes`, `adapter`, `count`, `trips` and `process`; without names all of them run, on all three
//! databases, with 1,000,000 rows. Servers are started for the run and end with it; where `TEST_POSTGRES_URL` or
//! `TEST_MYSQL_URL` names one, that one is used, and its processor time is not known. There is one client, and one
//! connection: what is measured is the way there and back, not throughput. Nothing fails here: the figures are for
//! reading.

mod adapter;
mod count;
mod depth;
mod list;
mod measure;
mod process;
mod shapes;
mod subject;
mod trips;

use std::env;
use std::fs;
use std::io::{self, Write};

use sqlx::{MySql, Postgres, Sqlite};
use suite_support::database;

use self::subject::{Opened, Subject};

/// Whatever ends a run.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// All rows and indexes fit, as they do where somebody cares for speed.
const MEMORY_MIB: u32 = 768;

/// What was asked for.
struct Wanted {
    names: Vec<String>,
    rows: u64,
}

const DATABASES: [&str; 3] = [Sqlite::TITLE, Postgres::TITLE, MySql::TITLE];
const PARTS: [&str; 6] = ["depth", "shapes", "adapter", "count", "trips", "process"];

impl Wanted {
    fn of(arguments: &[String]) -> Result<Self, Failure> {
        let mut wanted = Self {
            names: Vec::new(),
            rows: 1_000_000,
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            if argument == "--rows" {
                let rows = arguments.next().ok_or("--rows has a number")?;
                // Positions are parts of a hundred, and there are ten pages at least.
                wanted.rows = rows.parse::<u64>()?.max(1000);
            } else if DATABASES.contains(&argument.as_str()) || PARTS.contains(&argument.as_str()) {
                wanted.names.push(argument.clone());
            } else {
                return Err(format!("{argument} is none of {DATABASES:?} {PARTS:?} --rows").into());
            }
        }
        Ok(wanted)
    }

    /// One of a group, or all of it where none of it was named.
    fn has(&self, name: &str, group: &[&str]) -> bool {
        let named = |name: &str| self.names.iter().any(|one| one == name);
        named(name) || !group.iter().any(|other| named(other))
    }
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    if let [run, side, pages] = &arguments[..]
        && run == "run"
    {
        return runtime.block_on(adapter::alone(side, pages.parse()?));
    }
    let wanted = Wanted::of(&arguments)?;
    runtime.block_on(report(&wanted))
}

async fn report(wanted: &Wanted) -> Result<(), Failure> {
    database::memory(MEMORY_MIB);
    let mut out = io::stdout().lock();
    if let Ok(load) = fs::read_to_string("/proc/loadavg") {
        writeln!(out, "load of the machine: {}", load.trim_end())?;
    }
    if wanted.has("process", &PARTS) {
        process::report(&mut out)?;
    }
    if wanted.has(Sqlite::TITLE, &DATABASES) {
        let database = database::sqlite_file().await;
        parts(&mut out, wanted, Opened::of(&database.pool).await?).await?;
    }
    if wanted.has(Postgres::TITLE, &DATABASES)
        && let Some(database) = database::postgres().await
    {
        parts(&mut out, wanted, Opened::of(&database.pool).await?).await?;
    }
    if wanted.has(MySql::TITLE, &DATABASES)
        && let Some(database) = database::mariadb().await
    {
        parts(&mut out, wanted, Opened::of(&database.pool).await?).await?;
    }
    Ok(())
}

async fn parts<DB: Subject>(
    out: &mut impl Write,
    wanted: &Wanted,
    opened: Opened<DB>,
) -> Result<(), Failure> {
    let rows = wanted.rows;
    let wanted = |part| wanted.has(part, &PARTS);
    if !["depth", "shapes", "adapter", "count", "trips"]
        .iter()
        .any(|part| wanted(part))
    {
        return Ok(());
    }
    opened.fill(rows).await?;
    writeln!(out, "\n# {}, {rows} rows\n", DB::TITLE)?;
    if wanted("depth") {
        depth::report(out, &opened, rows).await?;
    }
    if wanted("shapes") {
        shapes::report(out, &opened, rows).await?;
    }
    if wanted("adapter") {
        adapter::report(out, &opened, rows).await?;
    }
    if wanted("count") {
        count::report(out, &opened).await?;
    }
    if wanted("trips") {
        trips::report(out, &opened, rows).await?;
    }
    Ok(())
}
