//! `watch`: runs a command again and again and shows what it prints: watch(1).

use super::launch::{execvp, interval, print, read_options, say};
use crate::commands::Command;
use crate::commands::options::{Hint, Opt, Options, Parsed, absent, flag, value};
use crate::world::{Channel, ChildEvent, Duration, Errno, ExitStatus, Fd, Pid, Program, Signal, Step, Sys, Time, Wait};

/// The command.
pub const COMMAND: Command = Command {
    name: "watch",
    path: "/usr/bin/watch",
    program: |argv| {
        Box::new(Watch {
            argv: argv.to_vec(),
            parsed: None,
            run: None,
            next: Time::default(),
            last: Vec::new(),
            cycles: 0,
        })
    },
};

const TABLE: &[Opt] = &[
    flag('b', "beep"),
    flag('c', "color"),
    flag('d', "differences"),
    flag('e', "errexit"),
    flag('g', "chgexit"),
    value('n', "interval"),
    flag('p', "precise"),
    flag('t', "no-title"),
    flag('w', "no-wrap"),
    flag('x', "exec"),
    absent('q', "equexit"),
];
const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[options] command",
    version: "from procps-ng 4.0.2",
    status: 1,
    hint: Hint::Nothing,
    in_order: true,
};

#[derive(Clone)]
struct Watch {
    argv: Vec<String>,
    parsed: Option<Parsed>,
    run: Option<Run>,
    next: Time,
    last: Vec<u8>,
    cycles: u64,
}

#[derive(Clone)]
struct Run {
    child: Pid,
    output: Fd,
    bytes: Vec<u8>,
    ended: bool,
}

#[derive(Clone)]
struct Child {
    argv: Vec<String>,
    output: Fd,
}

impl Program for Child {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
            sys.default_signal(signal);
        }
        let _ = sys.dup2(self.output, 1);
        let _ = sys.dup2(self.output, 2);
        execvp(sys, &self.argv, None).unwrap_or_else(|errno| {
            say(sys, &format!("watch: unable to execute '{}': {}", self.argv[0], errno.message()));
            Step::Exit(127)
        })
    }
}

impl Watch {
    fn spawn(&mut self, sys: &mut Sys<'_>, parsed: &Parsed) -> Result<(), Errno> {
        let argv = if parsed.has("exec") {
            parsed.operands.clone()
        } else {
            vec!["sh".to_owned(), "-c".into(), parsed.operands.join(" ")]
        };
        let (read, write) = sys.pipe(true)?;
        let child = sys.fork(Box::new(Child { argv, output: write }));
        let _ = sys.close(write);
        self.run = Some(Run { child: child?, output: read, bytes: Vec::new(), ended: false });
        Ok(())
    }

    /// Reads what the command prints; its status when it is over.
    fn collect(&mut self, sys: &mut Sys<'_>) -> Option<ExitStatus> {
        let run = self.run.as_mut()?;
        while !run.ended {
            match sys.read(run.output, 65_536) {
                Ok(bytes) if !bytes.is_empty() => run.bytes.extend(bytes),
                Err(Errno::EAGAIN) => return None,
                _ => run.ended = true,
            }
        }
        loop {
            if let (_, ChildEvent::Ended(status)) = sys.wait_child(Some(run.child))? {
                let _ = sys.close(run.output);
                return Some(status);
            }
        }
    }

    fn show(&mut self, sys: &mut Sys<'_>, parsed: &Parsed, period: Duration) {
        let tty = sys.tty_of(1).and_then(|id| sys.world.terminals.get(&id));
        let (columns, rows) = tty.map_or((80, 24), |t| (usize::from(t.columns), usize::from(t.rows)));
        let mut screen = String::from("\x1b[H\x1b[2J");
        let mut room = rows;
        if !parsed.has("no-title") {
            let left = format!("Every {:.1}s: {}", period.as_secs_f64(), parsed.operands.join(" "));
            let right = format!("{}: {}", sys.world.hostname, sys.now().strftime("%a %b %e %H:%M:%S %Y"));
            let gap = columns.saturating_sub(left.chars().count() + right.chars().count()).max(1);
            screen.push_str(&format!("{left}{}{right}\n\n", " ".repeat(gap)));
            room = room.saturating_sub(2);
        }
        let text = String::from_utf8_lossy(&self.last).into_owned();
        for line in text.lines().take(room) {
            let line: String = line.chars().take(columns).collect();
            screen.push_str(&line);
            screen.push('\n');
        }
        print(sys, 1, &screen);
    }
}

impl Program for Watch {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        let parsed = match &self.parsed {
            Some(parsed) => parsed.clone(),
            None => match read_options(sys, &self.argv, &OPTIONS) {
                Ok(parsed) if !parsed.operands.is_empty() => {
                    [Signal::INT, Signal::TERM, Signal::HUP].into_iter().for_each(|s| sys.catch(s));
                    self.parsed.insert(parsed).clone()
                }
                Ok(_) => {
                    say(sys, "\nUsage:\n watch [options] command\n\nFor more details see watch(1).");
                    return Step::Exit(1);
                }
                Err(status) => return Step::Exit(status),
            },
        };
        if sys.take_signal().is_some_and(|s| s != Signal::CHLD) {
            print(sys, 1, "\x1b[H\x1b[2J");
            return Step::Exit(0);
        }
        let period = parsed
            .last("interval")
            .and_then(interval)
            .unwrap_or(Duration::from_secs(2))
            .max(Duration::from_millis(100));
        if self.run.is_none() && sys.now() >= self.next {
            self.next = sys.now() + period;
            if self.spawn(sys, &parsed).is_err() {
                say(sys, "watch: unable to fork process: Resource temporarily unavailable");
                return Step::Exit(2);
            }
        }
        if let Some(status) = self.collect(sys) {
            let bytes = self.run.take().map(|run| run.bytes).unwrap_or_default();
            let changed = self.cycles > 0 && bytes != self.last;
            self.last = bytes;
            self.cycles += 1;
            self.show(sys, &parsed, period);
            self.next = sys.now() + period;
            if (parsed.has("chgexit") && changed) || (parsed.has("errexit") && status.code() != 0) {
                return Step::Exit(if changed { 0 } else { 8 });
            }
        }
        let wait = Wait::channel(Channel::Children(sys.pid));
        Step::Wait(match &self.run {
            Some(run) if !run.ended => wait.or_fd(run.output),
            Some(_) => wait,
            None => wait.or_until(self.next),
        })
    }
}
