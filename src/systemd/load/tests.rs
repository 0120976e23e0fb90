//! Tests of reading units from a file tree.

use super::*;
use crate::systemd::config::{ServiceExecCommand, ServiceType};
use crate::systemd::dependency::UnitDependency;
use crate::world::Time;
use crate::world::fs::{Cred, FileTree};

/// A tree with these files; `-> target` makes a link.
pub fn tree(files: &[(&str, &str)]) -> FileTree {
    let now = Time(0);
    let mut tree = FileTree::new(now);
    tree.mkdir_all("/usr/lib", now);
    let root = Cred::root();
    tree.symlink(&root, "/", "usr/lib", "/lib", now).unwrap();
    for (path, text) in files {
        let folder = path.rsplit_once('/').unwrap().0;
        tree.mkdir_all(folder, now);
        match text.strip_prefix("-> ") {
            Some(target) => {
                tree.symlink(&root, "/", target, path, now).unwrap();
            }
            None => tree.put(path, text.as_bytes(), 0o644, (0, 0), now),
        }
    }
    tree
}

fn load(files: &[(&str, &str)], name: &str) -> LoadedUnit {
    let tree = tree(files);
    let path = SearchPath::system();
    let map = UnitFileMap::build(&tree, &path);
    let loader = Loader { files: &tree, path: &path, map: &map, host: &Host::default() };
    loader.load(&UnitName::new(name).unwrap())
}

fn messages(unit: &LoadedUnit) -> Vec<String> {
    unit.warnings.iter().map(ToString::to_string).collect()
}

const RUN: &str = "[Service]\nExecStart=/bin/sleep infinity\n";

#[test]
fn etc_beats_lib_and_lib_is_named_as_debian_does() {
    let files = [("/etc/systemd/system/a.service", RUN), ("/usr/lib/systemd/system/a.service", RUN)];
    assert_eq!(load(&files, "a.service").fragment_path.as_deref(), Some("/etc/systemd/system/a.service"));
    assert_eq!(load(&files[1..], "a.service").fragment_path.as_deref(), Some("/lib/systemd/system/a.service"));
}

#[test]
fn load_states_and_their_errors() {
    let cases: &[(&str, &str, LoadState, &str)] = &[
        ("a.service", RUN, LoadState::Loaded, ""),
        ("b.service", RUN, LoadState::NotFound, "Unit b.service not found."),
        ("a.service", "", LoadState::Masked, "Unit a.service is masked."),
        (
            "a.service",
            "[Service]\nExecStart=bin/x\n",
            LoadState::BadSetting,
            "Unit a.service has a bad unit file setting.",
        ),
        ("a.service", "[Service\n", LoadState::Error, ": Bad message"),
    ];
    for (name, text, state, message) in cases {
        let unit = load(&[("/etc/systemd/system/a.service", text)], name);
        assert_eq!(unit.load_state, *state, "{text}");
        assert!(unit.load_error.map_or("".to_owned(), |e| e.message).ends_with(message), "{text}");
    }
    let masked = load(&[("/etc/systemd/system/a.service", "-> /dev/null"), ("/dev/null", "")], "a.service");
    assert_eq!(masked.load_state, LoadState::Masked);
}

#[test]
fn drop_ins_come_in_the_order_of_their_names_and_the_specific_one_counts() {
    let unit = load(
        &[
            ("/usr/lib/systemd/system/foo-bar@.service", RUN),
            ("/etc/systemd/system/foo-bar@1.service.d/20.conf", "[Service]\nRestartSec=20\n"),
            ("/etc/systemd/system/foo-bar@.service.d/30.conf", "[Service]\nRestartSec=30\n"),
            ("/run/systemd/system/foo-bar@.service.d/20.conf", "[Service]\nRestartSec=1\n"),
            ("/run/systemd/system/foo-@.service.d/10.conf", "[Service]\nRestartSec=2\n"),
            ("/etc/systemd/system/service.d/15.conf", "[Service]\nNice=1\n"),
            ("/etc/systemd/system/service.d/15.conf~", "[Service]\nNice=2\n"),
        ],
        "foo-bar@1.service",
    );
    let expected = [
        "/run/systemd/system/foo-@.service.d/10.conf",
        "/etc/systemd/system/service.d/15.conf",
        "/etc/systemd/system/foo-bar@1.service.d/20.conf",
        "/etc/systemd/system/foo-bar@.service.d/30.conf",
    ];
    assert_eq!(unit.dropin_paths, expected);
    assert_eq!(unit.settings.service().unwrap().restart_sec, 30_000_000);
}

#[test]
fn aliases_lead_to_one_unit() {
    let files = [
        ("/etc/systemd/system/web.service", RUN),
        ("/etc/systemd/system/site.service", "-> /etc/systemd/system/web.service"),
        ("/etc/systemd/system/linked.service", "-> /opt/linked.service"),
        ("/opt/linked.service", RUN),
    ];
    let unit = load(&files, "site.service");
    assert_eq!((unit.name.as_str(), unit.names.len()), ("web.service", 2));
    let linked = load(&files, "linked.service");
    assert_eq!(linked.fragment_path.as_deref(), Some("/etc/systemd/system/linked.service"));
    assert_eq!(linked.load_state, LoadState::Loaded);
}

#[test]
fn links_in_wants_are_dependencies() {
    let unit = load(
        &[
            ("/usr/lib/systemd/system/multi-user.target", "[Unit]\nAllowIsolate=yes\n"),
            ("/etc/systemd/system/multi-user.target.wants/a.service", "-> /etc/systemd/system/a.service"),
            ("/etc/systemd/system/multi-user.target.wants/w@1.service", "-> /etc/systemd/system/w@.service"),
            ("/etc/systemd/system/multi-user.target.wants/file.service", "text"),
        ],
        "multi-user.target",
    );
    let wants: Vec<&str> =
        unit.settings.unit.dependencies(UnitDependency::Wants).iter().map(UnitName::as_str).collect();
    assert_eq!(wants, ["a.service", "w@1.service"]);
    let text = "multi-user.target: Wants dependency dropin /etc/systemd/system/multi-user.target.wants/file.service is not \
                a symlink, ignoring.";
    assert_eq!(messages(&unit), [text]);
}

#[test]
fn refusals() {
    for (text, expected) in [
        (
            "Type=oneshot\nRestart=always\nExecStart=/bin/true",
            "on-success, which isn't allowed for Type=oneshot services. Refusing.",
        ),
        ("ExecStart=/bin/a\nExecStart=/bin/b", "which is only allowed for Type=oneshot services. Refusing."),
        ("Nice=1", "Service has no ExecStart=, ExecStop=, or SuccessAction=. Refusing."),
        ("ExecStop=/bin/a", "does not have RemainAfterExit=yes set. Refusing."),
        ("Type=dbus\nExecStart=/bin/a", "no D-Bus service name has been specified. Refusing."),
    ] {
        let unit = load(&[("/etc/systemd/system/a.service", &format!("[Service]\n{text}\n"))], "a.service");
        assert_eq!(unit.load_state, LoadState::BadSetting, "{text}");
        assert!(messages(&unit)[0].ends_with(expected), "{:?}", messages(&unit));
    }
    let timer = load(&[("/etc/systemd/system/t.timer", "[Timer]\nOnCalendar=evry day\n")], "t.timer");
    assert_eq!(
        messages(&timer),
        [
            "/etc/systemd/system/t.timer:2: Failed to parse calendar specification, ignoring: evry day",
            "t.timer: Timer unit lacks value setting. Refusing.",
        ]
    );
}

#[test]
fn a_typo_is_told_as_systemd_tells_it() {
    let text = "[Unit]\nDescripton=x\nRestart=always\n[Service]\nexecstart=/bin/false\nExecStart=/bin/sleep 1 ; /bin/true\n\
                Restart=on-crash\nRestartSec=five\nUser=deploy # the user\nNice=99\nLimitNOFILE=lots\nKillSignal=TERM\n\
                PrivateTmp=maybe\nNUMAMask=1\nType=oneshot\nEnvironment=A=1 B\n[Install]\nX-Note=ignored\n";
    let unit = load(&[("/etc/systemd/system/t.service", text)], "t.service");
    let expected = [
        "2: Unknown key 'Descripton' in section [Unit], ignoring.",
        "3: Unknown key 'Restart' in section [Unit], ignoring.",
        "5: Unknown key 'execstart' in section [Service], ignoring.",
        "7: Failed to parse service restart specifier, ignoring: on-crash",
        "8: Failed to parse sec value, ignoring: five",
        "Accepting user/group name 'deploy # the user', which does not match strict user/group name rules.",
        "10: Nice priority out of range, ignoring: 99",
        "11: Failed to parse resource value, ignoring: lots",
        "13: Failed to parse boolean value, ignoring: maybe",
        "16: Invalid environment assignment, ignoring: B",
    ];
    let all: Vec<String> = messages(&unit).iter().map(|m| m.replace("/etc/systemd/system/t.service:", "")).collect();
    assert_eq!(all, expected);
    let service = unit.settings.service().unwrap();
    assert_eq!(service.service_type(), ServiceType::Oneshot);
    let start = service.commands(ServiceExecCommand::Start);
    assert_eq!((start.len(), start[0].argv.as_slice()), (2, ["/bin/sleep", "1"].map(str::to_owned).as_slice()));
    assert_eq!(unit.not_simulated, ["[Service] NUMAMask="]);
    assert_eq!(service.kill.kill_signal, 15);
}

/// What random files are made of.
const PIECES: &[&str] = &[
    "[Service]\n",
    "[Unit]\n",
    "[Timer]\n",
    "[Install]\n",
    "ExecStart=",
    "OnCalendar=",
    "Environment=",
    "LimitNOFILE=",
    "Slice=",
    "Nice=",
    "MemoryMax=",
    "CPUQuota=",
    "Documentation=",
    "After=",
    "ConditionPathExists=",
    "User=",
    "\\",
    "\"",
    "'",
    "%",
    "%i",
    "$",
    "{",
    "}",
    ";",
    " ",
    "\n",
    "\r",
    "=",
    "-",
    "/",
    "..",
    "1",
    "9999999999",
    "é",
    "\u{feff}",
    "~",
    ":",
    "*",
    ",",
    "Mon",
    "\\x",
    "\\u00",
    "@",
    "+",
    "!",
    "|",
    "infinity",
    "%",
    "‱",
    ".",
    "#",
    "\t",
    "a@b.service",
    "K",
];

#[test]
fn any_file_is_read_without_harm() {
    let mut rng = crate::world::Rng::new(7);
    for round in 0..400 {
        let mut bytes = Vec::new();
        for _ in 0..rng.below(60) {
            match rng.below(12) {
                0 => bytes.push(rng.below(256) as u8),
                _ => bytes.extend_from_slice(PIECES[rng.below(PIECES.len() as u64) as usize].as_bytes()),
            }
        }
        for name in ["a.service", "b@1.timer"] {
            let path = format!("/etc/systemd/system/{name}");
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let unit = load(&[(&path, &text)], name);
            assert_eq!(unit.name.as_str(), name, "round {round}");
        }
    }
    for long in ["A=".to_owned() + &"x".repeat(2 << 20), "[Service]\nEnvironment=".to_owned() + &"\\\n".repeat(300_000)]
    {
        assert_ne!(load(&[("/etc/systemd/system/a.service", &long)], "a.service").load_state, LoadState::Loaded);
    }
}
