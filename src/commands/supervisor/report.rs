//! What supervisorctl prints of the daemon's answers, and what it asks next because of them.

use super::control::{Control, Task, Tell};
use crate::commands::net::redis::resp::Reply;
use crate::commands::process::launch::print;
use crate::world::Sys;

impl Control {
    /// Handles an answer.
    pub(super) fn tell(&mut self, sys: &mut Sys<'_>, tell: Tell, reply: &Reply) {
        match tell {
            Tell::Quiet => {}
            Tell::Result(name, word) => match reply {
                Reply::Error(code) => {
                    Self::line(sys, &format!("{name}: ERROR ({})", explain(code)));
                    match code.as_str() {
                        "ALREADY_STARTED" | "NOT_RUNNING" => {}
                        "SPAWN_ERROR" | "ABNORMAL_TERMINATION" => self.status = 7,
                        _ => self.status = 1,
                    }
                }
                _ => Self::line(sys, &format!("{name}: {word}")),
            },
            Tell::Status(names) => self.show_status(sys, &names, reply),
            Tell::Expand(verb, names) => self.expand(sys, verb, &names, reply),
            Tell::Reread => self.show_reread(sys, reply),
            Tell::Update(only) => self.update(sys, &only, reply),
            Tell::Log(name) => match reply {
                Reply::Bulk(text) => {
                    let start = text.char_indices().rev().take(1600).last().map_or(0, |(at, _)| at);
                    print(sys, 1, &text[start..]);
                }
                Reply::Error(code) => {
                    let why = if code == "NO_FILE" { "no log file" } else { explain(code) };
                    Self::line(sys, &format!("{name}: ERROR ({why})"));
                    self.status = 1;
                }
                _ => {}
            },
            Tell::Lines => strings(reply).iter().for_each(|line| Self::line(sys, line)),
            Tell::Follow(name, foreground) => self.follow(sys, &name, foreground, reply),
            Tell::Pid(None) => {
                if let Reply::Bulk(pid) = reply {
                    Self::line(sys, pid);
                }
            }
            Tell::Pid(Some(name)) => match rows(reply).into_iter().find(|row| row[0] == name || name == "all") {
                Some(row) => {
                    Self::line(sys, &row[4]);
                    if row[4] == "0" {
                        self.status = 7;
                    }
                }
                None => {
                    Self::line(sys, &format!("No such process {name}"));
                    self.status = 1;
                }
            },
        }
    }

    /// Asks for each process that `all` or `group:*` means.
    fn expand(&mut self, sys: &mut Sys<'_>, verb: &'static str, names: &[String], reply: &Reply) {
        let mut questions = Vec::new();
        for group in names.iter().filter_map(|n| n.strip_suffix(":*")) {
            if rows(reply).iter().all(|row| row[3] != group) {
                Self::line(sys, &format!("{group}: ERROR (no such group)"));
                self.status = 2;
            }
        }
        for row in rows(reply) {
            let group = format!("{}:*", row[3]);
            // Like the real one, `all` leaves alone what is in the wanted state already.
            let up = matches!(row[1].as_str(), "RUNNING" | "STARTING" | "BACKOFF");
            let idle = (verb == "start" && up) || (verb == "stop" && !up);
            if names.iter().any(|n| n == "all" || *n == group || *n == row[0]) && !idle {
                questions.push(Task::Ask(vec![verb.into(), row[0].clone()], Tell::Result(row[0].clone(), done(verb))));
            }
        }
        questions.into_iter().rev().for_each(|task| self.tasks.push_front(task));
    }

    /// Begins to follow the log of a process: `tail -f`, `fg`.
    fn follow(&mut self, sys: &mut Sys<'_>, name: &str, foreground: bool, reply: &Reply) {
        let found = strings(reply);
        let error = match (reply, found.get(1).map(String::as_str)) {
            (Reply::Error(_), _) if foreground => "ERROR: bad process name supplied".to_owned(),
            (Reply::Error(code), _) => format!("{name}: ERROR ({})", explain(code)),
            (_, Some(state)) if foreground && state != "RUNNING" => "ERROR: process not running".to_owned(),
            _ => {
                Self::line(sys, "==> Press Ctrl-C to exit <==");
                let path = found.first().cloned().unwrap_or_default();
                let length = sys.world.files.text(&path).map_or(0, |text| text.len());
                let shown = if foreground { length } else { length.saturating_sub(1024) };
                self.tasks.push_back(Task::Follow(path, shown));
                return;
            }
        };
        Self::line(sys, &error);
        self.status = 1;
    }

    fn show_status(&mut self, sys: &mut Sys<'_>, names: &[String], reply: &Reply) {
        let all = rows(reply);
        let mut wanted: Vec<Vec<String>> = Vec::new();
        if names.is_empty() || names.iter().any(|n| n == "all") {
            wanted = all;
        } else {
            for name in names {
                let found: Vec<Vec<String>> = all
                    .iter()
                    .filter(|r| r[0] == *name || format!("{}:*", r[3]) == *name || r[3] == *name)
                    .cloned()
                    .collect();
                if found.is_empty() {
                    Self::line(sys, &format!("{name}: ERROR (no such process)"));
                    self.status = 4;
                }
                wanted.extend(found);
            }
        }
        let width = wanted.iter().map(|r| r[0].chars().count()).max().unwrap_or(0).max(30) + 3;
        for row in &wanted {
            Self::line(sys, format!("{:<width$}{:<10}{}", row[0], row[1], row[2]).trim_end());
            if row[1] != "RUNNING" && self.status == 0 {
                self.status = 3;
            }
        }
    }

    fn show_reread(&mut self, sys: &mut Sys<'_>, reply: &Reply) {
        let Some([added, changed, gone]) = lists(reply) else { return self.bad_config(sys, reply) };
        let mut lines: Vec<String> = added.iter().map(|n| format!("{n}: available")).collect();
        lines.extend(changed.iter().map(|n| format!("{n}: changed")));
        lines.extend(gone.iter().map(|n| format!("{n}: disappeared")));
        if lines.is_empty() {
            lines.push("No config updates to processes".into());
        }
        lines.iter().for_each(|line| Self::line(sys, line));
    }

    fn bad_config(&mut self, sys: &mut Sys<'_>, reply: &Reply) {
        if let Reply::Error(text) = reply {
            let text = text.strip_prefix("CANT_REREAD ").unwrap_or(text);
            Self::line(sys, &format!("ERROR: CANT_REREAD: {text}"));
            self.status = 1;
        }
    }

    fn update(&mut self, sys: &mut Sys<'_>, only: &[String], reply: &Reply) {
        let Some([added, changed, gone]) = lists(reply) else { return self.bad_config(sys, reply) };
        let wanted = |name: &&String| only.is_empty() || only.contains(name);
        let ask = |verb: &str, name: &str| Task::Ask(vec![verb.to_owned(), name.to_owned()], Tell::Quiet);
        for name in gone.iter().filter(wanted) {
            self.tasks.push_back(ask("stopgroup", name));
            self.tasks.push_back(Task::Say(format!("{name}: stopped")));
            self.tasks.push_back(ask("remove", name));
            self.tasks.push_back(Task::Say(format!("{name}: removed process group")));
        }
        for name in changed.iter().filter(wanted) {
            self.tasks.push_back(ask("stopgroup", name));
            self.tasks.push_back(Task::Say(format!("{name}: stopped")));
            self.tasks.push_back(ask("remove", name));
            self.tasks.push_back(ask("add", name));
            self.tasks.push_back(Task::Say(format!("{name}: updated process group")));
        }
        for name in added.iter().filter(wanted) {
            self.tasks.push_back(ask("add", name));
            self.tasks.push_back(Task::Say(format!("{name}: added process group")));
        }
    }
}

/// What stands after the name when a verb worked.
pub(super) fn done(verb: &str) -> &'static str {
    match verb {
        "start" => "started",
        "stop" => "stopped",
        _ => "cleared",
    }
}

/// What a fault means, in words.
fn explain(code: &str) -> &str {
    match code {
        "BAD_NAME" => "no such process",
        "NO_FILE" => "no such file",
        "NOT_EXECUTABLE" => "file is not executable",
        "ALREADY_STARTED" => "already started",
        "SPAWN_ERROR" => "spawn error",
        "ABNORMAL_TERMINATION" => "abnormal termination",
        "NOT_RUNNING" => "not running",
        "BAD_SIGNAL" => "bad signal name",
        "ALREADY_ADDED" => "process group already active",
        "STILL_RUNNING" => "process/group still running",
        other => other,
    }
}

/// The rows of a status answer: name, state, description, group, process id.
fn rows(reply: &Reply) -> Vec<Vec<String>> {
    let Reply::Array(rows) = reply else { return Vec::new() };
    rows.iter().map(strings).filter(|row| row.len() == 5).collect()
}

fn strings(reply: &Reply) -> Vec<String> {
    match reply {
        Reply::Array(items) => {
            items.iter().filter_map(|i| if let Reply::Bulk(text) = i { Some(text.clone()) } else { None }).collect()
        }
        _ => Vec::new(),
    }
}

fn lists(reply: &Reply) -> Option<[Vec<String>; 3]> {
    match reply {
        Reply::Array(items) if items.len() == 3 => Some([strings(&items[0]), strings(&items[1]), strings(&items[2])]),
        _ => None,
    }
}
