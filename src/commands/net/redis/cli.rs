//! `redis-cli`: asks redis one thing, or line after line: redis-cli(1).

use super::client::{Client, PORT};
use super::resp::Reply;
use crate::commands::Command;
use crate::commands::process::launch::{print, say};
use crate::world::{Errno, Family, Program, Step, Sys, Wait};

/// The command.
pub const COMMAND: Command =
    Command { name: "redis-cli", path: "/usr/bin/redis-cli", program: |argv| Box::new(Cli::new(argv)) };

#[derive(Clone)]
struct Cli {
    host: String,
    port: u16,
    words: Vec<String>,
    raw: Option<bool>,
    refused: Option<String>,
    client: Option<Client>,
    waiting: bool,
    /// The answer to the last question is text to be shown as it is.
    prints_raw: bool,
    prompted: bool,
    input: Vec<u8>,
    status: u8,
}

impl Cli {
    fn new(argv: &[String]) -> Self {
        let mut cli = Cli {
            host: "127.0.0.1".into(),
            port: PORT,
            words: Vec::new(),
            raw: None,
            refused: None,
            client: None,
            waiting: false,
            prints_raw: false,
            prompted: false,
            input: Vec::new(),
            status: 0,
        };
        let mut args = argv.iter().skip(1);
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "-h" => cli.host = args.next().cloned().unwrap_or_default(),
                "-p" => cli.port = args.next().and_then(|p| p.parse().ok()).unwrap_or(0),
                "-n" | "-a" => drop(args.next()),
                "--raw" => cli.raw = Some(true),
                "--no-raw" => cli.raw = Some(false),
                "-v" | "--version" => cli.refused = Some("redis-cli 7.0.15".into()),
                option if option.starts_with('-') => {
                    cli.status = 1;
                    cli.refused = Some(format!("redis-cli: option {option} is not simulated"));
                }
                _ => {
                    cli.words.push(arg.clone());
                    cli.words.extend(args.by_ref().cloned());
                }
            }
        }
        cli
    }

    fn refuse(&self, sys: &mut Sys<'_>) {
        let (host, port) = (&self.host, self.port);
        let family = Family::of_host(host);
        let why = match sys.permit_family(family) {
            Err(errno) => format!("Can't create socket: {errno}"),
            Ok(()) => "Connection refused".to_owned(),
        };
        say(sys, &format!("Could not connect to Redis at {host}:{port}: {why}"));
    }

    /// Sends the words; false when nobody answers.
    fn send(&mut self, sys: &mut Sys<'_>, words: &[String]) -> bool {
        if self.client.is_none() {
            self.client = Client::connect(sys, &self.host, self.port).ok();
        }
        self.prints_raw = words.first().is_some_and(|w| w.eq_ignore_ascii_case("info"));
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let sent = self.client.as_mut().is_some_and(|client| client.send(sys, &words).is_ok());
        if !sent {
            self.client = None;
        }
        self.waiting = sent;
        sent
    }

    /// Prints the answer that was waited for. `None`: it has not come.
    fn receive(&mut self, sys: &mut Sys<'_>) -> Option<()> {
        match self.client.as_mut()?.receive(sys) {
            Ok(None) => return None,
            Ok(Some(reply)) => {
                let raw = self.raw.unwrap_or(!sys.isatty(1)) || self.prints_raw;
                let text = if raw { plain(&reply) } else { shown(&reply, 0) };
                print(sys, 1, &format!("{text}\n"));
            }
            Err(_) => {
                say(sys, "Error: Server closed the connection");
                self.client = None;
                self.status = 1;
            }
        }
        self.waiting = false;
        Some(())
    }

    fn once(&mut self, sys: &mut Sys<'_>) -> Step {
        let words = self.words.clone();
        if !self.waiting && !self.send(sys, &words) {
            self.refuse(sys);
            return Step::Exit(1);
        }
        match (self.receive(sys), &self.client) {
            (None, Some(client)) => Step::Wait(Wait::fd(client.fd)),
            _ => Step::Exit(self.status),
        }
    }

    /// One line after the other from standard input.
    fn lines(&mut self, sys: &mut Sys<'_>) -> Step {
        loop {
            if self.waiting && self.receive(sys).is_none() {
                return self.client.as_ref().map_or(Step::Yield, |c| Step::Wait(Wait::fd(c.fd)));
            }
            let tty = sys.isatty(0);
            if tty && !self.prompted {
                if self.client.is_none() {
                    self.client = Client::connect(sys, &self.host, self.port).ok();
                }
                let prompt = if self.client.is_some() {
                    format!("{}:{}> ", self.host, self.port)
                } else {
                    self.refuse(sys);
                    "not connected> ".into()
                };
                print(sys, 1, &prompt);
                self.prompted = true;
            }
            let Some(end) = self.input.iter().position(|b| *b == b'\n') else {
                match sys.read(0, 65_536) {
                    Ok(bytes) if bytes.is_empty() && self.input.is_empty() => {
                        print(sys, 1, if tty { "\n" } else { "" });
                        return Step::Exit(self.status);
                    }
                    Ok(bytes) if bytes.is_empty() => self.input.push(b'\n'),
                    Ok(bytes) => self.input.extend(bytes),
                    Err(Errno::EAGAIN) => return Step::Wait(Wait::fd(0)),
                    Err(_) => return Step::Exit(self.status),
                }
                continue;
            };
            let line: Vec<u8> = self.input.drain(..=end).collect();
            self.prompted = false;
            let words = split(&String::from_utf8_lossy(&line));
            match words.first().map(|w| w.to_lowercase()).as_deref() {
                None => {}
                Some("exit" | "quit") => return Step::Exit(0),
                Some(_) if self.send(sys, &words) => {}
                Some(_) => {
                    self.refuse(sys);
                    if !tty {
                        return Step::Exit(1);
                    }
                }
            }
        }
    }
}

impl Program for Cli {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if let Some(text) = self.refused.take() {
            print(sys, if self.status == 0 { 1 } else { 2 }, &format!("{text}\n"));
            return Step::Exit(self.status);
        }
        if self.words.is_empty() { self.lines(sys) } else { self.once(sys) }
    }
}

/// Words, with quotes around those that hold blanks.
fn split(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in line.trim_end().chars() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ' | '\t') => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// An answer as it goes into a pipe.
fn plain(reply: &Reply) -> String {
    match reply {
        Reply::Status(text) | Reply::Bulk(text) => text.clone(),
        Reply::Error(text) => format!("{text}\n"),
        Reply::Integer(n) => n.to_string(),
        Reply::Nil => String::new(),
        Reply::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join("\n"),
    }
}

/// An answer as it is shown on a terminal.
fn shown(reply: &Reply, indent: usize) -> String {
    match reply {
        Reply::Status(text) => text.clone(),
        Reply::Error(text) => format!("(error) {text}"),
        Reply::Integer(n) => format!("(integer) {n}"),
        Reply::Bulk(text) => quote(text),
        Reply::Nil => "(nil)".into(),
        Reply::Array(items) if items.is_empty() => "(empty array)".into(),
        Reply::Array(items) => {
            let width = items.len().to_string().len();
            let lines = items.iter().enumerate().map(|(at, item)| {
                let lead = if at == 0 { String::new() } else { " ".repeat(indent) };
                format!("{lead}{:>width$}) {}", at + 1, shown(item, indent + width + 2))
            });
            lines.collect::<Vec<_>>().join("\n")
        }
    }
}

fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c if c.is_ascii() => out.push(c),
            c => c.to_string().bytes().for_each(|b| out.push_str(&format!("\\x{b:02x}"))),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_shown_as_by_the_real_one() {
        assert_eq!(shown(&Reply::Integer(3), 0), "(integer) 3");
        assert_eq!(shown(&Reply::Bulk("a\"b".into()), 0), "\"a\\\"b\"");
        let entry = Reply::Array(vec![Reply::Bulk("1-0".into()), Reply::bulks(["k".to_owned(), "v".to_owned()])]);
        let list = Reply::Array(vec![entry.clone(), entry]);
        let text = "1) 1) \"1-0\"\n   2) 1) \"k\"\n      2) \"v\"\n2) 1) \"1-0\"\n   2) 1) \"k\"\n      2) \"v\"";
        assert_eq!(shown(&list, 0), text);
        assert_eq!(plain(&list), "1-0\nk\nv\n1-0\nk\nv");
    }

    #[test]
    fn quotes_hold_words_together() {
        assert_eq!(split("SET a \"b c\" ''\n"), ["SET", "a", "b c", ""]);
    }
}
