//! `nsenter`: a program in another process's view of the files: nsenter(1).

use super::launch::{exec_status, execvp, immediate, say};
use crate::commands::Command;
use crate::world::{CapabilitySet, Errno, Pid, Step, Sys};

/// The command.
pub const COMMAND: Command =
    Command { name: "nsenter", path: "/usr/bin/nsenter", program: |argv| immediate(turn, argv) };

/// What was asked for.
#[derive(Default)]
struct Request {
    target: Option<Pid>,
    mount: bool,
    network: bool,
    program: Vec<String>,
}

fn fail(sys: &mut Sys<'_>, text: &str) -> Step {
    say(sys, &format!("nsenter: {text}"));
    Step::Exit(1)
}

fn read(sys: &mut Sys<'_>, argv: &[String]) -> Result<Request, Step> {
    let mut request = Request::default();
    let mut rest = argv.iter().skip(1);
    while let Some(word) = rest.next() {
        let target = match word.as_str() {
            "-t" | "--target" => rest.next().cloned().unwrap_or_default(),
            "-m" | "--mount" | "-n" | "--net" | "-a" | "--all" => {
                request.mount |= matches!(word.as_str(), "-m" | "--mount" | "-a" | "--all");
                request.network |= matches!(word.as_str(), "-n" | "--net" | "-a" | "--all");
                continue;
            }
            "-u" | "--uts" | "-i" | "--ipc" | "-p" | "--pid" | "-C" | "--cgroup" => continue,
            "--" => break,
            other if other.starts_with("--target=") => other.trim_start_matches("--target=").to_owned(),
            other if other.starts_with("-t") => other.trim_start_matches("-t").to_owned(),
            other if other.starts_with('-') => {
                say(sys, &format!("nsenter: option {other} is not simulated"));
                return Err(Step::Exit(2));
            }
            _ => {
                request.program.push(word.clone());
                break;
            }
        };
        match target.parse() {
            Ok(pid) => request.target = Some(pid),
            Err(_) => return Err(fail(sys, &format!("failed to parse pid: '{target}': Invalid argument"))),
        }
    }
    request.program.extend(rest.cloned());
    Ok(request)
}

fn turn(sys: &mut Sys<'_>, argv: &[String]) -> Step {
    let Request { target, mount, network, mut program } = match read(sys, argv) {
        Ok(request) => request,
        Err(step) => return step,
    };
    let Some(pid) = target else { return fail(sys, "no target PID specified") };
    let kind = if network && !mount { "net" } else { "mnt" };
    let refused = |errno: Errno| format!("cannot open /proc/{pid}/ns/{kind}: {}", errno.message());
    let Some((mounts, sandbox)) = sys.world.process(pid).map(|p| (p.cred.mounts.clone(), p.sandbox.clone())) else {
        return fail(sys, &refused(Errno::ENOENT));
    };
    if (mount || network) && !sys.me().cred.can(CapabilitySet::SYS_ADMIN) {
        return fail(sys, &refused(Errno::EACCES));
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
