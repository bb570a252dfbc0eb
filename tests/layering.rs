//! Modules of `src/` depend only on those below them in `LAYERS`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::slice;

/// The modules, top to bottom, each with the modules below that it may use.
const LAYERS: &[(&str, &[&str])] = &[
    // Documentation only.
    ("guide", &[]),
    ("source", &["parser", "event", "buffer", "value", "error"]),
    (
        "adapter",
        &["llm", "json", "parser", "encode", "event", "buffer", "value", "error", "notify"],
    ),
    ("llm", &["json", "event", "value", "error", "notify", "size"]),
    ("json", &["value", "size", "work"]),
    ("encode", &["event", "value", "scan", "size"]),
    ("parser", &["event", "buffer", "value", "error", "notify", "field", "scan", "size", "work"]),
    ("event", &["value"]),
    ("buffer", &[]),
    ("value", &[]),
    ("error", &["field"]),
    ("notify", &[]),
    ("field", &[]),
    ("scan", &["size", "work"]),
    ("size", &[]),
    ("work", &[]),
];

const SRC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");

/// The sources: the path of the module that each file is, such as `parser::machine`, and its code
/// as tokens.
fn sources() -> Vec<(Vec<String>, Vec<String>)> {
    let mut sources = Vec::new();
    collect(Path::new(SRC), &[], &mut sources);
    sources
}

fn collect(folder: &Path, module: &[String], sources: &mut Vec<(Vec<String>, Vec<String>)>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name");
        let inner = [module, &[name.to_owned()]].concat();
        if path.is_dir() {
            collect(&path, &inner, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let code = fs::read_to_string(&path).expect("UTF-8");
            sources.push((inner, tokens(&code)));
        }
    }
}

/// Names, `::`, and single other characters. Comments and texts are left out, because documentation
/// may name anything.
fn tokens(code: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let name_len = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        let len = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(len) = raw_text_len(rest) {
            len
        } else if first == '"' {
            1 + len_to_quote(&rest[1..], '"')
        } else if rest.starts_with("'\\") {
            1 + len_to_quote(&rest[1..], '\'')
        } else if first == '\'' && rest.chars().nth(2) == Some('\'') {
            // Otherwise it begins the name of a lifetime.
            2 + rest.chars().nth(1).map_or(0, char::len_utf8)
        } else if name_len > 0 {
            name_len
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        let (token, following) = rest.split_at(len);
        if !token.starts_with("//") && !token.contains(['"', '\'']) && !first.is_whitespace() {
            tokens.push(token.to_owned());
        }
        rest = following;
    }
    tokens
}

/// The length of the raw text that `code` begins with, such as `br#"a"b"#`.
fn raw_text_len(code: &str) -> Option<usize> {
    let following = code.strip_prefix("br").or_else(|| code.strip_prefix('r'))?;
    let hashes = following.len() - following.trim_start_matches('#').len();
    let inside = following[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let len = inside.find(&end).expect("the end of the raw text") + end.len();
    Some(code.len() - inside.len() + len)
}

/// The length up to and including the closing quote.
fn len_to_quote(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    let end = text.find(|c| {
        let is_end = c == quote && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        is_end
    });
    end.expect("the end of the text") + 1
}

/// The paths from the crate's root that a file names. Only `crate` and `super` leave a module; all
/// other paths lead into it or to another crate.
fn named_from_root(module: &[String], tokens: &[String]) -> Vec<Vec<String>> {
    let mut named = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let mut above = match token.as_str() {
            "crate" => Vec::new(),
            "super" if at == 0 || tokens[at - 1] != "::" => module[..module.len() - 1].to_vec(),
            _ => continue,
        };
        let mut rest = &tokens[at + 1..];
        while let Some(following) = after(rest, &["::", "super"]) {
            above.pop();
            rest = following;
        }
        // Otherwise it is the `crate` of `pub(crate)`.
        if let Some(mut path) = after(rest, &["::"]) {
            read_tree(&mut path, &above, &mut named);
        }
    }
    named
}

/// The tokens after `expected`, if `tokens` begin with it.
fn after<'t>(tokens: &'t [String], expected: &[&str]) -> Option<&'t [String]> {
    let (first, following) = tokens.split_at_checked(expected.len())?;
    (first == expected).then_some(following)
}

/// Expands a tree such as `a::{b, c::d}` to paths.
fn read_tree(rest: &mut &[String], above: &[String], paths: &mut Vec<Vec<String>>) {
    let (first, following) = rest.split_first().expect("a path");
    *rest = following;
    if first == "{" {
        while rest[0] != "}" {
            read_tree(rest, above, paths);
            // Skips `as Name`, too.
            let end = rest.iter().position(|token| token == "," || token == "}");
            *rest = &rest[end.expect("the end of the braces")..];
            *rest = after(rest, &[","]).unwrap_or(rest);
        }
        *rest = &rest[1..];
        return;
    }
    let path = [above, slice::from_ref(first)].concat();
    if let Some(following) = after(rest, &["::"]) {
        *rest = following;
        read_tree(rest, &path, paths);
    } else {
        paths.push(path);
    }
}

/// The names that `lib.rs` re-exports, each with its module.
fn re_exports(lib: &[String]) -> BTreeMap<String, String> {
    let mut re_exports = BTreeMap::new();
    for (at, token) in lib.iter().enumerate() {
        if token == "use" {
            let mut paths = Vec::new();
            read_tree(&mut &lib[at + 1..], &[], &mut paths);
            re_exports.extend(paths.into_iter().map(|path| match &path[..] {
                [module, .., name] => (name.clone(), module.clone()),
                _ => panic!("`{}` is not a re-export", path.join("::")),
            }));
        }
    }
    re_exports
}

fn lib() -> Vec<String> {
    let (_, tokens) =
        sources().into_iter().find(|(module, _)| module[..] == ["lib"]).expect("lib.rs");
    tokens
}

#[test]
fn table_is_complete_and_points_down() {
    let mut modules: Vec<String> =
        sources().into_iter().map(|(module, _)| module[0].clone()).collect();
    modules.retain(|module| module != "lib");
    modules.sort_unstable();
    modules.dedup();
    let mut table: Vec<&str> = LAYERS.iter().map(|(module, _)| *module).collect();
    table.sort_unstable();
    assert_eq!(table, modules, "the table against the modules of src/");

    for (n, (module, may_know)) in LAYERS.iter().enumerate() {
        for known in *may_know {
            let is_below = LAYERS[n + 1..].iter().any(|(below, _)| below == known);
            assert!(is_below, "`{known}` is not below `{module}`");
        }
    }
}

#[test]
fn no_upward_dependency() {
    let re_exports = re_exports(&lib());
    for (module, tokens) in sources() {
        // The root uses all modules, and none uses it.
        if module[0] == "lib" {
            continue;
        }
        let (_, may_know) =
            LAYERS.iter().find(|(name, _)| *name == module[0]).expect("a row for each module");
        for path in named_from_root(&module, &tokens) {
            let known = match re_exports.get(&path[0]) {
                Some(module) => module,
                None => &path[0],
            };
            let may = *known == module[0] || may_know.contains(&known.as_str());
            assert!(may, "`{}` knows `{}`", module.join("::"), path.join("::"));
        }
    }
}

#[test]
fn lib_has_only_docs_and_re_exports() {
    let lib = lib();
    for attribute in ["#![no_std]", "#![forbid(unsafe_code)]"] {
        let attribute = tokens(attribute);
        let is_there = lib.windows(attribute.len()).any(|window| window == attribute);
        assert!(is_there, "`{}` in lib.rs", attribute.concat());
    }
    for item in ["fn", "struct", "enum", "trait", "impl", "const", "static", "macro_rules"] {
        assert!(!lib.iter().any(|token| token == item), "`{item}` in lib.rs");
    }
}

/// Shows what the other tests read from a file.
#[test]
fn paths_of_a_file() {
    let code = r##"
        //! As [`Parser::next_event`](crate::Parser::next_event).
        use alloc::vec::Vec;
        use super::{Full, Slot as Place, step::{Part, Span}};
        pub(crate) use crate::event::Event;
        fn f<'a>() -> crate::Value<'a> {
            write(br#"a"crate::scan"#, b"crate::scan", '"', b'\'', super::super::field::Name); // crate::work
        }
    "##;
    let module = ["parser", "machine"].map(str::to_owned);
    let named = named_from_root(&module, &tokens(code));
    let named: Vec<String> = named.iter().map(|path| path.join("::")).collect();
    let expected = [
        "parser::Full",
        "parser::Slot",
        "parser::step::Part",
        "parser::step::Span",
        "event::Event",
        "Value",
        "field::Name",
    ];
    assert_eq!(named, expected);
}
