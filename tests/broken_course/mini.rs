//! The smallest course that is right in every respect; each test breaks one thing of it.

use concierge::lesson::content::source::MemorySource;

pub const LESSON: &str = "lessons/first/lesson.toml";
pub const EN: &str = "lessons/first/en.md";
pub const FR: &str = "lessons/first/fr.md";
pub const SCENARIO: &str = "scenarios/plain/scenario.toml";
pub const COURSE: &str = "lessons/course.toml";

/// The good course, without its translations.lock.
pub fn course() -> MemorySource {
    MemorySource::new([
        (COURSE, COURSE_TOML),
        (LESSON, LESSON_TOML),
        (EN, "# First\n\nWelcome.\n\n## Look {#look}\n\nLook around.\n\n## Do {#do}\n\nNow do.\n"),
        (FR, "# Premier\n\nBienvenue.\n\n## Regarde {#look}\n\nRegarde bien.\n\n## Fais {#do}\n\nÀ toi.\n"),
        (SCENARIO, SCENARIO_TOML),
        ("scenarios/plain/hello.sh", "#!/bin/sh\necho hello\n"),
    ])
}

const COURSE_TOML: &str = r#"format = 1
id = "mini"
title = { en = "Mini", fr = "Mini" }
lessons = ["first"]
"#;

const SCENARIO_TOML: &str = r#"format = 1
id = "plain"
title = { en = "Plain", fr = "Simple" }
machine = "debian-12"
clock = "2026-01-05T02:40:00Z"
seed = 7

[[file]]
path = "/usr/local/bin/hello"
from = "hello.sh"
mode = "0755"

[[program]]
id = "worker"
argv = ["php", "bin/console", "..."]
port = 8080
memory = { start = "24M", per_hour = "1M" }
prints = [ { after = "1s", lines = "ready" } ]
crash = [ { daily = "03:00", dies = { signal = "SIGSEGV" } } ]
"#;

const LESSON_TOML: &str = r#"format = 1
id = "first"
title = { en = "First", fr = "Premier" }
minutes = 5
scenario = "plain"

[[step]]
id = "look"
[[step.quiz]]
id = "who"
kind = "choice"
ask = { en = "Who?", fr = "Qui donc" }
[[step.quiz.option]]
en = "PID 1"
fr = "PID 1"
right = true
why = { en = "Yes.", fr = "Oui." }
[[step.quiz.option]]
en = "Nobody"
fr = "Personne"
why = { en = "No.", fr = "Non." }

[[step]]
id = "do"
[[step.goal]]
id = "marked"
en = "There is a mark."
fr = "Il y a une marque."
check = { file = "/tmp/mark", exists = true }
[[step.goal]]
id = "stays"
en = "It stays."
fr = "Elle reste."
fork = { do = ["reboot"], advance = "10s" }
check = { file = "/tmp/mark", exists = true }
[[step.hint]]
when = { file = "/tmp/mark", exists = false }
en = "Touch it."
fr = "Touche-la."
[[step.solution]]
id = "touch"
run = ["touch /tmp/mark"]
[[step.wrong]]
id = "elsewhere"
run = ["touch /tmp/other"]
fails = ["marked", "stays"]
"#;
