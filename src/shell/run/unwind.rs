//! Leaving frames before their end: `break`, `return`, `exit`, errors; and taking back what a frame changed.

use crate::shell::bash::{Bash, Frame, Task, Unwind};
use crate::shell::expand::{Failure, Reach};
use crate::shell::traps::Event;
use crate::world::Sys;

impl Bash {
    /// Leaves frames until what `how` looks for is on top.
    pub(in crate::shell) fn unwind(&mut self, sys: &mut Sys<'_>, how: Unwind) {
        if let Unwind::Exit(code) = how {
            self.exit(sys, code);
            return;
        }
        let mut how = how;
        while let Some(frame) = self.frames.pop() {
            match (how, frame) {
                (Unwind::Line, Frame::Reader(reader)) => {
                    self.push(Frame::Reader(reader));
                    return;
                }
                (Unwind::Return, frame @ Frame::Call(_)) => {
                    self.undo(sys, frame);
                    return;
                }
                (Unwind::Return, Frame::Reader(reader)) if reader.is_sourced() => {
                    self.end_reader(sys, *reader);
                    return;
                }
                (Unwind::Break(n) | Unwind::Continue(n), frame) if is_loop(&frame) && n > 1 => {
                    how = match how {
                        Unwind::Break(n) => Unwind::Break(n - 1),
                        _ => Unwind::Continue(n - 1),
                    };
                }
                (Unwind::Break(_), frame) if is_loop(&frame) => return,
                (Unwind::Continue(_), frame) if is_loop(&frame) => {
                    self.push(frame);
                    return;
                }
                (_, Frame::Exit(code)) => {
                    self.push(Frame::Exit(code));
                    return;
                }
                (_, frame) => self.undo(sys, frame),
            }
        }
    }

    /// How many loops are around, within the running function.
    pub(in crate::shell) fn loop_depth(&self) -> u32 {
        let inside = self.frames.iter().rev().take_while(|frame| !matches!(frame, Frame::Call(_)));
        inside.filter(|frame| is_loop(frame)).count() as u32
    }

    /// Takes back what a frame changed.
    pub(in crate::shell) fn undo(&mut self, sys: &mut Sys<'_>, frame: Frame) {
        match frame {
            Frame::Restore(saved) => self.restore(sys, saved),
            Frame::Quiet => self.quiet = self.quiet.saturating_sub(1),
            Frame::Scope => self.shell.variables.pop_scope(),
            Frame::Call(mut end) => match self.traps.get(Event::Return).filter(|text| !text.is_empty()) {
                Some(text) if !end.trapped => {
                    end.trapped = true;
                    self.push(Frame::Call(end));
                    self.run_trap(&text);
                }
                _ => self.end_call(*end),
            },
            Frame::TrapEnd(status) => self.shell.status = status,
            Frame::Capture(capture) => {
                let _ = sys.close(capture.fd);
            }
            Frame::Reader(reader) => self.end_reader(sys, *reader),
            _ => {}
        }
    }

    /// Begins to end: everything is taken back, then the EXIT trap runs.
    fn exit(&mut self, sys: &mut Sys<'_>, code: u8) {
        self.shell.status = code;
        let trap = self.traps.get(Event::Exit).filter(|command| !command.is_empty());
        let already = self.frames.iter().any(|frame| matches!(frame, Frame::Exit(_)));
        while let Some(frame) = self.frames.pop() {
            self.undo(sys, frame);
        }
        self.shell.status = code;
        self.captured = None;
        self.push(Frame::Exit(code));
        if let (Some(command), false) = (trap, already) {
            self.traps.remove(Event::Exit);
            self.push(Frame::Quiet);
            self.quiet += 1;
            self.push_text(&command, None);
        }
    }

    /// An expansion failed: bash says why and drops what it did.
    pub(in crate::shell) fn fail(&mut self, sys: &mut Sys<'_>, failure: &Failure) {
        if self.shell.posix && !self.shell.interactive {
            // Any failed expansion ends dash.
            self.complain(&failure.message.replace("unbound variable", "parameter not set"));
            self.unwind(sys, Unwind::Exit(2));
            return;
        }
        self.complain(&failure.message);
        self.shell.status = 1;
        match failure.reach {
            Reach::Command => {}
            Reach::Shell if !self.shell.interactive || self.child => {
                let text = matches!(self.task, Task::Text(_)) && !self.child;
                self.unwind(sys, Unwind::Exit(if text { 127 } else { 1 }));
            }
            _ if self.child && !self.frames.iter().any(|frame| matches!(frame, Frame::Reader(_))) => {
                self.unwind(sys, Unwind::Exit(1));
            }
            _ => self.unwind(sys, Unwind::Line),
        }
    }

    /// A command failed: `set -e` and the ERR trap.
    pub(in crate::shell) fn check_status(&mut self, sys: &mut Sys<'_>) {
        if self.shell.status == 0 || self.quiet > 0 {
            return;
        }
        let in_function = !self.shell.calls.is_empty() && !self.shell.switches.is("errtrace");
        if let Some(command) = self.traps.get(Event::Err).filter(|command| !command.is_empty() && !in_function) {
            if self.shell.switches.is("errexit") {
                let code = self.shell.status;
                while let Some(frame) = self.frames.pop() {
                    self.undo(sys, frame);
                }
                self.shell.status = code;
                self.push_text(&format!("builtin exit {code}"), None);
            }
            self.quiet += 1;
            self.push(Frame::Quiet);
            self.run_trap(&command);
            return;
        }
        if self.shell.switches.is("errexit") {
            self.unwind(sys, Unwind::Exit(self.shell.status));
        }
    }
}

fn is_loop(frame: &Frame) -> bool {
    matches!(frame, Frame::For(_) | Frame::ArithFor(_) | Frame::Loop(_))
}
