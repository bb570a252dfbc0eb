#!/bin/bash -eu
# Builds every target with its dictionary and seeds into $OUT, as OSS-Fuzz asks for.
# OSS-Fuzz's image sets SRC, OUT and the flags. Elsewhere, with cargo-fuzz and zip:
#
#     OUT=$PWD/target/oss-fuzz RUSTUP_TOOLCHAIN=nightly fuzz/oss-fuzz/build.sh
if [ -n "${SRC:-}" ]; then cd "$SRC/sseam"; else cd "$(dirname "$0")/../.."; fi

mkdir -p "$OUT"
cargo fuzz build -O
cd fuzz
# What writes the seeds is no target: it needs none of the flags.
env -u RUSTFLAGS -u CFLAGS -u CXXFLAGS cargo run --quiet --release --locked --example seeds -- seeds
host=$(rustc -vV | sed -n 's/^host: //p')
for source in fuzz_targets/*.rs; do
    target=$(basename "$source" .rs)
    cp "target/$host/release/$target" "$OUT/"
    cp dictionary.txt "$OUT/$target.dict"
    zip --quiet --junk-paths --recurse-paths "$OUT/${target}_seed_corpus.zip" "seeds/$target"
    printf '[libfuzzer]\nmax_len = 1024\ntimeout = 10\nrss_limit_mb = 1024\n' >"$OUT/$target.options"
done
