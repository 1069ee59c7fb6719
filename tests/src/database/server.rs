//! The servers that the databases are made in: found by a variable, or started.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sqlx::mysql::MySqlConnectOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Database, Executor, MySql, Postgres};
use tokio::sync::OnceCell;

#[cfg(unix)]
use super::throw_away::ThrowAway;
use crate::outside::{MARIADB, Outside, POSTGRES};

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
        let mut ours = ThrowAway::postgres()?;
        let options = PgConnectOptions::new_without_pgpass()
            .socket(ours.folder())
            // The variables of libpq mean another server.
            .port(5432)
            .ssl_mode(sqlx::postgres::PgSslMode::Disable)
            .username("test")
            .password("")
            .database("postgres");
        ours.wait_for::<sqlx::PgConnection>(&options).await?;
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
        let mut ours = ThrowAway::mariadb()?;
        let options = MySqlConnectOptions::new()
            .socket(ours.folder().join("socket"))
            .ssl_mode(sqlx::mysql::MySqlSslMode::Disabled)
            .username("root");
        ours.wait_for::<sqlx::MySqlConnection>(&options).await?;
        Ok(Server {
            admin: Admin { options },
            _ours: Some(ours),
        })
    }
}
