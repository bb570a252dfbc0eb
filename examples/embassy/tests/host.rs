//! Runs on the host, over blocking sockets of the operating system.

use std::io::{self, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};

use embassy_futures::block_on;
use embedded_io_async::ErrorType;
use embedded_nal_async::{AddrType, Dns, TcpConnect};
use sseam::source::{Closed, Refusal};
use sseam_example_embassy::follow;

struct Host;

struct Connection(TcpStream);

impl TcpConnect for Host {
    type Error = io::Error;
    type Connection<'a> = Connection;

    async fn connect(&self, remote: SocketAddr) -> io::Result<Connection> {
        TcpStream::connect(remote).map(Connection)
    }
}

/// Accepts only addresses.
impl Dns for Host {
    type Error = io::Error;

    async fn get_host_by_name(&self, host: &str, _: AddrType) -> io::Result<IpAddr> {
        host.parse().map_err(io::Error::other)
    }

    async fn get_host_by_address(&self, _: IpAddr, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

impl ErrorType for Connection {
    type Error = io::Error;
}

impl embedded_io_async::Read for Connection {
    async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl embedded_io_async::Write for Connection {
    async fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    async fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Serves a request on each connection, and returns the last event IDs that were sent.
fn serve(listener: &TcpListener, responses: &[&str]) -> io::Result<Vec<Option<String>>> {
    let mut ids = Vec::new();
    for response in responses {
        let (mut connection, _) = listener.accept()?;
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            connection.read_exact(&mut byte)?;
            request.extend(byte);
        }
        let request = String::from_utf8_lossy(&request).to_ascii_lowercase();
        assert!(request.contains("\r\naccept: text/event-stream\r\n"), "{request}");
        let id = request.lines().find_map(|line| line.strip_prefix("last-event-id: "));
        ids.push(id.map(str::to_owned));
        connection.write_all(response.as_bytes())?;
    }
    Ok(ids)
}

#[test]
fn feed_over_broken_connections() -> io::Result<()> {
    const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
    let long = "x".repeat(1025);
    let responses = [
        // A chunk that breaks off in the middle of an event; one event is too large.
        &format!(
            "{HEAD}Transfer-Encoding: chunked\r\n\r\n\
             1f\r\nretry: 1\nid: 1\ndata: one\n\nid: 2\n\r\n4\r\nda"
        ),
        &format!("{HEAD}\r\nid: 2\ndata: two\n\ndata: {long}\n\nid: 3\ndata: three\n\n"),
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n",
    ];
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/events", listener.local_addr()?);
    let (mut seen, mut closed) = (Vec::new(), None);
    let ids = std::thread::scope(|scope| {
        let server = scope.spawn(|| serve(&listener, &responses));
        let show = |event: sseam::Event<'_>| {
            seen.push(format!("{}: {}", event.last_event_id(), event.data()));
        };
        closed = Some(block_on(follow(&Host, &Host, &url, 7, show)));
        server.join().expect("no panic")
    })?;
    assert_eq!(seen, ["1: one", "2: two", "3: three"]);
    assert_eq!(ids, [None, Some("1".to_owned()), Some("3".to_owned())]);
    assert_eq!(closed, Some(Closed::Refused(Refusal::Status(503))));
    Ok(())
}
