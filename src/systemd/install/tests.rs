//! Tests of the links that systemctl makes and removes, as `systemctl --root=` makes and removes them.

use super::*;
use crate::systemd::load::{UnitFiles, Writable};
use crate::systemd::states::UnitFileState;
use crate::world::Time;
use crate::world::fs::{Cred, FileTree};

const UNIT: &str = "[Service]\nExecStart=/bin/true\n";

/// A machine's unit files, and what systemctl said so far.
struct Machine {
    tree: FileTree,
    path: SearchPath,
    host: Host,
}

impl Machine {
    fn new(files: &[(&str, &str)]) -> Self {
        let now = Time(0);
        let mut tree = FileTree::new(now);
        tree.mkdir_all("/usr/lib", now);
        tree.symlink(&Cred::root(), "/", "usr/lib", "/lib", now).unwrap();
        tree.put("/usr/lib/systemd/system/multi-user.target", b"[Unit]\nA=1\n", 0o644, (0, 0), now);
        tree.put("/dev/null", b"", 0o666, (0, 0), now);
        for (path, text) in files {
            tree.mkdir_all(path.rsplit_once('/').unwrap().0, now);
            tree.put(path, text.as_bytes(), 0o644, (0, 0), now);
        }
        Self { tree, path: SearchPath::system(), host: Host::default() }
    }

    fn run(&mut self, flags: InstallFlags, verb: impl FnOnce(Installer<'_>) -> Outcome) -> Vec<String> {
        let mut files = Writable { tree: &mut self.tree, now: Time(1) };
        let scope = Scope { path: &self.path, host: &self.host };
        let outcome = verb(Installer::new(&mut files, scope, flags));
        match outcome.error {
            Some(error) => vec![format!("Failed: {}", error.message)],
            None => outcome.messages(),
        }
    }

    fn verb(&mut self, verb: impl FnOnce(Installer<'_>) -> Outcome) -> Vec<String> {
        self.run(InstallFlags::default(), verb)
    }

    fn state(&self, name: &str) -> Result<UnitFileState, Errno> {
        let scope = Scope { path: &self.path, host: &self.host };
        unit_file_state(&self.tree, scope, name, &mut Vec::new())
    }
}

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn enable_and_disable_with_an_alias() {
    let text = format!("{UNIT}[Install]\nWantedBy=multi-user.target\nAlias=site.service\n");
    let mut m = Machine::new(&[("/etc/systemd/system/web.service", &text)]);
    assert_eq!(m.state("web.service"), Ok(UnitFileState::Disabled));
    let created = [
        "Created symlink /etc/systemd/system/site.service → /etc/systemd/system/web.service.",
        "Created symlink /etc/systemd/system/multi-user.target.wants/web.service → /etc/systemd/system/web.service.",
    ];
    assert_eq!(m.verb(|i| i.enable(&names(&["web.service"]))), created);
    assert_eq!(m.verb(|i| i.enable(&names(&["web.service"]))), [""; 0]);
    assert_eq!(m.state("web.service"), Ok(UnitFileState::Enabled));
    assert_eq!(m.state("site.service"), Ok(UnitFileState::Alias));
    let removed = [
        "Removed \"/etc/systemd/system/site.service\".",
        "Removed \"/etc/systemd/system/multi-user.target.wants/web.service\".",
    ];
    let both: Vec<&str> = removed.iter().chain(&created).copied().collect();
    assert_eq!(m.verb(|i| i.reenable(&names(&["web.service"]))), both);
    assert_eq!(m.verb(|i| i.disable(&names(&["web.service"]))), removed);
    assert!(!m.tree.exists("/etc/systemd/system/multi-user.target.wants"), "the emptied folder is gone");
    assert_eq!(m.state("site.service"), Err(Errno::ENOENT));
}

#[test]
fn what_enable_refuses_or_remarks() {
    let mut m = Machine::new(&[
        ("/etc/systemd/system/odd.service", &format!("{UNIT}[Install]\nWantedBy=multiuser.target\n")),
        ("/etc/systemd/system/bad.service", &format!("{UNIT}[Install]\nWantedBy=multy-user target\n")),
        ("/etc/systemd/system/w@.service", &format!("{UNIT}[Install]\nWantedBy=multi-user.target\n")),
        ("/etc/systemd/system/al.service", &format!("{UNIT}[Install]\nAlias=al.timer\n")),
        ("/etc/systemd/system/none.service", UNIT),
    ]);
    for (name, expected) in [
        (
            "odd.service",
            vec![
                "Created symlink /etc/systemd/system/multiuser.target.wants/odd.service → /etc/systemd/system/odd.service.",
                "Unit /etc/systemd/system/odd.service is added as a dependency to a non-existent unit multiuser.target.",
            ],
        ),
        ("bad.service", vec!["Failed: \"multy-user\" is not a valid unit name."]),
        ("w@.service", vec!["Failed: Destination unit multi-user.target is a non-template unit."]),
        ("al.service", vec!["Failed: Cannot alias al.service as al.timer."]),
        ("gone.service", vec!["Failed: Unit file gone.service does not exist."]),
        ("none.service", vec![]),
    ] {
        assert_eq!(m.verb(|i| i.enable(&names(&[name]))), expected, "{name}");
    }
    assert_eq!(m.verb(|i| i.disable(&names(&["gone.service"]))), ["Failed: Unit file gone.service does not exist."]);
    assert_eq!(m.state("none.service"), Ok(UnitFileState::Static));
}

#[test]
fn masks() {
    let text = format!("{UNIT}[Install]\nWantedBy=multi-user.target\n");
    let mut m =
        Machine::new(&[("/usr/lib/systemd/system/v.service", &text), ("/etc/systemd/system/mine.service", UNIT)]);
    assert_eq!(
        m.verb(|i| i.mask(&names(&["mine.service"]))),
        ["Failed: File /etc/systemd/system/mine.service already exists."]
    );
    assert_eq!(
        m.verb(|i| i.mask(&names(&["v.service"]))),
        ["Created symlink /etc/systemd/system/v.service → /dev/null."]
    );
    assert_eq!(m.state("v.service"), Ok(UnitFileState::Masked));
    assert_eq!(
        m.verb(|i| i.enable(&names(&["v.service"]))),
        ["Failed: Unit file /etc/systemd/system/v.service is masked."]
    );
    assert_eq!(m.verb(|i| i.unmask(&names(&["v.service"]))), ["Removed \"/etc/systemd/system/v.service\"."]);
    let runtime = InstallFlags { runtime: true, ..InstallFlags::default() };
    assert_eq!(
        m.run(runtime, |i| i.mask(&names(&["v.service"]))),
        ["Created symlink /run/systemd/system/v.service → /dev/null."]
    );
    assert_eq!(m.state("v.service"), Ok(UnitFileState::MaskedRuntime));
}

#[test]
fn templates_and_linked_files() {
    let text = format!("{UNIT}[Install]\nWantedBy=multi-user.target\n");
    let mut m = Machine::new(&[("/etc/systemd/system/w@.service", &text), ("/opt/app/linked.service", text.as_str())]);
    let wants = "/etc/systemd/system/multi-user.target.wants";
    assert_eq!(
        m.verb(|i| i.enable(&names(&["w@1.service", "w@2.service"]))),
        [
            format!("Created symlink {wants}/w@1.service → /etc/systemd/system/w@.service."),
            format!("Created symlink {wants}/w@2.service → /etc/systemd/system/w@.service."),
        ]
    );
    assert_eq!(m.state("w@1.service"), Ok(UnitFileState::Enabled));
    assert_eq!(m.state("w@3.service"), Ok(UnitFileState::Disabled));
    assert_eq!(m.state("w@.service"), Ok(UnitFileState::Indirect));
    assert_eq!(m.verb(|i| i.disable(&names(&["w@.service"]))).len(), 2);
    assert_eq!(
        m.verb(|i| i.link(&names(&["/opt/app/linked.service"]))),
        ["Created symlink /etc/systemd/system/linked.service → /opt/app/linked.service."]
    );
    assert_eq!(m.state("linked.service"), Ok(UnitFileState::Linked));
    assert_eq!(
        m.verb(|i| i.enable(&names(&["/opt/app/linked.service"]))),
        [format!("Created symlink {wants}/linked.service → /opt/app/linked.service.")]
    );
    assert_eq!(
        m.verb(|i| i.disable(&names(&["linked.service"]))),
        ["Removed \"/etc/systemd/system/linked.service\".".to_owned(), format!("Removed \"{wants}/linked.service\"."),]
    );
    assert_eq!(m.state("linked.service"), Err(Errno::ENOENT));
}

#[test]
fn defaults_wants_and_reverts() {
    let mut m = Machine::new(&[
        ("/usr/lib/systemd/system/p.service", UNIT),
        ("/usr/lib/systemd/system/rescue.target", "[Unit]\nA=1\n"),
        ("/etc/systemd/system/p.service", UNIT),
        ("/etc/systemd/system/p.service.d/10-a.conf", "[Service]\n"),
        ("/etc/systemd/system/p.service.d/20-b.conf", "[Service]\n"),
    ]);
    assert_eq!(
        m.verb(|i| i.set_default("multi-user.target")),
        ["Created symlink /etc/systemd/system/default.target → /lib/systemd/system/multi-user.target."]
    );
    assert_eq!(
        m.verb(|i| i.set_default("rescue.target")),
        [
            "Removed \"/etc/systemd/system/default.target\".",
            "Created symlink /etc/systemd/system/default.target → /lib/systemd/system/rescue.target.",
        ]
    );
    assert_eq!(
        m.verb(|i| i.add_dependency("multi-user.target", &names(&["p.service"]), false)),
        ["Created symlink /etc/systemd/system/multi-user.target.wants/p.service → /etc/systemd/system/p.service."]
    );
    assert_eq!(
        m.verb(|i| i.revert(&names(&["p.service"]))),
        [
            "Removed \"/etc/systemd/system/p.service.d/10-a.conf\".",
            "Removed \"/etc/systemd/system/p.service.d/20-b.conf\".",
            "Removed \"/etc/systemd/system/p.service.d\".",
            "Removed \"/etc/systemd/system/p.service\".",
            "Removed \"/etc/systemd/system/multi-user.target.wants/p.service\".",
        ]
    );
}

#[test]
fn presets_decide() {
    let text = format!("{UNIT}[Install]\nWantedBy=multi-user.target\n");
    let mut m = Machine::new(&[
        ("/usr/lib/systemd/system/a.service", text.as_str()),
        ("/usr/lib/systemd/system/b.service", text.as_str()),
        ("/usr/lib/systemd/system-preset/50-x.preset", "# none\ndisable b*\nenable *\n"),
    ]);
    m.verb(|i| i.enable(&names(&["b.service"])));
    let wants = "/etc/systemd/system/multi-user.target.wants";
    assert_eq!(
        m.verb(|i| i.preset(&names(&["a.service", "b.service"]), PresetMode::Full)),
        [
            format!("Removed \"{wants}/b.service\"."),
            format!("Created symlink {wants}/a.service → /lib/systemd/system/a.service."),
        ]
    );
    let scope = Scope { path: &m.path, host: &m.host };
    let list: Vec<_> = list_unit_files(&m.tree, scope).into_iter().map(|e| (e.name, e.state, e.preset)).collect();
    assert_eq!(list[0], ("a.service".to_owned(), UnitFileState::Enabled, Some(true)));
    assert_eq!(list[1], ("b.service".to_owned(), UnitFileState::Disabled, Some(false)));
}
