//! How a job is written into a queue and read back: a text with `{job}`, `{id}`, `{attempts}` and `{at}` in it.

use crate::vps::program_spec::QueueSpec;

/// A job as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payload {
    /// Its text: what the declaration's rules look at.
    pub job: String,
    /// Its id; empty when the stored text has none.
    pub id: String,
    /// How often it was tried before.
    pub attempts: u32,
    /// When it was made, as it is stored.
    pub at: String,
}

/// The text that redis keeps for a job.
pub fn encode(queue: &QueueSpec, payload: &Payload) -> String {
    let again = queue.stored_again.as_ref().filter(|_| payload.attempts > 0);
    let Some(template) = again.or(queue.stored.as_ref()) else { return payload.job.clone() };
    let mut out = String::new();
    for part in parts(template) {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Hole("job") => out.push_str(&payload.job.replace('\\', "\\\\").replace('"', "\\\"")),
            Part::Hole("id") => out.push_str(&payload.id),
            Part::Hole("attempts") => out.push_str(&payload.attempts.to_string()),
            Part::Hole(_) => out.push_str(&payload.at),
        }
    }
    out
}

/// The job that a stored text holds; a text of another form is the job itself.
pub fn decode(queue: &QueueSpec, stored: &str) -> Payload {
    let templates = [queue.stored.as_ref(), queue.stored_again.as_ref()];
    let found = templates.into_iter().flatten().find_map(|template| read(template, stored));
    found.unwrap_or_else(|| Payload { job: stored.to_owned(), ..Payload::default() })
}

enum Part<'a> {
    Text(&'a str),
    Hole(&'a str),
}

fn parts(template: &str) -> Vec<Part<'_>> {
    let mut out = Vec::new();
    let mut rest = template;
    loop {
        let next =
            ["{job}", "{id}", "{attempts}", "{at}"].iter().filter_map(|hole| Some((rest.find(hole)?, hole))).min();
        let Some((at, hole)) = next else {
            out.push(Part::Text(rest));
            return out;
        };
        out.push(Part::Text(&rest[..at]));
        out.push(Part::Hole(&rest[at + 1..at + hole.len() - 1]));
        rest = &rest[at + hole.len()..];
    }
}

fn read(template: &str, stored: &str) -> Option<Payload> {
    let mut payload = Payload::default();
    let parts = parts(template);
    let mut rest = stored;
    for (at, part) in parts.iter().enumerate() {
        match part {
            Part::Text(text) => rest = rest.strip_prefix(text)?,
            Part::Hole(name) => {
                let end = match parts.get(at + 1) {
                    Some(Part::Text(text)) if !text.is_empty() => rest.find(text)?,
                    _ => rest.len(),
                };
                let value = &rest[..end];
                rest = &rest[end..];
                match *name {
                    "job" => payload.job = value.replace("\\\"", "\"").replace("\\\\", "\\"),
                    "id" => payload.id = value.to_owned(),
                    "attempts" => payload.attempts = value.parse().ok()?,
                    _ => payload.at = value.to_owned(),
                }
            }
        }
    }
    rest.is_empty().then_some(payload)
}

/// Whether a text is what a pattern with `*` asks for.
pub fn is_like(pattern: &str, text: &str) -> bool {
    crate::commands::net::redis::glob(pattern, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_survive_the_queue() {
        let queue = QueueSpec {
            stored: Some("{\"body\":\"Mail:{job}\",\"headers\":[]}".into()),
            stored_again: Some("{\"body\":\"Mail:{job}\",\"headers\":{\"retry\":{attempts}}}".into()),
            ..QueueSpec::default()
        };
        for attempts in [0, 2] {
            for job in ["boom", "a \"b\" \\c", ""] {
                let payload = Payload { job: job.into(), attempts, ..Payload::default() };
                assert_eq!(decode(&queue, &encode(&queue, &payload)), payload);
            }
        }
        assert_eq!(decode(&queue, "hand made").job, "hand made");
    }
}
