//! The grammar of bash, pure: text to tree, tree to text, and nothing of any machine: bash(1), SHELL GRAMMAR.

pub mod ast;
pub mod word;
