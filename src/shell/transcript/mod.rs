//! Transcripts: commands with their output and exit status, recorded on a real machine or played on a simulated one.

mod format;
mod player;
mod score;

pub use format::{Directive, FormatError, Line, Transcript};
pub use player::play;
pub use score::{Score, canonical, compare};
