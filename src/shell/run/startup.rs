//! How a shell begins: its arguments, its environment, its startup files: bash(1), INVOCATION.

use std::sync::Arc;

use super::reader::Origin;
use crate::shell::bash::{Bash, Frame, Task};
use crate::shell::options::Switches;
use crate::shell::syntax::is_name;
use crate::shell::variables::{Value, Variable};
use crate::world::{Signal, Sys, accounts};

/// The version that the simulated shell says it is.
const VERSION: &str = "5.2.15(1)-release";

impl Bash {
    /// The first turn: everything is set up, and the files to read are on the stack, the first one last.
    pub(in crate::shell) fn begin(&mut self, sys: &mut Sys<'_>) {
        self.shell.pid = sys.pid;
        self.shell.started = sys.now();
        self.shell.now = sys.now();
        self.shell.rng = crate::world::Rng::new(sys.now().0 ^ u64::from(sys.pid) << 32);
        self.ignored = sys.me().signals.ignored;
        let rest = match self.read_arguments() {
            Ok(rest) => rest,
            Err(message) => {
                let name = self.shell.name.clone();
                self.print(2, &format!("{name}: {message}\n"));
                self.push(Frame::Exit(2));
                return;
            }
        };
        self.choose_task(sys, &rest);
        self.import_environment(sys);
        self.set_computed(sys);
        if self.shell.interactive {
            self.become_interactive(sys);
        }
        self.push_task(sys);
        self.push_startup_files(sys);
    }

    /// Reads the options; gives the operands.
    fn read_arguments(&mut self) -> Result<Vec<String>, String> {
        let argv = self.argv.clone();
        let name = argv.first().cloned().unwrap_or_default();
        self.login = name.starts_with('-');
        self.shell.posix = matches!(name.trim_start_matches('-').rsplit('/').next(), Some("sh" | "dash"));
        let (mut text, mut forced) = (None, false);
        let mut at = 1;
        while let Some(word) = argv.get(at).filter(|word| word.starts_with(['-', '+']) && word.len() > 1) {
            at += 1;
            match word.as_str() {
                "--" => break,
                "--login" => self.login = true,
                "--norc" => self.no_rc = true,
                "--noprofile" => self.no_profile = true,
                "--posix" => {
                    self.shell.switches.set_option("posix", true);
                }
                "--rcfile" | "--init-file" => {
                    self.rc_file = argv.get(at).cloned();
                    at += 1;
                }
                "--noediting" | "--verbose" | "--restricted" => {}
                "--version" => {
                    self.print(1, &format!("GNU bash, version {VERSION} (x86_64-pc-linux-gnu)\n"));
                    self.task = Task::Text("".into());
                    return Ok(Vec::new());
                }
                word if word.starts_with("--") => return Err(format!("{word}: invalid option")),
                word => {
                    let on = word.starts_with('-');
                    for letter in word.chars().skip(1) {
                        match letter {
                            'c' => text = Some(()),
                            'l' => self.login = true,
                            'i' => self.shell.interactive = true,
                            's' => forced = true,
                            'o' | 'O' => {
                                let option = argv.get(at).cloned().unwrap_or_default();
                                at += 1;
                                let known = match letter {
                                    'o' => self.shell.switches.set_option(&option, on),
                                    _ => self.shell.switches.set_shopt(&option, on),
                                };
                                if !known {
                                    return Err(format!("{option}: invalid option name"));
                                }
                            }
                            letter => match Switches::letter(letter) {
                                Some(name) => {
                                    self.shell.switches.set_option(name, on);
                                }
                                None => return Err(format!("-{letter}: invalid option")),
                            },
                        }
                    }
                }
            }
        }
        let mut rest: Vec<String> = argv.get(at..).unwrap_or_default().to_vec();
        if text.is_some() {
            if rest.is_empty() {
                return Err("-c: option requires an argument".to_string());
            }
            self.task = Task::Text(rest.remove(0).into());
            self.shell.called = "c";
        } else if forced {
            self.shell.called = "s";
        }
        Ok(rest)
    }

    fn choose_task(&mut self, sys: &mut Sys<'_>, rest: &[String]) {
        let mut rest = rest.to_vec();
        if let Task::Text(_) = self.task {
            if !rest.is_empty() {
                self.shell.name = rest.remove(0).into();
            }
        } else if !rest.is_empty() && self.shell.called != "s" {
            self.shell.name = rest.remove(0).into();
            self.task = Task::File(self.shell.name.to_string());
        } else {
            self.shell.called = "s";
            let person = self.shell.interactive || sys.isatty(0) && sys.isatty(2);
            self.shell.interactive = person;
            self.task = if person { Task::Terminal } else { Task::Input };
        }
        self.shell.positional = Arc::new(rest);
    }

    fn import_environment(&mut self, sys: &Sys<'_>) {
        if !self.shell.posix {
            let cred = sys.cred();
            let rest = cred.groups.iter().filter(|gid| **gid != cred.gid);
            let groups = std::iter::once(&cred.gid).chain(rest).map(u32::to_string).enumerate();
            let elements = groups.map(|(at, gid)| (at as u64, Arc::from(gid))).collect();
            let value = Some(Value::Indexed(elements));
            self.shell.variables.put("GROUPS", Variable { value, ..Variable::default() });
        }
        let environment = sys.me().env.clone();
        for pair in environment.iter() {
            let Some((name, value)) = pair.split_once('=') else { continue };
            if is_name(name) {
                self.shell.export(name, value);
            } else if let Some(function) = name.strip_prefix("BASH_FUNC_").and_then(|name| name.strip_suffix("%%")) {
                self.import_function(function, value);
            }
        }
    }

    fn import_function(&mut self, name: &str, body: &str) {
        use crate::shell::syntax::{Options, ast::CommandKind, parse};
        let Ok(commands) = parse(&format!("{name} {body}"), Options::default()) else { return };
        let command = commands.first().and_then(|list| list.items.first()?.and_or.first.commands.first().cloned());
        if let Some(command) = command
            && let CommandKind::Function(definition) = &command.kind
        {
            self.define_function(definition);
        }
    }

    /// The variables that bash itself sets.
    fn set_computed(&mut self, sys: &mut Sys<'_>) {
        self.shell.switches.set_shopt("login_shell", self.login);
        let folder = sys.cwd().to_string();
        let inherited = self.variable("PWD");
        let same = inherited.starts_with('/') && sys.lookup(&inherited, true).ok() == sys.lookup(".", true).ok();
        if !same {
            self.shell.set("PWD", &folder);
        }
        self.shell.variables.entry("PWD").attributes.exported = true;
        self.shell.variables.entry("OLDPWD").attributes.exported = true;
        if !self.shell.posix {
            let level = self.variable("SHLVL").parse::<i64>().unwrap_or(0) + 1;
            self.shell.export("SHLVL", &level.to_string());
        }
        if self.shell.variables.get("PATH").is_none() {
            // What each was built with.
            let path = match self.shell.posix {
                true => "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                false => "/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin:.",
            };
            self.shell.set("PATH", path);
        }
        self.shell.set("IFS", " \t\n");
        self.shell.set("OPTIND", "1");
        self.shell.set("PS4", "+ ");
        let account = accounts::user_by_id(&sys.world.files, sys.uid());
        if self.shell.posix {
            return;
        }
        self.shell.set("BASH", "/bin/bash");
        self.shell.set("BASH_VERSION", VERSION);
        self.shell.set("HOSTNAME", &sys.world.hostname.clone());
        self.shell.set("HOSTTYPE", "x86_64");
        self.shell.set("OSTYPE", "linux-gnu");
        self.shell.set("MACHTYPE", "x86_64-pc-linux-gnu");
        self.shell.set("OPTERR", "1");
        if self.shell.variables.get("SHELL").is_none() {
            let shell = account.map_or_else(|| "/bin/sh".to_string(), |user| user.shell);
            self.shell.set("SHELL", &shell);
        }
        if self.shell.variables.get("TERM").is_none() {
            self.shell.set("TERM", "dumb");
        }
        let parts = ["5", "2", "15", "1", "release", "x86_64-pc-linux-gnu"];
        let elements = parts.iter().enumerate().map(|(index, part)| (index as u64, Arc::from(*part))).collect();
        let mut variable = Variable { value: Some(Value::Indexed(elements)), ..Variable::default() };
        variable.attributes.readonly = true;
        self.shell.variables.put("BASH_VERSINFO", variable);
        for name in ["UID", "EUID", "PPID"] {
            self.shell.variables.entry(name).attributes.readonly = true;
            self.shell.variables.entry(name).attributes.integer = true;
        }
    }

    fn become_interactive(&mut self, sys: &mut Sys<'_>) {
        for (name, on) in [("history", true), ("histexpand", true), ("monitor", true), ("emacs", true)] {
            self.shell.switches.set_option(name, on);
        }
        self.shell.switches.set_shopt("expand_aliases", true);
        self.shell.set("PS1", "\\s-\\v\\$ ");
        self.shell.set("PS2", "> ");
        self.tty = sys.tty_of(0).or(sys.tty_of(2));
        for signal in [Signal::TERM, Signal::QUIT, Signal::TSTP, Signal::TTIN, Signal::TTOU] {
            sys.ignore(signal);
        }
        sys.catch(Signal::INT);
        sys.catch(Signal::HUP);
        if self.tty.is_some() {
            self.job_control = true;
            let pid = sys.pid;
            if sys.me().pgid != pid {
                let _ = sys.world.setpgid(pid, pid);
            }
            let group = sys.me().pgid;
            self.give_terminal(sys, group);
        } else {
            self.shell.switches.set_option("monitor", false);
        }
        let home = self.variable("HOME");
        self.shell.set("HISTFILE", &format!("{home}/.bash_history"));
        self.shell.set("HISTSIZE", "500");
        self.shell.set("HISTFILESIZE", "500");
        if let Some(columns) = self.tty.and_then(|tty| sys.world.terminals.get(&tty)).map(|t| (t.columns, t.rows)) {
            self.shell.set("COLUMNS", &columns.0.to_string());
            self.shell.set("LINES", &columns.1.to_string());
        }
    }

    fn push_task(&mut self, sys: &mut Sys<'_>) {
        match self.task.clone() {
            Task::Text(text) => self.push_main(Origin::Text, &text, None, Some("-c")),
            Task::Input => self.push_main(Origin::Input, "", None, None),
            Task::Terminal => {
                self.load_history(sys);
                self.push_main(Origin::Terminal, "", None, None);
            }
            Task::File(path) => self.push_script(sys, &path),
        }
    }

    fn push_script(&mut self, sys: &mut Sys<'_>, path: &str) {
        let name = self.argv.first().cloned().unwrap_or_default();
        let refuse = |shell: &mut Bash, message: &str, code: u8| {
            let line = match shell.shell.posix {
                true => format!("{name}: 0: cannot open {path}: No such file\n"),
                // A folder could be opened: by then the shell has taken its name.
                false if code == 126 && message == "Is a directory" => format!("{path}: {path}: {message}\n"),
                false => format!("{name}: {path}: {message}\n"),
            };
            shell.print(2, &line);
            shell.push(Frame::Exit(code));
        };
        match sys.read_file(path) {
            Ok(bytes) => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let first = text.lines().next().unwrap_or("");
                if first.contains('\0') || crate::world::World::builtin_name(&bytes).is_some() {
                    let line = format!("{path}: {path}: cannot execute binary file\n");
                    self.print(2, &line);
                    self.push(Frame::Exit(126));
                    return;
                }
                self.shell.script = Some(path.into());
                self.push_main(Origin::Text, &text, Some(path), None);
            }
            Err(crate::world::Errno::ENOENT) => refuse(self, "No such file or directory", 127),
            Err(crate::world::Errno::EISDIR) => refuse(self, "Is a directory", 126),
            Err(errno) => refuse(self, errno.message(), 126),
        }
    }

    /// `/etc/profile` and its kin.
    fn push_startup_files(&mut self, sys: &mut Sys<'_>) {
        let home = self.variable("HOME");
        let mut files = Vec::new();
        if self.login && !self.no_profile {
            files.push("/etc/profile".to_string());
            let own = [".bash_profile", ".bash_login", ".profile"].map(|name| format!("{home}/{name}"));
            let own = if self.shell.posix { vec![format!("{home}/.profile")] } else { own.to_vec() };
            files.extend(own.into_iter().find(|path| sys.stat(path).is_ok()));
        } else if self.shell.interactive && !self.shell.posix && !self.no_rc {
            match self.rc_file.clone() {
                Some(file) => files.push(file),
                None => files.extend(["/etc/bash.bashrc".to_string(), format!("{home}/.bashrc")]),
            }
        } else if !self.shell.interactive && !self.shell.posix {
            files.extend(Some(self.variable("BASH_ENV")).filter(|file| !file.is_empty()));
        }
        for file in files.iter().rev() {
            if let Ok(bytes) = sys.read_file(file) {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                self.push_file(&text, file, None);
            }
        }
    }
}
