//! Command and process substitution: bash(1), Command Substitution.

use std::sync::Arc;

use crate::shell::bash::{Bash, Frame};
use crate::shell::expand::glob::Folders;
use crate::shell::expand::{Expanded, Expander, Halt, Substitution};
use crate::shell::program::Flow;
use crate::shell::state::Shell;
use crate::shell::syntax::ast::{CommandKind, RedirectFd, RedirectOp};
use crate::world::{Errno, Fd, Pid, Step, Sys, Wait, accounts};

/// Where the shell's own descriptors begin.
const FIRST_OWN_FD: Fd = 10;
/// How much a substitution may give.
const LIMIT: usize = 16 * 1024 * 1024;

/// The output of a substitution, as it comes.
#[derive(Clone)]
pub(in crate::shell) struct Capture {
    pid: Pid,
    pub(in crate::shell) fd: Fd,
    bytes: Vec<u8>,
    ended: bool,
}

/// How far an expansion came.
pub(in crate::shell) enum Attempt<T> {
    /// It is done.
    Done(T),
    /// A substitution must run first: this frame, above one's own.
    Pending(Frame),
    /// Its file is made: try again at once.
    Again,
    /// It failed; what to do about it has been done.
    Failed,
}

impl Bash {
    /// Tries an expansion with the results known so far.
    pub(in crate::shell) fn expand<T>(
        &mut self,
        sys: &mut Sys<'_>,
        results: &mut Vec<String>,
        work: impl FnOnce(&mut Expander<'_>) -> Expanded<T>,
    ) -> Attempt<T> {
        results.extend(self.captured.take());
        self.shell.now = sys.now();
        let mut machine = Machine(sys);
        let mut expander = Expander::new(self.shell.clone(), &mut machine, results);
        match work(&mut expander) {
            Ok(done) => {
                self.shell = expander.shell;
                Attempt::Done(done)
            }
            Err(Halt::Need(substitution, seen)) => self.substitute(sys, &substitution, *seen),
            Err(Halt::Fail(failure)) => {
                self.shell = expander.shell;
                self.fail(sys, &failure);
                Attempt::Failed
            }
        }
    }

    fn substitute<T>(&mut self, sys: &mut Sys<'_>, substitution: &Substitution, seen: Shell) -> Attempt<T> {
        let (reader, writer) = sys.world.make_pipe();
        let frame = match substitution {
            Substitution::Command(command) => Frame::List(command.body.clone(), 0),
            Substitution::Process(process) => Frame::List(process.body.clone(), 0),
            Substitution::Text(text) => self.text_frame(text, Some("command substitution")),
        };
        let reads = !matches!(substitution, Substitution::Process(process) if !process.reads);
        let own = std::mem::replace(&mut self.shell, seen);
        self.trace_depth += 1;
        self.slurps = reads_file(substitution);
        let captures = !matches!(substitution, Substitution::Process(_));
        if captures && !self.shell.posix && !self.shell.switches.has("inherit_errexit") {
            self.shell.switches.set_option("errexit", false);
        }
        let pid = self.fork(sys, vec![frame]);
        self.trace_depth -= 1;
        self.slurps = false;
        self.shell = own;
        let (mine, theirs, their_fd) = if reads { (reader, writer, 1) } else { (writer, reader, 0) };
        let Some(pid) = pid else {
            sys.world.release(mine);
            sys.world.release(theirs);
            self.captured = Some(String::new());
            return Attempt::Again;
        };
        sys.world.install(pid, their_fd, theirs, false);
        let process = matches!(substitution, Substitution::Process(_));
        let fd = if process { self.process_fd(sys) } else { sys.world.free_fd(sys.pid, FIRST_OWN_FD).unwrap_or(99) };
        sys.world.install(sys.pid, fd, mine, !process);
        if process {
            self.process_fds.push(fd);
            self.captured = Some(format!("/dev/fd/{fd}"));
            self.shell.background = Some(pid);
            return Attempt::Again;
        }
        Attempt::Pending(Frame::Capture(Box::new(Capture { pid, fd, bytes: Vec::new(), ended: false })))
    }

    /// bash counts these descriptors down from 63.
    fn process_fd(&self, sys: &Sys<'_>) -> Fd {
        let used = &sys.me().fds;
        (FIRST_OWN_FD..=63).rev().find(|fd| !used.contains_key(fd)).unwrap_or(63)
    }

    /// Closes what process substitutions opened.
    pub(in crate::shell) fn close_process_fds(&mut self, sys: &mut Sys<'_>) {
        for fd in std::mem::take(&mut self.process_fds) {
            let _ = sys.close(fd);
        }
    }

    pub(in crate::shell) fn step_capture(&mut self, sys: &mut Sys<'_>, mut run: Box<Capture>) -> Flow {
        while !run.ended {
            match sys.read(run.fd, 65_536) {
                Ok(bytes) if bytes.is_empty() || run.bytes.len() > LIMIT => {
                    run.ended = true;
                    let _ = sys.close(run.fd);
                }
                Ok(bytes) => run.bytes.extend(bytes),
                Err(Errno::EAGAIN) => {
                    let fd = run.fd;
                    self.push(Frame::Capture(run));
                    return Flow::Block(Step::Wait(Wait::fd(fd)));
                }
                Err(_) => {
                    run.ended = true;
                    let _ = sys.close(run.fd);
                }
            }
        }
        self.reap(sys);
        let Some(status) = self.ended.remove(&run.pid) else {
            if !sys.world.has_child(sys.pid, Some(run.pid)) {
                self.captured = Some(text_of(&run.bytes));
                return Flow::Next;
            }
            self.push(Frame::Capture(run));
            return self.wait_for_children(sys);
        };
        self.substituted = Some(status.code());
        self.shell.status = status.code();
        self.captured = Some(text_of(&run.bytes));
        Flow::Next
    }
}

/// Whether a substitution is `$(<file)`: nothing but one redirection of input.
fn reads_file(substitution: &Substitution) -> bool {
    let Substitution::Command(command) = substitution else { return false };
    let [item] = &command.body.items[..] else { return false };
    let [only] = &item.and_or.first.commands[..] else { return false };
    let CommandKind::Simple(simple) = &only.kind else { return false };
    let [redirect] = &only.redirects[..] else { return false };
    item.and_or.rest.is_empty()
        && simple.words.is_empty()
        && simple.assignments.is_empty()
        && redirect.op == RedirectOp::Input
        && redirect.fd == RedirectFd::Default
}

/// Output without the newlines at its end.
fn text_of(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes).replace('\0', "");
    text.trim_end_matches('\n').to_string()
}

/// The machine's folders, for the expansion of file names.
pub(in crate::shell) struct Machine<'a, 'w>(pub(in crate::shell) &'a mut Sys<'w>);

impl Folders for Machine<'_, '_> {
    fn names(&mut self, folder: &str) -> Vec<String> {
        let folder = if folder.is_empty() { "." } else { folder };
        let names: Vec<Arc<str>> = self.0.read_dir(folder).unwrap_or_default();
        names.iter().map(|name| name.to_string()).collect()
    }

    fn exists(&mut self, path: &str) -> bool {
        self.0.lstat(path).is_ok()
    }

    fn is_folder(&mut self, path: &str) -> bool {
        self.0.stat(path).is_ok_and(|node| node.is_dir())
    }

    fn home_of(&mut self, user: &str) -> Option<String> {
        let found = match user {
            "" => accounts::user_by_id(&self.0.world.files, self.0.uid()),
            user => accounts::user(&self.0.world.files, user),
        };
        found.map(|user| user.home)
    }

    fn file_test(&mut self, words: &[&str]) -> bool {
        let words: Vec<String> = words.iter().map(|word| (*word).to_string()).collect();
        crate::commands::posix::test::test(self.0, &words, false).unwrap_or(false)
    }
}
