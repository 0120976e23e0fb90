//! Reads `[[program]]` of a scenario into a [`ProgramSpec`].

use super::diagnostic::Place;
use super::problem::{Problem, Want};
use super::read_condition::port_number;
use super::reader::{Node, Table, words};
use crate::vps::program_spec::{
    ArgPattern, Connect, Consume, Counts, Crash, CrashTime, End, EndOption, Farewell, Memory, Need, OnTerm, Print,
    ProgramSpec, Stream,
};
use std::time::Duration;

words! {
    /// The streams as scenario.toml names them.
    StreamWord {
        /// Standard output.
        Stdout = "stdout",
        /// Standard error.
        Stderr = "stderr",
    }
}

words! {
    /// What an option's value counts.
    CountsWord {
        /// Seconds.
        Seconds = "seconds",
        /// Messages.
        Messages = "messages",
        /// Memory.
        Memory = "memory",
    }
}

/// One declared program and where it stands.
pub fn program(table: &Table<'_>) -> (ProgramSpec, Place) {
    table.need("argv");
    let spec = ProgramSpec {
        id: table.need_id(),
        argv: table.strings("argv").into_iter().map(|(word, _)| arg(word)).collect(),
        needs: table.tables("needs").iter().map(need).collect(),
        connects: table.tables("connects").iter().filter_map(connect).collect(),
        prints: table.tables("prints").iter().map(print).collect(),
        port: table.get("port").and_then(|n| port_number(&n)),
        consumes: table.get("consumes").and_then(|n| n.table()).map(|t| consume(&t)),
        memory: table.get("memory").and_then(|n| n.table()).map(|t| memory(&t)).unwrap_or_default(),
        on_term: table.get("on_term").and_then(|n| n.table()).map(|t| on_term(&t)),
        ends: table.tables("ends").iter().filter_map(end_option).collect(),
        crashes: table.tables("crash").iter().filter_map(crash).collect(),
        runs_for: table.get("runs_for").and_then(|n| n.duration()),
        status: table.get("status").and_then(|n| status(&n)).unwrap_or(0),
    };
    (spec, table.place())
}

/// `*` is any one word, `...` any number of further words.
fn arg(word: String) -> ArgPattern {
    match word.as_str() {
        "*" => ArgPattern::Any,
        "..." => ArgPattern::Rest,
        _ => ArgPattern::Word(word),
    }
}

fn status(node: &Node<'_>) -> Option<u8> {
    u8::try_from(node.integer()?).ok().or_else(|| node.not(Want::Integer))
}

fn lines(table: &Table<'_>, key: &'static str) -> Vec<String> {
    match table.get(key) {
        Some(node) if node.is_string() => node.string().unwrap_or_default().lines().map(str::to_owned).collect(),
        Some(node) => node.list().iter().filter_map(Node::string).collect(),
        None => Vec::new(),
    }
}

fn farewell(table: &Table<'_>) -> Farewell {
    let exit = table.get("exit").and_then(|n| status(&n));
    let signal = table.get("signal").and_then(|node| {
        let name = node.filled()?;
        if name.starts_with("SIG") { Some(name) } else { node.not(Want::Signal) }
    });
    let end = signal.map_or(End::Exit(exit.unwrap_or(0)), End::Signal);
    Farewell { stdout: lines(table, "stdout"), stderr: lines(table, "stderr"), end }
}

fn need(table: &Table<'_>) -> Need {
    Need { path: table.need_string("path"), otherwise: farewell(table) }
}

fn connect(table: &Table<'_>) -> Option<Connect> {
    let port = table.need("port").and_then(|n| port_number(&n));
    let otherwise = farewell(table);
    Some(Connect { port: port?, otherwise })
}

fn print(table: &Table<'_>) -> Print {
    let stream = match table.get("on").and_then(|n| n.word::<StreamWord>()) {
        Some(StreamWord::Stderr) => Stream::Stderr,
        _ => Stream::Stdout,
    };
    table.need("lines");
    Print {
        after: table.get("after").and_then(|n| n.duration()).unwrap_or_default(),
        every: table.get("every").and_then(|n| n.duration()).filter(|d| !d.is_zero()),
        stream,
        lines: lines(table, "lines"),
    }
}

fn consume(table: &Table<'_>) -> Consume {
    let poison = table.get("poison").and_then(|n| n.table());
    Consume {
        queue: table.need_string("queue"),
        each: table.get("each").and_then(|n| n.duration()).unwrap_or(Duration::from_millis(200)),
        prints: lines(table, "prints"),
        poison: poison.map(|t| (t.need_string("message"), farewell(&t))),
    }
}

/// Bytes with an optional suffix: `24M`.
fn bytes(node: &Node<'_>) -> Option<u64> {
    if let Some(n) = node.if_integer() {
        return u64::try_from(n).ok().or_else(|| node.not(Want::Bytes));
    }
    let text = node.filled()?;
    let (digits, shift) = match text.as_bytes().last() {
        Some(b'K') => (&text[..text.len() - 1], 10),
        Some(b'M') => (&text[..text.len() - 1], 20),
        Some(b'G') => (&text[..text.len() - 1], 30),
        _ => (text.as_str(), 0),
    };
    let n = digits.trim().parse::<u64>().ok().and_then(|n| n.checked_mul(1 << shift));
    n.or_else(|| node.not(Want::Bytes))
}

fn memory(table: &Table<'_>) -> Memory {
    Memory {
        start: table.need("start").and_then(|n| bytes(&n)).unwrap_or(0),
        per_hour: table.get("per_hour").and_then(|n| bytes(&n)).unwrap_or(0),
    }
}

fn on_term(table: &Table<'_>) -> OnTerm {
    OnTerm {
        takes: table.get("takes").and_then(|n| n.duration()).unwrap_or_default(),
        farewell: farewell(table),
        ignores: table.get("ignores").and_then(|n| n.boolean()).unwrap_or(false),
    }
}

fn end_option(table: &Table<'_>) -> Option<EndOption> {
    let option = table.need_string("option");
    let counts = match table.need("counts")?.word::<CountsWord>()? {
        CountsWord::Seconds => Counts::Seconds,
        CountsWord::Messages => Counts::Messages,
        CountsWord::Memory => Counts::Memory,
    };
    Some(EndOption { option, counts, status: table.get("status").and_then(|n| status(&n)).unwrap_or(0) })
}

fn crash(table: &Table<'_>) -> Option<Crash> {
    let farewell = farewell(table);
    let when = match (table.get("after"), table.get("daily"), table.get("memory")) {
        (Some(node), None, None) => CrashTime::After(node.duration()?),
        (None, Some(node), None) => CrashTime::Daily(time_of_day(&node)?),
        (None, None, Some(node)) => CrashTime::Memory(bytes(&node)?),
        (after, daily, memory) => {
            let given = [("after", after), ("daily", daily), ("memory", memory)];
            let found = given.iter().filter(|(_, n)| n.is_some()).map(|(k, _)| (*k).to_owned()).collect();
            let known = given.iter().map(|(k, _)| (*k).to_owned()).collect();
            table.doc.report(&table.span, Problem::Subjects { found, known });
            return None;
        }
    };
    Some(Crash { when, farewell })
}

/// `HH:MM`, counted from midnight.
fn time_of_day(node: &Node<'_>) -> Option<Duration> {
    let text = node.filled()?;
    let parsed = text.split_once(':').and_then(|(h, m)| Some((h.parse::<u64>().ok()?, m.parse::<u64>().ok()?)));
    match parsed {
        Some((h, m)) if h < 24 && m < 60 => Some(Duration::from_secs(h * 3600 + m * 60)),
        _ => node.not(Want::TimeOfDay),
    }
}
