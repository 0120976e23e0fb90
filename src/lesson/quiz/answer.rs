//! Judging an answer: right or wrong, and what to say about each thing that was chosen or missed.

use super::lived::{Played, mark_lived};
use super::normal::normal;
use super::placed;
use crate::lesson::content::quiz::{Accepted, Choice, Quiz, QuizKind, Verdict};
use crate::lesson::judge::Answers;
use crate::lesson::judge::facts::Machine;
use crate::lesson::text::Text;

/// An answer to a question. Options and reasons are numbered from 0 in the order of the file, not as shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Options of a `choice`, a `multi` or a `predict`.
    Options(Vec<usize>),
    /// Words typed for a `short`, a `predict` or an `estimate`, or the line of a `command`.
    Words(String),
    /// The items of an `order`, first to last.
    Order(Vec<usize>),
    /// For each thing on the left of a `match`, the one on the right; what goes with nothing is numbered after the pairs.
    Pairs(Vec<usize>),
    /// A line of a `spot`, numbered from 1.
    Line(usize),
    /// A free recall, graded by its author.
    Recall {
        /// How sure the student was before answering: 1 (guessing) to 4 (certain).
        confidence: u8,
        /// What was written.
        said: String,
        /// The points of the rubric that the student found in it.
        met: Vec<usize>,
    },
    /// A verdict on an advice with the reasons chosen.
    Verdict {
        /// What to do with it.
        verdict: Verdict,
        /// The reasons.
        reasons: Vec<usize>,
    },
}

/// What is said about one part of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The option, reason or point it is about; `None`: the answer as a whole.
    pub about: Option<usize>,
    /// Whether that part was right.
    pub right: bool,
    /// What is said.
    pub say: Text,
}

/// A judged answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marked {
    /// Whether it is right; a recall is, when every point of its rubric was met.
    pub right: bool,
    /// What is said about it, in order.
    pub remarks: Vec<Remark>,
    /// What is said whatever the answer was: the explanation, or the model answer of a recall.
    pub explain: Option<Text>,
    /// What was done to copies of the machine, to be shown before anything is said.
    pub played: Vec<Played>,
}

/// Judges `answer`, on a copy of `machine` where the question asks for one; `answers` are those given before.
pub fn mark<M: Machine>(quiz: &Quiz, answer: &Answer, machine: &M, answers: &Answers) -> Marked {
    mark_lived(quiz, answer, machine, answers).unwrap_or_else(|| mark_written(quiz, answer))
}

/// Judges an answer to a question whose key is written down. An answer of another kind than the question is wrong,
/// without remarks.
pub fn mark_written(quiz: &Quiz, answer: &Answer) -> Marked {
    let (right, remarks) = match (&quiz.kind, answer) {
        (QuizKind::Choice { options }, Answer::Options(chosen)) => choice(options, chosen),
        (QuizKind::Multi { options }, Answer::Options(chosen)) => multi(options, chosen),
        (QuizKind::Short { accept, mistakes }, Answer::Words(words)) => {
            let said = normal(words);
            let right = accept.iter().any(|a| accepts(a, &said));
            let known = mistakes.iter().find(|m| !right && accepts(&m.answer, &said));
            (right, known.map(|m| Remark { about: None, right: false, say: m.why.clone() }).into_iter().collect())
        }
        (QuizKind::Recall { rubric, .. }, Answer::Recall { confidence, met, .. }) => recall(rubric, *confidence, met),
        (QuizKind::Order { items }, Answer::Order(given)) => placed::order(items, given),
        (QuizKind::Match { pairs, extra }, Answer::Pairs(given)) => placed::pairs(pairs, extra, given),
        (QuizKind::Spot(spot), Answer::Line(number)) => placed::spot(&spot.lines, *number),
        _ => (false, Vec::new()),
    };
    let explain = match &quiz.kind {
        QuizKind::Recall { model, .. } => Some(model.clone()),
        _ => quiz.explain.clone(),
    };
    Marked { right, remarks, explain, played: Vec::new() }
}

fn accepts(accepted: &Accepted, said: &str) -> bool {
    match accepted {
        Accepted::Words(words) => normal(words) == said,
        Accepted::Pattern(pattern) => pattern.is_match(said),
    }
}

fn remark(options: &[Choice], about: usize) -> Option<Remark> {
    let option = options.get(about)?;
    Some(Remark { about: Some(about), right: option.right, say: option.why.clone() })
}

fn choice(options: &[Choice], chosen: &[usize]) -> (bool, Vec<Remark>) {
    let remarks: Vec<Remark> = chosen.iter().filter_map(|n| remark(options, *n)).collect();
    let right = matches!(remarks.as_slice(), [only] if only.right);
    (right, remarks)
}

/// Every chosen option gets its remark; so does a right one that was missed, marked as not right.
fn multi(options: &[Choice], chosen: &[usize]) -> (bool, Vec<Remark>) {
    let mut right = true;
    let mut remarks = Vec::new();
    for (n, option) in options.iter().enumerate() {
        let is_chosen = chosen.contains(&n);
        right &= is_chosen == option.right;
        if is_chosen || option.right {
            remarks.push(Remark { about: Some(n), right: is_chosen && option.right, say: option.why.clone() });
        }
    }
    (right, remarks)
}

/// The points that were missed are told again.
fn recall(rubric: &[Text], confidence: u8, met: &[usize]) -> (bool, Vec<Remark>) {
    let right = (0..rubric.len()).all(|n| met.contains(&n));
    let missed = rubric.iter().enumerate().filter(|(n, _)| !met.contains(n));
    let mut remarks: Vec<Remark> =
        missed.map(|(n, point)| Remark { about: Some(n), right: false, say: point.clone() }).collect();
    remarks.extend(calibration(right, confidence).map(|say| Remark { about: None, right, say }));
    (right, remarks)
}

/// What confidence and result say together, when they disagree.
fn calibration(right: bool, confidence: u8) -> Option<Text> {
    match (right, confidence) {
        (false, 3..) => Some(Text::set(
            "You were sure, and points were missing: nobody reviews what they are sure of. Come back to it tomorrow.",
            "Tu n’avais aucun doute, et il manquait des points : on ne révise jamais ce dont on est sûr. Reviens-y demain.",
        )),
        (true, ..=2) => Some(Text::set(
            "You doubted, and it was all there. You know this better than you think.",
            "Tu doutais, et tout y était. Tu le sais mieux que tu ne crois.",
        )),
        _ => None,
    }
}

/// Judges a verdict with its reasons.
pub(super) fn verdict_right(
    want: Verdict,
    reasons: &[Choice],
    given: Verdict,
    chosen: &[usize],
) -> (bool, Vec<Remark>) {
    let remarks: Vec<Remark> = chosen.iter().filter_map(|n| remark(reasons, *n)).collect();
    let right = want == given && !remarks.is_empty() && remarks.iter().all(|r| r.right);
    (right, remarks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::content::Place;
    use crate::lesson::content::quiz::Mistake;

    fn text(t: &str) -> Text {
        Text::new(t, t)
    }

    fn options(right: &[bool]) -> Vec<Choice> {
        right.iter().map(|r| Choice { say: text("o"), right: *r, why: text(if *r { "yes" } else { "no" }) }).collect()
    }

    fn quiz(kind: QuizKind) -> Quiz {
        Quiz { id: "q".into(), at: Place::START, ask: text("?"), kind, explain: Some(text("because")) }
    }

    #[test]
    fn a_choice_is_right_when_the_only_option_chosen_is() {
        let quiz = quiz(QuizKind::Choice { options: options(&[false, true]) });
        let right = mark_written(&quiz, &Answer::Options(vec![1]));
        assert!(right.right);
        assert_eq!(right.remarks[0].say.en, "yes");
        let wrong = mark_written(&quiz, &Answer::Options(vec![0]));
        assert!(!wrong.right);
        assert_eq!(wrong.remarks[0].say.en, "no");
        for other in [Answer::Options(vec![0, 1]), Answer::Options(vec![]), Answer::Options(vec![9])] {
            assert!(!mark_written(&quiz, &other).right);
        }
        assert!(!mark_written(&quiz, &Answer::Words("1".into())).right);
    }

    #[test]
    fn a_multi_wants_every_right_option_and_tells_the_missed_one() {
        let quiz = quiz(QuizKind::Multi { options: options(&[true, false, true]) });
        assert!(mark_written(&quiz, &Answer::Options(vec![2, 0])).right);
        let missed = mark_written(&quiz, &Answer::Options(vec![0]));
        assert!(!missed.right);
        let remarks: Vec<_> = missed.remarks.iter().map(|r| (r.about, r.right)).collect();
        assert_eq!(remarks, [(Some(0), true), (Some(2), false)]);
    }

    #[test]
    fn a_short_answer_is_judged_by_what_matters() {
        let mistakes = vec![Mistake { answer: Accepted::Words("bash".into()), why: text("that is the shell") }];
        let quiz = quiz(QuizKind::Short { accept: vec![Accepted::Words("systemd".into())], mistakes });
        assert!(mark_written(&quiz, &Answer::Words("« Systemd ».".into())).right);
        let wrong = mark_written(&quiz, &Answer::Words("Bash".into()));
        assert!(!wrong.right);
        assert_eq!(wrong.remarks[0].say.en, "that is the shell");
        assert_eq!(wrong.explain.map(|e| e.en), Some("because".into()));
    }

    #[test]
    fn a_recall_compares_confidence_with_the_rubric() {
        let quiz = quiz(QuizKind::Recall { rubric: vec![text("a"), text("b")], model: text("a and b") });
        let recall = |confidence, met| mark_written(&quiz, &Answer::Recall { confidence, said: String::new(), met });
        assert!(recall(3, vec![0, 1]).right);
        assert_eq!(recall(3, vec![0, 1]).remarks.len(), 0);
        assert!(!recall(4, vec![0]).right);
        assert_eq!(recall(4, vec![0]).remarks.len(), 2);
        assert_eq!(recall(1, vec![0, 1]).remarks.len(), 1);
        assert_eq!(recall(1, vec![0]).explain.map(|e| e.en), Some("a and b".into()));
    }

    #[test]
    fn a_verdict_needs_its_reason() {
        let judge =
            |verdict, chosen: &[usize]| verdict_right(Verdict::Reject, &options(&[true, false]), verdict, chosen).0;
        assert!(judge(Verdict::Reject, &[0]));
        assert!(!judge(Verdict::Reject, &[]));
        assert!(!judge(Verdict::Reject, &[0, 1]));
        assert!(!judge(Verdict::Accept, &[0]));
    }
}
