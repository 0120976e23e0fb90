//! `ping`: only this machine answers: ping(8).

use super::curl::{Target, resolve};
use crate::commands::Command;
use crate::commands::options::{Hint, Opt, Options, Parsed, absent, short, short_value};
use crate::commands::process::launch::{interval, print, read_options, say};
use crate::world::{Duration, Program, Signal, Step, Sys, Time, Wait};

/// The command.
pub const COMMAND: Command = Command {
    name: "ping",
    path: "/usr/bin/ping",
    program: |argv| {
        Box::new(Ping { argv: argv.to_vec(), parsed: None, sent: 0, began: Time::default(), next: Time::default() })
    },
};

const TABLE: &[Opt] = &[
    short_value('c', "c"),
    short_value('i', "i"),
    short_value('W', "W"),
    short_value('w', "w"),
    short('q', "q"),
    short('n', "n"),
    short('4', "4"),
    short('6', "6"),
    absent('f', ""),
    absent('s', ""),
];
const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[options] <destination>",
    version: "",
    status: 2,
    hint: Hint::Nothing,
    in_order: false,
};

#[derive(Clone)]
struct Ping {
    argv: Vec<String>,
    parsed: Option<Parsed>,
    sent: u64,
    began: Time,
    next: Time,
}

impl Ping {
    fn start(&mut self, sys: &mut Sys<'_>) -> Result<(), u8> {
        let parsed = read_options(sys, &self.argv, &OPTIONS)?;
        let Some(host) = parsed.operands.first().cloned() else {
            say(sys, "ping: usage error: Destination address required");
            return Err(1);
        };
        match resolve(sys, &host) {
            Target::Local(_) => {}
            Target::Unknown => {
                say(sys, &format!("ping: {host}: Name or service not known"));
                return Err(2);
            }
            Target::Elsewhere => {
                say(sys, "ping: connect: Network is unreachable");
                return Err(2);
            }
        }
        print(sys, 1, &format!("PING {host} (127.0.0.1) 56(84) bytes of data.\n"));
        sys.catch(Signal::INT);
        self.began = sys.now();
        self.next = sys.now();
        self.parsed = Some(parsed);
        Ok(())
    }
}

impl Program for Ping {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if self.parsed.is_none()
            && let Err(status) = self.start(sys)
        {
            return Step::Exit(status);
        }
        let Some(parsed) = self.parsed.clone() else { return Step::Exit(2) };
        let host = parsed.operands.first().cloned().unwrap_or_default();
        let count = parsed.last("c").and_then(|c| c.parse::<u64>().ok());
        let interrupted = sys.take_signal().is_some();
        if !interrupted && sys.now() >= self.next && count.is_none_or(|c| self.sent < c) {
            self.sent += 1;
            if !parsed.has("q") {
                let line = format!("64 bytes from {host} (127.0.0.1): icmp_seq={} ttl=64 time=0.041 ms\n", self.sent);
                print(sys, 1, &line);
            }
            self.next = sys.now()
                + parsed.last("i").and_then(interval).unwrap_or(Duration::from_secs(1)).max(Duration::from_millis(2));
        }
        if interrupted || count.is_some_and(|c| self.sent >= c) {
            let took = sys.now().since(self.began).as_millis();
            let n = self.sent;
            let text = format!(
                "\n--- {host} ping statistics ---\n{n} packets transmitted, {n} received, 0% packet loss, time {took}ms\nrtt min/avg/max/mdev = 0.041/0.041/0.041/0.000 ms\n"
            );
            print(sys, 1, &text);
            return Step::Exit(0);
        }
        Step::Wait(Wait::until(self.next))
    }
}
