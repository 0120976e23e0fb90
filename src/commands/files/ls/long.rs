//! One line a file with mode, owner, size and time: ls(1) `-l`.

use super::color::Colors;
use super::entry::Entry;
use super::settings::Settings;
use crate::commands::posix::strftime::strftime;
use crate::world::fs::{Device, Inode, Kind};
use crate::world::{Cx, Time, accounts};

/// Half a mean year, in seconds: older times are shown with their year.
const SIX_MONTHS: u64 = 31_556_952 / 2;

pub(super) fn print(cx: &mut Cx<'_, '_>, set: &Settings, paint: &mut Colors, entries: &[Entry]) {
    let widths = set.prefix_width(entries);
    let pad = set.pads(entries);
    let owner = |cx: &Cx<'_, '_>, node: &Inode| match set.numeric {
        true => node.uid.to_string(),
        false => accounts::user_name(&cx.world.files, node.uid),
    };
    let group = |cx: &Cx<'_, '_>, node: &Inode| match set.numeric {
        true => node.gid.to_string(),
        false => accounts::group_name(&cx.world.files, node.gid),
    };
    let rows: Vec<[String; 4]> = entries
        .iter()
        .map(|e| [e.links.to_string(), owner(cx, &e.node), group(cx, &e.node), size(set, &e.node)])
        .collect();
    let width = |at: usize| rows.iter().map(|row| row[at].len()).max().unwrap_or(0);
    let (w0, w1, w2, w3) = (width(0), width(1), width(2), width(3));
    let times: Vec<String> = entries.iter().map(|e| time(set, set.moment(e), cx.now())).collect();
    for ((entry, row), time) in entries.iter().zip(&rows).zip(times) {
        let mut line = String::new();
        if set.inode {
            line.push_str(&format!("{:>1$} ", entry.ino, widths.0));
        }
        if set.blocks {
            line.push_str(&format!("{:>1$} ", set.size(entry.blocks() * 1024, true), widths.1));
        }
        line.push_str(&format!("{} {:>w0$}", entry.node.mode_string(), row[0]));
        if set.owner {
            line.push_str(&format!(" {:<w1$}", row[1]));
        }
        if set.group {
            line.push_str(&format!(" {:<w2$}", row[2]));
        }
        if set.context {
            line.push_str(" ?");
        }
        let (name, _) = set.name(paint, entry, pad);
        line.push_str(&format!(" {:>w3$} {time} {name}", row[3]));
        if let Kind::Symlink(target) = &entry.node.kind {
            let quoted = set.quoted(target);
            line.push_str(&format!(" -> {}", paint.paint_target(entry, &quoted)));
            let mark = entry.target.as_ref().and_then(|node| set.mark(&node.kind, node.mode));
            line.extend(mark);
        }
        cx.outln(&line);
    }
}

/// The size, or the numbers of a device.
fn size(set: &Settings, node: &Inode) -> String {
    match &node.kind {
        Kind::Device(device) => device_numbers(*device),
        _ => set.size(node.size(), false),
    }
}

fn device_numbers(device: Device) -> String {
    let (major, minor) = match device {
        Device::Null => (1, 3),
        Device::Zero => (1, 5),
        Device::Full => (1, 7),
        Device::Random => (1, 9),
        Device::Tty => (5, 0),
        Device::Terminal(number) => (136, number),
    };
    format!("{major}, {minor:>3}").replace("1,   ", "1, ").replace("5,   ", "5, ").replace("136,   ", "136, ")
}

fn time(set: &Settings, time: Time, now: Time) -> String {
    match set.time_style.trim_start_matches("posix-") {
        "full-iso" => strftime(time, "%Y-%m-%d %H:%M:%S.%N %z"),
        "long-iso" => strftime(time, "%Y-%m-%d %H:%M"),
        "iso" if recent(time, now) => strftime(time, "%m-%d %H:%M"),
        "iso" => strftime(time, "%Y-%m-%d "),
        style if style.starts_with('+') => strftime(time, &style[1..]),
        _ if recent(time, now) => strftime(time, "%b %e %H:%M"),
        _ => strftime(time, "%b %e  %Y"),
    }
}

fn recent(time: Time, now: Time) -> bool {
    time <= now && now.secs().saturating_sub(time.secs()) < SIX_MONTHS
}
