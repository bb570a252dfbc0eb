//! The data of each event as text: the task of genai's `EventSourceStream` over its `WebStream`.
//!
//! There, chunks are converted to text and split at a blank line by hand. A character that is cut by a
//! chunk's end is then an error, a blank line is only `\n\n`, white space around the data is lost, and a
//! partial event at the end is returned as a whole one.

use bytes::Bytes;
use futures_util::stream::{self, Stream};
use sseam::VecBuf;
use sseam::adapter::{Error, stream::EventStream};

/// Returns the data of each event. Invalid UTF-8 becomes U+FFFD, as the standard says.
pub fn text_stream<S, E>(body: S) -> impl Stream<Item = Result<String, Error<E>>>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    let events = EventStream::<S, VecBuf>::new(body);
    stream::try_unfold(events, async |mut events| {
        let text = events.next_event().await?.map(|event| event.data().to_string());
        Ok(text.map(|text| (text, events)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bodies::{Broken, body, collect, cuts};

    #[test]
    fn text_of_each_event() {
        let stream = "\u{feff}data: one\n\n: a comment\n\ndata:  two \r\ndata:lines\r\n\r\n\
            event: x\rdata: \u{1f980}\r\rdata: cut off";
        for chunks in cuts(stream) {
            let expected = ["one", " two \nlines", "\u{1f980}"].map(|text| Ok(text.to_owned()));
            assert_eq!(collect(text_stream(body(chunks))), expected);
        }
    }

    #[test]
    fn error_ends_the_stream() {
        let chunks =
            vec![Ok(Bytes::from("data: x\n\nda")), Err(Broken), Ok(Bytes::from("ta: y\n\n"))];
        let texts = collect(text_stream(body(chunks)));
        assert_eq!(texts, [Ok("x".to_owned()), Err(Error::Transport(Broken))]);
    }
}
