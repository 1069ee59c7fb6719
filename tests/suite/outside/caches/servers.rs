//! Varnish and nginx before the origin, each with what it stores by itself and few settings of an operator.
//!
//! They listen on a socket in a folder of their own, and end with this process.

use std::ffi::OsStr;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use bytes::Bytes;
use http_body_util::Empty;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use suite_support::outside::{NGINX, Outside, VARNISH};
use suite_support::throw_away::{Recipe, ThrowAway};
use suite_support::{Answer, read};
use tokio::net::UnixStream;
use tokio::sync::OnceCell;

/// A shared cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cache {
    Varnish,
    Nginx,
}

/// Both of them.
pub(super) const CACHES: [Cache; 2] = [Cache::Varnish, Cache::Nginx];

/// Without these, Varnish forgets the tag of what is stale, and takes ten seconds for a grace that nobody gave.
/// What has no lifetime of its own is kept for a second.
const VARNISH_RECIPE: Recipe = Recipe {
    install: r#"printf %s "$2" >cache.vcl"#,
    serve: r#""$1" -F -n "$folder/varnish" -j none -a "$folder/socket" -T none -f "$folder/cache.vcl" \
        -s malloc,16m -p vsl_space=1M -p default_ttl=1 -p default_grace=0 -p default_keep=600"#,
    signal: "TERM",
};

const NGINX_RECIPE: Recipe = Recipe {
    install: r#"printf %s "$2" >nginx.conf"#,
    serve: r#""$1" -p "$folder" -c "$folder/nginx.conf" -e stderr"#,
    signal: "TERM",
};

fn vcl(origin: SocketAddr) -> String {
    let (host, port) = (origin.ip(), origin.port());
    format!("vcl 4.1;\nbackend origin {{ .host = \"{host}\"; .port = \"{port}\"; }}\n")
}

/// By itself nginx asks for what is stale anew, and makes a client wait for it. A 404 without a lifetime of its
/// own is kept for a second.
fn nginx_conf(origin: SocketAddr) -> String {
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|module| format!("{module}_temp_path {module};\n"))
        .concat();
    format!(
        "daemon off;\nworker_processes 1;\npid nginx.pid;\nerror_log stderr;\nevents {{}}\n\
         http {{\naccess_log off;\n{temporary}\
         proxy_cache_path stored keys_zone=stored:1m use_temp_path=off;\n\
         server {{\nlisten unix:socket;\n\
         proxy_http_version 1.1;\nproxy_set_header Connection \"\";\n\
         proxy_cache stored;\nproxy_cache_revalidate on;\nproxy_cache_background_update on;\n\
         proxy_cache_valid 404 1s;\n\
         location / {{\nproxy_pass http://{origin};\n}}\n\
         location /shop/in-trouble {{\nproxy_pass http://{origin};\nproxy_read_timeout 2s;\n}}\n\
         }}\n}}\n"
    )
}

type Started = Result<ThrowAway, String>;

impl Cache {
    pub(super) const fn outside(self) -> Outside {
        match self {
            Self::Varnish => VARNISH,
            Self::Nginx => NGINX,
        }
    }

    /// Starts it when it is first needed: one for all tests.
    async fn socket(self, origin: SocketAddr) -> PathBuf {
        static VARNISH_STARTED: OnceCell<Started> = OnceCell::const_new();
        static NGINX_STARTED: OnceCell<Started> = OnceCell::const_new();

        let (started, recipe, settings) = match self {
            Self::Varnish => (&VARNISH_STARTED, VARNISH_RECIPE, vcl(origin)),
            Self::Nginx => (&NGINX_STARTED, NGINX_RECIPE, nginx_conf(origin)),
        };
        let program = self.outside().find().unwrap();
        let started = started.get_or_init(|| async move {
            let words = [program.as_os_str(), OsStr::new(&settings)];
            let mut server = ThrowAway::start(&recipe, &words)?;
            let socket = server.folder().join("socket");
            server
                .wait_for(async || UnixStream::connect(&socket).await.map(drop))
                .await?;
            Ok(server)
        });
        match started.await {
            Ok(server) => server.folder().join("socket"),
            Err(problem) => panic!("{self:?}: {problem}"),
        }
    }

    /// Sends a request to it, on a connection of its own.
    pub(super) async fn ask(
        self,
        origin: SocketAddr,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
    ) -> Answer {
        let socket = self.socket(origin).await;
        let mut request = http::Request::builder().method(method).uri(target);
        for (name, value) in [("host", "shop.test")].iter().chain(headers) {
            request = request.header(*name, *value);
        }
        let request = request.body(Empty::<Bytes>::new()).unwrap();
        let exchange = async {
            let stream = TokioIo::new(UnixStream::connect(socket).await?);
            let (mut sender, connection) =
                http1::handshake(stream).await.map_err(io::Error::other)?;
            tokio::spawn(connection);
            let answer = sender
                .send_request(request)
                .await
                .map_err(io::Error::other)?;
            io::Result::Ok(read(answer).await)
        };
        match tokio::time::timeout(super::PATIENCE, exchange).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => panic!("{self:?}, {method} {target}: {error}"),
            Err(_) => panic!("{self:?}, {method} {target}: no answer"),
        }
    }
}
