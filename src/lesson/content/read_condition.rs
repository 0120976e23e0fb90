//! Reads conditions: which keys belong to which subject is told once, in this file.

use super::condition::{
    AnswerCheck, Condition, FileCheck, JournalCheck, PortCheck, ProcessCheck, QueueCheck, UnitCheck,
};
use super::measure::{Compare, Op};
use super::problem::{Problem, Want};
use super::reader::{Node, Table, Word};
use regex::{Regex, RegexBuilder};

/// How a subject's table is read once its name is known.
type ReadSubject = fn(&Table<'_>, Node<'_>) -> Option<Condition>;

/// The subjects of a condition and how each is read.
const SUBJECTS: [(&str, ReadSubject); 11] = [
    ("all", |_, n| Some(Condition::All(parts(&n)))),
    ("any", |_, n| Some(Condition::Any(parts(&n)))),
    ("not", |_, n| Some(Condition::Not(Box::new(read_condition(&n)?)))),
    ("unit", |t, n| unit(t, &n)),
    ("file", |t, n| file(t, &n)),
    ("process", |t, n| process(t, &n)),
    ("port", |t, n| port(t, &n)),
    ("journal", |t, n| journal(t, &n)),
    ("boot", |_, n| Some(Condition::Boot(n.compare_count()?))),
    ("queue", |t, n| queue(t, &n)),
    ("answer", |t, n| answer(t, &n)),
];

/// Reads a condition: a table with one subject, or a list of conditions that must all hold.
pub fn read_condition(node: &Node<'_>) -> Option<Condition> {
    if node.is_list() {
        return Some(Condition::All(parts(node)));
    }
    let table = node.table()?;
    let present: Vec<_> = SUBJECTS.iter().filter_map(|(key, read)| Some((*key, table.get(key)?, read))).collect();
    let [(_, subject, read)] = present.as_slice() else {
        let found = present.iter().map(|(key, ..)| (*key).to_owned()).collect();
        let known = SUBJECTS.iter().map(|(key, _)| (*key).to_owned()).collect();
        node.report(Problem::Subjects { found, known });
        table.all_asked();
        return None;
    };
    table.forget_absent();
    read(&table, subject.clone())
}

fn parts(node: &Node<'_>) -> Vec<Condition> {
    node.list().iter().filter_map(read_condition).collect()
}

/// One word or a list of words of a closed vocabulary.
fn one_or_more<W: Word>(table: &Table<'_>, key: &'static str) -> Vec<W> {
    match table.get(key) {
        Some(node) if node.is_list() => node.list().iter().filter_map(Node::word).collect(),
        Some(node) => node.word().into_iter().collect(),
        None => Vec::new(),
    }
}

/// One text or a list of texts.
fn one_or_more_texts(table: &Table<'_>, key: &'static str) -> Vec<String> {
    match table.get(key) {
        Some(node) if node.is_list() => node.list().iter().filter_map(Node::filled).collect(),
        Some(node) => node.filled().into_iter().collect(),
        None => Vec::new(),
    }
}

fn pattern(table: &Table<'_>, key: &'static str) -> Option<Regex> {
    let node = table.get(key)?;
    let built = RegexBuilder::new(&node.filled()?).multi_line(true).size_limit(1 << 20).build();
    built.ok().or_else(|| node.not(Want::Pattern))
}

/// `count`, which defaults to at least one.
fn count(table: &Table<'_>) -> Compare<u64> {
    let given = table.get("count").and_then(|n| n.compare_count());
    given.unwrap_or(Compare { op: Op::AtLeast, than: 1 })
}

fn unit(table: &Table<'_>, name: &Node<'_>) -> Option<Condition> {
    let property = table.get("property").and_then(|n| n.table()).map(|properties| {
        let entries = properties.free_entries();
        let pairs = entries.into_iter().filter_map(|(key, node)| Some((key, node.string()?))).collect();
        properties.all_asked();
        pairs
    });
    let check = UnitCheck {
        unit: name.filled()?,
        exists: table.get("exists").and_then(|n| n.boolean()),
        active: one_or_more(table, "active"),
        sub: one_or_more_texts(table, "sub"),
        enabled: one_or_more(table, "enabled"),
        result: one_or_more(table, "result"),
        restarts: table.get("restarts").and_then(|n| n.compare_count()),
        since: table.get("since").and_then(|n| n.compare_duration()),
        up: table.get("up").and_then(|n| n.compare_share()),
        property: property.unwrap_or_default(),
    };
    if table.has_only("unit") {
        name.report(Problem::NothingChecked(check.unit.clone()));
    }
    if !check.unit.contains('.') {
        name.report(Problem::Type { want: Want::UnitName, found: format!("\"{}\"", check.unit) });
    }
    Some(Condition::Unit(check))
}

fn file(table: &Table<'_>, path: &Node<'_>) -> Option<Condition> {
    let check = FileCheck {
        path: absolute(path)?,
        exists: table.get("exists").and_then(|n| n.boolean()),
        kind: table.get("kind").and_then(|n| n.word()),
        mode: table.get("mode").and_then(|n| mode(&n)),
        owner: table.get("owner").and_then(|n| owner(&n)),
        contains: pattern(table, "contains"),
    };
    if table.has_only("file") {
        path.report(Problem::NothingChecked(check.path.clone()));
    }
    Some(Condition::File(check))
}

/// An absolute path.
pub fn absolute(node: &Node<'_>) -> Option<String> {
    node.filled()?.starts_with('/').then(|| node.string()).flatten().or_else(|| node.not(Want::AbsolutePath))
}

/// Permission bits in octal.
pub fn mode(node: &Node<'_>) -> Option<u32> {
    let text = node.string()?;
    let bits = u32::from_str_radix(&text, 8).ok().filter(|bits| *bits <= 0o7777 && text.len() >= 3);
    bits.or_else(|| node.not(Want::Mode))
}

/// `USER` or `USER:GROUP`.
pub fn owner(node: &Node<'_>) -> Option<String> {
    let text = node.filled()?;
    let name = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
    let good = text.split_once(':').map_or_else(|| name(&text), |(u, g)| name(u) && name(g));
    if good { Some(text) } else { node.not(Want::Owner) }
}

fn process(table: &Table<'_>, name: &Node<'_>) -> Option<Condition> {
    Some(Condition::Process(ProcessCheck {
        process: name.filled()?,
        user: table.get("user").and_then(|n| n.filled()),
        parent: table.get("parent").and_then(|n| n.filled()),
        terminal: table.get("terminal").and_then(|n| n.boolean()),
        count: count(table),
    }))
}

fn port(table: &Table<'_>, number: &Node<'_>) -> Option<Condition> {
    let port = port_number(number)?;
    let open = table.get("open").and_then(|n| n.boolean()).unwrap_or(true);
    Some(Condition::Port(PortCheck { port, open, by: table.get("by").and_then(|n| n.filled()) }))
}

/// A TCP port.
pub fn port_number(node: &Node<'_>) -> Option<u16> {
    let port = u16::try_from(node.integer()?).ok().filter(|p| *p > 0);
    port.or_else(|| node.not(Want::Port))
}

fn journal(table: &Table<'_>, unit: &Node<'_>) -> Option<Condition> {
    let unit = Some(unit.filled()?).filter(|u| u != "*");
    Some(Condition::Journal(JournalCheck { unit, matches: pattern(table, "matches"), count: count(table) }))
}

fn queue(table: &Table<'_>, name: &Node<'_>) -> Option<Condition> {
    let length = table.need("length").and_then(|n| n.compare_count());
    Some(Condition::Queue(QueueCheck { queue: name.filled()?, length: length? }))
}

fn answer(table: &Table<'_>, quiz: &Node<'_>) -> Option<Condition> {
    let right = table.get("right").and_then(|n| n.boolean()).unwrap_or(true);
    Some(Condition::Answer(AnswerCheck { answer: quiz.filled()?, right }))
}
