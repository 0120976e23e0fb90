//! Letters in another case: bash(1), Parameter Expansion, Case modification.

use super::pattern::Pattern;
use crate::shell::syntax::ast::CaseChange;

/// The text with the letters that match `pattern` (none: all) in another case.
pub(super) fn change_case(text: &str, change: CaseChange, pattern: Option<&Pattern>) -> String {
    let first_only = matches!(change, CaseChange::UpperFirst | CaseChange::LowerFirst | CaseChange::ToggleFirst);
    let mut out = String::new();
    for (index, c) in text.chars().enumerate() {
        let fits = pattern.is_none_or(|pattern| pattern.matches(c.encode_utf8(&mut [0; 4])));
        if !fits || first_only && index > 0 {
            out.push(c);
            continue;
        }
        match change {
            CaseChange::UpperFirst | CaseChange::UpperAll => out.extend(c.to_uppercase()),
            CaseChange::LowerFirst | CaseChange::LowerAll => out.extend(c.to_lowercase()),
            _ if c.is_uppercase() => out.extend(c.to_lowercase()),
            _ => out.extend(c.to_uppercase()),
        }
    }
    out
}
