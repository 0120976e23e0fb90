//! Every mutant of every solution must fail some goal, of its step or of one that builds on it; those that do not are
//! told, unless the lesson says why they may live.

use super::mutate::{Mutant, mutants};
use super::play::run;
use crate::lesson::content::Place;
use crate::lesson::content::action::{Action, Input};
use crate::lesson::content::lesson::{Lesson, Step};
use crate::lesson::content::play_fault::PlayFault;
use crate::lesson::judge::facts::Machine;
use crate::lesson::judge::{Answers, all_met};
use std::collections::BTreeSet;

/// What was found about the mutants of a step.
pub struct Mutated {
    /// How many there were.
    pub count: usize,
    /// What is to be told, and where.
    pub found: Vec<(Place, PlayFault)>,
}

/// Plays the mutants of the solutions of `lesson.steps[number]` from `opened`.
pub fn survivors<M: Machine>(lesson: &Lesson, number: usize, opened: &M, answers: &Answers) -> Mutated {
    let mut mutated = Mutated { count: 0, found: Vec::new() };
    let Some(step) = lesson.steps.get(number).filter(|step| !step.goals.is_empty()) else { return mutated };
    let mut alive: BTreeSet<String> = BTreeSet::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for (n, solution) in step.solutions.iter().enumerate() {
        // Only the first solution leads on to the next steps.
        let later = if n == 0 { lesson.steps.get(number + 1..).unwrap_or_default() } else { &[] };
        for mutant in mutants(&solution.run, &matters(opened, &solution.run)) {
            mutated.count += 1;
            seen.insert(mutant.name.clone());
            if is_caught(&mutant, step, later, opened, answers) {
                continue;
            }
            if !step.survives.iter().any(|allowed| allowed.mutant == mutant.name) {
                let (step, solution_id) = (step.id.clone(), solution.id.clone());
                let fault = PlayFault::Survivor { step, solution: solution_id, mutant: mutant.name.clone() };
                mutated.found.push((solution.at, fault));
            }
            alive.insert(mutant.name);
        }
    }
    for allowed in step.survives.iter().filter(|allowed| !alive.contains(&allowed.mutant)) {
        let (step, mutant) = (step.id.clone(), allowed.mutant.clone());
        let exists = seen.contains(&mutant);
        mutated.found.push((allowed.at, PlayFault::NoSurvivor { step, mutant, exists }));
    }
    mutated
}

/// For each input, whether it changes the machine more than the time does that it takes.
fn matters<M: Machine>(opened: &M, inputs: &[Input]) -> Vec<bool> {
    let mut machine = opened.clone();
    let mut changes = |input: &Input| {
        let mut idle = machine.clone();
        machine.input(input, None);
        idle.act(&Action::Advance(machine.now().since(idle.now())));
        machine.fingerprint() != idle.fingerprint()
    };
    inputs.iter().map(&mut changes).collect()
}

fn is_caught<M: Machine>(mutant: &Mutant, step: &Step, later: &[Step], opened: &M, answers: &Answers) -> bool {
    let mut machine = opened.clone();
    run(&mut machine, &mutant.run);
    if !all_met(&machine, answers, &step.goals) {
        return true;
    }
    later.iter().any(|step| {
        if let Some(solution) = step.solutions.first() {
            run(&mut machine, &solution.run);
        }
        !all_met(&machine, answers, &step.goals)
    })
}
