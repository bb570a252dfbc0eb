//! The documents agree with the manifest, and what they name and link to exists.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Write as _, stderr};
use std::path::{Path, PathBuf};

use sseam::llm::Protocol;

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

/// The parts in quotes.
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
fn readme_lists_each_feature_with_includes() {
    let readme = readme();
    let listed: BTreeMap<String, BTreeSet<String>> = rows(&readme, "Features")
        .iter()
        .flat_map(|row| {
            let (_, includes) = row[1].split_once("includes ").unwrap_or_default();
            let includes: BTreeSet<_> =
                quoted(includes, '`').into_iter().map(str::to_owned).collect();
            let names = quoted(row[0], '`').into_iter().map(str::to_owned);
            names.map(move |name| (name, includes.clone())).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(listed, features());
}

#[test]
fn readme_lists_each_dependency() {
    let readme = readme();
    assert!(readme.contains("memchr is the only dependency"));
    let listed: BTreeSet<String> = rows(&readme, "Features")
        .iter()
        .flat_map(|row| row[2].split(", "))
        .map(|name| name.trim_matches('`').to_owned())
        .filter(|name| !name.is_empty())
        .chain(["memchr".to_owned()])
        .collect();
    assert_eq!(listed, table(&manifest(), "dependencies").into_keys().collect());
}

/// One screen for each question, and code on the first.
#[test]
fn readme_is_short() {
    let readme = readme();
    assert!(readme.lines().count() <= 160);
    let code = readme.lines().position(|line| line.starts_with("```rust"));
    assert!(code.is_some_and(|line| line < 24));
}

#[test]
fn docs_rs_builds_with_each_feature() {
    let value = table(&manifest(), "package.metadata.docs.rs")["features"].clone();
    let mut built: BTreeSet<String> = quoted(&value, '"').into_iter().map(str::to_owned).collect();
    let features = features();
    while let Some(more) = built.iter().find_map(|name| features[name].difference(&built).next()) {
        built.insert(more.clone());
    }
    assert_eq!(built, features.into_keys().collect());
}

#[test]
fn protocols_are_listed() {
    let [Some(c), Some(llm)] = ["docs/c.md", "src/llm.rs"].map(read) else { return };
    for protocol in Protocol::ALL {
        let name = format!("`{}`", protocol.name());
        assert!(c.contains(&name), "{name} is not in docs/c.md");
        assert!(llm.contains(&format!("//! | {name}")), "{name} is not in the table of src/llm.rs");
    }
}

#[test]
fn rust_version_is_the_same_everywhere() {
    let version = table(&manifest(), "package")["rust-version"].trim_matches('"').to_owned();
    let readme = readme();
    assert!(readme.contains(&format!("The minimum Rust version is {version}.")), "README.md");
    let others = ["crates/eventsource-stream", "verify/testkit", "verify/judges"]
        .map(|it| format!("{it}/Cargo.toml"));
    for name in others {
        let Some(other) = read(&name) else { continue };
        if let Some(rust_version) = table(&other, "package").get("rust-version") {
            assert_eq!(rust_version.trim_matches('"'), version, "{name}");
        }
    }
}

/// A version is either released, under a heading of its own, or being worked on.
#[test]
fn changelog_has_the_version() {
    let changelog = read("CHANGELOG.md").expect("a changelog");
    let version = table(&manifest(), "workspace.package")["version"].trim_matches('"').to_owned();
    let headings = ["## [Unreleased]".to_owned(), format!("## [{version}]")];
    assert!(changelog.lines().any(|line| headings.iter().any(|heading| line.starts_with(heading))));
}

/// The versions of the other parsers are those that are compared.
#[test]
fn peer_versions_are_those_compared() {
    let Some(compare) = read("benches/compare/Cargo.toml") else {
        return skipped("the package does not hold benches/compare");
    };
    let compared = table(&compare, "dependencies");
    let judged = read("verify/judges/Cargo.toml").map(|judges| table(&judges, "dependencies"));
    let (readme, migrating) = (readme(), read("docs/migrating.md").expect("a page"));
    let tables = [rows(&readme, "Other parsers"), rows(&migrating, "What other parsers do")];
    for row in tables.iter().flat_map(|rows| &rows[1..]) {
        let (name, version) = row[0].split_once(' ').expect("a name and a version");
        let pinned = format!("\"={version}\"");
        assert!(compared[name].contains(&pinned), "{name} in benches/compare");
        let judge = judged.as_ref().and_then(|judged| judged.get(name));
        assert!(judge.is_none_or(|judge| judge.contains(&pinned)), "{name} in verify/judges");
    }
}

/// Whether a word in backquotes is a path of the repository.
fn is_path(word: &&str) -> bool {
    ["tests/", "examples/", "benches/", "src/", "verify/", "crates/", "docs/", "fuzz/", ".ci/"]
        .iter()
        .any(|folder| word.starts_with(folder))
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The documents, if all that they name is here, too: it is not in the package.
fn documents() -> Vec<PathBuf> {
    if root().join("Cargo.toml.orig").exists() {
        skipped("the package does not hold all that the documents name");
        return Vec::new();
    }
    let is_document = |path: &PathBuf| path.extension().is_some_and(|it| it == "md");
    let mut documents = Vec::new();
    for folder in ["", "docs", "tests", "examples", "benches", "fuzz", "crates/*", "verify/*"] {
        let folders = match folder.strip_suffix("/*") {
            Some(parent) => entries(&root().join(parent)),
            None => vec![root().join(folder)],
        };
        documents.extend(folders.iter().flat_map(|it| entries(it)).filter(is_document));
    }
    assert!(documents.len() > 10);
    documents
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

/// A document without its blocks of code.
fn prose(document: &Path) -> String {
    let text = fs::read_to_string(document).expect("UTF-8");
    text.split("```").step_by(2).collect()
}

#[test]
fn named_files_exist() {
    for document in documents() {
        let prose = prose(&document);
        for path in quoted(&prose, '`').into_iter().filter(is_path) {
            let path = path.split_whitespace().next().unwrap_or(path); // A command.
            let found = [&root(), document.parent().expect("a folder")]
                .iter()
                .any(|folder| folder.join(path).exists());
            assert!(found, "{} names {path}", document.display());
        }
    }
}

/// Links to docs.rs are checked by `.ci/links`, which has the documentation built.
#[test]
fn relative_links_resolve() {
    for document in documents() {
        for target in prose(&document).split("](").skip(1) {
            let (target, _) = target.split_once(')').expect("a link");
            if target.starts_with('#') || target.contains("://") {
                continue;
            }
            assert!(
                !document.starts_with(root().join("docs")),
                "{target} does not resolve on docs.rs"
            );
            let path = target.split('#').next().unwrap_or_default();
            let found = document.parent().expect("a folder").join(path).exists();
            assert!(found, "{} links to {path}", document.display());
        }
    }
}

/// Each promise names what checks it, and that exists.
#[test]
fn each_guarantee_has_a_check() {
    let guarantees = read("docs/guarantees.md").expect("a page");
    let in_package = root().join("Cargo.toml.orig").exists();
    let mut count = 0;
    for row in guarantees.lines().filter(|line| line.starts_with("| ")) {
        let Some((promise, checks)) = row.trim_matches('|').trim().rsplit_once(" | ") else {
            continue;
        };
        if checks == "checked by" || checks.starts_with("---") {
            continue;
        }
        let paths: Vec<&str> = quoted(checks, '`').into_iter().filter(is_path).collect();
        assert!(!paths.is_empty(), "no check for: {promise}");
        for path in paths {
            assert!(in_package || root().join(path).exists(), "{path} checks: {promise}");
        }
        count += 1;
    }
    assert!(count >= 20);
}
