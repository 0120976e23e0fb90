//! What a value of a course file should have been, and the one table of how that is told.

use crate::lesson::text::Text;

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

impl Want {
    /// What to write, in both languages.
    pub(super) fn text(self) -> Text {
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
