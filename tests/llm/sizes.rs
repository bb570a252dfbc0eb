//! The types that follow a stream are small and `Copy`.

use sseam::llm::strict::Check;
use sseam::llm::{Answer, Delta, Protocol, Reading, StallWatch, Tracker};

#[test]
fn sizes() {
    for (name, size, most) in [
        ("Tracker", size_of::<Tracker>(), 112),
        ("Answer", size_of::<Answer>(), 640),
        ("Reading", size_of::<Reading<'_, '_>>(), 1024),
        ("Delta", size_of::<Delta<'_>>(), 128),
        ("StallWatch", size_of::<StallWatch>(), 64),
        ("Check", size_of::<Check>(), 16),
    ] {
        assert!(size <= most, "{name}: {size} bytes are more than {most}");
    }
}

#[test]
fn const_send_and_copy() {
    fn is_plain<T: Copy + Send + Sync + 'static>(_: T) {}
    const TRACKER: Tracker = Tracker::new();
    const OF: Tracker = Tracker::of(Protocol::CHAT);
    const AMONG: Tracker = Tracker::among(&[Protocol::CHAT, Protocol::RESPONSES]);
    const ANSWER: Answer = Answer::new();
    const CHECK: Check = Check::new();
    is_plain(TRACKER);
    is_plain(OF);
    is_plain(AMONG);
    is_plain(ANSWER);
    is_plain(CHECK);
    assert_eq!(Tracker::default(), TRACKER);
    assert_eq!(Check::default(), CHECK);
}
