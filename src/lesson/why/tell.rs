//! The one table of how a cause is told in both languages.

use super::{Absence, Asker, Cause};
use crate::lesson::text::Text;
use crate::systemd::manager::JobType;
use crate::systemd::states::ServiceResult;
use crate::systemd::value::exit_status;
use crate::world::Time;

impl Cause {
    /// The cause as a sentence.
    pub fn text(&self) -> Text {
        match self {
            Cause::State { unit, active, sub, since } => {
                let (en, fr) = since.map_or_else(Default::default, |at| (on(" since", at), on(" depuis", at)));
                two(format!("`{unit}` is {active} ({sub}){en}."), format!("`{unit}` est {active} ({sub}){fr}."))
            }
            Cause::NoManager { user, lingers: false } => two(
                format!(
                    "`{user}` has no session and does not linger, so that user's manager does not run, nor do its units."
                ),
                format!("`{user}` n’a ni session ni linger : son gestionnaire ne tourne pas, et ses unités non plus."),
            ),
            Cause::NoManager { user, .. } => two(
                format!("The manager of `{user}` does not run."),
                format!("Le gestionnaire de `{user}` ne tourne pas."),
            ),
            Cause::NotPulledIn { unit, again, absence } => not_pulled_in(unit, *again, absence),
            Cause::RanBefore { unit, at } => two(
                format!(
                    "`{unit}` ran before the reboot (started on{}); a start by hand is for one boot only.",
                    on("", *at)
                ),
                format!(
                    "`{unit}` tournait avant le redémarrage (démarrage du{}) ; une commande `start` ne vaut que jusqu’à l’extinction.",
                    on("", *at)
                ),
            ),
            Cause::Asked { unit, job, by, at } => asked(unit, *job, by, *at),
            Cause::NotAtBoot { unit } => two(
                format!("Nothing will start `{unit}` at the next boot: it is not enabled."),
                format!("Rien ne démarrera `{unit}` au prochain démarrage : elle n’est pas activée."),
            ),
            other => other.of_file().or_else(|| other.of_process()).unwrap_or_else(|| other.of_job()),
        }
    }

    fn of_file(&self) -> Option<Text> {
        Some(match self {
            Cause::NoFile { unit, near } => {
                let (en, fr) = near.as_ref().map_or_else(Default::default, |near| {
                    (format!("; did you mean `{near}`?"), format!(" ; voulais-tu dire `{near}` ?"))
                });
                let (en, fr) = if en.is_empty() { (".".to_owned(), ".".to_owned()) } else { (en, fr) };
                two(format!("There is no file for `{unit}`{en}"), format!("Il n’y a pas de fichier pour `{unit}`{fr}"))
            }
            Cause::Masked { unit } => two(
                format!(
                    "`{unit}` is masked: its name leads to `/dev/null`, and nothing can start it until `systemctl unmask`."
                ),
                format!(
                    "`{unit}` est masquée : son nom mène à `/dev/null`, et rien ne peut la démarrer avant `systemctl unmask`."
                ),
            ),
            Cause::BadFile { unit, error } => two(
                format!("systemd cannot use the file of `{unit}`: {error}."),
                format!("systemd ne peut pas utiliser le fichier de `{unit}` : {error}."),
            ),
            Cause::ChangedOnDisk { unit } => two(
                format!(
                    "The file of `{unit}` changed on disk; systemd still goes by what it read before, until `systemctl daemon-reload`."
                ),
                format!(
                    "Le fichier de `{unit}` a changé sur le disque ; systemd s’en tient à ce qu’il avait lu, jusqu’à `systemctl daemon-reload`."
                ),
            ),
            Cause::Condition { unit, condition } => two(
                format!("A condition in the file of `{unit}` does not hold: `{condition}`."),
                format!("Une condition du fichier de `{unit}` n’est pas remplie : `{condition}`."),
            ),
            _ => return None,
        })
    }

    fn of_process(&self) -> Option<Text> {
        Some(match self {
            Cause::Exited { unit, status, at } => exited(unit, *status, *at),
            Cause::Signaled { unit, signal, killer, at } => {
                let (en, fr) = killer.as_ref().map_or_else(Default::default, |command| {
                    (format!(", sent by `{command}`,"), format!(", envoyé par `{command}`,"))
                });
                two(
                    format!("On{} {signal}{en} ended the main process of `{unit}`.", on("", *at)),
                    format!("Le{} : {signal}{fr} a mis fin au processus principal de `{unit}`.", on("", *at)),
                )
            }
            Cause::OutOfMemory { unit } => two(
                format!("The kernel had no memory left and killed a process of `{unit}`."),
                format!("Le noyau n’avait plus de mémoire et a tué un processus de `{unit}`."),
            ),
            Cause::Result { unit, result } => ended(unit, *result),
            Cause::Restarted { unit, policy, times } => two(
                format!("`Restart={policy}` has started `{unit}` again, {times} times by now."),
                format!("`Restart={policy}` a relancé `{unit}`, {times} fois à ce jour."),
            ),
            Cause::Restarts { unit, policy, at } => {
                let (en, fr) = at.map_or_else(Default::default, |at| (on(" on", at), on(" le", at)));
                two(
                    format!("`Restart={policy}` will start `{unit}` again{en}."),
                    format!("`Restart={policy}` va relancer `{unit}`{fr}."),
                )
            }
            Cause::NoRestart { unit, policy, clean: true } => two(
                format!("`Restart={policy}` does not start `{unit}` again after a clean end."),
                format!("`Restart={policy}` ne relance pas `{unit}` après une fin normale."),
            ),
            Cause::NoRestart { unit, policy, .. } => two(
                format!("`Restart={policy}` does not start `{unit}` again after such an end."),
                format!("`Restart={policy}` ne relance pas `{unit}` après une telle fin."),
            ),
            Cause::StartLimit { unit, burst, seconds } => two(
                format!(
                    "systemd has given up on `{unit}`: it was started more than {burst} times in {seconds} s (`StartLimitBurst=`)."
                ),
                format!(
                    "systemd a renoncé à `{unit}` : plus de {burst} démarrages en {seconds} s (`StartLimitBurst=`)."
                ),
            ),
            _ => return None,
        })
    }

    fn of_job(&self) -> Text {
        match self {
            Cause::PulledIn { unit, by, dependency } => two(
                format!("The job of `{by}` brought `{unit}` along (`{dependency}=`)."),
                format!("La tâche de `{by}` a entraîné `{unit}` (`{dependency}=`)."),
            ),
            Cause::Conflict { unit, with } => two(
                format!("`{unit}` and `{with}` cannot be active together (`Conflicts=`)."),
                format!("`{unit}` et `{with}` ne peuvent pas être actives ensemble (`Conflicts=`)."),
            ),
            Cause::Triggered { unit, by } => {
                two(format!("`{by}` triggered `{unit}`."), format!("`{by}` a déclenché `{unit}`."))
            }
            Cause::BoundTo { unit, gone } => two(
                format!("`{unit}` is bound to `{gone}`, which is gone."),
                format!("`{unit}` est liée à `{gone}`, qui n’est plus là."),
            ),
            Cause::Unneeded { unit } => two(
                format!("Nothing needs `{unit}` any more (`StopWhenUnneeded=`)."),
                format!("Plus rien n’a besoin de `{unit}` (`StopWhenUnneeded=`)."),
            ),
            Cause::Outside { unit } => two(
                format!("The kernel or another program made `{unit}`, not a job."),
                format!("Le noyau ou un autre programme a créé `{unit}`, pas une tâche."),
            ),
            Cause::JobFailed { unit, job, result } => two(
                format!("The last {job} job of `{unit}` ended with `{result}`."),
                format!("La dernière tâche {job} de `{unit}` a fini par `{result}`."),
            ),
            Cause::DependencyFailed { unit, culprit } => two(
                format!("`{unit}` needs `{culprit}`, and that did not start."),
                format!("`{unit}` a besoin de `{culprit}`, qui n’a pas démarré."),
            ),
            _ => Text::default(),
        }
    }
}

fn two(en: String, fr: String) -> Text {
    Text::set(en, &fr)
}

fn on(word: &str, at: Time) -> String {
    format!("{word} {}", at.strftime("%Y-%m-%d %H:%M:%S"))
}

fn not_pulled_in(unit: &str, again: bool, absence: &Absence) -> Text {
    let (en, fr) = match again {
        true => ("After the reboot", "Après le redémarrage"),
        false => ("Since the machine was switched on", "Depuis la mise en marche de la machine"),
    };
    let (because, parce) = match absence {
        Absence::Disabled => (
            "it is not wanted by any target (not enabled)".to_owned(),
            "aucune cible ne la demande (elle n’est pas activée)".to_owned(),
        ),
        Absence::NoInstall => (
            "it is not wanted by any target, and its file has no `[Install]` section that could change it".to_owned(),
            "aucune cible ne la demande, et son fichier n’a pas de section `[Install]` pour y remédier".to_owned(),
        ),
        Absence::EnabledSince => (
            "it was enabled later, and links are followed at boot only".to_owned(),
            "elle n’a été activée qu’après, et les liens ne sont suivis qu’au démarrage".to_owned(),
        ),
        Absence::ByIdle(target) => (
            format!("it is wanted by `{target}`, which was not started either"),
            format!("elle est demandée par `{target}`, qui n’a pas été démarrée non plus"),
        ),
    };
    two(
        format!("{en} no job pulled `{unit}` in: {because}."),
        format!("{fr}, aucune tâche n’a entraîné `{unit}` : {parce}."),
    )
}

fn asked(unit: &str, job: JobType, by: &Asker, at: Option<Time>) -> Text {
    let (when, quand) = at.map_or_else(Default::default, |at| (on(" on", at), on(", le", at)));
    let (doing, chose) = match job {
        JobType::Stop => ("stop", "d’arrêter"),
        JobType::Restart => ("restart", "de relancer"),
        JobType::Reload => ("reload", "de recharger"),
        _ => ("start", "de démarrer"),
    };
    match by {
        Asker::Command(command) => two(
            format!("`{command}` asked to {doing} `{unit}`{when}."),
            format!("`{command}` a demandé {chose} `{unit}`{quand}."),
        ),
        Asker::Somebody => two(
            format!("Somebody asked to {doing} `{unit}`{when}."),
            format!("Quelqu’un a demandé {chose} `{unit}`{quand}."),
        ),
        Asker::Boot => two(
            format!("The boot started `{unit}`{when}."),
            format!("Le démarrage de la machine a lancé `{unit}`{quand}."),
        ),
        Asker::Shutdown => two(
            format!("The machine goes down, and `{unit}` with it."),
            format!("La machine s’éteint, et `{unit}` avec elle."),
        ),
    }
}

fn exited(unit: &str, status: u8, at: Time) -> Text {
    let name = exit_status::name(status).map(|name| format!("/{name}")).unwrap_or_default();
    let (en, fr) = match status {
        0 => ("it had done its work", "il avait fini son travail"),
        126 => ("a command that it runs may not be executed", "une commande qu’il lance n’est pas exécutable"),
        127 => ("a command that it runs was not found", "une commande qu’il lance est introuvable"),
        200 => ("its `WorkingDirectory=` cannot be entered", "son `WorkingDirectory=` est inaccessible"),
        203 => (
            "the program in `ExecStart=` is not there or cannot be executed",
            "le programme de `ExecStart=` n’est pas là ou ne peut pas être exécuté",
        ),
        216 => ("its `Group=` does not exist", "son `Group=` n’existe pas"),
        217 => ("its `User=` does not exist", "son `User=` n’existe pas"),
        226 => ("its sandbox could not be set up", "son bac à sable n’a pas pu être installé"),
        209 => ("its output cannot be opened", "sa sortie ne peut pas être ouverte"),
        201..=243 => {
            ("systemd could not prepare it for its program", "systemd n’a pas pu le préparer pour son programme")
        }
        _ => ("the program itself says that it failed", "le programme dit lui-même qu’il a échoué"),
    };
    two(
        format!("On{} the main process of `{unit}` exited with status {status}{name}: {en}.", on("", at)),
        format!("Le{}, le processus principal de `{unit}` a fini avec le statut {status}{name} : {fr}.", on("", at)),
    )
}

fn ended(unit: &str, result: ServiceResult) -> Text {
    let (en, fr) = match result {
        ServiceResult::Timeout => {
            ("did not do in time what it was asked", "n’a pas fait à temps ce qu’on lui demandait")
        }
        ServiceResult::Watchdog => {
            ("gave no sign of life in time (`WatchdogSec=`)", "n’a pas donné signe de vie à temps (`WatchdogSec=`)")
        }
        ServiceResult::Resources => {
            ("could not be started for want of resources", "n’a pas pu être démarrée, faute de ressources")
        }
        ServiceResult::Protocol => ("did not keep to its `Type=`", "n’a pas tenu ce que promet son `Type=`"),
        ServiceResult::ExecCondition => {
            ("was skipped by its `ExecCondition=`", "a été sautée par son `ExecCondition=`")
        }
        _ => ("failed", "a échoué"),
    };
    two(format!("`{unit}` {en} (`Result={result}`)."), format!("`{unit}` {fr} (`Result={result}`)."))
}
