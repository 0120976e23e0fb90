//! What can be wrong with a question or a demonstration, and what is said about it.

use crate::lesson::text::Text;

/// One thing that is wrong with a question.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum QuizFault {
    /// The places of the items of an `order` do not go up, or there is nothing to order.
    Places,
    /// A `match` of fewer than two pairs.
    FewPairs,
    /// A line of a `spot` is not found exactly once.
    Lines { has: String, found: usize },
    /// No option of a `predict` says what shows that it came true.
    NothingShows,
    /// The check of a `command` holds before anything was typed.
    PassesUntouched { quiz: String },
    /// A line that a `command` accepts does not reach its check, and why.
    AcceptFails { quiz: String, line: String, why: Text },
    /// A mistake of a `command` reaches its check.
    MistakePasses { quiz: String, line: String },
    /// What a mistake of a `command` says about the copy is not so after its own line.
    MistakeUnlike { quiz: String, line: String, why: Text },
    /// Not exactly one option of a `predict` came true when it was run.
    CameTrue { quiz: String, options: Vec<usize> },
    /// The key that is written differs from what the run gave.
    KeyDisagrees { quiz: String, written: String, ran: String },
    /// The run of a question printed nothing that could be its key.
    NoValue { quiz: String },
    /// The verdict of a `judge` differs from what following the advice gave.
    VerdictDisagrees { quiz: String, verdict: &'static str, works: bool, why: Text },
    /// The amended advice of a `judge` does not do better.
    AmendedFails { quiz: String, why: Text },
    /// What `[step.break]` runs does not break anything, by its own check.
    BreaksNothing { step: String, why: Text },
    /// A step has a part in one language only.
    NoPart { step: String, part: &'static str },
    /// A demonstration names a program that does not exist.
    DemoFails { step: String, line: String },
}

impl QuizFault {
    /// What is wrong and what to do, in both languages.
    pub fn text(&self) -> Text {
        match self {
            QuizFault::Places => Text::set(
                "an `order` needs at least two items, written in the right order, with places that never go down",
                "un `order` veut au moins deux éléments, écrits dans le bon ordre, avec des places qui ne redescendent jamais",
            ),
            QuizFault::FewPairs => {
                Text::set("a `match` needs at least two pairs", "un `match` veut au moins deux paires")
            }
            QuizFault::Lines { has, found } => Text::set(
                format!("{found} lines of the text have `{has}`; name exactly one"),
                &format!("{found} lignes du texte contiennent `{has}` ; désignes-en exactement une"),
            ),
            QuizFault::NothingShows => Text::set(
                "no option says what shows that it came true; give it `when = { … }` or `prints = '…'`",
                "aucune option ne dit à quoi l’on voit qu’elle s’est réalisée ; donne-lui `when = { … }` ou `prints = '…'`",
            ),
            QuizFault::PassesUntouched { quiz } => Text::set(
                format!("`{quiz}`: its check holds before anything was typed; demand the work, or undo it in `setup`"),
                &format!(
                    "`{quiz}` : sa vérification est vraie avant d’avoir rien tapé ; exige le travail, ou défais-le dans `setup`"
                ),
            ),
            QuizFault::AcceptFails { quiz, line, why } => Text::set(
                format!("`{quiz}`: the accepted line `{line}` does not reach the check: {}", why.en),
                &format!("`{quiz}` : la ligne acceptée `{line}` n’atteint pas la vérification : {}", why.fr),
            ),
            QuizFault::MistakePasses { quiz, line } => Text::set(
                format!("`{quiz}`: the mistake `{line}` reaches the check; accept it, or demand more"),
                &format!("`{quiz}` : l’erreur `{line}` atteint la vérification ; accepte-la, ou exige davantage"),
            ),
            QuizFault::MistakeUnlike { quiz, line, why } => Text::set(
                format!("`{quiz}`: after the mistake `{line}` its own `when` does not hold: {}", why.en),
                &format!("`{quiz}` : après l’erreur `{line}`, son propre `when` n’est pas vrai : {}", why.fr),
            ),
            other => other.text_of_runs(),
        }
    }

    fn text_of_runs(&self) -> Text {
        match self {
            QuizFault::CameTrue { quiz, options } => {
                let which: Vec<String> = options.iter().map(|n| (n + 1).to_string()).collect();
                let which = if which.is_empty() { "∅".to_owned() } else { which.join(", ") };
                Text::set(
                    format!("`{quiz}`: when it was run, the options that came true were {which}; exactly one must"),
                    &format!(
                        "`{quiz}` : à l’exécution, les options réalisées sont {which} ; il en faut exactement une"
                    ),
                )
            }
            QuizFault::KeyDisagrees { quiz, written, ran } => Text::set(
                format!("`{quiz}`: the key is written as `{written}`, but the run gives `{ran}`; believe the run"),
                &format!(
                    "`{quiz}` : la clé écrite est `{written}`, mais l’exécution donne `{ran}` ; crois l’exécution"
                ),
            ),
            QuizFault::NoValue { quiz } => Text::set(
                format!("`{quiz}`: the run printed nothing that could be the key; correct `run` or `capture`"),
                &format!("`{quiz}` : l’exécution n’a rien affiché qui puisse être la clé ; corrige `run` ou `capture`"),
            ),
            QuizFault::VerdictDisagrees { quiz, verdict, works, why } => {
                let (en, fr) = if *works {
                    (
                        "following the advice reaches the check".to_owned(),
                        "suivre le conseil atteint la vérification".to_owned(),
                    )
                } else {
                    (
                        format!("following the advice does not reach the check: {}", why.en),
                        format!("suivre le conseil n’atteint pas la vérification : {}", why.fr),
                    )
                };
                Text::set(
                    format!("`{quiz}`: the verdict is written as `{verdict}`, but {en}"),
                    &format!("`{quiz}` : le verdict écrit est `{verdict}`, mais {fr}"),
                )
            }
            QuizFault::AmendedFails { quiz, why } => Text::set(
                format!("`{quiz}`: `amended` does not reach the check either: {}", why.en),
                &format!("`{quiz}` : `amended` n’atteint pas non plus la vérification : {}", why.fr),
            ),
            QuizFault::BreaksNothing { step, why } => Text::set(
                format!("`{step}`: what `break` runs does not make its own check true: {}", why.en),
                &format!("`{step}` : ce que lance `break` ne rend pas vraie sa propre vérification : {}", why.fr),
            ),
            QuizFault::NoPart { step, part } => Text::set(
                format!(
                    "the step `{step}` has a part `{{#{part}}}` in the other language; write it here too, or remove it there"
                ),
                &format!(
                    "l’étape `{step}` a une partie `{{#{part}}}` dans l’autre langue ; écris-la ici aussi, ou retire-la là-bas"
                ),
            ),
            QuizFault::DemoFails { step, line } => Text::set(
                format!("`{step}`: the demonstration `{line}` names a command that does not exist"),
                &format!("`{step}` : la démonstration `{line}` nomme une commande qui n’existe pas"),
            ),
            _ => Text::default(),
        }
    }
}
