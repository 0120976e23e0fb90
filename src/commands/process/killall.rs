//! `killall`: signals processes by name: killall(1) of psmisc.

use crate::commands::Command;
use crate::world::{Cx, NeedInput, Pid, Process, Signal, accounts, one_shot};

/// The command.
pub const COMMAND: Command = Command { name: "killall", path: "/usr/bin/killall", program: |argv| one_shot(run, argv) };

#[derive(Default)]
struct Wishes {
    names: Vec<String>,
    signal: Option<Signal>,
    quiet: bool,
    verbose: bool,
    ignore_case: bool,
    regex: bool,
    user: Option<u32>,
}

fn usage(cx: &mut Cx<'_, '_>) -> u8 {
    cx.errln("Usage: killall [OPTION]... [--] NAME...\n       killall -l, --list\n       killall -V, --version\n");
    1
}

fn read(cx: &mut Cx<'_, '_>) -> Result<Wishes, u8> {
    let mut wishes = Wishes::default();
    let args = cx.args();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let mut value = |cx: &mut Cx<'_, '_>| match arg.split_once('=') {
            Some((_, value)) => Ok(value.to_owned()),
            None => rest.next().cloned().ok_or_else(|| usage(cx)),
        };
        let named = |cx: &mut Cx<'_, '_>, name: &str| {
            Signal::parse(&name.to_uppercase()).ok_or_else(|| {
                cx.errln(&format!("{name}: unknown signal; killall -l lists signals."));
                1_u8
            })
        };
        match arg.split('=').next().unwrap_or_default() {
            "-l" | "--list" => {
                let names: Vec<String> = Signal::all().map(Signal::name).collect();
                cx.outln(&names.join(" "));
                return Err(0);
            }
            "-V" | "--version" => {
                cx.errln("killall (PSmisc) 23.6");
                return Err(0);
            }
            "-s" | "--signal" => {
                let name = value(cx)?;
                wishes.signal = Some(named(cx, &name)?);
            }
            "-u" | "--user" => {
                let name = value(cx)?;
                match accounts::user(&cx.sys.world.files, &name) {
                    Some(user) => wishes.user = Some(user.uid),
                    None => {
                        cx.errln(&format!("Cannot find user {name}"));
                        return Err(1);
                    }
                }
            }
            "-q" | "--quiet" => wishes.quiet = true,
            "-v" | "--verbose" => wishes.verbose = true,
            "-I" | "--ignore-case" => wishes.ignore_case = true,
            "-r" | "--regexp" => wishes.regex = true,
            "-e" | "--exact" | "--" => {}
            "-w" | "--wait" | "-i" | "--interactive" | "-g" | "--process-group" | "-y" | "-o" | "-n" | "-Z" => {
                cx.errln(&format!("killall: option {arg} is not simulated"));
                return Err(2);
            }
            option if option.len() > 1 && option.starts_with('-') => {
                let name = option[1..].to_owned();
                wishes.signal = Some(named(cx, &name)?);
            }
            _ => wishes.names.push(arg.clone()),
        }
    }
    if wishes.names.is_empty() && wishes.user.is_none() {
        return Err(usage(cx));
    }
    Ok(wishes)
}

impl Wishes {
    fn takes(&self, p: &Process, name: &str) -> bool {
        if self.user.is_some_and(|uid| uid != p.cred.uid) {
            return false;
        }
        if self.regex {
            return regex::RegexBuilder::new(name)
                .case_insensitive(self.ignore_case)
                .build()
                .is_ok_and(|r| r.is_match(&p.comm));
        }
        if name.contains('/') {
            return *p.exe == *name || p.argv.get(1).is_some_and(|script| script == name);
        }
        // Names are compared as far as the kernel keeps them.
        let kept = crate::world::comm_of(name);
        if self.ignore_case { p.comm.eq_ignore_ascii_case(&kept) } else { *p.comm == *kept }
    }
}

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let wishes = match read(cx) {
        Ok(wishes) => wishes,
        Err(status) => return Ok(status),
    };
    let signal = wishes.signal.unwrap_or(Signal::TERM);
    let mut names = wishes.names.clone();
    if names.is_empty() {
        names.push(String::new());
    }
    let mut status = 0;
    for name in &names {
        let me = cx.sys.pid;
        let found: Vec<(Pid, String)> = cx
            .sys
            .world
            .processes()
            .filter(|p| p.pid != me && p.pid != 1 && !p.is_zombie() && (name.is_empty() || wishes.takes(p, name)))
            .filter(|p| !name.is_empty() || wishes.user == Some(p.cred.uid))
            .map(|p| (p.pid, p.comm.to_string()))
            .collect();
        let mut killed = 0;
        for (pid, comm) in &found {
            match cx.sys.kill(i64::from(*pid), Some(signal)) {
                Ok(()) => {
                    killed += 1;
                    if wishes.verbose {
                        cx.errln(&format!("Killed {comm}({pid}) with signal {}", signal.number()));
                    }
                }
                Err(errno) => cx.errln(&format!("{comm}({pid}): {}", errno.message())),
            }
        }
        if killed == 0 {
            status = 1;
            if !wishes.quiet {
                cx.errln(&format!("{name}: no process found"));
            }
        }
    }
    Ok(status)
}
