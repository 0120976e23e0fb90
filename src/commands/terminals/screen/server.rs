//! The process of a screen session: it holds the terminal, and closes its clients' connections when they are to leave.

use super::super::pane::{Pane, Start, close, open};
use crate::world::{Address, Channel, ChildEvent, Errno, Fd, OpenFlags, Program, Signal, Step, Sys, Wait};

/// The process that holds a session's terminal.
#[derive(Clone)]
pub struct Server {
    folder: String,
    name: String,
    title: String,
    start: Start,
    running: Option<(Pane, Fd, Vec<Fd>)>,
}

impl Server {
    /// A session's process, which will put its socket into `folder`; `title` is the line that `ps` shows.
    pub fn new(folder: String, name: String, title: String, start: Start) -> Server {
        Server { folder, name, title, start, running: None }
    }

    fn begin(&self, sys: &mut Sys<'_>) -> Option<(Pane, Fd)> {
        let pid = sys.pid;
        let _ = sys.world.setsid(pid);
        sys.world.close_all(pid);
        for fd in 0..3 {
            let null =
                sys.open_file("/dev/null", OpenFlags { read: true, write: true, ..OpenFlags::default() }, 0).ok()?;
            sys.world.install(pid, fd, null, false);
        }
        let me = sys.me_mut();
        me.comm = "screen".into();
        me.argv = std::sync::Arc::new(self.title.split(' ').map(str::to_owned).collect());
        for signal in [Signal::CHLD, Signal::TERM, Signal::USR1] {
            sys.catch(signal);
        }
        sys.ignore(Signal::HUP);
        sys.ignore(Signal::PIPE);
        let now = sys.now();
        sys.world.files.mkdir_all(&self.folder, now);
        let path = format!("{}/{pid}.{}", self.folder, self.name);
        let listener = sys.listen(Address::Unix(path.clone()), 5).ok()?;
        let mut start = self.start.clone();
        start.env.push(("STY".into(), format!("{pid}.{}", self.name)));
        Some((open(sys, start).ok()?, listener))
    }
}

impl Program for Server {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if self.running.is_none() {
            match self.begin(sys) {
                Some((pane, listener)) => self.running = Some((pane, listener, Vec::new())),
                None => return Step::Exit(1),
            }
        }
        let Some((pane, listener, clients)) = &mut self.running else { return Step::Exit(1) };
        while let Some(signal) = sys.take_signal() {
            match signal {
                Signal::TERM => {
                    close(sys, pane);
                    return Step::Exit(0);
                }
                Signal::USR1 => clients.drain(..).for_each(|fd| {
                    let _ = sys.close(fd);
                }),
                _ => {}
            }
        }
        while let Some((pid, event)) = sys.wait_child(None) {
            if pid == pane.leader && matches!(event, ChildEvent::Ended(_)) {
                close(sys, pane);
                return Step::Exit(0);
            }
        }
        while let Ok(fd) = sys.accept(*listener) {
            clients.push(fd);
        }
        let mut kept = Vec::new();
        for fd in clients.drain(..) {
            match sys.read(fd, 64) {
                Err(Errno::EAGAIN) => kept.push(fd),
                _ => {
                    let _ = sys.close(fd);
                }
            }
        }
        *clients = kept;
        let mut wait = Wait::channel(Channel::Children(sys.pid)).or_fd(*listener);
        for fd in clients {
            wait = wait.or_fd(*fd);
        }
        Step::Wait(wait)
    }
}
