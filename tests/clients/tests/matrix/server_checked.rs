//! The server keeps its word, else the columns would be the same.

use std::collections::BTreeSet;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::answer::Answer;
use crate::clients::hyper;
use crate::events::{COUNT, LINE_ENDS, LineEnd, blocks, blocks_as_needed};
use crate::server::serve;

/// hyper gives a body chunk by chunk, each write being one, or parts of a large one.
#[tokio::test]
async fn each_write_is_on_its_own() {
    let stream = || Answer::of([blocks(LineEnd::CrLf).concat()]);
    for answer in [stream().byte_by_byte(), stream().in_random_sizes()] {
        let writes = answer.writes.clone();
        let (_sender, seen) = watch::channel(0);
        let body = hyper(serve(answer, seen).await).await;
        let chunks: Vec<Bytes> = body.map(|chunk| chunk.expect("no break")).collect().await;
        assert!(ends(&chunks).is_superset(&ends(&writes)));
        assert!(chunks.concat() == writes.concat());
    }
}

/// Where in the stream the pieces end.
fn ends(pieces: &[Bytes]) -> BTreeSet<usize> {
    let mut end = 0;
    let ends = pieces.iter().map(|piece| {
        end += piece.len();
        end
    });
    ends.collect()
}

#[tokio::test]
async fn an_event_waits_for_the_one_before() {
    let answer = Answer::of(["one", "two"]).waiting();
    let (sender, seen) = watch::channel(0);
    let mut body = hyper(serve(answer, seen).await).await;
    assert_eq!(body.next().await.expect("a chunk").expect("no break"), "one");
    assert!(timeout(Duration::from_millis(50), body.next()).await.is_err());
    sender.send(1).expect("a server");
    assert_eq!(body.next().await.expect("a chunk").expect("no break"), "two");
}

#[test]
fn what_is_written_as_needed_ends_with_the_last_needed_byte() {
    for line_end in LINE_ENDS {
        let last_needed = match line_end {
            LineEnd::Lf => "\n\n",
            LineEnd::Cr => "\r\r",
            LineEnd::CrLf => "\r\n\r",
        };
        let writes = blocks_as_needed(line_end);
        assert!(writes.iter().take(COUNT).all(|write| write.ends_with(last_needed.as_bytes())));
        assert!(writes.concat() == blocks(line_end).concat());
    }
}
