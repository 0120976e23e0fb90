//! What two typed answers have in common when only their case, accents, spaces, quotes and final marks differ.

/// Articles that may stand before a short answer in either language.
const ARTICLES: [&str; 12] = ["the ", "a ", "an ", "le ", "la ", "les ", "un ", "une ", "des ", "l'", "d'", "du "];

/// The answer without what does not matter: lower case, no accents, plain quotes, dashes and spaces, no surrounding
/// quotes or final punctuation, no leading article.
pub fn normal(answer: &str) -> String {
    let mut plain = String::with_capacity(answer.len());
    answer.chars().flat_map(char::to_lowercase).for_each(|c| push_plain(&mut plain, c));
    let spaced = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    // A leading dot or colon can be part of the answer (`.service`, `:drop`), a trailing one cannot.
    let trimmed = spaced.trim_end_matches(['"', '\'', '`', ' ', '.', ',', ';', ':', '!', '?']);
    let trimmed = trimmed.trim_start_matches(['"', '\'', '`', ' ', '$']);
    let bare = ARTICLES.iter().find_map(|article| trimmed.strip_prefix(article)).unwrap_or(trimmed);
    let bare = bare.trim_start_matches(['"', '\'', '`', ' ']);
    // An answer that is nothing but an article is kept: it is all there is.
    if bare.is_empty() { trimmed.to_owned() } else { bare.to_owned() }
}

/// Appends the plain letters that a lower-case character stands for.
fn push_plain(out: &mut String, c: char) {
    let text = match c {
        'à' | 'â' | 'ä' | 'á' | 'ã' | 'å' => "a",
        'ç' => "c",
        'é' | 'è' | 'ê' | 'ë' => "e",
        'î' | 'ï' | 'í' | 'ì' => "i",
        'ñ' => "n",
        'ô' | 'ö' | 'ó' | 'ò' | 'õ' => "o",
        'û' | 'ü' | 'ú' | 'ù' => "u",
        'ÿ' | 'ý' => "y",
        'œ' => "oe",
        'æ' => "ae",
        '’' | '‘' | 'ʼ' => "'",
        '«' | '»' | '“' | '”' | '„' => "\"",
        '–' | '—' | '‑' | '−' => "-",
        '…' => "...",
        '\u{300}'..='\u{36f}' => "",
        '\u{a0}' | '\u{202f}' | '\u{2009}' => " ",
        other => {
            out.push(other);
            return;
        }
    };
    out.push_str(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_matter_is_left_out() {
        for (one, other) in [
            ("«\u{a0}Redémarrage\u{a0}»", "redemarrage"),
            ("L’hôte", "l'hote"),
            ("  systemctl   enable ", "systemctl enable."),
            ("`systemd`", "Systemd !"),
            ("le cœur", "coeur"),
            ("e\u{301}té", "ete"),
            ("the journal", "journal"),
            ("$ whoami", "whoami"),
        ] {
            assert_eq!(normal(one), normal(other), "{one} / {other}");
        }
    }

    #[test]
    fn what_matters_stays() {
        assert_ne!(normal("enable"), normal("enabled"));
        assert_ne!(normal("--now"), normal("now"));
        assert_eq!(normal(".service"), ".service");
        assert_eq!(normal("a"), "a");
        assert_eq!(normal(""), "");
    }
}
