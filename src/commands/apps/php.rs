//! `php`: the interpreter. Scripts run when they are declared: php(1).

use super::engine;
use crate::commands::Command;
use crate::commands::process::launch::{immediate, print, say};
use crate::world::{Duration, Errno, Step, Sys};

/// The command; `/usr/bin/php` is a link to it.
pub const COMMAND: Command = Command { name: "php", path: "/usr/bin/php8.2", program: |argv| immediate(turn, argv) };

/// Processor time of a start.
const START: Duration = Duration::from_millis(35);

fn turn(sys: &mut Sys<'_>, argv: &[String]) -> Step {
    if let Some(step) = engine::run(sys) {
        return step;
    }
    let mut words = argv.iter().skip(1);
    let script = loop {
        match words.next().map(String::as_str) {
            Some("-v" | "--version") => {
                let text = version(sys);
                print(sys, 1, text);
                return Step::Exit(0);
            }
            Some("-d") => drop(words.next()),
            Some("-f") => {}
            Some("-l") => return lint(sys, words.next()),
            Some(option) if option.starts_with("-d") || option == "-q" || option == "-n" => {}
            Some(option) if option.starts_with('-') && option.len() > 1 => {
                say(sys, &format!("php: option {option} is not simulated"));
                return Step::Exit(2);
            }
            Some(script) => break script.to_owned(),
            None => {
                say(sys, "php: reading a program from standard input is not simulated");
                return Step::Exit(2);
            }
        }
    };
    sys.charge(START);
    match sys.read_file(&script) {
        Ok(text) => plain_text(sys, &script, &String::from_utf8_lossy(&text)),
        Err(Errno::EACCES) => {
            say(
                sys,
                &format!(
                    "PHP Warning:  Unknown: Failed to open stream: Permission denied in Unknown on line 0\nPHP Fatal error:  Failed opening required '{script}' (include_path='.:/usr/share/php') in Unknown on line 0"
                ),
            );
            Step::Exit(255)
        }
        Err(_) => {
            print(sys, 1, &format!("Could not open input file: {script}\n"));
            Step::Exit(1)
        }
    }
}

/// What `php -v` says: the version follows the distribution.
fn version(sys: &mut Sys<'_>) -> &'static str {
    match sys.stat("/usr/bin/php8.3").is_ok() {
        true => {
            "PHP 8.3.6 (cli) (built: Jul 14 2025 18:30:55) (NTS)\nCopyright (c) The PHP Group\nZend Engine v4.3.6, Copyright (c) Zend Technologies\n    with Zend OPcache v8.3.6, Copyright (c), by Zend Technologies\n"
        }
        false => {
            "PHP 8.2.29 (cli) (built: Jul  3 2025 16:16:05) (NTS)\nCopyright (c) The PHP Group\nZend Engine v4.2.29, Copyright (c) Zend Technologies\n    with Zend OPcache v8.2.29, Copyright (c), by Zend Technologies\n"
        }
    }
}

/// A file without `<?php` is printed as it is; with it, it would have to be run.
fn plain_text(sys: &mut Sys<'_>, script: &str, text: &str) -> Step {
    if text.contains("<?") {
        say(sys, &format!("php: running {script} is not simulated (declare it in the scenario)"));
        return Step::Exit(2);
    }
    print(sys, 1, text);
    Step::Exit(0)
}

fn lint(sys: &mut Sys<'_>, file: Option<&String>) -> Step {
    let file = file.cloned().unwrap_or_default();
    match sys.read_file(&file) {
        Ok(_) => {
            print(sys, 1, &format!("No syntax errors detected in {file}\n"));
            Step::Exit(0)
        }
        Err(_) => {
            print(sys, 1, &format!("Could not open input file: {file}\n"));
            Step::Exit(1)
        }
    }
}
