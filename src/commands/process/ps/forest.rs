//! The order of processes in a tree, and the branches drawn before their commands.

use super::parse::Tree;
use crate::world::Process;

/// A process and what is drawn before its command.
pub struct Row<'a> {
    /// The process.
    pub process: &'a Process,
    /// Branches or indentation.
    pub prefix: String,
}

/// Puts children under their parents when a tree is wanted.
pub fn arrange(found: Vec<&Process>, tree: Option<Tree>) -> Vec<Row<'_>> {
    let Some(tree) = tree else {
        return found.into_iter().map(|process| Row { process, prefix: String::new() }).collect();
    };
    let is_root = |p: &Process| !found.iter().any(|other| other.pid == p.ppid && other.pid != p.pid);
    let mut todo: Vec<(&Process, usize, String, bool)> =
        found.iter().rev().filter(|p| is_root(p)).map(|p| (*p, 0, String::new(), true)).collect();
    let mut rows = Vec::new();
    while let Some((process, level, lead, last)) = todo.pop() {
        let prefix = match (tree, level) {
            (_, 0) => String::new(),
            (Tree::Art, _) => format!("{lead} \\_ "),
            (Tree::Indent, _) => "  ".repeat(level),
        };
        rows.push(Row { process, prefix });
        let below = match (level, last) {
            (0, _) => String::new(),
            (_, true) => format!("{lead}    "),
            (_, false) => format!("{lead} |  "),
        };
        let children: Vec<&Process> =
            found.iter().copied().filter(|p| p.ppid == process.pid && p.pid != process.pid).collect();
        // The children of PID 1 are drawn as if they had no parent.
        let branches = tree == Tree::Indent || process.pid != 1;
        let level = if branches { level + 1 } else { 0 };
        for (at, child) in children.iter().enumerate().rev() {
            todo.push((child, level, below.clone(), at + 1 == children.len()));
        }
    }
    rows
}
