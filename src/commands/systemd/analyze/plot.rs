//! `plot`: the boot as a picture, one bar a unit: systemd-analyze(1). The picture is SVG, drawn in our own way.

use std::fmt::Write;

use crate::commands::options::Parsed;
use crate::commands::systemctl::bus;
use crate::systemd::manager::{RuntimeScope, Unit};
use crate::systemd::span::{MSEC, format_timespan};
use crate::world::Cx;

/// Height of a bar with its gap, and the margin around the picture, in pixels.
const ROW: u64 = 20;
const MARGIN: u64 = 20;
/// Room for a unit's name behind its bar.
const TEXT: u64 = 400;

/// The verb.
pub fn run(cx: &mut Cx<'_, '_>, _parsed: &Parsed, _words: &[String]) -> u8 {
    let manager = bus::manager(cx, RuntimeScope::System);
    let (begin, Some(end)) = (manager.started.0, manager.finished) else {
        cx.errln("Bootup is not yet finished. Please try again later.");
        return 1;
    };
    let mut bars: Vec<(u64, u64, String)> =
        bus::units(cx, RuntimeScope::System).iter().filter_map(|unit| bar(unit, begin, end.0)).collect();
    bars.sort();
    let scale = |usec: u64| usec / 1000;
    let width = scale(end.0.saturating_sub(begin)) + TEXT + 2 * MARGIN;
    let height = ROW * bars.len() as u64 + 2 * MARGIN;
    let mut text = format!(
        "<?xml version=\"1.0\" standalone=\"no\"?>\n<svg width=\"{width}px\" height=\"{height}px\" version=\"1.1\" \
         xmlns=\"http://www.w3.org/2000/svg\">\n"
    );
    for (row, (from, took, name)) in bars.iter().enumerate() {
        let (x, y) = (MARGIN + scale(*from), MARGIN + ROW * row as u64);
        let bar = scale(*took).max(1);
        let _ = writeln!(text, "  <rect x=\"{x}\" y=\"{y}\" width=\"{bar}\" height=\"{}\" fill=\"#c33\"/>", ROW - 4);
        let label = if *took > 0 { format!("{name} ({})", format_timespan(*took, MSEC)) } else { name.clone() };
        let (x, y) = (x + bar + 4, y + 12);
        let _ = writeln!(text, "  <text x=\"{x}\" y=\"{y}\" font-size=\"12\">{}</text>", label.replace('&', "&amp;"));
    }
    text.push_str("</svg>\n");
    cx.out(&text);
    0
}

/// When a unit began to start, counted from the beginning, and how long that took.
fn bar(unit: &Unit, begin: u64, end: u64) -> Option<(u64, u64, String)> {
    let from = unit.timestamps.inactive_exit.filter(|time| time.0 >= begin && time.0 <= end)?.0;
    let until = unit.timestamps.active_enter.map_or(from, |time| time.0.max(from));
    Some((from - begin, until - from, unit.name.to_string()))
}
