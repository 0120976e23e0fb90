//! `nsenter`: a program in another process's view of the files: nsenter(1).

use super::launch::{exec_status, execvp, immediate, say};
use crate::commands::Command;
use crate::world::{CapabilitySet, Errno, Pid, Step, Sys};

/// The command.
pub const COMMAND: Command =
    Command { name: "nsenter", path: "/usr/bin/nsenter", program: |argv| immediate(turn, argv) };

fn turn(sys: &mut Sys<'_>, argv: &[String]) -> Step {
    let fail = |sys: &mut Sys<'_>, text: &str| {
        say(sys, &format!("nsenter: {text}"));
        Step::Exit(1)
    };
    let (mut target, mut mount, mut network): (Option<Pid>, bool, bool) = (None, false, false);
    let mut rest = argv.iter().skip(1);
    let mut program = Vec::new();
    while let Some(word) = rest.next() {
        let value = match word.as_str() {
            "-t" | "--target" => Some(rest.next().cloned().unwrap_or_default()),
            "-m" | "--mount" => {
                mount = true;
                None
            }
            "-n" | "--net" => {
                network = true;
                None
            }
            "-a" | "--all" => {
                (mount, network) = (true, true);
                None
            }
            "-u" | "--uts" | "-i" | "--ipc" | "-p" | "--pid" | "-C" | "--cgroup" => None,
            "--" => {
                program.extend(rest.by_ref().cloned());
                None
            }
            other if other.starts_with("-t") || other.starts_with("--target=") => {
                Some(other.trim_start_matches("--target=").trim_start_matches("-t").to_owned())
            }
            other if other.starts_with('-') => {
                say(sys, &format!("nsenter: option {other} is not simulated"));
                return Step::Exit(2);
            }
            _ => {
                program.push(word.clone());
                program.extend(rest.by_ref().cloned());
                None
            }
        };
        if let Some(text) = value {
            match text.parse() {
                Ok(pid) => target = Some(pid),
                Err(_) => return fail(sys, &format!("failed to parse pid: '{text}': Invalid argument")),
            }
        }
    }
    let Some(pid) = target else { return fail(sys, "no target PID specified") };
    let Some((mounts, sandbox)) = sys.world.process(pid).map(|p| (p.cred.mounts.clone(), p.sandbox.clone())) else {
        let kind = if network { "net" } else { "mnt" };
        return fail(sys, &format!("cannot open /proc/{pid}/ns/{kind}: {}", Errno::ENOENT.message()));
    };
    if (mount || network) && !sys.me().cred.can(CapabilitySet::SYS_ADMIN) {
        let kind = if network { "net" } else { "mnt" };
        return fail(sys, &format!("cannot open /proc/{pid}/ns/{kind}: {}", Errno::EACCES.message()));
    }
    let me = sys.me_mut();
    if mount {
        me.cred.mounts = mounts;
        me.cwd = "/".into();
    }
    if network {
        let number = sandbox.map_or(0, |sandbox| sandbox.network);
        let own = me.sandbox.as_deref().cloned().unwrap_or_default();
        me.sandbox = Some(std::sync::Arc::new(crate::world::Sandbox { network: number, ..own }));
    }
    if program.is_empty() {
        program.push(sys.getenv("SHELL").unwrap_or_else(|| "/bin/sh".into()));
    }
    execvp(sys, &program, None).unwrap_or_else(|errno| {
        say(sys, &format!("nsenter: failed to execute {}: {}", program[0], errno.message()));
        Step::Exit(exec_status(errno))
    })
}
