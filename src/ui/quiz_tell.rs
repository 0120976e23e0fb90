//! What is said once a question is answered: what happened on the copy, right or wrong, and why.

use super::view::View;
use super::words;
use crate::lesson::content::quiz::{Key, Quiz, QuizKind};
use crate::lesson::quiz::{Marked, Played};
use crate::lesson::text::Text;

/// Says what an answer is worth, and why.
pub fn tell(view: &View, quiz: &Quiz, marked: &Marked) {
    for played in &marked.played {
        view.line("");
        view.say(if played.amended { words::ON_A_COPY_AMENDED } else { words::ON_A_COPY });
        show(view, played);
    }
    let recall = matches!(quiz.kind, QuizKind::Recall { .. });
    if !recall {
        view.say(if marked.right { words::RIGHT } else { words::WRONG });
    }
    for remark in &marked.remarks {
        match remark.about.and_then(|n| about(&quiz.kind, n)) {
            Some(what) => {
                let mark = if remark.right { "✓" } else { "✗" };
                view.line("");
                view.markdown(&format!("{mark} {}", what.get(view.lang)));
                view.text(&remark.say);
            }
            None => view.text(&remark.say),
        }
    }
    // A recall showed its model answer before it was graded.
    if let Some(explain) = marked.explain.as_ref().filter(|_| !recall) {
        view.text(explain);
    }
}

/// Shows lines typed on a copy with what they printed, as on a terminal.
pub fn show(view: &View, played: &Played) {
    for (typed, printed) in &played.lines {
        let mut lines = typed.lines();
        view.line(&format!("    $ {}", lines.next().unwrap_or_default()));
        lines.for_each(|line| view.line(&format!("    > {line}")));
        printed.lines().for_each(|line| view.line(&format!("    {}", line.trim_end())));
    }
    view.line("");
}

/// What the part of a question with this number says, where several can be told about at once.
fn about(kind: &QuizKind, number: usize) -> Option<Text> {
    match kind {
        QuizKind::Multi { options } => options.get(number).map(|o| o.say.clone()),
        QuizKind::Judge(advice) => advice.reasons.get(number).map(|o| o.say.clone()),
        QuizKind::Predict(predict) => match &predict.key {
            Key::Options(options) => options.get(number).map(|o| o.say.clone()),
            Key::Value { .. } => None,
        },
        QuizKind::Order { items } => items.get(number).map(|i| i.say.clone()),
        QuizKind::Match { pairs, .. } => pairs.get(number).map(|pair| {
            Text::new(format!("{} → {}", pair.left.en, pair.right.en), format!("{} → {}", pair.left.fr, pair.right.fr))
        }),
        _ => None,
    }
}
