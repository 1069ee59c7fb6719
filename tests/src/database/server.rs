//! The servers that the databases are made in: found by a variable, or started.

#[cfg(unix)]
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sqlx::mysql::MySqlConnectOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Database, Executor, MySql, Postgres};
use tokio::sync::OnceCell;

use crate::outside::{MARIADB, Outside, POSTGRES};
#[cfg(unix)]
use crate::outside::{mariadb_install_db, mariadbd, postgres_folder};
#[cfg(unix)]
use crate::throw_away::{Recipe, ThrowAway};

/// Nothing is flushed to the disk: this data is not to survive. Without autovacuum statistics change when a
/// test says so.
#[cfg(unix)]
const POSTGRES_RECIPE: Recipe = Recipe {
    install: r#""$1" -D "$folder/data" -A trust -U test --no-sync -E UTF8 --locale=C"#,
    serve: r#""$2" -D "$folder/data" -k "$folder" -c listen_addresses= -c port=5432 \
        -c fsync=off -c full_page_writes=off -c synchronous_commit=off \
        -c shared_buffers="$3"MB -c max_connections=300 -c autovacuum=off -c timezone=UTC"#,
    // Its own processes end with it, and it gives shared memory back. KILL would leave both.
    signal: "QUIT",
};

#[cfg(unix)]
const MARIADB_RECIPE: Recipe = Recipe {
    install: r#""$1" --no-defaults --datadir="$folder/data" --tmpdir="$folder" \
        --auth-root-authentication-method=normal --skip-test-db --skip-name-resolve \
        --innodb-log-file-size=$(($3 / 4))M --innodb-flush-log-at-trx-commit=0"#,
    serve: r#""$2" --no-defaults --datadir="$folder/data" --tmpdir="$folder" \
        --socket="$folder/socket" --pid-file="$folder/pid" --skip-networking --skip-name-resolve \
        --innodb-log-file-size=$(($3 / 4))M --innodb-flush-log-at-trx-commit=0 \
        --innodb-buffer-pool-size="$3"M --max-connections=300 --character-set-server=utf8mb4"#,
    signal: "KILL",
};

/// The one who may make databases, and drop them.
pub(super) struct Admin<DB: Database> {
    pub(super) options: <DB::Connection as Connection>::Options,
}

/// A server, or why there is none: all tests that need it say the same.
type Started<DB> = Result<Server<DB>, String>;

struct Server<DB: Database> {
    admin: Admin<DB>,
    /// It ends with this process.
    #[cfg(unix)]
    _ours: Option<ThrowAway>,
}

impl<DB: Database> Admin<DB>
where
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
{
    pub(super) async fn connect(&self) -> sqlx::Result<DB::Connection> {
        DB::Connection::connect_with(&self.options).await
    }

    pub(super) async fn try_run(&self, sql: String) -> sqlx::Result<()> {
        let mut connection = self.connect().await?;
        connection.execute(AssertSqlSafe(sql)).await?;
        connection.close().await
    }

    pub(super) async fn run(&self, sql: String) {
        if let Err(error) = self.try_run(sql.clone()).await {
            panic!("{sql}: {error}");
        }
    }
}

pub(super) async fn postgres() -> &'static Admin<Postgres> {
    static SERVER: OnceCell<Started<Postgres>> = OnceCell::const_new();
    the_admin(SERVER.get_or_init(start_postgres).await)
}

pub(super) async fn mariadb() -> &'static Admin<MySql> {
    static SERVER: OnceCell<Started<MySql>> = OnceCell::const_new();
    the_admin(SERVER.get_or_init(start_mariadb).await)
}

fn the_admin<DB: Database>(server: &Started<DB>) -> &Admin<DB> {
    match server {
        Ok(server) => &server.admin,
        Err(problem) => panic!("{problem}"),
    }
}

/// Nanoseconds since 1970: no two processes with one id have the same.
pub(super) fn moment() -> u128 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or(Duration::ZERO).as_nanos()
}

/// The server that the variable names. `None` when it names none.
fn named<DB: Database>(outside: &Outside) -> Option<Started<DB>>
where
    <DB::Connection as Connection>::Options: ConnectOptions,
{
    let address = outside.address()?;
    Some(match address.parse() {
        Ok(options) => Ok(Server {
            admin: Admin { options },
            #[cfg(unix)]
            _ours: None,
        }),
        Err(error) => {
            let variable = outside.variable().unwrap_or_default();
            Err(format!("{variable} is no address of a server: {error}"))
        }
    })
}

#[cfg(not(unix))]
const NO_SHELL: &str = "a server of our own needs a POSIX shell: name one that is running";

async fn start_postgres() -> Started<Postgres> {
    if let Some(server) = named(&POSTGRES) {
        return server;
    }
    #[cfg(not(unix))]
    return Err(NO_SHELL.to_owned());
    #[cfg(unix)]
    {
        let programs = postgres_folder().ok_or("PostgreSQL is missing")?;
        let programs = [programs.join("initdb"), programs.join("postgres")];
        let mut ours = start(&POSTGRES_RECIPE, &programs, 16)?;
        let options = PgConnectOptions::new_without_pgpass()
            .socket(ours.folder())
            // The variables of libpq mean another server.
            .port(5432)
            .ssl_mode(sqlx::postgres::PgSslMode::Disable)
            .username("test")
            .password("")
            .database("postgres");
        ours.wait_for(async || reached::<sqlx::PgConnection>(&options).await)
            .await?;
        Ok(Server {
            admin: Admin { options },
            _ours: Some(ours),
        })
    }
}

async fn start_mariadb() -> Started<MySql> {
    if let Some(server) = named(&MARIADB) {
        return server;
    }
    #[cfg(not(unix))]
    return Err(NO_SHELL.to_owned());
    #[cfg(unix)]
    {
        let install = mariadb_install_db().ok_or("mariadb-install-db is missing")?;
        let server = mariadbd().ok_or("mariadbd is missing")?;
        let mut ours = start(&MARIADB_RECIPE, &[install, server], 32)?;
        let options = MySqlConnectOptions::new()
            .socket(ours.folder().join("socket"))
            .ssl_mode(sqlx::mysql::MySqlSslMode::Disabled)
            .username("root");
        ours.wait_for(async || reached::<sqlx::MySqlConnection>(&options).await)
            .await?;
        Ok(Server {
            admin: Admin { options },
            _ours: Some(ours),
        })
    }
}

/// With the programs that install and serve, and so much memory for pages of tables, in MiB, unless
/// [`memory`](super::memory) has been called.
#[cfg(unix)]
fn start(recipe: &Recipe, programs: &[PathBuf; 2], memory: u32) -> Result<ThrowAway, String> {
    let memory = super::MEMORY.get().unwrap_or(&memory).to_string();
    let [install, serve] = programs;
    let words = [install.as_os_str(), serve.as_os_str(), memory.as_ref()];
    ThrowAway::start(recipe, &words)
}

#[cfg(unix)]
async fn reached<C: sqlx::Connection>(options: &C::Options) -> sqlx::Result<()> {
    C::connect_with(options).await?.close().await
}
