//! The bytes of a body: all of them, as they are, as soon as they are there.

use std::future::pending;
use std::time::Duration;

use bytes::Bytes;
use hyper::Response;
use sseam::Outcome;
use tokio::time::timeout;

use crate::line::End;
use crate::setup::{Running, Upstream, event_stream, exchange, read, within};

/// The upstream sends an event only when the client has the one before it.
#[tokio::test]
async fn an_event_passes_before_the_next_is_sent() {
    let mut upstream = Upstream::start().await;
    let mut proxy = Running::to(upstream.address).await;
    let request = proxy.request("GET", "/");
    let (mut response, mut sender) = exchange(request, &mut upstream, event_stream()).await;
    // Whole events, then one in pieces: the proxy waits for the end of neither.
    let events = (0..100).map(|n| format!("data: {{\"choices\":[],\"n\":{n}}}\n\n"));
    let pieces = ["d", "ata: [DO", "NE]\n", "\n"].map(str::to_string);
    for frame in events.chain(pieces) {
        within(sender.send_data(frame.clone().into())).await.expect("a client");
        let mut seen = Vec::new();
        while seen.len() < frame.len() {
            let chunk = within(response.chunk()).await.expect("no break").expect("no end");
            seen.extend_from_slice(&chunk);
        }
        assert_eq!(String::from_utf8_lossy(&seen), frame);
    }
    drop(sender);
    assert!(read(&mut response).await.1.is_ok());
    let record = proxy.record().await;
    assert_eq!((record.outcome, record.events), (Outcome::Completed, 101));
}

#[tokio::test]
async fn random_bytes_in_random_frames_pass_as_they_are() {
    let mut random = Random(7);
    for content_type in ["text/event-stream", "application/octet-stream"] {
        for longest in [16, 1 << 10, 1 << 16] {
            let frames: Vec<Bytes> = (0..200).map(|_| random.frame(longest)).collect();
            let mut upstream = Upstream::start().await;
            let mut proxy = Running::to(upstream.address).await;
            let head = Response::builder().header("Content-Type", content_type);
            let request = proxy.request("GET", "/");
            let (mut response, mut sender) = exchange(request, &mut upstream, head).await;
            let sent = frames.concat();
            tokio::spawn(async move {
                for frame in frames {
                    sender.send_data(frame).await.expect("a client");
                }
            });
            let (bytes, end) = read(&mut response).await;
            assert_eq!(bytes.len(), sent.len());
            assert!(bytes == sent && end.is_ok());
            if content_type == "text/event-stream" {
                let record = proxy.record().await;
                assert_eq!((record.bytes, record.end), (sent.len() as u64, End::Whole));
            }
        }
    }
}

/// What the client does not read the proxy does not take.
#[tokio::test]
async fn a_client_that_does_not_read_holds_the_upstream_up() {
    const FRAME: &[u8] = &[b'x'; 1 << 16];
    /// 32 MiB: far more than sockets hold.
    const FRAMES: usize = 1 << 9;

    let mut upstream = Upstream::start().await;
    let proxy = Running::to(upstream.address).await;
    let request = proxy.request("GET", "/");
    let (mut response, mut sender) = exchange(request, &mut upstream, event_stream()).await;
    let mut sent = 0;
    let endless = async {
        while sent < FRAMES {
            sender.send_data(FRAME.into()).await.expect("a client");
            sent += 1;
        }
        pending::<()>().await;
    };
    // However long this is, it can only be too short to find a fault.
    let _ = timeout(Duration::from_secs(1), endless).await;
    assert!(sent < FRAMES, "all of it was taken");
    drop(sender);
    let (bytes, end) = read(&mut response).await;
    assert_eq!(bytes.len(), sent * FRAME.len());
    assert!(end.is_ok());
}

/// Numbers that look random, the same ones in each run (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Up to `longest` bytes, at least one; half of them are those that mean
    /// something in a stream.
    fn frame(&mut self, longest: u64) -> Bytes {
        let len = 1 + self.next() % longest;
        let byte = |random: u64| match random.to_le_bytes() {
            [byte, 0..128, ..] => byte,
            [byte, ..] => b"data: \r\n\n"[usize::from(byte % 9)],
        };
        (0..len).map(|_| byte(self.next())).collect()
    }
}
