//! `concierge new`: a course, a lesson or a scenario that is green under `check` at once, to be changed from there.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::args::{Args, Thing};
use super::screen;
use super::source::Folder;
use crate::lesson::check::words::typeset;
use crate::lesson::content::course::{COURSE_FILE, load_course};
use crate::lesson::content::schema::schemas;
use crate::lesson::content::translations::{LOCK_FILE, lock_with};
use crate::lesson::content::{Source, reader::is_id};

/// The template of each file: its path, in which `@ID@` stands for the new thing's id, and its text.
const LESSON: [(&str, &str); 3] = [
    ("lessons/@ID@/lesson.toml", include_str!("templates/lesson.toml")),
    ("lessons/@ID@/en.md", include_str!("templates/en.md")),
    ("lessons/@ID@/fr.md", include_str!("templates/fr.md")),
];
const SCENARIO: [(&str, &str); 2] = [
    ("scenarios/@ID@/scenario.toml", include_str!("templates/scenario.toml")),
    ("scenarios/@ID@/motd", include_str!("templates/motd")),
];
const COURSE: [(&str, &str); 1] = [(COURSE_FILE, include_str!("templates/course.toml"))];

/// The first lesson and scenario of a new course.
const FIRST_LESSON: &str = "first-lesson";
const FIRST_SCENARIO: &str = "plain";

/// What the marks in templates stand for.
struct Values<'a> {
    id: &'a str,
    lesson: &'a str,
    scenario: &'a str,
}

/// Makes a thing named `name` in `--course DIR` or in the current folder; a course is made in the folder `name`.
pub fn new(args: &Args, thing: Thing, name: &str) -> Result<ExitCode, Box<dyn Error>> {
    let folder = args.course.clone().unwrap_or_else(|| PathBuf::from("."));
    match thing {
        Thing::Course => course(Path::new(name)),
        Thing::Lesson => lesson(&folder, checked(name)?),
        Thing::Scenario => scenario(&folder, checked(name)?),
    }?;
    Ok(ExitCode::SUCCESS)
}

fn checked(id: &str) -> Result<&str, String> {
    let good = is_id(id) && !id.is_empty();
    good.then_some(id)
        .ok_or_else(|| format!("{id:?} is no id: use only a-z, 0-9 and `-`, for example restart-policies"))
}

fn course(folder: &Path) -> Result<(), Box<dyn Error>> {
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let values = Values { id: checked(name)?, lesson: FIRST_LESSON, scenario: FIRST_SCENARIO };
    write_all(folder, &COURSE, &values)?;
    write_all(folder, &SCENARIO, &Values { id: FIRST_SCENARIO, ..values })?;
    write_all(folder, &LESSON, &Values { id: FIRST_LESSON, ..values })?;
    write_schemas(&folder.join("schemas"))?;
    sign(folder, "")
}

fn lesson(folder: &Path, id: &str) -> Result<(), Box<dyn Error>> {
    let source = Folder(folder.to_owned());
    let table = source.read(COURSE_FILE).ok_or_else(|| no_course(folder))?;
    let scenarios = source.list("scenarios");
    let Some(scenario) = scenarios.iter().find(|s| *s == FIRST_SCENARIO).or(scenarios.first()) else {
        return Err("the course has no scenario yet: make one with `concierge new scenario plain`".into());
    };
    let listed = listed(&table, id).ok_or("cannot find `lessons = [ … ]` in lessons/course.toml")?;
    write_all(folder, &LESSON, &Values { id, lesson: id, scenario })?;
    write(&folder.join(COURSE_FILE), &listed)?;
    sign(folder, &format!("{id}/"))
}

fn scenario(folder: &Path, id: &str) -> Result<(), Box<dyn Error>> {
    Folder(folder.to_owned()).read(COURSE_FILE).ok_or_else(|| no_course(folder))?;
    write_all(folder, &SCENARIO, &Values { id, lesson: "", scenario: id })?;
    sign(folder, &format!("scenario/{id}/"))
}

fn no_course(folder: &Path) -> String {
    format!(
        "{} is no course: make one with `concierge new course NAME`, or name one with --course DIR",
        folder.display()
    )
}

/// The table of contents with one more lesson at its end; `None` when there is no list.
fn listed(table: &str, id: &str) -> Option<String> {
    let key = table.lines().position(|line| line.trim_start().starts_with("lessons"))?;
    let start: usize = table.split_inclusive('\n').take(key).map(str::len).sum();
    let open = start + table[start..].find('[')?;
    let close = open + table[open..].find(']')?;
    let inside = table[open + 1..close].trim_end();
    let comma = if inside.is_empty() || inside.ends_with(',') { "" } else { "," };
    let gap = if inside.is_empty() { "" } else { " " };
    Some(format!("{}{inside}{comma}{gap}\"{id}\"{}", &table[..=open], &table[close..]))
}

/// Writes the files of a template, none of which may exist.
fn write_all(folder: &Path, files: &[(&str, &str)], values: &Values<'_>) -> Result<(), Box<dyn Error>> {
    let mut title = values.id.replace('-', " ");
    title.get_mut(..1).into_iter().for_each(str::make_ascii_uppercase);
    for (name, text) in files {
        let name = name.replace("@ID@", values.id);
        let path = folder.join(&name);
        if path.exists() {
            return Err(format!("{} exists already: choose another name", path.display()).into());
        }
        let text = text.replace("@TITLE@", &title).replace("@ID@", values.id);
        let text = text.replace("@LESSON@", values.lesson).replace("@SCENARIO@", values.scenario);
        write(&path, &typeset(&name, &text).unwrap_or(text))?;
        screen::line(&path.display().to_string());
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let said = |e: std::io::Error| format!("cannot write {}: {e}", path.display());
    path.parent().map_or(Ok(()), fs::create_dir_all).map_err(said)?;
    fs::write(path, text).map_err(said)
}

/// Signs off the texts whose key begins with `prefix`: those of the template say the same in both languages.
fn sign(folder: &Path, prefix: &str) -> Result<(), Box<dyn Error>> {
    let source = Folder(folder.to_owned());
    let lock = lock_with(&source, &load_course(&source), prefix);
    Ok(write(&folder.join(LOCK_FILE), &lock)?)
}

/// Writes the schemas into `folder`.
pub fn write_schemas(folder: &Path) -> Result<(), Box<dyn Error>> {
    for (name, schema) in schemas() {
        let path = folder.join(name);
        write(&path, &schema)?;
        screen::line(&path.display().to_string());
    }
    Ok(())
}

/// `concierge schema`: writes the schemas into a folder, or prints one.
pub fn schema(folder: Option<&Path>, name: Option<&str>) -> Result<ExitCode, Box<dyn Error>> {
    match (folder, name) {
        (_, Some(name)) => {
            let found = schemas().into_iter().find(|(file, _)| file.trim_end_matches(".json") == name);
            screen::put(
                &found.ok_or_else(|| format!("there is no schema {name:?}: there are course, lesson and scenario"))?.1,
            );
        }
        (folder, None) => write_schemas(folder.unwrap_or(Path::new("schemas")))?,
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lesson_is_added_to_the_list() {
        for (before, after) in [
            ("a = 1\nlessons = [\"x\"]  # why\n", "a = 1\nlessons = [\"x\", \"new\"]  # why\n"),
            ("lessons = [\n  \"x\",\n]\n", "lessons = [\n  \"x\", \"new\"]\n"),
            ("lessons = []\n", "lessons = [\"new\"]\n"),
        ] {
            assert_eq!(listed(before, "new").as_deref(), Some(after));
        }
        assert_eq!(listed("x = 1\n", "new"), None);
    }
}
