//! Starts the posts on 127.0.0.1:3002, or on `$PORT`.
//!
//! Out of the box they stand in `posts.db`, a file of SQLite in the working directory;
//! `DATABASE_URL=postgres://user:password@host/name` takes PostgreSQL. `CURSOR_KEY`, 32 bytes, signs cursors: without
//! it they are good until the server ends.
//!
//! ```text
//! $ cargo run -p posts
//! $ curl -si 'localhost:3002/posts?sort=most-commented&results_per_page=1' | grep count
//! x-total-count: 100
//! $ curl -s 'localhost:3002/posts?sort=title&author=Ada&text=LOOP&results_per_page=1' | grep -o '"title":"[^"]*"'
//! "title":"Notes on loops"
//! $ curl -s 'localhost:3002/posts?sort=age' | grep -o '"detail":"[^"]*"'
//! "detail":"The query parameter `sort` must be one of `newest`, `title`, `most-commented`, `last-commented`."
//! $ curl -si localhost:3002/posts --json '{"author":"Me","title":"Hello","body":"The first."}' | grep location
//! location: /posts/101
//! ```
//!
//! <http://localhost:3002/> scrolls through them.

use std::error::Error;

use axum_pagination::CursorKey;
use posts::Database;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let port = match std::env::var("PORT") {
        Ok(port) => port.parse()?,
        Err(_) => 3002,
    };
    let url = std::env::var("DATABASE_URL").unwrap_or_else(|_| "sqlite:posts.db".to_owned());
    let app = posts::app(Database::open(&url).await?, cursor_key()?);
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    tracing::info!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app)
        .with_graceful_shutdown(async { drop(tokio::signal::ctrl_c().await) })
        .await?;
    Ok(())
}

/// That of the configuration, or one of this process.
fn cursor_key() -> Result<CursorKey, Box<dyn Error>> {
    if let Ok(key) = std::env::var("CURSOR_KEY") {
        return Ok(CursorKey::try_from(key.as_bytes())?);
    }
    let mut key = [0; 32];
    getrandom::fill(&mut key)?;
    tracing::warn!("CURSOR_KEY is not set: cursors end with this process");
    Ok(CursorKey::new(key))
}
