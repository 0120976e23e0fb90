//! `dpkg` and `dpkg-query`: what is installed, and which file belongs to what: dpkg-query(1).

use super::catalogue::{Package, find};
use super::{installed, is_installed};
use crate::commands::Command;
use crate::commands::net::redis::glob;
use crate::world::{Cx, NeedInput, one_shot};

/// `dpkg`.
pub const DPKG: Command = Command { name: "dpkg", path: "/usr/bin/dpkg", program: |argv| one_shot(run, argv) };
/// `dpkg-query`.
pub const DPKG_QUERY: Command =
    Command { name: "dpkg-query", path: "/usr/bin/dpkg-query", program: |argv| one_shot(run, argv) };

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let args = cx.args();
    let Some(action) = args.first() else {
        cx.errln(&format!("{}: error: need an action option\n\nType dpkg --help for help about installing and deinstalling packages [*].", cx.name()));
        return Ok(2);
    };
    let names = &args[1..];
    Ok(match action.as_str() {
        "-l" | "--list" => list(cx, names),
        "-s" | "--status" => each(cx, names, true),
        "-L" | "--listfiles" => each(cx, names, false),
        "-S" | "--search" => search(cx, names),
        "-W" | "--show" => show(cx, names),
        "--print-architecture" => {
            cx.outln("amd64");
            0
        }
        "--version" => {
            cx.outln("Debian 'dpkg' package management program version 1.21.22 (amd64).");
            0
        }
        "-i" | "--install" | "-r" | "--remove" | "-P" | "--purge" | "--configure" if cx.sys.uid() != 0 => {
            cx.errln("dpkg: error: requested operation requires superuser privilege");
            2
        }
        "-i" | "--install" => {
            for name in names {
                cx.errln(&format!("dpkg: error: cannot access archive '{name}': No such file or directory"));
            }
            1
        }
        other => crate::commands::options::not_simulated(cx, &format!("option {other}")),
    })
}

fn matching(cx: &Cx<'_, '_>, name: &str) -> Vec<&'static Package> {
    installed(cx.sys.world).into_iter().filter(|p| p.name == name || glob(name, p.name)).collect()
}

fn list(cx: &mut Cx<'_, '_>, names: &[String]) -> u8 {
    let mut status = 0;
    let mut rows = if names.is_empty() { installed(cx.sys.world) } else { Vec::new() };
    for name in names {
        let found = matching(cx, name);
        if found.is_empty() {
            cx.errln(&format!("dpkg-query: no packages found matching {name}"));
            status = 1;
        }
        rows.extend(found);
    }
    if rows.is_empty() {
        return status;
    }
    let width =
        |least: usize, text: &dyn Fn(&Package) -> usize| rows.iter().map(|p| text(p)).max().unwrap_or(0).max(least);
    let (n, v, a) = (width(14, &|p| p.name.len()), width(14, &|p| p.version.len()), width(12, &|p| p.arch.len()));
    let columns = cx.sys.tty_of(1).and_then(|tty| cx.sys.world.terminals.get(&tty)).map(|t| usize::from(t.columns));
    let d =
        columns.map_or_else(|| width(33, &|p| p.about.chars().count()), |c| c.saturating_sub(n + v + a + 7).max(33));
    cx.outln("Desired=Unknown/Install/Remove/Purge/Hold\n| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend\n|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)");
    cx.outln(&format!("||/ {:<n$} {:<v$} {:<a$} {}", "Name", "Version", "Architecture", "Description"));
    cx.outln(&format!("+++-{}-{}-{}-{}", "=".repeat(n), "=".repeat(v), "=".repeat(a), "=".repeat(d)));
    for p in rows {
        let about: String = p.about.chars().take(d).collect();
        cx.outln(&format!("ii  {:<n$} {:<v$} {:<a$} {about}", p.name, p.version, p.arch));
    }
    status
}

/// The status of each package, or its files.
fn each(cx: &mut Cx<'_, '_>, names: &[String], is_status: bool) -> u8 {
    let mut result = 0;
    for (at, name) in names.iter().enumerate() {
        if at > 0 {
            cx.outln("");
        }
        match find(name).filter(|p| p.name == name && is_installed(cx.sys.world, p)) {
            Some(package) if is_status => status(cx, package),
            Some(package) => files(cx, package),
            None if is_status => {
                cx.errln(&format!("dpkg-query: package '{name}' is not installed and no information is available\nUse dpkg --info (= dpkg-deb --info) to examine archive files."));
                result = 1;
            }
            None => {
                cx.errln(&format!("dpkg-query: package '{name}' is not installed\nUse dpkg --contents (= dpkg-deb --contents) to list archive files contents."));
                result = 1;
            }
        }
    }
    result
}

fn status(cx: &mut Cx<'_, '_>, p: &Package) {
    let depends = if p.depends.is_empty() { String::new() } else { format!("Depends: {}\n", p.depends.join(", ")) };
    cx.outln(&format!(
        "Package: {}\nStatus: install ok installed\nPriority: optional\nSection: admin\nInstalled-Size: 512\nMaintainer: Debian\nArchitecture: {}\nVersion: {}\n{depends}Description: {}",
        p.name, p.arch, p.version, p.about
    ));
}

fn files(cx: &mut Cx<'_, '_>, p: &Package) {
    let mut seen = vec!["/.".to_owned()];
    for file in p.files {
        let cuts = file.match_indices('/').skip(1).map(|(at, _)| file[..at].to_owned());
        for path in cuts.chain([(*file).to_owned()]) {
            if !seen.contains(&path) {
                seen.push(path);
            }
        }
    }
    cx.outln(&seen.join("\n"));
}

fn search(cx: &mut Cx<'_, '_>, names: &[String]) -> u8 {
    let mut status = 0;
    for name in names {
        let alternative = name.strip_prefix("/usr").unwrap_or(name);
        let mut found = Vec::new();
        for p in installed(cx.sys.world) {
            let hits = p.files.iter().filter(|f| {
                if name.starts_with('/') {
                    **f == name || **f == alternative
                } else {
                    f.contains(name.as_str()) || glob(name, f)
                }
            });
            found.extend(hits.map(|f| format!("{}: {f}", p.name)));
        }
        if found.is_empty() {
            cx.errln(&format!(
                "dpkg-query: no path found matching pattern {}",
                if name.starts_with('/') { name.clone() } else { format!("*{name}*") }
            ));
            status = 1;
        } else {
            cx.outln(&found.join("\n"));
        }
    }
    status
}

fn show(cx: &mut Cx<'_, '_>, names: &[String]) -> u8 {
    let mut status = 0;
    let format = names.iter().find_map(|n| n.strip_prefix("-f=").or_else(|| n.strip_prefix("-f"))).map(str::to_owned);
    let wanted: Vec<&String> = names.iter().filter(|n| !n.starts_with('-')).collect();
    let mut rows = if wanted.is_empty() { installed(cx.sys.world) } else { Vec::new() };
    for name in wanted {
        let found = matching(cx, name);
        if found.is_empty() {
            cx.errln(&format!("dpkg-query: no packages found matching {name}"));
            status = 1;
        }
        rows.extend(found);
    }
    for p in rows {
        match &format {
            Some(format) => {
                let text = format
                    .replace("${Package}", p.name)
                    .replace("${binary:Package}", p.name)
                    .replace("${Version}", p.version)
                    .replace("${Architecture}", p.arch)
                    .replace("${Status}", "install ok installed")
                    .replace("${db:Status-Status}", "installed")
                    .replace("\\n", "\n")
                    .replace("\\t", "\t");
                cx.out(&text);
            }
            None => cx.outln(&format!("{}\t{}", p.name, p.version)),
        }
    }
    status
}
