//! Clients that ask again and again, each on a kept-alive connection of its own.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

/// What a server answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    pub(crate) per_second: f64,
    /// Of the server's processor time, for each answer.
    pub(crate) microseconds: f64,
}

/// Answers, and the seconds they took.
pub(crate) struct Counted {
    answers: u64,
    time: Duration,
}

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.answers, self.time.as_secs_f64())
    }
}

/// So many clients, for this time. `@ETAG@` in the headers is the tag of the file.
pub(crate) fn load(
    address: SocketAddr,
    path: &str,
    headers: &str,
    connections: usize,
    time: Duration,
) -> io::Result<Counted> {
    let head = |headers: &str| format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n");
    let mut client = Client::new(address)?;
    let etag = client.ask(head("").as_bytes())?;
    let request = head(&headers.replace("@ETAG@", &etag));
    let started = Instant::now();
    let clients: Vec<_> = (0..connections)
        .map(|_| {
            let request = request.clone();
            thread::spawn(move || -> io::Result<u64> {
                let mut client = Client::new(address)?;
                let mut answers = 0;
                while started.elapsed() < time {
                    client.ask(request.as_bytes())?;
                    answers += 1;
                }
                Ok(answers)
            })
        })
        .collect();
    let mut answers = 0;
    for client in clients {
        answers += client
            .join()
            .map_err(|_| io::Error::other("a client panicked"))??;
    }
    Ok(Counted {
        answers,
        time: started.elapsed(),
    })
}

struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    fn new(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        let buffer = vec![0; 1 << 20];
        Ok(Self { stream, buffer })
    }

    /// One answer, read to its end; its entity tag.
    fn ask(&mut self, request: &[u8]) -> io::Result<String> {
        self.stream.write_all(request)?;
        let mut filled = 0;
        let head = loop {
            filled += self.read(filled)?;
            if let Some(end) = self.buffer[..filled]
                .windows(4)
                .position(|window| window == b"\r\n\r\n")
            {
                break end + 4;
            }
        };
        let text = String::from_utf8_lossy(&self.buffer[..head]).to_ascii_lowercase();
        if !text.starts_with("http/1.1 2") && !text.starts_with("http/1.1 304") {
            return Err(io::Error::other(text));
        }
        let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
        let length: usize = match field("content-length: ") {
            Some(length) if !text.starts_with("http/1.1 304") => {
                length.parse().map_err(io::Error::other)?
            }
            _ => 0,
        };
        let mut left = length - (filled - head);
        while left > 0 {
            left -= self.read(0)?;
        }
        Ok(field("etag: ").unwrap_or_default().to_owned())
    }

    fn read(&mut self, from: usize) -> io::Result<usize> {
        match self.stream.read(&mut self.buffer[from..])? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            read => Ok(read),
        }
    }
}
