//! The commands that are part of the shell: bash(1), SHELL BUILTIN COMMANDS.

mod alias;
pub(super) mod control;
mod declare;
mod dirs;
mod getopts;
mod hash;
mod help;
mod history;
mod jobs;
mod kill;
pub(super) mod mapfile;
mod output;
mod process;
pub(super) mod read;
mod set;
mod shopt;
mod test;
mod trap;
mod types;
mod ulimit;
mod unset;
pub(super) mod wait;

use super::bash::{Bash, Frame, Unwind};
use crate::world::{Step, Sys};

/// What a builtin leads to.
pub(super) enum Done {
    /// It ended with this status.
    Status(u8),
    /// There is more to do; the last of these frames comes first.
    Frames(Vec<Frame>),
    /// The stack is left.
    Unwind(Unwind),
    /// The process does this.
    Step(Step),
}

/// The code of a builtin; its arguments begin with its name.
pub(super) type Run = fn(&mut Bash, &mut Sys<'_>, &[String]) -> Done;

/// A builtin.
pub(super) struct Builtin {
    /// Its name.
    pub(super) name: &'static str,
    /// Its code.
    pub(super) run: Run,
    /// A special builtin of POSIX.
    pub(super) special: bool,
    /// What `help` and wrong usage print after the name.
    pub(super) usage: &'static str,
}

macro_rules! builtins {
    ($($name:literal $special:literal $run:path, $usage:literal;)*) => {
        /// Every builtin, in order of names.
        pub(super) static BUILTINS: &[Builtin] =
            &[$(Builtin { name: $name, run: $run, special: $special, usage: $usage }),*];
    };
}

builtins! {
    "." true control::source, "filename [arguments]";
    ":" true output::colon, "";
    "[" false test::bracket, "arg... ]";
    "alias" false alias::alias, "[-p] [name[=value] ... ]";
    "bg" false jobs::bg, "[job_spec ...]";
    "bind" false help::bind, "[-lpsvPSVX] [-m keymap] [-f filename] [-q name] [-u name] [-r keyseq]";
    "break" true control::break_, "[n]";
    "builtin" false process::builtin, "[shell-builtin [arg ...]]";
    "caller" false help::caller, "[expr]";
    "cd" false dirs::cd, "[-L|[-P [-e]] [-@]] [dir]";
    "command" false process::command, "[-pVv] command [arg ...]";
    "compgen" false help::not_simulated, "";
    "complete" false help::accepted, "";
    "compopt" false help::accepted, "";
    "continue" true control::continue_, "[n]";
    "declare" false declare::declare, "[-aAfFgiIlnrtux] [name[=value] ...] or declare -p [-aAfFilnrtux] [name ...]";
    "dirs" false dirs::dirs, "[-clpv] [+N] [-N]";
    "disown" false jobs::disown, "[-h] [-ar] [jobspec ... | pid ...]";
    "echo" false output::echo, "[-neE] [arg ...]";
    "enable" false help::enable, "[-a] [-dnps] [-f filename] [name ...]";
    "eval" true control::eval, "[arg ...]";
    "exec" true process::exec, "[-cl] [-a name] [command [argument ...]] [redirection ...]";
    "exit" true control::exit, "[n]";
    "export" true declare::export, "[-fn] [name[=value] ...] or export -p";
    "false" false output::false_, "";
    "fc" false help::not_simulated, "";
    "fg" false jobs::fg, "[job_spec]";
    "getopts" false getopts::getopts, "optstring name [arg ...]";
    "hash" false hash::hash, "[-lr] [-p pathname] [-dt] [name ...]";
    "help" false help::help, "[-dms] [pattern ...]";
    "history" false history::history, "[-c] [-d offset] [n] or history -anrw [filename] or history -ps arg [arg...]";
    "jobs" false jobs::jobs, "[-lnprs] [jobspec ...] or jobs -x command [args]";
    "kill" false kill::kill, "[-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]";
    "let" false test::let_, "arg [arg ...]";
    "local" false declare::local, "[option] name[=value] ...";
    "logout" false control::logout, "[n]";
    "mapfile" false mapfile::mapfile, "[-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [array]";
    "popd" false dirs::popd, "[-n] [+N | -N]";
    "printf" false output::printf, "[-v var] format [arguments]";
    "pushd" false dirs::pushd, "[-n] [+N | -N | dir]";
    "pwd" false dirs::pwd, "[-LP]";
    "read" false read::read, "[-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]";
    "readarray" false mapfile::mapfile, "[-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [array]";
    "readonly" true declare::readonly, "[-aAf] [name[=value] ...] or readonly -p";
    "return" true control::return_, "[n]";
    "set" true set::set, "[-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]";
    "shift" true control::shift, "[n]";
    "shopt" false shopt::shopt, "[-pqsu] [-o] [optname ...]";
    "source" false control::source, "filename [arguments]";
    "suspend" false process::suspend, "[-f]";
    "test" false test::test_, "[expr]";
    "times" true process::times, "";
    "trap" true trap::trap, "[-lp] [[arg] signal_spec ...]";
    "true" false output::true_, "";
    "type" false types::type_, "[-afptP] name [name ...]";
    "typeset" false declare::declare, "[-aAfFgiIlnrtux] name[=value] ... or typeset -p [-aAfFilnrtux] [name ...]";
    "ulimit" false ulimit::ulimit, "[-SHabcdefiklmnpqrstuvxPRT] [limit]";
    "umask" false process::umask, "[-p] [-S] [mode]";
    "unalias" false alias::unalias, "[-a] name [name ...]";
    "unset" true unset::unset, "[-f] [-v] [-n] [name ...]";
    "wait" false wait::wait, "[-fn] [-p var] [id ...]";
}

/// What dash has not got.
const BASH_ONLY: [&str; 21] = [
    "bind",
    "builtin",
    "caller",
    "compgen",
    "complete",
    "compopt",
    "declare",
    "dirs",
    "disown",
    "enable",
    "fc",
    "help",
    "history",
    "let",
    "logout",
    "mapfile",
    "popd",
    "pushd",
    "readarray",
    "shopt",
    "source",
];

/// The builtin with this name; `posix`: only what `sh` has.
pub(super) fn find(name: &str, posix: bool) -> Option<&'static Builtin> {
    if posix && (BASH_ONLY.contains(&name) || name == "typeset" || name == "suspend") {
        return None;
    }
    BUILTINS.iter().find(|builtin| builtin.name == name)
}

/// The names of the builtins.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    BUILTINS.iter().map(|builtin| builtin.name)
}

/// What a builtin takes, after its name.
pub(super) fn usage(name: &str) -> Option<&'static str> {
    find(name, false).map(|builtin| builtin.usage)
}

impl Bash {
    /// `name: message`, with the shell's name before it.
    pub(super) fn builtin_error(&mut self, name: &str, message: &str) {
        self.complain(&format!("{name}: {message}"));
    }

    /// `-x: invalid option` and the usage; the status.
    pub(super) fn bad_option(&mut self, name: &str, option: &str) -> Done {
        self.builtin_error(name, &format!("{option}: invalid option"));
        self.usage(name)
    }

    /// The usage; the status.
    pub(super) fn usage(&mut self, name: &str) -> Done {
        let usage = find(name, false).map_or("", |builtin| builtin.usage);
        self.print(2, &format!("{name}: usage: {name} {usage}\n"));
        Done::Status(2)
    }

    /// Splits leading single-letter options of this set off; a wrong one is told.
    pub(super) fn letters(&mut self, args: &[String], known: &str) -> Result<(String, Vec<String>), Done> {
        let name = args.first().cloned().unwrap_or_default();
        let mut found = String::new();
        let mut at = 1;
        while let Some(word) = args.get(at).filter(|word| word.starts_with('-') && word.len() > 1) {
            at += 1;
            if word == "--" {
                break;
            }
            for letter in word.chars().skip(1) {
                if !known.contains(letter) {
                    return Err(self.bad_option(&name, &format!("-{letter}")));
                }
                found.push(letter);
            }
        }
        Ok((found, args.get(at..).unwrap_or_default().to_vec()))
    }
}
