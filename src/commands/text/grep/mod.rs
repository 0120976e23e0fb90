//! Finds lines that match patterns: grep(1).

mod matcher;
mod search;
mod settings;

use super::Command;
use crate::world::filter;

/// `grep`.
pub const GREP: Command =
    Command { name: "grep", path: "/usr/bin/grep", program: |argv| filter(search::Search::default(), argv) };
/// `egrep`: `grep -E`.
pub const EGREP: Command = Command { name: "egrep", path: "/usr/bin/egrep", ..GREP };
/// `fgrep`: `grep -F`.
pub const FGREP: Command = Command { name: "fgrep", path: "/usr/bin/fgrep", ..GREP };
/// `zgrep` reads compressed files too; there are none here.
pub const ZGREP: Command = Command { name: "zgrep", path: "/usr/bin/zgrep", ..GREP };

#[cfg(test)]
mod tests {
    use crate::commands::testing::Bench;
    use crate::world::Duration;

    #[test]
    fn answers_as_the_real_one() {
        let log = "10:01 INFO job=1 done\n10:02 ERROR job=2 failed\n10:03 INFO job=3 done\n10:04 info job=4\n";
        Bench::new()
            .file("log", log)
            .file("d/x", "a\nb\n")
            .file("d/e/y", "a\n")
            .file("bin", "a\0b\n")
            .file("pat", "ERROR\njob=3\n")
            .play(include_str!("grep.cases"));
    }

    #[test]
    fn lines_come_out_while_input_goes_on() {
        let mut bench = Bench::new().file("f", "one\n");
        let pid = bench.start(&["grep", "--line-buffered", "o"], "one\ntwo\nthree\n");
        assert_eq!(bench.wait(pid, Duration::from_secs(1)).out, "one\ntwo\n");
    }
}
