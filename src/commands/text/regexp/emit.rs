//! Writes a syntax tree in the notation of the `regex` crate.

use super::parse::Node;

pub(super) fn emit(node: &Node) -> String {
    let mut out = String::new();
    write(node, &mut out);
    out
}

fn write(node: &Node, out: &mut String) {
    match node {
        Node::Empty | Node::Back(_) => out.push_str("(?:)"),
        Node::Char(letter) => out.push_str(&regex::escape(&letter.to_string())),
        Node::Any => out.push('.'),
        Node::Set(class) => out.push_str(&class.emit()),
        Node::Assert(which) => out.push_str(match which {
            '^' => "^",
            '$' => "$",
            'b' => r"\b",
            'B' => r"\B",
            '<' => r"\b{start}",
            '>' => r"\b{end}",
            '`' => r"\A",
            _ => r"\z",
        }),
        Node::Group(inner, _) => {
            out.push('(');
            write(inner, out);
            out.push(')');
        }
        Node::Repeat(inner, low, high) => {
            out.push_str("(?:");
            write(inner, out);
            out.push(')');
            match (low, high) {
                (0, None) => out.push('*'),
                (1, None) => out.push('+'),
                (0, Some(1)) => out.push('?'),
                (low, None) => out.push_str(&format!("{{{low},}}")),
                (low, Some(high)) => out.push_str(&format!("{{{low},{high}}}")),
            }
        }
        Node::Concat(parts) => parts.iter().for_each(|part| write(part, out)),
        Node::Alternatives(all) => {
            out.push_str("(?:");
            for (at, part) in all.iter().enumerate() {
                if at > 0 {
                    out.push('|');
                }
                write(part, out);
            }
            out.push(')');
        }
    }
}
