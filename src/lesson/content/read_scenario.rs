//! Reads `scenarios/ID/scenario.toml` and the files it names.

use super::diagnostic::{Diagnostic, Doc};
use super::problem::{Problem, Thing, Want};
use super::read_condition::{absolute, mode, owner};
use super::read_program::programs;
use super::reader::{Table, read_root};
use super::scenario::{PutFile, Scenario};
use super::source::Source;

/// Reads the scenario in the folder `scenarios/FOLDER`. Every error is added to `found`; the scenario is `None` when
/// any was.
pub fn load_scenario(source: &dyn Source, folder: &str, found: &mut Vec<Diagnostic>) -> Option<Scenario> {
    let before = found.len();
    let file = format!("scenarios/{folder}/scenario.toml");
    let Some(text) = source.read(&file) else {
        found.push(Diagnostic::new(file, super::Place::START, Problem::NoFile));
        return None;
    };
    let doc = Doc::new(&file, &text);
    let scenario = read_root(&doc, |table| scenario_table(&table, source, folder)).flatten();
    found.extend(doc.into_diagnostics());
    scenario.filter(|_| found.len() == before)
}

fn scenario_table(table: &Table<'_>, source: &dyn Source, folder: &str) -> Option<Scenario> {
    table.need_format();
    let id = table.need_id();
    if !id.is_empty() && id != folder {
        table.get("id")?.report(Problem::IdIsNotFolder { id: id.clone(), folder: folder.to_owned() });
    }
    let title = table.need_text("title");
    let base = table.need("machine").and_then(|n| n.word());
    let clock = table.need("clock").and_then(|n| n.time());
    let seed = table
        .get("seed")
        .and_then(|n| n.integer().and_then(|n| u64::try_from(n).ok()).or_else(|| n.not(Want::Integer)));
    let login = table.get("login").and_then(|n| n.filled());
    let files = table.tables("file").iter().filter_map(|t| put_file(t, source, folder)).collect();
    let upgrades = match table.get("upgrades").is_some() {
        true => table.strings("upgrades").into_iter().map(|(name, _)| name).collect(),
        false => Vec::new(),
    };
    let enabled = table.strings("enabled").into_iter().map(|(unit, node)| {
        if !unit.contains('.') {
            node.not::<()>(Want::UnitName);
        }
        unit
    });
    let enabled = enabled.collect();
    let mut wrong = Vec::new();
    let programs = programs(table, source, &mut wrong);
    table.doc.add(wrong);
    Some(Scenario {
        id,
        title,
        base: base?,
        clock: clock?,
        seed: seed.unwrap_or(1),
        login: login.unwrap_or_else(|| "deploy".to_owned()),
        files,
        upgrades,
        enabled,
        programs,
    })
}

/// `[[file]]`: its text stands in `text`, or in the file `from` beside scenario.toml.
fn put_file(table: &Table<'_>, source: &dyn Source, folder: &str) -> Option<PutFile> {
    let path = table.need("path").and_then(|n| absolute(&n));
    let text = match (table.get("text"), table.get("from")) {
        (Some(node), None) => node.string(),
        (None, Some(node)) => {
            let name = node.filled()?;
            let text = source.read(&format!("scenarios/{folder}/{name}"));
            if text.is_none() {
                node.report(Problem::NoSuch { what: Thing::File, id: name, near: None });
            }
            text
        }
        (Some(_), Some(node)) => {
            let known = vec!["text".to_owned()];
            node.report(Problem::UnknownKey { key: "from".to_owned(), near: None, known });
            None
        }
        (None, None) => {
            table.need("from");
            None
        }
    };
    let mode = table.get("mode").and_then(|n| mode(&n)).unwrap_or(0o644);
    let owner = table.get("owner").and_then(|n| owner(&n)).unwrap_or_else(|| "root:root".to_owned());
    let owner = if owner.contains(':') { owner } else { format!("{owner}:{owner}") };
    Some(PutFile { path: path?, text: text?, mode, owner, at: table.place() })
}
