//! Questions: their kinds and what each needs.
//!
//! What `lesson.toml` writes is read in [`read_quiz`](super::read_quiz) and [`read_trial`](super::read_trial).

use super::action::Input;
use super::condition::Condition;
use super::diagnostic::Place;
use super::lesson::Goal;
use super::quantity::{Quantity, Tolerance};
use super::reader::words;
use crate::lesson::text::Text;
use regex::Regex;

/// One question.
#[derive(Clone, Debug)]
pub struct Quiz {
    /// Its id, unique in the lesson.
    pub id: String,
    /// Where it stands.
    pub at: Place,
    /// The question, as Markdown.
    pub ask: Text,
    /// What kind of answer it wants.
    pub kind: QuizKind,
    /// What is said once it is answered, right or wrong.
    pub explain: Option<Text>,
}

/// The kinds of question.
#[derive(Clone, Debug)]
pub enum QuizKind {
    /// One option of several is right.
    Choice {
        /// The options, in the order of the file.
        options: Vec<Choice>,
    },
    /// Every right option must be chosen, and no other.
    Multi {
        /// The options, in the order of the file.
        options: Vec<Choice>,
    },
    /// A word or a short sentence is typed.
    Short {
        /// What is accepted.
        accept: Vec<Accepted>,
        /// Known wrong answers with what to say about each.
        mistakes: Vec<Mistake>,
    },
    /// Free recall: first how sure one is, then the answer in one's own words, then self-graded against a rubric.
    Recall {
        /// The points that a full answer makes.
        rubric: Vec<Text>,
        /// A full answer, shown afterwards.
        model: Text,
    },
    /// A command line is typed and judged by what it does to a copy of the machine.
    Command(Box<CommandQuiz>),
    /// What will happen? The key is what happens when it is done on a copy.
    Predict(Box<Predict>),
    /// Items are put in order.
    Order {
        /// The items, in the right order.
        items: Vec<Item>,
    },
    /// Each thing on the left goes with one on the right.
    Match {
        /// What goes together.
        pairs: Vec<Pair>,
        /// Things on the right that go with nothing.
        extra: Vec<Extra>,
    },
    /// The faulty line of a file is named.
    Spot(Box<Spot>),
    /// A number is estimated.
    Estimate(Box<Estimate>),
    /// An advice is given: accept it, reject it or amend it, and say why; then a copy of the machine follows it.
    Judge(Box<Advice>),
}

words! {
    /// What one does with an advice.
    Verdict {
        /// It is right as it stands.
        Accept = "accept",
        /// It is wrong.
        Reject = "reject",
        /// It is right once it is changed.
        Amend = "amend",
    }
}

words! {
    /// How lesson.toml names the kinds.
    KindWord {
        /// One of several.
        Choice = "choice",
        /// Some of several.
        Multi = "multi",
        /// Typed.
        Short = "short",
        /// Free recall.
        Recall = "recall",
        /// A command line.
        Command = "command",
        /// What will happen.
        Predict = "predict",
        /// What comes first.
        Order = "order",
        /// What goes together.
        Match = "match",
        /// The faulty line.
        Spot = "spot",
        /// A number.
        Estimate = "estimate",
        /// An advice.
        Judge = "judge",
    }
}

/// An option, with what is said to whoever chose it.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What it says.
    pub say: Text,
    /// Whether it is right.
    pub right: bool,
    /// Why it is right or wrong.
    pub why: Text,
}

/// An answer that is accepted.
#[derive(Clone, Debug)]
pub enum Accepted {
    /// These words, whatever their case, accents, typography and surrounding quotes.
    Words(String),
    /// Whatever matches, after the same normalisation.
    Pattern(Regex),
}

/// A wrong answer that is expected.
#[derive(Clone, Debug)]
pub struct Mistake {
    /// What is typed.
    pub answer: Accepted,
    /// What to say about it.
    pub why: Text,
}

/// A `command` question.
#[derive(Clone, Debug)]
pub struct CommandQuiz {
    /// What is done to the copy before.
    pub setup: Vec<Input>,
    /// What must be true of the copy afterwards; its id is the question's.
    pub goal: Goal,
    /// Command lines that reach it; the first is shown.
    pub accept: Vec<String>,
    /// Command lines that do not, with what to say about each.
    pub mistakes: Vec<CommandMistake>,
}

/// A wrong command line that is expected.
#[derive(Clone, Debug)]
pub struct CommandMistake {
    /// One that makes the mistake.
    pub run: String,
    /// What is true of the copy after any that makes it; `None`: only that line is recognised.
    pub when: Option<Condition>,
    /// What to say about it.
    pub why: Text,
}

/// A `predict` question.
#[derive(Clone, Debug)]
pub struct Predict {
    /// What is done to the copy before, unseen.
    pub setup: Vec<Input>,
    /// What is done to it, and shown with what it prints once the prediction is made.
    pub run: Vec<Input>,
    /// How the run tells what was right.
    pub key: Key,
}

/// How a run tells the right prediction.
#[derive(Clone, Debug)]
pub enum Key {
    /// Options, one of which comes true.
    Options(Vec<Foretold>),
    /// What the last command prints is to be foretold.
    Value {
        /// What of it: the first group, or the whole match; `None`: the last line.
        capture: Option<Regex>,
        /// Other words for the same, and the author's own key; the run must give one of them when there are any.
        accept: Vec<String>,
        /// Known wrong predictions.
        mistakes: Vec<Mistake>,
    },
}

/// An option of a `predict` question.
#[derive(Clone, Debug)]
pub struct Foretold {
    /// What it says.
    pub say: Text,
    /// What shows that it came true; `None`: it never does.
    pub shows: Option<Shows>,
    /// What the author claims; the run must agree.
    pub right: Option<bool>,
    /// Why it comes true or does not.
    pub why: Text,
}

/// What shows that a prediction came true.
#[derive(Clone, Debug)]
pub enum Shows {
    /// This holds for the copy afterwards.
    When(Condition),
    /// The last command prints this.
    Prints(Regex),
}

/// An item of an `order` question.
#[derive(Clone, Debug)]
pub struct Item {
    /// What it says.
    pub say: Text,
    /// Its place; items of the same place may stand in any order among themselves.
    pub place: u64,
    /// Why it stands there.
    pub why: Text,
}

/// A pair of a `match` question.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The thing on the left.
    pub left: Text,
    /// What goes with it.
    pub right: Text,
    /// Why they go together.
    pub why: Text,
}

/// A thing on the right of a `match` question that goes with nothing.
#[derive(Clone, Debug)]
pub struct Extra {
    /// What it says.
    pub say: Text,
    /// Why it goes with nothing.
    pub why: Text,
}

/// A `spot` question.
#[derive(Clone, Debug)]
pub struct Spot {
    /// The name under which the file is shown.
    pub name: String,
    /// Its text.
    pub text: String,
    /// The lines about which something is said; those that are right to name are faulty.
    pub lines: Vec<SpotLine>,
}

/// A line of the file of a `spot` question.
#[derive(Clone, Debug)]
pub struct SpotLine {
    /// Its number, from 1.
    pub number: usize,
    /// Whether it is faulty.
    pub right: bool,
    /// What is wrong with it, or why nothing is.
    pub why: Text,
}

/// An `estimate` question.
#[derive(Clone, Debug)]
pub struct Estimate {
    /// What is done to the copy before.
    pub setup: Vec<Input>,
    /// What shows the number on a copy; nothing when it is not measured.
    pub run: Vec<Input>,
    /// What of the last command's output is the number; `None`: its last line.
    pub capture: Option<Regex>,
    /// The number.
    pub answer: Quantity,
    /// How far off one may be.
    pub tolerance: Tolerance,
    /// What is counted, when it is no time, size or share.
    pub unit: Option<Text>,
    /// What is said to whoever is too low.
    pub low: Text,
    /// What is said to whoever is too high.
    pub high: Text,
}

/// A `judge` question.
#[derive(Clone, Debug)]
pub struct Advice {
    /// The advice, as its author worded it.
    pub advice: Text,
    /// What to do with it.
    pub verdict: Verdict,
    /// Reasons, one or several of which are right.
    pub reasons: Vec<Choice>,
    /// What is done to the copy before.
    pub setup: Vec<Input>,
    /// The advice followed to the letter.
    pub run: Vec<Input>,
    /// What following it ought to achieve; its id is the question's.
    pub goal: Goal,
    /// The advice as it should have been; nothing unless the verdict is to amend it.
    pub amended: Vec<Input>,
}
