//! Running the tree, frame by frame: bash(1), SHELL GRAMMAR.

pub(super) mod compound;
pub(super) mod exec;
mod fork;
mod function;
mod list;
mod pipeline;
pub(super) mod reader;
pub(super) mod redirect;
mod select;
pub(super) mod simple;
mod startup;
pub(super) mod substitution;
mod test;
mod trace;
mod unwind;

pub(super) use trace::shown_folder;
