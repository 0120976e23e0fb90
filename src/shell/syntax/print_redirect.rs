//! Redirections as bash prints them: bash(1), REDIRECTION.

use super::ast::{Redirect, RedirectFd, RedirectOp};
use super::escape::single_quote;

/// The operator with what stands around it; of a here-document without its body.
pub(super) fn redirect_text(redirect: &Redirect) -> String {
    let target = &redirect.target.raw;
    match redirect.op {
        RedirectOp::Input => format!("{}< {target}", number(redirect, Some(0))),
        RedirectOp::Output => format!("{}> {target}", number(redirect, Some(1))),
        RedirectOp::Clobber => format!("{}>| {target}", number(redirect, Some(1))),
        RedirectOp::Append => format!("{}>> {target}", number(redirect, Some(1))),
        // bash compares with the wrong default here, so that the 0 is always printed.
        RedirectOp::ReadWrite => format!("{}<> {target}", number(redirect, None)),
        RedirectOp::OutputAll => format!("&> {target}"),
        RedirectOp::AppendAll => format!("&>> {target}"),
        RedirectOp::HereString => format!("{}<<< {target}", number(redirect, Some(0))),
        RedirectOp::HereDoc | RedirectOp::HereDocStrip => here_document(redirect),
        RedirectOp::DupInput | RedirectOp::DupOutput => duplicate(redirect),
    }
}

/// The descriptor, but for the one that needs no saying.
fn number(redirect: &Redirect, unsaid: Option<u32>) -> String {
    let input = matches!(
        redirect.op,
        RedirectOp::Input
            | RedirectOp::ReadWrite
            | RedirectOp::DupInput
            | RedirectOp::HereDoc
            | RedirectOp::HereDocStrip
            | RedirectOp::HereString
    );
    let number = match &redirect.fd {
        RedirectFd::Variable(name) => return format!("{{{name}}}"),
        RedirectFd::Number(number) => *number,
        RedirectFd::Default => u32::from(!input),
    };
    if unsaid == Some(number) { String::new() } else { number.to_string() }
}

fn here_document(redirect: &Redirect) -> String {
    let dash = if redirect.op == RedirectOp::HereDocStrip { "-" } else { "" };
    let delimiter = match &redirect.here {
        Some(here) if here.quoted => single_quote(&here.delimiter),
        Some(here) => here.delimiter.to_string(),
        None => redirect.target.raw.to_string(),
    };
    format!("{}<<{dash}{delimiter}", number(redirect, Some(0)))
}

fn duplicate(redirect: &Redirect) -> String {
    let target = &*redirect.target.raw;
    let operator = if redirect.op == RedirectOp::DupInput { "<&" } else { ">&" };
    let digits = target.strip_suffix('-').unwrap_or(target);
    if target == "-" {
        return format!("{}>&-", number(redirect, None));
    }
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        return format!("{}{operator}{target}", number(redirect, None));
    }
    let number = number(redirect, Some(u32::from(operator == ">&")));
    format!("{number}{operator}{target}")
}
