//! `free`: the memory of the machine: free(1).

use super::load::Memory;
use crate::commands::Command;
use crate::commands::options::{Hint, Opt, Options, absent, flag, parse};
use crate::world::{Cx, NeedInput, one_shot};

/// The command.
pub const COMMAND: Command = Command { name: "free", path: "/usr/bin/free", program: |argv| one_shot(run, argv) };

const TABLE: &[Opt] = &[
    flag('b', "bytes"),
    flag('k', "kibi"),
    flag('m', "mebi"),
    flag('g', "gibi"),
    flag('h', "human"),
    flag('t', "total"),
    flag('w', "wide"),
    flag('\0', "si"),
    absent('s', "seconds"),
    absent('c', "count"),
    absent('l', "lohi"),
    absent('v', "committed"),
];
const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[options]",
    version: "from procps-ng 4.0.2",
    status: 1,
    hint: Hint::Nothing,
    in_order: false,
};

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let base = if parsed.has("si") { 1000 } else { 1024 };
    let unit = parsed.last_of(&["bytes", "kibi", "mebi", "gibi", "human"]);
    let shown = |bytes: u64| match unit {
        Some("human") => human(bytes, base),
        Some("bytes") => bytes.to_string(),
        Some("mebi") => (bytes / base / base).to_string(),
        Some("gibi") => (bytes / base / base / base).to_string(),
        _ => (bytes / base).to_string(),
    };
    let mem = Memory::of(cx.sys.world);
    let shared = 1024 * 1024;
    let line = |name: &str, cells: &[u64]| {
        let cells: String = cells.iter().map(|n| format!(" {:>11}", shown(*n))).collect();
        format!("{name:<8}{cells}\n")
    };
    let (heads, cells): (&[&str], Vec<u64>) = if parsed.has("wide") {
        (
            &["total", "used", "free", "shared", "buffers", "cache", "available"],
            vec![mem.total, mem.used, mem.free, shared, mem.cache / 8, mem.cache - mem.cache / 8, mem.available],
        )
    } else {
        (
            &["total", "used", "free", "shared", "buff/cache", "available"],
            vec![mem.total, mem.used, mem.free, shared, mem.cache, mem.available],
        )
    };
    let head: String = heads.iter().map(|h| format!(" {h:>11}")).collect();
    let mut text = format!("{:<8}{head}\n{}{}", "", line("Mem:", &cells), line("Swap:", &[0, 0, 0]));
    if parsed.has("total") {
        text.push_str(&line("Total:", &[mem.total, mem.used, mem.free]));
    }
    cx.out(&text);
    Ok(0)
}

/// A size with at most three digits and a unit.
fn human(bytes: u64, base: u64) -> String {
    let units: [&str; 5] = if base == 1024 { ["B", "Ki", "Mi", "Gi", "Ti"] } else { ["B", "K", "M", "G", "T"] };
    let mut value = bytes as f64;
    let mut at = 0;
    while value >= base as f64 && at + 1 < units.len() {
        value /= base as f64;
        at += 1;
    }
    if at == 0 || value >= 10.0 { format!("{}{}", value as u64, units[at]) } else { format!("{value:.1}{}", units[at]) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn sizes_keep_few_digits() {
        assert_eq!(super::human(0, 1024), "0B");
        assert_eq!(super::human(1_610_612_736, 1024), "1.5Gi");
        assert_eq!(super::human(627_048_448, 1024), "598Mi");
    }
}
