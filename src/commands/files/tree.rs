//! Draws a folder as a tree: tree(1).

use super::{Command, glob};
use crate::commands::options::{self, Hint, Opt, Options, Stop, absent, ended, flag, short, short_value};
use crate::world::fs::Kind;
use crate::world::{Cx, one_shot};

/// `tree`.
pub const COMMAND: Command =
    Command { name: "tree", path: "/usr/bin/tree", program: |argv| one_shot(|cx| ended(run(cx)), argv) };

const TABLE: &[Opt] = &[
    short('a', "a"),
    short('d', "d"),
    short('f', "f"),
    short('F', "F"),
    short('p', "p"),
    short_value('L', "L"),
    short_value('I', "I"),
    short_value('P', "P"),
    short('n', "n"),
    absent('C', ""),
    absent('J', ""),
    absent('X', ""),
    absent('s', ""),
    absent('h', ""),
    absent('u', ""),
    absent('g', ""),
    absent('D', ""),
    flag('\0', "noreport"),
    flag('\0', "dirsfirst"),
];
const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[-adfFpn] [-L level] [-P pattern] [-I pattern] [--noreport] [--dirsfirst] [directory ...]",
    version: "v2.1.0",
    status: 1,
    hint: Hint::Usage,
    in_order: false,
};

/// What is left to draw: path, name, the prefix of its line, whether it is the last one, depth.
struct Item {
    path: String,
    name: String,
    prefix: String,
    last: bool,
    depth: usize,
}

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &OPTIONS)?;
    let mut depth = usize::MAX;
    if let Some(text) = parsed.last("L") {
        match text.parse::<usize>() {
            Ok(level) if level > 0 => depth = level,
            _ => {
                cx.fail("Invalid level, must be greater than 0.");
                return Ok(1);
            }
        }
    }
    let (mut folders, mut files, mut status) = (0u32, 0u32, 0);
    let here = [".".to_owned()];
    for start in if parsed.operands.is_empty() { &here[..] } else { &parsed.operands } {
        let is_folder = cx.stat(start).is_ok_and(|node| node.is_dir());
        cx.outln(&if is_folder { start.clone() } else { format!("{start}  [error opening dir]") });
        if !is_folder {
            status = 2;
            continue;
        }
        folders += 1;
        let mut todo = children(cx, start, "", 1, &parsed);
        while let Some(item) = todo.pop() {
            let Ok(node) = cx.lstat(&item.path).cloned() else { continue };
            let branch = if item.last { "└── " } else { "├── " };
            let mut shown = if parsed.has("f") { item.path.clone() } else { item.name.clone() };
            if parsed.has("p") {
                shown = format!("[{}]  {shown}", node.mode_string());
            }
            match &node.kind {
                Kind::Symlink(target) => shown.push_str(&format!(" -> {target}")),
                Kind::Dir { .. } if parsed.has("F") => shown.push('/'),
                Kind::File(_) if parsed.has("F") && node.mode & 0o111 != 0 => shown.push('*'),
                _ => {}
            }
            cx.outln(&format!("{}{branch}{shown}", item.prefix));
            if !node.is_dir() {
                files += 1;
                continue;
            }
            folders += 1;
            if item.depth < depth {
                let prefix = format!("{}{}", item.prefix, if item.last { "    " } else { "│\u{a0}\u{a0} " });
                let below = children(cx, &item.path, &prefix, item.depth + 1, &parsed);
                todo.extend(below);
            }
        }
    }
    if !parsed.has("noreport") {
        let folder = if folders == 1 { "directory" } else { "directories" };
        let file = if files == 1 { "file" } else { "files" };
        let line = if parsed.has("d") { String::new() } else { format!(", {files} {file}") };
        cx.outln(&format!("\n{folders} {folder}{line}"));
    }
    Ok(status)
}

/// What is in a folder, the first one last.
fn children(cx: &mut Cx<'_, '_>, path: &str, prefix: &str, depth: usize, parsed: &options::Parsed) -> Vec<Item> {
    let names = cx.read_dir(path).unwrap_or_default();
    let folder = path.strip_suffix('/').unwrap_or(path).to_owned();
    let style = glob::Style::default();
    let matches = |patterns: &str, name: &str| patterns.split('|').any(|pattern| glob::matches(pattern, name, style));
    let mut items: Vec<(bool, Item)> = Vec::new();
    for name in names.iter() {
        let path = format!("{folder}/{name}");
        let is_folder = cx.lstat(&path).is_ok_and(|node| node.is_dir());
        let hidden = name.starts_with('.') && !parsed.has("a");
        let ignored = parsed.last("I").is_some_and(|patterns| matches(patterns, name));
        let unwanted = !is_folder && parsed.last("P").is_some_and(|patterns| !matches(patterns, name));
        if hidden || ignored || unwanted || (parsed.has("d") && !is_folder) {
            continue;
        }
        let item = Item { path, name: name.to_string(), prefix: prefix.to_owned(), last: false, depth };
        items.push((is_folder, item));
    }
    if parsed.has("dirsfirst") {
        items.sort_by_key(|(is_folder, _)| !is_folder);
    }
    let mut items: Vec<Item> = items.into_iter().map(|(_, item)| item).collect();
    if let Some(last) = items.last_mut() {
        last.last = true;
    }
    items.reverse();
    items
}
