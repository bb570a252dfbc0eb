//! Passes the target of the build to the program.

fn main() {
    let target = std::env::var("HOST").expect("cargo says so");
    println!("cargo::rustc-env=HOST_TARGET={target}");
    println!("cargo::rerun-if-changed=build.rs");
}
