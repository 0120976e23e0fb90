//! What find prints about a file: find(1) `-printf`, `-ls`.

use super::Visit;
use super::eval::{letter, moment};
use crate::commands::files::blocks;
use crate::commands::posix::names::{basename, dirname};
use crate::commands::posix::strftime::strftime;
use crate::world::fs::{Inode, Kind};
use crate::world::{Cx, accounts};

/// The format filled in for a file.
pub(super) fn format(cx: &mut Cx<'_, '_>, format: &str, visit: &Visit, node: Option<&Inode>) -> String {
    let mut out = String::new();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('r') => out.push('\r'),
                Some('0') => out.push('\0'),
                Some('a') => out.push('\u{7}'),
                Some('c') => return out,
                Some('\\') => out.push('\\'),
                Some(other) => out.extend(['\\', other]),
                None => out.push('\\'),
            },
            '%' => {
                let left = chars.next_if_eq(&'-').is_some();
                let mut width = String::new();
                while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                    width.push(digit);
                }
                let width = width.parse::<usize>().unwrap_or(0).min(4096);
                let Some(directive) = chars.next() else {
                    out.push('%');
                    break;
                };
                let argument = if "TAC".contains(directive) { chars.next() } else { None };
                let text = self::directive(cx, directive, argument, visit, node);
                out.push_str(&if left { format!("{text:<width$}") } else { format!("{text:>width$}") });
            }
            other => out.push(other),
        }
    }
    out
}

fn directive(
    cx: &mut Cx<'_, '_>,
    directive: char,
    argument: Option<char>,
    visit: &Visit,
    node: Option<&Inode>,
) -> String {
    let path = &visit.path;
    match directive {
        '%' => return "%".into(),
        'p' => return path.clone(),
        'f' => return basename(path).into(),
        'h' => return if path.contains('/') { dirname(path).into() } else { ".".into() },
        'P' => return path.strip_prefix(&visit.start).unwrap_or(path).trim_start_matches('/').into(),
        'H' => return visit.start.clone(),
        'd' => return visit.depth.to_string(),
        'i' => return cx.lookup(path, false).unwrap_or(0).to_string(),
        _ => {}
    }
    let Some(node) = node else { return String::new() };
    let files = &cx.world.files;
    match directive {
        's' => node.size().to_string(),
        'm' => format!("{:o}", node.mode),
        'M' => node.mode_string(),
        'u' => accounts::user_name(files, node.uid),
        'U' => node.uid.to_string(),
        'g' => accounts::group_name(files, node.gid),
        'G' => node.gid.to_string(),
        'y' => letter(&node.kind).to_string(),
        'n' => super::super::links(files, node).to_string(),
        'k' => blocks(node).to_string(),
        'b' => (blocks(node) * 2).to_string(),
        'l' => match &node.kind {
            Kind::Symlink(target) => target.to_string(),
            _ => String::new(),
        },
        't' | 'a' | 'c' => strftime(moment(node, directive), "%a %b %e %H:%M:%S.%N0 %Y"),
        'T' | 'A' | 'C' => {
            let time = moment(node, directive.to_ascii_lowercase());
            match argument {
                Some('@') => strftime(time, "%s.%N0"),
                Some('+') => strftime(time, "%Y-%m-%d+%H:%M:%S.%N0"),
                Some('S') => strftime(time, "%S.%N0"),
                Some('T') => strftime(time, "%H:%M:%S.%N0"),
                Some(letter) => strftime(time, &format!("%{letter}")),
                None => String::new(),
            }
        }
        other => format!("%{other}"),
    }
}

/// A line of `-ls`.
pub(super) fn list(cx: &mut Cx<'_, '_>, visit: &Visit, node: Option<&Inode>) -> String {
    let ino = cx.lookup(&visit.path, false).unwrap_or(0);
    let Some(node) = node else { return visit.path.clone() };
    let files = &cx.world.files;
    let (user, group) = (accounts::user_name(files, node.uid), accounts::group_name(files, node.gid));
    let (links, size) = (super::super::links(files, node), node.size());
    let time = strftime(node.mtime, "%b %e %H:%M");
    let target = match &node.kind {
        Kind::Symlink(target) => format!(" -> {target}"),
        _ => String::new(),
    };
    let (mode, blocks, path) = (node.mode_string(), blocks(node), &visit.path);
    format!("{ino:>9} {blocks:>6} {mode} {links:>3} {user:<8} {group:<8} {size:>8} {time} {path}{target}")
}
