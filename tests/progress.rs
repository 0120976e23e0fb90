//! The way back and forth is exact: undo then redo, resuming, and branches lead to the same bytes.

use concierge::lesson::content::Embedded;
use concierge::lesson::content::action::Input;
use concierge::lesson::content::course::load_course;
use concierge::lesson::content::lesson::Lesson;
use concierge::lesson::judge::facts::Facts;
use concierge::lesson::progress::{Progress, Run};
use concierge::lesson::session::Session;
use concierge::lesson::student::Student;
use concierge::lesson::workshop;
use concierge::world::Duration;
use proptest::prelude::*;
use std::sync::LazyLock;

static OPENED: LazyLock<(Lesson, Student)> = LazyLock::new(|| {
    let loaded = load_course(&Embedded);
    let lesson = loaded.lessons[0].clone();
    let scenario = &loaded.scenarios[&lesson.scenario];
    (lesson.clone(), workshop::open(scenario, lesson.clock.unwrap_or(scenario.clock), 3))
});

/// What can be seen of a machine, as bytes.
fn bytes(machine: &Student) -> String {
    let look = "date +%s.%N; cat /tmp/*; ls -lR --time-style=full-iso /tmp /home /etc/systemd/system; \
        ps axo pid,ppid,user,tty,args; systemctl list-units --all --no-pager; journalctl -o short-precise --no-pager -n 40; \
        echo $RANDOM";
    let seen = machine.vps.clone().run_command("root", look, Duration::from_secs(60)).text;
    format!("{:?} {:?}\n{seen}", machine.now(), machine.last_line())
}

#[derive(Clone, Debug)]
enum Op {
    Type(&'static str),
    Wait(u64),
    Undo,
    Redo,
    Reset,
    Save(u8),
    Load(u8),
    Skip,
}

fn op() -> impl Strategy<Value = Op> {
    let lines = vec![
        "echo $RANDOM >> /tmp/log",
        "cd /opt/app",
        "sleep 300 &",
        "sudo systemctl stop cron",
        "sudo systemctl restart redis-server",
        "cat",
        "x=1; echo $x$y > /tmp/x",
        "^C",
        ":advance 90s",
        ":drop",
        "php bin/console messenger:consume async",
    ];
    prop_oneof![
        6 => prop::sample::select(lines).prop_map(Op::Type),
        2 => (1u64..200).prop_map(Op::Wait),
        3 => Just(Op::Undo),
        2 => Just(Op::Redo),
        1 => Just(Op::Reset),
        1 => (0u8..2).prop_map(Op::Save),
        1 => (0u8..2).prop_map(Op::Load),
        1 => Just(Op::Skip),
    ]
}

/// Does `op` as the prompt does: whatever was in the foreground ran until now.
fn act(session: &mut Session<Student>, op: &Op) {
    match op {
        Op::Type(line) => {
            session.input(&Input::parse(line).expect("an input"));
        }
        Op::Wait(seconds) => {
            let until = session.machine().now() + Duration::from_secs(*seconds);
            session.wait_until(until);
        }
        Op::Undo => {
            session.undo();
        }
        Op::Redo => {
            session.redo();
        }
        Op::Reset => session.reset(),
        Op::Save(n) => session.save(&n.to_string()),
        Op::Load(n) => {
            session.load(&n.to_string());
        }
        Op::Skip => {
            session.next_step(true);
        }
    }
}

/// Every machine on the way back, and on the way forth again.
fn ways(session: &mut Session<Student>) -> Vec<String> {
    let mut seen = vec![bytes(session.machine())];
    let mut back = 0;
    while session.redo().is_some() {
        seen.push(bytes(session.machine()));
    }
    while session.undo().is_some() {
        seen.push(bytes(session.machine()));
        back += 1;
    }
    seen.push(format!("{back}"));
    seen
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn undo_then_redo_and_resuming_give_the_same_bytes(ops in prop::collection::vec(op(), 1..10)) {
        let (lesson, machine) = &*OPENED;
        let mut session = Session::open(lesson.clone(), machine.clone());
        session.set_attentive(false);
        for op in &ops {
            act(&mut session, op);
        }
        let before = bytes(session.machine());
        let mut there = session.clone();
        if there.undo().is_some() {
            there.redo();
            prop_assert_eq!(&bytes(there.machine()), &before, "undo, redo");
            there.undo();
            there.redo();
            prop_assert_eq!(&bytes(there.machine()), &before, "undo, redo, undo, redo");
        }
        // What the clock did since the last deed is in no file: one deed more notes it.
        act(&mut session, &Op::Save(9));
        let run = Run { lesson: lesson.id.clone(), scenario: "s".into(), seed: 3, events: session.log() };
        let file = Progress { course: "c".into(), runs: vec![run], ..Progress::default() }.write();
        let (read, damaged) = Progress::read(&file);
        prop_assert_eq!((damaged, read.edited), (None, None));
        let mut again = Session::replay(lesson.clone(), machine.clone(), &read.runs[0].events);
        again.set_attentive(false);
        prop_assert_eq!(again.step_number(), session.step_number());
        prop_assert_eq!(again.log(), session.log());
        prop_assert_eq!(ways(&mut again), ways(&mut session), "resumed");
    }
}
