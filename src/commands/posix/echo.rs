//! Prints its arguments: echo(1), and the shell's builtin of that name.

use super::escape::{Dialect, unescape};
use crate::commands::Command;
use crate::world::{Cx, NeedInput, one_shot};

/// The command file.
pub const COMMAND: Command = Command { name: "echo", path: "/usr/bin/echo", program: |argv| one_shot(run, argv) };

/// What `echo` prints for these arguments (the name is not among them).
pub fn echo(args: &[String]) -> Vec<u8> {
    let (mut newline, mut escapes) = (true, false);
    let mut words = args;
    while let Some((first, rest)) = words.split_first() {
        let letters = first.strip_prefix('-').unwrap_or_default();
        if letters.is_empty() || !letters.chars().all(|c| "neE".contains(c)) {
            break;
        }
        for letter in letters.chars() {
            match letter {
                'n' => newline = false,
                'e' => escapes = true,
                _ => escapes = false,
            }
        }
        words = rest;
    }
    let text = words.join(" ");
    let mut out = text.clone().into_bytes();
    if escapes {
        let (bytes, stopped) = unescape(&text, Dialect::Echo);
        out = bytes;
        newline &= !stopped;
    }
    if newline {
        out.push(b'\n');
    }
    out
}

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let args = cx.args();
    cx.print(1, &echo(&args));
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_only_options_when_all_letters_are() {
        for (args, out) in [
            (vec!["a", "b"], "a b\n"),
            (vec!["-n", "a"], "a"),
            (vec!["-ne", r"a\tb"], "a\tb"),
            (vec!["-x", "a"], "-x a\n"),
            (vec!["-e", r"a\cb"], "a"),
            (vec!["-e", r"\0101\x41\q"], "AA\\q\n"),
            (vec![r"a\n"], "a\\n\n"),
        ] {
            let args: Vec<String> = args.into_iter().map(str::to_owned).collect();
            assert_eq!(String::from_utf8(echo(&args)).unwrap(), out);
        }
    }
}
