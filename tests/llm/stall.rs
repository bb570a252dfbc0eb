//! The stall watch distinguishes silence from a server that only sends keep-alives.

use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use sseam::llm::Signal::{self, Ignored, Payload, Sentinel, Terminal};
use sseam::llm::{Stall, StallWatch};

use sseam_testkit::streams::cases;

fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn default_limits() {
    let mut watch = StallWatch::default();
    assert_eq!(watch.stalls_at(), Some(s(60)));
    watch.observe(Payload, s(30));
    watch.sign_of_life(s(80));
    watch.observe(Ignored, s(80));
    assert_eq!(watch.stall(s(89)), None);
    assert_eq!(watch.stall(s(90)), Some(Stall::NoProgress));
}

#[test]
fn progress_and_sign_of_life() {
    for (signal, silence, progress) in
        [(Payload, 15, 20), (Terminal, 15, 20), (Sentinel, 15, 20), (Ignored, 15, 10)]
    {
        let mut watch = StallWatch::new(s(0)).with_silence_limit(s(5));
        watch.observe(signal, s(10));
        assert_eq!(watch.stalls_at(), Some(s(silence)), "{signal:?}");
        let mut watch = StallWatch::new(s(0)).with_progress_limit(s(10));
        watch.observe(signal, s(10));
        assert_eq!(watch.stalls_at(), Some(s(progress)), "{signal:?}");
    }
}

#[test]
fn earlier_limit_counts() {
    let watch = StallWatch::new(s(100)).with_silence_limit(s(20)).with_progress_limit(s(60));
    let mut only_alive = watch;
    for now in (100..160).step_by(10) {
        only_alive.sign_of_life(s(now));
        assert_eq!(only_alive.stall(s(now)), None);
    }
    assert_eq!(only_alive.stall(s(160)), Some(Stall::NoProgress));
    assert_eq!(watch.stall(s(119)), None);
    assert_eq!(watch.stall(s(120)), Some(Stall::Silence));
    // Both limits are exceeded.
    assert_eq!(watch.stall(s(1000)), Some(Stall::Silence));
}

#[test]
fn without_limits() {
    let watch = StallWatch::new(s(0));
    assert_eq!((watch.stalls_at(), watch.stall(Duration::MAX)), (None, None));
}

#[test]
fn clock_going_backwards() {
    let mut watch = StallWatch::new(s(1000)).with_silence_limit(s(20)).with_progress_limit(s(60));
    watch.observe(Payload, s(990));
    watch.sign_of_life(s(0));
    assert_eq!(watch.stall(s(0)), None);
    assert_eq!(watch.stalls_at(), Some(s(1020)));
    watch.sign_of_life(s(1059));
    assert_eq!(watch.stalls_at(), Some(s(1060)));
}

#[test]
fn largest_time() {
    let watch = StallWatch::new(Duration::MAX).with_silence_limit(s(1));
    assert_eq!((watch.stalls_at(), watch.stall(Duration::MAX)), (None, None));
    let ms = Duration::from_millis;
    let watch = StallWatch::new(ms(700)).with_silence_limit(ms(300));
    assert_eq!(watch.stalls_at(), Some(s(1)));
    let watch = StallWatch::new(ms(700)).with_silence_limit(ms(1299));
    assert_eq!(watch.stalls_at(), Some(ms(1999)));
    // A second and a nanosecond.
    let half = ms(500);
    let watch = StallWatch::new(half).with_silence_limit(half + Duration::from_nanos(1));
    assert_eq!(watch.stalls_at(), Some(Duration::new(1, 1)));
    let never = StallWatch::new(s(0)).with_progress_limit(Duration::MAX);
    assert_eq!(never.stalls_at(), Some(Duration::MAX));
    assert_eq!(never.stall(s(u64::MAX)), None);
}

proptest! {
    #![proptest_config(cases(512))]

    /// Sleeping until `stalls_at` is neither too short nor too long.
    #[test]
    fn stalls_at_is_exact(
        calls in vec((0_u64..100, 0_usize..5), 0..20),
        silence in proptest::option::of(0_u64..50),
        progress in proptest::option::of(0_u64..50),
        now in 0_u64..200,
    ) {
        let mut watch = StallWatch::new(s(50));
        if let Some(limit) = silence {
            watch = watch.with_silence_limit(s(limit));
        }
        if let Some(limit) = progress {
            watch = watch.with_progress_limit(s(limit));
        }
        for (now, what) in calls {
            let signals: [Signal; 4] = [Payload, Terminal, Sentinel, Ignored];
            match signals.get(what) {
                Some(&signal) => watch.observe(signal, s(now)),
                None => watch.sign_of_life(s(now)),
            }
        }
        let is_over = watch.stalls_at().is_some_and(|at| at <= s(now));
        prop_assert_eq!(watch.stall(s(now)).is_some(), is_over);
    }
}
