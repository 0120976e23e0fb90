//! Where prose leads: links to lessons and steps must arrive, and every lesson in the folder must be reached from the course.
//!
//! `[start or enable](lesson:start-or-enable)`, `[the crash](lesson:crash-at-3am#restart)`, `[above](#by-hand)`.

use crate::lesson::content::course::{COURSE_FILE, Loaded};
use crate::lesson::content::diagnostic::{Diagnostic, Place};
use crate::lesson::content::nearest::nearest;
use crate::lesson::content::problem::Problem;
use crate::lesson::content::source::Source;
use crate::lesson::text::Lang;
use pulldown_cmark::{Event, Options, Parser, Tag};

/// Every link that leads nowhere, and every lesson that nothing leads to.
pub fn dead_links(source: &dyn Source, loaded: &Loaded) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let listed: Vec<String> = loaded.course.iter().flat_map(|course| course.lessons.clone()).collect();
    for id in &listed {
        for lang in Lang::ALL {
            let file = format!("lessons/{id}/{}.md", lang.code());
            let text = source.read(&file).unwrap_or_default();
            let events = Parser::new_ext(&text, Options::ENABLE_HEADING_ATTRIBUTES).into_offset_iter();
            for (event, span) in events {
                let target = match event {
                    Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => dest_url.to_string(),
                    _ => continue,
                };
                if let Some(near) = dead(loaded, id, &target) {
                    found.push(Diagnostic::new(
                        &file,
                        Place::of(&text, span.start),
                        Problem::DeadLink { target, near },
                    ));
                }
            }
        }
    }
    for folder in source.list("lessons") {
        if !listed.contains(&folder) && source.read(&format!("lessons/{folder}/lesson.toml")).is_some() {
            found.push(Diagnostic::new(COURSE_FILE, Place::START, Problem::NotListed(folder)));
        }
    }
    found
}

/// `None` when the link arrives; otherwise the target that may have been meant, if one is near.
fn dead(loaded: &Loaded, own: &str, target: &str) -> Option<Option<String>> {
    if target.starts_with("https://") || target.starts_with("http://") {
        return None;
    }
    let lessons = || loaded.lessons.iter().map(|lesson| lesson.id.as_str());
    let (id, step) = match (target.strip_prefix("lesson:"), target.strip_prefix('#')) {
        (Some(rest), _) => rest.split_once('#').map_or((rest, None), |(id, step)| (id, Some(step))),
        (None, Some(step)) => (own, Some(step)),
        (None, None) => return Some(None),
    };
    let Some(lesson) = loaded.lessons.iter().find(|lesson| lesson.id == id) else {
        return Some(nearest(id, lessons()).map(|near| format!("lesson:{near}")));
    };
    let steps = || lesson.steps.iter().map(|step| step.id.as_str());
    let step = step.filter(|step| !steps().any(|known| known == *step))?;
    Some(nearest(step, steps()).map(|near| target.replace(step, near)))
}
