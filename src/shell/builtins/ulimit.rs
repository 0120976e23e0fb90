//! `ulimit`: the limits of the shell and of what it starts: bash(1), getrlimit(2).

use super::Done;
use crate::shell::bash::Bash;
use crate::world::{CapabilitySet, Errno, Resource, Sys, UNLIMITED, limit_text};

/// A limit as the shell shows it: letter, resource, words, unit, and how many of the kernel's units one is.
struct Shown(char, Option<Resource>, &'static str, &'static str, u64);

/// In the order of `ulimit -a`.
const SHOWN: &[Shown] = &[
    Shown('R', Some(Resource::Rttime), "real-time non-blocking time", "microseconds", 1),
    Shown('c', Some(Resource::Core), "core file size", "blocks", 1024),
    Shown('d', Some(Resource::Data), "data seg size", "kbytes", 1024),
    Shown('e', Some(Resource::Nice), "scheduling priority", "", 1),
    Shown('f', Some(Resource::Fsize), "file size", "blocks", 1024),
    Shown('i', Some(Resource::Sigpending), "pending signals", "", 1),
    Shown('l', Some(Resource::Memlock), "max locked memory", "kbytes", 1024),
    Shown('m', Some(Resource::Rss), "max memory size", "kbytes", 1024),
    Shown('n', Some(Resource::Nofile), "open files", "", 1),
    Shown('p', None, "pipe size", "512 bytes", 512),
    Shown('q', Some(Resource::Msgqueue), "POSIX message queues", "bytes", 1),
    Shown('r', Some(Resource::Rtprio), "real-time priority", "", 1),
    Shown('s', Some(Resource::Stack), "stack size", "kbytes", 1024),
    Shown('t', Some(Resource::Cpu), "cpu time", "seconds", 1),
    Shown('u', Some(Resource::Nproc), "max user processes", "", 1),
    Shown('v', Some(Resource::As), "virtual memory", "kbytes", 1024),
    Shown('x', Some(Resource::Locks), "file locks", "", 1),
];

/// What a pipe takes at once, in bytes.
const PIPE: u64 = 4096;

impl Shown {
    fn value(&self, sys: &Sys<'_>, hard: bool) -> String {
        let (soft, most) = self.1.map_or((PIPE, PIPE), |resource| sys.me().limits.get(resource));
        let value = if hard { most } else { soft };
        if value == UNLIMITED { limit_text(value) } else { (value / self.4).to_string() }
    }

    fn line(&self, sys: &Sys<'_>, hard: bool) -> String {
        let unit = if self.3.is_empty() { format!("(-{}) ", self.0) } else { format!("({}, -{}) ", self.3, self.0) };
        format!("{:<20} {unit:>20}{}\n", self.2, self.value(sys, hard))
    }
}

/// The builtin.
pub(super) fn ulimit(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    let (letters, mut rest) = match shell.letters(args, "SHabcdefiklmnpqrstuvxPRT") {
        Ok(found) => found,
        Err(done) => return done,
    };
    let hard = letters.contains('H') && !letters.contains('S');
    let mut wanted: Vec<char> = letters.chars().filter(|letter| !"SHa".contains(*letter)).collect();
    if letters.contains('a') {
        let text: String = SHOWN.iter().map(|shown| shown.line(sys, hard)).collect();
        shell.print(1, &text);
        return Done::Status(0);
    }
    if wanted.is_empty() {
        wanted.push('f');
    }
    let value = (!rest.is_empty()).then(|| rest.remove(0));
    let several = wanted.len() > 1;
    for (at, letter) in wanted.iter().enumerate() {
        let Some(shown) = SHOWN.iter().find(|shown| shown.0 == *letter) else {
            shell.builtin_error("ulimit", &format!("-{letter}: not simulated"));
            return Done::Status(1);
        };
        let result = match &value {
            Some(word) if at + 1 == wanted.len() => set(sys, shown, word, &letters),
            _ => {
                let text = if several { shown.line(sys, hard) } else { shown.value(sys, hard) + "\n" };
                shell.print(1, &text);
                Ok(())
            }
        };
        if let Err(message) = result {
            shell.builtin_error("ulimit", &message);
            return Done::Status(1);
        }
    }
    Done::Status(0)
}

/// Sets a limit; the error is the shell's message.
fn set(sys: &mut Sys<'_>, shown: &Shown, word: &str, letters: &str) -> Result<(), String> {
    let refused = |errno: Errno| format!("{}: cannot modify limit: {}", shown.2, errno.message());
    let Some(resource) = shown.1 else { return Err(refused(Errno::EINVAL)) };
    let (old_soft, old_hard) = sys.me().limits.get(resource);
    let new = match word {
        "unlimited" => UNLIMITED,
        "hard" => old_hard,
        "soft" => old_soft,
        _ => match word.parse::<u64>() {
            Ok(number) => number.checked_mul(shown.4).ok_or_else(|| format!("{word}: limit out of range"))?,
            Err(_) => return Err(format!("{word}: invalid number")),
        },
    };
    let both = !letters.contains(['S', 'H']);
    let soft = if both || letters.contains('S') { new } else { old_soft };
    let hard = if both || letters.contains('H') { new } else { old_hard };
    if hard > old_hard && !sys.me().cred.can(CapabilitySet::SYS_RESOURCE) {
        return Err(refused(Errno::EPERM));
    }
    if soft > hard {
        return Err(refused(Errno::EINVAL));
    }
    sys.me_mut().limits.set(resource, soft, hard);
    Ok(())
}
