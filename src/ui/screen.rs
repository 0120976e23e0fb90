//! Writing to standard output when whoever reads it may be gone: `concierge list | head -1` ends quietly.

use std::io::{self, Write};

/// Writes text at once. When nobody reads any more the process ends, as SIGPIPE would end it; progress is saved already.
pub fn put(text: &str) {
    let mut out = io::stdout();
    if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err() {
        std::process::exit(141);
    }
}

/// Writes a line.
pub fn line(text: &str) {
    put(&format!("{text}\n"));
}
