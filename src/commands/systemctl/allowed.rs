//! What options of systemctl answer to `help` as their argument, and to a unit name that looks like options: systemctl(1).

use crate::systemd::states::{ActiveState, LoadState, UnitFileState};
use crate::world::{Cx, Signal};

/// What `--signal=help` prints: every signal by number.
pub fn signals_help(cx: &mut Cx<'_, '_>) {
    for number in 0..=64 {
        match Signal::from_number(number) {
            Some(signal) if number < 32 => cx.outln(signal.name().trim_start_matches("SIG")),
            _ if number >= 34 => cx.outln(&format!("RTMIN+{}", number - 34)),
            _ => cx.outln(&number.to_string()),
        }
    }
}

/// What `--state=help` prints.
pub fn states_help(cx: &mut Cx<'_, '_>) -> u8 {
    fn list(cx: &mut Cx<'_, '_>, title: &str, words: &mut dyn Iterator<Item = &'static str>) {
        cx.outln(&format!("Available {title}:"));
        for word in words {
            cx.outln(word);
        }
    }
    list(cx, "unit load states", &mut LoadState::ALL.iter().map(|s| s.as_str()));
    cx.outln("");
    list(cx, "unit active states", &mut ActiveState::ALL.iter().map(|s| s.as_str()));
    cx.outln("");
    list(cx, "unit file states", &mut UnitFileState::ALL.iter().map(|s| s.as_str()));
    0
}

/// A unit name that starts with a dash and a dot was taken for options.
pub fn dash(cx: &mut Cx<'_, '_>, text: &str) -> u8 {
    let name = if text.is_empty() { "mount" } else { text };
    cx.errln("systemctl: invalid option -- '.'");
    cx.errln(&format!(
        "Hint: to specify units starting with a dash, use \"--\":\n      systemctl [OPTIONS...] COMMAND -- -.{name} ..."
    ));
    1
}
