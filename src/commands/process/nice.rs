//! `nice`: runs a command with another niceness, or prints the present one: nice(1).

use super::launch::{exec_status, execvp, immediate, misuse, print, read_options, say};
use crate::commands::Command;
use crate::commands::options::{Options, value};
use crate::world::{Step, Sys};

/// The command.
pub const COMMAND: Command = Command { name: "nice", path: "/usr/bin/nice", program: |argv| immediate(turn, argv) };

const OPTIONS: Options =
    Options::coreutils(&[value('n', "adjustment")], "[OPTION] [COMMAND [ARG]...]").status(125).in_order();

fn turn(sys: &mut Sys<'_>, argv: &[String]) -> Step {
    let modern: Vec<String> = modernize(argv);
    let parsed = match read_options(sys, &modern, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Step::Exit(status),
    };
    let given = parsed.last("adjustment");
    let adjustment = match given.map(str::parse::<i64>) {
        None => 10,
        Some(Ok(n)) => n.clamp(-39, 39),
        Some(Err(_)) => {
            say(sys, &format!("nice: invalid adjustment ‘{}’", given.unwrap_or_default()));
            return Step::Exit(125);
        }
    };
    let now = i64::from(sys.me().nice);
    if parsed.operands.is_empty() {
        if given.is_some() {
            say(sys, "nice: a command must be given with an adjustment");
            return Step::Exit(misuse(sys, argv, &OPTIONS));
        }
        print(sys, 1, &format!("{now}\n"));
        return Step::Exit(0);
    }
    let wanted = (now + adjustment).clamp(-20, 19);
    if wanted < now && sys.uid() != 0 {
        say(sys, "nice: cannot set niceness: Permission denied");
    } else {
        sys.me_mut().nice = i8::try_from(wanted).unwrap_or(0);
    }
    match execvp(sys, &parsed.operands, None) {
        Ok(step) => step,
        Err(errno) => {
            say(sys, &format!("nice: ‘{}’: {}", parsed.operands[0], errno.message()));
            Step::Exit(exec_status(errno))
        }
    }
}

/// Turns the old spelling `-10` and `--10` of the first arguments into `-n`.
fn modernize(argv: &[String]) -> Vec<String> {
    let mut out: Vec<String> = argv.iter().take(1).cloned().collect();
    let mut rest = argv.iter().skip(1);
    while let Some(arg) = rest.next() {
        let number = arg.strip_prefix('-').filter(|n| n.trim_start_matches(['-', '+']).parse::<u32>().is_ok());
        match number {
            Some(n) => out.extend(["-n".to_owned(), n.to_owned()]),
            None if arg == "-n" => {
                out.push(arg.clone());
                out.extend(rest.next().cloned());
            }
            None => {
                out.push(arg.clone());
                break;
            }
        }
    }
    out.extend(rest.cloned());
    out
}
