//! A terminal of a multiplexer with a program on it: pty(7). The server holds the other end, so it lives as long as the
//! server does, whatever happens to the terminal from which it was opened.

use crate::commands::process::launch::{execvp, print};
use crate::world::{Errno, OpenKind, Pid, Program, Signal, Step, Sys, TtyId};

/// An open pane.
#[derive(Clone, Debug)]
pub struct Pane {
    /// Its terminal.
    pub tty: TtyId,
    /// The leader of the session on it.
    pub leader: Pid,
}

/// What is started on a pane.
#[derive(Clone, Debug)]
pub struct Start {
    /// A line for the user's shell; `None`: a login shell.
    pub command: Option<Vec<String>>,
    /// Its working directory.
    pub cwd: String,
    /// Variables set besides those of the server.
    pub env: Vec<(String, String)>,
    /// Size in columns and rows.
    pub size: (u16, u16),
}

/// The child between fork and exec.
#[derive(Clone)]
struct Child {
    tty: TtyId,
    start: Start,
}

impl Program for Child {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        let pid = sys.pid;
        // What the server ignores is its own affair.
        for signal in [Signal::HUP, Signal::INT, Signal::QUIT, Signal::PIPE, Signal::TERM, Signal::USR1, Signal::CHLD] {
            sys.default_signal(signal);
        }
        let _ = sys.world.setsid(pid);
        sys.world.close_all(pid);
        let _ = sys.world.set_controlling_terminal(pid, self.tty);
        let name = sys.world.terminals.get(&self.tty).map_or(String::new(), |t| t.name.clone());
        for fd in 0..3 {
            let file = sys.world.open_object(OpenKind::Tty(self.tty), &format!("/dev/{name}"));
            sys.world.install(pid, fd, file, false);
        }
        let _ = sys.chdir(&self.start.cwd);
        let mut env = sys.me().env.to_vec();
        for (name, value) in &self.start.env {
            crate::world::setenv(&mut env, name, value);
        }
        let shell = sys.getenv("SHELL").filter(|s| s.starts_with('/')).unwrap_or_else(|| "/bin/sh".into());
        let base = shell.rsplit('/').next().unwrap_or("sh").to_owned();
        let result = match self.start.command.as_deref() {
            None | Some([]) => sys.exec(&shell, &[format!("-{base}")], env),
            Some([line]) => sys.exec(&shell, &[base, "-c".into(), line.clone()], env),
            Some(argv) => execvp(sys, argv, Some(env)),
        };
        result.unwrap_or_else(|errno| {
            print(sys, 2, &format!("{}\n", errno.message()));
            Step::Exit(1)
        })
    }
}

/// Opens a terminal and starts a program on it, as a child of the calling process. Errors: EAGAIN.
pub fn open(sys: &mut Sys<'_>, start: Start) -> Result<Pane, Errno> {
    let (server, uid) = (sys.pid, sys.uid());
    let tty = sys.world.open_terminal(server, uid);
    if let Some(terminal) = sys.world.terminals.get_mut(&tty) {
        (terminal.columns, terminal.rows) = start.size;
    }
    let leader = sys.fork(Box::new(Child { tty, start }))?;
    Ok(Pane { tty, leader })
}

/// Closes a pane: its session is hung up.
pub fn close(sys: &mut Sys<'_>, pane: &Pane) {
    sys.world.hang_up(pane.tty);
}
