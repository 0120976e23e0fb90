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
    /// A step cannot be reached: the solutions of an earlier one leave its goals unmet.
    Unreachable { step: String, behind: String },
    /// A mutant of a solution reaches every goal.
    Survivor { step: String, solution: String, mutant: String },
    /// A mutant that is allowed to survive is caught, or does not exist.
    NoSurvivor { step: String, mutant: String, exists: bool },
}

impl PlayFault {
    /// Whether it only shows how the lesson could be better.
    pub fn is_warning(&self) -> bool {
        matches!(self, PlayFault::Survivor { .. } | PlayFault::NoSurvivor { .. })
    }

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
            PlayFault::Unreachable { step, behind } => Text::set(
                format!("the step `{step}` cannot be reached: no solution of `{behind}` meets all its goals"),
                &format!(
                    "l’étape `{step}` est hors d’atteinte : aucune solution de `{behind}` n’atteint tous ses objectifs"
                ),
            ),
            PlayFault::Survivor { step, solution, mutant } => Text::set(
                format!(
                    "`{mutant}`: the solution `{solution}` of `{step}` reaches every goal all the same, so the lesson does \
                     not teach it; add a goal that notices, or allow it in `survives` with the reason"
                ),
                &format!(
                    "`{mutant}` : la solution `{solution}` de `{step}` atteint quand même tous les objectifs, la leçon ne \
                     l’enseigne donc pas ; ajoute un objectif qui le remarque, ou admets-le dans `survives` avec la raison"
                ),
            ),
            PlayFault::NoSurvivor { step, mutant, exists: true } => Text::set(
                format!("`{mutant}` of `{step}` does not survive any more; remove it from `survives`"),
                &format!("`{mutant}` de `{step}` ne survit plus ; retire-le de `survives`"),
            ),
            PlayFault::NoSurvivor { step, mutant, .. } => Text::set(
                format!("`{step}` has no mutant `{mutant}`; remove it from `survives`"),
                &format!("`{step}` n’a pas de mutant `{mutant}` ; retire-le de `survives`"),
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
