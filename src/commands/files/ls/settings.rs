//! The options of ls, and what depends on them alone: order, quoting, the cell of a name.

mod look;

use crate::commands::options::{self, Hint, Opt, Options, Parsed, Takes, absent, also, flag, optional, short, value};
use crate::world::Cx;

const TABLE: &[Opt] = &[
    flag('a', "all"),
    flag('A', "almost-all"),
    absent('\0', "author"),
    flag('b', "escape"),
    value('\0', "block-size"),
    flag('B', "ignore-backups"),
    short('c', "c"),
    short('C', "C"),
    optional('\0', "color"),
    flag('d', "directory"),
    absent('D', "dired"),
    short('f', "f"),
    optional('\0', "classify"),
    also('F', "", "classify", Takes::Nothing),
    flag('\0', "file-type"),
    value('\0', "format"),
    flag('\0', "full-time"),
    short('g', "g"),
    flag('\0', "group-directories-first"),
    flag('G', "no-group"),
    flag('h', "human-readable"),
    flag('s', "size"),
    flag('\0', "si"),
    flag('H', "dereference-command-line"),
    flag('\0', "dereference-command-line-symlink-to-dir"),
    absent('\0', "hide"),
    absent('\0', "hyperlink"),
    absent('\0', "indicator-style"),
    flag('i', "inode"),
    value('I', "ignore"),
    flag('k', "kibibytes"),
    short('l', "l"),
    flag('L', "dereference"),
    short('m', "m"),
    flag('n', "numeric-uid-gid"),
    flag('N', "literal"),
    short('o', "o"),
    flag('p', "p"),
    flag('q', "hide-control-chars"),
    flag('\0', "show-control-chars"),
    flag('Q', "quote-name"),
    absent('\0', "quoting-style"),
    flag('r', "reverse"),
    flag('R', "recursive"),
    short('S', "S"),
    value('\0', "sort"),
    short('t', "t"),
    value('\0', "time"),
    value('\0', "time-style"),
    value('T', "tabsize"),
    short('u', "u"),
    short('U', "U"),
    short('v', "v"),
    value('w', "width"),
    short('x', "x"),
    short('X', "X"),
    flag('Z', "context"),
    absent('\0', "zero"),
    short('1', "1"),
];
const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[OPTION]... [FILE]...",
    version: "(GNU coreutils) 9.1",
    status: 2,
    hint: Hint::Try,
    in_order: false,
};

/// How the names are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Long,
    Single,
    Commas,
    Down,
    Across,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Name,
    Time,
    Size,
    Extension,
    Version,
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoting {
    Literal,
    Shell,
    C,
    Escape,
}

/// All that options set.
pub(super) struct Settings {
    pub format: Format,
    sort: Sort,
    reverse: bool,
    folders_first: bool,
    quoting: Quoting,
    hidden: bool,
    pub dots: bool,
    ignore: Vec<String>,
    pub color: bool,
    pub folders_themselves: bool,
    pub recursive: bool,
    pub dereference: bool,
    pub inode: bool,
    pub blocks: bool,
    pub context: bool,
    human: Option<u64>,
    kind: char,
    pub numeric: bool,
    pub owner: bool,
    pub group: bool,
    time: char,
    pub time_style: String,
    pub width: usize,
}

/// What the options sort by.
fn sort_of(cx: &mut Cx<'_, '_>, parsed: &Parsed, format: Format) -> Result<Sort, u8> {
    let last = |keys: &[&str]| parsed.last_of(keys);
    Ok(match last(&["t", "S", "X", "v", "U", "f", "sort"]) {
        Some("t") => Sort::Time,
        Some("S") => Sort::Size,
        Some("X") => Sort::Extension,
        Some("v") => Sort::Version,
        Some("U" | "f") => Sort::None,
        Some(_) => match parsed.last("sort").unwrap_or_default() {
            "none" => Sort::None,
            "time" => Sort::Time,
            "size" => Sort::Size,
            "extension" => Sort::Extension,
            "version" => Sort::Version,
            other => return Err(bad_argument(cx, other, "--sort", SORTS)),
        },
        // Times that are not shown are sorted by.
        None if format != Format::Long && last(&["c", "u"]).is_some() => Sort::Time,
        None => Sort::Name,
    })
}

/// Whether the options want colours.
fn color_of(cx: &mut Cx<'_, '_>, parsed: &Parsed, terminal: bool) -> Result<bool, u8> {
    match parsed.last("color") {
        None => Ok(false),
        Some("auto" | "tty" | "if-tty") => Ok(terminal),
        Some("" | "always" | "yes" | "force") => Ok(true),
        Some("never" | "no" | "none") => Ok(false),
        Some(other) => Err(bad_argument(cx, other, "--color", COLORS)),
    }
}

/// Reads the options; returns the operands too.
pub(super) fn read(cx: &mut Cx<'_, '_>) -> Result<(Settings, Vec<String>), u8> {
    let parsed = options::parse(cx, &OPTIONS)?;
    let terminal = cx.isatty(1);
    let name = cx.name();
    let format = format(&parsed, terminal, &name);
    let last = |keys: &[&str]| parsed.last_of(keys);
    let has = |key: &str| parsed.has(key);
    let sort = sort_of(cx, &parsed, format)?;
    let color = color_of(cx, &parsed, terminal)?;
    let quoting = match last(&["escape", "literal", "quote-name"]) {
        Some("escape") => Quoting::Escape,
        Some("quote-name") => Quoting::C,
        Some(_) => Quoting::Literal,
        None if name != "ls" => Quoting::Escape,
        None if terminal => Quoting::Shell,
        None => Quoting::Literal,
    };
    let columns = cx.tty_of(1).and_then(|tty| cx.world.terminals.get(&tty)).map_or(80, |t| usize::from(t.columns));
    let width = match parsed.last("width") {
        None => columns,
        Some(text) => match text.parse() {
            Ok(width) => width,
            Err(_) => {
                cx.fail(&format!("invalid line width: ‘{text}’"));
                return Err(2);
            }
        },
    };
    let time_style = match parsed.last_of(&["full-time", "time-style"]) {
        Some("full-time") => "full-iso".to_owned(),
        Some(_) => parsed.last("time-style").unwrap_or_default().to_owned(),
        None => String::new(),
    };
    let settings = Settings {
        format,
        sort,
        reverse: has("reverse"),
        folders_first: has("group-directories-first"),
        quoting,
        hidden: has("all") || has("almost-all") || has("f"),
        dots: last(&["all", "almost-all", "f"]).is_some_and(|key| key != "almost-all"),
        ignore: ignored(&parsed),
        color,
        folders_themselves: has("directory"),
        recursive: has("recursive"),
        dereference: has("dereference"),
        inode: has("inode"),
        blocks: has("size"),
        context: has("context"),
        human: match last(&["human-readable", "si"]) {
            Some("si") => Some(1000),
            Some(_) => Some(1024),
            None => None,
        },
        kind: indicator(&parsed, terminal),
        numeric: has("numeric-uid-gid"),
        owner: !has("g"),
        group: !has("o") && !has("no-group"),
        time: match parsed.last("time") {
            Some("atime" | "access" | "use") => 'u',
            Some("ctime" | "status") => 'c',
            _ => last(&["c", "u"]).and_then(|key| key.chars().next()).unwrap_or('m'),
        },
        time_style,
        width,
    };
    Ok((settings, parsed.operands))
}

const COLORS: &[&str] = &["‘always’, ‘yes’, ‘force’", "‘never’, ‘no’, ‘none’", "‘auto’, ‘tty’, ‘if-tty’"];
const SORTS: &[&str] = &["‘none’", "‘time’", "‘size’", "‘extension’", "‘version’", "‘width’"];

fn bad_argument(cx: &mut Cx<'_, '_>, given: &str, option: &str, valid: &[&str]) -> u8 {
    cx.fail(&format!("invalid argument ‘{given}’ for ‘{option}’"));
    cx.errln("Valid arguments are:");
    for line in valid {
        cx.errln(&format!("  - {line}"));
    }
    options::misuse(cx, &OPTIONS);
    1
}

fn format(parsed: &Parsed, terminal: bool, name: &str) -> Format {
    let keys = ["l", "g", "o", "numeric-uid-gid", "full-time", "1", "C", "m", "x", "format"];
    match parsed.last_of(&keys) {
        Some("1") if parsed.last_of(&["l", "g", "o", "numeric-uid-gid", "full-time"]).is_some() => Format::Long,
        Some("l" | "g" | "o" | "numeric-uid-gid" | "full-time") => Format::Long,
        Some("1") => Format::Single,
        Some("C") => Format::Down,
        Some("m") => Format::Commas,
        Some("x") => Format::Across,
        Some(_) => match parsed.last("format").unwrap_or_default() {
            "long" | "verbose" => Format::Long,
            "commas" => Format::Commas,
            "across" | "horizontal" => Format::Across,
            "vertical" => Format::Down,
            _ => Format::Single,
        },
        None if name == "vdir" => Format::Long,
        None if terminal || name == "dir" => Format::Down,
        None => Format::Single,
    }
}

fn ignored(parsed: &Parsed) -> Vec<String> {
    let patterns = parsed.options.iter().filter(|o| o.key == "ignore").map(|o| o.text().to_owned());
    let backups = parsed.has("ignore-backups").then(|| "*~".to_owned());
    patterns.chain(backups).collect()
}

/// Which kinds of file are marked after their name: `F` all, `t` all but programs, `p` folders.
fn indicator(parsed: &Parsed, terminal: bool) -> char {
    match parsed.last_of(&["classify", "file-type", "p"]) {
        Some("classify") => match parsed.last("classify") {
            Some("never" | "no" | "none") => '\0',
            Some("auto" | "tty" | "if-tty") if !terminal => '\0',
            _ => 'F',
        },
        Some("file-type") => 't',
        Some(_) => 'p',
        None => '\0',
    }
}
