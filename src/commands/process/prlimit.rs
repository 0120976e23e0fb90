//! `prlimit`: shows and sets the limits of a process: prlimit(1).

use crate::commands::Command;
use crate::commands::options::not_simulated;
use crate::world::{CapabilitySet, Cx, Errno, NeedInput, Pid, Resource, UNLIMITED, limit_text, one_shot};

/// The command.
pub const COMMAND: Command =
    Command { name: "prlimit", path: "/usr/bin/prlimit", program: |argv| one_shot(prlimit, argv) };

/// A limit: its short option, the resource, its words and its unit; in the order of the table.
const LIMITS: &[(char, Resource, &str, &str)] = &[
    ('v', Resource::As, "address space limit", "bytes"),
    ('c', Resource::Core, "max core file size", "bytes"),
    ('t', Resource::Cpu, "CPU time", "seconds"),
    ('d', Resource::Data, "max data size", "bytes"),
    ('f', Resource::Fsize, "max file size", "bytes"),
    ('x', Resource::Locks, "max number of file locks held", "locks"),
    ('l', Resource::Memlock, "max locked-in-memory address space", "bytes"),
    ('q', Resource::Msgqueue, "max bytes in POSIX mqueues", "bytes"),
    ('e', Resource::Nice, "max nice prio allowed to raise", ""),
    ('n', Resource::Nofile, "max number of open files", "files"),
    ('u', Resource::Nproc, "max number of processes", "processes"),
    ('m', Resource::Rss, "max resident set size", "bytes"),
    ('r', Resource::Rtprio, "max real-time priority", ""),
    ('y', Resource::Rttime, "timeout for real-time tasks", "microsecs"),
    ('i', Resource::Sigpending, "max number of pending signals", "signals"),
    ('s', Resource::Stack, "max stack size", "bytes"),
];

fn named(option: &str) -> Option<Resource> {
    let found = match option.strip_prefix("--") {
        Some(long) => LIMITS.iter().find(|limit| limit.1.name().eq_ignore_ascii_case(long)),
        None => LIMITS.iter().find(|limit| option == format!("-{}", limit.0)),
    };
    found.map(|limit| limit.1)
}

/// `SOFT:HARD`, `SOFT:`, `:HARD` or one value for both.
fn values(text: &str, old: (u64, u64)) -> Option<(u64, u64)> {
    let number = |text: &str, old: u64| match text {
        "" => Some(old),
        "unlimited" | "-1" => Some(UNLIMITED),
        _ => text.parse().ok(),
    };
    match text.split_once(':') {
        Some((soft, hard)) => Some((number(soft, old.0)?, number(hard, old.1)?)),
        None => number(text, UNLIMITED).map(|value| (value, value)),
    }
}

fn prlimit(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let args = cx.args();
    let mut pid: Pid = cx.sys.pid;
    let (mut wanted, mut changes) = (Vec::new(), Vec::new());
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let (name, value) = arg.split_once('=').map_or((arg.as_str(), None), |(n, v)| (n, Some(v)));
        if matches!(name, "-p" | "--pid") {
            let text = value.map(str::to_owned).or_else(|| rest.next().cloned()).unwrap_or_default();
            match text.parse() {
                Ok(found) => pid = found,
                Err(_) => {
                    cx.fail(&format!("invalid PID argument: '{text}'"));
                    return Ok(1);
                }
            }
        } else if let Some(resource) = named(name) {
            match value {
                Some(value) => changes.push((resource, value.to_owned())),
                None => wanted.push(resource),
            }
        } else {
            return Ok(not_simulated(cx, &format!("option {name}")));
        }
    }
    for (resource, text) in &changes {
        if let Err(message) = change(cx, pid, *resource, text) {
            cx.fail(&message);
            return Ok(1);
        }
    }
    if changes.is_empty() || !wanted.is_empty() { show(cx, pid, &wanted) } else { Ok(0) }
}

fn change(cx: &mut Cx<'_, '_>, pid: Pid, resource: Resource, text: &str) -> Result<(), String> {
    let refused = |errno: Errno| format!("failed to set the {} resource limit: {}", resource.name(), errno.message());
    let me = cx.sys.me().cred.clone();
    let process = cx.world.process(pid).ok_or_else(|| refused(Errno::ESRCH))?;
    let old = process.limits.get(resource);
    let (soft, hard) = values(text, old).ok_or_else(|| format!("failed to parse {} limit", resource.name()))?;
    let may = me.can(CapabilitySet::SYS_RESOURCE);
    if !may && (me.uid != process.cred.uid || hard > old.1) {
        return Err(refused(Errno::EPERM));
    }
    if soft > hard {
        return Err(refused(Errno::EINVAL));
    }
    if let Some(process) = cx.world.process_mut(pid) {
        process.limits.set(resource, soft, hard);
    }
    Ok(())
}

fn show(cx: &mut Cx<'_, '_>, pid: Pid, wanted: &[Resource]) -> Result<u8, NeedInput> {
    let Some(limits) = cx.world.process(pid).map(|p| p.limits) else {
        let first = wanted.first().copied().unwrap_or(Resource::As);
        cx.fail(&format!("failed to get old {} limit: No such process", first.name()));
        return Ok(1);
    };
    let rows: Vec<[String; 5]> = LIMITS
        .iter()
        .filter(|limit| wanted.is_empty() || wanted.contains(&limit.1))
        .map(|(_, resource, text, unit)| {
            let (soft, hard) = limits.get(*resource);
            [resource.name().into(), (*text).into(), limit_text(soft), limit_text(hard), (*unit).into()]
        })
        .collect();
    let heads = ["RESOURCE", "DESCRIPTION", "SOFT", "HARD", "UNITS"];
    let width = |at: usize| rows.iter().map(|r| r[at].len()).chain([heads[at].len()]).max().unwrap_or(0);
    let [a, b, c, d] = [width(0), width(1), width(2), width(3)];
    let line = |r: [&str; 5]| format!("{:<a$} {:<b$} {:>c$} {:>d$} {}\n", r[0], r[1], r[2], r[3], r[4]);
    let mut text = line(heads);
    for row in &rows {
        text += &line([&row[0], &row[1], &row[2], &row[3], &row[4]]);
    }
    cx.out(&text);
    Ok(0)
}
