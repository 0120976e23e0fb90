//! The two languages of Concierge, equal by type: a text that lacks one does not exist.

/// A language in which Concierge speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lang {
    /// English.
    En,
    /// French.
    Fr,
}

impl Lang {
    /// Both languages, in the order in which they are listed everywhere.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::Fr];

    /// The language's code, which is also the stem of its prose files: `en`, `fr`.
    pub const fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Fr => "fr",
        }
    }

    /// The language of a locale name such as `fr`, `fr_FR.UTF-8` or `en_GB`; `None` for any other.
    pub fn of_locale(locale: &str) -> Option<Lang> {
        let stem = locale.split(['_', '.', '-', '@']).next().unwrap_or("");
        Lang::ALL.into_iter().find(|lang| lang.code().eq_ignore_ascii_case(stem))
    }
}

/// One text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text {
    /// The English text.
    pub en: String,
    /// The French text.
    pub fr: String,
}

impl Text {
    /// A text from its two halves.
    pub fn new(en: impl Into<String>, fr: impl Into<String>) -> Text {
        Text { en: en.into(), fr: fr.into() }
    }

    /// A text from its two halves; the French is typed with plain spaces and gets its no-break spaces here.
    pub fn set(en: impl Into<String>, fr: &str) -> Text {
        Text { en: en.into(), fr: super::typography::set(fr) }
    }

    /// The half in `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Fr => &self.fr,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_names_its_language() {
        assert_eq!(Lang::of_locale("fr_FR.UTF-8"), Some(Lang::Fr));
        assert_eq!(Lang::of_locale("EN"), Some(Lang::En));
        assert_eq!(Lang::of_locale("C.UTF-8"), None);
        assert_eq!(Lang::of_locale(""), None);
    }
}
