//! Judges one file by the expression of find, as far as it can without waiting: find(1).

use super::Visit;
use super::expression::{Expression, Permission, Settings, Test};
use super::printf;
use crate::commands::files::glob;
use crate::commands::posix::names::{basename, dirname};
use crate::commands::process::launch;
use crate::world::fs::{Access, Inode, Kind};
use crate::world::{Cx, Errno, Pid, Time, accounts};

/// What came of judging a file.
pub(super) struct Outcome {
    /// What its actions answered so far; a later round takes them from here.
    pub answers: Vec<bool>,
    pub child: Option<Pid>,
    pub failed: bool,
    pub prune: bool,
    pub quit: bool,
    /// A batch of arguments that is long enough to be run.
    pub full: Option<usize>,
}

/// The judge of one file. When a child has to be waited for it gives up and starts anew later; actions that were done
/// are not done again: their answers are remembered.
pub(super) struct Judge<'a, 'c, 's, 'w> {
    cx: &'c mut Cx<'s, 'w>,
    set: &'a Settings,
    visit: &'a Visit,
    node: Option<Inode>,
    gathered: &'a mut [Vec<String>],
    next: usize,
    outcome: Outcome,
}

/// Longer argument lists are run in parts.
const MAX_ARGUMENTS: usize = 2_000;

impl<'a, 'c, 's, 'w> Judge<'a, 'c, 's, 'w> {
    pub fn new(
        cx: &'c mut Cx<'s, 'w>,
        set: &'a Settings,
        visit: &'a Visit,
        answers: Vec<bool>,
        gathered: &'a mut [Vec<String>],
    ) -> Self {
        let found = if set.follow { cx.stat(&visit.path).cloned().ok() } else { None };
        let node = found.or_else(|| cx.lstat(&visit.path).cloned().ok());
        let outcome = Outcome { answers, child: None, failed: false, prune: false, quit: false, full: None };
        Judge { cx, set, visit, node, gathered, next: 0, outcome }
    }

    pub fn outcome(self) -> Outcome {
        self.outcome
    }

    /// Whether the expression holds; `None`: a child was started and must end first.
    pub fn eval(&mut self, expression: &Expression) -> Option<bool> {
        if self.outcome.quit {
            return Some(false);
        }
        match expression {
            Expression::Test(test) => self.test(test),
            Expression::Not(inner) => self.eval(inner).map(|value| !value),
            Expression::And(left, right) => {
                if self.eval(left)? {
                    self.eval(right)
                } else {
                    Some(false)
                }
            }
            Expression::Or(left, right) => {
                if self.eval(left)? {
                    Some(true)
                } else {
                    self.eval(right)
                }
            }
            Expression::Comma(left, right) => {
                self.eval(left)?;
                self.eval(right)
            }
        }
    }

    fn test(&mut self, test: &Test) -> Option<bool> {
        match test {
            Test::Prune => self.outcome.prune = true,
            Test::Quit => self.outcome.quit = true,
            test if test.is_action() => return self.action(test),
            test => return Some(self.node.clone().is_some_and(|node| self.condition(test, &node))),
        }
        Some(true)
    }

    /// Does an action, or remembers what it answered.
    fn action(&mut self, test: &Test) -> Option<bool> {
        let number = self.next;
        self.next += 1;
        if let Some(answer) = self.outcome.answers.get(number) {
            return Some(*answer);
        }
        let path = &self.visit.path;
        let answer = match test {
            Test::Print(end) => {
                self.cx.out(&format!("{path}{end}"));
                true
            }
            Test::PrintFormat(format) => {
                let text = printf::format(self.cx, format, self.visit, self.node.as_ref());
                self.cx.out(&text);
                true
            }
            Test::List => {
                let line = printf::list(self.cx, self.visit, self.node.as_ref());
                self.cx.outln(&line);
                true
            }
            Test::Delete => self.delete(),
            Test::ExecBatch(batch) => {
                let gathered = &mut self.gathered[*batch];
                gathered.push(path.clone());
                if gathered.len() >= MAX_ARGUMENTS {
                    self.outcome.full = Some(*batch);
                }
                true
            }
            Test::Exec(words, in_folder) => {
                let shown = if *in_folder { format!("./{}", basename(path)) } else { path.clone() };
                let argv: Vec<String> = words.iter().map(|word| word.replace("{}", &shown)).collect();
                let before = self.cx.cwd();
                if *in_folder {
                    let _ = self.cx.chdir(dirname(path));
                }
                let child = spawn(self.cx, &argv);
                self.cx.me_mut().cwd = before;
                match child {
                    Some(pid) => {
                        self.outcome.child = Some(pid);
                        return None;
                    }
                    None => false,
                }
            }
            _ => true,
        };
        self.outcome.answers.push(answer);
        Some(answer)
    }

    fn delete(&mut self) -> bool {
        let path = &self.visit.path;
        if path == "." {
            return true;
        }
        let folder = self.node.as_ref().is_some_and(Inode::is_dir);
        match self.cx.unlink(path, folder) {
            Ok(()) => true,
            Err(errno) => {
                self.cx.fail(&format!("cannot delete ‘{path}’: {}", errno.message()));
                self.outcome.failed = true;
                false
            }
        }
    }

    fn condition(&mut self, test: &Test, node: &Inode) -> bool {
        let path = &self.visit.path;
        let style = |ignore_case: bool| glob::Style { ignore_case, path: false };
        let files = &self.cx.world.files;
        match test {
            Test::True => true,
            Test::Name(pattern, fold) => glob::matches(pattern, basename(path), style(*fold)),
            Test::Path(pattern, fold) => glob::matches(pattern, path, style(*fold)),
            Test::LinkName(pattern, fold) => match &node.kind {
                Kind::Symlink(target) => glob::matches(pattern, target, style(*fold)),
                _ => false,
            },
            Test::Regex(regexp) => regexp.is_match(path.as_bytes()),
            Test::Kind(kinds) => kinds.contains(letter(&node.kind)),
            Test::Age(which, unit, compare) => {
                let age = self.cx.now().since(moment(node, *which)).as_secs();
                // Minutes are counted up, days down.
                let units = if *unit == 60 { age.div_ceil(60) } else { age / unit };
                compare.holds(i64::try_from(units).unwrap_or(i64::MAX))
            }
            Test::NewerThan(which, time) => moment(node, *which) > *time,
            Test::Size(compare, unit) => compare.holds(i64::try_from(node.size().div_ceil(*unit)).unwrap_or(i64::MAX)),
            Test::Empty => match &node.kind {
                Kind::File(bytes) => bytes.is_empty(),
                Kind::Dir { entries, .. } => entries.is_empty(),
                _ => false,
            },
            Test::User(uid) => node.uid == *uid,
            Test::Group(gid) => node.gid == *gid,
            Test::NoUser => accounts::user_by_id(files, node.uid).is_none(),
            Test::NoGroup => accounts::group_by_id(files, node.gid).is_none(),
            Test::Permission(Permission::Exactly(bits)) => node.mode == *bits,
            Test::Permission(Permission::All(bits)) => node.mode & bits == *bits,
            Test::Permission(Permission::Any(bits)) => *bits == 0 || node.mode & bits != 0,
            Test::Access(which) => {
                let access = match which {
                    'r' => Access::Read,
                    'w' => Access::Write,
                    _ => Access::Execute,
                };
                let path = path.clone();
                self.cx.access(&path, access).is_ok()
            }
            Test::Links(compare) => compare.holds(i64::from(super::super::links(files, node))),
            Test::Inode(_) | Test::SameFile(_) => {
                let path = path.clone();
                let ino = self.cx.lookup(&path, self.set.follow).unwrap_or(0);
                match test {
                    Test::Inode(compare) => compare.holds(i64::try_from(ino).unwrap_or(i64::MAX)),
                    Test::SameFile(other) => ino == *other,
                    _ => false,
                }
            }
            _ => false,
        }
    }
}

/// The letter of `-type` and `%y`.
pub(super) fn letter(kind: &Kind) -> char {
    match kind {
        Kind::File(_) => 'f',
        Kind::Dir { .. } => 'd',
        Kind::Symlink(_) => 'l',
        Kind::Fifo => 'p',
        Kind::Socket => 's',
        Kind::Device(_) => 'c',
    }
}

/// One of a file's times: `a`, `c`, else the modification.
pub(super) fn moment(node: &Inode, which: char) -> Time {
    match which {
        'a' => node.atime,
        'c' => node.ctime,
        _ => node.mtime,
    }
}

/// Starts a command; says so when it cannot be.
pub(super) fn spawn(cx: &mut Cx<'_, '_>, argv: &[String]) -> Option<Pid> {
    let path = cx.getenv("PATH").unwrap_or_else(|| "/bin:/usr/bin".into());
    let name = argv.first()?;
    let started = launch::find_program(cx, name, &path).and_then(|file| match cx.spawn(&file, argv) {
        Err(Errno::ENOEXEC) => {
            let mut script = vec!["/bin/sh".to_owned(), file];
            script.extend(argv.iter().skip(1).cloned());
            cx.spawn("/bin/sh", &script)
        }
        other => other,
    });
    match started {
        Ok(pid) => Some(pid),
        Err(errno) => {
            cx.fail(&format!("‘{name}’: {}", errno.message()));
            None
        }
    }
}
