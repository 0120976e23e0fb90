//! What single sed commands do with the pattern space: `w`, `s`, `l`: sed(1).

use super::Machine;
use crate::commands::text::sed::replace;
use crate::commands::text::sed::script::Substitution;
use crate::world::Cx;

impl Machine {
    pub(super) fn write(&mut self, cx: &mut Cx<'_, '_>, output: usize, line: &[u8]) {
        if let Some(fd) = self.outputs.get(output) {
            cx.print(*fd, &[line, b"\n"].concat());
        }
    }

    pub(super) fn substitute(&mut self, cx: &mut Cx<'_, '_>, sub: &Substitution) {
        if sub.regexp.is_some() {
            self.recent.clone_from(&sub.regexp);
        }
        let Some(regexp) = self.recent.clone() else { return };
        let text = std::mem::take(&mut self.space);
        let (mut out, mut copied, mut at, mut count) = (Vec::new(), 0, 0, 0);
        let mut replaced = false;
        while let Some(spans) = regexp.find_at(&text, at) {
            let Some((from, to)) = spans[0] else { break };
            // An empty match right behind another one does not count.
            let fresh = to > from || from > copied || count == 0;
            if fresh {
                count += 1;
                if count >= sub.number.max(1) {
                    out.extend_from_slice(&text[copied..from]);
                    replace::fill(&sub.replacement, &text, &spans, &mut out);
                    copied = to;
                    replaced = true;
                    if !sub.global {
                        break;
                    }
                }
            }
            at = if to > from { to } else { to + 1 };
            while at < text.len() && text[at] & 0xc0 == 0x80 {
                at += 1;
            }
            if at > text.len() {
                break;
            }
        }
        out.extend_from_slice(&text[copied..]);
        self.space = out;
        if replaced {
            self.replaced = true;
            if sub.print {
                self.print_space(cx);
            }
            if let Some(output) = sub.output {
                let line = self.space.clone();
                self.write(cx, output, &line);
            }
        }
    }

    /// `l`: the pattern space without doubt.
    pub(super) fn list(&mut self, cx: &mut Cx<'_, '_>) {
        let (mut out, mut width) = (String::new(), 0);
        let text = String::from_utf8_lossy(&self.space).into_owned();
        for letter in text.chars() {
            let shown = match letter {
                '\\' => "\\\\".to_owned(),
                '\u{7}' => "\\a".into(),
                '\u{8}' => "\\b".into(),
                '\u{c}' => "\\f".into(),
                '\n' => "\\n".into(),
                '\r' => "\\r".into(),
                '\t' => "\\t".into(),
                '\u{b}' => "\\v".into(),
                c if c.is_control() || !c.is_ascii() => {
                    let mut bytes = [0; 4];
                    c.encode_utf8(&mut bytes).bytes().map(|b| format!("\\{b:03o}")).collect()
                }
                c => c.to_string(),
            };
            if width + shown.len() > 69 {
                out.push_str("\\\n");
                width = 0;
            }
            width += shown.len();
            out.push_str(&shown);
        }
        out.push_str("$\n");
        self.print(cx, out.as_bytes());
    }
}
