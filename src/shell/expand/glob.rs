//! Pathname expansion: bash(1), Pathname Expansion.

use super::field::Field;
use super::pattern::{Pattern, Quoted};

/// The folders in which names are looked for.
pub trait Folders {
    /// The names in a folder (empty: the working directory), without `.` and `..`; nothing if it cannot be read.
    fn names(&mut self, folder: &str) -> Vec<String>;
    /// Whether there is a file, or a dangling link.
    fn exists(&mut self, path: &str) -> bool;
    /// Whether there is a folder.
    fn is_folder(&mut self, path: &str) -> bool;
    /// The home of a user; of the empty name, one's own.
    fn home_of(&mut self, user: &str) -> Option<String>;
    /// A condition of test(1) on files: `-f name`, `a -nt b`.
    fn file_test(&mut self, words: &[&str]) -> bool;
}

/// The options of `shopt` that count here.
#[derive(Clone, Copy, Debug, Default)]
pub struct GlobOptions {
    /// Names that begin with a dot are matched too.
    pub dotglob: bool,
    /// Groups are known.
    pub extglob: bool,
    /// `**` matches folders of any depth.
    pub globstar: bool,
    /// Upper and lower case are the same.
    pub nocaseglob: bool,
}

/// The files that a field names, in order of their bytes; nothing: it is no pattern. An empty list: it matches no file.
pub fn expand_path(field: &Field, options: GlobOptions, folders: &mut dyn Folders) -> Option<Vec<String>> {
    let unquoted = |set: &str| field.chars.iter().any(|(c, quoted)| !quoted && set.contains(*c));
    let groups = options.extglob && unquoted("(");
    if !unquoted("*?[") && !groups {
        return None;
    }
    if !Pattern::new(&field.chars, options.extglob).is_special() {
        return None;
    }
    let components = components(&field.chars);
    let mut found = vec![String::new()];
    let count = components.len();
    for (index, component) in components.into_iter().enumerate() {
        found = step(&found, &component, options, folders, index + 1 < count);
        if found.is_empty() {
            break;
        }
    }
    found.sort_unstable();
    found.dedup();
    Some(found)
}

/// The parts of a path, each with the slashes that follow it.
fn components(chars: &[Quoted]) -> Vec<Vec<Quoted>> {
    let mut out: Vec<Vec<Quoted>> = vec![Vec::new()];
    let mut after_slash = false;
    for &(c, quoted) in chars {
        if after_slash && c != '/' {
            out.push(Vec::new());
        }
        after_slash = c == '/';
        if let Some(last) = out.last_mut() {
            last.push((c, quoted));
        }
    }
    out
}

fn step(
    bases: &[String],
    component: &[Quoted],
    options: GlobOptions,
    folders: &mut dyn Folders,
    more: bool,
) -> Vec<String> {
    let slashes: String = component.iter().rev().take_while(|(c, _)| *c == '/').map(|(c, _)| *c).collect();
    let name = &component[..component.len() - slashes.len()];
    let pattern = Pattern::new(name, options.extglob);
    let mut out = Vec::new();
    for base in bases {
        if !pattern.is_special() {
            let path = format!("{base}{}{slashes}", pattern.literal());
            if more || folders.exists(&path) {
                out.push(path);
            }
            continue;
        }
        let whole_tree = options.globstar && name == [('*', false), ('*', false)];
        if whole_tree {
            tree(base, options, folders, &slashes, &mut out, 0);
            continue;
        }
        for entry in folders.names(base) {
            if fits(&pattern, &entry, options) {
                let path = format!("{base}{entry}");
                if slashes.is_empty() || folders.is_folder(&path) {
                    out.push(format!("{path}{slashes}"));
                }
            }
        }
    }
    out
}

fn fits(pattern: &Pattern, name: &str, options: GlobOptions) -> bool {
    if name.starts_with('.') && !options.dotglob && !pattern.names_dot() {
        return false;
    }
    if options.nocaseglob {
        return pattern.matches(&name.to_lowercase()) || pattern.matches(&name.to_uppercase()) || pattern.matches(name);
    }
    pattern.matches(name)
}

/// `**`: every folder below, and at the end of the pattern every file.
fn tree(base: &str, options: GlobOptions, folders: &mut dyn Folders, slashes: &str, out: &mut Vec<String>, depth: u32) {
    if !slashes.is_empty() || depth > 0 {
        out.push(base.to_string());
    }
    if depth > 20 {
        return;
    }
    for entry in folders.names(base) {
        if entry.starts_with('.') && !options.dotglob {
            continue;
        }
        let path = format!("{base}{entry}");
        if folders.is_folder(&path) {
            tree(&format!("{path}/"), options, folders, slashes, out, depth + 1);
        } else if slashes.is_empty() {
            out.push(path);
        }
    }
}
