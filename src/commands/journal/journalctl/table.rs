//! The table of journalctl's options, and how `-b` and `-n` take the next word: journalctl(1).

use super::words::boot_descriptor;
use crate::commands::options::{Hint, Opt, Options, Takes, absent, flag, optional, value};

const TABLE: &[Opt] = &[
    flag('h', "help"),
    flag('\0', "no-pager"),
    flag('e', "pager-end"),
    flag('f', "follow"),
    absent('\0', "force"),
    value('o', "output"),
    flag('a', "all"),
    flag('l', "full"),
    flag('\0', "no-full"),
    optional('n', "lines"),
    flag('\0', "no-tail"),
    flag('q', "quiet"),
    flag('m', "merge"),
    optional('b', "boot"),
    flag('\0', "list-boots"),
    flag('k', "dmesg"),
    flag('\0', "system"),
    flag('\0', "user"),
    value('D', "directory"),
    value('\0', "file"),
    value('\0', "root"),
    absent('\0', "image"),
    flag('\0', "header"),
    value('t', "identifier"),
    value('p', "priority"),
    value('\0', "facility"),
    value('g', "grep"),
    optional('\0', "case-sensitive"),
    absent('\0', "setup-keys"),
    value('\0', "interval"),
    flag('\0', "verify"),
    absent('\0', "verify-key"),
    flag('\0', "disk-usage"),
    value('c', "cursor"),
    value('\0', "cursor-file"),
    value('\0', "after-cursor"),
    flag('\0', "show-cursor"),
    value('S', "since"),
    value('U', "until"),
    value('u', "unit"),
    value('\0', "user-unit"),
    value('F', "field"),
    flag('N', "fields"),
    flag('x', "catalog"),
    absent('\0', "list-catalog"),
    absent('\0', "dump-catalog"),
    flag('\0', "update-catalog"),
    flag('r', "reverse"),
    value('M', "machine"),
    flag('\0', "utc"),
    flag('\0', "flush"),
    flag('\0', "relinquish-var"),
    flag('\0', "smart-relinquish-var"),
    flag('\0', "sync"),
    flag('\0', "rotate"),
    value('\0', "vacuum-size"),
    value('\0', "vacuum-files"),
    value('\0', "vacuum-time"),
    flag('\0', "no-hostname"),
    value('\0', "output-fields"),
    value('\0', "namespace"),
];

/// How journalctl reads its arguments.
pub(super) const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[OPTIONS...] [MATCHES...]",
    version: crate::commands::systemd::VERSION,
    status: 1,
    hint: Hint::Nothing,
    in_order: false,
};

/// Glues the argument of `-b` and `-n` to it when the next word can be one: their argument is optional, but journalctl
/// looks at the next word too.
pub(super) fn glue(args: &[String]) -> Vec<String> {
    let mut out = Vec::with_capacity(args.len());
    let mut rest = args.iter().peekable();
    while let Some(arg) = rest.next() {
        if arg == "--" {
            out.push(arg.clone());
            out.extend(rest.by_ref().cloned());
            break;
        }
        let mut arg = arg.clone();
        match last_option(&arg) {
            Some((opt, long)) if opt.takes == Takes::Argument => {
                out.push(std::mem::take(&mut arg));
                arg = match rest.next() {
                    Some(value) => value.clone(),
                    None => break,
                };
                let _ = long;
            }
            Some((opt, long)) => {
                let fits = |word: &str| match opt.key {
                    "boot" => boot_descriptor(word).is_some(),
                    "lines" => word == "all" || word.parse::<u32>().is_ok(),
                    _ => false,
                };
                if let Some(word) = rest.next_if(|word| fits(word)) {
                    let equals = if long { "=" } else { "" };
                    arg = format!("{arg}{equals}{word}");
                }
            }
            None => {}
        }
        out.push(arg);
    }
    out
}

/// The option that ends a word and has no argument in it yet; whether it is a long one.
fn last_option(word: &str) -> Option<(&'static Opt, bool)> {
    if let Some(long) = word.strip_prefix("--") {
        if long.contains('=') {
            return None;
        }
        let exact = TABLE.iter().find(|o| o.long == long);
        return exact.or_else(|| TABLE.iter().find(|o| o.long.starts_with(long))).map(|o| (o, true));
    }
    let letters = word.strip_prefix('-')?;
    for (at, letter) in letters.char_indices() {
        let opt = TABLE.iter().find(|o| o.short == letter)?;
        let last = at + letter.len_utf8() == letters.len();
        match opt.takes {
            Takes::Nothing => {}
            Takes::NotSimulated => return None,
            _ => return last.then_some((opt, false)),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glued(line: &str) -> String {
        let args: Vec<String> = line.split(' ').map(str::to_owned).collect();
        glue(&args).join(" ")
    }

    #[test]
    fn an_argument_may_stand_in_the_next_word() {
        assert_eq!(glued("-b -1 -u x"), "-b-1 -u x");
        assert_eq!(glued("-n 5 -b"), "-n5 -b");
        assert_eq!(glued("-n many"), "-n many");
        assert_eq!(glued("--lines 5 --boot all"), "--lines=5 --boot=all");
        assert_eq!(glued("-u -n 5"), "-u -n 5");
        assert_eq!(glued("-xen 20"), "-xen20");
        assert_eq!(glued("-n -5"), "-n -5");
        assert_eq!(glued("-b abc"), "-b abc");
    }
}
