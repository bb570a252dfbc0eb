//! `adapter::codec` as a decoder.

use bytes::BytesMut;
use sseam::End;
use sseam::adapter::codec::EventCodec;
use sseam::encode::Block;
use tokio_stream::StreamExt;
use tokio_util::codec::{Decoder, Encoder, FramedRead};

use sseam_testkit::script::{Script, wait};

/// Decodes everything in the buffer.
fn decode(codec: &mut EventCodec, bytes: &mut BytesMut) -> Vec<String> {
    let mut data = Vec::new();
    while let Some(event) = codec.decode(bytes).expect("the codec itself never fails") {
        data.push(event.expect("an event").as_event().data().to_string());
    }
    data
}

#[test]
fn buffer_never_grows() {
    let stream = format!("data: {}\n\ndata: b\n\n", "a".repeat(100_000));
    let mut codec = EventCodec::default();
    let mut bytes = BytesMut::with_capacity(1000);
    let capacity = bytes.capacity();
    let mut data = Vec::new();
    for chunk in stream.as_bytes().chunks(1000) {
        bytes.extend_from_slice(chunk);
        data.extend(decode(&mut codec, &mut bytes));
        assert!(bytes.is_empty());
        bytes.reserve(1000);
        assert!(bytes.capacity() <= capacity);
    }
    assert_eq!(data.iter().map(String::len).collect::<Vec<_>>(), [100_000, 1]);
}

#[test]
fn end_is_final() {
    for (codec, expected, discarded) in [
        (EventCodec::new(), &["a"][..], true),
        (EventCodec::new().with_flush(), &["a", "[DONE]"], false),
    ] {
        let mut codec = codec;
        let mut bytes = BytesMut::from("data: a\n\ndata: [DONE]");
        for data in expected {
            let event = codec.decode_eof(&mut bytes).unwrap().unwrap().unwrap();
            assert_eq!(event.as_event().data(), **data);
            assert_eq!(codec.end(), None);
        }
        for _ in 0..3 {
            assert_eq!(codec.decode_eof(&mut bytes).unwrap(), None);
            assert_eq!(codec.end().unwrap() == End::MidEvent, discarded);
        }
    }
}

/// The codec moves to the new connection with the last event ID.
#[test]
fn codec_on_new_connection() {
    let mut first =
        FramedRead::new(Script::of(&[b"id: 7\ndata: a\n\ndata: cut"]), EventCodec::new());
    while wait(first.next()).is_some() {}
    let codec = std::mem::take(first.decoder_mut());
    assert_eq!(codec.end().unwrap(), End::MidEvent);

    let mut second = FramedRead::new(Script::of(&[b"data: b\n\n"]), codec);
    let event = wait(second.next()).unwrap().unwrap().unwrap();
    assert_eq!(event.as_event().data(), "b");
    assert_eq!(event.as_event().last_event_id(), "7");
    assert_eq!(second.decoder().end(), None);
    assert_eq!(second.decoder().span(), 0..9, "offsets restart with the stream");
    assert!(wait(second.next()).is_none());
    assert_eq!(second.decoder().end().unwrap(), End::Clean);
}

#[test]
fn broken_connection_needs_reset() {
    let mut codec = EventCodec::new();
    assert!(decode(&mut codec, &mut BytesMut::from("data: cut off\nda")).is_empty());
    assert_eq!(codec.pending(), 16);
    codec.reset();
    assert_eq!(decode(&mut codec, &mut BytesMut::from("data: b\n\n")), ["b"]);
    assert_eq!(codec.span(), 0..9, "offsets restart with the stream");
}

#[test]
fn encode_then_decode() {
    let mut codec = EventCodec::new();
    let mut bytes = BytesMut::from("data: before\n\n");
    let block = Block::data("one\ntwo").event_type("lines").unwrap().id("8").unwrap();
    codec.encode(block, &mut bytes).unwrap();
    codec.encode(Block::comment("keep-alive"), &mut bytes).unwrap();
    assert_eq!(bytes, format!("data: before\n\n{block}: keep-alive\n"));
    assert_eq!(decode(&mut codec, &mut bytes), ["before", "one\ntwo"]);
}
