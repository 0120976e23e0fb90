//! Commands that the shell also has built in, and the pure functions behind both: IEEE Std 1003.1, Utilities.

mod constant;
pub mod conversion;
mod date;
pub mod date_parse;
pub mod echo;
mod env;
pub mod escape;
pub mod names;
pub mod number;
mod place;
pub mod printf;
pub mod quote;
mod sleep;
pub mod strftime;
pub mod test;

use crate::commands::Command;

/// The commands of this group.
pub const COMMANDS: &[&Command] = &[
    &constant::CLEAR,
    &constant::FALSE,
    &constant::SYNC,
    &constant::TRUE,
    &date::COMMAND,
    &echo::COMMAND,
    &env::ENV,
    &env::PRINTENV,
    &names::BASENAME,
    &names::DIRNAME,
    &place::PWD,
    &place::TTY,
    &place::WHICH,
    &printf::COMMAND,
    &sleep::COMMAND,
    &test::BRACKET,
    &test::COMMAND,
];

#[cfg(test)]
mod tests {
    use crate::commands::testing::Bench;

    #[test]
    fn they_answer_as_the_real_ones() {
        Bench::new().file("f", "x").file("d/x", "").play(include_str!("posix.cases"));
    }
}
