//! `select`: bash(1), Compound Commands.

use std::sync::Arc;

use super::compound::ForRun;
use crate::shell::bash::{Bash, Frame};
use crate::shell::program::Flow;
use crate::shell::syntax::ast::ForClause;
use crate::world::{Errno, Step, Sys, Wait};

impl Bash {
    /// A turn of `select`: the menu, the prompt, an answer, the body.
    pub(in crate::shell) fn step_select(
        &mut self,
        sys: &mut Sys<'_>,
        mut run: Box<ForRun>,
        words: &Arc<Vec<String>>,
        clause: &ForClause,
    ) -> Flow {
        if words.is_empty() {
            return Flow::Next;
        }
        if !run.shown {
            run.shown = true;
            run.results.clear();
            let width = words.len().to_string().len();
            let menu: Vec<String> =
                words.iter().enumerate().map(|(index, word)| format!("{:width$}) {word}\n", index + 1)).collect();
            let prompt = self.shell.variables.text("PS3").map_or_else(|| "#? ".to_string(), |text| text.to_string());
            // After an answer only the prompt comes again.
            let menu = if run.next == 0 { menu.concat() } else { String::new() };
            self.print(2, &format!("{menu}{prompt}"));
            self.push(Frame::For(run));
            return Flow::Next;
        }
        // The answer is gathered in `results`, a byte at a time.
        let mut line = run.results.pop().unwrap_or_default();
        loop {
            match sys.read(0, 1) {
                Ok(bytes) if bytes == b"\n" => break,
                Ok(bytes) if !bytes.is_empty() => line.push_str(&String::from_utf8_lossy(&bytes)),
                Err(Errno::EAGAIN) => {
                    run.results.push(line);
                    self.push(Frame::For(run));
                    return Flow::Block(Step::Wait(Wait::fd(0)));
                }
                _ => {
                    self.print(1, "\n");
                    self.shell.status = 1;
                    return Flow::Next;
                }
            }
        }
        self.shell.set("REPLY", &line);
        // An empty answer shows the menu again.
        run.shown = false;
        run.next = usize::from(!line.trim().is_empty());
        if line.trim().is_empty() {
            self.push(Frame::For(run));
            return Flow::Next;
        }
        let chosen = line.trim().parse::<usize>().ok().and_then(|number| words.get(number.checked_sub(1)?));
        let chosen = chosen.cloned().unwrap_or_default();
        self.push(Frame::For(run));
        self.loop_turn(sys, clause, &chosen);
        Flow::Next
    }
}
