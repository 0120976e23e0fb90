//! Small scripts on the baseline machine against what bash 5.2 made of them: bash(1).

use concierge::shell;
use concierge::world::Duration;

const RECORDED: [&str; 3] =
    [include_str!("bash_run/recorded.txt"), include_str!("bash_run/more.txt"), include_str!("bash_run/tools.txt")];

/// A script with its output and status.
#[derive(Default)]
struct Case {
    script: Vec<&'static str>,
    output: String,
    status: &'static str,
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in RECORDED.iter().flat_map(|text| text.lines()).filter(|line| !line.starts_with("# ")) {
        let (mark, text) = line.split_once(' ').unwrap_or((line, ""));
        if mark == "$" {
            cases.push(Case::default());
        }
        let Some(case) = cases.last_mut() else { continue };
        match mark {
            "$" | ">" => case.script.push(text),
            "|" => case.output.push_str(&format!("{text}\n")),
            "~" => case.output.push_str(text),
            _ => case.status = text,
        }
    }
    cases
}

#[test]
fn scripts_do_what_bash_does_with_them() {
    let cases = cases();
    assert!(cases.len() > 290, "the table is there");
    let vps = shell::baseline(shell::TRANSCRIPT_CLOCK, 1);
    let mut wrong = Vec::new();
    for case in cases {
        let mut vps = vps.clone();
        let script = case.script.join("\n");
        let output = vps.run_command("deploy", &script, Duration::from_secs(60));
        let status = output.status.map_or("none".to_string(), |status| status.to_string());
        if output.text != case.output || status != case.status {
            wrong.push(format!("{script}\nbash: {}? {}\nours: {}? {status}\n", case.output, case.status, output.text));
        }
    }
    assert!(wrong.is_empty(), "{} scripts differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// What a person types, with `^C`, `^Z` and `^D`, and how long passes after each.
fn typed(keys: &[(&str, u64)]) -> String {
    let mut vps = shell::baseline(shell::TRANSCRIPT_CLOCK, 1);
    let tty = vps.login("deploy").expect("sshd listens");
    vps.advance(Duration::from_secs(1));
    vps.type_at(tty, "PS1='$ '\n");
    vps.advance(Duration::from_secs(1));
    vps.take_output(tty);
    for (text, millis) in keys {
        vps.type_at(tty, &text.replace("^C", "\x03").replace("^Z", "\x1a").replace("^D", "\x04"));
        vps.advance(Duration::from_millis(*millis));
    }
    vps.take_output(tty)
}

#[test]
fn a_job_is_stopped_continued_and_interrupted() {
    let seen =
        typed(&[("sleep 100\n", 500), ("^Z", 100), ("bg\n", 100), ("fg\n", 100), ("^C", 100), ("echo $?\n", 100)]);
    let expected = "\n[1]+  Stopped                 sleep 100\n$ [1]+ sleep 100 &\n$ sleep 100\n\n$ 130\n$ ";
    assert_eq!(seen, expected);
}

#[test]
fn an_endless_loop_can_be_interrupted() {
    assert_eq!(typed(&[("while :; do :; done\n", 500), ("^C", 100), ("echo $?\n", 100)]), "\n$ 130\n$ ");
}

#[test]
fn bombs_do_not_take_the_machine_with_them() {
    let seen = typed(&[(":(){ :|:& };:\n", 2000), ("^C", 100), ("echo ok\n", 1000)]);
    // What is left of the bomb goes on to complain; the person's shell answers all the same.
    assert!(seen.contains("ok\n$ "), "{}", seen.chars().rev().take(200).collect::<String>());
    let seen = typed(&[("f() { f; }; f\n", 2000), ("echo ok\n", 100)]);
    assert!(seen.contains("maximum function nesting level exceeded") && seen.ends_with("ok\n$ "), "{seen}");
    let seen = typed(&[("x=a; while :; do x=$x$x; done\n", 5000), ("echo ok\n", 100)]);
    assert!(seen.contains("cannot allocate") && seen.ends_with("ok\n$ "), "{seen}");
}

#[test]
fn a_command_goes_on_over_several_lines() {
    let seen = typed(&[("if true\n", 50), ("then echo a\n", 50), ("fi\n", 50), ("echo 'b\n", 50), ("c'\n", 50)]);
    assert_eq!(seen, "> > a\n$ > b\nc\n$ ");
}

#[test]
fn a_copy_of_a_sleeping_script_goes_on_by_itself() {
    let mut vps = shell::baseline(shell::TRANSCRIPT_CLOCK, 1);
    let script = "for i in 1 2 3; do sleep 1; echo $i; done";
    let running = vps.start_command("deploy", script).expect("bash is there");
    vps.advance(Duration::from_millis(1500));
    let mut copy = vps.clone();
    copy.advance(Duration::from_secs(5));
    assert_eq!(copy.take_command_output(&running), b"1\n2\n3\n");
    assert_eq!(vps.take_command_output(&running), b"1\n");
    vps.advance(Duration::from_secs(5));
    assert_eq!(vps.take_command_output(&running), b"2\n3\n");
}
