//! The three databases: how each is filled, and asked by hand.

use std::fs;

use axum_pagination::{Backend, ClassicPage, Count, CursorKey, CursorPage, Order, keyset, testing};
use sqlx::pool::PoolOptions;
use sqlx::{AssertSqlSafe, MySql, Pool, Postgres, QueryBuilder, Row, Sqlite};
use suite_support::outside::{MARIADB, POSTGRES};

use crate::Failure;
use crate::list::{NEWEST, Numbered, Params, Post, SELECT, Shape};

/// A database, and what this program needs of it. sqlx's traits hold for each and not for all, hence the macro.
pub(crate) trait Subject: Backend {
    const TITLE: &'static str;
    /// The most that a page of any order may take in the middle of a million rows, in microseconds
    const WORST_SHAPE: f64;

    /// Brings the database's knowledge of a table up to date.
    fn analyze(table: &str) -> String;

    fn drop_index(table: &str, index: &str) -> String;

    /// Runs statements that give nothing.
    async fn run(pool: &Pool<Self>, sql: String) -> Result<(), Failure>;

    /// Rows as one fetches them by hand.
    async fn rows(pool: &Pool<Self>, sql: &str, binds: &[i64]) -> Result<Vec<Post>, Failure>;

    /// A number as one fetches it by hand.
    async fn number(pool: &Pool<Self>, sql: &str) -> Result<i64, Failure>;

    /// How the database would run a statement.
    async fn explain(pool: &Pool<Self>, sql: &str, binds: &[i64]) -> Result<String, Failure>;

    /// A page by cursor, as an application asks for it.
    async fn page(
        pool: &Pool<Self>,
        order: &Order<Post>,
        key: &CursorKey,
        count: Count,
        params: &Params,
    ) -> Result<CursorPage<Post>, Failure>;

    /// The text that [`page`](Self::page) sends.
    fn statement(
        order: &Order<Post>,
        key: &CursorKey,
        count: Count,
        params: &Params,
    ) -> Result<String, Failure>;

    /// A page by its number, of a table.
    async fn numbered(
        pool: &Pool<Self>,
        table: &'static str,
        order: &Order<Post>,
        params: &Numbered,
    ) -> Result<ClassicPage<Post>, Failure>;

    /// The server's processes that serve the one connection; none where this one does.
    async fn processes(pool: &Pool<Self>) -> Option<Vec<String>>;
}

macro_rules! subject {
    ($database:ty, $title:literal, $worst:literal, $plan:literal {
        $analyze:expr, $drop_index:expr, $explained:expr, $processes:expr
    }) => {
        impl Subject for $database {
            const TITLE: &'static str = $title;
            const WORST_SHAPE: f64 = $worst;

            fn analyze(table: &str) -> String {
                $analyze(table)
            }

            fn drop_index(table: &str, index: &str) -> String {
                $drop_index(table, index)
            }

            async fn run(pool: &Pool<Self>, sql: String) -> Result<(), Failure> {
                sqlx::query(AssertSqlSafe(sql)).execute(pool).await?;
                Ok(())
            }

            async fn rows(
                pool: &Pool<Self>,
                sql: &str,
                binds: &[i64],
            ) -> Result<Vec<Post>, Failure> {
                let mut query = sqlx::query_as(AssertSqlSafe(sql));
                for bind in binds {
                    query = query.bind(*bind);
                }
                Ok(query.fetch_all(pool).await?)
            }

            async fn number(pool: &Pool<Self>, sql: &str) -> Result<i64, Failure> {
                let query = sqlx::query_scalar(AssertSqlSafe(sql));
                Ok(query.fetch_one(pool).await?)
            }

            async fn explain(
                pool: &Pool<Self>,
                sql: &str,
                binds: &[i64],
            ) -> Result<String, Failure> {
                let mut query = sqlx::query(AssertSqlSafe(format!("{} {sql}", $plan)));
                for bind in binds {
                    query = query.bind(*bind);
                }
                let rows = query.fetch_all(pool).await?;
                Ok(rows.iter().map($explained).collect::<Vec<_>>().join("\n"))
            }

            async fn page(
                pool: &Pool<Self>,
                order: &Order<Post>,
                key: &CursorKey,
                count: Count,
                params: &Params,
            ) -> Result<CursorPage<Post>, Failure> {
                let list = keyset(order).select::<Self>(base("posts"));
                Ok(list.signed(key).count(count).fetch(pool, params).await?)
            }

            fn statement(
                order: &Order<Post>,
                key: &CursorKey,
                count: Count,
                params: &Params,
            ) -> Result<String, Failure> {
                let list = keyset(order).select::<Self>(base("posts"));
                let list = list.signed(key).count(count);
                Ok(testing::statement(&list, params)?)
            }

            async fn numbered(
                pool: &Pool<Self>,
                table: &'static str,
                order: &Order<Post>,
                params: &Numbered,
            ) -> Result<ClassicPage<Post>, Failure> {
                let list = keyset(order).select::<Self>(base(table));
                Ok(list.classic(pool, params).await?)
            }

            async fn processes(pool: &Pool<Self>) -> Option<Vec<String>> {
                $processes(pool).await
            }
        }
    };
}

fn base<DB: Backend>(table: &'static str) -> impl Fn(&mut QueryBuilder<DB>) + Send + Sync {
    move |query| {
        query.push(SELECT).push(table);
    }
}

subject!(Sqlite, "sqlite", 2_000.0, "EXPLAIN QUERY PLAN" {
    |_: &str| "ANALYZE".to_owned(),
    |_: &str, index: &str| format!("DROP INDEX {index}"),
    |row: &sqlx::sqlite::SqliteRow| row.get::<String, _>("detail"),
    async |_: &Pool<Sqlite>| Some(Vec::new())
});

subject!(Postgres, "postgres", 2_000.0, "EXPLAIN ANALYZE" {
    |table: &str| format!("VACUUM ANALYZE {table}"),
    |_: &str, index: &str| format!("DROP INDEX {index}"),
    |row: &sqlx::postgres::PgRow| row.get::<String, _>(0),
    async |pool: &Pool<Postgres>| {
        if POSTGRES.address().is_some() {
            return None;
        }
        let backend: i32 = sqlx::query_scalar("SELECT pg_backend_pid()")
            .fetch_one(pool)
            .await
            .ok()?;
        // What helps with a plan is a child of the server, and is counted with it once it has ended.
        let stat = fs::read_to_string(format!("/proc/{backend}/stat")).ok()?;
        let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.to_owned();
        Some(vec![backend.to_string(), parent])
    }
});

subject!(MySql, "mariadb", 25_000.0, "EXPLAIN" {
    |table: &str| format!("ANALYZE TABLE {table}"),
    |table: &str, index: &str| format!("DROP INDEX {index} ON {table}"),
    |row: &sqlx::mysql::MySqlRow| {
        let fields = ["select_type", "table", "type", "key", "rows", "Extra"].map(|name| {
            let text: Option<String> = row.try_get_unchecked(name).ok()?;
            text
        });
        fields.map(Option::unwrap_or_default).join(" | ")
    },
    async |pool: &Pool<MySql>| {
        if MARIADB.address().is_some() {
            return None;
        }
        let file: String = sqlx::query_scalar("SELECT @@pid_file").fetch_one(pool).await.ok()?;
        let process = fs::read_to_string(file).ok()?;
        Some(vec![process.trim().to_owned()])
    }
});

/// A database with one connection.
pub(crate) struct Opened<DB: Subject> {
    pub(crate) pool: Pool<DB>,
    /// This one and the server's; `None` where the server's are not known
    pub(crate) processes: Option<Vec<String>>,
}

impl<DB: Subject> Opened<DB> {
    /// One connection to where a pool leads.
    pub(crate) async fn of(pool: &Pool<DB>) -> Result<Self, Failure> {
        let options = (*pool.connect_options()).clone();
        let pool = PoolOptions::new()
            .max_connections(1)
            .connect_with(options)
            .await?;
        let mut processes = DB::processes(&pool).await;
        if let Some(processes) = &mut processes {
            processes.push("self".to_owned());
        }
        Ok(Self { pool, processes })
    }

    pub(crate) async fn run(&self, sql: String) -> Result<(), Failure> {
        DB::run(&self.pool, sql).await
    }

    /// The table of the list, with the index that most lists have.
    pub(crate) async fn fill(&self, rows: u64) -> Result<(), Failure> {
        self.table("posts", rows).await?;
        self.index("posts", &NEWEST).await?;
        Ok(())
    }

    /// A table of so many rows, in the sequence of their ids, without an index.
    pub(crate) async fn table(&self, name: &str, rows: u64) -> Result<(), Failure> {
        const AT_ONCE: u64 = 100_000;

        self.run(format!(
            "CREATE TABLE {name} (id BIGINT PRIMARY KEY, at BIGINT NOT NULL, bucket BIGINT NOT NULL, \
             level BIGINT NOT NULL, pinned BIGINT, state BIGINT, title VARCHAR(200) NOT NULL)"
        ))
        .await?;
        for start in (0..rows).step_by(usize::try_from(AT_ONCE)?) {
            // The multiplier is Knuth's, and shuffles; both moduli are primes.
            self.run(format!(
                "INSERT INTO {name}
                 WITH d AS (SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
                     UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9),
                 n AS (SELECT {start} + 1 + a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d AS id
                     FROM d AS a, d AS b, d AS c, d AS e, d AS f),
                 h AS (SELECT id, (id * 2654435761) % 4294967291 AS h FROM n WHERE id <= {rows})
                 SELECT id, (id * 2654435761) % 1000003, h % 1024, (h + id) % 3,
                     CASE WHEN h % 10 < 3 THEN NULL ELSE h % 1000003 END,
                     CASE WHEN h % 13 < 4 THEN NULL ELSE h % 3 END,
                     CONCAT('A title of a common length, and the number ', id)
                 FROM h ORDER BY id"
            ))
            .await?;
        }
        self.run(DB::analyze(name)).await
    }

    /// Makes an index for an order, and gives its name.
    pub(crate) async fn index(&self, table: &str, shape: &Shape) -> Result<String, Failure> {
        let columns: Vec<String> = shape
            .index()
            .iter()
            .map(|(name, descending)| format!("{name}{}", if *descending { " DESC" } else { "" }))
            .collect();
        let name = format!("{table}_{}", columns.join("_").replace(' ', "_"));
        let columns = columns.join(", ");
        self.run(format!("CREATE INDEX {name} ON {table} ({columns})"))
            .await?;
        self.run(DB::analyze(table)).await?;
        Ok(name)
    }
}
