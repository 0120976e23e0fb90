//! Reads `[[program]]` and `[[queue]]` of a scenario, and the files of declarations that it names.

use super::diagnostic::{Diagnostic, Doc};
use super::problem::{Problem, Thing};
use super::reader::{Node, Table};
use super::source::Source;
use crate::lesson::content::nearest::nearest;
use crate::vps::program_spec::{ProgramFile, shipped, shipped_names};
use serde::Deserialize;

/// The scenario's own programs and queues, and those of the files that `programs = ["…"]` names.
pub fn programs(table: &Table<'_>, source: &dyn Source, found: &mut Vec<Diagnostic>) -> Vec<ProgramFile> {
    let own = ProgramFile {
        format: 1,
        console: all(table, "console"),
        queue: all(table, "queue"),
        program: all(table, "program"),
    };
    let mut ids: Vec<&str> = Vec::new();
    for (spec, node) in own.program.iter().zip(table.get("program").map(|n| n.list()).unwrap_or_default()) {
        if ids.contains(&spec.id.as_str()) {
            node.report(Problem::Duplicate(spec.id.clone()));
        }
        ids.push(&spec.id);
    }
    let mut files = vec![own];
    if table.get("programs").is_some() {
        for (name, node) in table.strings("programs") {
            files.extend(named(&name, &node, source, found));
        }
    }
    files
}

/// The tables of the list under `key`, each read into a structure.
fn all<'d, T: Deserialize<'d>>(table: &Table<'d>, key: &'static str) -> Vec<T> {
    table.get(key).map(|list| list.list()).unwrap_or_default().iter().filter_map(Node::read).collect()
}

/// The declarations in `scenarios/_programs/NAME.toml`, of the course or shipped with the product.
fn named(name: &str, node: &Node<'_>, source: &dyn Source, found: &mut Vec<Diagnostic>) -> Option<ProgramFile> {
    let path = format!("scenarios/_programs/{name}.toml");
    if let Some(text) = source.read(&path) {
        return file(&path, &text, found);
    }
    match shipped_names().position(|shipped| shipped == name).and_then(|at| shipped().get(at)) {
        Some(file) => Some(file.clone()),
        None => {
            let near = nearest(name, shipped_names()).map(str::to_owned);
            node.report(Problem::NoSuch { what: Thing::File, id: path, near });
            None
        }
    }
}

/// Reads a file of declarations; its errors are added to `found`.
pub fn file(path: &str, text: &str, found: &mut Vec<Diagnostic>) -> Option<ProgramFile> {
    match toml::from_str(text) {
        Ok(file) => Some(file),
        Err(error) => {
            let doc = Doc::new(path, text);
            doc.report(&error.span().unwrap_or(0..0), Problem::Declaration(error.message().to_owned()));
            found.extend(doc.into_diagnostics());
            None
        }
    }
}
