//! Tells the program for which target it is built itself.

fn main() {
    let target = std::env::var("HOST").expect("cargo says so");
    println!("cargo::rustc-env=HOST_TARGET={target}");
    println!("cargo::rerun-if-changed=build.rs");
}
