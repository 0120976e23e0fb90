//! `nc`: a connection by hand, or somebody who waits for one: nc(1), the version of OpenBSD.

use super::curl::{Target, resolve};
use super::sockets::{port, service};
use crate::commands::Command;
use crate::commands::options::{Hint, Opt, Options, Parsed, absent, short, short_value};
use crate::commands::process::launch::{interval, misuse, print, read_options, say};
use crate::world::{Address, Errno, Fd, Program, Step, Sys, Time, Wait};

/// `nc`.
pub const COMMAND: Command = Command {
    name: "nc",
    path: "/usr/bin/nc",
    program: |argv| {
        Box::new(Nc { argv: argv.to_vec(), parsed: None, listener: None, link: None, input_over: false, quit_at: None })
    },
};

const TABLE: &[Opt] = &[
    short('z', "z"),
    short('v', "v"),
    short('l', "l"),
    short('k', "k"),
    short('n', "n"),
    short('N', "N"),
    short('4', "4"),
    short('6', "6"),
    short('d', "d"),
    short_value('w', "w"),
    short_value('p', "p"),
    short_value('q', "q"),
    short_value('s', "s"),
    absent('u', ""),
    absent('U', ""),
    absent('x', ""),
    absent('X', ""),
    absent('e', ""),
    absent('i', ""),
    absent('t', ""),
];
const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[-46dklNnvz] [-p source_port] [-q seconds] [-s sourceaddr] [-w timeout] [destination] [port]",
    version: "",
    status: 1,
    hint: Hint::Usage,
    in_order: false,
};

#[derive(Clone)]
struct Nc {
    argv: Vec<String>,
    parsed: Option<Parsed>,
    listener: Option<Fd>,
    link: Option<Fd>,
    input_over: bool,
    quit_at: Option<Time>,
}

impl Program for Nc {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if self.parsed.is_none() {
            let parsed = match read_options(sys, &self.argv, &OPTIONS) {
                Ok(parsed) => parsed,
                Err(status) => return Step::Exit(status),
            };
            self.parsed = Some(parsed.clone());
            self.input_over = parsed.has("d");
            let begun = if parsed.has("l") { self.listen(sys, &parsed) } else { self.connect(sys, &parsed) };
            if let Err(status) = begun {
                return Step::Exit(status);
            }
        }
        loop {
            match (self.link, self.listener) {
                (Some(link), _) => {
                    if let Some(step) = self.relay(sys, link) {
                        return step;
                    }
                }
                (None, Some(listener)) => match sys.accept(listener) {
                    Ok(link) => {
                        self.link = Some(link);
                        let verbose = self.parsed.as_ref().is_some_and(|p| p.has("v"));
                        if verbose {
                            say(sys, &format!("Connection received on localhost {}", 40_000 + sys.pid % 20_000));
                        }
                    }
                    Err(Errno::EAGAIN) => return Step::Wait(Wait::fd(listener)),
                    Err(_) => return Step::Exit(1),
                },
                (None, None) => return Step::Exit(0),
            }
        }
    }
}

/// The ports of `22` or `20-25`.
fn ports(text: &str) -> Option<Vec<u16>> {
    match text.split_once('-').and_then(|(a, b)| Some((a.parse::<u16>().ok()?, b.parse::<u16>().ok()?))) {
        Some((low, high)) => Some((low.min(high)..=low.max(high)).collect()),
        None => port(text).map(|port| vec![port]),
    }
}

impl Nc {
    fn listen(&mut self, sys: &mut Sys<'_>, parsed: &Parsed) -> Result<(), u8> {
        let (host, text) = match (&parsed.operands[..], parsed.last("p")) {
            ([port], _) => ("0.0.0.0".to_owned(), port.clone()),
            ([host, port], _) => (host.replace("localhost", "127.0.0.1"), port.clone()),
            ([], Some(port)) => ("0.0.0.0".to_owned(), port.to_owned()),
            _ => return Err(misuse(sys, &self.argv, &OPTIONS)),
        };
        let Some(number) = port(&text) else {
            say(sys, &format!("nc: port number invalid: {text}"));
            return Err(1);
        };
        match sys.listen(Address::Tcp(host, number), 1) {
            Ok(listener) => {
                self.listener = Some(listener);
                if parsed.has("v") {
                    say(sys, &format!("Listening on 0.0.0.0 {number}"));
                }
                Ok(())
            }
            Err(errno) => {
                say(sys, &format!("nc: {}", errno.message()));
                Err(1)
            }
        }
    }

    fn connect(&mut self, sys: &mut Sys<'_>, parsed: &Parsed) -> Result<(), u8> {
        let [host, text] = &parsed.operands[..] else {
            if parsed.operands.len() == 1 {
                say(sys, "nc: missing port number");
                return Err(1);
            }
            return Err(misuse(sys, &self.argv, &OPTIONS));
        };
        let Some(ports) = ports(text) else {
            say(sys, &format!("nc: port number invalid: {text}"));
            return Err(1);
        };
        let mut status = 1;
        for number in ports {
            let reached = match resolve(sys, host) {
                Target::Unknown => {
                    say(sys, &format!("nc: getaddrinfo for host \"{host}\" port {number}: Name or service not known"));
                    return Err(1);
                }
                Target::Elsewhere => Err(("timed out: Operation now in progress", host.clone())),
                Target::Local(address) => {
                    sys.connect_tcp(&address, number).map_err(|_| ("failed: Connection refused", address))
                }
            };
            match reached {
                Ok(link) => {
                    if parsed.has("v") {
                        let name = service(number);
                        let name = if name == number.to_string() { "*".into() } else { name };
                        let shown = if host == "localhost" { "localhost (127.0.0.1)".into() } else { host.clone() };
                        say(sys, &format!("Connection to {shown} {number} port [tcp/{name}] succeeded!"));
                    }
                    status = 0;
                    if !parsed.has("z") {
                        self.link = Some(link);
                        return Ok(());
                    }
                    let _ = sys.close(link);
                }
                Err((why, address)) => {
                    if parsed.has("v") {
                        say(sys, &format!("nc: connect to {host} ({address}) port {number} (tcp) {why}"));
                    }
                }
            }
        }
        Err(status)
    }

    /// Moves bytes both ways; `Some`: the step to return.
    fn relay(&mut self, sys: &mut Sys<'_>, link: Fd) -> Option<Step> {
        let parsed = self.parsed.clone().unwrap_or_default();
        while !self.input_over {
            match sys.read(0, 16_384) {
                Ok(bytes) if !bytes.is_empty() => drop_unsent(sys, link, &bytes),
                Err(Errno::EAGAIN) => break,
                _ => {
                    self.input_over = true;
                    let now = sys.now();
                    let wait = if parsed.has("N") { Some("0") } else { parsed.last("q") };
                    self.quit_at = wait.and_then(interval).map(|time| now + time);
                }
            }
        }
        loop {
            match sys.read(link, 16_384) {
                Ok(bytes) if !bytes.is_empty() => print(sys, 1, &String::from_utf8_lossy(&bytes)),
                Err(Errno::EAGAIN) => break,
                _ => {
                    let _ = sys.close(link);
                    self.link = None;
                    if !parsed.has("k") {
                        return Some(Step::Exit(0));
                    }
                    return None;
                }
            }
        }
        let limit = parsed.last("w").and_then(interval).map(|time| sys.now() + time);
        if self.quit_at.is_some_and(|at| at <= sys.now()) {
            return Some(Step::Exit(0));
        }
        let mut wait = Wait::fd(link);
        if !self.input_over {
            wait = wait.or_fd(0);
        }
        Some(Step::Wait(match self.quit_at.or(limit.filter(|_| self.input_over)) {
            Some(at) => wait.or_until(at),
            None => wait,
        }))
    }
}

/// Sends bytes; what the other end does not take is lost.
fn drop_unsent(sys: &mut Sys<'_>, link: Fd, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        match sys.write(link, bytes) {
            Ok(n) if n > 0 => bytes = &bytes[n..],
            _ => return,
        }
    }
}
