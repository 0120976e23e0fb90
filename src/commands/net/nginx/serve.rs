//! A worker of nginx: answers requests with files, fixed answers, or what another server says.

use std::collections::BTreeMap;

use super::config::Directive;
use crate::commands::accounts::pam::become_user;
use crate::commands::net::http::{Request, content_type, reason, take_request};
use crate::commands::process::launch::print;
use crate::world::{Errno, Fd, OpenFlags, Program, Signal, Step, Sys, Wait, accounts};

/// A worker process.
#[derive(Clone)]
pub struct Worker {
    main: Directive,
    listeners: Vec<Fd>,
    clients: BTreeMap<Fd, Client>,
    started: bool,
    leaving: bool,
}

#[derive(Clone, Default)]
struct Client {
    input: Vec<u8>,
    /// The connection to the server behind, and what it said so far.
    upstream: Option<(Fd, Vec<u8>, Request)>,
}

/// An answer.
struct Answer {
    status: u16,
    kind: &'static str,
    body: Vec<u8>,
    headers: String,
}

impl Answer {
    fn page(status: u16) -> Answer {
        let words = format!("{status} {}", reason(status));
        let body = format!(
            "<html>\r\n<head><title>{words}</title></head>\r\n<body>\r\n<center><h1>{words}</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n"
        );
        Answer { status, kind: "text/html", body: body.into_bytes(), headers: String::new() }
    }
}

enum Outcome {
    Answer(Answer),
    Upstream(Fd),
}

impl Worker {
    /// A worker that inherits the master's sockets.
    pub fn new(main: Directive, listeners: Vec<Fd>) -> Self {
        Worker { main, listeners, clients: BTreeMap::new(), started: false, leaving: false }
    }

    fn start(&mut self, sys: &mut Sys<'_>) {
        self.started = true;
        sys.me_mut().argv = vec!["nginx: worker process".to_owned()].into();
        sys.me_mut().rss = 4 * 1024 * 1024;
        for signal in [Signal::TERM, Signal::QUIT] {
            sys.catch(signal);
        }
        sys.ignore(Signal::HUP);
        sys.ignore(Signal::PIPE);
        let name = self.main.get("user").and_then(|d| d.args.first()).map_or("www-data", String::as_str);
        if let Some(user) = accounts::user(&sys.world.files, name) {
            become_user(sys, &user);
        }
    }

    /// The server block that answers: by name, else the first one.
    fn server(&self, request: &Request) -> Option<&Directive> {
        let host = request.host.split(':').next().unwrap_or_default();
        let named = |s: &&Directive| s.get("server_name").is_some_and(|d| d.args.iter().any(|name| name == host));
        let default = |s: &&Directive| s.all("listen").any(|d| d.args.iter().any(|a| a == "default_server"));
        let servers = || self.main.get("http").into_iter().flat_map(|http| http.all("server"));
        servers().find(named).or_else(|| servers().find(default)).or_else(|| servers().next())
    }

    fn decide(&self, sys: &mut Sys<'_>, request: &Request) -> Outcome {
        let Some(server) = self.server(request) else { return Outcome::Answer(Answer::page(404)) };
        let path = request.target.split('?').next().unwrap_or("/");
        let prefix = |d: &&Directive| {
            d.args.last().is_some_and(|p| if d.args[0] == "=" { p == path } else { path.starts_with(p.as_str()) })
        };
        let location = server.all("location").filter(prefix).max_by_key(|d| d.args.last().map_or(0, String::len));
        let find = |name: &str| location.and_then(|l| l.get(name)).or_else(|| server.get(name));
        if let Some(answer) = find("return").and_then(fixed) {
            return Outcome::Answer(answer);
        }
        if let Some(pass) = location.and_then(|l| l.get("proxy_pass")).and_then(|d| d.args.first()) {
            return self.pass(sys, pass);
        }
        let root = find("root").and_then(|d| d.args.first()).map_or("/var/www/html", String::as_str);
        let index: Vec<String> = find("index").map_or_else(|| vec!["index.html".into()], |d| d.args.clone());
        Outcome::Answer(file(sys, root, path, &index))
    }

    fn pass(&self, sys: &mut Sys<'_>, target: &str) -> Outcome {
        let place = target.trim_start_matches("http://").split('/').next().unwrap_or_default();
        let upstream = self
            .main
            .get("http")
            .into_iter()
            .flat_map(|h| h.all("upstream"))
            .find(|u| u.args.first().is_some_and(|a| a == place));
        let place = upstream.and_then(|u| u.get("server")).and_then(|d| d.args.first()).map_or(place, String::as_str);
        let (host, port) = place.rsplit_once(':').unwrap_or((place, "80"));
        match sys.connect_tcp(host, port.parse().unwrap_or(80)) {
            Ok(fd) => Outcome::Upstream(fd),
            Err(errno) => {
                let text = format!(
                    "connect() failed ({}: {}) while connecting to upstream, upstream: \"{target}\"",
                    errno.number(),
                    errno.message()
                );
                super::Master::log(sys, "error", &text);
                Outcome::Answer(Answer::page(502))
            }
        }
    }

    /// Goes on with a client; false when it is done with.
    fn serve(&mut self, sys: &mut Sys<'_>, fd: Fd) -> bool {
        let Some(mut client) = self.clients.remove(&fd) else { return false };
        let mut open = true;
        loop {
            match sys.read(fd, 65_536) {
                Ok(bytes) if bytes.is_empty() => {
                    open = false;
                    break;
                }
                Ok(bytes) => client.input.extend(bytes),
                Err(Errno::EAGAIN) => break,
                Err(_) => return false,
            }
        }
        if let Some((upstream, answer, request)) = &mut client.upstream {
            loop {
                match sys.read(*upstream, 65_536) {
                    Ok(bytes) if !bytes.is_empty() => answer.extend(bytes),
                    Err(Errno::EAGAIN) => {
                        self.clients.insert(fd, client);
                        return true;
                    }
                    _ => break,
                }
            }
            let _ = sys.close(*upstream);
            let status = String::from_utf8_lossy(answer).split(' ').nth(1).and_then(|s| s.parse().ok());
            match status {
                Some(status) => {
                    let _ = sys.write(fd, answer);
                    log_access(sys, request, status, answer.len());
                }
                None => respond(sys, fd, request, &Answer::page(502)),
            }
            return false;
        }
        match take_request(&mut client.input) {
            None => {
                if open {
                    self.clients.insert(fd, client);
                }
                open
            }
            Some(None) => {
                let request = Request {
                    method: "-".into(),
                    target: "-".into(),
                    host: String::new(),
                    agent: "-".into(),
                    raw: Vec::new(),
                };
                respond(sys, fd, &request, &Answer::page(400));
                false
            }
            Some(Some(request)) => match self.decide(sys, &request) {
                Outcome::Answer(answer) => {
                    respond(sys, fd, &request, &answer);
                    false
                }
                Outcome::Upstream(upstream) => {
                    let _ = sys.write(upstream, &request.raw);
                    client.upstream = Some((upstream, Vec::new(), request));
                    self.clients.insert(fd, client);
                    true
                }
            },
        }
    }
}

/// The answer of `return 301 /x;` or `return 200 "text";`.
fn fixed(directive: &Directive) -> Option<Answer> {
    let status: u16 = directive.args.first()?.parse().ok()?;
    let text = directive.args.get(1).cloned();
    let mut answer = Answer::page(status);
    match text {
        Some(place) if (300..400).contains(&status) => answer.headers = format!("Location: {place}\r\n"),
        Some(text) => {
            answer.body = text.into_bytes();
            answer.kind = "text/plain";
        }
        None => {}
    }
    Some(answer)
}

fn file(sys: &mut Sys<'_>, root: &str, path: &str, index: &[String]) -> Answer {
    let full = format!("{}{}", root.trim_end_matches('/'), crate::world::fs::normalize(path));
    let is_dir = sys.stat(&full).is_ok_and(|node| node.is_dir());
    if is_dir && !path.ends_with('/') {
        let mut answer = Answer::page(301);
        answer.headers = format!("Location: http://localhost{path}/\r\n");
        return answer;
    }
    let names: Vec<String> = if is_dir {
        index.iter().map(|name| format!("{}/{name}", full.trim_end_matches('/'))).collect()
    } else {
        vec![full]
    };
    for name in &names {
        match sys.read_file(name) {
            Ok(bytes) => {
                return Answer { status: 200, kind: content_type(name), body: bytes.to_vec(), headers: String::new() };
            }
            Err(Errno::EACCES) => return Answer::page(403),
            Err(_) => {}
        }
    }
    Answer::page(if is_dir { 403 } else { 404 })
}

fn respond(sys: &mut Sys<'_>, fd: Fd, request: &Request, answer: &Answer) {
    let date = sys.now().strftime("%a, %d %b %Y %H:%M:%S GMT");
    let head = format!(
        "HTTP/1.1 {} {}\r\nServer: nginx/1.22.1\r\nDate: {date}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}Connection: close\r\n\r\n",
        answer.status,
        reason(answer.status),
        answer.kind,
        answer.body.len(),
        answer.headers
    );
    print(sys, fd, &head);
    if request.method != "HEAD" {
        let _ = sys.write(fd, &answer.body);
    }
    log_access(sys, request, answer.status, answer.body.len());
}

fn log_access(sys: &mut Sys<'_>, request: &Request, status: u16, size: usize) {
    let time = sys.now().strftime("%d/%b/%Y:%H:%M:%S +0000");
    let line = format!(
        "127.0.0.1 - - [{time}] \"{} {} HTTP/1.1\" {status} {size} \"-\" \"{}\"\n",
        request.method, request.target, request.agent
    );
    if let Ok(log) = sys.open("/var/log/nginx/access.log", OpenFlags::APPEND, 0o640) {
        print(sys, log, &line);
        let _ = sys.close(log);
    }
}

impl Program for Worker {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if !self.started {
            self.start(sys);
        }
        while let Some(signal) = sys.take_signal() {
            self.leaving = true;
            if signal == Signal::TERM {
                return Step::Exit(0);
            }
        }
        if !self.leaving {
            for listener in self.listeners.clone() {
                while let Ok(fd) = sys.accept(listener) {
                    self.clients.insert(fd, Client::default());
                }
            }
        }
        let open: Vec<Fd> = self.clients.keys().copied().collect();
        for fd in open {
            if !self.serve(sys, fd) {
                self.clients.remove(&fd);
                let _ = sys.close(fd);
            }
        }
        if self.leaving && self.clients.is_empty() {
            return Step::Exit(0);
        }
        let upstreams = self.clients.values().filter_map(|c| c.upstream.as_ref().map(|u| u.0));
        let fds = self.clients.keys().copied().chain(upstreams).collect();
        let mut wait = Wait { fds, ..Wait::default() };
        if !self.leaving {
            wait.fds.extend(&self.listeners);
        }
        Step::Wait(wait)
    }
}
