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
}

impl Pipe {
    /// How many more bytes fit.
    pub fn room(&self) -> usize {
        PIPE_BYTES.saturating_sub(self.buffer.len())
    }

    /// Takes up to `max` bytes out.
    pub fn take(&mut self, max: usize) -> Vec<u8> {
        let n = max.min(self.buffer.len());
        self.buffer.drain(..n).collect()
    }
}
