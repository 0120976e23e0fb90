//! How grades are reported: a table for people, JSON, JUnit and CSV for programs.

use std::fmt::Write as _;

use super::args::Form;
use super::grade::Graded;
use crate::lesson::grade::{Grade, Mark};
use crate::lesson::json::string;

/// The report in `form`, with its final newline.
pub fn report(graded: &[Graded], form: Form) -> String {
    match form {
        Form::Table => table(graded),
        Form::Json => json(graded),
        Form::Junit => junit(graded),
        Form::Csv => csv(graded),
    }
}

/// What is to be known about a file beside its grades.
fn notes(one: &Graded) -> Vec<String> {
    let mut notes: Vec<String> = one.error.iter().cloned().collect();
    notes.extend(one.edited.map(|line| format!("changed by hand from line {line} on")));
    notes.extend(one.cut.map(|line| format!("cannot be read from line {line} on")));
    for grade in &one.grades {
        notes.extend((!grade.whole).then(|| format!("{}: could not be lived again to its end", grade.lesson)));
        if !grade.claims.is_empty() {
            notes.push(format!(
                "{}: claims another result than the answer gives: {}",
                grade.lesson,
                grade.claims.join(", ")
            ));
        }
    }
    notes
}

fn table(graded: &[Graded]) -> String {
    let mut out = String::new();
    let wide = graded.iter().map(|one| one.student.chars().count()).max().unwrap_or(0).max(7);
    let lesson = graded.iter().flat_map(|one| &one.grades).map(|g| g.lesson.chars().count()).max().unwrap_or(0).max(6);
    let _ = writeln!(
        out,
        "{:<wide$}  {:<lesson$}  {:>7}  {:>9}  {:>5}  {:>9}  end",
        "student", "lesson", "goals", "questions", "hints", "solutions"
    );
    for one in graded {
        for grade in &one.grades {
            let (goals, of_goals) = Grade::count(&grade.goals);
            let (quizzes, of_quizzes) = Grade::count(&grade.quizzes);
            let (goals, quizzes) = (format!("{goals}/{of_goals}"), format!("{quizzes}/{of_quizzes}"));
            let end = if grade.done { "yes" } else { "no" };
            let (hints, solutions) = (grade.hints, grade.solutions);
            let _ = writeln!(
                out,
                "{:<wide$}  {:<lesson$}  {goals:>7}  {quizzes:>9}  {hints:>5}  {solutions:>9}  {end}",
                one.student, grade.lesson
            );
        }
        for note in notes(one) {
            let _ = writeln!(out, "{:<wide$}  ! {note}", one.student);
        }
    }
    out
}

/// Every goal and question with its kind.
fn marks(grade: &Grade) -> impl Iterator<Item = (&'static str, &Mark)> {
    let goals = grade.goals.iter().map(|mark| ("goal", mark));
    goals.chain(grade.quizzes.iter().map(|mark| ("quiz", mark)))
}

/// A word for a mark: `right`, `wrong` or `missing`.
fn word(mark: &Mark) -> &'static str {
    match mark.right {
        Some(true) => "right",
        Some(false) => "wrong",
        None => "missing",
    }
}

fn csv(graded: &[Graded]) -> String {
    let mut out = String::from("student,file,lesson,step,kind,id,result,notes\n");
    for one in graded {
        let notes = notes(one).join("; ");
        let mut row = |fields: [&str; 6]| {
            let cells: Vec<String> =
                [one.student.as_str(), one.file.as_str()].iter().chain(&fields).map(|f| cell(f)).collect();
            let _ = writeln!(out, "{}", cells.join(","));
        };
        if one.grades.is_empty() {
            row(["", "", "", "", "", &notes]);
        }
        for grade in &one.grades {
            for (kind, mark) in marks(grade) {
                row([&grade.lesson, &mark.step, kind, &mark.id, word(mark), &notes]);
            }
        }
    }
    out
}

/// A field of a CSV file, RFC 4180. What a spreadsheet would take for a formula is made text.
fn cell(text: &str) -> String {
    let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

fn json(graded: &[Graded]) -> String {
    let mut students = Vec::new();
    for one in graded {
        let mut lessons = Vec::new();
        for grade in &one.grades {
            let marks: Vec<String> = marks(grade)
                .map(|(kind, mark)| {
                    let (step, id, word) = (string(&mark.step), string(&mark.id), string(word(mark)));
                    format!("{{\"step\":{step},\"kind\":\"{kind}\",\"id\":{id},\"result\":{word}}}")
                })
                .collect();
            lessons.push(format!(
                "{{\"lesson\":{},\"done\":{},\"whole\":{},\"inputs\":{},\"hints\":{},\"solutions\":{},\"marks\":[{}]}}",
                string(&grade.lesson),
                grade.done,
                grade.whole,
                grade.inputs,
                grade.hints,
                grade.solutions,
                marks.join(",")
            ));
        }
        let notes: Vec<String> = notes(one).iter().map(|note| string(note)).collect();
        students.push(format!(
            "{{\"student\":{},\"file\":{},\"edited\":{},\"notes\":[{}],\"lessons\":[{}]}}",
            string(&one.student),
            string(&one.file),
            one.edited.is_some(),
            notes.join(","),
            lessons.join(",")
        ));
    }
    format!("{{\"format\":1,\"students\":[\n{}\n]}}\n", students.join(",\n"))
}

fn junit(graded: &[Graded]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for one in graded {
        let all: Vec<(&Grade, &str, &Mark)> =
            one.grades.iter().flat_map(|grade| marks(grade).map(move |(kind, mark)| (grade, kind, mark))).collect();
        let failures = all.iter().filter(|(.., mark)| mark.right != Some(true)).count();
        let errors = usize::from(one.error.is_some());
        let (name, tests) = (xml(&one.student), all.len() + errors);
        let _ = writeln!(
            out,
            "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">"
        );
        for (grade, kind, mark) in all {
            let class = xml(&format!("{}.{}", grade.lesson, mark.step));
            let name = xml(&format!("{kind} {}", mark.id));
            let _ = match mark.right {
                Some(true) => writeln!(out, "    <testcase classname=\"{class}\" name=\"{name}\"/>"),
                _ => writeln!(
                    out,
                    "    <testcase classname=\"{class}\" name=\"{name}\"><failure message=\"{}\"/></testcase>",
                    word(mark)
                ),
            };
        }
        if let Some(error) = &one.error {
            let _ = writeln!(out, "    <testcase name=\"file\"><error message=\"{}\"/></testcase>", xml(error));
        }
        let notes = notes(one).join("\n");
        if !notes.is_empty() {
            let _ = writeln!(out, "    <system-out>{}</system-out>", xml(&notes));
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

/// Text as XML takes it, without the control characters that it does not.
pub(super) fn xml(text: &str) -> String {
    let kept: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    kept.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vec<Graded> {
        let mark = |id: &str, right| Mark { step: "s".into(), id: id.into(), right };
        let grade = Grade {
            lesson: "one".into(),
            done: true,
            goals: vec![mark("a", Some(true)), mark("b", None)],
            quizzes: vec![mark("q", Some(false))],
            whole: true,
            claims: vec!["q".into()],
            ..Grade::default()
        };
        let file = "x.toml".to_owned();
        vec![
            Graded {
                file: file.clone(),
                student: "Zoé <\"1\">, =A1".into(),
                error: None,
                edited: Some(7),
                cut: None,
                grades: vec![grade],
            },
            Graded {
                file,
                student: "=1+1".into(),
                error: Some("no".into()),
                edited: None,
                cut: None,
                grades: Vec::new(),
            },
        ]
    }

    #[test]
    fn every_form_says_who_reached_what() {
        let table = report(&sample(), Form::Table);
        assert!(table.contains("one         1/2        0/1"), "{table}");
        assert!(table.contains("! changed by hand from line 7 on"), "{table}");
        let csv = report(&sample(), Form::Csv);
        assert!(csv.contains("\"Zoé <\"\"1\"\">, =A1\",x.toml,one,s,goal,b,missing,"), "{csv}");
        assert!(csv.contains("\n'=1+1,x.toml,"), "{csv}");
        let json = report(&sample(), Form::Json);
        assert!(json.contains(r#"{"step":"s","kind":"quiz","id":"q","result":"wrong"}"#), "{json}");
        assert!(json.contains(r#""student":"Zoé <\"1\">, =A1","file":"x.toml","edited":true"#), "{json}");
        let junit = report(&sample(), Form::Junit);
        assert!(
            junit.contains("name=\"Zoé &lt;&quot;1&quot;&gt;, =A1\" tests=\"3\" failures=\"2\" errors=\"0\""),
            "{junit}"
        );
        assert!(junit.contains("<error message=\"no\"/>"), "{junit}");
    }
}
