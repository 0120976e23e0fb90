//! Asking a question: options with letters, free words, an advice to judge. Enter alone skips.

use super::reader::{Reader, Typed};
use super::view::View;
use super::words;
use crate::lesson::content::quiz::{Choice, Quiz, QuizKind, Verdict};
use crate::lesson::quiz::{Answer, Marked, order};
use crate::lesson::text::Text;

/// Asks `quiz` until there is an answer in its form; `None` when it is skipped.
pub fn ask(view: &View, reader: &mut Reader, quiz: &Quiz, seed: u64) -> Option<Answer> {
    view.line("");
    view.line(&format!("? {}", words::QUESTION.get(view.lang)));
    view.text(&quiz.ask);
    match &quiz.kind {
        QuizKind::Choice { options } => {
            let letters = options_of(view, quiz, options, seed);
            let chosen = letters_from(view, reader, &words::YOUR_CHOICE.get(view.lang), &letters, true)?;
            Some(Answer::Options(chosen))
        }
        QuizKind::Multi { options } => {
            let letters = options_of(view, quiz, options, seed);
            let chosen = letters_from(view, reader, &words::YOUR_CHOICES.get(view.lang), &letters, false)?;
            Some(Answer::Options(chosen))
        }
        QuizKind::Short { .. } => Some(Answer::Words(line(view, reader, &words::YOUR_ANSWER.get(view.lang))?)),
        QuizKind::Recall { rubric, model } => recall(view, reader, rubric, model),
        QuizKind::Judge { advice, reasons, .. } => judge(view, reader, quiz, advice, reasons, seed),
    }
}

/// Says what an answer is worth, and why.
pub fn tell(view: &View, quiz: &Quiz, marked: &Marked) {
    if !matches!(quiz.kind, QuizKind::Recall { .. }) {
        view.say(if marked.right { words::RIGHT } else { words::WRONG });
    }
    for remark in &marked.remarks {
        match remark.about.and_then(|n| option_text(&quiz.kind, n)) {
            Some(option) => {
                let mark = if remark.right { "✓" } else { "✗" };
                view.line("");
                view.markdown(&format!("{mark} {}", option.get(view.lang)));
                view.text(&remark.say);
            }
            None => view.text(&remark.say),
        }
    }
    // A recall showed its model answer before it was graded.
    if let Some(explain) = marked.explain.as_ref().filter(|_| !matches!(quiz.kind, QuizKind::Recall { .. })) {
        view.text(explain);
    }
}

/// What the option or reason with this number says, where several can be told about at once.
fn option_text(kind: &QuizKind, number: usize) -> Option<&Text> {
    match kind {
        QuizKind::Multi { options } | QuizKind::Judge { reasons: options, .. } => options.get(number).map(|o| &o.say),
        _ => None,
    }
}

/// A line that is not empty; `None` skips.
fn line(view: &View, reader: &mut Reader, what: &str) -> Option<String> {
    match reader.read(&format!("│ {what} > "), None) {
        Typed::Line(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        _ => {
            view.say(words::SKIPPED);
            None
        }
    }
}

/// Draws the options in shuffled order; returns their numbers in the order of the letters.
fn options_of(view: &View, quiz: &Quiz, options: &[Choice], seed: u64) -> Vec<usize> {
    let shown = order(&quiz.id, seed, options.len());
    let texts: Vec<&Text> = shown.iter().filter_map(|n| options.get(*n)).map(|o| &o.say).collect();
    lettered(view, &texts);
    shown
}

fn lettered(view: &View, texts: &[&Text]) {
    view.line("");
    for (letter, text) in ('a'..='z').zip(texts) {
        view.markdown(&format!("{letter}) {}", text.get(view.lang)));
    }
    view.line("");
}

/// Letters typed for the options `shown`; asked again until they are letters of options (one, when `single`).
fn letters_from(view: &View, reader: &mut Reader, what: &str, shown: &[usize], single: bool) -> Option<Vec<usize>> {
    loop {
        let text = line(view, reader, what)?;
        let letters: Vec<char> = text.to_lowercase().chars().filter(|c| !" ,;)".contains(*c)).collect();
        let numbers: Option<Vec<usize>> =
            letters.iter().map(|c| ('a'..='z').position(|l| l == *c).and_then(|n| shown.get(n).copied())).collect();
        match numbers {
            Some(mut numbers) if !numbers.is_empty() && (!single || numbers.len() == 1) => {
                numbers.sort_unstable();
                numbers.dedup();
                return Some(numbers);
            }
            _ => {
                let all: Vec<String> = ('a'..='z').take(shown.len()).map(String::from).collect();
                view.say_with(words::NOT_AN_OPTION, &[&all.join(" ")]);
                if !reader.is_person() {
                    return None;
                }
            }
        }
    }
}

fn recall(view: &View, reader: &mut Reader, rubric: &[Text], model: &Text) -> Option<Answer> {
    let confidence = line(view, reader, &words::HOW_SURE.get(view.lang))?;
    let confidence = confidence.chars().find_map(|c| c.to_digit(10)).unwrap_or(1).clamp(1, 4) as u8;
    let said = line(view, reader, &words::IN_YOUR_WORDS.get(view.lang))?;
    view.line("");
    view.say(words::FULL_ANSWER);
    view.text(model);
    lettered(view, &rubric.iter().collect::<Vec<_>>());
    let what = words::WHICH_POINTS.get(view.lang);
    let met = match reader.read(&format!("│ {what} > "), None) {
        Typed::Line(text) => {
            let letters = text.to_lowercase();
            ('a'..='z').take(rubric.len()).enumerate().filter(|(_, l)| letters.contains(*l)).map(|(n, _)| n).collect()
        }
        _ => Vec::new(),
    };
    Some(Answer::Recall { confidence, said, met })
}

fn judge(
    view: &View,
    reader: &mut Reader,
    quiz: &Quiz,
    advice: &Text,
    reasons: &[Choice],
    seed: u64,
) -> Option<Answer> {
    view.say(words::ADVICE);
    view.markdown(&format!("> {}", advice.get(view.lang).replace('\n', "\n> ")));
    let verdict = loop {
        let text = line(view, reader, &words::YOUR_VERDICT.get(view.lang))?.to_lowercase();
        match text.chars().next() {
            Some('a') if text.starts_with("am") => break Verdict::Amend,
            Some('a') => break Verdict::Accept,
            Some('r') => break Verdict::Reject,
            Some('c') => break Verdict::Amend,
            _ if !reader.is_person() => return None,
            _ => view.say_with(words::NOT_AN_OPTION, &[&words::YOUR_VERDICT.get(view.lang)]),
        }
    };
    let shown = options_of(view, quiz, reasons, seed);
    let reasons = letters_from(view, reader, &words::YOUR_REASONS.get(view.lang), &shown, false)?;
    Some(Answer::Verdict { verdict, reasons })
}
