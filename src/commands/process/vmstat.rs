//! `vmstat`: a line about memory, swap and processor, now and then again: vmstat(8).

use super::load::Memory;
use crate::commands::Command;
use crate::commands::options::{self, Hint, Opt, Options, absent, flag};
use crate::world::{Cx, Duration, Task, TaskStep, Time, Wait, task};

/// The command.
pub const COMMAND: Command =
    Command { name: "vmstat", path: "/usr/bin/vmstat", program: |argv| task(Vmstat::default(), argv) };

const TABLE: &[Opt] = &[
    flag('n', "one-header"),
    flag('t', "timestamp"),
    flag('y', "no-first"),
    absent('a', "active"),
    absent('f', "forks"),
    absent('m', "slabs"),
    absent('s', "stats"),
    absent('d', "disk"),
    absent('D', "disk-sum"),
    absent('p', "partition"),
    absent('S', "unit"),
    absent('w', "wide"),
];
const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[options] [delay [count]]",
    version: "from procps-ng 4.0.2",
    status: 1,
    hint: Hint::Nothing,
    in_order: false,
};

#[derive(Clone, Default)]
struct Vmstat {
    started: bool,
    delay: Duration,
    /// Lines still to print; `None`: without end.
    left: Option<u64>,
    shown: u64,
    next: Option<Time>,
    stamp: bool,
}

impl Task for Vmstat {
    fn step(&mut self, cx: &mut Cx<'_, '_>) -> TaskStep {
        if !self.started {
            self.started = true;
            let parsed = match options::parse(cx, &OPTIONS) {
                Ok(parsed) => parsed,
                Err(status) => return TaskStep::Exit(status),
            };
            let mut numbers = Vec::new();
            for word in &parsed.operands {
                match word.parse::<u64>() {
                    Ok(number) => numbers.push(number),
                    Err(_) => {
                        cx.fail(&format!("failed to parse argument: '{word}': Invalid argument"));
                        return TaskStep::Exit(1);
                    }
                }
            }
            if numbers.first() == Some(&0) {
                cx.fail("delay must be positive integer");
                return TaskStep::Exit(1);
            }
            self.delay = Duration::from_secs(numbers.first().copied().unwrap_or(1));
            self.left = if numbers.is_empty() { Some(1) } else { numbers.get(1).copied() };
            self.stamp = parsed.has("timestamp");
        }
        if let Some(next) = self.next.filter(|next| *next > cx.now()) {
            return TaskStep::Wait(Wait::until(next));
        }
        if self.left == Some(0) {
            return TaskStep::Exit(0);
        }
        self.line(cx);
        self.left = self.left.map(|left| left - 1);
        if self.left == Some(0) {
            return TaskStep::Exit(0);
        }
        let next = cx.now() + self.delay;
        self.next = Some(next);
        TaskStep::Wait(Wait::until(next))
    }
}

impl Vmstat {
    fn line(&mut self, cx: &mut Cx<'_, '_>) {
        let stamp = if self.stamp { " -----timestamp-----" } else { "" };
        if self.shown.is_multiple_of(22) {
            cx.outln(&format!(
                "procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----{stamp}\n \
                 r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st{}",
                if self.stamp { "                 UTC" } else { "" }
            ));
        }
        self.shown += 1;
        let memory = Memory::of(cx.world);
        let kib = |bytes: u64| bytes / 1024;
        let buffers = kib(memory.cache) / 20;
        let time = if self.stamp { format!(" {}", cx.now().strftime("%Y-%m-%d %H:%M:%S")) } else { String::new() };
        let (input, output) = if self.shown == 1 { (35, 20) } else { (0, 4) };
        cx.outln(&format!(
            " 1  0      0 {:>6} {buffers:>6} {:>6}    0    0 {input:>5} {output:>5}   52   88  0  0 100  0  0{time}",
            kib(memory.free),
            kib(memory.cache) - buffers
        ));
    }
}
