//! How entries of the journal are printed: journalctl(1), `--output=`.

mod catalog;
mod export;
mod json;
mod multiline;
mod short;

use std::sync::Arc;

use crate::commands::systemctl::times::format_bytes;
use crate::systemd::journal::{Entry, Journal};

pub use multiline::ellipsize;

/// `--output=`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OutputMode {
    #[default]
    Short,
    ShortFull,
    ShortIso,
    ShortIsoPrecise,
    ShortPrecise,
    ShortMonotonic,
    ShortDelta,
    ShortUnix,
    Verbose,
    Export,
    Json,
    JsonPretty,
    JsonSse,
    JsonSeq,
    Cat,
    WithUnit,
}

/// Every mode with its word, in the order in which `--output=help` lists them.
pub const MODES: &[(&str, OutputMode)] = &[
    ("short", OutputMode::Short),
    ("short-full", OutputMode::ShortFull),
    ("short-iso", OutputMode::ShortIso),
    ("short-iso-precise", OutputMode::ShortIsoPrecise),
    ("short-precise", OutputMode::ShortPrecise),
    ("short-monotonic", OutputMode::ShortMonotonic),
    ("short-delta", OutputMode::ShortDelta),
    ("short-unix", OutputMode::ShortUnix),
    ("verbose", OutputMode::Verbose),
    ("export", OutputMode::Export),
    ("json", OutputMode::Json),
    ("json-pretty", OutputMode::JsonPretty),
    ("json-sse", OutputMode::JsonSse),
    ("json-seq", OutputMode::JsonSeq),
    ("cat", OutputMode::Cat),
    ("with-unit", OutputMode::WithUnit),
];

impl OutputMode {
    /// The mode a word names.
    pub fn parse(word: &str) -> Option<Self> {
        MODES.iter().find(|(name, _)| *name == word).map(|(_, mode)| *mode)
    }

    /// Whether notes such as `-- No entries --` are left out: the output is for machines.
    pub fn is_quiet(self) -> bool {
        use OutputMode::{Cat, Export, Json, JsonPretty, JsonSeq, JsonSse};
        matches!(self, Export | Json | JsonPretty | JsonSse | JsonSeq | Cat)
    }

    /// Whether a line begins with a time.
    fn is_short(self) -> bool {
        !self.is_quiet() && self != OutputMode::Verbose
    }
}

/// How entries are printed.
#[derive(Clone, Debug, Default)]
pub struct Style {
    /// `--output=`.
    pub mode: OutputMode,
    /// Lines are shortened to this width; `None`: shown in full.
    pub columns: Option<usize>,
    /// `--all`: unprintable and long fields are shown.
    pub all: bool,
    /// Priorities are coloured.
    pub colour: bool,
    /// `--no-hostname`.
    pub no_hostname: bool,
    /// `--catalog`: explanations follow.
    pub catalog: bool,
    /// `--output-fields=`; `None`: all of them.
    pub fields: Option<Vec<String>>,
    /// What `--grep` found in the message being printed: a range of bytes.
    pub highlight: Option<(usize, usize)>,
    /// The entry that was printed before (`short-delta`).
    pub previous: Option<Arc<Entry>>,
}

/// Appends an entry to `out`; tells whether something was shortened.
pub fn print_entry(journal: &Journal, entry: &Entry, style: &Style, out: &mut Vec<u8>) -> bool {
    let mode = style.mode;
    let ellipsized = match mode {
        OutputMode::Verbose => {
            export::verbose(journal, entry, style, out);
            false
        }
        OutputMode::Export => {
            export::export(journal, entry, style, out);
            false
        }
        OutputMode::Json | OutputMode::JsonPretty | OutputMode::JsonSse | OutputMode::JsonSeq => {
            json::json(journal, entry, style, out);
            false
        }
        OutputMode::Cat => {
            short::cat(entry, style, out);
            false
        }
        _ => short::short(entry, style, out),
    };
    if style.catalog && (mode.is_short() || mode == OutputMode::Verbose) {
        catalog::explain(entry, out);
    }
    ellipsized
}

/// Whether text can be shown on a terminal as it is: UTF-8 without control characters besides newline and tab.
fn is_printable(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| text.chars().all(|c| c == '\n' || c == '\t' || !c.is_control()))
}

/// `[35B blob data]`
fn blob(length: usize) -> String {
    let length = u64::try_from(length).unwrap_or(u64::MAX);
    format!("[{} blob data]", format_bytes(length))
}
