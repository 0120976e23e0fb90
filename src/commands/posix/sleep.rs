//! Waits: sleep(1).

use crate::commands::Command;
use crate::commands::options::{Options, Parsed};
use crate::commands::process::launch::{self, interval};
use crate::world::{Duration, Program, Step, Sys, Time, Wait};

/// The command file.
pub const COMMAND: Command = Command {
    name: "sleep",
    path: "/usr/bin/sleep",
    program: |argv| Box::new(Sleep { argv: argv.to_vec(), until: None }),
};

const OPTIONS: Options = Options::coreutils(&[], "NUMBER[SUFFIX]...");

#[derive(Clone)]
struct Sleep {
    argv: Vec<String>,
    until: Option<Time>,
}

impl Program for Sleep {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        let until = match self.until {
            Some(until) => until,
            None => match self.start(sys) {
                Ok(until) => until,
                Err(status) => return Step::Exit(status),
            },
        };
        self.until = Some(until);
        if sys.now() >= until { Step::Exit(0) } else { Step::Wait(Wait::until(until)) }
    }
}

impl Sleep {
    /// Until when; errors are printed.
    fn start(&self, sys: &mut Sys<'_>) -> Result<Time, u8> {
        let Parsed { operands, .. } = launch::read_options(sys, &self.argv, &OPTIONS)?;
        let called = self.argv.first().cloned().unwrap_or_default();
        if operands.is_empty() {
            launch::say(sys, &format!("{called}: missing operand"));
            return Err(launch::misuse(sys, &self.argv, &OPTIONS));
        }
        let (mut total, mut wrong) = (Duration::ZERO, false);
        for operand in &operands {
            let endless = operand.trim_start_matches('+').to_ascii_lowercase().starts_with("inf");
            match if endless { Some(Duration::MAX) } else { interval(operand) } {
                Some(time) => total = total.saturating_add(time),
                None => {
                    launch::say(sys, &format!("{called}: invalid time interval ‘{operand}’"));
                    wrong = true;
                }
            }
        }
        if wrong {
            return Err(launch::misuse(sys, &self.argv, &OPTIONS));
        }
        Ok(sys.now() + total)
    }
}

#[cfg(test)]
mod tests {
    use crate::commands::testing::Bench;
    use crate::world::Duration;

    #[test]
    fn it_takes_its_time() {
        let mut bench = Bench::new();
        let pid = bench.start(&["sleep", "1m", "5"], "");
        assert_eq!(bench.wait(pid, Duration::from_secs(64)).status, None);
        assert_eq!(bench.wait(pid, Duration::from_secs(2)).status, Some(0));
    }
}
