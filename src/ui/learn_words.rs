//! What the coach does when one of its words is typed.

use super::coach::Word;
use super::learn::{Learn, Left};
use super::reader::Typed;
use super::{quiz_tell, words};
use crate::lesson::content::action::Input;
use crate::lesson::content::condition::UnitId;
use crate::lesson::content::prose::PartWord;
use crate::lesson::judge::facts::Facts;
use crate::lesson::session::Deed;
use crate::lesson::text::Lang;

impl Learn<'_> {
    /// Does what a word of the coach asks; leaves when it says so.
    pub(super) fn word(&mut self, word: Word, rest: &str) -> Option<Left> {
        match word {
            Word::Help => self.help(rest),
            Word::Goals => self.goals(),
            Word::Why => self.why(rest),
            Word::Hint => match self.session.hint().cloned() {
                Some(hint) => self.view.text(&hint.say),
                None => self.view.say(words::NO_HINT),
            },
            Word::Solution => self.solution(),
            Word::Demo => match self.session.demo() {
                Some(played) => quiz_tell::show(&self.view, &played),
                None => self.view.say(words::NO_DEMO),
            },
            Word::Mistakes => match self.session.step() {
                Some(step) if self.view.part(step, PartWord::Mistakes) => {}
                _ => self.view.say(words::NO_MISTAKES),
            },
            Word::Quiz => self.ask(true),
            Word::Next => return self.next(false),
            Word::Skip => return self.next(true),
            Word::Undo | Word::Redo => self.travel(word == Word::Undo),
            Word::Reset => {
                self.session.reset();
                self.view.say(words::RESET);
            }
            Word::Save => self.name_machine(rest),
            Word::Load => self.load(rest),
            Word::Handin => self.hand_in(rest),
            Word::Advance => return self.advance(rest),
            Word::Reboot => {
                self.view.say(words::REBOOTING);
                return self.give(&Input::Reboot);
            }
            Word::Drop => {
                self.view.say(words::CUT);
                return self.give(&Input::Drop);
            }
            Word::Term => return self.term(rest),
            Word::Timeline => self.timeline(rest),
            Word::Tree => self.tree(rest),
            Word::Diff => self.diff(),
            Word::Type => self.type_command(rest),
            Word::Lang => self.language(rest),
            Word::Quit => return Some(Left::Quit),
        }
        None
    }

    fn goals(&self) {
        match self.session.step() {
            Some(step) if !step.goals.is_empty() => self.view.goals(step, self.session.outcomes(), true),
            _ => self.view.say(words::ALL_GOALS),
        }
    }

    /// Tells why a unit is in its state, from the state to its first cause.
    fn why(&self, rest: &str) {
        let student = self.session.machine();
        let Some(unit) = UnitId::typed(rest, student.user()) else { return self.view.say(words::WHY_HOW) };
        for (n, cause) in student.why(&unit).iter().enumerate() {
            let text = cause.text();
            let arrow = if n == 0 { "" } else { "← " };
            self.view.markdown(&format!("{arrow}{}", text.get(self.view.lang)));
        }
    }

    /// Shows a solution with why it works, then asks one question about it that nobody judges.
    fn solution(&mut self) {
        let Some(solution) = self.session.solution().cloned() else { return self.view.say(words::NO_SOLUTION) };
        self.session.reveal();
        self.view.say(words::SOLUTION);
        for input in &solution.run {
            input.typed().lines().for_each(|line| self.view.line(&format!("    {line}")));
        }
        if let Some(explain) = &solution.explain {
            self.view.line("");
            self.view.text(explain);
        }
        let Some(reflect) = self.session.step().and_then(|step| step.reflect.clone()) else { return };
        self.view.line("");
        self.view.line(&format!("? {}", words::QUESTION.get(self.view.lang)));
        self.view.text(&reflect.ask);
        let prompt = format!("│ {} > ", words::IN_YOUR_WORDS.get(self.view.lang));
        if let Typed::Line(said) = self.reader.answer(&prompt)
            && !said.trim().is_empty()
        {
            self.session.reflect(said.trim());
        }
        self.view.say(words::FULL_ANSWER);
        self.view.text(&reflect.model);
    }

    fn travel(&mut self, back: bool) {
        let mut deed = if back { self.session.undo() } else { self.session.redo() };
        // The way leads past the moment when a file was open in an editor.
        while deed.is_some() && self.session.machine().edit_request().is_some() {
            deed = if back { self.session.undo() } else { self.session.redo() };
        }
        let (done, nothing) =
            if back { (words::UNDID, words::NOTHING_TO_UNDO) } else { (words::REDID, words::NOTHING_TO_REDO) };
        match deed {
            Some(deed) => {
                let typed = match deed {
                    Deed::Typed(input) => input.typed().lines().next().unwrap_or_default().to_owned(),
                    Deed::Reset => ":reset".to_owned(),
                    Deed::Load(name) => format!(":load {name}"),
                };
                self.view.say_with(done, &[&format!("`{typed}`")]);
                self.arrive();
            }
            None => self.view.say(nothing),
        }
    }

    fn name_machine(&mut self, name: &str) {
        if name.is_empty() {
            return self.view.say(words::SAVE_HOW);
        }
        self.session.save(name);
        self.view.say_with(words::SAVED, &[&format!("`{name}`")]);
    }

    fn load(&mut self, name: &str) {
        if self.session.load(name) {
            self.view.say_with(words::LOADED, &[&format!("`{name}`")]);
            self.arrive();
            return;
        }
        let names: Vec<String> = self.session.saved().iter().map(|name| format!("`{name}`")).collect();
        let names = if names.is_empty() { "∅".to_owned() } else { names.join(", ") };
        self.view.say_with(words::NOT_SAVED, &[&format!("`{name}`"), &names]);
    }

    /// Shows where one is after having gone from one machine to another.
    fn arrive(&mut self) {
        self.goals();
        self.session.machine_mut().take_output();
        self.pace.catch_up(self.session.machine().vps.now());
    }

    fn advance(&mut self, rest: &str) -> Option<Left> {
        let Some(input) = Input::parse(&format!(":advance {rest}")).filter(|i| matches!(i, Input::Advance(_))) else {
            self.view.say(words::ADVANCE_HOW);
            return None;
        };
        let left = self.give(&input);
        let now = self.session.machine().vps.now().strftime("%Y-%m-%d %H:%M:%S");
        self.view.say_with(words::ADVANCED, &[&now]);
        left
    }

    fn language(&mut self, rest: &str) {
        let Some(lang) = Lang::of_locale(rest) else { return self.view.say(words::LANG_HOW) };
        self.view.lang = lang;
        if let Some((store, _)) = &self.store {
            let _ = store.keep_language(lang.code());
        }
        self.view.say(words::LANG_IS);
        self.show_step();
    }
}
