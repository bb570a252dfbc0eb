//! What the documents say of the crate is what its manifest says, and the tests that
//! they name are there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Write as _, stderr};
use std::path::{Path, PathBuf};

/// A file beside the manifest; none where it is no part of the package.
fn read(name: &str) -> Option<String> {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).ok()
}

/// The manifest as it was written: Cargo writes it anew for the package.
fn manifest() -> String {
    read("Cargo.toml.orig").or_else(|| read("Cargo.toml")).expect("a manifest")
}

fn readme() -> String {
    read("README.md").expect("a README")
}

/// Past the capture of the test harness, which would keep it to itself.
fn skipped(why: &str) {
    let _ = writeln!(stderr(), "\n!!! SKIPPED: {why}\n");
}

/// The keys of one table of the manifest, with their values.
fn table(manifest: &str, name: &str) -> BTreeMap<String, String> {
    let lines = manifest.lines().skip_while(|line| *line != format!("[{name}]")).skip(1);
    let lines = lines.take_while(|line| !line.starts_with('['));
    let pairs =
        lines.filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "));
    pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// What stands in quotes.
fn quoted(value: &str, quote: char) -> Vec<&str> {
    value.split(quote).skip(1).step_by(2).collect()
}

/// The rows of the table under a heading of the README, less the table's head.
fn rows<'r>(readme: &'r str, heading: &str) -> Vec<Vec<&'r str>> {
    let section = readme.split(&format!("\n## {heading}\n")).nth(1).expect(heading);
    let lines = section.lines().take_while(|line| !line.starts_with("## "));
    let rows = lines.filter(|line| line.starts_with('|')).skip(2);
    let rows: Vec<Vec<_>> =
        rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect()).collect();
    assert!(!rows.is_empty(), "a table under {heading}");
    rows
}

/// The features that users may turn on, each with those that it brings along.
fn features() -> BTreeMap<String, BTreeSet<String>> {
    let written = table(&manifest(), "features");
    let public = |name: &str| name != "default" && !name.starts_with("__");
    let mut brings: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, value) in written.iter().filter(|(name, _)| public(name)) {
        let known = quoted(value, '"').into_iter().filter(|other| written.contains_key(*other));
        brings.insert(name.clone(), known.map(str::to_owned).collect());
    }
    brings
}

#[test]
fn every_feature_is_in_the_table_with_what_it_includes() {
    let readme = readme();
    let told: BTreeMap<String, BTreeSet<String>> = rows(&readme, "Features")
        .iter()
        .map(|row| {
            let (_, includes) = row[1].split_once("includes ").unwrap_or_default();
            let includes = quoted(includes, '`').into_iter().map(str::to_owned);
            (quoted(row[0], '`')[0].to_owned(), includes.collect())
        })
        .collect();
    assert_eq!(told, features());
}

#[test]
fn the_documentation_is_built_with_every_feature() {
    let value = table(&manifest(), "package.metadata.docs.rs")["features"].clone();
    let mut built: BTreeSet<String> = quoted(&value, '"').into_iter().map(str::to_owned).collect();
    let features = features();
    while let Some(more) = built.iter().find_map(|name| features[name].difference(&built).next()) {
        built.insert(more.clone());
    }
    assert_eq!(built, features.into_keys().collect());
}

#[test]
fn every_dependency_is_in_the_table() {
    let readme = readme();
    let told: BTreeSet<String> = rows(&readme, "Dependencies")
        .iter()
        .flat_map(|row| row[0].split(", "))
        .map(|name| name.trim_matches('`').to_owned())
        .collect();
    assert_eq!(told, table(&manifest(), "dependencies").into_keys().collect());
}

#[test]
fn the_minimum_rust_version_is_the_same_everywhere() {
    let version = table(&manifest(), "package")["rust-version"].trim_matches('"').to_owned();
    let readme = readme();
    assert!(readme.contains(&format!("The minimum Rust version is {version},")), "README.md");
    let others = ["crates/eventsource-stream", "verify/testkit", "verify/judges"]
        .map(|it| format!("{it}/Cargo.toml"));
    for name in others {
        let Some(other) = read(&name) else { continue };
        if let Some(told) = table(&other, "package").get("rust-version") {
            assert_eq!(told.trim_matches('"'), version, "{name}");
        }
    }
}

/// A version is either released, under a heading of its own, or being worked on.
#[test]
fn the_changelog_knows_the_version() {
    let changelog = read("CHANGELOG.md").expect("a changelog");
    let version = table(&manifest(), "package")["version"].trim_matches('"').to_owned();
    let headings = ["## [Unreleased]".to_owned(), format!("## [{version}]")];
    assert!(changelog.lines().any(|line| headings.iter().any(|heading| line.starts_with(heading))));
}

/// The versions of the other parsers are those that are compared.
#[test]
fn the_other_parsers_are_those_that_are_compared() {
    let Some(compare) = read("benches/compare/Cargo.toml") else {
        return skipped("the package does not hold benches/compare");
    };
    let compared = table(&compare, "dependencies");
    let judged = read("verify/judges/Cargo.toml").map(|judges| table(&judges, "dependencies"));
    let readme = readme();
    for row in &rows(&readme, "Other parsers")[1..] {
        let (name, version) = row[0].split_once(' ').expect("a name and a version");
        let pinned = format!("\"={version}\"");
        assert!(compared[name].contains(&pinned), "{name} in benches/compare");
        let judge = judged.as_ref().and_then(|judged| judged.get(name));
        assert!(judge.is_none_or(|judge| judge.contains(&pinned)), "{name} in verify/judges");
    }
}

/// Each test, example or bench that a document names is there.
#[test]
fn what_the_documents_name_is_there() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    if root.join("Cargo.toml.orig").exists() {
        return skipped("the package does not hold all that the documents name");
    }
    for document in
        ["README.md", "SECURITY.md", "CONTRIBUTING.md", "docs/guarantees.md", "docs/embedded.md"]
    {
        let text = read(document).expect(document);
        let is_path = |word: &&str| {
            ["tests/", "examples/", "benches/", "src/", "verify/", "crates/", "docs/"]
                .iter()
                .any(|folder| word.starts_with(folder))
        };
        let prose: Vec<&str> = text.split("```").step_by(2).collect();
        let paths: Vec<&str> =
            prose.iter().flat_map(|part| quoted(part, '`')).filter(is_path).collect();
        assert!(!paths.is_empty(), "{document}");
        for path in paths {
            assert!(root.join(path).exists(), "{document} names {path}");
        }
    }
}
