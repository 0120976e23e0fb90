//! The one table of directives: bad values get systemd's own words, and the book's page tells the table's truth.
//!
//! `tests/recorded/values.txt` was recorded with `systemd-analyze verify` of systemd 252: a line with section, key and
//! value between tabs, then a line for each message, with the line of the file if it names one.
#![allow(clippy::disallowed_methods, reason = "a test reads the repository's files")]

use concierge::systemd::directives::{Effect, TABLES, keys};
use concierge::systemd::load::{Loader, SearchPath, UnitFileMap};
use concierge::systemd::unit_file::specifier::Host;
use concierge::systemd::unit_name::UnitName;
use concierge::world::Time;
use concierge::world::fs::FileTree;

/// The rest of a file that makes a unit of the section's type valid.
fn base(section: &str) -> (&'static str, &'static str) {
    match section {
        "Socket" => ("socket", "ListenStream=/run/zz\n"),
        "Timer" => ("timer", "OnActiveSec=1\n"),
        "Path" => ("path", "PathExists=/zz\n"),
        "Mount" => ("mount", "What=tmpfs\n"),
        "Automount" => ("automount", ""),
        "Swap" => ("swap", ""),
        "Slice" => ("slice", ""),
        "Scope" => ("scope", ""),
        "Unit" => ("service", "[Service]\nExecStart=/bin/true\n"),
        _ => ("service", "ExecStart=/bin/true\n"),
    }
}

/// What reading a file with that one setting says about its second line, and whether that was fatal.
fn messages(section: &str, key: &str, value: &str) -> Vec<String> {
    let (kind, rest) = base(section);
    let name = format!("k.{kind}");
    let mut tree = FileTree::new(Time(0));
    let path = format!("/etc/systemd/system/{name}");
    tree.mkdir_all("/etc/systemd/system", Time(0));
    tree.put(&path, format!("[{section}]\n{key}={value}\n{rest}").as_bytes(), 0o644, (0, 0), Time(0));
    let search = SearchPath::system();
    let map = UnitFileMap::build(&tree, &search);
    let loader = Loader { files: &tree, path: &search, map: &map, host: &Host::default() };
    let unit = loader.load(&UnitName::new(&name).expect("a valid name"));
    let shown = |w: &&concierge::systemd::loaded::Warning| w.line == 2 || w.text.contains("fatal error");
    let line = |line: u32| if line > 0 { line.to_string() } else { String::new() };
    unit.warnings.iter().filter(shown).map(|w| format!("{}\t{}", line(w.line), w.text)).collect()
}

#[test]
fn a_bad_value_gets_systemds_own_words() {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recorded/values.txt");
    let path = std::env::var("CONCIERGE_VALUES").unwrap_or_else(|_| own.to_owned());
    let text = std::fs::read_to_string(path).expect("the recorded values are there");
    let mut wrong = Vec::new();
    let mut cases = 0;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let [section, key, value] = line.splitn(3, '\t').collect::<Vec<_>>()[..] else { continue };
        let mut real = Vec::new();
        while let Some(message) = lines.next_if(|line| line.starts_with("| ")) {
            real.push(message[2..].to_owned());
        }
        real.retain(|message| message.starts_with("2\t") || message.contains("fatal error"));
        cases += 1;
        let ours = messages(section, key, value);
        if real != ours {
            wrong.push(format!("[{section}] {key}={value}\n  real {real:?}\n  ours {ours:?}"));
        }
    }
    assert!(cases > 100, "the recorded values were not found");
    assert!(wrong.is_empty(), "{} of {cases} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// The chapter as the table has it.
fn page() -> String {
    let mut text = String::from(concat!(
        "# Directives\n\n",
        "Every directive that systemd 252 knows, as the one table in `src/systemd/directives` has it; a test ties this page to\n",
        "the table. All of them are read and checked, and a bad value gets systemd's own warning. *acts*: it changes what\n",
        "happens on the simulated machine, or what its tools tell of it. *stored*: `systemctl cat` and, where systemd has a\n",
        "property for it, `systemctl show` have it; nothing else comes of it. *ignored*: systemd itself reads it without effect.\n\n",
        "Written anew by `CONCIERGE_ACCEPT=1 cargo test --test directives`.\n",
    ));
    for (title, table) in TABLES {
        text += &format!("\n## {title}\n\n| directive | value | effect |\n| --- | --- | --- |\n");
        for directive in *table {
            let effect = match directive.effect {
                Effect::Acts => "acts",
                Effect::Stored => "stored",
                Effect::Ignored => "ignored",
            };
            text += &format!("| `{}=` | {} | {effect} |\n", directive.key, directive.value);
        }
        if *title == "[Unit]" {
            for key in keys("Unit").iter().filter(|key| key.starts_with("Condition") || key.starts_with("Assert")) {
                text += &format!("| `{key}=` | condition | acts |\n");
            }
        }
    }
    text
}

#[test]
fn the_page_tells_what_the_table_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/book/src/directives.md");
    if std::env::var_os("CONCIERGE_ACCEPT").is_some() {
        std::fs::write(path, page()).expect("the book can be written");
    }
    assert_eq!(
        std::fs::read_to_string(path).unwrap_or_default(),
        page(),
        "write the page anew with CONCIERGE_ACCEPT=1"
    );
}

#[test]
fn every_directive_has_a_kind_of_value_and_stands_in_the_table_once() {
    for (title, table) in TABLES {
        for (place, directive) in table.iter().enumerate() {
            assert!(!directive.value.is_empty(), "{title} {}= lacks its kind of value", directive.key);
            let twice = table[place + 1..].iter().any(|other| other.key == directive.key);
            assert!(!twice, "{title} has {}= twice", directive.key);
        }
    }
}

#[test]
fn what_is_only_stored_is_named_and_kept() {
    let name = UnitName::new("k.service").expect("a valid name");
    let mut tree = FileTree::new(Time(0));
    tree.mkdir_all("/etc/systemd/system", Time(0));
    let text = "[Service]\nExecStart=/bin/true\nNUMAMask=0\nIOWeight=20\nMemoryMax=1G\n";
    tree.put("/etc/systemd/system/k.service", text.as_bytes(), 0o644, (0, 0), Time(0));
    let search = SearchPath::system();
    let map = UnitFileMap::build(&tree, &search);
    let unit = Loader { files: &tree, path: &search, map: &map, host: &Host::default() }.load(&name);
    assert_eq!(unit.not_simulated, ["[Service] NUMAMask=", "[Service] IOWeight="]);
    assert_eq!(unit.settings.kept("NUMAMask"), Some("0"));
}
