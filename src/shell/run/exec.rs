//! Finding programs and becoming them: bash(1), COMMAND EXECUTION; execve(2).

use std::sync::Arc;

use super::redirect::Ready;
use crate::shell::bash::Bash;
use crate::shell::program::Flow;
use crate::world::fs::Access;
use crate::world::{Errno, Step, Sys, World, setenv};

/// A program that a copy of the shell is to become.
#[derive(Clone)]
pub(in crate::shell) struct ExecRun {
    words: Vec<String>,
    redirects: Vec<Ready>,
    extra: Vec<(String, String)>,
}

impl ExecRun {
    pub(in crate::shell) fn new(words: Vec<String>, redirects: Vec<Ready>, extra: Vec<(String, String)>) -> Self {
        Self { words, redirects, extra }
    }
}

/// Where a name led.
pub(in crate::shell) enum Found {
    /// To this file.
    Path(String),
    /// Nowhere.
    Nowhere,
}

impl Bash {
    pub(in crate::shell) fn step_exec(&mut self, sys: &mut Sys<'_>, run: ExecRun) -> Flow {
        if self.redirect(sys, &run.redirects, None).is_err() {
            return Flow::Block(Step::Exit(self.misuse()));
        }
        let name = run.words.first().cloned().unwrap_or_default();
        let Found::Path(path) = self.find_program(sys, &name) else {
            self.say_not_found(&name);
            return Flow::Block(Step::Exit(127));
        };
        match self.become_program(sys, &path, &run.words, &run.extra) {
            Ok(step) => Flow::Block(step),
            Err(code) => Flow::Block(Step::Exit(code)),
        }
    }

    fn say_not_found(&mut self, name: &str) {
        let nowhere = self.variable("PATH").is_empty();
        let what = match self.shell.posix {
            true => "not found",
            false if nowhere => "No such file or directory",
            false => "command not found",
        };
        self.complain(&format!("{name}: {what}"));
    }

    /// Becomes the program at `path`; or says why not and gives the status.
    pub(in crate::shell) fn become_program(
        &mut self,
        sys: &mut Sys<'_>,
        path: &str,
        words: &[String],
        extra: &[(String, String)],
    ) -> Result<Step, u8> {
        let mut env = self.shell.variables.environment();
        for (name, function) in self.shell.functions.iter().filter(|(_, function)| function.exported) {
            let body = crate::shell::syntax::print::exported_function(&function.definition);
            setenv(&mut env, &format!("BASH_FUNC_{name}%%"), &body);
        }
        for (name, value) in extra {
            setenv(&mut env, name, value);
        }
        let absolute = if path.contains('/') { path.to_string() } else { format!("./{path}") };
        if !self.shell.posix {
            setenv(&mut env, "_", &absolute);
        }
        match sys.exec(path, words, env.clone()) {
            Ok(step) => Ok(step),
            Err(Errno::ENOEXEC) => self.interpret(sys, path, words, env),
            Err(errno) => Err(self.say_refused(sys, path, errno)),
        }
    }

    /// A file that is neither a program nor begins with `#!` is a script for this shell; unless it is no text.
    fn interpret(&mut self, sys: &mut Sys<'_>, path: &str, words: &[String], env: Vec<String>) -> Result<Step, u8> {
        let bytes = sys.read_file(path).map_err(|errno| self.say_refused(sys, path, errno))?;
        let first_line = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
        if first_line.contains(&0) || World::builtin_name(&bytes).is_some() {
            self.complain(&format!("{path}: cannot execute binary file: Exec format error"));
            return Err(126);
        }
        let mut argv = vec![if self.shell.posix { "sh" } else { "bash" }.to_string(), path.to_string()];
        argv.extend(words.iter().skip(1).cloned());
        let me = sys.me_mut();
        me.env = Arc::new(env);
        me.argv = Arc::new(words.to_vec());
        me.comm = crate::world::comm_of(path);
        let posix = self.shell.posix;
        *self = Bash::new(&argv);
        self.shell.posix = posix;
        Ok(Step::Yield)
    }

    fn say_refused(&mut self, sys: &mut Sys<'_>, path: &str, errno: Errno) -> u8 {
        let is_folder = sys.stat(path).is_ok_and(|node| node.is_dir());
        if is_folder {
            self.complain(&format!("{path}: Is a directory"));
            return 126;
        }
        if errno != Errno::ENOENT {
            self.complain(&format!("{path}: {}", errno.message()));
            return 126;
        }
        let exists = sys.stat(path).is_ok();
        if !exists {
            self.complain(&format!("{path}: {}", if self.shell.posix { "not found" } else { errno.message() }));
            return 127;
        }
        // The file is there, but the interpreter that it names is not.
        let what = if self.shell.posix { "not found" } else { "cannot execute: required file not found" };
        self.complain(&format!("{path}: {what}"));
        127
    }

    /// The file that a command's name leads to.
    pub(in crate::shell) fn find_program(&mut self, sys: &mut Sys<'_>, name: &str) -> Found {
        if name.contains('/') {
            return Found::Path(name.to_string());
        }
        if name.is_empty() {
            return Found::Nowhere;
        }
        self.forget_other_path();
        if let Some((path, _)) = self.hashed.get(name) {
            // Whether it is still there is not asked: running it will tell.
            return Found::Path(path.clone());
        }
        let path = self.shell.variables.text("PATH").unwrap_or_default();
        match search_path(sys, &path, name).into_iter().next() {
            Some(found) => Found::Path(found),
            None => Found::Nowhere,
        }
    }
}

/// The files with this name in the folders of a `PATH`: executable ones, or else the first that is none.
pub(in crate::shell) fn search_path(sys: &mut Sys<'_>, path: &str, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut fallback = None;
    for folder in path.split(':') {
        let folder = if folder.is_empty() { "." } else { folder };
        let candidate = format!("{}/{name}", folder.trim_end_matches('/'));
        if !sys.stat(&candidate).is_ok_and(|node| node.is_file()) {
            continue;
        }
        if sys.access(&candidate, Access::Execute).is_ok() {
            found.push(candidate);
        } else if fallback.is_none() {
            fallback = Some(candidate);
        }
    }
    if found.is_empty() { fallback.into_iter().collect() } else { found }
}
