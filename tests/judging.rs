//! Every word of the vocabulary of checks: what holds, what does not, and how each false fact is told.

use concierge::lesson::content::condition::{Condition, FileKind, UnitId};
use concierge::lesson::content::diagnostic::Doc;
use concierge::lesson::content::read_condition::read_condition;
use concierge::lesson::content::reader::read_root;
use concierge::lesson::judge::facts::{Facts, FileFacts, ListenerFacts, ProcessFacts, QueueFacts, UnitFacts};
use concierge::lesson::judge::{Answers, holds};
use concierge::lesson::typography::slips;
use concierge::lesson::why::Cause;
use concierge::systemd::states::{ActiveState, UnitFileState};
use concierge::world::Time;

/// A machine on which a few things are known.
struct Known;

impl Facts for Known {
    fn now(&self) -> Time {
        Time::from_secs(1000)
    }
    fn booted(&self) -> Time {
        Time::from_secs(800)
    }
    fn unit(&self, unit: &UnitId) -> Option<UnitFacts> {
        let (active, sub, result) = match (unit.name.as_str(), unit.user.as_deref()) {
            ("w.service", None) => (ActiveState::Active, "running", "success"),
            ("t.timer", None) => (ActiveState::Active, "waiting", "success"),
            ("bad.service", None) => (ActiveState::Failed, "failed", "exit-code"),
            ("w.service", Some("deploy")) => (ActiveState::Inactive, "dead", "success"),
            _ => return None,
        };
        let enabled = (unit.name == "w.service").then_some(UnitFileState::Enabled);
        let (sub, result) = (sub.to_owned(), result.to_owned());
        let fires = unit.name == "t.timer";
        let next_elapse = fires.then(|| Time::from_secs(4600));
        let last_trigger = fires.then(|| Time::from_secs(700));
        let since = Time::from_secs(940);
        Some(UnitFacts { active, sub, enabled, result, restarts: 2, since, next_elapse, last_trigger })
    }
    fn unit_property(&self, unit: &UnitId, property: &str) -> Option<String> {
        (unit.name == "w.service" && property == "User").then(|| "deploy".to_owned())
    }
    fn unit_up(&self, _: &UnitId, _: Time) -> u64 {
        998_765
    }
    fn why(&self, _: &UnitId) -> Vec<Cause> {
        Vec::new()
    }
    fn file(&self, path: &str) -> Option<FileFacts> {
        let (user, group) = ("deploy".to_owned(), "www".to_owned());
        (path == "/a").then_some(FileFacts { kind: Some(FileKind::Regular), mode: 0o640, user, group })
    }
    fn file_text(&self, path: &str) -> Option<String> {
        (path == "/a").then(|| "[Service]\nUser=deploy\n".to_owned())
    }
    fn processes(&self) -> Vec<ProcessFacts> {
        let process = |pid, parent, user: &str, args: &str, terminal| ProcessFacts {
            pid,
            parent,
            user: user.to_owned(),
            args: args.to_owned(),
            terminal,
        };
        vec![
            process(1, 0, "root", "/sbin/init", false),
            process(7, 1, "deploy", "php consume", true),
            process(8, 7, "root", "php child", false),
        ]
    }
    fn listeners(&self) -> Vec<ListenerFacts> {
        vec![ListenerFacts { port: 80, unit: Some("nginx.service".to_owned()) }]
    }
    fn journal(&self, unit: Option<&UnitId>, since: Time) -> Vec<String> {
        let of_unit = if unit.is_some_and(|unit| unit.name == "none.service") { 0 } else { 2 };
        let lines = [(700, "status=9/KILL"), (850, "Started")].iter().take(of_unit);
        lines.filter(|(at, _)| Time::from_secs(*at) >= since).map(|(_, l)| (*l).to_owned()).collect()
    }
    fn boots(&self) -> u64 {
        2
    }
    fn queue(&self, name: &str) -> Option<QueueFacts> {
        match name {
            "async" => Some(QueueFacts { depth: 3, handled: 40, lost: 1 }),
            _ => None,
        }
    }
    fn lingers(&self, user: &str) -> Option<bool> {
        ["root", "deploy"].contains(&user).then_some(user == "deploy")
    }
}

fn condition(toml: &str) -> Condition {
    let text = format!("check = {toml}");
    let doc = Doc::new("test.toml", &text);
    let read = read_root(&doc, |table| table.need("check").and_then(|n| read_condition(&n)));
    let condition = read.flatten();
    let found = doc.into_diagnostics();
    assert!(found.is_empty(), "{toml}: {found:?}");
    condition.expect("no errors, so a condition")
}

/// A condition, and how it is told that it does not hold; an empty text when it does.
const TABLE: &[(&str, &str)] = &[
    ("{ unit = 'w.service', exists = true }", ""),
    ("{ unit = 'w.service', exists = false }", "The unit `w.service` exists."),
    ("{ unit = 'no.service', exists = false }", ""),
    ("{ unit = 'no.service', active = 'active' }", "There is no unit `no.service`."),
    ("{ unit = 'w.service', active = 'active', sub = 'running', enabled = 'enabled', result = 'success' }", ""),
    (
        "{ unit = 'w.service', active = ['failed', 'inactive'] }",
        "`w.service` has ActiveState=active; wanted: failed / inactive.",
    ),
    ("{ unit = 'w.service', sub = 'auto-restart' }", "`w.service` has SubState=running; wanted: auto-restart."),
    (
        "{ unit = 'w.service', enabled = 'disabled' }",
        "`systemctl is-enabled w.service` says enabled; wanted: disabled.",
    ),
    (
        "{ unit = 'bad.service', enabled = 'enabled' }",
        "`systemctl is-enabled bad.service` says not-found; wanted: enabled.",
    ),
    ("{ unit = 'bad.service', result = 'success' }", "`bad.service` has Result=exit-code; wanted: success."),
    ("{ unit = 'w.service', restarts = '>= 2' }", ""),
    ("{ unit = 'w.service', restarts = 0 }", "`w.service` has NRestarts=2; wanted: 0."),
    ("{ unit = 'w.service', since = '>= 1min' }", ""),
    ("{ unit = 'w.service', since = '> 1h' }", "`w.service` has been in its state for 1min; wanted: > 1h."),
    ("{ unit = 'w.service', up = '>= 99%' }", ""),
    ("{ unit = 'w.service', up = '>= 99.9%' }", "`w.service` was up 99.87% of the time."),
    ("{ unit = 'w.service', property = { User = 'deploy' } }", ""),
    ("{ unit = 'w.service', property = { User = 'root' } }", "`w.service` has User=deploy; wanted: root."),
    ("{ file = '/a', kind = 'regular', mode = '0640', owner = 'deploy', contains = '^User=deploy$' }", ""),
    ("{ file = '/b', exists = true }", "`/b` does not exist."),
    ("{ file = '/a', exists = false }", "`/a` exists."),
    ("{ file = '/a', kind = 'symlink' }", "`/a` is of kind regular; wanted: symlink."),
    ("{ file = '/a', mode = '644' }", "`/a` has mode 0640; wanted: 0644."),
    ("{ file = '/a', owner = 'deploy:deploy' }", "`/a` belongs to deploy:www; wanted: deploy:deploy."),
    ("{ file = '/a', contains = '^User=root$' }", "Nothing in `/a` matches `^User=root$`."),
    ("{ process = 'php consume', user = 'deploy', parent = '1', terminal = true }", ""),
    ("{ process = 'child', parent = 'consume' }", ""),
    ("{ process = 'ruby' }", "No process `ruby` is running."),
    ("{ process = 'php', count = 0 }", "Running processes `php`: 2; wanted: 0."),
    ("{ process = 'php', count = '> 2' }", "Running processes `php`: 2; wanted: > 2."),
    ("{ process = 'consume', user = 'root' }", "`consume` (PID 7) runs as deploy, not as root."),
    ("{ process = 'consume', parent = '5' }", "`consume` (PID 7) has PID 1 as its parent; wanted: 5."),
    ("{ process = 'consume', terminal = false }", "`consume` (PID 7) still hangs on a terminal."),
    ("{ process = 'child', terminal = true }", "`child` (PID 8) has no terminal."),
    ("{ port = 80, by = 'nginx.service' }", ""),
    ("{ port = 81, open = false }", ""),
    ("{ port = 81 }", "Nothing listens on port 81."),
    ("{ port = 80, open = false }", "Something listens on port 80."),
    ("{ port = 80, by = 'apache2.service' }", "Port 80 is held by `nginx.service`, not by `apache2.service`."),
    ("{ journal = 'w.service', matches = 'status=9', count = 1 }", ""),
    ("{ journal = '*', count = '< 2' }", "Lines of the journal: 2; wanted: < 2."),
    (
        "{ journal = 'none.service', matches = 'x' }",
        "Lines of the journal of `none.service` that match `x`: 0; wanted: >= 1.",
    ),
    ("{ boot = '>= 2' }", ""),
    ("{ boot = 1 }", "Boots of the machine: 2; wanted: 1."),
    ("{ journal = '*', since = 'boot', count = 1 }", ""),
    (
        "{ journal = '*', since = 'fork', matches = 'Started' }",
        "Lines of the journal that match `Started`: 0; wanted: >= 1.",
    ),
    ("{ journal = 'w.service', since = '400s', count = 2 }", ""),
    ("{ queue = 'async', depth = '> 0', handled = '>= 40', lost = '<= 1' }", ""),
    ("{ queue = 'async', depth = 0 }", "Messages waiting in `async`: 3; wanted: 0."),
    ("{ queue = 'async', handled = '> 40' }", "Messages handled from `async`: 40; wanted: > 40."),
    ("{ queue = 'async', lost = 0 }", "Messages lost from `async`: 1; wanted: 0."),
    ("{ queue = 'mail', depth = 0 }", "Nothing knows the queue `mail`."),
    ("{ timer = 't.timer', next = '<= 1h', fired_within = '5min' }", ""),
    ("{ timer = 't.timer', next = '< 1h' }", "`t.timer` fires in 1h; wanted: < 1h."),
    ("{ timer = 't.timer', fired_within = '4min' }", "`t.timer` fired 5min ago; wanted: within 4min."),
    ("{ timer = 'x.timer', next = '< 1h' }", "There is no unit `x.timer`."),
    ("{ linger = 'deploy' }", ""),
    ("{ linger = 'root', on = false }", ""),
    ("{ linger = 'root' }", "`root` does not linger: that manager ends with the last session."),
    ("{ linger = 'deploy', on = false }", "`deploy` lingers: that manager runs without a session."),
    ("{ linger = 'nobody-here' }", "There is no user `nobody-here`."),
    ("{ unit = 'w.service', user = 'deploy', active = 'inactive' }", ""),
    (
        "{ unit = 'w.service', user = 'deploy', active = 'active' }",
        "`--user w.service` has ActiveState=inactive; wanted: active.",
    ),
    ("{ file = '/a', absent = '^Restart=' }", ""),
    ("{ file = '/a', absent = '^User=.*' }", "`/a` still has `User=deploy`."),
    ("{ answer = 'good' }", ""),
    ("{ answer = 'poor', right = false }", ""),
    ("{ answer = 'poor' }", "The answer to `poor` is not right yet."),
    ("{ answer = 'none' }", "`none` is not answered yet."),
    ("{ not = { file = '/b', exists = true } }", ""),
    ("{ not = { file = '/a', exists = true } }", "What must not be true of `/a` is true."),
    ("{ any = [{ boot = 1 }, { boot = 2 }] }", ""),
    ("{ any = [{ boot = 1 }, { port = 81 }] }", "Boots of the machine: 2; wanted: 1."),
    ("{ all = [{ boot = 2 }, { port = 81 }] }", "Nothing listens on port 81."),
    ("[{ boot = 2 }, { port = 80 }]", ""),
];

#[test]
fn every_check_holds_or_names_the_first_false_fact() {
    let answers = Answers::from([("good".to_owned(), true), ("poor".to_owned(), false)]);
    for (toml, want) in TABLE {
        let told = holds(&Known, &answers, &condition(toml), Time::from_secs(900)).map_err(|e| e.text());
        let told = told.err().unwrap_or_default();
        assert_eq!(told.en, *want, "{toml}");
        assert_eq!(told.en.is_empty(), told.fr.is_empty(), "{toml}: told in both languages or in none");
        assert_eq!(slips(&told.fr), [], "{toml}: {}", told.fr);
    }
}
