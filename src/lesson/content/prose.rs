//! Prose files: Markdown (CommonMark) whose second-level headings carry the anchors of the steps: `## Title {#step-id}`.

use super::diagnostic::{Doc, Place};
use super::problem::Problem;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// The prose of a lesson in one language.
#[derive(Clone, Debug, Default)]
pub struct Prose {
    /// What stands before the first step, as Markdown, without a first-level heading.
    pub opening: String,
    /// A section for each step.
    pub sections: Vec<Section>,
}

/// The prose of one step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// The anchor.
    pub id: String,
    /// The heading's text.
    pub title: String,
    /// What follows the heading, as Markdown, trimmed.
    pub body: String,
    /// Where the heading stands.
    pub at: Place,
    /// Where the body begins.
    pub body_at: Place,
}

impl Section {
    /// Heading and body together, as they are signed off.
    pub fn source(&self) -> String {
        format!("{}\n\n{}", self.title, self.body)
    }
}

/// A heading of the file.
struct Heading {
    level: HeadingLevel,
    id: Option<String>,
    title: String,
    span: Range<usize>,
}

/// Reads a prose file; headings without anchors and empty sections are reported.
pub fn read_prose(doc: &Doc<'_>) -> Prose {
    let headings = headings(doc.text);
    let steps: Vec<&Heading> = headings.iter().filter(|h| h.level == HeadingLevel::H2).collect();
    let first = steps.first().map_or(doc.text.len(), |h| h.span.start);
    let title_end =
        headings.iter().find(|h| h.level == HeadingLevel::H1 && h.span.start < first).map_or(0, |h| h.span.end);
    let opening = doc.text.get(title_end..first).unwrap_or("").trim().to_owned();
    let mut sections = Vec::new();
    for (n, heading) in steps.iter().enumerate() {
        let end = steps.get(n + 1).map_or(doc.text.len(), |next| next.span.start);
        let at = doc.place(heading.span.start);
        let Some(id) = heading.id.clone() else {
            doc.report_at(at, Problem::NoAnchor(heading.title.clone()));
            continue;
        };
        let raw = doc.text.get(heading.span.end..end).unwrap_or("");
        let body = raw.trim();
        if body.is_empty() {
            doc.report_at(at, Problem::EmptySection(id.clone()));
        }
        let body_at = doc.place(heading.span.end + (raw.len() - raw.trim_start().len()));
        sections.push(Section { id, title: heading.title.clone(), body: body.to_owned(), at, body_at });
    }
    Prose { opening, sections }
}

fn headings(text: &str) -> Vec<Heading> {
    let mut found = Vec::new();
    let mut open: Option<Heading> = None;
    for (event, span) in Parser::new_ext(text, Options::ENABLE_HEADING_ATTRIBUTES).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, id, .. }) => {
                open = Some(Heading { level, id: id.map(|i| i.to_string()), title: String::new(), span });
            }
            Event::End(TagEnd::Heading(_)) => found.extend(open.take()),
            Event::Text(piece) | Event::Code(piece) => {
                if let Some(heading) = &mut open {
                    heading.title.push_str(&piece);
                }
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_carry_their_anchors() {
        let doc =
            Doc::new("x.md", "# T\n\nHello\n\n## One `a` {#one}\n\nBody\n\n### Sub\n\nmore\n\n## Two {#two}\nB\n");
        let prose = read_prose(&doc);
        assert_eq!(prose.opening, "Hello");
        let ids: Vec<_> = prose.sections.iter().map(|s| (s.id.as_str(), s.title.as_str())).collect();
        assert_eq!(ids, [("one", "One a"), ("two", "Two")]);
        assert_eq!(prose.sections[0].body, "Body\n\n### Sub\n\nmore");
        assert_eq!(prose.sections[0].body_at, Place { line: 7, column: 1 });
        assert!(!doc.has_errors());
    }

    #[test]
    fn a_heading_without_anchor_and_an_empty_section_are_errors() {
        let doc = Doc::new("x.md", "## One\n\nBody\n\n## Two {#two}\n");
        read_prose(&doc);
        let problems: Vec<_> = doc.into_diagnostics().into_iter().map(|d| (d.at.line, d.problem)).collect();
        assert_eq!(problems, [(1, Problem::NoAnchor("One".into())), (5, Problem::EmptySection("two".into()))]);
    }
}
