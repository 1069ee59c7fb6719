//! Databases for tests: an empty one for each test, in SQLite, PostgreSQL and MariaDB.
//!
//! PostgreSQL and MariaDB are real servers, one of each for a test process, started when a test first asks.
//! They listen on a Unix socket in a folder of their own below the system's temporary folder, and end together
//! with that folder when the test process ends, however it ends. Where `TEST_POSTGRES_URL` or `TEST_MYSQL_URL`
//! names a server, the databases are made in that one, and dropped when their tests end.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! use suite_support::database;
//!
//! let one = database::sqlite().await;
//! let two: i32 = sqlx::query_scalar("SELECT 1 + 1").fetch_one(&one.pool).await.unwrap();
//! assert_eq!(two, 2);
//!
//! let Some(one) = database::postgres().await else {
//!     return; // the last lines of the run say so
//! };
//! # drop(one);
//! # }
//! ```

mod server;

use std::env;
use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::process;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use sqlx::mysql::MySqlPoolOptions;
use sqlx::pool::PoolOptions;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, MySql, Pool, Postgres, Sqlite};

use self::server::Admin;
use crate::outside::{self, MARIADB, POSTGRES};

/// The connections of a test: several, and so few that many tests do not exhaust a server.
const CONNECTIONS: u32 = 4;

/// Nothing that a server has to do in a test takes longer, on a machine that is busy.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// What servers of our own have for pages of tables, in MiB, where it is not the little that tests need.
static MEMORY: OnceLock<u32> = OnceLock::new();

/// Gives the servers that this process starts so much memory for pages of tables and indexes, in MiB.
///
/// Without it PostgreSQL has 16 and MariaDB 32: enough for tests, and too little for benchmarks. It counts before the
/// first database is asked for; of several calls the first one does.
pub fn memory(mebibytes: u32) {
    MEMORY.get_or_init(|| mebibytes);
}

/// An empty database that belongs to one test. It is gone when this is dropped.
pub struct Database<DB: sqlx::Database> {
    /// A few connections to it.
    pub pool: Pool<DB>,
    /// Where it is, for a connection of one's own. In memory, that is another database.
    pub url: String,
    left_behind: LeftBehind,
}

/// What is to be removed in the end.
enum LeftBehind {
    Nothing,
    Folder(PathBuf),
    Postgres(&'static Admin<Postgres>, String),
    MySql(&'static Admin<MySql>, String),
}

/// A database of PostgreSQL, with UTF-8 and the order of bytes. `None` where there is no PostgreSQL.
///
/// # Panics
/// When the server does not start or refuses, and when it is missing and `REQUIRE_OUTSIDE` is set.
pub async fn postgres() -> Option<Database<Postgres>> {
    if !outside::present(&[POSTGRES]) {
        return None;
    }
    let name = unique_name();
    let admin = server::postgres().await;
    admin
        .run(format!(
            "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
        ))
        .await;
    let options = admin.options.clone().database(&name);
    let url = options.to_url_lossy().to_string();
    let left_behind = LeftBehind::Postgres(admin, name);
    let pool = limited(PgPoolOptions::new(), CONNECTIONS).connect_lazy_with(options);
    Some(Database {
        pool,
        url,
        left_behind,
    })
}

/// A database of MariaDB, with UTF-8 of four bytes. `None` where there is no MariaDB.
///
/// # Panics
/// When the server does not start or refuses, and when it is missing and `REQUIRE_OUTSIDE` is set.
pub async fn mariadb() -> Option<Database<MySql>> {
    if !outside::present(&[MARIADB]) {
        return None;
    }
    let name = unique_name();
    let admin = server::mariadb().await;
    admin
        .run(format!("CREATE DATABASE {name} CHARACTER SET utf8mb4"))
        .await;
    let options = admin.options.clone().database(&name);
    let url = options.to_url_lossy().to_string();
    let left_behind = LeftBehind::MySql(admin, name);
    let pool = limited(MySqlPoolOptions::new(), CONNECTIONS).connect_lazy_with(options);
    Some(Database {
        pool,
        url,
        left_behind,
    })
}

/// A database of SQLite in memory, with the one connection that keeps it.
///
/// # Panics
/// When there is no memory for it.
pub async fn sqlite() -> Database<Sqlite> {
    let options = SqliteConnectOptions::new().in_memory(true);
    let pool = limited(PoolOptions::new(), 1)
        // With its connection the database would go.
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options)
        .await;
    match pool {
        Ok(pool) => Database {
            pool,
            url: "sqlite::memory:".to_owned(),
            left_behind: LeftBehind::Nothing,
        },
        Err(error) => panic!("no SQLite in memory: {error}"),
    }
}

/// A database of SQLite in a file, with several connections.
///
/// A test process that is killed leaves the file behind, in the system's temporary folder.
///
/// # Panics
/// When the file cannot be made.
pub async fn sqlite_file() -> Database<Sqlite> {
    let folder = env::temp_dir().join(unique_name());
    if let Err(error) = fs::create_dir(&folder) {
        panic!("{}: {error}", folder.display());
    }
    let left_behind = LeftBehind::Folder(folder.clone());
    let options = SqliteConnectOptions::new()
        .filename(folder.join("data.sqlite"))
        .create_if_missing(true)
        // Readers do not wait for the writer, and nobody for the disk.
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Off)
        .busy_timeout(PATIENCE);
    let url = options.to_url_lossy().to_string();
    let pool = limited(PoolOptions::new(), CONNECTIONS).connect_lazy_with(options);
    Database {
        pool,
        url,
        left_behind,
    }
}

/// A name that no other database has, nor one of an earlier process.
pub(crate) fn unique_name() -> String {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let moment = server::moment();
    format!("suite_{}_{moment:x}_{number}", process::id())
}

fn limited<DB: sqlx::Database>(options: PoolOptions<DB>, connections: u32) -> PoolOptions<DB> {
    options
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
}

impl<DB: sqlx::Database> fmt::Debug for Database<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

impl<DB: sqlx::Database> Drop for Database<DB> {
    fn drop(&mut self) {
        let left_behind = std::mem::replace(&mut self.left_behind, LeftBehind::Nothing);
        if matches!(left_behind, LeftBehind::Nothing) {
            return;
        }
        // The test's own runtime may be at its end, or have this thread alone. One that fails has said why; a
        // database that stays behind is worth a line, and not a second panic.
        let removed = thread::spawn(|| left_behind.remove()).join();
        let problem = match removed {
            Ok(Ok(())) => return,
            Ok(Err(problem)) => problem,
            Err(_) => "panicked".to_owned(),
        };
        eprintln!("{} stays behind: {problem}", self.url);
    }
}

impl LeftBehind {
    fn remove(self) -> Result<(), String> {
        if let Self::Folder(folder) = &self {
            return fs::remove_dir_all(folder).map_err(|error| error.to_string());
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| error.to_string())?;
        let removed = async { tokio::time::timeout(PATIENCE, self.drop_database()).await };
        match runtime.block_on(removed) {
            Ok(result) => result.map_err(|error| error.to_string()),
            Err(elapsed) => Err(elapsed.to_string()),
        }
    }

    async fn drop_database(self) -> sqlx::Result<()> {
        match self {
            Self::Nothing | Self::Folder(_) => Ok(()),
            Self::Postgres(admin, name) => {
                // The pool may still be connected.
                let sql = format!("DROP DATABASE {name} WITH (FORCE)");
                admin.try_run(sql).await
            }
            Self::MySql(admin, name) => {
                let mut connection = admin.connect().await?;
                // An open transaction would be waited for.
                let sql = "SELECT id FROM information_schema.processlist WHERE db = ?";
                let ids: Vec<i64> = sqlx::query_scalar(sql)
                    .bind(&name)
                    .fetch_all(&mut connection)
                    .await?;
                for id in ids {
                    let kill = sqlx::AssertSqlSafe(format!("KILL {id}"));
                    // It may have gone by itself.
                    drop(sqlx::raw_sql(kill).execute(&mut connection).await);
                }
                let sql = sqlx::AssertSqlSafe(format!("DROP DATABASE {name}"));
                sqlx::raw_sql(sql).execute(&mut connection).await?;
                connection.close().await
            }
        }
    }
}
