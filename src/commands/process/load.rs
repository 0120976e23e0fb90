//! `uptime`, `free`, `w`, `who`, `last` and a still picture of `top`: how the machine is doing.

use super::ps::{command_line, user_field};
use crate::commands::Command;
use crate::commands::accounts::logins;
use crate::commands::options::{Hint, Opt, Options, absent, flag, not_simulated, parse, short, short_value};
use crate::world::{Cx, NeedInput, Process, State, Time, World, one_shot};

/// `uptime`.
pub const UPTIME: Command = Command { name: "uptime", path: "/usr/bin/uptime", program: |argv| one_shot(uptime, argv) };
/// `w`.
pub const W: Command = Command { name: "w", path: "/usr/bin/w", program: |argv| one_shot(w, argv) };
/// `who`.
pub const WHO: Command = Command { name: "who", path: "/usr/bin/who", program: |argv| one_shot(who, argv) };
/// `last`.
pub const LAST: Command = Command { name: "last", path: "/usr/bin/last", program: |argv| one_shot(last, argv) };
/// `top`: one picture, with `-b -n 1` and without.
pub const TOP: Command = Command { name: "top", path: "/usr/bin/top", program: |argv| one_shot(top, argv) };

const fn procps(table: &'static [Opt], usage: &'static str) -> Options {
    Options { table, usage, version: "from procps-ng 4.0.2", status: 1, hint: Hint::Nothing, in_order: false }
}

/// Figures of the past minutes: what is runnable, as far as anything ever waits for the processor here.
const LOAD: &str = "load average: 0.00, 0.01, 0.00";

/// How long the machine is up, in the words of uptime.
fn span(seconds: u64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    let days = match days {
        0 => String::new(),
        1 => "1 day, ".into(),
        n => format!("{n} days, "),
    };
    if hours > 0 { format!("{days}{hours:>2}:{minutes:02}") } else { format!("{days}{minutes} min") }
}

fn first_line(world: &World) -> String {
    let users = logins(world).len();
    let plural = if users == 1 { "user" } else { "users" };
    let up = span(world.monotonic() / 1_000_000);
    format!(" {} up {up}, {users:>2} {plural},  {LOAD}", world.now.strftime("%H:%M:%S"))
}

fn uptime(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    const OPTIONS: Options = procps(&[flag('p', "pretty"), flag('s', "since")], "[options]");
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let world = &*cx.sys.world;
    let text = if parsed.has("since") {
        world.booted.strftime("%Y-%m-%d %H:%M:%S")
    } else if parsed.has("pretty") {
        pretty(world.monotonic() / 1_000_000)
    } else {
        first_line(world)
    };
    cx.outln(&text);
    Ok(0)
}

fn pretty(seconds: u64) -> String {
    let parts = [
        (seconds / 604_800, "week"),
        (seconds / 86_400 % 7, "day"),
        (seconds / 3600 % 24, "hour"),
        (seconds / 60 % 60, "minute"),
    ];
    let words: Vec<String> = parts
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, unit)| format!("{n} {unit}{}", if *n == 1 { "" } else { "s" }))
        .collect();
    if words.is_empty() { "up 0 minutes".into() } else { format!("up {}", words.join(", ")) }
}

fn w(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    const OPTIONS: Options =
        procps(&[flag('h', "no-header"), flag('s', "short"), absent('i', "ip-addr"), absent('f', "from")], "[options]");
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let world = &*cx.sys.world;
    let mut text = String::new();
    if !parsed.has("no-header") {
        text = format!("{}\nUSER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT\n", first_line(world));
    }
    for login in logins(world) {
        let group = world.terminals.get(&login.tty).map_or(0, |t| t.foreground);
        let busy = world.processes().filter(|p| p.pgid == group && !p.is_zombie()).max_by_key(|p| p.pid);
        let what = busy.map_or_else(|| "-".into(), command_line);
        let at = world.process(login.leader).map_or(world.now, |p| p.started).strftime("%H:%M");
        text.push_str(&format!(
            "{:<8} {:<8} {:<16} {at}    0.00s  0.01s  0.00s {what}\n",
            login.user, login.name, "10.0.2.2"
        ));
    }
    cx.out(&text);
    Ok(0)
}

fn who(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    const TABLE: &[Opt] = &[
        flag('H', "heading"),
        flag('q', "count"),
        flag('b', "boot"),
        flag('u', "users"),
        short('m', "m"),
        absent('a', "all"),
        absent('r', "runlevel"),
        absent('l', "login"),
        absent('T', "mesg"),
    ];
    const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... [ FILE | ARG1 ARG2 ]");
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let world = &*cx.sys.world;
    let mut text = String::new();
    let all = logins(world);
    let own = cx.sys.me().tty;
    let only_me = parsed.has("m") || parsed.operands.len() == 2;
    if parsed.has("count") {
        let names: Vec<&str> = all.iter().map(|l| l.user.as_str()).collect();
        text = format!("{}\n# users={}\n", names.join(" "), names.len());
    } else if parsed.has("boot") {
        text = format!("         system boot  {}\n", world.booted.strftime("%Y-%m-%d %H:%M"));
    } else {
        if parsed.has("heading") {
            text.push_str("NAME     LINE         TIME             COMMENT\n");
        }
        for login in all.iter().filter(|l| !only_me || Some(l.tty) == own) {
            let at = world.process(login.leader).map_or(world.now, |p| p.started).strftime("%Y-%m-%d %H:%M");
            let idle = if parsed.has("users") { format!("   .  {:>11}", login.leader) } else { String::new() };
            text.push_str(&format!("{:<8} {:<12} {at}{idle} (10.0.2.2)\n", login.user, login.name));
        }
    }
    cx.out(&text);
    Ok(0)
}

fn last(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    const OPTIONS: Options = Options::util_linux(
        &[short_value('n', "n"), absent('x', "system"), absent('F', "fulltimes")],
        "[options] [<username>...] [<tty>...]",
    );
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let world = &*cx.sys.world;
    let started = |pid: u32| world.process(pid).map_or(world.now, |p| p.started);
    let mut rows: Vec<(Time, String)> = logins(world)
        .into_iter()
        .filter(|l| {
            parsed.operands.is_empty() || parsed.operands.contains(&l.user) || parsed.operands.contains(&l.name)
        })
        .map(|l| {
            let at = started(l.leader);
            (
                at,
                format!(
                    "{:<8} {:<12} {:<16} {}   still logged in",
                    l.user,
                    l.name,
                    "10.0.2.2",
                    at.strftime("%a %b %e %H:%M")
                ),
            )
        })
        .collect();
    if parsed.operands.is_empty() || parsed.operands.iter().any(|o| o == "reboot") {
        rows.push((
            world.booted,
            format!(
                "{:<8} {:<12} {:<16} {}   still running",
                "reboot",
                "system boot",
                crate::world::KERNEL_RELEASE.get(..16).unwrap_or_default(),
                world.booted.strftime("%a %b %e %H:%M")
            ),
        ));
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.0));
    let limit = parsed.last("n").and_then(|n| n.parse().ok()).unwrap_or(usize::MAX);
    let text: String = rows.iter().take(limit).map(|(_, row)| format!("{row}\n")).collect();
    let begins = format!("\nwtmp begins {}\n", world.booted.strftime("%a %b %e %H:%M:%S %Y"));
    cx.out(&format!("{text}{begins}"));
    Ok(0)
}

fn top(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    const TABLE: &[Opt] = &[
        short('b', "b"),
        short_value('n', "n"),
        short_value('d', "d"),
        short_value('p', "p"),
        short_value('u', "u"),
        short_value('o', "o"),
        short_value('w', "w"),
        short('c', "c"),
        absent('H', ""),
    ];
    const OPTIONS: Options = procps(TABLE, "-hv|-bcEeHiOSs1 -d secs -n max");
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    if parsed.last("n").is_some_and(|n| n != "1") {
        return Ok(not_simulated(cx, "more than one picture (-n 1)"));
    }
    let me = cx.sys.pid;
    let world = &*cx.sys.world;
    let all: Vec<&Process> = world.processes().collect();
    let count = |test: &dyn Fn(&Process) -> bool| all.iter().filter(|p| test(p)).count();
    let (stopped, zombies) = (count(&|p| matches!(p.state, State::Stopped(_))), count(&|p| p.is_zombie()));
    let mem = Memory::of(world);
    let mib = |bytes: u64| bytes as f64 / 1024.0 / 1024.0;
    let mut text = format!("top -{}\n", first_line(world).trim_start());
    text += &format!(
        "Tasks: {:>3} total,   1 running, {:>3} sleeping, {stopped:>3} stopped, {zombies:>3} zombie\n",
        all.len(),
        all.len() - 1 - stopped - zombies
    );
    text += "%Cpu(s):  0.3 us,  0.3 sy,  0.0 ni, 99.3 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st \n";
    text += &format!(
        "MiB Mem : {:>8.1} total, {:>8.1} free, {:>8.1} used, {:>8.1} buff/cache     \n",
        mib(mem.total),
        mib(mem.free),
        mib(mem.used),
        mib(mem.cache)
    );
    text +=
        &format!("MiB Swap:      0.0 total,      0.0 free,      0.0 used. {:>8.1} avail Mem \n\n", mib(mem.available));
    text += "    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n";
    let mut rows: Vec<&&Process> = all.iter().filter(|p| wanted(world, p, &parsed)).collect();
    rows.sort_by_key(|p| (p.pid != me, std::cmp::Reverse(p.cpu), p.pid));
    for p in rows {
        let name = if parsed.has("c") { command_line(p) } else { p.comm.to_string() };
        let cpu = p.cpu.as_millis() / 10;
        text += &format!(
            "{:>7} {:<8} {:>3} {:>3} {:>7} {:>6} {:>6} {} {:>5} {:>5.1} {:>6}:{:02}.{:02} {name}\n",
            p.pid,
            user_field(world, p.cred.uid),
            20 + i16::from(p.nice),
            p.nice,
            p.rss / 1024 * 5 / 4 + 4_400,
            p.rss / 1024,
            p.rss / 2048,
            if p.pid == me { 'R' } else { p.state_letter() },
            "0.0",
            p.rss as f64 * 100.0 / world.memory.max(1) as f64,
            cpu / 6000,
            cpu / 100 % 60,
            cpu % 100
        );
    }
    cx.out(&text);
    Ok(0)
}

fn wanted(world: &World, p: &Process, parsed: &crate::commands::options::Parsed) -> bool {
    let pids = parsed.last("p").is_none_or(|list| list.split(',').any(|n| n.parse() == Ok(p.pid)));
    let user = parsed.last("u").is_none_or(|name| crate::world::accounts::user_name(&world.files, p.cred.uid) == name);
    pids && user
}

/// The memory of the machine, in bytes.
pub struct Memory {
    /// All of it.
    pub total: u64,
    /// What processes hold.
    pub used: u64,
    /// Files kept in memory.
    pub cache: u64,
    /// What nobody holds.
    pub free: u64,
    /// What a new program could get.
    pub available: u64,
}

impl Memory {
    /// The figures, from what the processes hold and the files weigh.
    pub fn of(world: &World) -> Memory {
        // A kernel needs something, too.
        let held: u64 = world.processes().map(|p| p.rss).sum::<u64>() + 60 * 1024 * 1024;
        let used = held.min(world.memory);
        let cache = (world.files.used() + 120 * 1024 * 1024).min(world.memory - used);
        let free = world.memory - used - cache;
        Memory { total: world.memory, used, cache, free, available: free + cache / 2 }
    }
}
