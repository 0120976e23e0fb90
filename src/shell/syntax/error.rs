//! What bash says of text that it cannot parse: bash(1), SHELL GRAMMAR.

/// A syntax error, in bash's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Line number, from 1, as bash counts it.
    pub line: u32,
    /// The messages, without any prefix; mostly one.
    pub messages: Vec<String>,
    /// The line of the text on which it happened: a shell that is not interactive prints it as a further message.
    pub source_line: Option<String>,
    /// The reserved word that would have been right: dash names it.
    pub expected: Option<&'static str>,
    /// The error is that the text ended: more text could make it right.
    pub at_end: bool,
}

impl SyntaxError {
    /// An error with one message and no line of the source.
    pub(super) fn new(line: u32, message: String) -> Self {
        Self { line, messages: vec![message], source_line: None, expected: None, at_end: false }
    }

    /// The text ended within a quote or an expansion that `close` ends.
    pub(super) fn unmatched(line: u32, close: char) -> Self {
        let mut error = Self::new(line, format!("unexpected EOF while looking for matching `{close}'"));
        error.at_end = true;
        error
    }

    /// All that bash writes to its standard error, each line ended.
    ///
    /// `name` is `-bash`, the name of the script, or `bash: -c`; an interactive shell says neither line numbers nor the
    /// line of the source.
    pub fn report(&self, name: &str, interactive: bool) -> String {
        let prefix = if interactive { format!("{name}: ") } else { format!("{name}: line {}: ", self.line) };
        let mut out: String = self.messages.iter().map(|message| format!("{prefix}{message}\n")).collect();
        if let (false, Some(line)) = (interactive, &self.source_line) {
            out.push_str(&format!("{prefix}`{line}'\n"));
        }
        out
    }
}
