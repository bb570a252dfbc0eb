//! The memory of a parser: how large it is, how large it gets, when it is given
//! back, and what happens where there is none.

use std::mem::size_of;

use sseam::{ArrayBuf, Parser, SliceBuf};

/// Beside its storage, a parser is this large at most.
const OWN_SIZE: usize = if cfg!(target_pointer_width = "64") { 192 } else { 96 };

#[test]
fn a_parser_is_little_more_than_its_storage() {
    let over_slices = if cfg!(target_pointer_width = "64") { 192 } else { 128 };
    assert!(size_of::<Parser<SliceBuf<'_>>>() <= over_slices);
    assert!(size_of::<Parser<ArrayBuf<1024, 128>>>() <= 1024 + 3 * 128 + OWN_SIZE);
    assert!(size_of::<Parser<ArrayBuf<256, 64>>>() <= 256 + 3 * 64 + OWN_SIZE);
    assert!(size_of::<Parser<ArrayBuf<4096, 128>>>() <= 4096 + 3 * 128 + OWN_SIZE);
}

#[cfg(feature = "alloc")]
mod on_the_heap {
    use crate::common::{bytewise, read};
    use crate::heap::{usage, with_pieces_up_to};
    use sseam::{End, Error, Field, Item, LastEventIdError, Notify, Parser, VecBuf};

    /// What a parser keeps for the next event at most, of what a large one took.
    const RETAINED: isize = 128 << 10;

    const MIB: usize = 1 << 20;

    /// Feeds all of the chunk, of which nothing is to be told but events; gives
    /// the length of the last one's data.
    fn feed(parser: &mut Parser<VecBuf>, mut chunk: &[u8]) -> Option<usize> {
        let mut len = None;
        while let Some(event) = parser.next_event(&mut chunk).expect("within the bounds") {
            len = Some(event.data().len());
        }
        len
    }

    /// The bound on data, and four times the bound on type and ID: that much is
    /// held where all is at its bound and a second ID is under way.
    #[test]
    fn the_bound_on_memory_can_be_reached_and_not_be_passed() {
        let (data, meta) = (10_000, 1000);
        let [full_data, full] = [data, meta].map(|len| "x".repeat(len));
        let head =
            format!("id: {full}\n\ndata: {full_data}\nevent: {full}\nid: {full}\nid: {full}");
        for chunks in [vec![head.as_bytes()], bytewise(head.as_bytes())] {
            let mut parser = Parser::with_buffer(VecBuf::with_limits(data, meta));
            let ((), used) = usage(|| {
                for chunk in chunks {
                    assert_eq!(feed(&mut parser, chunk), None);
                }
            });
            assert_eq!(used.peak, data + 4 * meta);
            assert_eq!(feed(&mut parser, b"\n\n"), Some(data));
        }
    }

    #[test]
    fn the_memory_of_a_large_event_is_given_back_at_a_following_call() {
        let head = format!("data: {}", "x".repeat(MIB));
        let following: &[&[u8]] =
            &[b"data: x\n\n", b"data: x", b"\n", b"\r\n", b": note\n", b"event: t\n", b"id", b"x"];
        for following in following {
            let mut parser = Parser::new();
            let ((), taken) = usage(|| {
                assert_eq!(feed(&mut parser, head.as_bytes()), None);
                let mut chunk = &b"\n\n"[..];
                let event = parser.next_event(&mut chunk).expect("within the bounds");
                assert_eq!(event.map(|event| event.data().len()), Some(MIB));
            });
            let is_held = usize::try_from(taken.held).is_ok_and(|held| held >= MIB);
            assert!(is_held, "its data is on loan yet");
            let (_, given_back) = usage(|| feed(&mut parser, following));
            let kept = taken.held + given_back.held;
            assert!(kept <= RETAINED, "{kept} bytes are kept, {}", following.escape_ascii());
        }
    }

    #[test]
    fn the_memory_of_a_large_event_is_given_back_with_the_stream() {
        let head = format!("data: {}", "x".repeat(MIB));
        let endings: [fn(&mut Parser<VecBuf>); 4] = [
            |parser| assert_eq!(parser.finish(), End::MidEvent),
            Parser::reset,
            |parser| {
                assert!(matches!(parser.flush_event(), Ok(Some(_))));
                parser.reset();
            },
            // So it is where the event breaks its bound.
            |parser| {
                let rest = vec![b'x'; MIB];
                assert!(parser.next_event(&mut &rest[..]).is_err());
            },
        ];
        for (n, ending) in endings.into_iter().enumerate() {
            let mut parser = Parser::with_limit(2 * MIB - 1);
            let ((), used) = usage(|| {
                assert_eq!(feed(&mut parser, head.as_bytes()), None);
                ending(&mut parser);
            });
            assert!(used.peak >= MIB);
            assert!(used.held <= RETAINED, "{} bytes are kept, ending {n}", used.held);
        }
    }

    /// A client whose events are large again and again does not allocate for each.
    #[test]
    fn the_memory_of_an_event_of_common_size_is_kept() {
        let event = format!("data: {}\n\n", "x".repeat(64 << 10));
        let (first, second) = event.as_bytes().split_at(1000);
        let mut parser = Parser::new();
        let mut round = || {
            feed(&mut parser, first);
            assert_eq!(feed(&mut parser, second), Some(64 << 10));
        };
        round();
        let ((), used) = usage(round);
        assert_eq!(used.allocations, 0);
    }

    #[test]
    #[cfg_attr(miri, ignore = "too much to interpret")]
    fn sixteen_mebibytes_are_let_through_and_not_a_byte_more() {
        let limit = 16 * MIB;
        let mut stream = b"data: ".to_vec();
        stream.resize(stream.len() + limit, b'x');
        stream.extend(b"\n\n");
        for size in [stream.len(), 64 << 10] {
            let mut parser = Parser::new();
            let (len, used) = usage(|| {
                stream.chunks(size).fold(None, |len, chunk| feed(&mut parser, chunk).or(len))
            });
            assert_eq!(len, Some(limit));
            assert!(used.peak <= limit + 4 * (64 << 10), "{} bytes were held", used.peak);
        }

        stream.insert(6, b'x');
        for size in [stream.len(), 64 << 10] {
            let mut parser = Parser::new();
            let error =
                stream.chunks(size).find_map(|mut chunk| parser.next_event(&mut chunk).err());
            assert_eq!(error, Some(Error::TooLarge { field: Field::Data, limit }));
        }
    }

    /// Blocks that need more than a hundred bytes in a piece, in chunks.
    #[test]
    fn where_there_is_no_memory_the_event_is_lost_and_nothing_else() {
        let long = "x".repeat(101);
        let blocks = [
            vec![format!("data: {long}"), "\n\n".into()],
            vec!["data: x".into(), format!("{long}\n\n")],
            vec![format!("data: x\ndata: {long}\n\n")],
            vec![format!("event: {long}\ndata: x\n"), "\n".into()],
            vec!["event: x".into(), format!("{long}\ndata: x\n\n")],
            vec![format!("id: {long}\ndata: x\n\n")],
            vec!["id: x".into(), format!("{long}\ndata: x\n\n")],
            vec![format!("id: x\nid: {long}\ndata: x\n\n")],
            vec!["id: x\nid: ".into(), format!("{long}\ndata: x\n\n")],
        ];
        for mut chunks in blocks {
            let mut parser = Parser::new();
            assert_eq!(feed(&mut parser, b"id: before\n\n"), None);
            chunks.push("data: next\n\n".into());
            // Made before memory is short.
            let mut told = Vec::with_capacity(10);
            with_pieces_up_to(100, || {
                for mut chunk in chunks.iter().map(String::as_bytes) {
                    while let Some(next) = parser.next_event(&mut chunk).transpose() {
                        told.push(next.map(|event| {
                            event.data() == "next" && event.last_event_id() == "before"
                        }));
                    }
                }
            });
            assert_eq!(told, [Err(Error::OutOfMemory), Ok(true)], "{chunks:?}");
            // With memory again, what was too much is not.
            chunks.pop();
            let told =
                read(&mut parser, &chunks.iter().map(String::as_bytes).collect::<Vec<_>>(), false);
            assert_eq!(told.told.len(), 1, "{chunks:?}");
        }
    }

    #[test]
    fn where_there_is_no_memory_a_text_is_cut_short() {
        let mut parser = Parser::with_buffer(VecBuf::new()).with_notify(Notify::COMMENTS);
        let long = vec![b'x'; 1000];
        let (mut comments, mut events) = (0, 0);
        with_pieces_up_to(100, || {
            for mut chunk in [b"data: x\n: note", &long[..], b"\n\n"] {
                while let Ok(Some(item)) = parser.next_item(&mut chunk) {
                    match item {
                        Item::Comment { text, truncated: true } if text == "note" => comments += 1,
                        Item::Event(event) if event.data() == "x" => events += 1,
                        _ => {}
                    }
                }
            }
        });
        assert_eq!((comments, events), (1, 1));
    }

    #[test]
    fn where_there_is_no_memory_a_seeded_id_leaves_the_old_one() {
        let mut parser = Parser::new();
        assert_eq!(parser.set_last_event_id(b"old"), Ok(()));
        let long = [b'x'; 101];
        let seeded = with_pieces_up_to(100, || parser.set_last_event_id(&long));
        assert_eq!(seeded, Err(LastEventIdError::OutOfMemory));
        assert_eq!(parser.last_event_id(), "old");
    }
}
