//! `node`: scripts run when a scenario declares them: node(1).

use super::engine;
use crate::commands::Command;
use crate::commands::process::launch::{immediate, print, say};
use crate::world::{Step, Sys};

/// `node`.
pub const NODE: Command =
    Command { name: "node", path: "/usr/libexec/concierge/node", program: |argv| immediate(turn, argv) };

fn turn(sys: &mut Sys<'_>, argv: &[String]) -> Step {
    if let Some(step) = engine::run(sys) {
        return step;
    }
    match argv.get(1).map(String::as_str) {
        Some("-v" | "--version") => {
            print(sys, 1, "v18.20.4\n");
            Step::Exit(0)
        }
        Some(option) if option.starts_with('-') => {
            say(sys, &format!("node: option {option} is not simulated"));
            Step::Exit(2)
        }
        None => {
            say(sys, "node: the interactive prompt is not simulated");
            Step::Exit(2)
        }
        Some(script) => missing_or_undeclared(sys, script),
    }
}

fn missing_or_undeclared(sys: &mut Sys<'_>, script: &str) -> Step {
    let path = crate::world::fs::join(&sys.cwd(), script);
    let there = sys.stat(&path).is_ok() || sys.stat(&format!("{path}.js")).is_ok();
    if there {
        say(sys, &format!("node: running {script} is not simulated (declare it in the scenario)"));
        return Step::Exit(2);
    }
    for line in [
        "node:internal/modules/cjs/loader:1143",
        "  throw err;",
        "  ^",
        "",
        &format!("Error: Cannot find module '{path}'"),
        "  code: 'MODULE_NOT_FOUND',",
        "  requireStack: []",
        "}",
        "",
        "Node.js v18.20.4",
    ] {
        say(sys, line);
    }
    Step::Exit(1)
}
