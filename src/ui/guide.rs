//! The coach who looks over the shoulder: a word about a typing error, an offer of help after several misses, the task
//! again when it has scrolled away, and help for the moment.

use super::coach::{WORDS, Word};
use super::learn::Learn;
use super::{screen, words};
use crate::lesson::judge::Outcome;
use crate::lesson::typo;
use crate::shell;
use crate::vps::Vps;
use crate::world::Pid;

/// After how many misses help is offered.
const MISSES: u32 = 3;
/// After how many commands without progress help is offered.
const LOST: u32 = 8;

/// How the student fares in the step.
#[derive(Default)]
pub struct Guide {
    /// Commands that failed since a goal was reached last.
    misses: u32,
    /// Commands since then.
    commands: u32,
    /// Whether help was offered in this step.
    offered: bool,
    /// Where on the screen the goals were shown last, in lines written.
    shown_at: usize,
}

impl Guide {
    /// A new step.
    pub fn new_step(&mut self) {
        *self = Guide { shown_at: screen::lines(), ..Guide::default() };
    }

    /// The goals stand on the screen.
    pub fn goals_shown(&mut self) {
        self.shown_at = screen::lines();
    }
}

impl Learn<'_> {
    /// After a command of the student's: what the coach has to say about it. `moved`: a goal changed.
    pub(super) fn look_over(&mut self, line: &str, moved: bool) {
        let student = self.session.machine();
        let Some(shell) = student.shell().filter(|_| student.is_at_shell() && !line.trim().is_empty()) else { return };
        let failed = shell::last_status(&student.vps, shell).is_some_and(|status| status != 0);
        if failed {
            self.correct(line, shell);
        }
        if moved {
            (self.guide.misses, self.guide.commands) = (0, 0);
            self.guide.goals_shown();
            return;
        }
        self.guide.misses += u32::from(failed);
        self.guide.commands += 1;
        let lost = self.guide.misses >= MISSES || self.guide.commands >= LOST;
        if self.session.goals_met() {
            return;
        }
        if lost && !std::mem::replace(&mut self.guide.offered, true) {
            self.view.say(words::OFFER);
            return;
        }
        self.remind();
    }

    fn correct(&self, line: &str, shell: Pid) {
        let vps: &Vps = &self.session.machine().vps;
        if let Some((wrong, meant)) = typo::correction(vps, shell, line) {
            self.view.say_with(words::TYPO, &[&wrong, &meant]);
        }
    }

    /// The first goal that is missing, when the list has scrolled away.
    fn remind(&mut self) {
        let (_, rows) = screen::size();
        if screen::lines() < self.guide.shown_at + rows.saturating_sub(6).max(8) {
            return;
        }
        let Some(step) = self.session.step() else { return };
        let outcomes = self.session.outcomes();
        let met = outcomes.iter().filter(|outcome| outcome.is_met()).count().to_string();
        let missing = step.goals.iter().zip(outcomes).find(|(_, outcome)| !Outcome::is_met(outcome));
        if let Some((goal, _)) = missing {
            let count = outcomes.len().to_string();
            self.view.quiet(&words::STILL.with(self.view.lang, &[goal.say.get(self.view.lang), &met, &count]));
        }
        self.guide.goals_shown();
    }

    /// `:help`: what fits the moment; `:help all`: every word; `:help WORD`: that one.
    pub(super) fn help(&self, rest: &str) {
        let lang = self.view.lang;
        let wanted = rest.trim().trim_start_matches(':');
        let all = ["all", "tout"].contains(&wanted);
        let fitting = self.fitting();
        if wanted.is_empty() {
            self.view.say(self.moment());
        }
        let listed = WORDS.iter().filter(|w| {
            all || if wanted.is_empty() { fitting.contains(&w.0) } else { w.1.trim_start_matches(':') == wanted }
        });
        let mut count = 0;
        for (_, typed, argument, what) in listed {
            count += 1;
            let typed = format!("{typed} {argument}");
            self.view.entry(typed.trim_end(), &what.get(lang));
        }
        if wanted.is_empty() {
            self.view.say(words::HELP_MORE);
        } else if count == 0 {
            self.view.say_with(words::UNKNOWN, &[wanted]);
        }
    }

    /// Where the student stands, in a sentence.
    fn moment(&self) -> words::Say {
        let student = self.session.machine();
        if !student.is_inside() {
            words::HELP_CLOSED
        } else if !student.waits() {
            words::HELP_FOREGROUND
        } else if self.session.lesson().steps.is_empty() {
            words::PLAY
        } else if self.session.goals_met() {
            words::HELP_DONE
        } else {
            words::HELP_TODO
        }
    }

    /// The words that help at this moment.
    fn fitting(&self) -> Vec<Word> {
        let student = self.session.machine();
        if !student.is_inside() {
            return vec![Word::Undo, Word::Reboot, Word::Term, Word::Quit];
        }
        if !student.waits() {
            return vec![Word::Term, Word::Advance, Word::Drop, Word::Undo, Word::Quit];
        }
        let free = vec![Word::Advance, Word::Term, Word::Timeline, Word::Undo, Word::Quit];
        if self.session.lesson().steps.is_empty() {
            return free;
        }
        let words = if self.session.goals_met() {
            vec![Word::Next, Word::Quiz, Word::Mistakes]
        } else {
            vec![Word::Goals, Word::Hint, Word::Why, Word::Solution, Word::Reset, Word::Skip]
        };
        words.into_iter().chain(free).collect()
    }
}
