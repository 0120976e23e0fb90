//! Searches folders for files that satisfy an expression: find(1).

mod eval;
mod expression;
mod parse;
mod printf;

use std::collections::VecDeque;

use super::Command;
use crate::world::{Channel, ChildEvent, Cx, ExitStatus, Pid, Task, TaskStep, Wait, task};
use expression::{Expression, Settings};

/// `find`.
pub const COMMAND: Command =
    Command { name: "find", path: "/usr/bin/find", program: |argv| task(Find::default(), argv) };

/// A file that find has come to.
#[derive(Clone, Debug)]
struct Visit {
    path: String,
    /// The starting point it lies below.
    start: String,
    depth: usize,
    /// With `-depth`: its contents were visited.
    entered: bool,
}

#[derive(Clone, Default)]
struct Find {
    started: bool,
    set: Settings,
    expression: Option<Expression>,
    starts: VecDeque<String>,
    todo: Vec<Visit>,
    /// The file being judged, and the answers that its actions have given so far.
    current: Option<(Visit, Vec<bool>)>,
    /// A child that an action waits for.
    child: Option<Pid>,
    /// Arguments gathered for `-exec … +`, by the action's number.
    gathered: Vec<Vec<String>>,
    finishing: usize,
    quit: bool,
    status: u8,
}

impl Task for Find {
    fn step(&mut self, cx: &mut Cx<'_, '_>) -> TaskStep {
        if !self.started {
            self.started = true;
            match parse::parse(cx) {
                Ok((starts, set, expression)) => {
                    self.gathered = vec![Vec::new(); set.batches.len()];
                    (self.starts, self.set, self.expression) = (starts.into(), set, Some(expression));
                }
                Err(message) => {
                    message.iter().for_each(|line| cx.fail(line));
                    return TaskStep::Exit(1);
                }
            }
        }
        for _ in 0..TURNS {
            if let Some(pid) = self.child {
                match cx.wait_child(Some(pid)) {
                    Some((_, ChildEvent::Ended(status))) => self.child_ended(status),
                    _ => return TaskStep::Wait(Wait::channel(Channel::Children(cx.pid))),
                }
            }
            if self.current.is_none() && !self.next(cx) {
                match self.finish(cx) {
                    true => continue,
                    false => return TaskStep::Exit(self.status),
                }
            }
            self.judge(cx);
        }
        TaskStep::Again
    }
}

/// How many files are looked at before what was printed is written.
const TURNS: usize = 256;

impl Find {
    fn child_ended(&mut self, status: ExitStatus) {
        self.child = None;
        let success = status == ExitStatus::Exited(0);
        match &mut self.current {
            Some((_, answers)) => answers.push(success),
            None if !success => self.status = 1,
            None => {}
        }
    }

    /// Goes to the next file; false when there is none.
    fn next(&mut self, cx: &mut Cx<'_, '_>) -> bool {
        if self.quit {
            return false;
        }
        loop {
            if let Some(visit) = self.todo.pop() {
                let deep = self.set.depth_first && !visit.entered;
                if deep && self.enter(cx, &visit, true) {
                    continue;
                }
                self.current = Some((visit, Vec::new()));
                return true;
            }
            let Some(start) = self.starts.pop_front() else { return false };
            let found = if self.set.follow { cx.stat(&start).map(drop) } else { cx.lstat(&start).map(drop) };
            match found.or_else(|_| cx.lstat(&start).map(drop)) {
                Ok(()) => {
                    self.todo.push(Visit { path: start.clone(), start, depth: 0, entered: false });
                }
                Err(errno) => {
                    cx.fail(&format!("‘{start}’: {}", errno.message()));
                    self.status = 1;
                }
            }
        }
    }

    /// Queues what is in a folder; with `again` the folder itself after it. False when it is no folder or too deep.
    fn enter(&mut self, cx: &mut Cx<'_, '_>, visit: &Visit, again: bool) -> bool {
        let node = if self.set.follow { cx.stat(&visit.path) } else { cx.lstat(&visit.path) };
        if !node.is_ok_and(|node| node.is_dir()) || self.set.max_depth.is_some_and(|max| visit.depth >= max) {
            return false;
        }
        let names = match cx.read_dir(&visit.path) {
            Ok(names) => names,
            Err(errno) => {
                cx.fail(&format!("‘{}’: {}", visit.path, errno.message()));
                self.status = 1;
                return false;
            }
        };
        if again {
            self.todo.push(Visit { entered: true, ..visit.clone() });
        }
        let folder = if visit.path.ends_with('/') { visit.path.clone() } else { format!("{}/", visit.path) };
        self.todo.extend(names.iter().rev().map(|name| Visit {
            path: format!("{folder}{name}"),
            start: visit.start.clone(),
            depth: visit.depth + 1,
            entered: false,
        }));
        true
    }

    /// Judges the current file by the expression; a child may have to be waited for.
    fn judge(&mut self, cx: &mut Cx<'_, '_>) {
        let (Some((visit, answers)), Some(expression)) = (self.current.take(), self.expression.clone()) else { return };
        let shallow = visit.depth < self.set.min_depth;
        let mut judge = eval::Judge::new(cx, &self.set, &visit, answers, &mut self.gathered);
        let judged = if shallow { Some(false) } else { judge.eval(&expression) };
        let eval::Outcome { answers, child, failed, prune, quit, full } = judge.outcome();
        if failed {
            self.status = 1;
        }
        self.quit |= quit;
        if judged.is_none() {
            self.child = child;
            self.current = Some((visit, answers));
            return;
        }
        if !self.set.depth_first && !prune && !quit {
            self.enter(cx, &visit, false);
        }
        if let Some(batch) = full {
            self.run_batch(cx, batch);
        }
    }

    /// Runs the gathered `-exec … +`; false when all were run.
    fn finish(&mut self, cx: &mut Cx<'_, '_>) -> bool {
        while self.finishing < self.gathered.len() {
            let batch = self.finishing;
            self.finishing += 1;
            if !self.gathered[batch].is_empty() {
                self.run_batch(cx, batch);
                return true;
            }
        }
        false
    }

    fn run_batch(&mut self, cx: &mut Cx<'_, '_>, batch: usize) {
        let mut argv = self.set.batches[batch].clone();
        argv.append(&mut self.gathered[batch]);
        match eval::spawn(cx, &argv) {
            Some(pid) => self.child = Some(pid),
            None => self.status = 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::commands::testing::Bench;

    #[test]
    fn searches_as_the_real_one() {
        let mut bench = Bench::new().file("fd/a.txt", "hi\n").file("fd/x/b.log", "").file("fd/x/y/z", "");
        let now = bench.world.now;
        bench.world.files.remove_all("/w/fd/x/y/z", now);
        bench.play(include_str!("find.cases"));
    }

    #[test]
    fn actions_run_and_remove() {
        let mut bench = Bench::new().file("t/a.log", "1\n").file("t/b.log", "2\n").file("t/c.txt", "3\n");
        let ran = bench.line("find t -name *.log -exec cat {} ; -delete", "");
        assert_eq!((ran.out.as_str(), ran.err.as_str(), ran.status), ("1\n2\n", "", Some(0)));
        assert_eq!(bench.line("find t -type f", "").out, "t/c.txt\n");
    }
}
