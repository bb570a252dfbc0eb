//! The same bytes give the same events, notifications and errors in any chunks: those of an oracle
//! that reads the whole stream.

use proptest::collection::vec;
use proptest::prelude::*;
use sseam::Notify;
use sseam_testkit::streams::{cases, setup, stream, structure};
use sseam_testkit::{CUTS_APART, ROOMY_DATA, Setup, assert_as_oracle, bytewise, cut};

proptest! {
    #![proptest_config(cases(4000))]

    #[test]
    fn any_chunks_match_oracle(
        stream in stream(),
        setup in setup(),
        cuts in vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let offsets: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        assert_as_oracle(&setup, &stream, &[&stream]);
        assert_as_oracle(&setup, &stream, &cut(&stream, &offsets));
        assert_as_oracle(&setup, &stream, &bytewise(&stream));
    }

    #[test]
    fn structure_in_any_chunks_matches_oracle(
        stream in structure(),
        setup in setup(),
        cuts in vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let offsets: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        assert_as_oracle(&setup, &stream, &[&stream]);
        assert_as_oracle(&setup, &stream, &cut(&stream, &offsets));
        assert_as_oracle(&setup, &stream, &bytewise(&stream));
    }
}

/// Streams with each kind of line and each line end, cut once at every place, the shorter ones also
/// twice.
#[test]
fn every_cut_of_every_line() {
    let streams = [
        "\u{FEFF}data: a\n\nevent: t\ndata: b\ndata: c\nid: 1\n\n",
        ": comment\nretry: 10\nevent: only\n\nunknown: field\nbare\nid\n\ndata\n\n",
        "id: one\nid: t\0wo\ndata: x\n\nid: one\nid: three\ndata: x\n\n",
        "data: 0123456789\n\ndata: ok\n\nevent: 0123456789\ndata: y\n\nid: 0123456789\n\ndata: z\n\n",
        "data: first\n: note\nerr: or\nretry: 5\ndata: second\n\n",
    ];
    let notify = Notify::ALL;
    for stream in streams {
        for end in ["\n", "\r", "\r\n"] {
            let stream = stream.replace('\n', end).into_bytes();
            for (data, meta) in [(ROOMY_DATA, 1024), (8, 4), (20, 16)] {
                for flush in [false, true] {
                    let setup = Setup { data, meta, notify, flush };
                    for first in (0..=stream.len()).step_by(CUTS_APART) {
                        assert_as_oracle(&setup, &stream, &cut(&stream, &[first]));
                        assert_as_oracle(
                            &setup,
                            &stream,
                            &cut(&stream, &[first, first + 1, first + 3]),
                        );
                    }
                }
            }
        }
    }
}
