//! What journalctl makes of its options before the journal is opened: journalctl(1).

use regex::bytes::Regex;

use super::words::{FACILITIES, boot_descriptor, facility, log_level};
use crate::commands::journal::format::{MODES, OutputMode};
use crate::commands::options::{Given, Parsed};
use crate::systemd::journal::{JournalFiles, is_field_name};
use crate::systemd::{span, timestamp, value};
use crate::world::Time;

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
    Relinquish,
    UpdateCatalog,
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
    /// Another root folder or namespace, where nothing is.
    pub elsewhere: bool,
    pub since: Option<Time>,
    pub until: Option<Time>,
    pub cursor: Option<String>,
    pub after_cursor: Option<String>,
    pub show_cursor: bool,
    /// Where the cursor is read from and kept.
    pub cursor_file: Option<String>,
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
        match (given.key, given.text()) {
            ("output", "help") => return Err((0, output_words())),
            ("facility", "help") => return Err((0, facility_words())),
            _ => {}
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
            "root" | "namespace" => request.elsewhere |= !matches!(text, "" | "/"),
            "machine" => request.machine = Some(text.into()),
            "merge" => request.merge = true,
            "directory" => request.directory = Some(text.into()),
            "file" => request.file = Some(text.into()),
            "since" => request.since = Some(moment(text, now)?),
            "until" => request.until = Some(moment(text, now)?),
            "cursor" => request.cursor = Some(text.into()),
            "after-cursor" => request.after_cursor = Some(text.into()),
            "cursor-file" => request.cursor_file = Some(text.into()),
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
                    return Err("Failed to query unique data objects: Invalid argument".into());
                }
                request.action = Action::ListFields(text.into());
            }
            "list-boots" => request.action = Action::ListBoots,
            "disk-usage" => request.action = Action::DiskUsage,
            "header" => request.action = Action::Header,
            "verify" => request.action = Action::Verify,
            "flush" => request.action = Action::Flush,
            "sync" => request.action = Action::Sync,
            "relinquish-var" | "smart-relinquish-var" => request.action = Action::Relinquish,
            "update-catalog" => request.action = Action::UpdateCatalog,
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

/// What `--facility=help` prints.
fn facility_words() -> String {
    let lines: Vec<&str> = ["Available facilities:"].iter().chain(FACILITIES).copied().collect();
    lines.join("\n")
}

/// The words that `-o help` prints.
fn output_words() -> String {
    MODES.iter().map(|(word, _)| *word).collect::<Vec<_>>().join("\n")
}
