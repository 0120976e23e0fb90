//! What Concierge itself says, in both languages. One table; a word without one of them does not compile.

use crate::lesson::text::{Lang, Text};

/// A message in both languages; `{}` is filled in by [`Say::with`].
#[derive(Clone, Copy)]
pub struct Say {
    en: &'static str,
    fr: &'static str,
}

impl Say {
    /// A message from its two halves.
    pub const fn new(en: &'static str, fr: &'static str) -> Say {
        Say { en, fr }
    }

    /// The message in `lang`, French with its no-break spaces.
    pub fn get(self, lang: Lang) -> String {
        Text::set(self.en, self.fr).get(lang).to_owned()
    }

    /// The message with `values` in the place of its `{}`.
    pub fn with(self, lang: Lang, values: &[&str]) -> String {
        let mut text = self.get(lang);
        for value in values {
            text = text.replacen("{}", value, 1);
        }
        text
    }
}

macro_rules! say {
    ($($name:ident = $en:literal, $fr:literal;)*) => {
        $(
            #[doc = $en]
            pub const $name: Say = Say { en: $en, fr: $fr };
        )*
    };
}

say! {
    MINUTES = "{} min", "{} min";
    NEXT_HERE = "you are here", "tu es ici";
    STEP = "Step {} of {} · {}", "Étape {} sur {} · {}";
    TO_DO = "To do:", "À faire :";
    DONE = "Step done.", "Étape terminée.";
    ENTER_NEXT = "Press Enter to go on.", "Appuie sur Entrée pour continuer.";
    ENTER_QUESTION = "Look around as long as you like, then press Enter: there is a question.",
        "Prends le temps de regarder, puis appuie sur Entrée : une question t'attend.";
    NOT_DONE = "This step is not done yet. `:goals` shows what is missing, `:skip` goes on all the same.",
        "Cette étape n'est pas terminée. `:goals` montre ce qui manque, `:skip` passe quand même à la suite.";
    LESSON_DONE = "That was the last step: the lesson is done.", "C'était la dernière étape : la leçon est terminée.";
    COURSE_DONE = "You have done every lesson. `concierge play` gives you a machine to yourself.",
        "Tu as terminé toutes les leçons. `concierge play` te donne une machine rien qu'à toi.";
    NO_HINT = "There is no hint for this step. `:goals` says what is asked, `:solution` shows one way.",
        "Pas d'indice pour cette étape. `:goals` dit ce qui est demandé, `:solution` montre une façon de faire.";
    NO_SOLUTION = "There is nothing to type in this step: read, then press Enter.",
        "Il n'y a rien à taper dans cette étape : lis, puis appuie sur Entrée.";
    SOLUTION = "One way to do it:", "Une façon de faire :";
    DEMO = "Watch, on a copy of your machine (`:demo` plays it again):",
        "Regarde, sur une copie de ta machine (`:demo` la rejoue) :";
    NO_DEMO = "This step has no demonstration.", "Cette étape n'a pas de démonstration.";
    NO_MISTAKES = "Nothing is known about mistakes in this step.", "Aucune erreur courante n'est connue pour cette étape.";
    BREAK_FIRST = "First, if you like, the wrong way:", "D'abord, si tu veux, la mauvaise façon :";
    NOTHING_TO_UNDO = "There is nothing to undo.", "Il n'y a rien à annuler.";
    NOTHING_TO_REDO = "There is nothing to redo.", "Il n'y a rien à rétablir.";
    UNDID = "Undone: {}", "Annulé : {}";
    REDID = "Done again: {}", "Rétabli : {}";
    RESET = "The machine is as it was when this step began. `:undo` takes that back.",
        "La machine est comme au début de l'étape. `:undo` revient en arrière.";
    SAVE_HOW = "By which name? For example `:save before-the-reboot`.", "Sous quel nom ? Par exemple `:save avant-le-redemarrage`.";
    SAVED = "The machine is remembered as {}; `:load` brings it back.", "La machine est retenue sous le nom {} ; `:load` la ramène.";
    LOADED = "This is the machine {}. `:undo` takes you back to the other.", "Voici la machine {}. `:undo` te ramène à l'autre.";
    NOT_SAVED = "No machine is remembered as {}. Known: {}", "Aucune machine n'est retenue sous le nom {}. Connues : {}";
    HANDED_IN = "Written to `{}`, in the name of {}. Give this file to your teacher.",
        "Écrit dans `{}`, au nom de {}. Donne ce fichier à ton enseignant.";
    NO_HAND_IN = "There is nothing to hand in on this machine: it belongs to no lesson.",
        "Il n'y a rien à rendre sur cette machine : elle n'appartient à aucune leçon.";
    CANNOT_WRITE = "`{}` could not be written: {}", "`{}` n'a pas pu être écrit : {}";
    REVIEW_BEGINS = "{} things to remember. Enter alone skips one, `:quit` leaves.",
        "{} choses à se rappeler. Entrée seule en passe une, `:quit` arrête.";
    REVIEW_DONE = "{} of {} known. What you knew comes back later, what you did not comes back tomorrow.",
        "{} sur {} sues. Ce que tu savais reviendra plus tard, le reste reviendra demain.";
    REVIEW_LATER = "Nothing is due today. The next review is in {} day(s).",
        "Rien à revoir aujourd'hui. Prochaine révision dans {} jour(s).";
    REVIEW_NOTHING = "There is nothing to review: finish a lesson first.",
        "Il n'y a rien à revoir : termine d'abord une leçon.";
    ADVANCE_HOW = "How long? For example `:advance 10s`, `:advance 5min`, `:advance 2d`.",
        "De combien ? Par exemple `:advance 10s`, `:advance 5min`, `:advance 2d`.";
    KEYS = "Space skips ahead, Ctrl-C stops the program, Ctrl-Z suspends it, `:help` works here too.",
        "Espace avance dans le temps, Ctrl-C arrête le programme, Ctrl-Z le suspend, `:help` marche ici aussi.";
    SKIPPED_AHEAD = "{} later: {}", "{} plus tard : {}";
    AND_MORE = "… and {} more; `journalctl` has them all.", "… et {} autres ; `journalctl` les a tous.";
    TERMINAL = "terminal {}", "terminal {}";
    NO_TERMINAL = "There are {} terminals; `:term` without a number opens one more.",
        "Il y a {} terminaux ; `:term` sans numéro en ouvre un autre.";
    NO_COMMAND = "There are {} commands with a number on this screen.",
        "Il y a {} commandes numérotées sur cet écran.";
    OFFER = "Stuck? `:hint` gives a hint, `:goals` says what is missing, `:solution` shows one way.",
        "Bloqué ? `:hint` donne un indice, `:goals` dit ce qui manque, `:solution` montre une façon de faire.";
    TYPO = "There is no `{}` here; did you mean `{}`?", "`{}` n'existe pas ici ; voulais-tu dire `{}` ?";
    STILL = "Still to do: {} ({} of {})", "Reste à faire : {} ({} sur {})";
    HELP_MORE = "`:help all` lists every word of the coach. Tab completes, the right arrow takes the hint, Ctrl-R searches what you typed before.",
        "`:help all` donne tous les mots du coach. Tab complète, la flèche droite accepte la suggestion, Ctrl-R cherche dans ce que tu as déjà tapé.";
    HELP_CLOSED = "You are not logged in. Enter logs in again.", "Tu n'es pas connecté. Entrée te reconnecte.";
    HELP_FOREGROUND = "A program runs in the foreground. Space skips ahead in time, Ctrl-C stops it, Ctrl-Z suspends it. Or:",
        "Un programme tourne au premier plan. Espace avance dans le temps, Ctrl-C l'arrête, Ctrl-Z le suspend. Ou bien :";
    HELP_DONE = "The goals of this step are reached: Enter on an empty line goes on. Or:",
        "Les objectifs de l'étape sont atteints : Entrée sur une ligne vide continue. Ou bien :";
    HELP_TODO = "Type commands as on a real server; nothing here can break for good. When you need help:",
        "Tape des commandes comme sur un vrai serveur ; rien ici ne casse pour de bon. Si tu as besoin d'aide :";
    HELLO = "Welcome! You will type real commands on a simulated server: nothing can break for good. What stands behind a bar is the coach; call it with `:help`.",
        "Bienvenue ! Tu vas taper de vraies commandes sur un serveur simulé : rien ne casse pour de bon. Ce qui est derrière une barre, c'est le coach ; appelle-le avec `:help`.";
    HELLO_PLAIN = "Welcome! You will type real commands on a simulated server: nothing can break for good. `:help` calls the coach.",
        "Bienvenue ! Tu vas taper de vraies commandes sur un serveur simulé : rien ne casse pour de bon. `:help` appelle le coach.";
    DIGITS = "On an empty line, the key of a command's number types it for you.",
        "Sur une ligne vide, la touche du numéro d'une commande la tape pour toi.";
    GO_ON = "Enter goes on", "Entrée pour continuer";
    MINUTES_LEFT = "{} of {} lessons done, about {} minutes left", "{} leçons sur {} terminées, encore {} minutes environ";
    MORE_LESSONS = "… and {} more; `concierge list` shows them all.", "… et {} autres ; `concierge list` les montre toutes.";
    WRITTEN = "Written: {}", "Écrit : {}";
    NOT_WRITTEN = "`{}` could not be written: {}", "`{}` n'a pas pu être écrit : {}";
    NO_TIMELINE = "Nothing has happened to any unit yet. Start one, crash it, reboot; then look again.",
        "Il n'est encore rien arrivé à aucune unité. Démarre-en une, fais-la planter, redémarre ; puis reviens voir.";
    BOOTS = "reboots", "redémarrages";
    LEGEND = "█ active  ▒ starting or stopping  · stopped  ✗ failed  ↻ restarts",
        "█ active  ▒ démarre ou s'arrête  · arrêtée  ✗ en échec  ↻ relances";
    NO_DIFFERENCE = "Your machine is as the solution leaves it.", "Ta machine est comme la solution la laisse.";
    DIFFERENCE = "`-` is only on your machine, `+` only on that of the solution:",
        "`-` n'est que sur ta machine, `+` que sur celle de la solution :";
    EDITING = "Editing {}. Enter begins a new line, the arrows move, Ctrl-S keeps it, Ctrl-C leaves it as it was. (`VISUAL` or `EDITOR` would open your own editor.)",
        "Édition de {}. Entrée commence une ligne, les flèches déplacent, Ctrl-S enregistre, Ctrl-C laisse le fichier comme il était. (`VISUAL` ou `EDITOR` ouvriraient ton propre éditeur.)";
    EDITOR_FAILED = "`{}` could not be started ({}); here is a small one.",
        "`{}` n'a pas pu démarrer ({}) ; en voici un petit.";
    NO_EDITOR = "There is nobody to edit {}: write it with a here-document, `cat > FILE <<'EOF'`.",
        "Il n'y a personne pour modifier {} : écris-le avec un here-document, `cat > FICHIER <<'EOF'`.";
    NOTE = "Note", "À noter";
    TIP = "Tip", "Astuce";
    IMPORTANT = "Important", "Important";
    WARNING = "Careful", "Attention";
    ADVANCED = "It is now {} on the machine.", "Il est maintenant {} sur la machine.";
    WHY_HOW = "Of which unit? For example `:why messenger-worker`, or `:why --user sidekiq`.",
        "De quelle unité ? Par exemple `:why messenger-worker`, ou `:why --user sidekiq`.";
    CUT = "The connection is cut.", "La connexion est coupée.";
    REBOOTING = "The machine reboots…", "La machine redémarre…";
    CLOSED = "The SSH session is over.", "La session SSH est terminée.";
    LOG_IN_AGAIN = "Press Enter to log in again, or type `:quit`.",
        "Appuie sur Entrée pour te reconnecter, ou tape `:quit`.";
    REFUSED = "ssh: connect to host vps port 22: Connection refused. `:undo` takes your last command back, `:reboot` restarts the machine.",
        "ssh: connect to host vps port 22: Connection refused. `:undo` annule ta dernière commande, `:reboot` redémarre la machine.";
    NO_USER = "Nobody can log in as {} any more. `:undo` takes your last command back.",
        "Plus personne ne peut se connecter en tant que {}. `:undo` annule ta dernière commande.";
    UNKNOWN = "There is no `{}` here. `:help` lists the words that the coach knows.",
        "Je ne connais pas `{}`. `:help` donne la liste des mots du coach.";
    UNKNOWN_NEAR = "There is no `{}` here; did you mean `{}`?", "Je ne connais pas `{}` ; voulais-tu dire `{}` ?";
    LANG_IS = "From now on in English.", "À partir de maintenant, en français.";
    LANG_HOW = "There are two languages: `:lang fr` and `:lang en`.",
        "Il y a deux langues : `:lang fr` et `:lang en`.";
    GOODBYE = "Your progress is kept. `concierge` brings you back here.",
        "Ta progression est gardée. `concierge` te ramène ici.";
    CANNOT_SAVE = "Your progress could not be saved ({}). The lesson goes on; nothing is kept until this is mended.",
        "Ta progression n'a pas pu être enregistrée ({}). La leçon continue ; rien ne sera gardé tant que ce n'est pas réparé.";
    PROGRESS_CUT = "The progress file could not be read beyond line {}; what stands before it was taken. A copy of the file is in {}.",
        "Le fichier de progression n'a pas pu être lu après la ligne {} ; ce qui précède est conservé. Une copie du fichier est dans {}.";
    QUESTION = "Question", "Question";
    SKIP_QUESTION = "Enter alone skips the question; `:quiz` asks it again.",
        "Entrée seule passe la question ; `:quiz` la repose.";
    YOUR_CHOICE = "your choice (a letter or a number)", "ton choix (une lettre ou un numéro)";
    YOUR_CHOICES = "your choices (letters, such as ac)", "tes choix (des lettres, par exemple ac)";
    YOUR_ANSWER = "your answer", "ta réponse";
    YOUR_VERDICT = "1 accept, 2 reject or 3 amend", "1 accepter, 2 rejeter ou 3 corriger";
    YOUR_COMMAND = "the command", "la commande";
    YOUR_PREDICTION = "your prediction", "ta prédiction";
    YOUR_ORDER = "the order, first to last (letters, such as cab)", "l'ordre, du premier au dernier (des lettres, par exemple cab)";
    YOUR_PAIRS = "the pairs (such as 1c 2a 3b)", "les paires (par exemple 1c 2a 3b)";
    YOUR_LINE = "the line's number", "le numéro de la ligne";
    YOUR_ESTIMATE = "your estimate", "ton estimation";
    IN_TIME = "with its unit: s, min, h, d", "avec l'unité : s, min, h, j";
    IN_SIZE = "with its unit: K, M, G", "avec l'unité : Ko, Mo, Go";
    A_NUMBER = "a number", "un nombre";
    ON_A_COPY = "On a copy of your machine:", "Sur une copie de ta machine :";
    ON_A_COPY_AMENDED = "On another copy, the advice as it should have been:", "Sur une autre copie, le conseil tel qu'il aurait dû être :";
    YOUR_REASONS = "why? (letters)", "pourquoi ? (des lettres)";
    HOW_SURE = "How sure are you, from 1 (a guess) to 4 (certain)?",
        "À quel point en es-tu sûr, de 1 (au hasard) à 4 (certain) ?";
    IN_YOUR_WORDS = "in your own words", "avec tes propres mots";
    WHICH_POINTS = "which points did you make? (letters, Enter for none)",
        "quels points as-tu donnés ? (des lettres, Entrée pour aucun)";
    FULL_ANSWER = "A full answer:", "Une réponse complète :";
    ADVICE = "The advice:", "Le conseil :";
    RIGHT = "Right.", "C'est ça.";
    WRONG = "Not quite.", "Pas tout à fait.";
    SKIPPED = "Skipped.", "Passée.";
    NO_QUESTION = "There is no question in this step.", "Il n'y a pas de question dans cette étape.";
    NOT_AN_OPTION = "Answer with one of {}, or with Enter alone to skip.",
        "Réponds avec {}, ou avec Entrée seule pour passer.";
    PLAY = "This machine is yours: nothing you do here can break anything. `:help` lists the coach's words, `:quit` leaves.",
        "Cette machine est à toi : rien de ce que tu fais ici ne peut casser quoi que ce soit. `:help` donne les mots du coach, `:quit` quitte.";
    ALL_GOALS = "Nothing is asked in this step: read, then press Enter.",
        "Rien n'est demandé dans cette étape : lis, puis appuie sur Entrée.";
}
