//! The arguments of a declared program: options anywhere, then operands, as Symfony's console reads them.

use crate::vps::program_spec::{OptionSpec, Wants};

/// What was given.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// Words that are no options.
    pub operands: Vec<String>,
    /// Options with their values, by name; a flag's value is empty.
    pub options: Vec<(String, String)>,
    /// How talkative: `-v` 1, `-vv` 2, `-vvv` 3, `-q` -1.
    pub verbosity: i8,
    /// `--help`.
    pub help: bool,
    /// `--version`.
    pub version: bool,
}

/// Takes the words apart by a table of options. Errors: Symfony's message about a wrong option.
pub fn arguments(words: &[String], table: &[OptionSpec]) -> Result<Arguments, String> {
    let mut given = Arguments::default();
    let mut rest = words.iter();
    let mut only_operands = false;
    while let Some(word) = rest.next() {
        if only_operands || !word.starts_with('-') || word == "-" {
            given.operands.push(word.clone());
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
            _ => option(word, &mut rest, table, &mut given)?,
        }
    }
    Ok(given)
}

fn option(
    word: &str,
    rest: &mut std::slice::Iter<'_, String>,
    table: &[OptionSpec],
    given: &mut Arguments,
) -> Result<(), String> {
    let (row, glued) = match word.strip_prefix("--") {
        Some(long) => {
            let (name, value) = long.split_once('=').map_or((long, None), |(n, v)| (n, Some(v.to_owned())));
            (table.iter().find(|row| row.name == name), value)
        }
        None => {
            let letter = word.chars().nth(1);
            let tail: String = word.chars().skip(2).collect();
            let tail = tail.strip_prefix('=').map_or(tail.clone(), str::to_owned);
            (table.iter().find(|row| row.letter.is_some() && row.letter == letter), (!tail.is_empty()).then_some(tail))
        }
    };
    let Some(row) = row else {
        let shown = word.split('=').next().unwrap_or(word);
        return Err(format!("The \"{shown}\" option does not exist."));
    };
    let name = &row.name;
    let value = match (row.value.is_some(), glued) {
        (true, None) => match rest.next() {
            Some(value) => value.clone(),
            None => return Err(format!("The \"--{name}\" option requires a value.")),
        },
        (false, Some(_)) => return Err(format!("The \"--{name}\" option does not accept a value.")),
        (_, glued) => glued.unwrap_or_default(),
    };
    given.options.push((name.clone(), value));
    Ok(())
}

/// What is wrong with the values that were given, if anything.
pub fn wrong_value(given: &Arguments, table: &[OptionSpec]) -> Option<String> {
    given.options.iter().find_map(|(name, value)| {
        let row = table.iter().find(|row| row.name == *name)?;
        let positive = value.parse::<u64>().is_ok_and(|n| n > 0);
        (row.wants == Some(Wants::Positive) && !positive)
            .then(|| format!("Option \"{name}\" must be a positive integer, \"{value}\" passed."))
    })
}

/// The usage line of a command.
pub fn usage(command: &str, options: &[OptionSpec], operand: Option<(&str, bool, bool)>) -> String {
    let mut words = vec![command.to_owned()];
    words.extend(options.iter().map(|row| {
        let letter = row.letter.map_or(String::new(), |letter| format!("-{letter}|"));
        let value = row.value.as_ref().map_or(String::new(), |value| format!(" {value}"));
        format!("[{letter}--{}{value}]", row.name)
    }));
    if let Some((name, many, required)) = operand {
        if !options.is_empty() {
            words.push("[--]".into());
        }
        let shown = format!("<{name}>{}", if many { "..." } else { "" });
        words.push(if required { shown } else { format!("[{shown}]") });
    }
    words.join(" ")
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

    fn table() -> Vec<OptionSpec> {
        let row = |name: &str, letter| OptionSpec {
            name: name.into(),
            letter,
            value: Some(name.to_uppercase()),
            wants: Some(Wants::Positive),
            default: None,
        };
        vec![row("limit", Some('l')), row("sleep", None)]
    }

    #[test]
    fn options_stand_anywhere() {
        let words = ["-vv", "messenger:consume", "async", "--limit=5", "--sleep", "2"].map(str::to_owned);
        let given = arguments(&words, &table()).unwrap();
        assert_eq!(given.operands, ["messenger:consume", "async"]);
        assert_eq!(given.options, [("limit".into(), "5".into()), ("sleep".into(), "2".into())]);
        assert_eq!(given.verbosity, 2);
        assert_eq!(arguments(&["--foo=1".into()], &table()).unwrap_err(), "The \"--foo\" option does not exist.");
        let zero = arguments(&["-l0".into()], &table()).unwrap();
        let wrong = "Option \"limit\" must be a positive integer, \"0\" passed.";
        assert_eq!(wrong_value(&zero, &table()).as_deref(), Some(wrong));
    }

    #[test]
    fn usages_are_drawn_from_the_table() {
        let drawn = usage("consume", &table(), Some(("receivers", true, false)));
        assert_eq!(drawn, "consume [-l|--limit LIMIT] [--sleep SLEEP] [--] [<receivers>...]");
    }

    #[test]
    fn sizes_have_suffixes() {
        assert_eq!(size("128M"), Some(134_217_728));
        assert_eq!(size("x"), None);
    }
}
