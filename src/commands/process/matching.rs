//! Which processes `pgrep`, `pkill` and `pidwait` mean: pgrep(1).

use regex::{Regex, RegexBuilder};

use crate::commands::options::Parsed;
use crate::world::{Cx, Pid, Process, accounts};

/// What a process must satisfy. Empty lists ask for nothing.
#[derive(Default)]
pub struct Criteria {
    pattern: Option<Regex>,
    full: bool,
    exact: bool,
    inverse: bool,
    older: Option<u64>,
    parents: Vec<u32>,
    groups: Vec<u32>,
    sessions: Vec<u32>,
    uids: Vec<u32>,
    ruids: Vec<u32>,
    gids: Vec<u32>,
    pids: Option<Vec<u32>>,
    terminals: Vec<Option<u32>>,
    states: String,
    cgroups: Vec<String>,
    newest: bool,
    oldest: bool,
    no_ancestors: bool,
}

/// Why the criteria are refused: the message, and whether the hint about `--help` follows.
pub struct Refusal(pub String, pub bool);

fn refuse<T>(text: String) -> Result<T, Refusal> {
    Err(Refusal(text, false))
}

/// Reads the criteria from the options; status 2 belongs to every refusal.
pub fn criteria(cx: &mut Cx<'_, '_>, parsed: &Parsed) -> Result<Criteria, Refusal> {
    let mut c = Criteria {
        full: parsed.has("full"),
        exact: parsed.has("exact"),
        inverse: parsed.has("inverse"),
        newest: parsed.has("newest"),
        oldest: parsed.has("oldest"),
        no_ancestors: parsed.has("ignore-ancestors"),
        ..Criteria::default()
    };
    let me = cx.sys.pid;
    let (pgid, sid) = (cx.sys.me().pgid, cx.sys.me().sid);
    let mut narrowed = false;
    for option in &parsed.options {
        let text = option.text();
        narrowed |= !matches!(
            option.key,
            "full"
                | "exact"
                | "inverse"
                | "list-name"
                | "list-full"
                | "count"
                | "signal"
                | "ignore-case"
                | "delimiter"
                | "echo"
                | "ignore-ancestors"
                | "lightweight"
        );
        match option.key {
            "parent" => c.parents = numbers(text, None)?,
            "pgroup" => c.groups = numbers(text, Some(pgid))?,
            "session" => c.sessions = numbers(text, Some(sid))?,
            "euid" => c.uids = users(cx, text)?,
            "uid" => c.ruids = users(cx, text)?,
            "group" => c.gids = groups(cx, text)?,
            "terminal" => c.terminals = terminals(cx, text)?,
            "older" => match text.parse() {
                Ok(seconds) => c.older = Some(seconds),
                Err(_) => return refuse(format!("not a number: {text}")),
            },
            "runstates" => c.states = text.to_uppercase(),
            "cgroup" => c.cgroups = text.split(',').map(str::to_owned).collect(),
            "pidfile" => c.pids = Some(vec![pid_file(cx, text)?]),
            _ => {}
        }
    }
    match &parsed.operands[..] {
        [] if !narrowed => return Err(Refusal("no matching criteria specified".into(), true)),
        [] => {}
        [pattern] => c.pattern = Some(compile(pattern, parsed.has("ignore-case"), c.exact)?),
        _ => return Err(Refusal("only one pattern can be provided".into(), true)),
    }
    let _ = me;
    Ok(c)
}

fn compile(pattern: &str, ignore_case: bool, exact: bool) -> Result<Regex, Refusal> {
    let text = if exact { format!("^(?:{pattern})$") } else { pattern.to_owned() };
    RegexBuilder::new(&text).case_insensitive(ignore_case).size_limit(1 << 20).build().or_else(|_| {
        let reason = if pattern.matches('(').count() != pattern.matches(')').count() {
            "Unmatched ( or \\("
        } else if pattern.matches('[').count() > pattern.matches(']').count() {
            "Unmatched [, [^, [:, [., or [="
        } else {
            "Invalid preceding regular expression"
        };
        refuse(format!("regex error: {reason}"))
    })
}

/// Numbers of a list; 0 means `own` where that is given.
fn numbers(text: &str, own: Option<u32>) -> Result<Vec<u32>, Refusal> {
    text.split(',')
        .map(|part| match (part.parse::<u32>(), own) {
            (Ok(0), Some(own)) => Ok(own),
            (Ok(n), _) => Ok(n),
            (Err(_), _) => refuse(format!("not a number: {part}")),
        })
        .collect()
}

fn users(cx: &Cx<'_, '_>, text: &str) -> Result<Vec<u32>, Refusal> {
    let tree = &cx.sys.world.files;
    text.split(',')
        .map(|name| match name.parse().ok().or_else(|| accounts::user(tree, name).map(|u| u.uid)) {
            Some(uid) => Ok(uid),
            None => refuse(format!("invalid user name: {name}")),
        })
        .collect()
}

fn groups(cx: &Cx<'_, '_>, text: &str) -> Result<Vec<u32>, Refusal> {
    let tree = &cx.sys.world.files;
    text.split(',')
        .map(|name| match name.parse().ok().or_else(|| accounts::group(tree, name).map(|g| g.gid)) {
            Some(gid) => Ok(gid),
            None => refuse(format!("invalid group name: {name}")),
        })
        .collect()
}

fn terminals(cx: &Cx<'_, '_>, text: &str) -> Result<Vec<Option<u32>>, Refusal> {
    let find = |name: &str| cx.sys.world.terminals.iter().find(|(_, t)| t.name == name).map(|(id, _)| *id);
    Ok(text.split(',').map(|name| if name == "-" { None } else { Some(find(name).unwrap_or(u32::MAX)) }).collect())
}

fn pid_file(cx: &mut Cx<'_, '_>, path: &str) -> Result<Pid, Refusal> {
    let text = cx.sys.read_file(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    match text.ok().and_then(|t| t.split_whitespace().next().and_then(|n| n.parse().ok())) {
        Some(pid) => Ok(pid),
        None => Err(Refusal(format!("pidfile not valid\nTry `{} --help' for more information.", cx.name()), false)),
    }
}

impl Criteria {
    /// Whether a pattern longer than a name can never match.
    pub fn is_hopeless(&self, parsed: &Parsed) -> bool {
        !self.full
            && self.pattern.is_some()
            && parsed.operands.first().is_some_and(|p| p.len() > 15 && !p.contains(['|', '[', '*', '?', '{', '+', '(']))
    }

    /// The matching processes by id; the one that asks is never among them.
    pub fn matches<'a>(&self, cx: &'a Cx<'_, '_>) -> Vec<&'a Process> {
        let world = &*cx.sys.world;
        let mut ancestors = vec![cx.sys.pid];
        while let Some(parent) =
            world.process(*ancestors.last().unwrap_or(&0)).map(|p| p.ppid).filter(|p| *p > 0 && self.no_ancestors)
        {
            ancestors.push(parent);
        }
        let now = world.now;
        let mut found: Vec<&Process> = world
            .processes()
            .filter(|p| !ancestors.contains(&p.pid))
            .filter(|p| self.takes(p, now.since(p.started).as_secs()) != self.inverse)
            .collect();
        let by_age = |p: &&Process| (p.started, p.pid);
        if self.newest {
            found = found.iter().copied().max_by_key(by_age).into_iter().collect();
        } else if self.oldest {
            found = found.iter().copied().min_by_key(by_age).into_iter().collect();
        }
        found
    }

    fn takes(&self, p: &Process, age: u64) -> bool {
        let among = |list: &[u32], id: u32| list.is_empty() || list.contains(&id);
        among(&self.parents, p.ppid)
            && among(&self.groups, p.pgid)
            && among(&self.sessions, p.sid)
            && among(&self.uids, p.cred.uid)
            && among(&self.ruids, p.ruid)
            && among(&self.gids, p.cred.gid)
            && self.pids.as_ref().is_none_or(|pids| pids.contains(&p.pid))
            && (self.terminals.is_empty() || self.terminals.contains(&p.tty))
            && (self.states.is_empty() || self.states.contains(p.state_letter()))
            && (self.cgroups.is_empty() || self.cgroups.iter().any(|c| **c == *p.cgroup))
            && self.older.is_none_or(|seconds| age >= seconds)
            && self.pattern.as_ref().is_none_or(|pattern| pattern.is_match(&self.subject(p)))
    }

    fn subject(&self, p: &Process) -> String {
        if self.full && !p.argv.is_empty() && !p.is_zombie() { p.argv.join(" ") } else { p.comm.to_string() }
    }
}
