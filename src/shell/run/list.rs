//! Lists and and-or lists: bash(1), Lists.

use std::sync::Arc;

use crate::shell::bash::{Bash, Frame};
use crate::shell::program::Flow;
use crate::shell::syntax::ast::{AndOr, AndOrOp, CommandKind, List, Pipeline, Separator};
use crate::world::{Duration, Sys, Time};

impl Bash {
    pub(in crate::shell) fn step_list(&mut self, sys: &mut Sys<'_>, list: Arc<List>, next: usize) -> Flow {
        let Some(item) = list.items.get(next) else { return Flow::Next };
        let (and_or, end) = (item.and_or.clone(), item.end);
        if !self.arrived.is_empty() {
            self.push(Frame::List(list, next));
            self.run_arrived_trap();
            return Flow::Next;
        }
        self.push(Frame::List(list, next + 1));
        if end == Separator::Background {
            self.start_background(sys, &and_or);
        } else {
            self.push(Frame::AndOr(and_or, 0));
        }
        Flow::Next
    }

    pub(in crate::shell) fn step_and_or(&mut self, sys: &mut Sys<'_>, and_or: Arc<AndOr>, next: usize) -> Flow {
        let last = and_or.rest.len();
        let Some(pipeline) = self.next_pipeline(&and_or, next) else {
            // The last pipeline was run, or left out.
            let ran = next == last + 1;
            let pipeline = and_or.rest.last().map_or(&and_or.first, |(_, pipeline)| pipeline);
            if ran && counts_as_failure(pipeline) {
                self.check_status(sys);
            }
            return Flow::Next;
        };
        let (index, pipeline) = pipeline;
        self.push(Frame::AndOr(and_or, index + 1));
        if index < last {
            self.quiet += 1;
            self.push(Frame::Quiet);
        }
        self.start_pipeline(sys, &pipeline);
        Flow::Next
    }

    /// The next pipeline that the status lets run, from `next` on, and its number.
    fn next_pipeline(&self, and_or: &AndOr, next: usize) -> Option<(usize, Arc<Pipeline>)> {
        if next == 0 {
            return Some((0, and_or.first.clone()));
        }
        let ok = self.shell.status == 0;
        let wanted = |op: AndOrOp| (op == AndOrOp::And) == ok;
        and_or
            .rest
            .iter()
            .enumerate()
            .skip(next - 1)
            .find(|(_, (op, _))| wanted(*op))
            .map(|(index, (_, pipeline))| (index + 1, pipeline.clone()))
    }

    /// What the reserved word `time` prints.
    pub(in crate::shell) fn report_time(&mut self, sys: &mut Sys<'_>, posix: bool, began: Time, cpu: Duration) -> Flow {
        let real = sys.now().since(began);
        let user = sys.me().cpu.saturating_sub(cpu);
        let text = if posix {
            format!("real {:.2}\nuser {:.2}\nsys 0.00\n", real.as_secs_f64(), user.as_secs_f64())
        } else {
            let format = self.shell.variables.text("TIMEFORMAT");
            let format = format.as_deref().unwrap_or("\nreal\t%3lR\nuser\t%3lU\nsys\t%3lS");
            if format.is_empty() { String::new() } else { format!("{}\n", time_report(format, real, user)) }
        };
        self.print(2, &text);
        Flow::Next
    }
}

/// `TIMEFORMAT` filled in: `%[digits][l]R`, `U` and `S`, `%P`.
fn time_report(format: &str, real: Duration, user: Duration) -> String {
    let mut out = String::new();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let digits = chars.next_if(char::is_ascii_digit).and_then(|c| c.to_digit(10)).map_or(3, |d| d.min(3) as usize);
        let long = chars.next_if_eq(&'l').is_some();
        let time = match chars.next() {
            Some('R') => real,
            Some('U') => user,
            Some('S') => Duration::ZERO,
            Some('P') => {
                let percent = user.as_secs_f64() * 100.0 / real.as_secs_f64().max(0.000_001);
                out.push_str(&format!("{:.2}", percent.min(100.0)));
                continue;
            }
            Some('%') => {
                out.push('%');
                continue;
            }
            other => {
                out.push('%');
                out.extend(other);
                continue;
            }
        };
        let seconds = time.as_secs_f64();
        out.push_str(&match long {
            true => format!("{}m{:.digits$}s", time.as_secs() / 60, seconds % 60.0),
            false => format!("{seconds:.digits$}"),
        });
    }
    out
}

/// Whether the failure of this pipeline ends a shell with `set -e`: compound commands have looked at their members.
fn counts_as_failure(pipeline: &Pipeline) -> bool {
    if pipeline.negated {
        return false;
    }
    match pipeline.commands.as_slice() {
        [command] => matches!(
            command.kind,
            CommandKind::Simple(_)
                | CommandKind::Subshell(_)
                | CommandKind::Arithmetic(_)
                | CommandKind::Conditional(_)
        ),
        _ => true,
    }
}
