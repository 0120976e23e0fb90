//! Reads conditions: which keys belong to which subject is told once, in this file.

use super::condition::{
    AnswerCheck, Condition, FileCheck, JournalCheck, JournalSince, LingerCheck, PortCheck, ProcessCheck, QueueCheck,
    TimerCheck, UnitCheck, UnitId,
};
use super::measure::{Compare, Op, parse_duration};
use super::nearest::nearest;
use super::problem::{Problem, Want};
use super::reader::{Node, Table, Word};
use crate::commands::systemctl::property_names;
use crate::systemd::unit_name::UnitType;
use regex::{Regex, RegexBuilder};

/// How a subject's table is read once its name is known.
type ReadSubject = fn(&Table<'_>, Node<'_>) -> Option<Condition>;

/// The subjects of a condition and how each is read.
const SUBJECTS: [(&str, ReadSubject); 13] = [
    ("all", |_, n| Some(Condition::All(parts(&n)))),
    ("any", |_, n| Some(Condition::Any(parts(&n)))),
    ("not", |_, n| Some(Condition::Not(Box::new(read_condition(&n)?)))),
    ("unit", |t, n| unit(t, &n)),
    ("file", |t, n| file(t, &n)),
    ("process", |t, n| process(t, &n)),
    ("port", |t, n| port(t, &n)),
    ("journal", |t, n| journal(t, &n)),
    ("timer", |t, n| timer(t, &n)),
    ("boot", |_, n| Some(Condition::Boot(n.compare_count()?))),
    ("queue", |t, n| queue(t, &n)),
    ("linger", |t, n| linger(t, &n)),
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

/// A unit by its whole name; `user` beside it names whose manager is meant.
fn unit_id(table: &Table<'_>, node: &Node<'_>, name: String) -> UnitId {
    let suffix = name.rsplit_once('.').map(|(_, suffix)| suffix);
    if suffix.is_none_or(|suffix| UnitType::parse(suffix).is_none()) {
        node.report(Problem::Type { want: Want::UnitName, found: format!("\"{name}\"") });
    }
    UnitId { name, user: table.get("user").and_then(|n| n.filled()) }
}

/// Says that nothing is asked about a subject that stands alone.
fn need_more(table: &Table<'_>, subject: &Node<'_>, key: &str, name: &str) {
    if table.has_only_of(&[key, "user"]) {
        subject.report(Problem::NothingChecked(name.to_owned()));
    }
}

fn unit(table: &Table<'_>, subject: &Node<'_>) -> Option<Condition> {
    let name = subject.filled()?;
    let check = UnitCheck {
        exists: table.get("exists").and_then(|n| n.boolean()),
        active: one_or_more(table, "active"),
        sub: one_or_more(table, "sub"),
        enabled: one_or_more(table, "enabled"),
        result: one_or_more(table, "result"),
        restarts: table.get("restarts").and_then(|n| n.compare_count()),
        since: table.get("since").and_then(|n| n.compare_duration()),
        up: table.get("up").and_then(|n| n.compare_share()),
        property: table.get("property").and_then(|n| n.table()).map(properties).unwrap_or_default(),
        unit: unit_id(table, subject, name),
    };
    need_more(table, subject, "unit", &check.unit.name);
    Some(Condition::Unit(check))
}

/// Properties and their values, both as `systemctl show` writes them.
fn properties(table: Table<'_>) -> Vec<(String, String)> {
    let known = property_names();
    let mut pairs = Vec::new();
    for (property, node) in table.free_entries() {
        if !known.contains(&property.as_str()) {
            let near = nearest(&property, known.iter().copied()).map(str::to_owned);
            node.report(Problem::NoSuchName { name: property.clone(), near });
        }
        pairs.extend(node.string().map(|value| (property, value)));
    }
    table.all_asked();
    pairs
}

fn file(table: &Table<'_>, path: &Node<'_>) -> Option<Condition> {
    let check = FileCheck {
        path: absolute(path)?,
        exists: table.get("exists").and_then(|n| n.boolean()),
        kind: table.get("kind").and_then(|n| n.word()),
        mode: table.get("mode").and_then(|n| mode(&n)),
        owner: table.get("owner").and_then(|n| owner(&n)),
        contains: pattern(table, "contains"),
        absent: pattern(table, "absent"),
    };
    need_more(table, path, "file", &check.path);
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

fn journal(table: &Table<'_>, subject: &Node<'_>) -> Option<Condition> {
    let name = subject.filled()?;
    let unit = (name != "*").then(|| unit_id(table, subject, name));
    let since = table.get("since").and_then(|n| journal_since(&n)).unwrap_or_default();
    Some(Condition::Journal(JournalCheck { unit, matches: pattern(table, "matches"), count: count(table), since }))
}

/// `boot`, `fork` or a duration.
fn journal_since(node: &Node<'_>) -> Option<JournalSince> {
    match node.filled()?.as_str() {
        "boot" => Some(JournalSince::Boot),
        "fork" => Some(JournalSince::Fork),
        text => parse_duration(text).map(JournalSince::Last).or_else(|| node.not(Want::JournalSince)),
    }
}

fn timer(table: &Table<'_>, subject: &Node<'_>) -> Option<Condition> {
    let name = subject.filled()?;
    if !name.ends_with(".timer") {
        subject.report(Problem::Type { want: Want::TimerName, found: format!("\"{name}\"") });
    }
    let next = table.get("next").and_then(|n| n.compare_duration());
    let fired_within = table.get("fired_within").and_then(|n| n.duration());
    let check = TimerCheck { timer: unit_id(table, subject, name), next, fired_within };
    need_more(table, subject, "timer", &check.timer.name);
    Some(Condition::Timer(check))
}

fn queue(table: &Table<'_>, subject: &Node<'_>) -> Option<Condition> {
    let amount = |key| table.get(key).and_then(|n| n.compare_count());
    let check = QueueCheck {
        queue: subject.filled()?,
        depth: amount("depth"),
        handled: amount("handled"),
        lost: amount("lost"),
    };
    need_more(table, subject, "queue", &check.queue);
    Some(Condition::Queue(check))
}

fn linger(table: &Table<'_>, user: &Node<'_>) -> Option<Condition> {
    let on = table.get("on").and_then(|n| n.boolean()).unwrap_or(true);
    Some(Condition::Linger(LingerCheck { user: user.filled()?, on }))
}

fn answer(table: &Table<'_>, quiz: &Node<'_>) -> Option<Condition> {
    let right = table.get("right").and_then(|n| n.boolean()).unwrap_or(true);
    Some(Condition::Answer(AnswerCheck { answer: quiz.filled()?, right }))
}
