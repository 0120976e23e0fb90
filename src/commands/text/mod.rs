//! Commands for text: filters and calculators.

mod grep;
pub mod regexp;

use super::Command;

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[&grep::GREP, &grep::EGREP, &grep::FGREP, &grep::ZGREP];
