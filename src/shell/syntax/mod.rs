//! The grammar of bash, pure: text to tree, tree to text, and nothing of any machine: bash(1), SHELL GRAMMAR.
//!
//! [`parse_next`] reads one complete command at a time, as bash does, so that a syntax error on the tenth line of a
//! script does not keep the first line from running.

use std::sync::Arc;

pub mod arithmetic;
mod arithmetic_token;
mod assignment;
pub mod ast;
mod compound;
mod condition;
mod dollar;
mod error;
pub mod escape;
mod grammar;
pub(super) mod lexer;
mod parameter;
mod parts;
pub mod print;
mod print_compound;
mod print_redirect;
mod quoting;
mod source;
pub mod tokens;
pub mod word;

pub use assignment::split_assignment;
pub use error::SyntaxError;
pub use lexer::{AliasLookup, RESERVED, is_name};

use ast::{List, Word};
use lexer::{Parser, Place, Token};
use quoting::Quoted;
use source::Source;

/// A place in a text: where the next command is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Byte offset.
    pub offset: usize,
    /// Line number, from 1.
    pub line: u32,
}

impl Default for Position {
    fn default() -> Self {
        Self { offset: 0, line: 1 }
    }
}

/// How a text is read.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// No more text will come: what is unfinished is an error. An interactive shell says `false` until Ctrl-D.
    pub final_text: bool,
    /// `shopt extglob`
    pub extglob: bool,
    /// What bash has and dash has not (`[[`, `function`, arrays, …) is not known.
    pub posix: bool,
    /// Finds aliases; a shell that does not expand them finds none.
    pub aliases: &'a AliasLookup<'a>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { final_text: true, extglob: false, posix: false, aliases: &|_| None }
    }
}

/// What [`parse_next`] found.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A complete command, and the place after its line.
    Command(Arc<List>, Position),
    /// Nothing but blanks, comments and newlines before the end of the text.
    End,
    /// More lines are needed: the shell prompts with `PS2`. Only when the text is not final.
    Incomplete,
    /// bash refuses the text; what follows it on its line is lost.
    Error(SyntaxError),
}

/// Reads the next complete command of `text`.
pub fn parse_next(text: &str, from: Position, options: Options<'_>) -> Outcome {
    let mut parser = Parser::new(Source::new(text, from.offset, from.line), options.aliases);
    parser.extglob = options.extglob;
    parser.posix = options.posix;
    let result = read_command(&mut parser);
    if !options.final_text && (parser.source.continues || matches!(&result, Err(error) if error.at_end)) {
        return Outcome::Incomplete;
    }
    match result {
        Ok(None) => Outcome::End,
        Ok(Some(list)) => {
            let position = Position { offset: parser.source.pos(), line: parser.source.line() };
            Outcome::Command(Arc::new(list), position)
        }
        Err(error) => Outcome::Error(error),
    }
}

fn read_command(parser: &mut Parser<'_>) -> Result<Option<List>, SyntaxError> {
    parser.newlines()?;
    if *parser.peek(Place::Command)? == Token::End {
        return Ok(None);
    }
    let list = parser.complete_command()?;
    parser.finish_here_documents();
    Ok(Some(list))
}

/// Reads a whole text: each of its complete commands, or the first error.
pub fn parse(text: &str, options: Options<'_>) -> Result<Vec<Arc<List>>, SyntaxError> {
    let mut commands = Vec::new();
    let mut position = Position::default();
    loop {
        match parse_next(text, position, Options { final_text: true, ..options }) {
            Outcome::Command(list, next) => {
                commands.push(list);
                position = next;
            }
            Outcome::End | Outcome::Incomplete => return Ok(commands),
            Outcome::Error(error) => return Err(error),
        }
    }
}

/// Reads text as if between double quotes, where `"` is an ordinary character: how prompts (`PS1`) are expanded.
/// Text that cannot be parsed stays as it is.
pub fn parse_prompt(text: &str) -> Word {
    let aliases: &AliasLookup<'_> = &|_| None;
    let mut parser = Parser::new(Source::exact(text, 1), aliases);
    parser.here_word(text, false, 1)
}

/// Reads text as if between double quotes, or says what is missing.
pub fn parse_quoted(text: &str) -> Result<Word, SyntaxError> {
    let aliases: &AliasLookup<'_> = &|_| None;
    let mut parser = Parser::new(Source::exact(text, 1), aliases);
    parser.nested(|parser| parser.quoted_word(Quoted::HereDoc))
}
