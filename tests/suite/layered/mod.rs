//! axum-layered on real sockets.

mod wire;
