//! Prose files: Markdown (CommonMark) whose second-level headings carry the anchors of the steps: `## Title {#step-id}`.

use super::diagnostic::{Doc, Place};
use super::nearest::nearest;
use super::problem::Problem;
use super::reader::{Word, words};
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
    /// What follows the heading, as Markdown, trimmed, up to the first part.
    pub body: String,
    /// What is told at its own moment: third-level headings with the anchor of a part, such as `### … {#task}`.
    pub parts: Vec<Part>,
    /// Where the heading stands.
    pub at: Place,
    /// Where the body begins.
    pub body_at: Place,
}

words! {
    /// When a part of a step is told.
    PartWord {
        /// Before the task: the wrong way, tried first.
        Break = "break",
        /// What is to be done.
        Task = "task",
        /// Once the step is done: what happened and what stays.
        Debrief = "debrief",
        /// Common mistakes, told with the debrief and by `:mistakes`.
        Mistakes = "mistakes",
    }
}

/// A part of a step's section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// When it is told.
    pub kind: PartWord,
    /// Its heading's text.
    pub title: String,
    /// What follows, as Markdown, trimmed.
    pub body: String,
    /// Where its heading stands.
    pub at: Place,
}

impl Section {
    /// Heading, body and parts together, as they are signed off.
    pub fn source(&self) -> String {
        let mut source = format!("{}\n\n{}", self.title, self.body);
        for part in &self.parts {
            source.push_str(&format!("\n\n{} {}\n\n{}", part.kind.word(), part.title, part.body));
        }
        source
    }

    /// The part of a kind, if there is one.
    pub fn part(&self, kind: PartWord) -> Option<&Part> {
        self.parts.iter().find(|part| part.kind == kind)
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
        let subs = headings.iter().filter(|h| h.level == HeadingLevel::H3 && h.id.is_some());
        let subs: Vec<&Heading> = subs.filter(|h| (heading.span.end..end).contains(&h.span.start)).collect();
        let body_end = subs.first().map_or(end, |sub| sub.span.start);
        let parts = parts(doc, &subs, end);
        let raw = doc.text.get(heading.span.end..body_end).unwrap_or("");
        let body = raw.trim();
        if body.is_empty() && parts.is_empty() {
            doc.report_at(at, Problem::EmptySection(id.clone()));
        }
        let body_at = doc.place(heading.span.end + (raw.len() - raw.trim_start().len()));
        sections.push(Section { id, title: heading.title.clone(), body: body.to_owned(), parts, at, body_at });
    }
    Prose { opening, sections }
}

/// The parts that begin at `subs`; the last ends at `end`. Unknown anchors and empty parts are reported.
fn parts(doc: &Doc<'_>, subs: &[&Heading], end: usize) -> Vec<Part> {
    let words = PartWord::words();
    let mut parts: Vec<Part> = Vec::new();
    for (n, sub) in subs.iter().enumerate() {
        let at = doc.place(sub.span.start);
        let id = sub.id.clone().unwrap_or_default();
        let Some((_, kind)) = words.iter().find(|(word, _)| *word == id) else {
            let near = nearest(&id, words.iter().map(|(word, _)| *word)).map(str::to_owned);
            let known = words.iter().map(|(word, _)| (*word).to_owned()).collect();
            doc.report_at(at, Problem::UnknownWord { word: id, near, known });
            continue;
        };
        if parts.iter().any(|part| part.kind == *kind) {
            doc.report_at(at, Problem::Duplicate(id));
            continue;
        }
        let next = subs.get(n + 1).map_or(end, |next| next.span.start);
        let body = doc.text.get(sub.span.end..next).unwrap_or("").trim().to_owned();
        if body.is_empty() {
            doc.report_at(at, Problem::EmptySection(id));
        }
        parts.push(Part { kind: *kind, title: sub.title.clone(), body, at });
    }
    parts
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
    fn parts_are_told_apart() {
        let text =
            "## One {#one}\n\nStory\n\n### Sub\n\nmore\n\n### Do it {#task}\n\nNow.\n\n### So {#debrief}\n\nSee.\n";
        let doc = Doc::new("x.md", text);
        let prose = read_prose(&doc);
        let section = &prose.sections[0];
        assert_eq!(section.body, "Story\n\n### Sub\n\nmore");
        let told: Vec<_> = section.parts.iter().map(|p| (p.kind, p.title.as_str(), p.body.as_str())).collect();
        assert_eq!(told, [(PartWord::Task, "Do it", "Now."), (PartWord::Debrief, "So", "See.")]);
        assert!(!doc.has_errors());
        let doc = Doc::new("x.md", "## One {#one}\n\nS\n\n### A {#tsak}\n\nx\n\n### B {#task}\n\n### C {#task}\n\nx\n");
        read_prose(&doc);
        let lines: Vec<_> = doc.into_diagnostics().iter().map(|d| d.line(crate::lesson::text::Lang::En)).collect();
        assert_eq!(
            lines,
            [
                "x.md:5:1: unknown word `tsak`; did you mean `task`?",
                "x.md:9:1: the section `task` has no text; write it",
                "x.md:11:1: the id `task` is used twice; rename one",
            ]
        );
    }

    #[test]
    fn a_heading_without_anchor_and_an_empty_section_are_errors() {
        let doc = Doc::new("x.md", "## One\n\nBody\n\n## Two {#two}\n");
        read_prose(&doc);
        let problems: Vec<_> = doc.into_diagnostics().into_iter().map(|d| (d.at.line, d.problem)).collect();
        assert_eq!(problems, [(1, Problem::NoAnchor("One".into())), (5, Problem::EmptySection("two".into()))]);
    }
}
