//! Verifies by the linker that no panic and no allocation can be reached: links the program in
//! `src/bin/linked/` for each target, for size and for speed, and checks that it links, and that it
//! does not if an error is planted.
//!
//! This covers the functions which that program calls, as this compiler translates them with
//! optimisation, without overflow checks and without `std`.

use std::process::{Command, ExitCode, Stdio};
use std::{env, thread};

/// A configuration to link.
struct Variant {
    feature: &'static str,
    profiles: &'static [&'static str],
    /// The undefined function that has to be missing when linking.
    missing: Option<&'static str>,
    shows: &'static str,
}

const VARIANTS: [Variant; 5] = [
    Variant {
        feature: "",
        profiles: &["small", "fast"],
        missing: None,
        shows: "no panic in the parser over `ArrayBuf` and `SliceBuf`, in sources, answers, payloads, encoding",
    },
    Variant {
        feature: "heap",
        profiles: &["small", "fast"],
        missing: None,
        shows: "no panic over `VecBuf`, for any allocator",
    },
    Variant {
        feature: "no_heap",
        profiles: &["small", "fast"],
        missing: None,
        shows: "no allocation except by `VecBuf`",
    },
    Variant {
        feature: "planted_panic",
        profiles: &["small"],
        missing: Some("a_panic_can_be_reached"),
        shows: "a planted panic is found",
    },
    Variant {
        feature: "planted_allocation",
        profiles: &["small"],
        missing: Some("an_allocation_can_be_reached"),
        shows: "a planted allocation is found",
    },
];

const BARE_METAL: &str = "thumbv7em-none-eabi";

fn main() -> ExitCode {
    let mut targets = vec![env!("HOST_TARGET")];
    if env::args().any(|argument| argument == "--bare-metal") {
        targets.push(BARE_METAL);
    }
    // In separate folders, so that they need not wait for each other.
    let done = thread::scope(|scope| {
        let running: Vec<_> =
            targets.iter().map(|target| scope.spawn(|| show_all(target))).collect();
        running.into_iter().all(|running| running.join().unwrap_or(false))
    });
    if done { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Links all variants for the target. Returns `true` if each result was as expected.
fn show_all(target: &str) -> bool {
    let mut is_shown = true;
    for variant in &VARIANTS {
        for profile in variant.profiles {
            let linked = link(variant.feature, target, profile);
            let wrong = match (variant.missing, linked) {
                (None, Ok(())) => None,
                (Some(missing), Err(errors)) if errors.contains(missing) => None,
                (Some(_), Ok(())) => Some("it links".into()),
                (_, Err(errors)) => Some(errors),
            };
            is_shown &= wrong.is_none();
            match wrong {
                None => println!("shown: {} ({target}, {profile})", variant.shows),
                Some(wrong) => {
                    println!("NOT SHOWN: {} ({target}, {profile})\n{wrong}", variant.shows);
                }
            }
        }
    }
    is_shown
}

/// Links the program; an error is the linker's message.
fn link(feature: &str, target: &str, profile: &str) -> Result<(), String> {
    let folder = env::var_os("CARGO_TARGET_DIR").map_or("target".into(), std::path::PathBuf::from);
    let output = Command::new(env!("CARGO"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["build", "--quiet", "--locked", "--bin", "linked", "--features", feature])
        .args(["--target", target, "--profile", profile, "--target-dir"])
        .arg(folder.join("linked").join(target))
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}
