//! What others lost rows, or their sleep, over.

mod http;
mod rows;
mod statements;
