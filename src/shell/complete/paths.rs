//! Completion of paths: what the user may list, folders with `/`, special characters escaped or in the open quote.

use super::{Candidate, Place};
use crate::world::fs::join;

/// Files and folders that the user may see; a folder goes on with `/`.
pub(super) fn paths(place: &Place<'_>, word: &str) -> Vec<Candidate> {
    let Some(process) = place.vps.world.process(place.shell) else { return Vec::new() };
    let (cred, cwd) = (process.cred.clone(), process.cwd.clone());
    let home = process.getenv("HOME").unwrap_or("/").to_owned();
    let (prefix, name) = match word.rfind('/') {
        Some(at) => word.split_at(at + 1),
        None => ("", word),
    };
    let target = match prefix.strip_prefix("~/") {
        Some(rest) => format!("{home}/{rest}"),
        None if prefix.is_empty() => cwd.to_string(),
        None => join(&cwd, prefix),
    };
    // A copy: looking at /proc makes its files.
    let mut world;
    let files = if target.starts_with("/proc") {
        world = place.vps.world.clone();
        world.refresh_proc(&target);
        &world.files
    } else {
        &place.vps.world.files
    };
    let Ok(list) = files.list(&cred, &cwd, &target) else { return Vec::new() };
    let hidden = name.starts_with('.');
    let seen = list.iter().filter(|(entry, _)| entry.starts_with(name) && (hidden || !entry.starts_with('.')));
    seen.map(|(entry, _)| {
        let full = join(&target, entry);
        let found = files.find(&cred, "/", &full, true).ok().and_then(|f| f.ino);
        let is_folder = found.and_then(|ino| files.inode(ino)).is_some_and(|node| node.is_dir());
        let shown = if is_folder { format!("{entry}/") } else { entry.to_string() };
        Candidate { text: written(place.quote, prefix, entry, is_folder), shown }
    })
    .collect()
}

/// A path as it is written on the line.
fn written(quote: Option<char>, prefix: &str, entry: &str, is_folder: bool) -> String {
    match (quote, is_folder) {
        (Some(quote), true) => format!("{quote}{prefix}{entry}/"),
        (Some(quote), false) => format!("{quote}{prefix}{entry}{quote} "),
        (None, true) => format!("{}{}/", escape(prefix), escape(entry)),
        (None, false) => format!("{}{} ", escape(prefix), escape(entry)),
    }
}

fn escape(name: &str) -> String {
    let (tilde, rest) = name.strip_prefix("~/").map_or(("", name), |rest| ("~/", rest));
    let special = |c: char| " '\"\\$&|;()<>*?[]#~`!{}".contains(c);
    let escaped = rest.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c]));
    tilde.chars().chain(escaped).collect()
}
