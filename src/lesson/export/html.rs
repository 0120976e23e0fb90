//! A run as one page of HTML that needs nothing beside itself.

use super::{Scene, What, printed};
use std::fmt::Write as _;

const STYLE: &str = "body{max-width:60rem;margin:2rem auto;padding:0 1rem;font-family:system-ui,sans-serif}\
pre{background:#111;color:#ddd;padding:.6rem 1rem;overflow-x:auto;border-radius:4px}b{color:#fff}\
.met{color:#067d2c}.unmet{color:#a33}";

/// The page, in the language `lang`, under `title`.
pub fn html(title: &str, lang: &str, scenes: &[Scene]) -> String {
    let title = escaped(title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>{STYLE}</style>\n\
         </head>\n<body>\n<h1>{title}</h1>\n"
    );
    for scene in scenes {
        let _ = match &scene.what {
            What::Step(step) => writeln!(out, "<h2>{}</h2>", escaped(step)),
            What::Typed { prompt, line, shown } => {
                let line = escaped(&line.replace('\n', "\n> "));
                let text = escaped(&printed(shown));
                let gap = if text.is_empty() { "" } else { "\n" };
                writeln!(out, "<pre>{}<b>{line}</b>{gap}{text}</pre>", escaped(prompt))
            }
            What::Word(word) => writeln!(out, "<p><code>{}</code></p>", escaped(word)),
            What::Goal { say, met } => {
                let (class, mark) = if *met { ("met", "☑") } else { ("unmet", "☐") };
                writeln!(out, "<p class=\"{class}\">{mark} {}</p>", escaped(say))
            }
            What::Answered { ask, right } => {
                let (class, mark) = if *right { ("met", "✓") } else { ("unmet", "✗") };
                writeln!(out, "<p class=\"{class}\">{mark} {}</p>", escaped(ask))
            }
        };
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
