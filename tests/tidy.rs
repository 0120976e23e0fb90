//! What the source promises about itself: the layers' arrows, the sizes of files and functions, a `//!` on every file.
//! Every rule is also shown a case that breaks it.
#![allow(clippy::disallowed_methods, reason = "a test reads the repository's files")]

use std::fs;
use std::path::{Path, PathBuf};

/// The layers from left to right; each may use those before it.
const LAYERS: [&str; 7] = ["world", "systemd", "vps", "commands", "shell", "lesson", "ui"];
const MAX_FILE: usize = 400;
const MAX_FUNCTION: usize = 70;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below `folder`, with its text.
fn sources(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = fs::read_to_string(&path).expect("a source is UTF-8");
            found.push((path, text));
        }
    }
}

fn all() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in ["src", "tests", "benches"] {
        let folder = root().join(folder);
        if folder.is_dir() {
            sources(&folder, &mut found);
        }
    }
    found.sort();
    let name = |path: &Path| path.strip_prefix(root()).unwrap_or(path).to_string_lossy().into_owned();
    found.into_iter().map(|(path, text)| (name(&path), text)).collect()
}

/// The layer of a file under `src/`.
fn layer(path: &str) -> Option<usize> {
    let first = path.strip_prefix("src/")?.split('/').next()?;
    LAYERS.iter().position(|layer| *layer == first.trim_end_matches(".rs"))
}

/// Uses of layers to the right.
fn wrong_arrows(path: &str, text: &str) -> Vec<String> {
    let Some(own) = layer(path) else { return Vec::new() };
    let mut wrong = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for (index, name) in LAYERS.iter().enumerate().skip(own + 1) {
            let uses = code
                .match_indices(&format!("crate::{name}"))
                .any(|(at, word)| !code[at + word.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_'));
            if uses {
                let (from, to) = (LAYERS[own], LAYERS[index]);
                wrong.push(format!("{path}:{}: {from} may not use {to}", number + 1));
            }
        }
    }
    wrong
}

/// Functions longer than allowed. The source is formatted: a function ends where its indentation comes back with `}`.
fn long_functions(path: &str, text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut long = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let words: Vec<&str> = code.split_whitespace().collect();
        let is_function = words.iter().take_while(|w| **w != "fn").all(|w| {
            w.starts_with("pub") || matches!(*w, "const" | "async" | "unsafe" | "extern") || w.starts_with("in")
        }) && words.contains(&"fn");
        if !is_function || code.ends_with(';') || code.ends_with("{}") {
            continue;
        }
        let indent = line.len() - code.len();
        let end = format!("{}}}", " ".repeat(indent));
        let length = lines[start..].iter().position(|l| *l == end).map_or(1, |n| n + 1);
        if length > MAX_FUNCTION {
            long.push(format!("{path}:{}: a function of {length} lines, at most {MAX_FUNCTION}", start + 1));
        }
    }
    long
}

fn too_long(path: &str, text: &str) -> Option<String> {
    let lines = text.lines().count();
    (lines > MAX_FILE).then(|| format!("{path}: {lines} lines, at most {MAX_FILE}: split it by topic"))
}

fn undocumented(path: &str, text: &str) -> Option<String> {
    (!text.starts_with("//! ")).then(|| format!("{path}: starts without `//!`: say what the file is"))
}

fn check(rule: impl Fn(&str, &str) -> Vec<String>) {
    let broken: Vec<String> = all().iter().flat_map(|(path, text)| rule(path, text)).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn no_layer_uses_one_to_its_right() {
    check(wrong_arrows);
}

#[test]
fn files_are_short() {
    check(|path, text| too_long(path, text).into_iter().collect());
}

#[test]
fn functions_are_short() {
    check(long_functions);
}

#[test]
fn every_file_says_what_it_is() {
    check(|path, text| undocumented(path, text).into_iter().collect());
}

#[test]
fn the_rules_notice_what_they_forbid() {
    assert_eq!(wrong_arrows("src/world/a.rs", "use crate::systemd::X;").len(), 1);
    assert_eq!(wrong_arrows("src/world/a.rs", "let x = crate::vps::y();").len(), 1);
    assert!(wrong_arrows("src/shell/a.rs", "use crate::world::X; // crate::ui").is_empty());
    let long = format!("    pub(crate) fn f() {{\n{}    }}\n", "        x();\n".repeat(70));
    assert_eq!(long_functions("a.rs", &long).len(), 1);
    let fits = format!("fn f() {{\n{}}}\n", "    x();\n".repeat(68));
    assert!(long_functions("a.rs", &fits).is_empty());
    assert!(too_long("a.rs", &"x\n".repeat(401)).is_some());
    assert!(undocumented("a.rs", "use x;").is_some());
}
