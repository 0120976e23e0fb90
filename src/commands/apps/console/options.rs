//! The arguments of the console, as Symfony reads them: options anywhere, a command, arguments.

/// What was given.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// The command.
    pub command: Option<String>,
    /// Its arguments.
    pub operands: Vec<String>,
    /// Options with a value, by long name; a flag's value is empty.
    pub options: Vec<(&'static str, String)>,
    /// How talkative: `-v` 1, `-vv` 2, `-vvv` 3, `-q` -1.
    pub verbosity: i8,
    /// `--help`.
    pub help: bool,
    /// `--version`.
    pub version: bool,
}

impl Arguments {
    /// The value of an option that was given.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.options.iter().rev().find(|(n, _)| *n == name).map(|(_, v)| v.as_str())
    }
}

/// Long name, letter, and whether a value follows.
const TABLE: &[(&str, char, bool)] = &[
    ("limit", 'l', true),
    ("failure-limit", 'f', true),
    ("memory-limit", 'm', true),
    ("time-limit", 't', true),
    ("sleep", '\0', true),
    ("bus", 'b', true),
    ("queues", '\0', true),
    ("no-reset", '\0', false),
    ("env", 'e', true),
    ("no-debug", '\0', false),
    ("ansi", '\0', false),
    ("no-ansi", '\0', false),
    ("no-interaction", 'n', false),
    ("force", '\0', false),
    ("max", '\0', true),
    ("show-messages", '\0', false),
    ("all", '\0', false),
];

/// Takes the words apart. Errors: Symfony's message about a wrong option.
pub fn arguments(words: &[String]) -> Result<Arguments, String> {
    let mut given = Arguments::default();
    let mut rest = words.iter();
    let mut only_operands = false;
    while let Some(word) = rest.next() {
        if only_operands || !word.starts_with('-') || word == "-" {
            match given.command {
                None => given.command = Some(word.clone()),
                Some(_) => given.operands.push(word.clone()),
            }
            continue;
        }
        match word.as_str() {
            "--" => only_operands = true,
            "-v" | "--verbose" => given.verbosity = 1,
            "-vv" => given.verbosity = 2,
            "-vvv" => given.verbosity = 3,
            "-q" | "--quiet" => given.verbosity = -1,
            "-h" | "--help" => given.help = true,
            "-V" | "--version" => given.version = true,
            _ => option(word, &mut rest, &mut given)?,
        }
    }
    Ok(given)
}

fn option(word: &str, rest: &mut std::slice::Iter<'_, String>, given: &mut Arguments) -> Result<(), String> {
    let (row, glued) = match word.strip_prefix("--") {
        Some(long) => {
            let (name, value) = long.split_once('=').map_or((long, None), |(n, v)| (n, Some(v.to_owned())));
            (TABLE.iter().find(|r| r.0 == name), value)
        }
        None => {
            let letter = word.chars().nth(1).unwrap_or('\0');
            let tail: String = word.chars().skip(2).collect();
            let tail = tail.strip_prefix('=').map_or(tail.clone(), str::to_owned);
            (TABLE.iter().find(|r| r.1 == letter && letter != '\0'), (!tail.is_empty()).then_some(tail))
        }
    };
    let Some((name, _, takes)) = row else {
        let shown = word.split('=').next().unwrap_or(word);
        return Err(format!("The \"{shown}\" option does not exist."));
    };
    let value = match (*takes, glued) {
        (true, None) => match rest.next() {
            Some(value) => value.clone(),
            None => return Err(format!("The \"--{name}\" option requires a value.")),
        },
        (false, Some(_)) => return Err(format!("The \"--{name}\" option does not accept a value.")),
        (_, glued) => glued.unwrap_or_default(),
    };
    given.options.push((name, value));
    Ok(())
}

/// Bytes of a size such as `128M`.
pub fn size(text: &str) -> Option<u64> {
    let text = text.trim().to_lowercase();
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let scale = match text[digits.len()..].trim_end_matches('b') {
        "" => 1,
        "k" => 1 << 10,
        "m" => 1 << 20,
        "g" => 1 << 30,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_stand_anywhere() {
        let words = ["-vv", "messenger:consume", "async", "--limit=5", "-t", "60"].map(str::to_owned);
        let given = arguments(&words).unwrap();
        assert_eq!(given.command.as_deref(), Some("messenger:consume"));
        assert_eq!((given.value("limit"), given.value("time-limit")), (Some("5"), Some("60")));
        assert_eq!((given.operands, given.verbosity), (vec!["async".to_owned()], 2));
        assert_eq!(arguments(&["--foo=1".into()]).unwrap_err(), "The \"--foo\" option does not exist.");
    }

    #[test]
    fn sizes_have_suffixes() {
        assert_eq!(size("128M"), Some(134_217_728));
        assert_eq!(size("x"), None);
    }
}
