//! `history`: bash(1), HISTORY.

use super::Done;
use crate::shell::bash::Bash;
use crate::world::Sys;

pub(super) fn history(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    match args.get(1).map(String::as_str) {
        Some("-c") => {
            shell.history.clear();
            Done::Status(0)
        }
        Some("-d") => {
            let word = args.get(2).cloned().unwrap_or_default();
            let known = word.parse().is_ok_and(|number| shell.history.delete(number));
            if !known {
                shell.builtin_error("history", &format!("{word}: history position out of range"));
            }
            Done::Status(u8::from(!known))
        }
        Some("-w" | "-a") => {
            shell.save_history(sys);
            Done::Status(0)
        }
        Some("-s") => {
            shell.history.add(&args[2..].join(" "));
            Done::Status(0)
        }
        Some("-r" | "-n" | "-p") => {
            shell.builtin_error("history", &format!("{}: not simulated", args[1]));
            Done::Status(2)
        }
        Some(word) if word.starts_with('-') => shell.bad_option("history", word),
        Some(word) => match word.parse::<usize>() {
            Ok(count) => {
                list(shell, count);
                Done::Status(0)
            }
            Err(_) => {
                shell.builtin_error("history", &format!("{word}: numeric argument required"));
                Done::Status(1)
            }
        },
        None => {
            list(shell, usize::MAX);
            Done::Status(0)
        }
    }
}

fn list(shell: &mut Bash, count: usize) {
    let total = shell.history.len();
    let first = total.saturating_sub(count);
    let lines: Vec<String> = shell.history.lines()[first..]
        .iter()
        .enumerate()
        .map(|(index, line)| format!("{:5}  {line}\n", first + index + 1))
        .collect();
    shell.print(1, &lines.concat());
}
