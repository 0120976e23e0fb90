//! `cat-config`: a configuration file with its drop-ins: systemd-analyze(1).

use std::collections::BTreeMap;

use crate::commands::options::Parsed;
use crate::world::Cx;

/// Where configuration is, what is found first counts.
const PREFIXES: &[&str] = &["/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib"];

/// The verb.
pub fn run(cx: &mut Cx<'_, '_>, _parsed: &Parsed, words: &[String]) -> u8 {
    for (number, word) in words.iter().enumerate() {
        if number > 0 {
            cx.outln("");
        }
        let name = if word.starts_with('/') {
            let inside = PREFIXES.iter().find_map(|prefix| word.strip_prefix(prefix)?.strip_prefix('/'));
            let Some(name) = inside else {
                cx.errln(&format!("Path {word} does not start with any known prefix."));
                return 1;
            };
            name.to_owned()
        } else {
            word.clone()
        };
        cat(cx, &name);
    }
    0
}

fn cat(cx: &mut Cx<'_, '_>, name: &str) {
    let main = PREFIXES.iter().find_map(|prefix| {
        let path = format!("{prefix}/{name}");
        Some((cx.read_file(&path).ok()?, path))
    });
    match main {
        Some((text, path)) => show(cx, &path, &text),
        None => cx.outln(&format!("# Main configuration file {name} not found")),
    }
    let mut dropins: BTreeMap<String, String> = BTreeMap::new();
    for prefix in PREFIXES {
        let folder = format!("{prefix}/{name}.d");
        for entry in cx.read_dir(&folder).unwrap_or_default() {
            if entry.ends_with(".conf") {
                dropins.entry(entry.to_string()).or_insert_with(|| format!("{folder}/{entry}"));
            }
        }
    }
    for path in dropins.into_values() {
        if let Ok(text) = cx.read_file(&path) {
            cx.outln("");
            show(cx, &path, &text);
        }
    }
}

fn show(cx: &mut Cx<'_, '_>, path: &str, text: &[u8]) {
    cx.outln(&format!("# {path}"));
    cx.out(&String::from_utf8_lossy(text));
}
