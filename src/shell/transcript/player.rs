//! Playing a transcript on a machine: the commands stay, output and statuses are the machine's.

use super::format::{Directive, Line, Transcript};
use crate::shell::console::Console;
use crate::vps::Vps;
use crate::world::{Duration, accounts};

/// How long a command may take before the transcript goes on without it.
const LIMIT: Duration = Duration::from_secs(120);
/// What passes before a cut connection is noticed by who cut it.
const AFTER_DROP: Duration = Duration::from_millis(1500);

/// Plays `transcript` on `vps` and returns it with the machine's answers. A directive or a command that cannot be played
/// (nobody is logged in, the login is refused) says so in the output of the next command.
pub fn play(transcript: &Transcript, vps: &mut Vps) -> Transcript {
    let mut player = Player { vps, console: None, interrupt: None, trouble: None };
    let lines = transcript.lines.iter().map(|line| player.line(line)).collect();
    Transcript { lines }
}

struct Player<'a> {
    vps: &'a mut Vps,
    console: Option<Console>,
    interrupt: Option<Duration>,
    trouble: Option<String>,
}

impl Player<'_> {
    fn line(&mut self, line: &Line) -> Line {
        match line {
            Line::Comment(_) => line.clone(),
            Line::Directive(directive, _) => {
                self.direct(directive);
                line.clone()
            }
            Line::Command { typed, .. } => self.command(typed),
        }
    }

    fn direct(&mut self, directive: &Directive) {
        match directive {
            Directive::Put { path, mode, owner, lines } => self.put(path, *mode, owner, lines),
            Directive::Root(command) => {
                self.vps.run_command("root", command, LIMIT);
            }
            Directive::Login(user) => {
                self.drop();
                match Console::open(self.vps, user) {
                    Ok(console) => self.console = Some(console),
                    Err(error) => self.trouble = Some(format!("login as {user} failed: {error:?}")),
                }
            }
            Directive::Drop => {
                self.drop();
                self.vps.advance(AFTER_DROP);
            }
            Directive::Wait(time) => self.vps.advance(*time),
            Directive::Interrupt(after) => self.interrupt = Some(*after),
            Directive::Reboot => {
                self.drop();
                self.vps.reboot(Duration::from_secs(600));
            }
        }
    }

    fn drop(&mut self) {
        if let Some(console) = self.console.take() {
            self.vps.drop_connection(console.tty);
        }
    }

    fn put(&mut self, path: &str, mode: u16, owner: &str, lines: &[String]) {
        let (user, group) = owner.split_once(':').unwrap_or((owner, owner));
        let files = &self.vps.world.files;
        let uid = accounts::user(files, user).map_or(0, |u| u.uid);
        let gid = accounts::group(files, group).map_or(0, |g| g.gid);
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        self.vps.write_file(path, text.as_bytes(), mode, (uid, gid));
    }

    fn command(&mut self, typed: &[String]) -> Line {
        let (output, status) = self.answer(typed);
        let mut output: Vec<String> = output.split('\n').map(|line| line.trim_end().to_owned()).collect();
        while output.last().is_some_and(String::is_empty) {
            output.pop();
        }
        Line::Command { typed: typed.to_vec(), output, status }
    }

    /// What the machine says to a command: its output and the status as the format writes it.
    fn answer(&mut self, typed: &[String]) -> (String, String) {
        let Some(console) = &self.console else {
            return (self.trouble.take().unwrap_or_else(|| "no terminal is open".into()), String::new());
        };
        let answer = console.run(self.vps, typed, self.interrupt.take(), LIMIT);
        let status = match answer.status {
            Some(code) => code.to_string(),
            None if answer.closed => "closed".into(),
            None => String::new(),
        };
        if answer.closed {
            self.console = None;
        }
        (answer.output, status)
    }
}
