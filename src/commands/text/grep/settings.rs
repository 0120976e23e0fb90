//! The options of grep and what they set.

use super::matcher::{Kind, Matcher};
use crate::commands::options::{self, Given, Hint, Opt, Options, Takes, absent, also, flag, optional, short, value};
use crate::commands::text::regexp::Flavor;
use crate::world::Cx;

const TABLE: &[Opt] = &[
    flag('E', "extended-regexp"),
    flag('F', "fixed-strings"),
    flag('G', "basic-regexp"),
    flag('P', "perl-regexp"),
    value('e', "regexp"),
    value('f', "file"),
    flag('i', "ignore-case"),
    also('y', "", "ignore-case", Takes::Nothing),
    flag('\0', "no-ignore-case"),
    flag('w', "word-regexp"),
    flag('x', "line-regexp"),
    flag('s', "no-messages"),
    flag('v', "invert-match"),
    value('m', "max-count"),
    absent('b', "byte-offset"),
    flag('n', "line-number"),
    flag('\0', "line-buffered"),
    flag('H', "with-filename"),
    flag('h', "no-filename"),
    value('\0', "label"),
    flag('o', "only-matching"),
    flag('q', "quiet"),
    also('\0', "silent", "quiet", Takes::Nothing),
    absent('\0', "binary-files"),
    flag('a', "text"),
    short('I', "I"),
    absent('d', "directories"),
    absent('D', "devices"),
    flag('r', "recursive"),
    flag('R', "dereference-recursive"),
    value('\0', "include"),
    value('\0', "exclude"),
    absent('\0', "exclude-from"),
    value('\0', "exclude-dir"),
    flag('L', "files-without-match"),
    flag('l', "files-with-matches"),
    flag('c', "count"),
    absent('T', "initial-tab"),
    absent('Z', "null"),
    value('A', "after-context"),
    value('B', "before-context"),
    value('C', "context"),
    optional('\0', "color"),
    also('\0', "colour", "color", Takes::Perhaps),
    absent('U', "binary"),
    absent('z', "null-data"),
    value('\0', "group-separator"),
    flag('\0', "no-group-separator"),
];

const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[OPTION]... PATTERNS [FILE]...",
    version: "(GNU grep) 3.8",
    status: 2,
    hint: Hint::UsageAndTry,
    in_order: false,
};

/// What is printed for what is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Show {
    #[default]
    Lines,
    Parts,
    Count,
    Files,
    FilesWithout,
    Nothing,
}

/// All that options set.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    pub matcher: Matcher,
    pub show: Show,
    pub invert: bool,
    pub numbers: bool,
    pub names: bool,
    pub silent: bool,
    pub text: bool,
    pub skip_binary: bool,
    pub color: bool,
    pub max: Option<u64>,
    pub before: usize,
    pub after: usize,
    /// Context was asked for: a line stands between groups.
    pub grouped: bool,
    pub separator: Option<String>,
    pub label: String,
    pub recursive: bool,
}

/// `-NUM` is `-C NUM`.
fn rewrite(args: Vec<String>) -> Vec<String> {
    let mut done = false;
    let change = |arg: String| {
        done |= arg == "--";
        match arg.strip_prefix('-') {
            Some(digits) if !done && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => {
                format!("--context={digits}")
            }
            _ => arg,
        }
    };
    args.into_iter().map(change).collect()
}

/// Reads the options; returns the settings and the files to search.
pub(super) fn read(cx: &mut Cx<'_, '_>) -> Result<(Settings, Vec<String>), u8> {
    let args = rewrite(cx.args());
    let mut parsed = options::parse_args(cx, &OPTIONS, &args)?;
    let patterns = patterns(cx, &parsed.options, &mut parsed.operands)?;
    let mut settings =
        Settings { separator: Some("--".into()), label: "(standard input)".into(), ..Settings::default() };
    let mut kind = match cx.name().as_str() {
        "egrep" => Kind::Extended,
        "fgrep" => Kind::Fixed,
        _ => Kind::Basic,
    };
    let mut flavor = Flavor::default();
    let mut word = false;
    let recursive = parsed.has("recursive") || parsed.has("dereference-recursive");
    let mut names = None;
    for given in &parsed.options {
        match given.key {
            "extended-regexp" => kind = Kind::Extended,
            "fixed-strings" => kind = Kind::Fixed,
            "basic-regexp" => kind = Kind::Basic,
            "perl-regexp" => kind = Kind::Perl,
            "ignore-case" => flavor.ignore_case = true,
            "no-ignore-case" => flavor.ignore_case = false,
            "word-regexp" => word = true,
            "line-regexp" => flavor.whole = true,
            "with-filename" => names = Some(true),
            "no-filename" => names = Some(false),
            _ => simple(cx, &mut settings, given)?,
        }
    }
    settings.matcher = match Matcher::new(&patterns, kind, flavor, word) {
        Ok(matcher) => matcher,
        Err(message) => {
            cx.fail(&message);
            return Err(2);
        }
    };
    let (files, several) = super::search::files(cx, &parsed, recursive);
    settings.recursive = recursive;
    settings.names = names.unwrap_or(several);
    Ok((settings, files))
}

fn simple(cx: &mut Cx<'_, '_>, settings: &mut Settings, given: &Given) -> Result<(), u8> {
    let text = given.text();
    let mut bad = |message: String| {
        cx.fail(&message);
        Err(2)
    };
    match given.key {
        "no-messages" => settings.silent = true,
        "invert-match" => settings.invert = true,
        "line-number" => settings.numbers = true,
        "only-matching" if settings.show == Show::Lines => settings.show = Show::Parts,
        "quiet" => settings.show = Show::Nothing,
        "count" if settings.show != Show::Nothing => settings.show = Show::Count,
        "files-with-matches" if settings.show != Show::Nothing => settings.show = Show::Files,
        "files-without-match" if settings.show != Show::Nothing => settings.show = Show::FilesWithout,
        "text" => settings.text = true,
        "I" => settings.skip_binary = true,
        "label" => settings.label = text.to_owned(),
        "group-separator" => settings.separator = Some(text.to_owned()),
        "no-group-separator" => settings.separator = None,
        "max-count" => match text.parse::<i64>() {
            Ok(max) => settings.max = u64::try_from(max).ok(),
            Err(_) => return bad("invalid max count".into()),
        },
        "color" => {
            settings.color = match text {
                "" | "auto" | "tty" | "if-tty" => cx.isatty(1),
                "always" | "yes" | "force" => true,
                _ => false,
            };
        }
        "after-context" | "before-context" | "context" => {
            let Ok(lines) = text.parse::<usize>() else {
                return bad(format!("{text}: invalid context length argument"));
            };
            let lines = lines.min(100_000);
            settings.grouped = true;
            if given.key != "after-context" {
                settings.before = lines;
            }
            if given.key != "before-context" {
                settings.after = lines;
            }
        }
        _ => {}
    }
    Ok(())
}

/// The patterns: from `-e` and `-f`, or the first operand; one a line.
fn patterns(cx: &mut Cx<'_, '_>, given: &[Given], operands: &mut Vec<String>) -> Result<Vec<String>, u8> {
    let mut patterns: Vec<String> = Vec::new();
    let mut any = false;
    for option in given {
        match option.key {
            "regexp" => patterns.extend(option.text().split('\n').map(str::to_owned)),
            "file" => {
                let path = option.text().to_owned();
                let bytes = match cx.read_file(&path) {
                    Ok(bytes) => bytes,
                    Err(errno) => {
                        cx.fail(&format!("{path}: {}", errno.message()));
                        return Err(2);
                    }
                };
                patterns.extend(String::from_utf8_lossy(&bytes).lines().map(str::to_owned));
            }
            _ => continue,
        }
        any = true;
    }
    if any {
        return Ok(patterns);
    }
    if operands.is_empty() {
        return Err(options::misuse(cx, &OPTIONS));
    }
    Ok(operands.remove(0).split('\n').map(str::to_owned).collect())
}
