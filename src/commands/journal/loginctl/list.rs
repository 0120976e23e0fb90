//! `loginctl list-sessions`, `list-users`, `list-seats`: loginctl(1).

use crate::commands::options::Parsed;
use crate::commands::systemctl::table::Table;
use crate::vps::systemd;
use crate::world::Cx;

/// `list-sessions`
pub(super) fn sessions(cx: &mut Cx<'_, '_>, parsed: &Parsed, _words: &[String]) -> u8 {
    let mut table = Table::new(&["session", "uid", "user", "seat", "tty"]);
    table.align_right(0);
    table.align_right(1);
    for session in systemd(cx.sys).0.logind.sessions() {
        let tty = if session.tty.is_empty() { " " } else { &session.tty };
        table.row(vec![session.id.clone(), session.uid.to_string(), session.user.clone(), " ".into(), tty.into()]);
    }
    print(cx, parsed, &mut table, "sessions")
}

/// `list-users`
pub(super) fn users(cx: &mut Cx<'_, '_>, parsed: &Parsed, _words: &[String]) -> u8 {
    let mut table = Table::new(&["uid", "user", "linger"]);
    table.align_right(0);
    let (systemd, world) = systemd(cx.sys);
    for user in systemd.logind.users() {
        let linger = if systemd.lingers(world, &user.name) { "yes" } else { "no" };
        table.row(vec![user.uid.to_string(), user.name.clone(), linger.into()]);
    }
    print(cx, parsed, &mut table, "users")
}

/// `list-seats`
pub(super) fn seats(cx: &mut Cx<'_, '_>, parsed: &Parsed, _words: &[String]) -> u8 {
    let mut table = Table::new(&["seat"]);
    table.row(vec!["seat0".into()]);
    print(cx, parsed, &mut table, "seats")
}

fn print(cx: &mut Cx<'_, '_>, parsed: &Parsed, table: &mut Table, what: &str) -> u8 {
    let legend = !parsed.has("no-legend");
    table.show_header = legend;
    let count = table.rows();
    if count > 0 {
        cx.out(&table.print());
    }
    match (legend, count) {
        (true, 0) => cx.outln(&format!("No {what}.")),
        (true, _) => cx.out(&format!("\n{count} {what} listed.\n")),
        _ => {}
    }
    0
}
