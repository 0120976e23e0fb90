//! Pipes: bytes in order, a limit, and ends that can be closed: pipe(7).

use std::collections::VecDeque;

/// How many bytes a pipe holds before a writer has to wait.
pub const PIPE_BYTES: usize = 65_536;

/// A pipe.
#[derive(Clone, Debug, Default)]
pub struct Pipe {
    /// Written and not read yet.
    pub buffer: VecDeque<u8>,
    /// Open reading ends.
    pub readers: u32,
    /// Open writing ends.
    pub writers: u32,
    /// The file of a named pipe: its ends come and go.
    pub named: Option<u64>,
    /// Whether it ever had a reader, and a writer: who opens the first end of a named pipe waits for the other.
    pub met: (bool, bool),
}

impl Pipe {
    /// How many more bytes fit.
    pub fn room(&self) -> usize {
        PIPE_BYTES.saturating_sub(self.buffer.len())
    }

    /// Whether a reader that finds nothing has come to the end.
    pub fn is_at_end(&self) -> bool {
        self.writers == 0 && (self.named.is_none() || self.met.1)
    }

    /// Whether nobody will ever read what is written.
    pub fn is_broken(&self) -> bool {
        self.readers == 0 && (self.named.is_none() || self.met.0)
    }

    /// Takes up to `max` bytes out.
    pub fn take(&mut self, max: usize) -> Vec<u8> {
        let n = max.min(self.buffer.len());
        self.buffer.drain(..n).collect()
    }
}
