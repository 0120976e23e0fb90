//! The columns that `ps` can show: names, headings, widths, and where each value comes from.

use std::time::Duration;

use crate::world::{Pid, Process, SignalSet, State, World, accounts};

/// How a column is aligned.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// The machine as `ps` looks at it.
pub struct Look<'a> {
    /// The machine.
    pub world: &'a World,
    /// The process that looks: it runs.
    pub me: Pid,
}

/// A column.
pub struct Column {
    /// The names under which `-o` knows it.
    pub names: &'static [&'static str],
    /// Its heading.
    pub heading: &'static str,
    /// Its least width.
    pub width: usize,
    /// Its alignment.
    pub align: Align,
    /// It holds a command: trees are drawn in it.
    pub is_command: bool,
    /// Its value.
    pub text: fn(&Look<'_>, &Process) -> String,
    /// What it is sorted by; empty: its text.
    pub key: Option<fn(&Look<'_>, &Process) -> u64>,
}

type Text = fn(&Look<'_>, &Process) -> String;
type Key = fn(&Look<'_>, &Process) -> u64;

const fn left(names: &'static [&'static str], heading: &'static str, width: usize, text: Text) -> Column {
    Column { names, heading, width, align: Align::Left, is_command: false, text, key: None }
}

const fn command(names: &'static [&'static str], heading: &'static str, width: usize, text: Text) -> Column {
    Column { names, heading, width, align: Align::Left, is_command: true, text, key: None }
}

const fn right(names: &'static [&'static str], heading: &'static str, width: usize, text: Text, key: Key) -> Column {
    Column { names, heading, width, align: Align::Right, is_command: false, text, key: Some(key) }
}

/// Every column, by heading's kin.
pub const COLUMNS: &[Column] = &[
    right(&["pid", "tgid", "spid", "tid", "lwp"], "PID", 7, |_, p| p.pid.to_string(), |_, p| p.pid.into()),
    right(&["ppid"], "PPID", 7, |_, p| p.ppid.to_string(), |_, p| p.ppid.into()),
    right(&["pgid"], "PGID", 7, |_, p| p.pgid.to_string(), |_, p| p.pgid.into()),
    right(&["pgrp"], "PGRP", 7, |_, p| p.pgid.to_string(), |_, p| p.pgid.into()),
    right(&["sid"], "SID", 7, |_, p| p.sid.to_string(), |_, p| p.sid.into()),
    right(&["sess", "session"], "SESS", 7, |_, p| p.sid.to_string(), |_, p| p.sid.into()),
    right(&["tpgid"], "TPGID", 7, |l, p| foreground(l, p).to_string(), |_, p| p.pgid.into()),
    left(&["tname"], "TTY", 8, tty),
    left(&["tt", "tty"], "TT", 8, tty),
    left(&["stat"], "STAT", 4, stat),
    left(&["s", "state"], "S", 1, |l, p| letter(l, p).to_string()),
    left(&["user", "euser", "uname"], "USER", 8, |l, p| user_field(l.world, p.cred.uid)),
    left(&["ruser"], "RUSER", 8, |l, p| user_field(l.world, p.ruid)),
    left(&["group", "egroup"], "GROUP", 8, |l, p| cut(accounts::group_name(&l.world.files, p.cred.gid))),
    left(&["rgroup"], "RGROUP", 8, |l, p| cut(accounts::group_name(&l.world.files, p.cred.gid))),
    right(&["uid", "euid"], "UID", 5, |_, p| p.cred.uid.to_string(), |_, p| p.cred.uid.into()),
    right(&["ruid"], "RUID", 5, |_, p| p.ruid.to_string(), |_, p| p.ruid.into()),
    right(&["gid", "egid"], "GID", 5, |_, p| p.cred.gid.to_string(), |_, p| p.cred.gid.into()),
    command(&["args", "command"], "COMMAND", 27, |_, p| command_line(p)),
    command(&["cmd"], "CMD", 27, |_, p| command_line(p)),
    command(&["comm", "ucomm", "fname"], "COMMAND", 15, |_, p| name(p)),
    command(&["ucmd"], "CMD", 15, |_, p| name(p)),
    left(&["exe"], "EXE", 27, |_, p| p.exe.to_string()),
    right(&["etime"], "ELAPSED", 11, |l, p| elapsed(age(l, p)), age),
    right(&["etimes"], "ELAPSED", 7, |l, p| age(l, p).to_string(), age),
    right(&["time", "cputime"], "TIME", 8, |_, p| cpu_time(p.cpu), cpu),
    right(&["cputimes", "times"], "TIME", 8, |_, p| p.cpu.as_secs().to_string(), cpu),
    right(&["bsdtime"], "TIME", 6, |_, p| format!("{}:{:02}", p.cpu.as_secs() / 60, p.cpu.as_secs() % 60), cpu),
    right(&["%cpu", "pcpu"], "%CPU", 4, |l, p| percent(cpu_permille(l, p)), cpu_permille),
    right(&["c"], "C", 2, |l, p| (cpu_permille(l, p) / 10).to_string(), cpu_permille),
    right(&["%mem", "pmem"], "%MEM", 4, |l, p| percent(p.rss * 1000 / l.world.memory.max(1)), |_, p| p.rss),
    right(&["rss", "rssize", "rsz"], "RSS", 5, |_, p| (p.rss / 1024).to_string(), |_, p| p.rss),
    right(&["vsz", "vsize"], "VSZ", 6, |_, p| vsz(p).to_string(), |_, p| vsz(p)),
    right(&["size"], "SIZE", 5, |_, p| (p.rss / 2048).to_string(), |_, p| p.rss),
    right(&["sz"], "SZ", 5, |_, p| (vsz(p) / 4).to_string(), |_, p| vsz(p)),
    right(&["drs"], "DRS", 5, |_, p| (p.rss / 2048).to_string(), |_, p| p.rss),
    right(&["trs"], "TRS", 4, |_, p| (p.rss / 8192).to_string(), |_, p| p.rss),
    right(&["majflt", "maj_flt"], "MAJFL", 6, |_, _| "0".into(), |_, _| 0),
    right(&["nice", "ni"], "NI", 3, |_, p| p.nice.to_string(), |_, p| (i64::from(p.nice) + 20) as u64),
    right(&["pri"], "PRI", 3, |_, p| (19 - i64::from(p.nice)).to_string(), |_, p| (40 - i64::from(p.nice)) as u64),
    right(&["prio", "opri", "priority"], "PRI", 3, |_, p| (20 + i64::from(p.nice)).to_string(), |_, _| 0),
    right(&["nlwp", "thcount"], "NLWP", 4, |_, _| "1".into(), |_, _| 1),
    right(&["psr"], "PSR", 3, |_, _| "0".into(), |_, _| 0),
    right(&["f", "flag", "flags"], "F", 1, |_, p| if p.cred.is_root() { "4" } else { "0" }.into(), |_, _| 0),
    left(&["cls", "class", "policy"], "CLS", 3, |_, _| "TS".into()),
    right(&["rtprio"], "RTPRIO", 6, |_, _| "-".into(), |_, _| 0),
    left(&["addr"], "ADDR", 4, |_, _| "-".into()),
    left(&["wchan"], "WCHAN", 6, |_, _| "-".into()),
    right(&["lstart"], "STARTED", 24, |_, p| p.started.strftime("%a %b %e %H:%M:%S %Y"), started),
    right(&["start"], "STARTED", 8, |l, p| start(l, p, "%H:%M:%S", "  %b %d"), started),
    right(&["bsdstart"], "START", 5, |l, p| start(l, p, "%H:%M", "%b%d"), started),
    right(&["stime", "start_time"], "STIME", 5, |l, p| start(l, p, "%H:%M", "%b%d"), started),
    left(&["cgroup"], "CGROUP", 27, |_, p| format!("0::{}", p.cgroup)),
    left(&["cgname"], "CGNAME", 27, |_, p| p.cgroup.trim_start_matches('/').to_owned()),
    left(&["unit"], "UNIT", 31, |_, p| unit(p)),
    left(&["uunit"], "UUNIT", 31, |_, p| user_unit(p)),
    left(&["slice"], "SLICE", 31, |_, p| part(p, ".slice")),
    left(&["ignored", "sigignore", "sig_ignore"], "IGNORED", 16, |_, p| mask(p.signals.ignored)),
    left(&["caught", "sigcatch", "sig_catch"], "CATCHED", 16, |_, p| mask(p.signals.caught)),
    left(&["blocked", "sigmask", "sig_block"], "BLOCKED", 16, |_, p| mask(p.signals.blocked)),
    left(&["pending", "sig"], "PENDING", 16, |_, p| mask(p.signals.pending)),
];

/// Sorts by the columns asked for; the order by id is the last resort.
pub fn sort(look: &Look<'_>, found: &mut [&Process], keys: &[(&'static Column, bool)]) {
    for (column, down) in keys.iter().rev() {
        match column.key {
            Some(key) => found.sort_by_key(|p| key(look, p)),
            None => found.sort_by_cached_key(|p| (column.text)(look, p)),
        }
        if *down {
            // Keeps the order among equals.
            found.reverse();
            let same = |a: &&Process, b: &&Process| match column.key {
                Some(key) => key(look, a) == key(look, b),
                None => (column.text)(look, a) == (column.text)(look, b),
            };
            found.chunk_by_mut(same).for_each(<[&Process]>::reverse);
        }
    }
}

fn mask(set: SignalSet) -> String {
    format!("{:016x}", set.0)
}

fn cut(name: String) -> String {
    if name.chars().count() > 8 { format!("{}+", name.chars().take(7).collect::<String>()) } else { name }
}

/// A user's name as it fits eight columns: a longer one ends in `+`.
pub fn user_field(world: &World, uid: u32) -> String {
    cut(accounts::user_name(&world.files, uid))
}

fn tty(look: &Look<'_>, p: &Process) -> String {
    p.tty.and_then(|id| look.world.terminals.get(&id)).map_or_else(|| "?".into(), |t| t.name.clone())
}

fn foreground(look: &Look<'_>, p: &Process) -> i64 {
    p.tty.and_then(|id| look.world.terminals.get(&id)).map_or(-1, |t| t.foreground.into())
}

fn letter(look: &Look<'_>, p: &Process) -> char {
    if p.pid == look.me { 'R' } else { p.state_letter() }
}

fn stat(look: &Look<'_>, p: &Process) -> String {
    let mut out = letter(look, p).to_string();
    match p.nice {
        ..0 => out.push('<'),
        1.. => out.push('N'),
        0 => {}
    }
    if p.sid == p.pid {
        out.push('s');
    }
    if foreground(look, p) == i64::from(p.pgid) {
        out.push('+');
    }
    out
}

fn name(p: &Process) -> String {
    let dead = if p.is_zombie() { " <defunct>" } else { "" };
    format!("{}{dead}", p.comm)
}

/// The arguments on one line; the name in brackets for what has none.
pub fn command_line(p: &Process) -> String {
    match (p.state, p.argv.is_empty()) {
        (State::Zombie(_), _) => format!("[{}] <defunct>", p.comm),
        (_, true) => format!("[{}]", p.comm),
        _ => p.argv.join(" ").replace('\n', " "),
    }
}

fn age(look: &Look<'_>, p: &Process) -> u64 {
    look.world.now.since(p.started).as_secs()
}

/// Seconds as `[[dd-]hh:]mm:ss`.
pub fn elapsed(seconds: u64) -> String {
    let (days, hours, minutes, seconds) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    match (days, hours) {
        (0, 0) => format!("{minutes:02}:{seconds:02}"),
        (0, _) => format!("{hours:02}:{minutes:02}:{seconds:02}"),
        _ => format!("{days}-{hours:02}:{minutes:02}:{seconds:02}"),
    }
}

fn cpu_time(time: Duration) -> String {
    let s = time.as_secs();
    let text = format!("{:02}:{:02}:{:02}", s / 3600 % 24, s / 60 % 60, s % 60);
    if s >= 86_400 { format!("{}-{text}", s / 86_400) } else { text }
}

fn cpu(_: &Look<'_>, p: &Process) -> u64 {
    u64::try_from(p.cpu.as_micros()).unwrap_or(u64::MAX)
}

fn started(_: &Look<'_>, p: &Process) -> u64 {
    p.started.0
}

fn cpu_permille(look: &Look<'_>, p: &Process) -> u64 {
    let lived = look.world.now.since(p.started).as_micros().max(1_000_000);
    u64::try_from(p.cpu.as_micros() * 1000 / lived).unwrap_or(0).min(999)
}

fn percent(permille: u64) -> String {
    format!("{}.{}", permille / 10, permille % 10)
}

/// Virtual memory in KiB: a fixed part for the libraries beside what is held.
fn vsz(p: &Process) -> u64 {
    if p.rss == 0 { 0 } else { p.rss / 1024 * 5 / 4 + 4_400 }
}

fn start(look: &Look<'_>, p: &Process, young: &str, old: &str) -> String {
    let format = if age(look, p) < 86_400 { young } else { old };
    p.started.strftime(format)
}

fn part(p: &Process, suffix: &str) -> String {
    p.cgroup.split('/').rfind(|part| part.ends_with(suffix)).unwrap_or("-").to_owned()
}

fn unit(p: &Process) -> String {
    let is_unit = |part: &&str| part.ends_with(".service") || part.ends_with(".scope");
    p.cgroup.split('/').find(is_unit).unwrap_or("-").to_owned()
}

fn user_unit(p: &Process) -> String {
    match p.cgroup.split_once("/user@") {
        Some((_, rest)) => rest.split('/').skip(1).find(|s| !s.ends_with(".slice")).unwrap_or("-").to_owned(),
        None => "-".into(),
    }
}
