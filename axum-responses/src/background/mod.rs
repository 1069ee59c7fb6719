//! Work that runs once the last byte of a response was handed over.
//!
//! A task belongs to a response, not to a handler: it starts when the body is through, it never
//! holds back the body's end, and it is told whether the client got everything
//! ([`Outcome::Completed`]) or left earlier ([`Outcome::Aborted`]). It runs exactly once in either
//! case, for `HEAD`, redirects and 204 as well.
//!
//! "Handed over" means that the HTTP implementation took the last byte. On HTTP/1.1 it is then in the
//! connection's write buffer (up to about 400 KiB) or in the kernel's; on HTTP/2 in the connection's send queue,
//! at most one piece of 64 KiB beyond what the client's flow-control window has granted. Neither says that the client
//! has read it; HTTP has no such signal.

mod body;
mod task;
mod tracker;

pub(crate) use self::body::attach;
pub use self::task::{BackgroundTask, BackgroundTasks, Outcome, TaskOutput};
pub use self::tracker::{BackgroundTracker, StillRunning};
