//! Prints arguments after a format: printf(1), and the shell's builtin of that name.

use super::conversion::Conversion;
use super::escape::{Dialect, Escape, escape, unescape};
use super::number::{character_code, parse_float, parse_integer};
use crate::commands::Command;
use crate::commands::options::{self, Options};
use crate::world::{Cx, NeedInput, Time, one_shot};

/// The command file.
pub const COMMAND: Command = Command { name: "printf", path: "/usr/bin/printf", program: |argv| one_shot(run, argv) };

const OPTIONS: Options = Options::coreutils(&[], "FORMAT [ARGUMENT]...").in_order();

/// Whose messages and extras.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// bash's builtin: `%(FORMAT)T` with the present moment.
    Bash(Time),
    /// coreutils.
    Coreutils,
}

/// What a printf did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Printed {
    /// Standard output.
    pub out: Vec<u8>,
    /// Messages without the command's name.
    pub errors: Vec<String>,
    /// Exit status.
    pub status: u8,
}

type Letters<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// A printf at work.
struct Printer<'a> {
    manner: Manner,
    args: std::slice::Iter<'a, String>,
    printed: Printed,
    /// Whether a conversion of this round took an argument.
    used: bool,
    stopped: bool,
}

/// Formats `args`; the format is used again as long as there are arguments left.
pub fn printf(manner: Manner, format: &str, args: &[String]) -> Printed {
    let mut printer = Printer { manner, args: args.iter(), printed: Printed::default(), used: false, stopped: false };
    loop {
        printer.used = false;
        printer.round(format);
        if printer.stopped || !printer.used || printer.args.len() == 0 {
            break;
        }
    }
    if !printer.used && printer.args.len() > 0 && !printer.stopped && manner == Manner::Coreutils {
        let extra = printer.args.next().map_or("", String::as_str);
        let message = format!("warning: ignoring excess arguments, starting with ‘{extra}’");
        printer.printed.errors.push(message);
    }
    printer.printed
}

impl<'a> Printer<'a> {
    fn round(&mut self, format: &str) {
        let mut chars = format.chars().peekable();
        while let Some(letter) = chars.next() {
            match letter {
                '\\' => self.format_escape(&mut chars),
                '%' if chars.peek() == Some(&'%') => {
                    chars.next();
                    self.printed.out.push(b'%');
                }
                '%' => self.conversion(&mut chars),
                other => self.printed.out.extend(other.to_string().bytes()),
            }
            if self.stopped {
                return;
            }
        }
    }

    fn format_escape(&mut self, chars: &mut Letters<'_>) {
        if chars.peek() == Some(&'c') && self.manner == Manner::Coreutils {
            self.stopped = true;
            return;
        }
        match escape(chars, Dialect::Format) {
            Escape::Bytes(bytes) => self.printed.out.extend(bytes),
            _ => self.printed.out.push(b'\\'),
        }
    }

    fn next(&mut self) -> Option<&'a str> {
        self.used = true;
        self.args.next().map(String::as_str)
    }

    fn conversion(&mut self, chars: &mut Letters<'_>) {
        let mut spec = Conversion::default();
        let mut text = String::from("%");
        while let Some(&letter) = chars.peek() {
            if !spec.flag(letter) {
                break;
            }
            text.push(letter);
            chars.next();
        }
        if let Some(width) = self.size(chars, &mut text) {
            spec.set_width(width);
        }
        if chars.peek() == Some(&'.') {
            chars.next();
            text.push('.');
            spec.precision = Some(0);
            if let Some(precision) = self.size(chars, &mut text) {
                spec.set_precision(precision);
            }
        }
        while chars.peek().is_some_and(|c| "hlLjzt".contains(*c)) {
            text.extend(chars.next());
        }
        let letter = chars.next();
        text.extend(letter);
        match letter.and_then(|letter| self.converted(&spec, letter, chars)) {
            Some(out) => self.printed.out.extend(out),
            None => self.bad_format(&text, letter),
        }
    }

    /// One argument as the letter wants it; `None`: no such conversion.
    fn converted(&mut self, spec: &Conversion, letter: char, chars: &mut Letters<'_>) -> Option<Vec<u8>> {
        Some(match letter {
            's' => spec.string(self.next().unwrap_or_default().as_bytes()),
            'c' => {
                let arg = self.next().unwrap_or_default();
                spec.string(arg.as_bytes().get(..1).unwrap_or_default())
            }
            'b' => {
                let (bytes, stopped) = unescape(self.next().unwrap_or_default(), Dialect::Echo);
                self.stopped = stopped;
                spec.string(&bytes)
            }
            'q' => {
                let arg = self.next().unwrap_or_default();
                spec.string(quote(arg, self.manner).as_bytes())
            }
            'd' | 'i' => {
                let value = self.integer();
                spec.signed(i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX }))
            }
            'u' | 'o' | 'x' | 'X' => {
                let value = self.integer();
                spec.unsigned(u64::try_from(value).unwrap_or(value as u64), letter)
            }
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
                let value = self.float();
                spec.float(value, letter)
            }
            '(' => spec.string(self.time(chars)?.as_bytes()),
            _ => return None,
        })
    }

    /// Digits or `*`.
    fn size(&mut self, chars: &mut Letters<'_>, text: &mut String) -> Option<i64> {
        if chars.peek() == Some(&'*') {
            chars.next();
            text.push('*');
            return i64::try_from(self.integer()).ok();
        }
        let mut size: Option<i64> = None;
        while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
            text.extend(chars.next());
            size = Some(size.unwrap_or(0).saturating_mul(10).saturating_add(i64::from(digit)));
        }
        size
    }

    fn bad_format(&mut self, text: &str, letter: Option<char>) {
        let message = match (self.manner, letter) {
            (Manner::Coreutils, _) => format!("{text}: invalid conversion specification"),
            (Manner::Bash(_), Some(letter)) => format!("`{letter}': invalid format character"),
            (Manner::Bash(_), None) => format!("`{text}': missing format character"),
        };
        self.fail(message);
        self.stopped = true;
    }

    fn fail(&mut self, message: String) {
        self.printed.errors.push(message);
        self.printed.status = 1;
    }

    fn integer(&mut self) -> i128 {
        let Some(text) = self.next() else { return 0 };
        if let Some(code) = character_code(text) {
            return code;
        }
        let (value, rest) = parse_integer(text);
        self.complain(text, rest);
        if value > i128::from(u64::MAX) || value < i128::from(i64::MIN) {
            match self.manner {
                Manner::Bash(_) => {
                    self.printed.errors.push(format!("warning: {text}: Numerical result out of range"));
                }
                Manner::Coreutils => self.fail(format!("‘{text}’: Numerical result out of range")),
            }
            return if value < 0 { i128::from(i64::MIN) } else { i128::from(i64::MAX) };
        }
        value
    }

    fn float(&mut self) -> f64 {
        let Some(text) = self.next() else { return 0.0 };
        if let Some(code) = character_code(text) {
            return code as f64;
        }
        let (value, rest) = parse_float(text);
        self.complain(text, rest);
        value
    }

    /// Says that a number is none, or that something stands after it.
    fn complain(&mut self, text: &str, rest: &str) {
        if rest.is_empty() {
            return;
        }
        let message = match self.manner {
            Manner::Bash(_) => format!("{text}: invalid number"),
            Manner::Coreutils if rest.len() == text.len() => format!("‘{text}’: expected a numeric value"),
            Manner::Coreutils => format!("‘{text}’: value not completely converted"),
        };
        self.fail(message);
    }

    /// `%(FORMAT)T`, bash's: the argument is seconds since the epoch, -1 or none for now.
    fn time(&mut self, chars: &mut Letters<'_>) -> Option<String> {
        let Manner::Bash(now) = self.manner else { return None };
        let mut format = String::new();
        loop {
            match chars.next()? {
                ')' => break,
                letter => format.push(letter),
            }
        }
        if chars.next() != Some('T') {
            return None;
        }
        let seconds = if self.args.len() == 0 { -1 } else { self.integer() };
        let time = u64::try_from(seconds).map_or(now, Time::from_secs);
        Some(crate::commands::posix::strftime::strftime(time, if format.is_empty() { "%X" } else { &format }))
    }
}

/// `%q`: the word as one could type it.
fn quote(text: &str, manner: Manner) -> String {
    match manner {
        Manner::Bash(_) => super::quote::backslash(text),
        Manner::Coreutils => super::quote::shell_escape(text),
    }
}

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let mut args = cx.args();
    if args.len() == 1
        && args[0].starts_with("--")
        && args[0].len() > 2
        && let Err(options::Refused::Help | options::Refused::Version) = options::scan(&OPTIONS, &args)
    {
        return Ok(options::parse(cx, &OPTIONS).err().unwrap_or(0));
    }
    if args.first().is_some_and(|a| a == "--") {
        args.remove(0);
    }
    let Some((format, args)) = args.split_first() else {
        cx.fail("missing operand");
        return Ok(options::misuse(cx, &OPTIONS));
    };
    let printed = printf(Manner::Coreutils, format, args);
    cx.print(1, &printed.out);
    for error in &printed.errors {
        cx.fail(error);
    }
    Ok(printed.status)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded from bash 5.2 and coreutils 9.1: format and arguments, output, bash's message.
    const BASH: &[(&[&str], &str, &str)] = &[
        (&["%d", ""], "0", ""),
        (&["%d", "12abc"], "12", "12abc: invalid number"),
        (&["%d,", "0x1F", "010", "'A", "+5", "-3"], "31,8,65,5,-3,", ""),
        (&["a%"], "a", "`%': missing format character"),
        (&["%y", "1"], "", "`y': invalid format character"),
        (&[r"a\cb"], r"a\cb", ""),
        (&["%b|", r"a\0101\x41\cdef", "x"], "aAA", ""),
        (&["%q %q %q", "a b", "", "it's"], r"a\ b '' it\'s", ""),
        (&["%s-%s,", "a", "b", "c"], "a-b,c-,", ""),
        (&["%5.2s|%-5s|%05d|%+d|% d", "abc", "ab", "42", "42", "42"], "   ab|ab   |00042|+42| 42", ""),
        (&["%x|%X|%o|%#x|%#o|%u", "255", "255", "8", "255", "8", "-1"], "ff|FF|10|0xff|010|18446744073709551615", ""),
        (&["%*d|%-*d|%.*f", "5", "42", "5", "42", "2", "3.14159"], "   42|42   |3.14", ""),
        (&["%(%Y-%m-%d)T", "0"], "1970-01-01", ""),
        (&["%d|%s|"], "0||", ""),
    ];

    #[test]
    fn formats_as_bash_does() {
        for (words, out, error) in BASH {
            let args: Vec<String> = words[1..].iter().map(|w| (*w).to_owned()).collect();
            let printed = printf(Manner::Bash(Time::default()), words[0], &args);
            assert_eq!(String::from_utf8_lossy(&printed.out), *out, "{words:?}");
            assert_eq!(printed.errors.join(";"), *error, "{words:?}");
        }
    }

    #[test]
    fn says_what_is_wrong_as_coreutils_does() {
        let wrong = |format: &str, arg: &str| printf(Manner::Coreutils, format, &[arg.to_owned()]).errors.join(";");
        assert_eq!(wrong("%d", "abc"), "‘abc’: expected a numeric value");
        assert_eq!(wrong("%d", "12abc"), "‘12abc’: value not completely converted");
        assert_eq!(wrong("%z", "1"), "%z: invalid conversion specification");
        assert_eq!(wrong("x", "1"), "warning: ignoring excess arguments, starting with ‘1’");
    }
}
