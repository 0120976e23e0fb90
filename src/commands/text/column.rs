//! Puts lines into columns: column(1) of util-linux.

use super::Command;
use crate::commands::options::{self, Opt, Options, Stop, absent, ended, flag, value};
use crate::world::{Cx, one_shot};
use unicode_width::UnicodeWidthStr;

/// `column`.
pub const COMMAND: Command =
    Command { name: "column", path: "/usr/bin/column", program: |argv| one_shot(|cx| ended(run(cx)), argv) };

const TABLE: &[Opt] = &[
    flag('t', "table"),
    value('N', "table-columns"),
    absent('l', "table-columns-limit"),
    absent('E', "table-noextreme"),
    flag('d', "table-noheadings"),
    value('R', "table-right"),
    absent('H', "table-hide"),
    absent('J', "json"),
    absent('n', "table-name"),
    absent('O', "table-order"),
    absent('W', "table-wrap"),
    absent('T', "table-truncate"),
    absent('e', "table-header-repeat"),
    value('o', "output-separator"),
    value('s', "separator"),
    value('c', "output-width"),
    flag('x', "fillrows"),
    flag('L', "keep-empty-lines"),
];
const OPTIONS: Options = Options::util_linux(TABLE, "[options] [<file>...]");

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &OPTIONS)?;
    let mut operands = parsed.operands.clone();
    if operands.is_empty() {
        operands.push("-".into());
    }
    let (mut lines, mut status) = (Vec::new(), 0);
    for operand in &operands {
        match cx.input(operand)? {
            Ok(bytes) => lines.extend(String::from_utf8_lossy(&bytes).lines().map(str::to_owned)),
            Err(errno) => {
                cx.fail(&format!("{operand}: {}", errno.message()));
                status = 1;
            }
        }
    }
    if !parsed.has("keep-empty-lines") {
        lines.retain(|line| !line.trim().is_empty());
    }
    let terminal = cx.tty_of(1).and_then(|tty| cx.world.terminals.get(&tty)).map_or(80, |t| usize::from(t.columns));
    let width = parsed.last("output-width").and_then(|text| text.parse().ok()).unwrap_or(terminal);
    if !parsed.has("table") {
        fill(cx, &lines, width, parsed.has("fillrows"));
        return Ok(status);
    }
    let mut rows: Vec<Vec<String>> = lines.iter().map(|line| split(line, parsed.last("separator"))).collect();
    if let (Some(names), false) = (parsed.last("table-columns"), parsed.has("table-noheadings")) {
        rows.insert(0, names.split(',').map(str::to_owned).collect());
    }
    let right: Vec<&str> = parsed.last("table-right").unwrap_or_default().split(',').collect();
    let right = |column: usize| right.iter().any(|name| name.parse() == Ok(column + 1));
    table(cx, &rows, parsed.last("output-separator").unwrap_or("  "), &right);
    Ok(status)
}

/// Fields: runs of blanks apart, or at each of the given characters.
fn split(line: &str, separators: Option<&str>) -> Vec<String> {
    match separators {
        None => line.split_whitespace().map(str::to_owned).collect(),
        Some(separators) => line.split(|c| separators.contains(c)).map(|part| part.trim_start().to_owned()).collect(),
    }
}

fn table(cx: &mut Cx<'_, '_>, rows: &[Vec<String>], separator: &str, right: &dyn Fn(usize) -> bool) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    for row in rows {
        let mut line = String::new();
        for (column, width) in widths.iter().enumerate() {
            let cell = row.get(column).map_or("", String::as_str);
            let gap = " ".repeat(width - cell.width());
            let last = column + 1 == columns;
            match (right(column), last) {
                (true, _) => line.push_str(&format!("{gap}{cell}")),
                (false, true) => line.push_str(cell),
                (false, false) => line.push_str(&format!("{cell}{gap}")),
            }
            if !last {
                line.push_str(separator);
            }
        }
        cx.outln(&line);
    }
}

/// Columns as wide as the widest line, down or across, set with tabs.
fn fill(cx: &mut Cx<'_, '_>, lines: &[String], width: usize, across: bool) {
    let widest = lines.iter().map(|line| line.width()).max().unwrap_or(0);
    let cell = (widest + 8) / 8 * 8;
    if lines.is_empty() {
        return;
    }
    if widest >= width {
        lines.iter().for_each(|line| cx.outln(line));
        return;
    }
    let columns = (width / cell).max(1);
    let rows = lines.len().div_ceil(columns);
    for row in 0..rows {
        let mut text = String::new();
        let mut at = 0;
        for column in 0..columns {
            let index = if across { row * columns + column } else { column * rows + row };
            let Some(line) = lines.get(index) else { break };
            while at < column * cell {
                text.push('\t');
                at = (at / 8 + 1) * 8;
            }
            text.push_str(line);
            at += line.width();
        }
        cx.outln(&text);
    }
}
