//! `log-level` and `log-target`: what the manager logs: systemctl(1).

use super::args::Args;
use super::{Next, bus};
use crate::world::Cx;

/// The levels of syslog(3) by number.
const LEVELS: &[&str] = &["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

/// Prints the level; setting one is accepted and has no effect, as the model logs nothing below `info`.
pub fn level(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let Some(level) = words.get(1) else { return print(cx, args, "info") };
    let known = LEVELS.contains(&level.as_str()) || level.parse::<usize>().is_ok_and(|n| n < LEVELS.len());
    if !known {
        cx.errln(&format!("\"{level}\" is not a valid log level."));
        return Next::Exit(1);
    }
    print(cx, args, "")
}

/// Prints the target; only the journal is simulated.
pub fn target(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    match words.get(1) {
        None => print(cx, args, "journal-or-kmsg"),
        Some(target) => {
            cx.errln(&format!("systemctl: log-target {target} is not simulated"));
            Next::Exit(2)
        }
    }
}

fn print(cx: &mut Cx<'_, '_>, args: &Args, text: &str) -> Next {
    match bus::connect(cx, args) {
        Err(status) => Next::Exit(status),
        Ok(_) => {
            if !text.is_empty() {
                cx.outln(text);
            }
            Next::Exit(0)
        }
    }
}
