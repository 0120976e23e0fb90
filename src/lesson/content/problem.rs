//! Everything that can be wrong with the content of a course, and the one table of what is said about it.

use super::play_fault::PlayFault;
use super::quiz_fault::QuizFault;
pub use super::want::Want;
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
    /// A command that prose shows is not simulated; `sure`: it is shown to be typed.
    NoSuchCommand { name: String, near: Option<String>, sure: bool },
    /// A link in prose leads nowhere; the target that may have been meant.
    DeadLink { target: String, near: Option<String> },
    /// A lesson's folder that the course does not list.
    NotListed(String),
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
    /// Whether it only shows how the course could be better; everything else is an error.
    pub fn is_warning(&self) -> bool {
        match self {
            Problem::Play(fault) => fault.is_warning(),
            Problem::NoSuchCommand { near, sure, .. } => near.is_none() || !sure,
            _ => false,
        }
    }

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
            Problem::NoSuchCommand { name, near, .. } => {
                let (en, fr) = did_you_mean(near.as_deref());
                Text::set(
                    format!("the command `{name}` is not simulated{en}; a block marked `real` may show it"),
                    &format!("la commande `{name}` n’est pas simulée{fr} ; un bloc marqué `real` peut la montrer"),
                )
            }
            other => other.text_of_structure(),
        }
    }

    fn text_of_structure(&self) -> Text {
        match self {
            Problem::DeadLink { target, near } => {
                let (en, fr) = did_you_mean(near.as_deref());
                Text::set(
                    format!("the link `{target}` leads nowhere{en}; write `lesson:ID`, `lesson:ID#step` or `#step`"),
                    &format!(
                        "le lien `{target}` ne mène nulle part{fr} ; écris `lesson:ID`, `lesson:ID#étape` ou `#étape`"
                    ),
                )
            }
            Problem::NotListed(id) => Text::set(
                format!("the lesson `{id}` cannot be reached; list it under `lessons`, or remove its folder"),
                &format!("la leçon `{id}` est hors d’atteinte ; inscris-la sous `lessons`, ou retire son dossier"),
            ),
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
