//! `:timeline` as block characters, as words for a screen reader, and as an SVG picture.

use std::fmt::Write as _;

use colored::{ColoredString, Colorize};

use super::learn::Learn;
use super::live::clock;
use super::words;
use crate::lesson::timeline::{Lane, State, Timeline, timeline};
use crate::world::Time;

/// Columns for a unit's name.
const NAME: usize = 26;
/// Columns for the share of time up.
const SHARE: usize = 18;
/// How deep a queue was, and when.
pub type Depth = (Time, u64);

impl Learn<'_> {
    /// Draws what happened since the lesson began.
    pub(super) fn timeline(&mut self, rest: &str) {
        let from = self.session.began();
        let line = timeline(&self.session.machine().vps, from);
        if let Some(file) = rest.trim().strip_prefix("svg") {
            let file = if file.trim().is_empty() { "timeline.svg" } else { file.trim() };
            match std::fs::write(file, svg(&line)) {
                Ok(()) => self.view.say_with(words::WRITTEN, &[file]),
                Err(error) => self.view.say_with(words::NOT_WRITTEN, &[file, &error.to_string()]),
            }
            return;
        }
        if line.lanes.is_empty() {
            return self.view.say(words::NO_TIMELINE);
        }
        let width = self.view.width.min(120).saturating_sub(NAME + SHARE + 4).max(10);
        for lane in &line.lanes {
            if self.view.plain {
                self.view.line(&spoken(lane, &line));
            } else {
                self.view.line(&drawn(lane, &line, width));
            }
        }
        if !self.view.plain {
            self.frame(&line, width);
        }
    }

    /// Queues, boots, the axis and what the characters mean.
    fn frame(&self, line: &Timeline, width: usize) {
        for (name, depths) in &self.live.depths {
            let row = spark(depths, line, width);
            let last = depths.last().map_or(0, |depth| depth.1);
            self.view.line(&format!("{} {row} {last}", padded(name)));
        }
        if !line.boots.is_empty() {
            let mut row = vec![' '; width];
            for boot in &line.boots {
                if let Some(cell) = row.get_mut(column(*boot, line, width)) {
                    *cell = '↻';
                }
            }
            let row: String = row.into_iter().collect();
            self.view.line(&format!("{} {row}", padded(&words::BOOTS.get(self.view.lang))));
        }
        let (from, to) = (clock(line.from), clock(line.to));
        let gap = " ".repeat(width.saturating_sub(from.len() + to.len()));
        self.view.line(&format!("{} {from}{gap}{to}", " ".repeat(NAME)));
        self.view.quiet(&words::LEGEND.get(self.view.lang));
    }
}

fn padded(name: &str) -> String {
    let name: String = name.chars().take(NAME).collect();
    format!("{name:<NAME$}")
}

fn column(at: Time, line: &Timeline, width: usize) -> usize {
    let whole = line.to.since(line.from).as_micros().max(1);
    let here = at.since(line.from).as_micros() * width as u128 / whole;
    usize::try_from(here).unwrap_or(0).min(width.saturating_sub(1))
}

/// The moments where a column begins and ends.
fn bounds(line: &Timeline, column: usize, width: usize) -> (Time, Time) {
    let whole = line.to.since(line.from);
    let share = |n: usize| line.from + whole.mul_f64(n as f64 / width.max(1) as f64);
    (share(column), share(column + 1))
}

fn block(state: State) -> ColoredString {
    match state {
        State::Active => "█".green(),
        State::Changing => "▒".yellow(),
        State::Inactive => "·".normal(),
        State::Failed => "✗".red().bold(),
        State::Off => " ".normal(),
    }
}

fn drawn(lane: &Lane, line: &Timeline, width: usize) -> String {
    let mut row = String::new();
    for n in 0..width {
        let (from, to) = bounds(line, n, width);
        let _ = write!(row, "{}", block(lane.worst(from, to)));
    }
    let restarts = if lane.restarts > 0 { format!("  ↻ {}", lane.restarts) } else { String::new() };
    format!("{} {row} {:>5} %{restarts}", padded(&lane.unit), percent(lane.up))
}

fn percent(ppm: u64) -> String {
    format!("{}.{}", ppm / 10_000, ppm / 1000 % 10)
}

/// How deep a queue was, in blocks of eight heights.
fn spark(depths: &[Depth], line: &Timeline, width: usize) -> String {
    let most = depths.iter().map(|depth| depth.1).max().unwrap_or(0).max(1);
    let height = |depth: u64| match depth * 8 / most {
        0 if depth == 0 => ' ',
        n => ['▁', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'].get(n as usize).copied().unwrap_or('█'),
    };
    let columns = (0..width).map(|n| {
        let (_, to) = bounds(line, n, width);
        depths.iter().take_while(|depth| depth.0 <= to).last().map_or(' ', |depth| height(depth.1))
    });
    columns.collect()
}

/// A lane in words.
fn spoken(lane: &Lane, line: &Timeline) -> String {
    let mut text = format!("{}: {} %, ↻ {}", lane.unit, percent(lane.up), lane.restarts).replace('↻', "restarts");
    for (at, state) in lane.changes.iter().filter(|(at, _)| *at >= line.from) {
        let name = match state {
            State::Active => "active",
            State::Changing => "activating",
            State::Inactive => "inactive",
            State::Failed => "failed",
            State::Off => continue,
        };
        let _ = write!(text, "; {} {name}", clock(*at));
    }
    text
}

/// The whole as a picture.
fn svg(line: &Timeline) -> String {
    const ROW: usize = 28;
    const LEFT: usize = 260;
    const WIDTH: usize = 900;
    let height = (line.lanes.len() + 2) * ROW;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {height}\" font-family=\"sans-serif\" font-size=\"14\">\n",
        LEFT + WIDTH + 120
    );
    for (n, lane) in line.lanes.iter().enumerate() {
        let y = n * ROW + 8;
        let _ = writeln!(out, "<text x=\"8\" y=\"{}\">{}</text>", y + 14, escaped(&lane.unit));
        let ends = lane.changes.iter().skip(1).map(|(at, _)| *at).chain([line.to]);
        for ((at, state), end) in lane.changes.iter().zip(ends) {
            let colour = match state {
                State::Active => "#2e9e44",
                State::Changing => "#e0a000",
                State::Inactive => "#d0d0d0",
                State::Failed => "#d03030",
                State::Off => continue,
            };
            let (x, to) = (column(*at, line, WIDTH), column(end, line, WIDTH));
            let wide = to.saturating_sub(x).max(1);
            let _ = writeln!(
                out,
                "<rect x=\"{}\" y=\"{y}\" width=\"{wide}\" height=\"18\" fill=\"{colour}\"><title>{} {}</title></rect>",
                LEFT + x,
                clock(*at),
                escaped(&format!("{state:?}"))
            );
        }
        let _ = writeln!(out, "<text x=\"{}\" y=\"{}\">{} %</text>", LEFT + WIDTH + 10, y + 14, percent(lane.up));
    }
    for boot in &line.boots {
        let x = LEFT + column(*boot, line, WIDTH);
        let _ = writeln!(
            out,
            "<line x1=\"{x}\" x2=\"{x}\" y1=\"0\" y2=\"{}\" stroke=\"#3050c0\"/>",
            line.lanes.len() * ROW
        );
    }
    let y = line.lanes.len() * ROW + 28;
    let _ = writeln!(out, "<text x=\"{LEFT}\" y=\"{y}\">{}</text>", clock(line.from));
    let _ =
        writeln!(out, "<text x=\"{}\" y=\"{y}\" text-anchor=\"end\">{}</text>\n</svg>", LEFT + WIDTH, clock(line.to));
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
