//! The tables of course files and their keys: the data of [`schema`](super::schema).

use super::schema::{Key, Shape, TableOf};
use Shape::{Amount, Bool, Condition, Conditions, Free, Int, Many, One, OneOrMore, Str, Strs, Text, Words};

/// The files, each with the table that it is.
pub const FILES: &[(&str, &str)] =
    &[("course.json", "course"), ("lesson.json", "lesson"), ("scenario.json", "scenario")];

const fn table(name: &'static str, keys: &'static [Key]) -> TableOf {
    TableOf { name, text: false, keys }
}

const fn text(name: &'static str, keys: &'static [Key]) -> TableOf {
    TableOf { name, text: true, keys }
}

/// Every table that is neither a question nor a condition.
pub const TABLES: &[TableOf] = &[
    table("course", &[("format", true, Int), ("id", true, Str), ("title", true, Text), ("lessons", true, Strs)]),
    table(
        "lesson",
        &[
            ("format", true, Int),
            ("id", true, Str),
            ("title", true, Text),
            ("minutes", true, Int),
            ("requires", false, Strs),
            ("scenario", true, Str),
            ("clock", false, Str),
            ("step", true, Many("step")),
            ("solution", false, Many("solution")),
            ("wrong", false, Many("wrong")),
        ],
    ),
    table(
        "step",
        &[
            ("id", true, Str),
            ("demo", false, Strs),
            ("break", false, One("break")),
            ("reflect", false, One("reflect")),
            ("goal", false, Many("goal")),
            ("quiz", false, Many("quiz")),
            ("hint", false, Many("hint")),
            ("solution", false, Many("solution")),
            ("wrong", false, Many("wrong")),
            ("survives", false, Many("survivor")),
        ],
    ),
    text(
        "goal",
        &[
            ("id", true, Str),
            ("fork", false, One("fork")),
            ("chaos", false, One("chaos")),
            ("check", true, Condition),
            ("why", false, Text),
        ],
    ),
    text("break", &[("run", true, Strs), ("check", true, Condition), ("why", true, Text)]),
    table("reflect", &[("ask", true, Text), ("model", true, Text)]),
    table("fork", &[("do", false, Strs), ("advance", false, Str)]),
    table("chaos", &[("horizon", true, Str), ("seeds", false, Int), ("faults", true, Strs)]),
    text("hint", &[("when", false, Condition)]),
    table("solution", &[("id", true, Str), ("run", true, Strs), ("explain", false, Text)]),
    table("wrong", &[("id", true, Str), ("run", true, Strs), ("fails", true, Strs)]),
    table("survivor", &[("mutant", true, Str), ("because", true, Str)]),
    text("option", &[("right", false, Bool), ("why", true, Text)]),
    text(
        "foretold",
        &[("when", false, Condition), ("prints", false, Str), ("right", false, Bool), ("why", true, Text)],
    ),
    table("mistake", &[("answer", false, Str), ("pattern", false, Str), ("why", true, Text)]),
    table("command-mistake", &[("run", true, Str), ("when", false, Condition), ("why", true, Text)]),
    text("item", &[("place", false, Int), ("why", true, Text)]),
    table("pair", &[("left", true, Text), ("right", true, Text), ("why", true, Text)]),
    text("extra", &[("why", true, Text)]),
    table("line", &[("has", true, Str), ("right", false, Bool), ("why", true, Text)]),
    table(
        "scenario",
        &[
            ("format", true, Int),
            ("id", true, Str),
            ("title", true, Text),
            ("machine", true, Words(&["debian-12"])),
            ("clock", true, Str),
            ("seed", false, Int),
            ("login", false, Str),
            ("enabled", false, Strs),
            ("file", false, Many("file")),
            ("program", false, Many("anything")),
            ("programs", false, Strs),
            ("console", false, Many("anything")),
            ("queue", false, Many("anything")),
            ("upgrades", false, Strs),
        ],
    ),
    table(
        "file",
        &[("path", true, Str), ("text", false, Str), ("from", false, Str), ("mode", false, Str), ("owner", false, Str)],
    ),
];

/// The kinds of question, with what each has beside `id`, `kind`, `ask` and `explain`.
pub const QUIZZES: &[TableOf] = &[
    table("choice", &[("option", true, Many("option"))]),
    table("multi", &[("option", true, Many("option"))]),
    table("short", &[("accept", false, Strs), ("pattern", false, Str), ("mistake", false, Many("mistake"))]),
    table("recall", &[("rubric", true, Many("text")), ("model", true, Text)]),
    table(
        "command",
        &[
            ("setup", false, Strs),
            ("fork", false, One("fork")),
            ("chaos", false, One("chaos")),
            ("check", true, Condition),
            ("why", false, Text),
            ("accept", true, Strs),
            ("mistake", false, Many("command-mistake")),
        ],
    ),
    table(
        "predict",
        &[
            ("setup", false, Strs),
            ("run", true, Strs),
            ("option", false, Many("foretold")),
            ("capture", false, Str),
            ("accept", false, Strs),
            ("mistake", false, Many("mistake")),
        ],
    ),
    table("order", &[("item", true, Many("item"))]),
    table("match", &[("pair", true, Many("pair")), ("extra", false, Many("extra"))]),
    table("spot", &[("name", true, Str), ("text", true, Str), ("line", true, Many("line"))]),
    table(
        "estimate",
        &[
            ("setup", false, Strs),
            ("run", false, Strs),
            ("capture", false, Str),
            ("answer", true, Amount),
            ("tolerance", false, Str),
            ("unit", false, Text),
            ("low", true, Text),
            ("high", true, Text),
        ],
    ),
    table(
        "judge",
        &[
            ("advice", true, Text),
            ("verdict", true, Words(&["accept", "reject", "amend"])),
            ("reason", true, Many("option")),
            ("setup", false, Strs),
            ("run", true, Strs),
            ("fork", false, One("fork")),
            ("chaos", false, One("chaos")),
            ("check", true, Condition),
            ("why", false, Text),
            ("amended", false, Strs),
        ],
    ),
];

/// The subjects of conditions, each with its keys.
pub const CONDITIONS: &[TableOf] = &[
    table("all", &[("all", true, Conditions)]),
    table("any", &[("any", true, Conditions)]),
    table("not", &[("not", true, Condition)]),
    table(
        "unit",
        &[
            ("unit", true, Str),
            ("user", false, Str),
            ("exists", false, Bool),
            ("active", false, OneOrMore),
            ("sub", false, OneOrMore),
            ("enabled", false, OneOrMore),
            ("result", false, OneOrMore),
            ("restarts", false, Amount),
            ("since", false, Str),
            ("up", false, Str),
            ("property", false, Free),
        ],
    ),
    table(
        "file",
        &[
            ("file", true, Str),
            ("exists", false, Bool),
            ("kind", false, Str),
            ("mode", false, Str),
            ("owner", false, Str),
            ("contains", false, Str),
            ("absent", false, Str),
        ],
    ),
    table(
        "process",
        &[
            ("process", true, Str),
            ("user", false, Str),
            ("parent", false, Str),
            ("terminal", false, Bool),
            ("count", false, Amount),
        ],
    ),
    table("port", &[("port", true, Int), ("open", false, Bool), ("by", false, Str)]),
    table(
        "journal",
        &[
            ("journal", true, Str),
            ("user", false, Str),
            ("matches", false, Str),
            ("count", false, Amount),
            ("since", false, Str),
        ],
    ),
    table("timer", &[("timer", true, Str), ("user", false, Str), ("next", false, Str), ("fired_within", false, Str)]),
    table("boot", &[("boot", true, Amount)]),
    table(
        "queue",
        &[("queue", true, Str), ("depth", false, Amount), ("handled", false, Amount), ("lost", false, Amount)],
    ),
    table("linger", &[("linger", true, Str), ("on", false, Bool)]),
    table("answer", &[("answer", true, Str), ("right", false, Bool)]),
];
