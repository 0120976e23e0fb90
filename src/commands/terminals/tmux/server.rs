//! The tmux server: it holds the terminals, answers the clients, and ends with its last session.

use super::super::pane::{Pane, Start, close, open};
use super::address;
use super::words::Words;
use crate::commands::files::glob;
use crate::world::{Channel, ChildEvent, Errno, Fd, OpenFlags, Program, Signal, Step, Sys, Time, Wait};

/// A session: one window, one pane.
#[derive(Clone)]
struct Session {
    name: String,
    pane: Pane,
    created: Time,
    /// Connections of attached clients.
    clients: Vec<Fd>,
}

/// The server.
#[derive(Clone)]
pub struct Server {
    path: String,
    title: String,
    listener: Option<Fd>,
    waiting: Vec<(Fd, Vec<u8>)>,
    sessions: Vec<Session>,
    next: u32,
    served: bool,
}

/// What a command answers: lines for the client, and its status, or the session to attach to.
struct Answer {
    lines: Vec<String>,
    status: u8,
    attach: Option<String>,
}

impl Answer {
    fn ok() -> Answer {
        Answer { lines: Vec::new(), status: 0, attach: None }
    }

    fn out(text: String) -> Answer {
        Answer { lines: text.lines().map(|line| format!("out {line}")).collect(), ..Answer::ok() }
    }

    fn err(text: String) -> Answer {
        Answer { lines: vec![format!("err {text}")], status: 1, attach: None }
    }
}

impl Server {
    /// A server that will listen at `path`; `title` is the line that started it, which `ps` shows.
    pub fn new(path: String, title: String) -> Server {
        Server { path, title, listener: None, waiting: Vec::new(), sessions: Vec::new(), next: 0, served: false }
    }

    fn begin(&mut self, sys: &mut Sys<'_>) -> Option<()> {
        let pid = sys.pid;
        let _ = sys.world.setsid(pid);
        sys.world.close_all(pid);
        for fd in 0..3 {
            let null =
                sys.open_file("/dev/null", OpenFlags { read: true, write: true, ..OpenFlags::default() }, 0).ok()?;
            sys.world.install(pid, fd, null, false);
        }
        let me = sys.me_mut();
        me.comm = "tmux: server".into();
        me.argv = std::sync::Arc::new(self.title.split(' ').map(str::to_owned).collect());
        for signal in [Signal::CHLD, Signal::TERM] {
            sys.catch(signal);
        }
        sys.ignore(Signal::HUP);
        sys.ignore(Signal::PIPE);
        let folder = self.path.rsplit_once('/').map_or("/tmp", |(folder, _)| folder).to_owned();
        let _ = sys.mkdir(&folder, 0o700);
        self.listener = Some(sys.listen(address(&self.path), 128).ok()?);
        Some(())
    }

    /// Ends sessions whose program has ended.
    fn reap(&mut self, sys: &mut Sys<'_>) {
        while let Some((pid, event)) = sys.wait_child(None) {
            if matches!(event, ChildEvent::Ended(_)) {
                let ended: Vec<Session> = self.sessions.extract_if(.., |s| s.pane.leader == pid).collect();
                ended.iter().for_each(|session| self.dismiss(sys, session));
            }
        }
    }

    fn dismiss(&self, sys: &mut Sys<'_>, session: &Session) {
        close(sys, &session.pane);
        session.clients.iter().for_each(|fd| {
            let _ = sys.close(*fd);
        });
    }

    fn serve(&mut self, sys: &mut Sys<'_>) {
        while let Some(fd) = self.listener.and_then(|listener| sys.accept(listener).ok()) {
            self.waiting.push((fd, Vec::new()));
            self.served = true;
        }
        for (fd, mut bytes) in std::mem::take(&mut self.waiting) {
            match sys.read(fd, 65_536) {
                Ok(more) if !more.is_empty() => bytes.extend(more),
                Err(Errno::EAGAIN) => {}
                _ => {
                    let _ = sys.close(fd);
                    continue;
                }
            }
            match bytes.iter().position(|byte| *byte == 1) {
                None => self.waiting.push((fd, bytes)),
                Some(end) => self.answer(sys, fd, &String::from_utf8_lossy(&bytes[..end])),
            }
        }
    }

    fn answer(&mut self, sys: &mut Sys<'_>, fd: Fd, text: &str) {
        let fields: Vec<String> = text.split('\0').map(str::to_owned).collect();
        let cwd = fields.first().cloned().unwrap_or_default();
        let number = |at: usize| fields.get(at).and_then(|n| n.parse::<u16>().ok()).unwrap_or(80);
        let (size, words) = ((number(1), number(2)), fields.get(3..).unwrap_or_default());
        let answer = self.command(sys, words, &cwd, size).unwrap_or_else(Answer::err);
        let mut text: String = answer.lines.iter().map(|line| format!("{line}\n")).collect();
        let server = sys.pid;
        let target = answer.attach.and_then(|name| self.sessions.iter_mut().find(|s| s.name == name));
        match target {
            Some(session) => {
                session.clients.push(fd);
                text.push_str(&format!("attach {} {server} {}\n", session.pane.tty, session.name));
                let _ = sys.write(fd, text.as_bytes());
            }
            None => {
                text.push_str(&format!("exit {}\n", answer.status));
                let _ = sys.write(fd, text.as_bytes());
                let _ = sys.close(fd);
            }
        }
    }

    /// The session that `-t` means: by name, by its beginning, by a pattern; without `-t` the newest.
    fn target(&self, given: Option<&str>) -> Result<usize, String> {
        let Some(given) = given else {
            return self.sessions.len().checked_sub(1).ok_or_else(|| "no sessions".to_owned());
        };
        let name = given.split(':').next().unwrap_or(given).trim_start_matches('=');
        let style = glob::Style::default();
        let exact = self.sessions.iter().position(|s| s.name == name);
        let near =
            || self.sessions.iter().position(|s| s.name.starts_with(name) || glob::matches(name, &s.name, style));
        exact.or_else(near).ok_or_else(|| format!("can't find session: {name}"))
    }

    fn command(&mut self, sys: &mut Sys<'_>, words: &[String], cwd: &str, size: (u16, u16)) -> Result<Answer, String> {
        let verb = words.first().map_or("new-session", String::as_str);
        match verb {
            "new-session" | "new" => self.new_session(sys, words, cwd, size),
            "list-sessions" | "ls" => {
                if self.sessions.is_empty() {
                    return Err(format!("no server running on {}", self.path));
                }
                Ok(Answer::out(self.list()))
            }
            "attach-session" | "attach" | "a" | "at" => {
                let words = Words::read(words, "tc", "dr")?;
                let at = self.target(words.value('t'))?;
                if words.has('d') {
                    self.detach(sys, at);
                }
                Ok(Answer { attach: Some(self.sessions[at].name.clone()), ..Answer::ok() })
            }
            "has-session" | "has" => {
                let words = Words::read(words, "t", "")?;
                self.target(words.value('t')).map(|_| Answer::ok())
            }
            "kill-session" => self.kill_session(sys, words),
            "kill-server" => {
                for session in std::mem::take(&mut self.sessions) {
                    self.dismiss(sys, &session);
                }
                Ok(Answer::ok())
            }
            "detach-client" | "detach" => {
                let words = Words::read(words, "st", "a")?;
                let at = self.target(words.value('s').or(words.value('t')))?;
                self.detach(sys, at);
                Ok(Answer::ok())
            }
            "rename-session" | "rename" => {
                let words = Words::read(words, "t", "")?;
                let at = self.target(words.value('t'))?;
                let name = words.rest.first().cloned().unwrap_or_default();
                if self.sessions.iter().any(|s| s.name == name) {
                    return Err(format!("duplicate session: {name}"));
                }
                self.sessions[at].name = name;
                Ok(Answer::ok())
            }
            "send-keys" | "send" => self.send_keys(sys, words),
            "capture-pane" | "capturep" => {
                let words = Words::read(words, "tSE", "p")?;
                let at = self.target(words.value('t'))?;
                let screen = sys.world.terminals.get(&self.sessions[at].pane.tty).map(|t| t.output().to_vec());
                Ok(Answer::out(String::from_utf8_lossy(&screen.unwrap_or_default()).replace('\r', "")))
            }
            "start-server" | "start" => Ok(Answer::ok()),
            "new-window" | "neww" | "split-window" | "splitw" | "list-windows" | "lsw" | "list-panes" | "lsp"
            | "select-window" | "select-pane" | "set-option" | "set" | "source-file" | "source" | "bind-key"
            | "bind" | "kill-window" | "killw" | "kill-pane" | "list-keys" | "lsk" | "display-message" | "display"
            | "switch-client" | "list-clients" | "lsc" | "show-options" | "show" | "pipe-pane" | "run-shell" => {
                Err(format!("tmux {verb} is not simulated"))
            }
            other => Err(format!("unknown command: {other}")),
        }
    }

    fn kill_session(&mut self, sys: &mut Sys<'_>, words: &[String]) -> Result<Answer, String> {
        let words = Words::read(words, "t", "a")?;
        let at = self.target(words.value('t'))?;
        let gone: Vec<Session> = match words.has('a') {
            true => {
                let kept = self.sessions.remove(at);
                std::mem::replace(&mut self.sessions, vec![kept])
            }
            false => vec![self.sessions.remove(at)],
        };
        gone.iter().for_each(|session| self.dismiss(sys, session));
        Ok(Answer::ok())
    }

    fn list(&self) -> String {
        let mut sessions: Vec<&Session> = self.sessions.iter().collect();
        sessions.sort_by(|a, b| a.name.cmp(&b.name));
        let line = |s: &&Session| {
            let attached = if s.clients.is_empty() { "" } else { " (attached)" };
            format!("{}: 1 windows (created {}){attached}\n", s.name, s.created.strftime("%a %b %e %H:%M:%S %Y"))
        };
        sessions.iter().map(line).collect()
    }

    fn detach(&mut self, sys: &mut Sys<'_>, at: usize) {
        for fd in std::mem::take(&mut self.sessions[at].clients) {
            let _ = sys.close(fd);
        }
    }

    fn new_session(
        &mut self,
        sys: &mut Sys<'_>,
        words: &[String],
        cwd: &str,
        size: (u16, u16),
    ) -> Result<Answer, String> {
        let words = Words::read(words, "sncxyet", "dAPDE")?;
        let name = match words.value('s') {
            Some(name) => name.replace([':', '.'], "_"),
            None => {
                let used = |n: u32| self.sessions.iter().any(|s| s.name == n.to_string());
                while used(self.next) {
                    self.next += 1;
                }
                self.next += 1;
                (self.next - 1).to_string()
            }
        };
        if self.sessions.iter().any(|s| s.name == name) {
            if words.has('A') {
                return Ok(Answer { attach: Some(name), ..Answer::ok() });
            }
            return Err(format!("duplicate session: {name}"));
        }
        let detached = words.has('d');
        let number = |flag| words.value(flag).and_then(|n| n.parse::<u16>().ok());
        let size = if detached { (number('x').unwrap_or(80), number('y').unwrap_or(24)) } else { size };
        let mut env = vec![
            ("TERM".to_owned(), "screen".to_owned()),
            ("TERM_PROGRAM".into(), "tmux".into()),
            ("TMUX".into(), format!("{},{},{}", self.path, sys.pid, self.sessions.len())),
            ("TMUX_PANE".into(), format!("%{}", self.sessions.len())),
        ];
        let given = words.values.iter().filter(|(flag, _)| *flag == 'e').filter_map(|(_, v)| v.split_once('='));
        env.extend(given.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let start = Start {
            command: (!words.rest.is_empty()).then(|| words.rest.clone()),
            cwd: words.value('c').unwrap_or(cwd).to_owned(),
            env,
            size,
        };
        let pane = open(sys, start).map_err(|errno| format!("create session failed: {}", errno.message()))?;
        let created = sys.now();
        self.sessions.push(Session { name: name.clone(), pane, created, clients: Vec::new() });
        let attach = (!detached).then_some(name.clone());
        let lines = if words.has('P') { vec![format!("out {name}:")] } else { Vec::new() };
        Ok(Answer { lines, status: 0, attach })
    }

    fn send_keys(&mut self, sys: &mut Sys<'_>, words: &[String]) -> Result<Answer, String> {
        let words = Words::read(words, "t", "l")?;
        let at = self.target(words.value('t'))?;
        let mut bytes = Vec::new();
        for word in &words.rest {
            match word.as_str() {
                _ if words.has('l') => bytes.extend(word.bytes()),
                "Enter" | "C-m" => bytes.push(b'\n'),
                "Space" => bytes.push(b' '),
                "Tab" => bytes.push(b'\t'),
                "Escape" => bytes.push(27),
                "BSpace" => bytes.push(127),
                key if key.len() == 3 && key.starts_with("C-") => bytes.push(key.as_bytes()[2] & 31),
                text => bytes.extend(text.bytes()),
            }
        }
        sys.world.type_at(self.sessions[at].pane.tty, &bytes);
        Ok(Answer::ok())
    }
}

impl Program for Server {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if self.listener.is_none() && self.begin(sys).is_none() {
            return Step::Exit(1);
        }
        while let Some(signal) = sys.take_signal() {
            if signal == Signal::TERM {
                for session in std::mem::take(&mut self.sessions) {
                    self.dismiss(sys, &session);
                }
                return Step::Exit(0);
            }
        }
        self.reap(sys);
        self.serve(sys);
        // A client that is gone closes its connection.
        for at in 0..self.sessions.len() {
            let clients = std::mem::take(&mut self.sessions[at].clients);
            for fd in clients {
                match sys.read(fd, 64) {
                    Err(Errno::EAGAIN) => self.sessions[at].clients.push(fd),
                    _ => {
                        let _ = sys.close(fd);
                    }
                }
            }
        }
        if self.sessions.is_empty() && self.served && self.waiting.is_empty() {
            return Step::Exit(0);
        }
        let mut wait = Wait::channel(Channel::Children(sys.pid));
        let clients = self.sessions.iter().flat_map(|session| session.clients.iter().copied());
        for fd in self.listener.into_iter().chain(self.waiting.iter().map(|(fd, _)| *fd)).chain(clients) {
            wait = wait.or_fd(fd);
        }
        Step::Wait(wait)
    }
}
