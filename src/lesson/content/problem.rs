//! Everything that can be wrong with the content of a course, and the one table of what is said about it.

use super::play_fault::PlayFault;
use super::quiz_fault::QuizFault;
use crate::lesson::text::Text;
use crate::lesson::typography::Slip;

/// One thing that is wrong, with the words of the file that it is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Problem {
    /// The file does not follow the TOML syntax; the parser's own words.
    Syntax(String),
    /// The declaration of a program cannot be read; the reader's own words.
    Declaration(String),
    /// A file that must exist does not.
    NoFile,
    /// The file is of a format that this version does not know.
    Format(i64),
    /// A key that means nothing here; the nearest key that does, and all of them.
    UnknownKey { key: String, near: Option<String>, known: Vec<String> },
    /// A key that must be there is not.
    MissingKey(String),
    /// A value of the wrong type: what is wanted, what was found.
    Type { want: Want, found: String },
    /// A value that is none of a closed list.
    UnknownWord { word: String, near: Option<String>, known: Vec<String> },
    /// More faults, or a longer time, than a machine can be put through.
    TooMuch,
    /// A goal has both a fork and chaos.
    ForkAndChaos,
    /// A text or a list is empty.
    Empty,
    /// An id has other characters than `a-z`, `0-9` and `-`.
    BadId(String),
    /// The id differs from the name of its folder.
    IdIsNotFolder { id: String, folder: String },
    /// The id is used twice.
    Duplicate(String),
    /// An id that names nothing; the nearest that names something.
    NoSuch { what: Thing, id: String, near: Option<String> },
    /// A word that is used as the name of a command, a directive or a property, and is none.
    NoSuchName { name: String, near: Option<String> },
    /// A check names no subject, or several.
    Subjects { found: Vec<String>, known: Vec<String> },
    /// A check of a subject says nothing about it.
    NothingChecked(String),
    /// A quiz's count of right options is not what its kind wants.
    RightOptions { want: &'static str, found: usize },
    /// A lesson that this one requires comes later in the course.
    RequiresLater(String),
    /// A step has no section in a prose file.
    NoSection { step: String },
    /// A prose file has a section that is no step.
    NoStep { section: String, near: Option<String> },
    /// The sections of a prose file stand in another order than the steps.
    SectionOrder { found: String, want: String },
    /// A heading without an anchor `{#id}` at the level of the steps.
    NoAnchor(String),
    /// A section has no text.
    EmptySection(String),
    /// A slip of French typography.
    Typography(Slip),
    /// A text changed since the translations were last signed off.
    Stale { key: String, changed: Changed },
    /// A rule about how the lesson plays was broken.
    Play(PlayFault),
    /// Something is wrong with a question or a demonstration.
    Quiz(QuizFault),
}

/// What a value should have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Want {
    Text,
    Integer,
    Boolean,
    List,
    Table,
    Duration,
    Time,
    Comparison,
    Percentage,
    Pattern,
    Mode,
    Owner,
    AbsolutePath,
    Action,
    Input,
    Port,
    Signal,
    UnitName,
    TimerName,
    JournalSince,
    Recurring,
    Seeds,
    Bytes,
    TimeOfDay,
    Quantity,
    Tolerance,
}

/// A kind of thing that has an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    Lesson,
    Scenario,
    Goal,
    Quiz,
    File,
    Unit,
}

/// Which half of a text changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Changed {
    English,
    French,
    Both,
    New,
    Gone,
}

impl Problem {
    /// What is wrong and what to do, in both languages.
    pub fn text(&self) -> Text {
        match self {
            Problem::Syntax(words) => {
                Text::set(format!("not TOML: {words}"), &format!("ce n’est pas du TOML : {words}"))
            }
            Problem::Declaration(words) => {
                let words = words.replace('\n', ", ");
                Text::set(format!("in a declaration: {words}"), &format!("dans une déclaration : {words}"))
            }
            Problem::NoFile => Text::set(
                "this file is missing, or is not UTF-8; write it",
                "ce fichier manque, ou n’est pas en UTF-8 ; il faut l’écrire",
            ),
            Problem::Format(n) => Text::set(
                format!(
                    "format {n} is not known: this version reads `format = 1`; use a newer concierge, or correct it"
                ),
                &format!(
                    "le format {n} est inconnu : cette version lit `format = 1` ; prends un concierge plus récent, ou corrige"
                ),
            ),
            Problem::UnknownKey { key, near, known } => key_text(key, near.as_deref(), known),
            Problem::MissingKey(key) => {
                Text::set(format!("`{key}` is missing; add it here"), &format!("il manque `{key}` ; ajoute-le ici"))
            }
            Problem::Type { want, found } => {
                let want = want.text();
                Text::set(format!("found {found}; write {}", want.en), &format!("trouvé : {found} ; écris {}", want.fr))
            }
            Problem::UnknownWord { word, near, known } => word_text(word, near.as_deref(), known),
            Problem::Empty => Text::set("this is empty; fill it or remove it", "c’est vide ; remplis-le ou retire-le"),
            Problem::BadId(id) => Text::set(
                format!("`{id}` is not an id; use only a-z, 0-9 and `-`"),
                &format!("`{id}` n’est pas un identifiant ; seuls a-z, 0-9 et `-` sont admis"),
            ),
            Problem::IdIsNotFolder { id, folder } => Text::set(
                format!("the id is `{id}` but the folder is `{folder}`; make them the same"),
                &format!("l’identifiant est `{id}` mais le dossier `{folder}` ; donne-leur le même nom"),
            ),
            Problem::Duplicate(id) => Text::set(
                format!("the id `{id}` is used twice; rename one"),
                &format!("l’identifiant `{id}` sert deux fois ; renomme l’un des deux"),
            ),
            Problem::NoSuch { what, id, near } => no_such_text(*what, id, near.as_deref()),
            Problem::Subjects { found, known } => subjects_text(found, known),
            Problem::NothingChecked(subject) => Text::set(
                format!("`{subject}` is named but nothing is said about it; add what must be true"),
                &format!("`{subject}` est nommé mais rien n’en est dit ; ajoute ce qui doit être vrai"),
            ),
            Problem::NoSuchName { name, near } => {
                let (en, fr) = did_you_mean(near.as_deref());
                Text::set(format!("`{name}` does not exist{en}"), &format!("`{name}` n’existe pas{fr}"))
            }
            other => other.text_of_structure(),
        }
    }

    fn text_of_structure(&self) -> Text {
        match self {
            Problem::TooMuch => Text::set(
                "this is too much to play; shorten the time or make the fault rarer",
                "c’est trop pour être joué ; raccourcis la durée ou rends la panne plus rare",
            ),
            Problem::ForkAndChaos => Text::set(
                "a goal has either `fork` or `chaos`; make two goals of it",
                "un objectif a soit `fork`, soit `chaos` ; fais-en deux objectifs",
            ),
            Problem::RightOptions { want, found } => Text::set(
                format!("{found} options are right, this kind of quiz wants {want}; correct `right = true`"),
                &format!("{found} options sont justes, ce type de quiz en veut {want} ; corrige `right = true`"),
            ),
            Problem::RequiresLater(id) => Text::set(
                format!("`{id}` is required but comes later in the course; change the order or the requirement"),
                &format!("`{id}` est requis mais vient plus tard dans le cours ; change l’ordre ou le prérequis"),
            ),
            Problem::NoSection { step } => Text::set(
                format!("the step `{step}` has no section; add a heading `## Title {{#{step}}}` and its text"),
                &format!("l’étape `{step}` n’a pas de section ; ajoute un titre `## Titre {{#{step}}}` et son texte"),
            ),
            Problem::NoStep { section, near } => {
                let (en, fr) = did_you_mean(near.as_deref());
                Text::set(
                    format!("the section `{section}` is no step of lesson.toml{en}"),
                    &format!("la section `{section}` n’est pas une étape de lesson.toml{fr}"),
                )
            }
            Problem::SectionOrder { found, want } => Text::set(
                format!("the section `{found}` stands where `{want}` is expected; use the order of lesson.toml"),
                &format!("la section `{found}` est à la place de `{want}` ; suis l’ordre de lesson.toml"),
            ),
            Problem::NoAnchor(title) => Text::set(
                format!("the heading “{title}” has no anchor; end it with `{{#step-id}}`"),
                &format!("le titre « {title} » n’a pas d’ancre ; termine-le par `{{#id-de-l-etape}}`"),
            ),
            Problem::EmptySection(id) => Text::set(
                format!("the section `{id}` has no text; write it"),
                &format!("la section `{id}` n’a pas de texte ; écris-le"),
            ),
            Problem::Typography(slip) => slip_text(*slip),
            Problem::Stale { key, changed } => stale_text(key, *changed),
            Problem::Play(fault) => fault.text(),
            Problem::Quiz(fault) => fault.text(),
            _ => Text::default(),
        }
    }
}

fn did_you_mean(near: Option<&str>) -> (String, String) {
    match near {
        Some(near) => (format!("; did you mean `{near}`?"), format!(" ; voulais-tu dire `{near}` ?")),
        None => (String::new(), String::new()),
    }
}

/// The nearest known word, or all of them when none is near.
fn remedy(near: Option<&str>, known: &[String]) -> (String, String) {
    if near.is_some() || known.is_empty() {
        return did_you_mean(near);
    }
    let all = known.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ");
    (format!("; known here: {all}"), format!(" ; connus ici : {all}"))
}

fn key_text(key: &str, near: Option<&str>, known: &[String]) -> Text {
    let (en, fr) = remedy(near, known);
    Text::set(format!("unknown key `{key}`{en}"), &format!("clé inconnue `{key}`{fr}"))
}

fn word_text(word: &str, near: Option<&str>, known: &[String]) -> Text {
    let (en, fr) = remedy(near, known);
    Text::set(format!("unknown word `{word}`{en}"), &format!("mot inconnu `{word}`{fr}"))
}

fn no_such_text(what: Thing, id: &str, near: Option<&str>) -> Text {
    let (en, fr) = did_you_mean(near);
    let (thing, chose) = match what {
        Thing::Lesson => ("lesson", "aucune leçon"),
        Thing::Scenario => ("scenario", "aucun scénario"),
        Thing::Goal => ("goal", "aucun objectif"),
        Thing::Quiz => ("quiz", "aucun quiz"),
        Thing::File => ("file", "aucun fichier"),
        Thing::Unit => ("unit", "aucune unité"),
    };
    Text::set(format!("there is no {thing} `{id}`{en}"), &format!("{chose} ne s’appelle `{id}`{fr}"))
}

fn subjects_text(found: &[String], known: &[String]) -> Text {
    let all = known.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ");
    if found.is_empty() {
        return Text::set(
            format!("this check has no subject; name one of {all}"),
            &format!("cette vérification n’a pas de sujet ; nommes-en un parmi {all}"),
        );
    }
    let found = found.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ");
    Text::set(
        format!("this check has several subjects ({found}); keep one, or join them with `all = [ … ]`"),
        &format!("cette vérification a plusieurs sujets ({found}) ; gardes-en un, ou joins-les par `all = [ … ]`"),
    )
}

fn slip_text(slip: Slip) -> Text {
    match slip {
        Slip::SpaceBefore(mark) => Text::set(
            format!("French wants a no-break space before `{mark}`; put U+00A0 or U+202F"),
            &format!("il faut une espace insécable avant `{mark}` ; mets U+00A0 ou U+202F"),
        ),
        Slip::SpaceAfterGuillemet => Text::set(
            "French wants a no-break space after `«`; put U+00A0 or U+202F",
            "il faut une espace insécable après `«` ; mets U+00A0 ou U+202F",
        ),
        Slip::Apostrophe => Text::set("straight apostrophe; write `’`", "apostrophe droite ; écris `’`"),
        Slip::Ellipsis => Text::set("three dots; write `…`", "trois points ; écris `…`"),
        Slip::Quotes => {
            Text::set("straight quotes; write guillemets", "guillemets droits ; écris des guillemets français")
        }
    }
}

fn stale_text(key: &str, changed: Changed) -> Text {
    let (en, fr) = match changed {
        Changed::English => ("the English changed and the French did not", "l’anglais a changé, pas le français"),
        Changed::French => ("the French changed and the English did not", "le français a changé, pas l’anglais"),
        Changed::Both => ("both languages changed", "les deux langues ont changé"),
        Changed::New => ("the text is new", "le texte est nouveau"),
        Changed::Gone => ("the text is gone", "le texte n’existe plus"),
    };
    Text::set(
        format!("`{key}`: {en} since the last sign-off; read both, then `concierge translate ack`"),
        &format!("`{key}` : {fr} depuis la dernière relecture ; relis les deux, puis `concierge translate ack`"),
    )
}

impl Want {
    fn text(self) -> Text {
        let (en, fr) = match self {
            Want::Text => ("a text", "un texte"),
            Want::Integer => ("a whole number", "un nombre entier"),
            Want::Boolean => ("`true` or `false`", "`true` ou `false`"),
            Want::List => ("a list `[ … ]`", "une liste `[ … ]`"),
            Want::Table => ("a table `{ … }`", "une table `{ … }`"),
            Want::Duration => ("a duration such as \"10s\" or \"1h 30min\"", "une durée comme « 10s » ou « 1h 30min »"),
            Want::Time => ("a time such as \"2026-01-05T02:40:00Z\"", "un instant comme « 2026-01-05T02:40:00Z »"),
            Want::Comparison => {
                ("a number or a comparison such as \">= 1\"", "un nombre ou une comparaison comme « >= 1 »")
            }
            Want::Percentage => ("a comparison such as \">= 99.9%\"", "une comparaison comme « >= 99.9% »"),
            Want::Pattern => ("a valid regular expression", "une expression régulière valide"),
            Want::Mode => ("an octal mode such as \"0755\"", "des droits en octal comme « 0755 »"),
            Want::Owner => ("an owner such as \"deploy:deploy\"", "un propriétaire comme « deploy:deploy »"),
            Want::AbsolutePath => ("an absolute path", "un chemin absolu"),
            Want::Action => (
                "one of `crash NAME`, `kill SIGNAL NAME`, `oom NAME`, `stop UNIT`, `run COMMAND`, `logout`, `drop`, \
                 `reboot`, `disk-full`, `clock-jump TIME`, `advance TIME`",
                "`crash NOM`, `kill SIGNAL NOM`, `oom NOM`, `stop UNITÉ`, `run COMMANDE`, `logout`, `drop`, `reboot`, \
                 `disk-full`, `clock-jump DURÉE` ou `advance DURÉE`",
            ),
            Want::Recurring => (
                "a fault and how often it comes, such as \"crash worker.service 1/d\" or \"reboot 1/30d\"",
                "une panne et sa fréquence, comme « crash worker.service 1/d » ou « reboot 1/30d »",
            ),
            Want::Seeds => ("a number from 1 to 256", "un nombre de 1 à 256"),
            Want::Input => (
                "a command line, `:drop`, `:reboot`, `:advance TIME`, `^C` or `^D`",
                "une ligne de commande, `:drop`, `:reboot`, `:advance DURÉE`, `^C` ou `^D`",
            ),
            Want::Port => ("a port from 1 to 65535", "un port de 1 à 65535"),
            Want::UnitName => {
                ("a unit's whole name, such as `worker.service`", "le nom entier d’une unité, comme `worker.service`")
            }
            Want::TimerName => {
                ("a timer's whole name, such as `backup.timer`", "le nom entier d’un minuteur, comme `backup.timer`")
            }
            Want::JournalSince => {
                ("`boot`, `fork` or a duration such as \"10min\"", "`boot`, `fork` ou une durée comme « 10min »")
            }
            Want::Bytes => ("a size such as \"24M\"", "une taille comme « 24M »"),
            Want::Quantity => (
                "a number with its unit, such as \"5s\", \"24M\", \"99.9%\" or 12",
                "un nombre avec son unité, comme « 5s », « 24M », « 99.9% » ou 12",
            ),
            Want::Tolerance => ("a tolerance such as \"20%\" or \"1s\"", "une tolérance comme « 20% » ou « 1s »"),
            Want::TimeOfDay => ("a time of day such as \"03:00\"", "une heure comme « 03:00 »"),
            Want::Signal => ("a signal such as `SIGTERM`", "un signal comme `SIGTERM`"),
        };
        Text::new(en, fr)
    }
}
