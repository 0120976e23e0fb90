//! The terminal front end.
pub fn main() {}
