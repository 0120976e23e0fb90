//! Reads the three manners of ps options: Unix (`-ef`), BSD (`aux`) and long (`--ppid 1`): ps(1).

use super::columns::{COLUMNS, Column};
use super::select::Selector;
use crate::world::World;
use crate::world::accounts;

/// What is asked for.
#[derive(Default)]
pub struct Request {
    /// Which processes; none: those of this user at this terminal.
    pub selectors: Vec<Selector>,
    /// `-e`, `-A`, `ax`: all.
    pub all: bool,
    /// The selection is turned round.
    pub negate: bool,
    /// BSD `a` and `x`: others' too; those without a terminal too.
    pub bsd: Option<(bool, bool)>,
    /// `-a`: those with a terminal but session leaders; `-d`: all but session leaders.
    pub no_leaders: Option<bool>,
    /// The columns and their headings.
    pub columns: Vec<(&'static Column, String)>,
    /// `h`, `--no-headers`.
    pub no_headers: bool,
    /// Columns to sort by, and whether downwards.
    pub sort: Vec<(&'static Column, bool)>,
    /// `f`, `--forest`, `-H`.
    pub tree: Option<Tree>,
    /// `-w`, `w`: the terminal's width does not count.
    pub wide: bool,
}

/// How a tree of processes is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tree {
    /// With branches: `f`.
    Art,
    /// By indentation: `-H`.
    Indent,
}

/// What the arguments mean.
pub enum Answer {
    /// A table.
    Request(Box<Request>),
    /// A fixed text.
    Text(String),
}

/// Why the arguments are refused.
pub enum Mistake {
    /// With these words before the usage.
    Usage(String),
    /// A real option that is not simulated.
    NotSimulated(String),
}

type Result<T> = std::result::Result<T, Mistake>;

fn usage<T>(text: &str) -> Result<T> {
    Err(Mistake::Usage(text.to_owned()))
}

struct Parser<'a> {
    world: &'a World,
    request: Request,
    /// The named format, if none was put together with `-o`.
    format: Option<&'static str>,
    custom: bool,
    bsd: bool,
}

/// Takes the arguments apart; falls back to BSD letters for `-aux`, as the real one does.
pub fn parse(args: &[String], world: &World) -> Result<Answer> {
    match attempt(args, world, false) {
        Err(Mistake::Usage(first)) => match attempt(args, world, true) {
            Ok(answer) => Ok(answer),
            Err(_) => Err(Mistake::Usage(first)),
        },
        other => other,
    }
}

fn attempt(args: &[String], world: &World, all_bsd: bool) -> Result<Answer> {
    let mut parser = Parser { world, request: Request::default(), format: None, custom: false, bsd: false };
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        if let Some(long) = arg.strip_prefix("--") {
            if matches!(long, "version" | "help") {
                return Ok(Answer::Text(if long == "help" {
                    "\nUsage:\n ps [options]\n\nFor more details see ps(1).".into()
                } else {
                    "ps from procps-ng 4.0.2".into()
                }));
            }
            parser.long(long, &mut rest)?;
        } else if let Some(letters) = arg.strip_prefix('-').filter(|l| !l.is_empty()) {
            if letters == "V" {
                return Ok(Answer::Text("ps from procps-ng 4.0.2".into()));
            }
            if all_bsd {
                parser.bsd_letters(letters, &mut rest)?;
            } else {
                parser.unix_letters(letters, &mut rest)?;
            }
        } else if arg.starts_with(|c: char| c.is_ascii_digit()) {
            parser.request.selectors.push(Selector::Pid(pids(arg)?));
        } else {
            parser.bsd_letters(arg, &mut rest)?;
        }
    }
    parser.finish()
}

type Rest<'a> = std::slice::Iter<'a, String>;

fn argument(letters: &str, at: usize, rest: &mut Rest<'_>, missing: &str) -> Result<String> {
    if at < letters.len() {
        return Ok(letters[at..].to_owned());
    }
    rest.next().cloned().map_or_else(|| usage(missing), Ok)
}

/// What each letter that takes a list complains of when the list is missing.
const NO_LIST: [(char, &str); 11] = [
    ('C', "list of command names must follow -C"),
    ('G', "list of real groups (RGID) must follow -G"),
    ('O', "format or sort specification must follow -O"),
    ('U', "list of real users must follow -U"),
    ('g', "list of session leaders OR effective group names must follow -g"),
    ('o', "format specification must follow -o"),
    ('p', "list of process IDs must follow -p"),
    ('q', "list of process IDs must follow -q"),
    ('s', "list of session leaders must follow -s"),
    ('t', "list of terminals (pty, tty...) must follow -t"),
    ('u', "list of users must follow -u"),
];

impl Parser<'_> {
    fn unix_letters(&mut self, letters: &str, rest: &mut Rest<'_>) -> Result<()> {
        for (at, letter) in letters.char_indices() {
            if let Some((_, missing)) = NO_LIST.iter().find(|(l, _)| *l == letter) {
                let text = argument(letters, at + letter.len_utf8(), rest, missing)?;
                return self.unix_list(letter, &text);
            }
            match letter {
                'A' | 'e' => self.request.all = true,
                'a' => self.request.no_leaders = Some(true),
                'd' => self.request.no_leaders = Some(false),
                'N' => self.request.negate = true,
                'H' => self.request.tree = Some(Tree::Indent),
                'w' => self.request.wide = true,
                'f' if self.format == Some("-j") => self.format = Some("-fj"),
                'j' if self.format == Some("-f") => self.format = Some("-fj"),
                'f' => self.format = Some("-f"),
                'F' => self.format = Some("-F"),
                'l' => self.format = Some("-l"),
                'j' => self.format = Some("-j"),
                'y' | 'c' => {}
                'L' | 'T' | 'm' | 'M' | 'Z' | 'P' => return Err(Mistake::NotSimulated(format!("-{letter}"))),
                _ => return usage("unsupported SysV option"),
            }
        }
        Ok(())
    }

    fn unix_list(&mut self, letter: char, text: &str) -> Result<()> {
        match letter {
            'o' => return self.output(text),
            'O' => {
                self.output("pid")?;
                self.output(text)?;
                return self.output("s,tty,time,command");
            }
            _ => {}
        }
        let selector = match letter {
            'C' => Selector::Name(split(text).map(str::to_owned).collect()),
            'p' | 'q' => Selector::Pid(pids(text)?),
            's' => Selector::Session(pids(text)?),
            'g' if text.starts_with(|c: char| c.is_ascii_digit()) => Selector::Session(pids(text)?),
            'g' => Selector::Gid(self.groups(text)?),
            'G' => Selector::Gid(self.groups(text)?),
            'u' => Selector::Uid(self.users(text)?),
            'U' => Selector::Ruid(self.users(text)?),
            _ => Selector::Tty(self.ttys(text)?),
        };
        self.request.selectors.push(selector);
        Ok(())
    }

    fn bsd_letters(&mut self, letters: &str, rest: &mut Rest<'_>) -> Result<()> {
        self.bsd = true;
        for (at, letter) in letters.char_indices() {
            let next = at + letter.len_utf8();
            match letter {
                'a' | 'x' => {
                    let bsd = self.request.bsd.get_or_insert((false, false));
                    if letter == 'a' { bsd.0 = true } else { bsd.1 = true }
                }
                'g' | 'c' | 'e' | 'S' | 'n' => {}
                'r' => self.request.selectors.push(Selector::Running),
                'T' => self.request.selectors.push(Selector::OwnTty),
                'u' => self.format = Some("u"),
                'j' => self.format = Some("j"),
                'l' => self.format = Some("l"),
                'v' => self.format = Some("v"),
                's' => self.format = Some("s"),
                'X' => return Err(Mistake::NotSimulated("X".into())),
                'f' => self.request.tree = Some(Tree::Art),
                'h' => self.request.no_headers = true,
                'w' => self.request.wide = true,
                'k' => {
                    let keys = argument(letters, next, rest, "long sort specification must follow 'k'")?;
                    return self.sort(&keys);
                }
                'o' => {
                    let text = argument(letters, next, rest, "format specification must follow o")?;
                    return self.output(&text);
                }
                'p' => {
                    let text = argument(letters, next, rest, "list of process IDs must follow p")?;
                    self.request.selectors.push(Selector::Pid(pids(&text)?));
                    return Ok(());
                }
                't' | 'U' => {
                    let text = argument(letters, next, rest, "list of users must follow U")?;
                    return self.unix_list(if letter == 'U' { 'u' } else { 't' }, &text);
                }
                _ => return usage("unsupported option (BSD syntax)"),
            }
        }
        Ok(())
    }

    fn long(&mut self, text: &str, rest: &mut Rest<'_>) -> Result<()> {
        let (name, glued) = text.split_once('=').map_or((text, None), |(n, v)| (n, Some(v.to_owned())));
        match name {
            "no-headers" | "no-heading" | "noheaders" | "noheader" | "no-header" => self.request.no_headers = true,
            "headers" | "heading" | "header" => {}
            "forest" => self.request.tree = Some(Tree::Art),
            "deselect" => self.request.negate = true,
            "cumulative" => {}
            "cols" | "columns" | "width" | "rows" | "lines" | "info" | "context" => {
                return Err(Mistake::NotSimulated(format!("--{name}")));
            }
            _ => {
                let letter = match name {
                    "pid" => 'p',
                    "quick-pid" => 'q',
                    "ppid" => '\u{1}',
                    "sort" => '\u{2}',
                    "format" => 'o',
                    "sid" => 's',
                    "tty" => 't',
                    "user" => 'u',
                    "User" => 'U',
                    "group" | "Group" => 'G',
                    _ => return usage("unknown gnu long option"),
                };
                let value = glued.or_else(|| rest.next().cloned());
                let Some(value) = value else {
                    return usage(match letter {
                        '\u{1}' => "list of process IDs must follow --ppid",
                        '\u{2}' => "long sort specification must follow --sort",
                        'o' => "format specification must follow --format",
                        _ => "list of process IDs must follow --pid",
                    });
                };
                match letter {
                    '\u{1}' => self.request.selectors.push(Selector::Parent(pids(&value)?)),
                    '\u{2}' => self.sort(&value)?,
                    _ => self.unix_list(letter, &value)?,
                }
            }
        }
        Ok(())
    }

    fn output(&mut self, text: &str) -> Result<()> {
        self.custom = true;
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find([',', ' ', '\t', '=']).unwrap_or(rest.len());
            let (name, tail) = rest.split_at(end);
            // An empty heading ends at the next separator; another one takes all the rest.
            let heading = tail.strip_prefix('=');
            let (title, after) = match heading {
                Some(text) if text.is_empty() || text.starts_with([',', ' ', '\t']) => (Some(""), text),
                Some(text) => (Some(text), ""),
                None => (None, tail),
            };
            if !name.is_empty() {
                let column = find(name)
                    .map_or_else(|| usage(&format!("unknown user-defined format specifier \"{name}\"")), Ok)?;
                self.request.columns.push((column, title.unwrap_or(column.heading).to_owned()));
            }
            rest = after.get(1..).unwrap_or_default();
        }
        Ok(())
    }

    fn sort(&mut self, keys: &str) -> Result<()> {
        for key in keys.split(',').filter(|k| !k.is_empty()) {
            let down = key.starts_with('-');
            let Some(column) = find(key.trim_start_matches(['-', '+'])) else {
                return usage("unknown sort specifier");
            };
            self.request.sort.push((column, down));
        }
        Ok(())
    }

    fn users(&self, text: &str) -> Result<Vec<u32>> {
        let tree = &self.world.files;
        let id = |name: &str| accounts::user(tree, name).map(|u| u.uid).or_else(|| name.parse().ok());
        split(text).map(|name| id(name).map_or_else(|| usage("user name does not exist"), Ok)).collect()
    }

    fn groups(&self, text: &str) -> Result<Vec<u32>> {
        let tree = &self.world.files;
        let id = |name: &str| accounts::group(tree, name).map(|g| g.gid).or_else(|| name.parse().ok());
        split(text).map(|name| id(name).map_or_else(|| usage("group name does not exist"), Ok)).collect()
    }

    fn ttys(&self, text: &str) -> Result<Vec<Option<u32>>> {
        let id = |name: &str| {
            let name = name.trim_start_matches("/dev/");
            let found =
                self.world.terminals.iter().find(|(_, t)| t.name == name || t.name.strip_prefix("tty") == Some(name));
            found.map(|(id, _)| *id)
        };
        split(text)
            .map(|name| match (name, id(name)) {
                ("-" | "?", _) => Ok(None),
                (_, Some(tty)) => Ok(Some(tty)),
                _ => usage("TTY could not be found"),
            })
            .collect()
    }

    fn finish(mut self) -> Result<Answer> {
        if self.custom && self.format.is_some() {
            return usage("conflicting format options");
        }
        if !self.custom {
            let bsd = self.bsd && self.format.is_none();
            let name = if bsd { "bsd" } else { self.format.unwrap_or("unix") };
            let list = FORMATS.iter().find(|(n, _)| *n == name).map_or("", |(_, list)| *list);
            for word in list.split(' ') {
                let (key, title) = word.split_once('=').unwrap_or((word, ""));
                if let Some(column) = find(key) {
                    let title = if title.is_empty() { column.heading } else { title };
                    self.request.columns.push((column, title.to_owned()));
                }
            }
        }
        if self.bsd && self.request.bsd.is_none() && self.request.selectors.is_empty() {
            self.request.bsd = Some((false, false));
        }
        Ok(Answer::Request(Box::new(self.request)))
    }
}

/// The named formats and their columns.
const FORMATS: [(&str, &str); 11] = [
    ("unix", "pid tname time ucmd"),
    ("bsd", "pid tname stat bsdtime args"),
    ("-f", "user=UID pid ppid c stime tname time cmd"),
    ("-F", "user=UID pid ppid c sz rss psr stime tname time cmd"),
    ("-fj", "user=UID pid ppid pgid sid c stime tname time cmd"),
    ("-j", "pid pgid sid tname time ucmd"),
    ("-l", "f s uid pid ppid c pri nice addr sz wchan tname time ucmd"),
    ("u", "user pid %cpu %mem vsz rss tname stat bsdstart bsdtime args"),
    ("j", "ppid pid pgid sid tname tpgid stat uid bsdtime args"),
    ("l", "f uid pid ppid prio nice vsz rss wchan stat tname bsdtime args"),
    ("v", "pid tname stat bsdtime majflt trs drs rss %mem args"),
];

fn find(name: &str) -> Option<&'static Column> {
    COLUMNS.iter().find(|c| c.names.contains(&name))
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ' ', '\t']).filter(|part| !part.is_empty())
}

fn pids(text: &str) -> Result<Vec<u32>> {
    let list: Vec<u32> = match split(text).map(|p| p.parse().ok()).collect::<Option<Vec<u32>>>() {
        Some(list) => list,
        None => return usage("process ID list syntax error"),
    };
    if list.contains(&0) { usage("process ID out of range") } else { Ok(list) }
}
