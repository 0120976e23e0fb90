//! The options of journalctl: its table, and what is made of them before the journal is opened: journalctl(1).

use regex::bytes::Regex;

use super::words::{boot_descriptor, facility, log_level};
use crate::commands::journal::format::{MODES, OutputMode};
use crate::commands::options::{Given, Hint, Opt, Options, Parsed, Takes, absent, flag, optional, value as with_value};
use crate::systemd::journal::{JournalFiles, is_field_name};
use crate::systemd::{span, timestamp, value};
use crate::world::Time;

const TABLE: &[Opt] = &[
    flag('h', "help"),
    flag('\0', "system"),
    flag('\0', "user"),
    with_value('M', "machine"),
    flag('m', "merge"),
    with_value('D', "directory"),
    with_value('\0', "file"),
    absent('\0', "root"),
    absent('\0', "image"),
    absent('\0', "namespace"),
    with_value('S', "since"),
    with_value('U', "until"),
    with_value('c', "cursor"),
    with_value('\0', "after-cursor"),
    absent('\0', "cursor-file"),
    flag('\0', "show-cursor"),
    optional('b', "boot"),
    with_value('u', "unit"),
    with_value('\0', "user-unit"),
    with_value('t', "identifier"),
    with_value('p', "priority"),
    with_value('\0', "facility"),
    with_value('g', "grep"),
    optional('\0', "case-sensitive"),
    flag('k', "dmesg"),
    flag('e', "pager-end"),
    flag('f', "follow"),
    optional('n', "lines"),
    flag('\0', "no-tail"),
    flag('r', "reverse"),
    with_value('o', "output"),
    flag('\0', "utc"),
    flag('x', "catalog"),
    flag('\0', "no-full"),
    flag('l', "full"),
    flag('a', "all"),
    flag('q', "quiet"),
    flag('\0', "no-pager"),
    flag('\0', "no-hostname"),
    with_value('\0', "output-fields"),
    flag('N', "fields"),
    with_value('F', "field"),
    flag('\0', "list-boots"),
    flag('\0', "disk-usage"),
    with_value('\0', "vacuum-size"),
    with_value('\0', "vacuum-files"),
    with_value('\0', "vacuum-time"),
    flag('\0', "verify"),
    absent('\0', "verify-key"),
    flag('\0', "sync"),
    absent('\0', "relinquish-var"),
    absent('\0', "smart-relinquish-var"),
    flag('\0', "flush"),
    flag('\0', "rotate"),
    flag('\0', "header"),
    absent('\0', "list-catalog"),
    absent('\0', "dump-catalog"),
    absent('\0', "update-catalog"),
    absent('\0', "setup-keys"),
    absent('\0', "force"),
    absent('\0', "interval"),
];

/// How journalctl reads its arguments.
pub(super) const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[OPTIONS...] [MATCHES...]",
    version: "252 (252.22-1~deb12u1)",
    status: 1,
    hint: Hint::Nothing,
    in_order: false,
};

/// What is to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Action {
    #[default]
    Show,
    ListBoots,
    ListFields(String),
    ListFieldNames,
    DiskUsage,
    Header,
    Verify,
    Flush,
    Sync,
    Rotate,
    Vacuum,
}

/// Which boot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct BootChoice {
    /// 32 hexadecimal digits; `None`: counted from the ends.
    pub id: Option<String>,
    /// 0 and less count from the last boot, more from the first.
    pub offset: i64,
}

/// A command line, understood.
#[derive(Clone, Debug, Default)]
pub(super) struct Request {
    pub action: Action,
    pub rotate: bool,
    pub files: JournalFiles,
    pub directory: Option<String>,
    pub file: Option<String>,
    pub machine: Option<String>,
    pub since: Option<Time>,
    pub until: Option<Time>,
    pub cursor: Option<String>,
    pub after_cursor: Option<String>,
    pub show_cursor: bool,
    pub boot: Option<BootChoice>,
    pub units: Vec<String>,
    pub user_units: Vec<String>,
    pub identifiers: Vec<String>,
    /// From the gravest to the lightest level.
    pub priorities: Option<(u8, u8)>,
    pub facilities: Vec<u8>,
    pub pattern: Option<Regex>,
    pub dmesg: bool,
    pub follow: bool,
    pub lines: Option<usize>,
    pub reverse: bool,
    pub mode: OutputMode,
    pub catalog: bool,
    pub full: bool,
    pub all: bool,
    pub quiet: bool,
    pub no_hostname: bool,
    pub merge: bool,
    pub fields: Option<Vec<String>>,
    pub vacuum: crate::systemd::journal::Vacuum,
    pub matches: Vec<String>,
}

/// Why a command line was refused: an exit status and what is said (on standard output when the status is 0).
pub(super) type Stop = (u8, String);

/// State that only reading the options needs.
#[derive(Default)]
struct Draft {
    request: Request,
    pattern: Option<String>,
    case_sensitive: Option<bool>,
    lines: Option<Option<usize>>,
    no_tail: bool,
}

/// Understands options that were taken apart.
pub(super) fn understand(parsed: Parsed, now: Time) -> Result<Request, Stop> {
    let mut draft = Draft { request: Request { full: true, ..Request::default() }, ..Draft::default() };
    for given in &parsed.options {
        if (given.key, given.text()) == ("output", "help") {
            return Err((0, output_words()));
        }
        draft.option(given, now).map_err(|message| (1, message))?;
    }
    draft.request.matches = parsed.operands;
    draft.finish().map_err(|message| (1, message))
}

impl Draft {
    fn option(&mut self, given: &Given, now: Time) -> Result<(), String> {
        let request = &mut self.request;
        let text = given.text();
        match given.key {
            "system" => request.files = JournalFiles::System,
            "user" => request.files = JournalFiles::User,
            "machine" => request.machine = Some(text.into()),
            "merge" => request.merge = true,
            "directory" => request.directory = Some(text.into()),
            "file" => request.file = Some(text.into()),
            "since" => request.since = Some(moment(text, now)?),
            "until" => request.until = Some(moment(text, now)?),
            "cursor" => request.cursor = Some(text.into()),
            "after-cursor" => request.after_cursor = Some(text.into()),
            "show-cursor" => request.show_cursor = true,
            "boot" => request.boot = boot(given.value.as_deref())?,
            "unit" => request.units.push(text.into()),
            "user-unit" => request.user_units.push(text.into()),
            "identifier" => request.identifiers.push(text.into()),
            "priority" => request.priorities = Some(priorities(text)?),
            "facility" => request.facilities.extend(facilities(text)?),
            "grep" => self.pattern = Some(text.into()),
            "case-sensitive" => self.case_sensitive = Some(case_sensitive(given.value.as_deref())?),
            "dmesg" => {
                request.dmesg = true;
                request.boot.get_or_insert_default();
            }
            "pager-end" => self.lines = self.lines.or(Some(Some(1000))),
            "follow" => request.follow = true,
            "lines" => self.lines = Some(lines(given.value.as_deref())?),
            "no-tail" => self.no_tail = true,
            "reverse" => request.reverse = true,
            "output" => {
                request.mode = OutputMode::parse(text).ok_or_else(|| format!("Unknown output format '{text}'."))?;
                request.quiet |= request.mode.is_quiet();
            }
            "catalog" => request.catalog = true,
            "no-full" => request.full = false,
            "full" => request.full = true,
            "all" => request.all = true,
            "quiet" => request.quiet = true,
            "no-hostname" => request.no_hostname = true,
            "output-fields" => {
                let names = text.split(',').filter(|n| !n.is_empty()).map(str::to_owned);
                request.fields.get_or_insert_default().extend(names);
            }
            other => return self.action(other, text, now),
        }
        Ok(())
    }

    /// Options that ask for something else than showing entries.
    fn action(&mut self, key: &str, text: &str, now: Time) -> Result<(), String> {
        let request = &mut self.request;
        match key {
            "fields" => request.action = Action::ListFieldNames,
            "field" => {
                if !is_field_name(text) {
                    return Err(format!("Invalid field name '{text}'."));
                }
                request.action = Action::ListFields(text.into());
            }
            "list-boots" => request.action = Action::ListBoots,
            "disk-usage" => request.action = Action::DiskUsage,
            "header" => request.action = Action::Header,
            "verify" => request.action = Action::Verify,
            "flush" => request.action = Action::Flush,
            "sync" => request.action = Action::Sync,
            "rotate" => {
                request.rotate = true;
                if request.action != Action::Vacuum {
                    request.action = Action::Rotate;
                }
            }
            "vacuum-size" => {
                let size = value::parse_size(text, 1024).map_err(|_| format!("Failed to parse vacuum size: {text}"))?;
                request.vacuum.size = Some(size);
                request.action = Action::Vacuum;
            }
            "vacuum-files" => {
                let count = text.parse().map_err(|_| format!("Failed to parse vacuum files: {text}"))?;
                request.vacuum.files = Some(count);
                request.action = Action::Vacuum;
            }
            "vacuum-time" => {
                let age = span::parse_sec(text).map_err(|_| format!("Failed to parse vacuum time: {text}"))?;
                request.vacuum.until = Some(Time(now.0.saturating_sub(age)));
                request.action = Action::Vacuum;
            }
            // --no-pager and --utc change nothing: there is no pager, and the local time is UTC.
            _ => {}
        }
        Ok(())
    }

    /// Looks at all options together.
    fn finish(mut self) -> Result<Request, String> {
        let request = &mut self.request;
        let places = [&request.directory, &request.file, &request.machine];
        if places.iter().filter(|place| place.is_some()).count() > 1 {
            let all = "-D/--directory=, --file=, -M/--machine=, --root=, --image=";
            return Err(format!("Please specify at most one of {all}."));
        }
        if request.since.zip(request.until).is_some_and(|(since, until)| since > until) {
            return Err("--since= must be before --until=.".into());
        }
        let starts = [request.cursor.is_some(), request.after_cursor.is_some(), request.since.is_some()];
        if starts.iter().filter(|given| **given).count() > 1 {
            return Err("Please specify only one of --since=, --cursor=, and --after-cursor=.".into());
        }
        if request.follow && request.reverse {
            return Err("Please specify either --reverse= or --follow=, not both.".into());
        }
        if request.action != Action::Show
            && let Some(first) = request.matches.first()
        {
            return Err(format!("Extraneous arguments starting with '{first}'"));
        }
        if request.merge && (request.boot.is_some() || request.action == Action::ListBoots) {
            return Err("Using --boot or --list-boots with --merge is not supported.".into());
        }
        if request.files == JournalFiles::User {
            request.user_units.append(&mut request.units);
        }
        if request.follow && !self.no_tail && request.since.is_none() {
            self.lines = self.lines.or(Some(Some(10)));
        }
        request.lines = self.lines.flatten();
        if let Some(pattern) = &self.pattern {
            request.pattern = Some(super::words::pattern(pattern, self.case_sensitive)?);
            request.reverse |= request.lines.is_some() && !request.follow;
        }
        Ok(self.request)
    }
}

fn moment(text: &str, now: Time) -> Result<Time, String> {
    let parsed = timestamp::parse_timestamp(text, now.0, &jiff::tz::TimeZone::UTC);
    parsed.map(Time).map_err(|_| format!("Failed to parse timestamp: {text}"))
}

/// `-b` with or without a descriptor; `None` for `all`.
fn boot(text: Option<&str>) -> Result<Option<BootChoice>, String> {
    match text {
        None => Ok(Some(BootChoice::default())),
        Some(text) => boot_descriptor(text).ok_or_else(|| format!("Failed to parse boot descriptor '{text}'")),
    }
}

/// `-n` with or without a number; `None` for `all`.
fn lines(text: Option<&str>) -> Result<Option<usize>, String> {
    match text {
        None => Ok(Some(10)),
        Some("all") => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| format!("Failed to parse lines '{text}'")),
    }
}

fn priorities(text: &str) -> Result<(u8, u8), String> {
    if let Some((from, to)) = text.split_once("..") {
        let (from, to) =
            log_level(from).zip(log_level(to)).ok_or_else(|| format!("Failed to parse log level range {text}"))?;
        return Ok((from.min(to), from.max(to)));
    }
    log_level(text).map(|level| (0, level)).ok_or_else(|| format!("Unknown log level {text}"))
}

fn facilities(text: &str) -> Result<Vec<u8>, String> {
    let one = |word: &str| facility(word).ok_or_else(|| format!("Bad --facility= argument \"{word}\"."));
    text.split(',').filter(|word| !word.is_empty()).map(one).collect()
}

fn case_sensitive(text: Option<&str>) -> Result<bool, String> {
    let Some(text) = text else { return Ok(true) };
    value::parse_boolean(text).ok_or_else(|| format!("Bad --case-sensitive= argument \"{text}\": Invalid argument"))
}

/// The words that `-o help` prints.
fn output_words() -> String {
    MODES.iter().map(|(word, _)| *word).collect::<Vec<_>>().join("\n")
}

/// Glues the argument of `-b` and `-n` to it when the next word can be one: their argument is optional, but journalctl
/// looks at the next word too.
pub(super) fn glue(args: &[String]) -> Vec<String> {
    let mut out = Vec::with_capacity(args.len());
    let mut rest = args.iter().peekable();
    while let Some(arg) = rest.next() {
        if arg == "--" {
            out.push(arg.clone());
            out.extend(rest.by_ref().cloned());
            break;
        }
        let mut arg = arg.clone();
        match last_option(&arg) {
            Some((opt, long)) if opt.takes == Takes::Argument => {
                out.push(std::mem::take(&mut arg));
                arg = match rest.next() {
                    Some(value) => value.clone(),
                    None => break,
                };
                let _ = long;
            }
            Some((opt, long)) => {
                let fits = |word: &str| match opt.key {
                    "boot" => boot_descriptor(word).is_some(),
                    "lines" => word == "all" || word.parse::<u32>().is_ok(),
                    _ => false,
                };
                if let Some(word) = rest.next_if(|word| fits(word)) {
                    let equals = if long { "=" } else { "" };
                    arg = format!("{arg}{equals}{word}");
                }
            }
            None => {}
        }
        out.push(arg);
    }
    out
}

/// The option that ends a word and has no argument in it yet; whether it is a long one.
fn last_option(word: &str) -> Option<(&'static Opt, bool)> {
    if let Some(long) = word.strip_prefix("--") {
        if long.contains('=') {
            return None;
        }
        let exact = TABLE.iter().find(|o| o.long == long);
        return exact.or_else(|| TABLE.iter().find(|o| o.long.starts_with(long))).map(|o| (o, true));
    }
    let letters = word.strip_prefix('-')?;
    for (at, letter) in letters.char_indices() {
        let opt = TABLE.iter().find(|o| o.short == letter)?;
        let last = at + letter.len_utf8() == letters.len();
        match opt.takes {
            Takes::Nothing => {}
            Takes::NotSimulated => return None,
            _ => return last.then_some((opt, false)),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glued(line: &str) -> String {
        let args: Vec<String> = line.split(' ').map(str::to_owned).collect();
        glue(&args).join(" ")
    }

    #[test]
    fn an_argument_may_stand_in_the_next_word() {
        assert_eq!(glued("-b -1 -u x"), "-b-1 -u x");
        assert_eq!(glued("-n 5 -b"), "-n5 -b");
        assert_eq!(glued("-n many"), "-n many");
        assert_eq!(glued("--lines 5 --boot all"), "--lines=5 --boot=all");
        assert_eq!(glued("-u -n 5"), "-u -n 5");
        assert_eq!(glued("-xen 20"), "-xen20");
        assert_eq!(glued("-n -5"), "-n -5");
        assert_eq!(glued("-b abc"), "-b abc");
    }
}
