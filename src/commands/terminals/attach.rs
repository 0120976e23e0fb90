//! The client of a multiplexer: what is typed goes to the pane, what the pane prints comes here, until somebody detaches.

use crate::commands::process::launch::print;
use crate::world::{Channel, Errno, Fd, Pid, Sys, TtyId, Wait};

/// How a client was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// The prefix key and `d`, or somebody else asked for it.
    Detached,
    /// The program on the pane ended.
    Ended,
    /// The server is gone.
    Lost,
}

/// An attached client.
#[derive(Clone, Debug)]
pub struct Client {
    own: TtyId,
    pane: TtyId,
    server: Pid,
    prefix: u8,
    prefixed: bool,
    canonical: bool,
    /// There was a program on the pane.
    begun: bool,
    /// The connection to the server: it is closed when the server wants the client to leave.
    line: Fd,
}

impl Client {
    /// Attaches the terminal of standard input to a pane. `None` when that is no terminal.
    pub fn new(sys: &mut Sys<'_>, pane: TtyId, server: Pid, prefix: u8, line: Fd) -> Option<Client> {
        let own = sys.tty_of(0)?;
        let size = sys.world.terminals.get(&own).map(|t| (t.columns, t.rows))?;
        let canonical = sys.world.terminals.get_mut(&own).map(|t| std::mem::replace(&mut t.canonical, false))?;
        if let Some(terminal) = sys.world.terminals.get_mut(&pane) {
            (terminal.columns, terminal.rows) = size;
        }
        // The screen is drawn anew: all that a new client sees of before is the line the cursor is on.
        let line_now = sys.world.terminals.get(&pane).map(|t| t.last_line()).unwrap_or_default();
        let unseen = sys.world.terminals.get_mut(&pane).map(|t| t.take_output()).unwrap_or_default();
        let unseen = String::from_utf8_lossy(&unseen).into_owned();
        print(sys, 1, if unseen.is_empty() { &line_now } else { &unseen });
        Some(Client { own, pane, server, prefix, prefixed: false, canonical, begun: false, line })
    }

    /// Moves bytes both ways; `Ok` says how the client was left.
    pub fn step(&mut self, sys: &mut Sys<'_>) -> Result<Left, Wait> {
        if let Some(left) = self.relay(sys) {
            if let Some(terminal) = sys.world.terminals.get_mut(&self.own) {
                terminal.canonical = self.canonical;
            }
            return Ok(left);
        }
        let wait = Wait::channel(Channel::Tty(self.own)).or_channel(Channel::Screen(self.pane)).or_fd(self.line);
        Err(wait)
    }

    fn relay(&mut self, sys: &mut Sys<'_>) -> Option<Left> {
        let mut left = None;
        while left.is_none() {
            match sys.read(0, 65_536) {
                Ok(bytes) if bytes.is_empty() => left = Some(Left::Detached),
                Ok(bytes) => left = self.typed(sys, &bytes),
                Err(Errno::EAGAIN) => break,
                Err(_) => left = Some(Left::Detached),
            }
        }
        let printed = sys.world.terminals.get_mut(&self.pane).map(|t| t.take_output()).unwrap_or_default();
        print(sys, 1, &String::from_utf8_lossy(&printed));
        let lives = sys.world.process(self.server).is_some_and(|p| !p.is_zombie());
        let pane = sys.world.terminals.get(&self.pane);
        // A program that was started this moment has not made the terminal its own yet.
        self.begun |= pane.is_some_and(|t| t.session.is_some());
        let open = pane.is_some_and(|t| !t.hung_up && (t.session.is_some() || !self.begun));
        match sys.read(self.line, 64) {
            // With its last session the server goes, too: for the client the program has ended.
            _ if !open => left.or(Some(Left::Ended)),
            _ if !lives => left.or(Some(Left::Lost)),
            Err(Errno::EAGAIN) => left,
            _ => left.or(Some(Left::Detached)),
        }
    }

    fn typed(&mut self, sys: &mut Sys<'_>, bytes: &[u8]) -> Option<Left> {
        let mut passed = Vec::new();
        for byte in bytes {
            match (self.prefixed, *byte) {
                (false, byte) if byte == self.prefix => self.prefixed = true,
                (false, byte) => passed.push(byte),
                (true, b'd') => return Some(Left::Detached),
                (true, byte) => {
                    self.prefixed = false;
                    if byte == self.prefix {
                        passed.push(byte);
                    }
                }
            }
        }
        sys.world.type_at(self.pane, &passed);
        None
    }
}
