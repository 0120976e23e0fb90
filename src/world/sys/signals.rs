//! What a process does with its signals: sigaction(2).

use super::Sys;
use crate::world::Signal;

impl Sys<'_> {
    /// Takes the next caught signal that arrived.
    pub fn take_signal(&mut self) -> Option<Signal> {
        let signals = &mut self.me_mut().signals;
        let ready = crate::world::SignalSet(signals.pending.0 & signals.caught.0 & !signals.blocked.0);
        let signal = ready.first()?;
        signals.pending.remove(signal);
        Some(signal)
    }

    /// From now on `signal` is given to the program: [`Sys::take_signal`].
    pub fn catch(&mut self, signal: Signal) {
        self.world.set_disposition(self.pid, signal, false, true);
    }

    /// From now on `signal` is dropped.
    pub fn ignore(&mut self, signal: Signal) {
        self.world.set_disposition(self.pid, signal, true, false);
    }

    /// From now on `signal` does what it does by default.
    pub fn default_signal(&mut self, signal: Signal) {
        self.world.set_disposition(self.pid, signal, false, false);
    }
}
