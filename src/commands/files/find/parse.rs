//! Parses the command line of find: find(1).

use super::expression::{Compare, Expression, Settings, Test, permission};
use crate::commands::posix::date_parse;
use crate::commands::text::regexp::{Flavor, Regexp};
use crate::world::{Cx, Time, accounts};

/// What is wrong, line by line.
type Wrong = Vec<String>;

/// Starting points, settings and expression of the command line.
pub(super) fn parse(cx: &mut Cx<'_, '_>) -> Result<(Vec<String>, Settings, Expression), Wrong> {
    let args = cx.args();
    let mut set = Settings::default();
    let mut at = 0;
    while let Some(arg) = args.get(at) {
        match arg.as_str() {
            "-L" => set.follow = true,
            "-P" | "-H" => set.follow = false,
            _ => break,
        }
        at += 1;
    }
    let begins = |arg: &str| (arg.starts_with('-') && arg.len() > 1) || ["(", "!", ")"].contains(&arg);
    let paths = args[at..].iter().position(|arg| begins(arg)).map_or(args.len(), |n| at + n);
    let mut starts = args[at..paths].to_vec();
    if starts.is_empty() {
        starts.push(".".into());
    }
    let mut parser = Parser { cx, words: &args[paths..], at: 0, set, action: false, depth: 0, tests: None };
    let expression = match parser.words.is_empty() {
        true => Expression::Test(Test::True),
        false => parser.comma()?,
    };
    if let Some(word) = parser.peek() {
        if word == ")" {
            return Err(vec!["you have too many ')'".into()]);
        }
        return Err(parser.stray());
    }
    let (set, action) = (parser.set, parser.action);
    let expression = match action {
        true => expression,
        false => Expression::And(Box::new(expression), Box::new(Expression::Test(Test::Print("\n")))),
    };
    Ok((starts, set, expression))
}

/// Deeper nesting is refused.
const MAX_DEPTH: usize = 200;

struct Parser<'a, 'c, 's, 'w> {
    cx: &'c mut Cx<'s, 'w>,
    words: &'a [String],
    at: usize,
    set: Settings,
    action: bool,
    depth: usize,
    /// The first test seen: global options should stand before it.
    tests: Option<String>,
}

impl<'a> Parser<'a, '_, '_, '_> {
    fn peek(&self) -> Option<&'a str> {
        self.words.get(self.at).map(String::as_str)
    }

    /// A word that is no part of an expression.
    fn stray(&mut self) -> Wrong {
        let word = self.peek().unwrap_or_default().to_owned();
        let mut lines = vec![format!("paths must precede expression: `{word}'")];
        let before = self.at.checked_sub(2).and_then(|at| self.words.get(at)).cloned().unwrap_or_default();
        if self.cx.lstat(&word).is_ok() && before.starts_with('-') {
            lines.push(format!("possible unquoted pattern after predicate `{before}'?"));
        }
        lines
    }

    fn comma(&mut self) -> Result<Expression, Wrong> {
        let mut left = self.or()?;
        while self.peek() == Some(",") {
            self.at += 1;
            left = Expression::Comma(Box::new(left), Box::new(self.or()?));
        }
        Ok(left)
    }

    fn or(&mut self) -> Result<Expression, Wrong> {
        let mut left = self.and()?;
        while let Some(word @ ("-o" | "-or")) = self.peek() {
            self.at += 1;
            self.expect_more(word)?;
            left = Expression::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Expression, Wrong> {
        let mut left = self.not()?;
        loop {
            match self.peek() {
                Some(word @ ("-a" | "-and")) => {
                    self.at += 1;
                    self.expect_more(word)?;
                }
                Some("-o" | "-or" | "," | ")") | None => return Ok(left),
                Some(word) if !word.starts_with('-') && word != "(" && word != "!" => return Err(self.stray()),
                Some(_) => {}
            }
            left = Expression::And(Box::new(left), Box::new(self.not()?));
        }
    }

    fn expect_more(&self, word: &str) -> Result<(), Wrong> {
        match self.peek() {
            None => Err(vec![format!("expected an expression after '{word}'")]),
            Some(_) => Ok(()),
        }
    }

    fn not(&mut self) -> Result<Expression, Wrong> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(vec!["this expression is too deep to be simulated".into()]);
        }
        let result = match self.peek() {
            Some(word @ ("!" | "-not")) => {
                self.at += 1;
                self.expect_more(word)?;
                Ok(Expression::Not(Box::new(self.not()?)))
            }
            Some("(") => {
                self.at += 1;
                if self.peek() == Some(")") {
                    return Err(vec!["invalid expression; empty parentheses are not allowed.".into()]);
                }
                if self.peek().is_none() {
                    return Err(vec![NO_PARENTHESIS.into()]);
                }
                let inner = self.comma()?;
                if self.peek() != Some(")") {
                    return Err(vec![NO_PARENTHESIS.into()]);
                }
                self.at += 1;
                Ok(inner)
            }
            Some(word @ ("-o" | "-or" | "-a" | "-and" | ",")) => Err(vec![format!(
                "invalid expression; you have used a binary operator '{word}' with nothing before it."
            )]),
            Some(")") => Err(vec!["invalid expression; you have too many ')'".into()]),
            Some(word) if word.starts_with('-') => {
                self.at += 1;
                self.primary(word).map(Expression::Test)
            }
            _ => Err(self.stray()),
        };
        self.depth -= 1;
        result
    }

    fn argument(&mut self, name: &str) -> Result<&'a str, Wrong> {
        let word = self.peek().ok_or_else(|| vec![format!("missing argument to `{name}'")])?;
        self.at += 1;
        Ok(word)
    }

    fn primary(&mut self, name: &'a str) -> Result<Test, Wrong> {
        if let Some(test) = self.global(name)? {
            return Ok(test);
        }
        self.tests.get_or_insert_with(|| name.to_owned());
        let invalid = |text: &str| vec![format!("invalid argument `{text}' to `{name}'")];
        let test = match name {
            "-true" => Test::True,
            "-false" => Test::False,
            "-empty" => Test::Empty,
            "-nouser" => Test::NoUser,
            "-nogroup" => Test::NoGroup,
            "-readable" | "-writable" | "-executable" => Test::Access(name.chars().nth(1).unwrap_or('r')),
            "-print" => Test::Print("\n"),
            "-print0" => Test::Print("\0"),
            "-ls" => Test::List,
            "-prune" => Test::Prune,
            "-quit" => Test::Quit,
            "-delete" => {
                self.set.depth_first = true;
                Test::Delete
            }
            "-name" | "-iname" => Test::Name(self.argument(name)?.into(), name == "-iname"),
            "-path" | "-wholename" => Test::Path(self.argument(name)?.into(), false),
            "-ipath" | "-iwholename" => Test::Path(self.argument(name)?.into(), true),
            "-lname" | "-ilname" => Test::LinkName(self.argument(name)?.into(), name == "-ilname"),
            "-regex" | "-iregex" => self.regex(name)?,
            "-type" => self.kind(name)?,
            "-mtime" | "-atime" | "-ctime" | "-mmin" | "-amin" | "-cmin" => {
                let text = self.argument(name)?;
                let unit = if name.ends_with("min") { 60 } else { 86_400 };
                let which = name.chars().nth(1).unwrap_or('m');
                Test::Age(which, unit, Compare::parse(text).ok_or_else(|| invalid(text))?)
            }
            "-newer" | "-anewer" | "-cnewer" | "-newermt" => self.newer(name)?,
            "-size" => self.size(name)?,
            "-user" | "-uid" | "-group" | "-gid" => self.owner(name)?,
            "-perm" => {
                let text = self.argument(name)?;
                Test::Permission(permission(text).ok_or_else(|| vec![format!("invalid mode ‘{text}’")])?)
            }
            "-links" | "-inum" => {
                let text = self.argument(name)?;
                let compare = Compare::parse(text).ok_or_else(|| invalid(text))?;
                if name == "-links" { Test::Links(compare) } else { Test::Inode(compare) }
            }
            "-samefile" => {
                let path = self.argument(name)?;
                Test::SameFile(self.cx.lookup(path, true).map_err(|e| vec![format!("‘{path}’: {}", e.message())])?)
            }
            "-printf" => Test::PrintFormat(self.argument(name)?.into()),
            "-exec" | "-execdir" => self.exec(name)?,
            "-ok" | "-okdir" | "-fprint" | "-fprint0" | "-fprintf" | "-fls" | "-context" | "-fstype" | "-used" => {
                return Err(vec![format!("predicate {name} is not simulated")]);
            }
            _ => return Err(vec![format!("unknown predicate `{name}'")]),
        };
        self.action |= test.is_action();
        Ok(test)
    }

    /// Options that hold for the whole search.
    fn global(&mut self, name: &'a str) -> Result<Option<Test>, Wrong> {
        match name {
            "-depth" | "-d" => self.set.depth_first = true,
            "-follow" => self.set.follow = true,
            "-xdev" | "-mount" | "-noleaf" | "-warn" | "-nowarn" | "-ignore_readdir_race" | "-daystart" => {}
            "-regextype" => drop(self.argument(name)?),
            "-maxdepth" | "-mindepth" => {
                if let (Some(test), true) = (&self.tests, self.cx.isatty(0)) {
                    let message = format!(
                        "warning: you have specified the global option {name} after the argument {test}, but global \
                         options are not positional, i.e., {name} affects tests specified before it as well as those \
                         specified after it.  Please specify global options before other arguments."
                    );
                    self.cx.fail(&message);
                }
                let text = self.argument(name)?;
                let Ok(depth) = text.parse::<usize>() else {
                    let what = "Expected a positive decimal integer argument";
                    return Err(vec![format!("{what} to {name}, but got ‘{text}’")]);
                };
                match name {
                    "-maxdepth" => self.set.max_depth = Some(depth),
                    _ => self.set.min_depth = depth,
                }
            }
            _ => return Ok(None),
        }
        Ok(Some(Test::True))
    }

    fn regex(&mut self, name: &str) -> Result<Test, Wrong> {
        let text = self.argument(name)?;
        let flavor = Flavor { whole: true, ignore_case: name == "-iregex", ..Flavor::default() };
        match Regexp::new(text, flavor) {
            Ok(regexp) => Ok(Test::Regex(Box::new(regexp))),
            Err(wrong) => Err(vec![format!("failed to compile regular expression '{text}': {}", wrong.message())]),
        }
    }

    fn kind(&mut self, name: &str) -> Result<Test, Wrong> {
        let text = self.argument(name)?;
        for kind in text.split(',') {
            if kind.len() != 1 || !"bcdpflsD".contains(kind) {
                return Err(vec![format!("Unknown argument to {name}: {kind}")]);
            }
        }
        Ok(Test::Kind(text.replace(',', "")))
    }

    fn newer(&mut self, name: &str) -> Result<Test, Wrong> {
        let text = self.argument(name)?;
        let which = if name.starts_with("-newer") { 'm' } else { name.chars().nth(1).unwrap_or('m') };
        let time: Time = if name == "-newermt" {
            let now = self.cx.now();
            let wrong = || vec![format!("I cannot figure out how to interpret ‘{text}’ as a date or time")];
            date_parse::parse(text, now).ok_or_else(wrong)?
        } else {
            self.cx.stat(text).map(|node| node.mtime).map_err(|e| vec![format!("‘{text}’: {}", e.message())])?
        };
        Ok(Test::NewerThan(which, time))
    }

    fn size(&mut self, name: &str) -> Result<Test, Wrong> {
        let text = self.argument(name)?;
        let last = text.chars().last().unwrap_or('b');
        let (number, unit) = match last {
            '0'..='9' => (text, 512),
            'b' => (&text[..text.len() - 1], 512),
            'c' => (&text[..text.len() - 1], 1),
            'w' => (&text[..text.len() - 1], 2),
            'k' => (&text[..text.len() - 1], 1024),
            'M' => (&text[..text.len() - 1], 1024 * 1024),
            'G' => (&text[..text.len() - 1], 1024 * 1024 * 1024),
            other => return Err(vec![format!("invalid -size type `{other}'")]),
        };
        let compare = Compare::parse(number).ok_or_else(|| vec![format!("Invalid argument `{text}' to -size")])?;
        Ok(Test::Size(compare, unit))
    }

    fn owner(&mut self, name: &str) -> Result<Test, Wrong> {
        let text = self.argument(name)?;
        let number = text.parse::<u32>().ok();
        let files = &self.cx.world.files;
        let unknown = |what: &str| vec![format!("‘{text}’ is not the name of a known {what}")];
        match name {
            "-user" => {
                let known = accounts::user(files, text).map(|user| user.uid).or(number);
                known.map(Test::User).ok_or_else(|| unknown("user"))
            }
            "-group" => {
                let known = accounts::group(files, text).map(|group| group.gid).or(number);
                known.map(Test::Group).ok_or_else(|| vec![format!("‘{text}’ is not the name of an existing group")])
            }
            "-uid" => number.map(Test::User).ok_or_else(|| vec![format!("invalid argument `{text}' to `{name}'")]),
            _ => number.map(Test::Group).ok_or_else(|| vec![format!("invalid argument `{text}' to `{name}'")]),
        }
    }

    fn exec(&mut self, name: &str) -> Result<Test, Wrong> {
        let rest = &self.words[self.at..];
        let plus = rest.windows(2).position(|pair| pair[0] == "{}" && pair[1] == "+");
        let semicolon = rest.iter().position(|word| word == ";");
        match (semicolon, plus) {
            (Some(end), plus) if end > 0 && plus.is_none_or(|plus| end < plus) => {
                self.at += end + 1;
                Ok(Test::Exec(rest[..end].to_vec(), name == "-execdir"))
            }
            (_, Some(end)) if end > 0 => {
                self.at += end + 2;
                self.set.batches.push(rest[..end].to_vec());
                Ok(Test::ExecBatch(self.set.batches.len() - 1))
            }
            _ => Err(vec![format!("missing argument to `{name}'")]),
        }
    }
}

const NO_PARENTHESIS: &str = "invalid expression; I was expecting to find a ')' somewhere but did not see one.";
