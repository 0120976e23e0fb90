//! The first fact that is false, and the one table of how it is told in both languages.

use crate::lesson::content::action::Action;
use crate::lesson::content::condition::UnitId;
use crate::lesson::text::Text;
use crate::world::{Duration, Time};

/// A fact that is not as a goal wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// A fault had nothing to act on.
    NothingTo(Action),
    /// What must not be true is.
    StillTrue(String),
    /// There is no such unit.
    NoUnit(String),
    /// There is such a unit.
    UnitExists(String),
    /// A property of a unit has another value.
    Unit { unit: UnitId, what: String, found: String, want: String },
    /// `is-enabled` says something else.
    Enabled { unit: String, found: String, want: String },
    /// It has been in its state for another time.
    Age { unit: UnitId, found: String, want: String },
    /// It was active for too small (or too large) a share of the time, in millionths.
    Up { unit: UnitId, found: u64 },
    /// A timer fires at another time, or never.
    NextElapse { timer: String, found: Option<String>, want: String },
    /// A timer has not fired lately, or never.
    Fired { timer: String, ago: Option<String>, within: String },
    /// There is no such file.
    NoFile(String),
    /// There is such a file.
    FileExists(String),
    /// A file is otherwise.
    File { path: String, what: FileAspect, found: String, want: String },
    /// A file's text does not match.
    FileLacks { path: String, pattern: String },
    /// A file's text matches what it must not.
    FileHas { path: String, found: String },
    /// Another number of processes fits.
    Processes { process: String, found: u64, want: String },
    /// A process runs as someone else.
    ProcessUser { process: String, pid: u32, found: String, want: String },
    /// A process has another parent.
    ProcessParent { process: String, pid: u32, found: u32, want: String },
    /// A process has a terminal and must not, or the reverse.
    ProcessTerminal { process: String, pid: u32, has: bool },
    /// Nothing listens.
    PortClosed(u16),
    /// Something listens.
    PortOpen(u16),
    /// Someone else listens.
    PortBy { port: u16, found: String, want: String },
    /// Another number of lines in the journal fits.
    Journal { unit: Option<String>, pattern: String, found: u64, want: String },
    /// It booted another number of times.
    Boots { found: u64, want: String },
    /// Nothing knows the queue.
    NoQueue(String),
    /// Another number of messages waits, was handled, or is lost.
    Queue { queue: String, what: QueueAspect, found: u64, want: String },
    /// There is no such user.
    NoUser(String),
    /// A user lingers and must not, or the reverse.
    Lingers { user: String, found: bool },
    /// A copy did not survive its luck.
    Fell {
        /// Which copy.
        seed: u32,
        /// How long it had lived.
        after: Duration,
        /// The moment.
        at: Time,
        /// What had just happened; `None`: it fell short only at the end.
        fault: Option<Action>,
        /// What was false then, and why.
        then: Text,
    },
    /// The last answer was wrong.
    AnswerWrong(String),
    /// No answer yet.
    NotAnswered(String),
}

/// What of a file is otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileAspect {
    /// What it is.
    Kind,
    /// Its permission bits.
    Mode,
    /// Its owner.
    Owner,
}

/// What of a queue is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueAspect {
    /// Messages that wait.
    Depth,
    /// Messages that were handled.
    Handled,
    /// Messages that are gone without having been handled.
    Lost,
}

impl Evidence {
    /// The unit whose state is not as it should be, if that is what is wrong.
    pub fn unit(&self) -> Option<&UnitId> {
        match self {
            Evidence::Unit { unit, .. } | Evidence::Age { unit, .. } | Evidence::Up { unit, .. } => Some(unit),
            _ => None,
        }
    }

    /// The fact in words.
    pub fn text(&self) -> Text {
        match self {
            Evidence::NothingTo(action) => nothing_to(action),
            Evidence::StillTrue(what) => two(
                format!("What must not be true of `{what}` is true."),
                format!("Ce qui ne doit pas être vrai de `{what}` l’est."),
            ),
            Evidence::AnswerWrong(quiz) => two(
                format!("The answer to `{quiz}` is not right yet."),
                format!("La réponse à `{quiz}` n’est pas encore juste."),
            ),
            Evidence::NotAnswered(quiz) => {
                two(format!("`{quiz}` is not answered yet."), format!("`{quiz}` n’a pas encore de réponse."))
            }
            Evidence::Boots { found, want } => two(
                format!("Boots of the machine: {found}; wanted: {want}."),
                format!("Démarrages de la machine : {found} ; attendu : {want}."),
            ),
            Evidence::NoQueue(queue) => {
                two(format!("Nothing knows the queue `{queue}`."), format!("Personne ne connaît la file `{queue}`."))
            }
            Evidence::Queue { queue, what, found, want } => {
                let (en, fr) = match what {
                    QueueAspect::Depth => ("waiting in", "en attente dans"),
                    QueueAspect::Handled => ("handled from", "traités depuis"),
                    QueueAspect::Lost => ("lost from", "perdus dans"),
                };
                two(
                    format!("Messages {en} `{queue}`: {found}; wanted: {want}."),
                    format!("Messages {fr} `{queue}` : {found} ; attendu : {want}."),
                )
            }
            Evidence::NoUser(user) => {
                two(format!("There is no user `{user}`."), format!("Il n’y a pas d’utilisateur `{user}`."))
            }
            Evidence::Lingers { user, found: true } => two(
                format!("`{user}` lingers: that manager runs without a session."),
                format!("`{user}` a le linger : son gestionnaire tourne sans session."),
            ),
            Evidence::Lingers { user, .. } => two(
                format!("`{user}` does not linger: that manager ends with the last session."),
                format!("`{user}` n’a pas le linger : son gestionnaire s’arrête avec la dernière session."),
            ),
            Evidence::Fell { seed, after, at, fault, then } => fell(*seed, *after, *at, fault.as_ref(), then),
            Evidence::PortClosed(port) => {
                two(format!("Nothing listens on port {port}."), format!("Personne n’écoute sur le port {port}."))
            }
            Evidence::PortOpen(port) => {
                two(format!("Something listens on port {port}."), format!("Quelque chose écoute sur le port {port}."))
            }
            Evidence::PortBy { port, found, want } => two(
                format!("Port {port} is held by `{found}`, not by `{want}`."),
                format!("Le port {port} est tenu par `{found}`, pas par `{want}`."),
            ),
            Evidence::Journal { unit, pattern, found, want } => journal(unit.as_deref(), pattern, *found, want),
            other => other.unit_text().or_else(|| other.file_text()).unwrap_or_else(|| other.process_text()),
        }
    }

    fn unit_text(&self) -> Option<Text> {
        Some(match self {
            Evidence::NoUnit(unit) => {
                two(format!("There is no unit `{unit}`."), format!("Il n’y a pas d’unité `{unit}`."))
            }
            Evidence::UnitExists(unit) => {
                two(format!("The unit `{unit}` exists."), format!("L’unité `{unit}` existe."))
            }
            Evidence::Unit { unit, what, found, want } => two(
                format!("`{unit}` has {what}={found}; wanted: {want}."),
                format!("`{unit}` a {what}={found} ; attendu : {want}."),
            ),
            Evidence::Enabled { unit, found, want } => two(
                format!("`systemctl is-enabled {unit}` says {found}; wanted: {want}."),
                format!("`systemctl is-enabled {unit}` répond {found} ; attendu : {want}."),
            ),
            Evidence::Age { unit, found, want } => two(
                format!("`{unit}` has been in its state for {found}; wanted: {want}."),
                format!("`{unit}` est dans son état depuis {found} ; attendu : {want}."),
            ),
            Evidence::NextElapse { timer, found: None, .. } => {
                two(format!("`{timer}` will never fire."), format!("`{timer}` ne se déclenchera jamais."))
            }
            Evidence::NextElapse { timer, found: Some(found), want } => two(
                format!("`{timer}` fires in {found}; wanted: {want}."),
                format!("`{timer}` se déclenche dans {found} ; attendu : {want}."),
            ),
            Evidence::Fired { timer, ago: None, .. } => {
                two(format!("`{timer}` has never fired."), format!("`{timer}` ne s’est jamais déclenché."))
            }
            Evidence::Fired { timer, ago: Some(ago), within } => two(
                format!("`{timer}` fired {ago} ago; wanted: within {within}."),
                format!("`{timer}` s’est déclenché il y a {ago} ; attendu : depuis {within} au plus."),
            ),
            Evidence::Up { unit, found } => {
                let percent = format!("{}.{:02}", found / 10_000, found % 10_000 / 100);
                two(
                    format!("`{unit}` was up {percent}% of the time."),
                    format!("`{unit}` était debout {percent} % du temps."),
                )
            }
            _ => return None,
        })
    }

    fn file_text(&self) -> Option<Text> {
        Some(match self {
            Evidence::NoFile(path) => two(format!("`{path}` does not exist."), format!("`{path}` n’existe pas.")),
            Evidence::FileExists(path) => two(format!("`{path}` exists."), format!("`{path}` existe.")),
            Evidence::File { path, what, found, want } => {
                let (en, fr) = match what {
                    FileAspect::Kind => ("is of kind", "est de type"),
                    FileAspect::Mode => ("has mode", "a les droits"),
                    FileAspect::Owner => ("belongs to", "appartient à"),
                };
                two(
                    format!("`{path}` {en} {found}; wanted: {want}."),
                    format!("`{path}` {fr} {found} ; attendu : {want}."),
                )
            }
            Evidence::FileLacks { path, pattern } => two(
                format!("Nothing in `{path}` matches `{pattern}`."),
                format!("Rien dans `{path}` ne correspond à `{pattern}`."),
            ),
            Evidence::FileHas { path, found } => {
                two(format!("`{path}` still has `{found}`."), format!("`{path}` contient encore `{found}`."))
            }
            _ => return None,
        })
    }

    fn process_text(&self) -> Text {
        match self {
            Evidence::Processes { process, found: 0, .. } => {
                two(format!("No process `{process}` is running."), format!("Aucun processus `{process}` ne tourne."))
            }
            Evidence::Processes { process, found, want } => two(
                format!("Running processes `{process}`: {found}; wanted: {want}."),
                format!("Processus `{process}` en marche : {found} ; attendu : {want}."),
            ),
            Evidence::ProcessUser { process, pid, found, want } => two(
                format!("`{process}` (PID {pid}) runs as {found}, not as {want}."),
                format!("`{process}` (PID {pid}) tourne sous {found}, pas sous {want}."),
            ),
            Evidence::ProcessParent { process, pid, found, want } => two(
                format!("`{process}` (PID {pid}) has PID {found} as its parent; wanted: {want}."),
                format!("`{process}` (PID {pid}) a pour parent le PID {found} ; attendu : {want}."),
            ),
            Evidence::ProcessTerminal { process, pid, has: true } => two(
                format!("`{process}` (PID {pid}) still hangs on a terminal."),
                format!("`{process}` (PID {pid}) tient encore à un terminal."),
            ),
            Evidence::ProcessTerminal { process, pid, .. } => two(
                format!("`{process}` (PID {pid}) has no terminal."),
                format!("`{process}` (PID {pid}) n’a pas de terminal."),
            ),
            _ => Text::default(),
        }
    }
}

fn two(en: String, fr: String) -> Text {
    Text::set(en, &fr)
}

fn nothing_to(action: &Action) -> Text {
    match action {
        Action::Crash(name) | Action::Kill { target: name, .. } | Action::Oom(name) => two(
            format!("There was nothing to crash: no process of `{name}` is running."),
            format!("Il n’y avait rien à tuer : aucun processus de `{name}` ne tourne."),
        ),
        Action::Stop(unit) => two(
            format!("There was nothing to stop: `{unit}` is not running."),
            format!("Il n’y avait rien à arrêter : `{unit}` ne tourne pas."),
        ),
        _ => two("Nobody is logged in.".to_owned(), "Personne n’est connecté.".to_owned()),
    }
}

fn fell(seed: u32, after: Duration, at: Time, fault: Option<&Action>, then: &Text) -> Text {
    let (days, moment) = (after.as_secs() / 86_400, at.strftime("%Y-%m-%d %H:%M:%S"));
    match fault {
        Some(fault) => two(
            format!("Copy {seed}, day {}, {moment}, after `{fault}`: {}", days + 1, then.en),
            format!("Copie {seed}, jour {}, {moment}, après `{fault}` : {}", days + 1, then.fr),
        ),
        None => two(
            format!("Copy {seed}, at the end of its {days} days: {}", then.en),
            format!("Copie {seed}, au bout de ses {days} jours : {}", then.fr),
        ),
    }
}

fn journal(unit: Option<&str>, pattern: &str, found: u64, want: &str) -> Text {
    let of_en = unit.map(|u| format!(" of `{u}`")).unwrap_or_default();
    let of_fr = unit.map(|u| format!(" de `{u}`")).unwrap_or_default();
    if pattern.is_empty() {
        return two(
            format!("Lines of the journal{of_en}: {found}; wanted: {want}."),
            format!("Lignes du journal{of_fr} : {found} ; attendu : {want}."),
        );
    }
    two(
        format!("Lines of the journal{of_en} that match `{pattern}`: {found}; wanted: {want}."),
        format!("Lignes du journal{of_fr} qui correspondent à `{pattern}` : {found} ; attendu : {want}."),
    )
}
