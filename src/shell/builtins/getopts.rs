//! `getopts`: bash(1), SHELL BUILTIN COMMANDS.

use super::Done;
use crate::shell::bash::Bash;
use crate::world::Sys;

pub(super) fn getopts(shell: &mut Bash, _: &mut Sys<'_>, args: &[String]) -> Done {
    let (Some(known), Some(name)) = (args.get(1), args.get(2)) else { return shell.usage("getopts") };
    let words = if args.len() > 3 { args[3..].to_vec() } else { shell.shell.positional.to_vec() };
    let index: usize = shell.variable("OPTIND").parse().unwrap_or(1).max(1);
    if shell.getopts.0 != index {
        shell.getopts = (index, 0);
    }
    let silent = known.starts_with(':');
    let (mut at, mut inside) = shell.getopts;
    let word: Vec<char> = words.get(at - 1).map(|word| word.chars().collect()).unwrap_or_default();
    if inside == 0 {
        let text: String = word.iter().collect();
        if word.len() < 2 || word[0] != '-' || text == "--" {
            if text == "--" {
                at += 1;
            }
            shell.getopts = (at, 0);
            shell.shell.set("OPTIND", &at.to_string());
            shell.shell.set(name, "?");
            let _ = shell.shell.variables.unset("OPTARG");
            return Done::Status(1);
        }
        inside = 1;
    }
    let letter = word.get(inside).copied().unwrap_or('?');
    inside += 1;
    let ends = inside >= word.len();
    let place = known.chars().position(|c| c == letter).filter(|_| letter != ':');
    let wants = place.is_some_and(|place| known.chars().nth(place + 1) == Some(':'));
    let mut shown = letter.to_string();
    let mut argument = None;
    if place.is_none() {
        shown = "?".to_string();
        if silent {
            argument = Some(letter.to_string());
        } else if shell.variable("OPTERR") != "0" {
            let script = shell.shell.name.clone();
            shell.print(2, &format!("{script}: illegal option -- {letter}\n"));
        }
    } else if wants {
        if !ends {
            argument = Some(word[inside..].iter().collect());
        } else if let Some(next) = words.get(at) {
            argument = Some(next.clone());
            at += 1;
        } else if silent {
            (shown, argument) = (":".to_string(), Some(letter.to_string()));
        } else {
            shown = "?".to_string();
            let script = shell.shell.name.clone();
            shell.print(2, &format!("{script}: option requires an argument -- {letter}\n"));
        }
    }
    if ends || wants {
        (at, inside) = (at + 1, 0);
    }
    shell.getopts = (at, inside);
    shell.shell.set("OPTIND", &at.to_string());
    shell.shell.set(name, &shown);
    match argument {
        Some(text) => shell.shell.set("OPTARG", &text),
        None => {
            let _ = shell.shell.variables.unset("OPTARG");
        }
    }
    Done::Status(0)
}
