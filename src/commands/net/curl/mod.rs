//! `curl`: asks servers of this machine; no other host can be reached: curl(1).

mod request;
mod write_out;

pub use request::{Target, Url, resolve};

use super::http::find;
use crate::commands::Command;
use crate::commands::options::{Hint, Opt, Options, Parsed, absent, flag, optional, scan, value};
use crate::commands::process::launch::{interval, print, say};
use crate::world::{Errno, Fd, OpenFlags, Program, Step, Sys, Time, Wait};

/// The command.
pub const COMMAND: Command = Command {
    name: "curl",
    path: "/usr/bin/curl",
    program: |argv| {
        Box::new(Curl {
            argv: argv.to_vec(),
            parsed: Parsed::default(),
            urls: Vec::new(),
            current: None,
            status: 0,
            ready: false,
        })
    },
};

const TABLE: &[Opt] = &[
    flag('s', "silent"),
    flag('S', "show-error"),
    flag('f', "fail"),
    flag('I', "head"),
    flag('i', "include"),
    flag('L', "location"),
    flag('v', "verbose"),
    flag('k', "insecure"),
    flag('O', "remote-name"),
    flag('#', "progress-bar"),
    flag('N', "no-buffer"),
    flag('4', "ipv4"),
    flag('6', "ipv6"),
    value('o', "output"),
    value('w', "write-out"),
    value('m', "max-time"),
    value('\0', "connect-timeout"),
    value('X', "request"),
    value('d', "data"),
    value('H', "header"),
    value('A', "user-agent"),
    value('u', "user"),
    value('e', "referer"),
    value('\0', "url"),
    optional('\0', "no-progress-meter"),
    absent('\0', "retry"),
    absent('F', "form"),
    absent('T', "upload-file"),
    absent('b', "cookie"),
    absent('c', "cookie-jar"),
    absent('x', "proxy"),
    absent('\0', "unix-socket"),
];
const OPTIONS: Options =
    Options { table: TABLE, usage: "[options...] <url>", version: "", status: 2, hint: Hint::Try, in_order: false };

/// How often a redirection is followed.
const REDIRECTS: u32 = 50;

#[derive(Clone)]
struct Curl {
    argv: Vec<String>,
    parsed: Parsed,
    urls: Vec<String>,
    current: Option<Transfer>,
    status: u8,
    ready: bool,
}

/// A transfer at work.
#[derive(Clone)]
struct Transfer {
    url: Url,
    fd: Fd,
    input: Vec<u8>,
    began: Time,
    deadline: Option<Time>,
    redirects: u32,
}

/// How a transfer ended, for `--write-out`.
struct Ended {
    status: u8,
    http_code: u16,
    size: usize,
    url: String,
    kind: String,
    seconds: f64,
    redirects: u32,
}

impl Program for Curl {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if !self.ready {
            self.ready = true;
            match scan(&OPTIONS, self.argv.get(1..).unwrap_or_default()) {
                Ok(parsed) => self.parsed = parsed,
                Err(refused) => return refuse(sys, refused),
            }
            self.urls = self.parsed.operands.clone();
            self.urls.extend(self.parsed.last("url").map(str::to_owned));
            if self.urls.is_empty() {
                say(sys, "curl: try 'curl --help' for more information");
                return Step::Exit(2);
            }
            self.urls.reverse();
        }
        loop {
            if self.current.is_none() {
                let Some(url) = self.urls.pop() else { return Step::Exit(self.status) };
                self.begin(sys, &url, 0);
            }
            if let Some(step) = self.transfer(sys) {
                return step;
            }
        }
    }
}

fn refuse(sys: &mut Sys<'_>, refused: crate::commands::options::Refused) -> Step {
    use crate::commands::options::Refused;
    match refused {
        Refused::Help => print(sys, 1, "Usage: curl [options...] <url>\n"),
        Refused::Version => print(sys, 1, "curl 7.88.1 (x86_64-pc-linux-gnu)\n"),
        Refused::NotSimulated(option) => {
            say(sys, &format!("curl: option {option} is not simulated"));
            return Step::Exit(2);
        }
        Refused::Wrong(message) => {
            let option = message.rsplit(['\'']).nth(1).unwrap_or_default();
            let dashes = if message.starts_with("invalid") { "-" } else { "" };
            if message.contains("requires an argument") {
                say(sys, &format!("curl: option {dashes}{option}: requires parameter"));
            } else {
                say(sys, &format!("curl: option {dashes}{option}: is unknown"));
            }
            say(sys, "curl: try 'curl --help' for more information");
            return Step::Exit(2);
        }
    }
    Step::Exit(0)
}

impl Curl {
    fn begin(&mut self, sys: &mut Sys<'_>, text: &str, redirects: u32) {
        let began = sys.now();
        let url = match Url::parse(text) {
            Ok(url) => url,
            Err((status, message)) => return self.fail(sys, text, status, &message),
        };
        let port = url.port;
        let host = match request::resolve(sys, &url.host) {
            Target::Local(host) => host,
            Target::Elsewhere => {
                let message =
                    format!("Failed to connect to {} port {port} after 0 ms: Couldn't connect to server", url.host);
                return self.fail(sys, text, 7, &message);
            }
            Target::Unknown => return self.fail(sys, text, 6, &format!("Could not resolve host: {}", url.host)),
        };
        let six_first = url.host == "localhost" && !self.parsed.has("ipv4");
        let addresses: Vec<&str> = if six_first { vec!["::1", &host] } else { vec![&host] };
        let mut reached = None;
        for address in addresses {
            let shown = if address.contains(':') { format!("[{address}]") } else { address.to_owned() };
            self.trace(sys, &format!("*   Trying {shown}:{port}..."));
            match sys.connect_tcp(address, port) {
                Ok(fd) => {
                    self.trace(sys, &format!("* Connected to {} ({address}) port {port} (#0)", url.host));
                    reached = Some(fd);
                    break;
                }
                Err(_) => self.trace(sys, &format!("* connect to {address} port {port} failed: Connection refused")),
            }
        }
        let Some(fd) = reached else {
            let message =
                format!("Failed to connect to {} port {port} after 0 ms: Couldn't connect to server", url.host);
            return self.fail(sys, text, 7, &message);
        };
        if url.secure {
            let _ = sys.close(fd);
            return self.fail(sys, text, 35, "OpenSSL/3.0.17: error:0A00010B:SSL routines::wrong version number");
        }
        let bytes = request::build(&url, &self.parsed);
        if self.parsed.has("verbose") {
            let head: String = String::from_utf8_lossy(&bytes).lines().map(|l| format!("> {l}\n")).collect();
            let text =
                format!("*   Trying {host}:{port}...\n* Connected to {} ({host}) port {port} (#0)\n{head}", url.host);
            print(sys, 2, &text);
        }
        let _ = sys.write(fd, &bytes);
        let limit = self.parsed.last("max-time").and_then(interval).filter(|limit| !limit.is_zero());
        self.current =
            Some(Transfer { url, fd, input: Vec::new(), began, deadline: limit.map(|l| began + l), redirects });
    }

    /// With `-v`: tells what happens.
    fn trace(&self, sys: &mut Sys<'_>, line: &str) {
        if self.parsed.has("verbose") {
            say(sys, line);
        }
    }

    /// Goes on reading; `Some`: a step to return.
    fn transfer(&mut self, sys: &mut Sys<'_>) -> Option<Step> {
        let transfer = self.current.as_mut()?;
        loop {
            match sys.read(transfer.fd, 65_536) {
                Ok(bytes) if !bytes.is_empty() => transfer.input.extend(bytes),
                Err(Errno::EAGAIN) if is_whole(&transfer.input) => break,
                Err(Errno::EAGAIN) => {
                    if transfer.deadline.is_some_and(|at| at <= sys.now()) {
                        let (url, took) = (transfer.url.text.clone(), sys.now().since(transfer.began).as_millis());
                        let text = format!(
                            "Operation timed out after {took} milliseconds with {} bytes received",
                            transfer.input.len()
                        );
                        let _ = sys.close(transfer.fd);
                        self.current = None;
                        self.fail(sys, &url, 28, &text);
                        return None;
                    }
                    let wait = Wait::fd(transfer.fd);
                    return Some(Step::Wait(match transfer.deadline {
                        Some(at) => wait.or_until(at),
                        None => wait,
                    }));
                }
                _ => break,
            }
        }
        let transfer = self.current.take()?;
        let _ = sys.close(transfer.fd);
        self.finish(sys, &transfer);
        None
    }

    fn finish(&mut self, sys: &mut Sys<'_>, transfer: &Transfer) {
        let url = &transfer.url.text;
        if transfer.input.is_empty() {
            return self.fail(sys, url, 52, "Empty reply from server");
        }
        if !transfer.input.starts_with(b"HTTP/") {
            return self.fail(sys, url, 1, "Received HTTP/0.9 when not allowed");
        }
        let cut = find(&transfer.input, b"\r\n\r\n").map_or(transfer.input.len(), |at| at + 4);
        let (head, body) = transfer.input.split_at(cut);
        let head = String::from_utf8_lossy(head).into_owned();
        let code: u16 = head.split(' ').nth(1).and_then(|c| c.parse().ok()).unwrap_or(0);
        let header = |name: &str| {
            head.lines()
                .filter_map(|l| l.split_once(':'))
                .find(|(n, _)| n.eq_ignore_ascii_case(name))
                .map(|(_, v)| v.trim().to_owned())
        };
        if self.parsed.has("verbose") {
            let shown: String = head.lines().map(|l| format!("< {l}\n")).collect();
            print(sys, 2, &shown);
        }
        if let Some(place) = header("location").filter(|_| self.parsed.has("location") && (300..400).contains(&code)) {
            if transfer.redirects >= REDIRECTS {
                return self.fail(sys, url, 47, &format!("Maximum ({REDIRECTS}) redirects followed"));
            }
            let next = if place.starts_with('/') {
                format!("http://{}:{}{place}", transfer.url.host, transfer.url.port)
            } else {
                place
            };
            return self.begin(sys, &next, transfer.redirects + 1);
        }
        if self.parsed.has("fail") && code >= 400 {
            return self.fail_with(sys, url, 22, &format!("The requested URL returned error: {code}"), code);
        }
        let mut output = Vec::new();
        if self.parsed.has("include") || self.parsed.has("head") {
            output.extend(head.bytes());
        }
        if !self.parsed.has("head") {
            output.extend(body);
        }
        let seconds = sys.now().since(transfer.began).as_secs_f64();
        self.deliver(sys, &transfer.url, &output, body.len());
        let ended = Ended {
            status: 0,
            http_code: code,
            size: body.len(),
            url: url.clone(),
            kind: header("content-type").unwrap_or_default(),
            seconds,
            redirects: transfer.redirects,
        };
        self.write_out(sys, &ended);
        self.status = 0;
    }

    /// Writes the answer where it belongs, with the progress meter when it does not go to the terminal.
    fn deliver(&mut self, sys: &mut Sys<'_>, url: &Url, output: &[u8], size: usize) {
        let name = self.parsed.last("output").map(str::to_owned).or_else(|| {
            self.parsed.has("remote-name").then(|| url.path.rsplit('/').next().unwrap_or_default().to_owned())
        });
        let quiet = self.parsed.has("silent") || self.parsed.has("no-progress-meter");
        if !quiet && (name.is_some() || !sys.isatty(1)) {
            let meter = write_out::meter(size);
            print(sys, 2, &meter);
        }
        match name.as_deref() {
            Some("-") | None => write_all(sys, 1, output),
            Some(path) => match sys.open(path, OpenFlags::WRITE, 0o666) {
                Ok(fd) => {
                    write_all(sys, fd, output);
                    let _ = sys.close(fd);
                }
                Err(errno) => {
                    say(sys, &format!("Warning: Failed to open the file {path}: {}", errno.message()));
                    say(sys, "curl: (23) Failure writing output to destination");
                    self.status = 23;
                }
            },
        }
    }

    fn fail(&mut self, sys: &mut Sys<'_>, url: &str, status: u8, message: &str) {
        self.fail_with(sys, url, status, message, 0);
    }

    fn fail_with(&mut self, sys: &mut Sys<'_>, url: &str, status: u8, message: &str, code: u16) {
        self.current = None;
        self.status = status;
        let quiet = self.parsed.has("silent");
        if !quiet && (self.parsed.has("output") || !sys.isatty(1)) {
            print(sys, 2, &write_out::meter(0));
        }
        if !quiet || self.parsed.has("show-error") {
            say(sys, &format!("curl: ({status}) {message}"));
        }
        let ended = Ended {
            status,
            http_code: code,
            size: 0,
            url: url.to_owned(),
            kind: String::new(),
            seconds: 0.0,
            redirects: 0,
        };
        self.write_out(sys, &ended);
    }

    fn write_out(&self, sys: &mut Sys<'_>, ended: &Ended) {
        if let Some(format) = self.parsed.last("write-out") {
            let text = write_out::expand(format, ended);
            print(sys, 1, &text);
        }
    }
}

fn write_all(sys: &mut Sys<'_>, fd: Fd, mut rest: &[u8]) {
    while !rest.is_empty() {
        match sys.write(fd, rest) {
            Ok(n) if n > 0 => rest = &rest[n..],
            _ => return,
        }
    }
}

/// Whether all that `Content-Length:` promised has arrived.
fn is_whole(input: &[u8]) -> bool {
    let Some(cut) = find(input, b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&input[..cut]).to_lowercase();
    let length =
        head.lines().find_map(|l| l.strip_prefix("content-length:")).and_then(|n| n.trim().parse::<usize>().ok());
    length.is_some_and(|length| input.len() >= cut + 4 + length)
}
