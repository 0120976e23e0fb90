//! The coach's words: what a student types with a colon in front, so that it never collides with a command.

use super::words::Say;

/// A word of the coach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Help,
    Goals,
    Why,
    Hint,
    Solution,
    Demo,
    Mistakes,
    Quiz,
    Next,
    Skip,
    Undo,
    Redo,
    Reset,
    Save,
    Load,
    Handin,
    Advance,
    Reboot,
    Drop,
    Term,
    Type,
    Timeline,
    Tree,
    Diff,
    Lang,
    Quit,
}

macro_rules! coach {
    ($($word:ident, $typed:literal, $argument:literal, $en:literal, $fr:literal;)*) => {
        /// Every word: what is typed, its argument, and what it does in both languages.
        pub const WORDS: &[(Word, &str, &str, Say)] = &[$((Word::$word, $typed, $argument, Say::new($en, $fr))),*];
    };
}

coach! {
    Goals, ":goals", "", "what is asked, and what is still missing", "ce qui est demandé, et ce qui manque encore";
    Why, ":why", "UNIT", "why a unit is in its state, cause by cause", "pourquoi une unité est dans son état, cause après cause";
    Hint, ":hint", "", "a hint that fits what you have done so far", "un indice adapté à ce que tu as déjà fait";
    Solution, ":solution", "", "one way to reach the goals of this step", "une façon d'atteindre les objectifs de l'étape";
    Demo, ":demo", "", "play the demonstration of this step again, on a copy", "rejoue la démonstration de l'étape, sur une copie";
    Mistakes, ":mistakes", "", "what others get wrong in this step", "les erreurs courantes de l'étape";
    Quiz, ":quiz", "", "ask the questions of this step again", "repose les questions de l'étape";
    Next, ":next", "", "the next step (Enter does it too, once this one is done)",
        "l'étape suivante (Entrée le fait aussi, une fois celle-ci terminée)";
    Skip, ":skip", "", "the next step, even if this one is not done",
        "l'étape suivante, même si celle-ci n'est pas terminée";
    Undo, ":undo", "", "take the last command back: the machine is as it was before",
        "annule la dernière commande : la machine redevient comme avant";
    Redo, ":redo", "", "do again what was undone", "rétablit ce qui a été annulé";
    Reset, ":reset", "", "the machine as it was at the start of this step", "la machine comme au début de l'étape";
    Save, ":save", "NAME", "remember the machine as it is by a name", "retient la machine telle qu'elle est, sous un nom";
    Load, ":load", "NAME", "go to the machine of that name; `:undo` comes back",
        "passe à la machine de ce nom ; `:undo` en revient";
    Handin, ":handin", "FILE", "write a file for your teacher", "écrit un fichier pour ton enseignant";
    Advance, ":advance", "10s", "let time pass: 10s, 5min, 8h, 30d", "laisse passer le temps : 10s, 5min, 8h, 30d";
    Reboot, ":reboot", "", "reboot the machine", "redémarre la machine";
    Drop, ":drop", "", "cut the connection, as when your laptop closes",
        "coupe la connexion, comme quand ton portable se ferme";
    Term, ":term", "2", "open another terminal on the machine, or go to the one with this number",
        "ouvre un autre terminal sur la machine, ou va à celui qui porte ce numéro";
    Type, ":type", "1", "put the command with this number on the line (the keys 1 to 9 do it too)",
        "met la commande de ce numéro sur la ligne (les touches 1 à 9 le font aussi)";
    Timeline, ":timeline", "svg FILE", "what happened: each unit's state over time; with `svg FILE`, a picture",
        "ce qui s'est passé : l'état de chaque unité dans le temps ; avec `svg FICHIER`, une image";
    Tree, ":tree", "units", "the processes under their parents; with `units`, under their units",
        "les processus sous leurs parents ; avec `units`, sous leurs unités";
    Diff, ":diff", "", "how your machine differs from that of the solution",
        "en quoi ta machine diffère de celle de la solution";
    Lang, ":lang", "fr", "French or English: fr, en", "français ou anglais : fr, en";
    Help, ":help", "all", "what helps at this moment; `:help all` lists every word",
        "ce qui aide à ce moment ; `:help all` donne tous les mots";
    Quit, ":quit", "", "leave; your progress is kept", "quitte ; ta progression est gardée";
}

/// What a line is to the coach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Nothing: it is for the machine.
    Machine,
    /// A word and the rest of the line.
    Word(Word, String),
    /// It begins like a word of the coach and is none; the nearest one, if any is near.
    Unknown(String, Option<&'static str>),
}

/// Tells the coach's words from commands: a colon and a letter. `: > file` and `:` are bash's.
pub fn hear(line: &str) -> Heard {
    let trimmed = line.trim();
    let is_word = trimmed.strip_prefix(':').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
    if !is_word {
        return Heard::Machine;
    }
    let (word, rest) = trimmed.split_once(char::is_whitespace).unwrap_or((trimmed, ""));
    let lower = word.to_ascii_lowercase();
    if let Some(found) = WORDS.iter().find(|w| w.1 == lower) {
        return Heard::Word(found.0, rest.trim().to_owned());
    }
    let near = crate::lesson::content::nearest::nearest(&lower, WORDS.iter().map(|w| w.1));
    Heard::Unknown(word.to_owned(), near)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colon_alone_is_bash() {
        assert_eq!(hear(": > file"), Heard::Machine);
        assert_eq!(hear("echo :hint"), Heard::Machine);
        assert_eq!(hear(" :advance 3d"), Heard::Word(Word::Advance, "3d".into()));
        assert_eq!(hear(":hnit"), Heard::Unknown(":hnit".into(), Some(":hint")));
    }
}
