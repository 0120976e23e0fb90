//! The options of `set` and `shopt`: bash(1), SHELL BUILTIN COMMANDS.

/// The options of `set -o`: name, letter, default.
pub const SET_OPTIONS: [(&str, Option<char>, bool); 27] = [
    ("allexport", Some('a'), false),
    ("braceexpand", Some('B'), true),
    ("emacs", None, false),
    ("errexit", Some('e'), false),
    ("errtrace", Some('E'), false),
    ("functrace", Some('T'), false),
    ("hashall", Some('h'), true),
    ("histexpand", Some('H'), false),
    ("history", None, false),
    ("ignoreeof", None, false),
    ("interactive-comments", None, true),
    ("keyword", Some('k'), false),
    ("monitor", Some('m'), false),
    ("noclobber", Some('C'), false),
    ("noexec", Some('n'), false),
    ("noglob", Some('f'), false),
    ("nolog", None, false),
    ("notify", Some('b'), false),
    ("nounset", Some('u'), false),
    ("onecmd", Some('t'), false),
    ("physical", Some('P'), false),
    ("pipefail", None, false),
    ("posix", None, false),
    ("privileged", Some('p'), false),
    ("verbose", Some('v'), false),
    ("vi", None, false),
    ("xtrace", Some('x'), false),
];

/// The options of `shopt` and their defaults in a shell that is not interactive.
pub const SHOPT_OPTIONS: [(&str, bool); 53] = [
    ("autocd", false),
    ("assoc_expand_once", false),
    ("cdable_vars", false),
    ("cdspell", false),
    ("checkhash", false),
    ("checkjobs", false),
    ("checkwinsize", true),
    ("cmdhist", true),
    ("compat31", false),
    ("compat32", false),
    ("compat40", false),
    ("compat41", false),
    ("compat42", false),
    ("compat43", false),
    ("compat44", false),
    ("complete_fullquote", true),
    ("direxpand", false),
    ("dirspell", false),
    ("dotglob", false),
    ("execfail", false),
    ("expand_aliases", false),
    ("extdebug", false),
    ("extglob", false),
    ("extquote", true),
    ("failglob", false),
    ("force_fignore", true),
    ("globasciiranges", true),
    ("globskipdots", true),
    ("globstar", false),
    ("gnu_errfmt", false),
    ("histappend", false),
    ("histreedit", false),
    ("histverify", false),
    ("hostcomplete", true),
    ("huponexit", false),
    ("inherit_errexit", false),
    ("interactive_comments", true),
    ("lastpipe", false),
    ("lithist", false),
    ("localvar_inherit", false),
    ("localvar_unset", false),
    ("login_shell", false),
    ("mailwarn", false),
    ("no_empty_cmd_completion", false),
    ("nocaseglob", false),
    ("nocasematch", false),
    ("noexpand_translation", false),
    ("nullglob", false),
    ("patsub_replacement", true),
    ("progcomp", true),
    ("progcomp_alias", false),
    ("promptvars", true),
    ("restricted_shell", false),
];

/// More options of `shopt`, after `restricted_shell`.
pub const SHOPT_LAST: [(&str, bool); 4] =
    [("shift_verbose", false), ("sourcepath", true), ("varredir_close", false), ("xpg_echo", false)];

/// Which options are on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switches {
    set: u64,
    shopt: u64,
}

impl Default for Switches {
    fn default() -> Self {
        let mut switches = Self { set: 0, shopt: 0 };
        for (name, _, on) in SET_OPTIONS {
            switches.set_option(name, on);
        }
        for (name, on) in shopt_options() {
            switches.set_shopt(name, on);
        }
        switches
    }
}

/// The options of `shopt` in the order in which bash lists them.
pub fn shopt_options() -> impl Iterator<Item = (&'static str, bool)> {
    SHOPT_OPTIONS.into_iter().chain(SHOPT_LAST)
}

fn change(bits: &mut u64, bit: usize, on: bool) {
    if on { *bits |= 1 << bit } else { *bits &= !(1 << bit) }
}

impl Switches {
    /// Whether an option of `set -o` is on; nothing: there is no such option.
    pub fn option(&self, name: &str) -> Option<bool> {
        let bit = SET_OPTIONS.iter().position(|(known, _, _)| *known == name)?;
        Some(self.set & 1 << bit != 0)
    }

    /// Whether an option that is known to exist is on.
    pub fn is(&self, name: &str) -> bool {
        self.option(name).unwrap_or(false)
    }

    /// Switches an option of `set -o`; false: there is no such option.
    pub fn set_option(&mut self, name: &str, on: bool) -> bool {
        let Some(bit) = SET_OPTIONS.iter().position(|(known, _, _)| *known == name) else { return false };
        change(&mut self.set, bit, on);
        true
    }

    /// The name of the option with this letter.
    pub fn letter(letter: char) -> Option<&'static str> {
        SET_OPTIONS.iter().find(|(_, known, _)| *known == Some(letter)).map(|(name, _, _)| *name)
    }

    /// Whether an option of `shopt` is on; nothing: there is no such option.
    pub fn shopt(&self, name: &str) -> Option<bool> {
        let bit = shopt_options().position(|(known, _)| known == name)?;
        Some(self.shopt & 1 << bit != 0)
    }

    /// Whether an option of `shopt` that is known to exist is on.
    pub fn has(&self, name: &str) -> bool {
        self.shopt(name).unwrap_or(false)
    }

    /// Switches an option of `shopt`; false: there is no such option.
    pub fn set_shopt(&mut self, name: &str, on: bool) -> bool {
        let Some(bit) = shopt_options().position(|(known, _)| known == name) else { return false };
        change(&mut self.shopt, bit, on);
        true
    }

    /// The letters of the options that are on, as in `$-`, without those that say how the shell was called.
    pub fn letters(&self) -> String {
        let mut letters: Vec<char> =
            SET_OPTIONS.iter().filter(|(name, _, _)| self.is(name)).filter_map(|(_, letter, _)| *letter).collect();
        // bash lists capital letters after small ones.
        letters.sort_by_key(|letter| (letter.is_uppercase(), *letter));
        letters.into_iter().collect()
    }
}
