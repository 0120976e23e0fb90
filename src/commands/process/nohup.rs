//! `nohup`: runs a command that ignores SIGHUP and has no terminal to read or write: nohup(1).

use super::launch::{exec_status, execvp, immediate, misuse, quoted, read_options, say};
use crate::commands::Command;
use crate::commands::options::Options;
use crate::world::{Errno, Fd, OpenFlags, Signal, Step, Sys};

/// The command.
pub const COMMAND: Command = Command { name: "nohup", path: "/usr/bin/nohup", program: |argv| immediate(turn, argv) };

const OPTIONS: Options = Options::coreutils(&[], "COMMAND [ARG]...").status(125).in_order();
fn turn(sys: &mut Sys<'_>, argv: &[String]) -> Step {
    let command = match read_options(sys, argv, &OPTIONS) {
        Ok(parsed) => parsed.operands,
        Err(status) => return Step::Exit(status),
    };
    let Some(name) = command.first().cloned() else {
        say(sys, "nohup: missing operand");
        return Step::Exit(misuse(sys, argv, &OPTIONS));
    };
    let kept = match redirect(sys) {
        Ok(kept) => kept,
        Err(status) => return Step::Exit(status),
    };
    sys.ignore(Signal::HUP);
    match execvp(sys, &command, None) {
        Ok(step) => {
            if let Some(kept) = kept {
                let _ = sys.close(kept);
            }
            step
        }
        Err(errno) => {
            if let Some(kept) = kept {
                let _ = sys.dup2(kept, 2);
            }
            say(sys, &format!("nohup: failed to run command {}: {}", quoted(&name), errno.message()));
            Step::Exit(exec_status(errno))
        }
    }
}

/// Replaces what is a terminal among the three standard descriptors. Returns where the old error stream is kept, for the
/// message that the command could not be run.
fn redirect(sys: &mut Sys<'_>) -> Result<Option<Fd>, u8> {
    let (input, output, errors) = (sys.isatty(0), sys.isatty(1), sys.isatty(2));
    let closed = !sys.me().fds.contains_key(&1);
    if input {
        let null = OpenFlags { write: true, ..OpenFlags::default() };
        if let Ok(file) = sys.open_file("/dev/null", null, 0) {
            let pid = sys.pid;
            sys.world.install(pid, 0, file, false);
        }
        if !output && !errors {
            say(sys, "nohup: ignoring input");
        }
    }
    let mut target = 1;
    if output || (errors && closed) {
        let (file, name) = open_output(sys)?;
        let ignoring = if input { "ignoring input and " } else { "" };
        say(sys, &format!("nohup: {ignoring}appending output to {}", quoted(&name)));
        let pid = sys.pid;
        target = if output { 1 } else { 3 };
        sys.world.install(pid, target, file, false);
    }
    if errors {
        if !output {
            let ignoring = if input { "ignoring input and " } else { "" };
            say(sys, &format!("nohup: {ignoring}redirecting stderr to stdout"));
        }
        let pid = sys.pid;
        let kept = sys.world.free_fd(pid, 3).ok();
        if let Some(kept) = kept {
            let _ = sys.dup2(2, kept);
        }
        let _ = sys.dup2(target, 2);
        return Ok(kept);
    }
    Ok(None)
}

/// Opens `nohup.out` here or in the home folder; on failure says so and returns the status.
fn open_output(sys: &mut Sys<'_>) -> Result<(u64, String), u8> {
    let flags = OpenFlags { write: true, append: true, create: true, ..OpenFlags::default() };
    let umask = std::mem::replace(&mut sys.me_mut().umask, 0o177);
    let here = sys.open_file("nohup.out", flags, 0o600);
    let home = sys.getenv("HOME").map(|home| format!("{}/nohup.out", home.trim_end_matches('/')));
    let there: Option<Result<u64, Errno>> = match (&here, &home) {
        (Err(_), Some(path)) => Some(sys.open_file(path, flags, 0o600)),
        _ => None,
    };
    sys.me_mut().umask = umask;
    match (here, there, home) {
        (Ok(file), ..) => Ok((file, "nohup.out".into())),
        (_, Some(Ok(file)), Some(path)) => Ok((file, path)),
        (Err(first), second, path) => {
            say(sys, &format!("nohup: failed to open 'nohup.out': {}", first.message()));
            if let (Some(Err(errno)), Some(path)) = (second, path) {
                say(sys, &format!("nohup: failed to open {}: {}", quoted(&path), errno.message()));
            }
            Err(125)
        }
    }
}
