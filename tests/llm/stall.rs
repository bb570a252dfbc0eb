//! The stall watch tells silence from a server that only says that it lives.

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
fn by_default_a_minute_without_an_event_is_too_much() {
    let mut watch = StallWatch::default();
    assert_eq!(watch.stalls_at(), Some(s(60)));
    watch.observe(Payload, s(30));
    watch.sign_of_life(s(80));
    watch.observe(Ignored, s(80));
    assert_eq!(watch.stall(s(89)), None);
    assert_eq!(watch.stall(s(90)), Some(Stall::NoProgress));
}

#[test]
fn what_is_progress_and_what_a_sign_of_life() {
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
fn the_limits_are_apart_and_the_earlier_counts() {
    let watch = StallWatch::new(s(100)).with_silence_limit(s(20)).with_progress_limit(s(60));
    let mut only_alive = watch;
    for now in (100..160).step_by(10) {
        only_alive.sign_of_life(s(now));
        assert_eq!(only_alive.stall(s(now)), None);
    }
    assert_eq!(only_alive.stall(s(160)), Some(Stall::NoProgress));
    assert_eq!(watch.stall(s(119)), None);
    assert_eq!(watch.stall(s(120)), Some(Stall::Silence));
    // Both.
    assert_eq!(watch.stall(s(1000)), Some(Stall::Silence));
}

#[test]
fn without_limits_it_waits_for_ever() {
    let watch = StallWatch::new(s(0));
    assert_eq!((watch.stalls_at(), watch.stall(Duration::MAX)), (None, None));
}

#[test]
fn a_clock_that_goes_backwards_breaks_nothing() {
    let mut watch = StallWatch::new(s(1000)).with_silence_limit(s(20)).with_progress_limit(s(60));
    watch.observe(Payload, s(990));
    watch.sign_of_life(s(0));
    assert_eq!(watch.stall(s(0)), None);
    assert_eq!(watch.stalls_at(), Some(s(1020)));
    watch.sign_of_life(s(1059));
    assert_eq!(watch.stalls_at(), Some(s(1060)));
}

#[test]
fn the_end_of_time_breaks_nothing() {
    let watch = StallWatch::new(Duration::MAX).with_silence_limit(s(1));
    assert_eq!((watch.stalls_at(), watch.stall(Duration::MAX)), (None, None));
    let ms = Duration::from_millis;
    let watch = StallWatch::new(ms(700)).with_silence_limit(ms(300));
    assert_eq!(watch.stalls_at(), Some(s(1)));
    let watch = StallWatch::new(ms(700)).with_silence_limit(ms(1299));
    assert_eq!(watch.stalls_at(), Some(ms(1999)));
    // A second and a billionth of one.
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
    fn it_stalls_at_the_very_time_that_it_names(
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
