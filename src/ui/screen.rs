//! The host's terminal as a place to write: its size, how much was written, and a quiet end when nobody reads any more
//! (`concierge list | head -1`).

use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many lines were written in all.
static LINES: AtomicUsize = AtomicUsize::new(0);

/// Writes text at once. When nobody reads any more the process ends, as SIGPIPE would end it; progress is saved already.
pub fn put(text: &str) {
    LINES.fetch_add(text.matches('\n').count(), Ordering::Relaxed);
    let mut out = io::stdout();
    if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err() {
        std::process::exit(141);
    }
}

/// Writes a line.
pub fn line(text: &str) {
    put(&format!("{text}\n"));
}

/// How many lines were written so far.
pub fn lines() -> usize {
    LINES.load(Ordering::Relaxed)
}

/// Columns and rows: `COLUMNS` and `LINES`, the terminal's own answer, or 80 and 24.
pub fn size() -> (usize, usize) {
    let said = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok()).filter(|n: &usize| *n > 0);
    let (columns, rows) = asked().unwrap_or((80, 24));
    (said("COLUMNS").unwrap_or(columns), said("LINES").unwrap_or(rows))
}

#[cfg(unix)]
fn asked() -> Option<(usize, usize)> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    (size.ws_col > 0 && size.ws_row > 0).then(|| (usize::from(size.ws_col), usize::from(size.ws_row)))
}

#[cfg(not(unix))]
fn asked() -> Option<(usize, usize)> {
    use rustyline::history::MemHistory;
    let mut editor = rustyline::Editor::<(), MemHistory>::with_history(Default::default(), MemHistory::new()).ok()?;
    let (columns, rows) = editor.dimensions()?;
    (columns > 0 && rows > 0).then(|| (usize::from(columns), usize::from(rows)))
}
