//! The values that both sides send.

use std::sync::LazyLock;

use serde::Serialize;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Person {
    id: u32,
    name: String,
    email: String,
    age: u8,
}

/// Twenty people: about 1.2 KiB as JSON.
pub(crate) static PEOPLE: LazyLock<Vec<Person>> = LazyLock::new(|| {
    (1..=20)
        .map(|id| Person {
            id,
            name: format!("Person {id:02}"),
            email: format!("p{id:02}@mail.test"),
            age: 40,
        })
        .collect()
});

/// A page of a hundred rows, one in ten of which needs escaping.
#[derive(askama::Template)]
#[template(
    ext = "html",
    source = "<!doctype html><title>{{ title }}</title><table>{% for row in rows %}<tr><td>{{ row.id }}</td><td>{{ row.name }}</td><td>{{ row.note }}</td></tr>{% endfor %}</table>"
)]
pub(crate) struct Table {
    title: &'static str,
    rows: &'static [Row],
}

struct Row {
    id: u32,
    name: String,
    note: String,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    (1..=100)
        .map(|id| Row {
            id,
            name: format!("item number {id}"),
            note: if id % 10 == 0 {
                format!("a < b & c > {id}")
            } else {
                format!("plain note {id}")
            },
        })
        .collect()
});

impl Table {
    pub(crate) fn page() -> Self {
        Self {
            title: "Rows",
            rows: &ROWS,
        }
    }
}

/// The data of one event.
pub(crate) const EVENT: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
pub(crate) const EVENTS: usize = 1000;

pub(crate) static CHUNK: [u8; 16 * 1024] = [b'x'; 16 * 1024];
pub(crate) const CHUNKS: usize = 1024;

#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Small {
    ok: bool,
    id: u32,
}

pub(crate) const SMALL: Small = Small { ok: true, id: 42 };
