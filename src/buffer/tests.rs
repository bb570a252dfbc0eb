use super::{ArrayBuf, Full, SliceBuf, Slot, Storage};

const SLOTS: [Slot; 4] = [Slot::Data, Slot::EventType, Slot::IdA, Slot::IdB];

/// Buffers reject writes beyond their limits, which the machine never makes.
fn assert_bounded(buffer: &mut impl Storage) {
    let room = |slot| match slot {
        Slot::Data => buffer.data_capacity(),
        _ => buffer.limits().meta,
    };
    for (slot, room) in SLOTS.map(|slot| (slot, room(slot))) {
        let bytes = &[b'x'; 32][..=room];
        assert!(matches!(buffer.write(slot, 0, bytes), Err(Full)), "{slot:?}");
        assert!(matches!(buffer.write(slot, 0, &bytes[1..]), Ok(())), "{slot:?}");
        assert!(matches!(buffer.write(slot, room, b"x"), Err(Full)), "{slot:?}");
        assert_eq!(buffer.slot(slot).get(..room), Some(&bytes[1..]), "{slot:?}");
    }
    let len = buffer.limits().meta;
    assert!(matches!(buffer.copy_to_id(1, len + 1, Slot::IdA), Err(Full)));
    assert!(matches!(buffer.copy_to_id(1, len, Slot::IdA), Ok(())));
}

/// Memory in place is never freed and keeps its bytes.
fn assert_kept(buffer: &mut impl Storage) {
    assert!(!buffer.is_oversized());
    buffer.shrink();
    assert_eq!(buffer.slot(Slot::Data).first(), Some(&b'x'));
}

#[test]
fn writes_end_at_the_limits() {
    let mut array = ArrayBuf::<16, 4>::new();
    assert_bounded(&mut array);
    assert_kept(&mut array);

    let (mut data, mut meta) = ([0; 16], [0; 3 * 4]);
    let mut slice = SliceBuf::new(&mut data, &mut meta);
    assert_bounded(&mut slice);
    assert_kept(&mut slice);

    #[cfg(feature = "alloc")]
    assert_bounded(&mut super::VecBuf::with_limits(16, 4));
}

#[cfg(feature = "alloc")]
#[test]
fn memory_doubles_up_to_the_limit() {
    let mut buffer = super::VecBuf::with_limits(100, 10);
    // The used scratch space is part of the data's memory.
    for (slot, limit, beyond) in [(Slot::Data, 100, 10), (Slot::EventType, 10, 0)] {
        let mut memory = 0;
        for at in 0..limit {
            assert!(buffer.write(slot, at, b"x").is_ok(), "{slot:?}");
            memory = if at < memory { memory } else { (2 * memory).clamp(1, limit) };
            assert_eq!(buffer.slot(slot).len(), memory, "{slot:?}");
        }
        let more = &[b'x'; 32][..beyond];
        assert!(buffer.write(slot, limit, more).is_ok(), "{slot:?}");
        assert!(buffer.write(slot, limit + beyond, b"x").is_err(), "{slot:?}");
        assert_eq!(buffer.slot(slot).len(), limit + beyond, "{slot:?}");
    }
}
