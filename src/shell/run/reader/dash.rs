//! How dash words a syntax error: dash(1).

use crate::shell::syntax::SyntaxError;

/// The error in dash's words, as near as bash's parser knows them.
pub(super) fn words(error: &SyntaxError) -> String {
    let message = error.messages.first().map_or("", String::as_str);
    let expecting = error.expected.map_or_else(String::new, |word| format!(" (expecting \"{word}\")"));
    if let Some(token) = message.strip_prefix("syntax error near unexpected token `") {
        return match token.trim_end_matches('\'') {
            "newline" => format!("newline unexpected{expecting}"),
            token => format!("\"{token}\" unexpected{expecting}"),
        };
    }
    match message.strip_prefix("unexpected EOF while looking for matching `") {
        Some(_) => "Unterminated quoted string".to_string(),
        None => format!("end of file unexpected{expecting}"),
    }
}
