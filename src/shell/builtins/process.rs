//! `exec`, `command`, `builtin`, `suspend`, `times`, `umask`: bash(1), SHELL BUILTIN COMMANDS.

use super::types::{Meaning, meanings, sentence};
use super::{Done, find};
use crate::shell::bash::{Bash, Frame, Unwind};
use crate::shell::run::exec::{ExecRun, Found};
use crate::world::{Signal, Sys};

pub(super) fn exec(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    let mut at = 1;
    let mut name = None;
    let mut login = false;
    while let Some(word) = args.get(at).filter(|word| word.starts_with('-') && word.len() > 1) {
        at += 1;
        match word.as_str() {
            "--" => break,
            "-l" => login = true,
            "-c" => {}
            "-a" => {
                name = args.get(at).cloned();
                at += 1;
            }
            other => return shell.bad_option("exec", other),
        }
    }
    let Some(command) = args.get(at).cloned() else { return Done::Status(0) };
    let mut words = args[at..].to_vec();
    if let Some(name) = name {
        words[0] = name;
    }
    if login {
        words[0] = format!("-{}", words[0]);
    }
    let failed = |shell: &Bash, code: u8| match shell.shell.interactive && !shell.child {
        true => Done::Status(code),
        false => Done::Unwind(Unwind::Exit(code)),
    };
    let Found::Path(path) = shell.find_program(sys, &command) else {
        let what = format!("{command}: not found");
        let message = if shell.shell.posix { what } else { format!("exec: {what}") };
        shell.complain(&message);
        return failed(shell, 127);
    };
    for signal in [Signal::TERM, Signal::QUIT, Signal::TSTP, Signal::TTIN, Signal::TTOU] {
        if shell.shell.interactive && !shell.ignored.contains(signal) {
            sys.default_signal(signal);
        }
    }
    let level = shell.variable("SHLVL").parse::<i64>().unwrap_or(1) - 1;
    shell.shell.export("SHLVL", &level.to_string());
    match shell.become_program(sys, &path, &words, &[]) {
        Ok(step) => Done::Step(step),
        Err(code) => failed(shell, code),
    }
}

pub(super) fn command(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    let (letters, rest) = match shell.letters(args, "pvV") {
        Ok(found) => found,
        Err(done) => return done,
    };
    let Some(name) = rest.first() else { return Done::Status(0) };
    if letters.contains(['v', 'V']) {
        let mut status = if shell.shell.posix { 127 } else { 1 };
        for name in &rest {
            let found = meanings(shell, sys, name, false).into_iter().next();
            let text = match found {
                None => {
                    if letters.contains('V') {
                        shell.builtin_error("command", &format!("{name}: not found"));
                    }
                    continue;
                }
                Some(meaning) if letters.contains('V') => sentence(shell, name, &meaning),
                Some(Meaning::Alias(text)) => format!("alias {name}='{text}'\n"),
                Some(Meaning::File(path)) => format!("{path}\n"),
                Some(_) => format!("{name}\n"),
            };
            shell.print(1, &text);
            status = 0;
        }
        return Done::Status(status);
    }
    if let Some(builtin) = find(name, shell.shell.posix) {
        return (builtin.run)(shell, sys, &rest);
    }
    run_file(shell, sys, rest)
}

/// Runs a program file, functions and builtins left out.
fn run_file(shell: &mut Bash, sys: &mut Sys<'_>, words: Vec<String>) -> Done {
    let text = words.join(" ");
    let exec = Frame::Exec(Box::new(ExecRun::new(words, Vec::new(), Vec::new())));
    let Some(pid) = shell.fork(sys, vec![exec]) else { return Done::Status(254) };
    shell.place(sys, pid, None, true);
    let id = shell.add_job(sys, vec![(pid, text)], true);
    Done::Frames(vec![Frame::Foreground(id)])
}

pub(super) fn builtin(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    let Some(name) = args.get(1) else { return Done::Status(0) };
    match find(name, false) {
        Some(builtin) => (builtin.run)(shell, sys, &args[1..]),
        None => {
            shell.builtin_error("builtin", &format!("{name}: not a shell builtin"));
            Done::Status(1)
        }
    }
}

pub(super) fn suspend(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    let forced = args.get(1).is_some_and(|word| word == "-f");
    if shell.login && !forced {
        shell.builtin_error("suspend", "cannot suspend a login shell");
        return Done::Status(1);
    }
    if !shell.job_control {
        shell.builtin_error("suspend", "cannot suspend: no job control");
        return Done::Status(1);
    }
    let pid = i64::from(sys.pid);
    let _ = sys.kill(pid, Some(Signal::STOP));
    Done::Status(0)
}

pub(super) fn times(shell: &mut Bash, sys: &mut Sys<'_>, _: &[String]) -> Done {
    let cpu = sys.me().cpu.as_secs_f64();
    let shown = |seconds: f64| format!("{}m{:.3}s", (seconds / 60.0) as u64, seconds % 60.0);
    let text = format!("{} {}\n{} {}\n", shown(cpu), shown(0.0), shown(0.0), shown(0.0));
    shell.print(1, &text);
    Done::Status(0)
}

pub(super) fn umask(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    let (letters, rest) = match shell.letters(args, "pS") {
        Ok(found) => found,
        Err(done) => return done,
    };
    let mask = sys.me().umask;
    let Some(word) = rest.first() else {
        let symbolic = |shift: u16| -> String {
            let bits = !mask >> shift;
            [(4, 'r'), (2, 'w'), (1, 'x')].iter().filter(|(bit, _)| bits & bit != 0).map(|(_, c)| *c).collect()
        };
        let text = match letters.contains('S') {
            true => format!("u={},g={},o={}", symbolic(6), symbolic(3), symbolic(0)),
            false => format!("{mask:04o}"),
        };
        let lead = if letters.contains('p') { "umask " } else { "" };
        shell.print(1, &format!("{lead}{text}\n"));
        return Done::Status(0);
    };
    if !word.starts_with(|c: char| c.is_ascii_digit()) {
        let new = symbolic_mask(word, mask);
        let Some(new) = new else {
            shell.builtin_error("umask", &format!("`{word}': invalid symbolic mode operator"));
            return Done::Status(1);
        };
        sys.me_mut().umask = new;
        return Done::Status(0);
    }
    match u16::from_str_radix(word, 8) {
        Ok(new) if new <= 0o777 => {
            sys.me_mut().umask = new;
            Done::Status(0)
        }
        _ => {
            shell.builtin_error("umask", &format!("{word}: octal number out of range"));
            Done::Status(1)
        }
    }
}

/// `u=rwx,g=rx,o=`
fn symbolic_mask(text: &str, mask: u16) -> Option<u16> {
    let mut allowed = !mask & 0o777;
    for clause in text.split(',') {
        let at = clause.find(['=', '+', '-'])?;
        let (who, rest) = clause.split_at(at);
        let mut bits = 0;
        for letter in rest[1..].chars() {
            bits |= match letter {
                'r' => 0o444,
                'w' => 0o222,
                'x' => 0o111,
                _ => return None,
            };
        }
        let mut whose = 0;
        for letter in who.chars() {
            whose |= match letter {
                'u' => 0o700,
                'g' => 0o070,
                'o' => 0o007,
                'a' => 0o777,
                _ => return None,
            };
        }
        let whose = if who.is_empty() { 0o777 } else { whose };
        allowed = match &rest[..1] {
            "=" => allowed & !whose | bits & whose,
            "+" => allowed | bits & whose,
            _ => allowed & !(bits & whose),
        };
    }
    Some(!allowed & 0o777)
}
