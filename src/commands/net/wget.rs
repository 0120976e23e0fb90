//! `wget`: fetches files from servers of this machine; no other host can be reached: wget(1).

use super::curl::{Target, Url, resolve};
use super::http::{find, reason};
use crate::commands::Command;
use crate::commands::options::{Hint, Opt, Options, Parsed, Takes, absent, also, flag, short, value};
use crate::commands::process::launch::{interval, print, read_options, say};
use crate::world::{Errno, Fd, OpenFlags, Program, Step, Sys, Time, Wait};

/// The command.
pub const COMMAND: Command = Command {
    name: "wget",
    path: "/usr/bin/wget",
    program: |argv| Box::new(Wget { argv: argv.to_vec(), parsed: None, urls: Vec::new(), current: None, status: 0 }),
};

const TABLE: &[Opt] = &[
    flag('q', "quiet"),
    short('\0', "nv"),
    flag('v', "verbose"),
    value('O', "output-document"),
    value('P', "directory-prefix"),
    value('T', "timeout"),
    value('t', "tries"),
    value('U', "user-agent"),
    value('\0', "header"),
    flag('S', "server-response"),
    flag('\0', "spider"),
    flag('\0', "no-check-certificate"),
    flag('\0', "no-verbose"),
    flag('N', "timestamping"),
    also('\0', "show-progress", "show-progress", Takes::Nothing),
    absent('c', "continue"),
    absent('r', "recursive"),
    absent('m', "mirror"),
    absent('b', "background"),
    absent('i', "input-file"),
    absent('o', "output-file"),
    absent('\0', "post-data"),
    absent('\0', "method"),
    absent('\0', "limit-rate"),
];
const OPTIONS: Options =
    Options { table: TABLE, usage: "[OPTION]... [URL]...", version: "", status: 2, hint: Hint::Try, in_order: false };

#[derive(Clone)]
struct Wget {
    argv: Vec<String>,
    parsed: Option<Parsed>,
    urls: Vec<String>,
    current: Option<Transfer>,
    status: u8,
}

#[derive(Clone)]
struct Transfer {
    url: Url,
    fd: Fd,
    input: Vec<u8>,
    redirects: u32,
    deadline: Time,
}

impl Program for Wget {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if self.parsed.is_none() {
            // `-nv` is one word.
            let argv: Vec<String> =
                self.argv.iter().map(|w| if w == "-nv" { "--no-verbose".into() } else { w.clone() }).collect();
            let parsed = match read_options(sys, &argv, &OPTIONS) {
                Ok(parsed) => parsed,
                Err(status) => return Step::Exit(status),
            };
            if parsed.operands.is_empty() {
                say(sys, "wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.");
                return Step::Exit(1);
            }
            self.urls = parsed.operands.iter().rev().cloned().collect();
            self.parsed = Some(parsed);
        }
        let parsed = self.parsed.clone().unwrap_or_default();
        loop {
            if self.current.is_none() {
                let Some(url) = self.urls.pop() else { return Step::Exit(self.status) };
                self.begin(sys, &parsed, &url, 0);
                continue;
            }
            match self.receive(sys) {
                Some(step) => return step,
                None => self.finish(sys, &parsed),
            }
        }
    }
}

/// Whether wget tells what it does.
fn talks(parsed: &Parsed) -> bool {
    !parsed.has("quiet") && !parsed.has("no-verbose")
}

impl Wget {
    fn fail(&mut self, sys: &mut Sys<'_>, parsed: &Parsed, status: u8, text: &str) {
        if !parsed.has("quiet") {
            say(sys, text);
        }
        self.current = None;
        self.status = status;
    }

    fn begin(&mut self, sys: &mut Sys<'_>, parsed: &Parsed, text: &str, redirects: u32) {
        let stamp = sys.now().strftime("%Y-%m-%d %H:%M:%S");
        let url = match Url::parse(text) {
            Ok(url) => url,
            Err(_) => return self.fail(sys, parsed, 1, &format!("{text}: Invalid URL.")),
        };
        let shown = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let shown = if url.path == "/" && !shown.ends_with('/') { format!("{shown}/") } else { shown };
        if talks(parsed) {
            say(sys, &format!("--{stamp}--  {shown}"));
        }
        let host = match resolve(sys, &url.host) {
            Target::Unknown => {
                let text = format!("wget: unable to resolve host address ‘{}’", url.host);
                if talks(parsed) {
                    print(sys, 2, &format!("Resolving {0} ({0})... failed: Name or service not known.\n", url.host));
                }
                return self.fail(sys, parsed, 4, &text);
            }
            Target::Elsewhere => {
                let text = format!("Connecting to {}:{}... failed: Connection timed out.", url.host, url.port);
                return self.fail(sys, parsed, 4, &text);
            }
            Target::Local(host) => host,
        };
        let named = url.host.parse::<std::net::IpAddr>().is_err();
        let both = if url.host == "localhost" { vec!["::1".to_owned(), host] } else { vec![host] };
        if talks(parsed) && named {
            print(sys, 2, &format!("Resolving {0} ({0})... {1}\n", url.host, both.join(", ")));
        }
        let mut reached = None;
        for address in &both {
            let at = if address.contains(':') { format!("[{address}]") } else { address.clone() };
            let peer = if named { format!("{0} ({0})|{at}|", url.host) } else { at };
            let tried = sys.connect_tcp(address, url.port);
            if talks(parsed) {
                let how = if tried.is_ok() { "connected." } else { "failed: Connection refused." };
                print(sys, 2, &format!("Connecting to {peer}:{}... {how}\n", url.port));
            }
            if let Ok(fd) = tried {
                reached = Some(fd);
                break;
            }
        }
        let Some(fd) = reached else {
            self.status = 4;
            return;
        };
        if url.secure {
            let _ = sys.close(fd);
            return self.fail(sys, parsed, 5, "Unable to establish SSL connection.");
        }
        let method = if parsed.has("spider") { "HEAD" } else { "GET" };
        let agent = parsed.last("user-agent").unwrap_or("Wget/1.21.3");
        let extra: String =
            parsed.options.iter().filter(|o| o.key == "header").map(|o| format!("{}\r\n", o.text())).collect();
        let host = if url.port == 80 { url.host.clone() } else { format!("{}:{}", url.host, url.port) };
        let request = format!(
            "{method} {} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {agent}\r\nAccept: */*\r\nAccept-Encoding: identity\r\n\
             Connection: Keep-Alive\r\n{extra}\r\n",
            url.path
        );
        let _ = sys.write(fd, request.as_bytes());
        let limit = parsed.last("timeout").and_then(interval).unwrap_or(std::time::Duration::from_secs(900));
        let deadline = sys.now() + limit;
        self.current = Some(Transfer { url, fd, input: Vec::new(), redirects, deadline });
        if talks(parsed) {
            print(sys, 2, "HTTP request sent, awaiting response... ");
        }
    }

    /// Reads the answer; `Some`: the step to return.
    fn receive(&mut self, sys: &mut Sys<'_>) -> Option<Step> {
        let transfer = self.current.as_mut()?;
        loop {
            match sys.read(transfer.fd, 65_536) {
                Ok(bytes) if !bytes.is_empty() => transfer.input.extend(bytes),
                Err(Errno::EAGAIN) if !whole(&transfer.input) && transfer.deadline > sys.now() => {
                    return Some(Step::Wait(Wait::fd(transfer.fd).or_until(transfer.deadline)));
                }
                _ => return None,
            }
        }
    }

    fn finish(&mut self, sys: &mut Sys<'_>, parsed: &Parsed) {
        let Some(transfer) = self.current.take() else { return };
        let _ = sys.close(transfer.fd);
        let Some(cut) = find(&transfer.input, b"\r\n\r\n") else {
            let text = if transfer.deadline <= sys.now() {
                "Read error (Connection timed out) in headers."
            } else {
                "No data received."
            };
            return self.fail(sys, parsed, 4, text);
        };
        let head = String::from_utf8_lossy(&transfer.input[..cut]).into_owned();
        let body = &transfer.input[cut + 4..];
        let code: u16 = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        let words = head.lines().next().and_then(|line| line.splitn(3, ' ').nth(2)).unwrap_or_else(|| reason(code));
        let header = |name: &str| {
            let mut pairs = head.lines().filter_map(|line| line.split_once(':'));
            pairs.find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.trim().to_owned())
        };
        if talks(parsed) {
            say(sys, &format!("{code} {words}"));
        }
        if parsed.has("server-response") {
            let lines: String = head.lines().map(|line| format!("  {line}\n")).collect();
            print(sys, 2, &lines);
        }
        if let Some(place) = header("location").filter(|_| (300..400).contains(&code)) {
            if talks(parsed) {
                say(sys, &format!("Location: {place} [following]"));
            }
            if transfer.redirects >= 20 {
                return self.fail(sys, parsed, 8, "20 redirections exceeded.");
            }
            let next = match place.starts_with('/') {
                true => format!("http://{}:{}{place}", transfer.url.host, transfer.url.port),
                false => place,
            };
            return self.begin(sys, parsed, &next, transfer.redirects + 1);
        }
        if code >= 400 || code == 0 {
            let stamp = sys.now().strftime("%Y-%m-%d %H:%M:%S");
            let lead = if talks(parsed) { String::new() } else { format!("{}:\n", transfer.url.text) };
            return self.fail(sys, parsed, 8, &format!("{lead}{stamp} ERROR {code}: {words}.\n"));
        }
        if parsed.has("spider") {
            if talks(parsed) {
                say(sys, "Remote file exists.\n");
            }
            return;
        }
        self.save(sys, parsed, &transfer.url, body, header("content-type"));
    }

    fn save(&mut self, sys: &mut Sys<'_>, parsed: &Parsed, url: &Url, body: &[u8], kind: Option<String>) {
        let base = url.path.split('?').next().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
        let base = if base.is_empty() { "index.html" } else { base };
        let mut name = match (parsed.last("output-document"), parsed.last("directory-prefix")) {
            (Some(name), _) => name.to_owned(),
            (None, Some(folder)) => format!("{}/{base}", folder.trim_end_matches('/')),
            (None, None) => base.to_owned(),
        };
        if !parsed.has("output-document") {
            let first = name.clone();
            let mut count = 1;
            while sys.stat(&name).is_ok() && count < 1000 {
                name = format!("{first}.{count}");
                count += 1;
            }
        }
        let shown = if name == "-" { "STDOUT".to_owned() } else { name.clone() };
        if talks(parsed) {
            let kind = kind.and_then(|kind| kind.split(';').next().map(str::to_owned)).unwrap_or_default();
            say(sys, &format!("Length: {} [{kind}]\nSaving to: ‘{shown}’\n", body.len()));
        }
        if name == "-" {
            print(sys, 1, &String::from_utf8_lossy(body));
        } else {
            match sys.open(&name, OpenFlags::WRITE, 0o666) {
                Ok(fd) => {
                    let mut rest = body;
                    while !rest.is_empty() {
                        match sys.write(fd, rest) {
                            Ok(n) if n > 0 => rest = &rest[n..],
                            _ => break,
                        }
                    }
                    let _ = sys.close(fd);
                }
                Err(errno) => return self.fail(sys, parsed, 3, &format!("{name}: {}", errno.message())),
            }
        }
        let stamp = sys.now().strftime("%Y-%m-%d %H:%M:%S");
        let size = body.len();
        if talks(parsed) {
            let label: String = format!("{shown:<20}").chars().take(20).collect();
            print(sys, 2, &format!("\r{label}100%[===================>] {size:>7}  --.-KB/s    in 0s      \n\n"));
            let verb = if name == "-" { "written to stdout" } else { "saved" };
            let target = if name == "-" { "-".into() } else { format!("‘{shown}’") };
            let line = if name == "-" {
                format!("{verb} [{size}/{size}]")
            } else {
                format!("{target} {verb} [{size}/{size}]")
            };
            say(sys, &format!("{stamp} ({:.1} MB/s) - {line}\n", size as f64 / 10_000.0 + 0.1));
        } else if parsed.has("no-verbose") && !parsed.has("quiet") {
            say(sys, &format!("{stamp} URL:{} [{size}/{size}] -> \"{name}\" [1]", url.text));
        }
    }
}

/// Whether all that `Content-Length:` promised has arrived.
fn whole(input: &[u8]) -> bool {
    let Some(cut) = find(input, b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&input[..cut]).to_lowercase();
    let length =
        head.lines().find_map(|l| l.strip_prefix("content-length:")).and_then(|n| n.trim().parse::<usize>().ok());
    length.is_some_and(|length| input.len() >= cut + 4 + length)
}
