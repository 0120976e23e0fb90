//! What goes wrong when the content check plays a lesson, and the one table of what is said about it.

use crate::lesson::text::Text;

/// What went wrong when a lesson was played by the content check.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlayFault {
    /// All goals of the step pass before anything was done.
    PassesWhenOpened { step: String },
    /// A solution leaves a goal unmet, and why.
    SolutionFails { step: String, solution: String, goal: String, why: Text },
    /// A wrong answer fails on other goals than it declares.
    WrongFails { step: String, wrong: String, declared: Vec<String>, failed: Vec<String> },
    /// Two runs of the same inputs gave different bytes.
    NotTheSameTwice { step: String, solution: String },
    /// A step with goals has no solution.
    NoSolution { step: String },
    /// A step with goals has no wrong answer.
    NoWrongAnswer { lesson: String },
}

impl PlayFault {
    /// What went wrong and what to do, in both languages.
    pub(super) fn text(&self) -> Text {
        match self {
            PlayFault::PassesWhenOpened { step } => Text::set(
                format!("the step `{step}` passes before anything is done; make a goal demand the work"),
                &format!("l’étape `{step}` est réussie avant d’avoir rien fait ; un objectif doit exiger le travail"),
            ),
            PlayFault::SolutionFails { step, solution, goal, why } => Text::set(
                format!("the solution `{solution}` of `{step}` leaves the goal `{goal}` unmet: {}", why.en),
                &format!("la solution `{solution}` de `{step}` n’atteint pas l’objectif `{goal}` : {}", why.fr),
            ),
            PlayFault::WrongFails { step, wrong, declared, failed } => {
                let (d, f) = (list(declared), list(failed));
                Text::set(
                    format!("the wrong answer `{wrong}` of `{step}` declares that it fails {d} but fails {f}"),
                    &format!("la mauvaise réponse `{wrong}` de `{step}` annonce l’échec de {d} mais échoue sur {f}"),
                )
            }
            PlayFault::NotTheSameTwice { step, solution } => Text::set(
                format!("two runs of `{solution}` in `{step}` gave different output"),
                &format!("deux exécutions de `{solution}` dans `{step}` ont donné des sorties différentes"),
            ),
            PlayFault::NoSolution { step } => Text::set(
                format!("the step `{step}` has goals but no solution; add `[[step.solution]]`"),
                &format!("l’étape `{step}` a des objectifs mais pas de solution ; ajoute `[[step.solution]]`"),
            ),
            PlayFault::NoWrongAnswer { lesson } => Text::set(
                format!("the lesson `{lesson}` has no wrong answer; add `[[step.wrong]]`"),
                &format!("la leçon `{lesson}` n’a pas de mauvaise réponse ; ajoute `[[step.wrong]]`"),
            ),
        }
    }
}

fn list(ids: &[String]) -> String {
    if ids.is_empty() { "∅".to_owned() } else { ids.iter().map(|i| format!("`{i}`")).collect::<Vec<_>>().join(", ") }
}
