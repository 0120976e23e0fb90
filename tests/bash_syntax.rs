//! The shell's grammar against verdicts recorded from bash 5.2: bash(1), SHELL GRAMMAR.

use std::collections::BTreeMap;
use std::sync::Arc;

use concierge::shell::syntax::arithmetic::{self, ArithmeticError, Variables};
use concierge::shell::syntax::ast::CommandKind;
use concierge::shell::syntax::tokens::{Kind, tokens};
use concierge::shell::syntax::{Options, Outcome, Position, parse, parse_next, print};
use proptest::prelude::*;

const VERDICTS: &str = include_str!("bash_syntax/verdicts.txt");
const FUNCTIONS: &str = include_str!("bash_syntax/functions.sh");
const PRINTED: &str = include_str!("bash_syntax/functions.out");
const ARITHMETIC: &str = include_str!("bash_syntax/arithmetic.txt");

/// The texts of the table with their verdicts.
fn verdicts() -> Vec<(String, &'static str)> {
    let mut cases: Vec<(Vec<&str>, &str)> = Vec::new();
    for line in VERDICTS.lines() {
        if let Some(verdict) = line.strip_prefix("= ") {
            cases.push((Vec::new(), verdict));
        } else if let (Some(text), Some(case)) = (line.strip_prefix("  "), cases.last_mut()) {
            case.0.push(text);
        }
    }
    cases.into_iter().map(|(lines, verdict)| (lines.join("\n"), verdict)).collect()
}

fn verdict(text: &str) -> String {
    match parse(text, Options::default()) {
        Ok(_) => "ok".to_string(),
        Err(error) => format!("line {}: {}", error.line, error.messages[0]),
    }
}

#[test]
fn accepts_and_refuses_as_bash_does() {
    let cases = verdicts();
    assert!(cases.len() > 450, "the table is there");
    let wrong: Vec<_> = cases.iter().filter(|(text, bash)| verdict(text) != *bash).collect();
    let ours: Vec<_> = wrong.iter().map(|(text, bash)| (text, bash, verdict(text))).collect();
    assert!(ours.is_empty(), "text, bash, ours: {ours:#?}");
}

#[test]
fn prints_functions_as_declare_does() {
    let commands = parse(FUNCTIONS, Options::default()).expect("the file is valid");
    let mut printed = String::new();
    for list in &commands {
        for command in list.items.iter().flat_map(|item| &item.and_or.first.commands) {
            if let CommandKind::Function(definition) = &command.kind {
                printed.push_str(&print::function(definition));
                printed.push('\n');
            }
        }
    }
    assert_eq!(printed, PRINTED);
}

#[derive(Default)]
struct Table(BTreeMap<String, String>);

impl Variables for Table {
    fn get(&mut self, name: &str, _: Option<&str>, _: u32) -> Result<Option<String>, ArithmeticError> {
        Ok(self.0.get(name).cloned())
    }

    fn set(&mut self, name: &str, _: Option<&str>, value: i64, _: u32) -> Result<(), ArithmeticError> {
        self.0.insert(name.to_string(), value.to_string());
        Ok(())
    }
}

#[test]
fn computes_as_bash_does() {
    for line in ARITHMETIC.lines().filter(|line| !line.starts_with("# ")) {
        let (text, expected) = line.split_once('\t').expect("two columns");
        let start = [("x", "5"), ("e", "x+1"), ("r", "r+1")];
        let mut table = Table(start.into_iter().map(|(name, value)| (name.into(), value.into())).collect());
        let ours = match arithmetic::evaluate(text, &mut table) {
            Ok(value) => format!("{value} x={}", table.0["x"]),
            Err(ArithmeticError(message)) => message,
        };
        assert_eq!(ours, expected, "{text}");
    }
}

#[test]
fn unfinished_text_waits_for_more_lines() {
    let waits = |text: &str| {
        let options = Options { final_text: false, ..Options::default() };
        parse_next(text, Position::default(), options) == Outcome::Incomplete
    };
    for text in ["if true\n", "echo 'a\n", "echo \"a\n", "echo a \\\n", "cat <<E\nx\n", "a |\n", "a &&\n", "f() {\n"] {
        assert!(waits(text), "{text:?} is not finished");
    }
    for text in ["echo (\n", "done\n", "echo a\n", "cat <<E\nx\nE\n", "{ a; }\n", "\n", "# a\n", "case x in a\n"] {
        assert!(!waits(text), "{text:?} is finished or wrong");
    }
}

#[test]
fn an_error_does_not_reach_back() {
    let text = "echo one\necho two; fi\n";
    let Outcome::Command(_, next) = parse_next(text, Position::default(), Options::default()) else {
        panic!("the first line is a command");
    };
    assert_eq!(next, Position { offset: 9, line: 2 });
    let Outcome::Error(error) = parse_next(text, next, Options::default()) else { panic!("the second is not") };
    let script = "x.sh: line 2: syntax error near unexpected token `fi'\nx.sh: line 2: `echo two; fi'\n";
    assert_eq!(error.report("x.sh", false), script);
    assert_eq!(error.report("-bash", true), "-bash: syntax error near unexpected token `fi'\n");
}

#[test]
fn aliases_are_expanded_where_a_command_begins() {
    let find = |name: &str| -> Option<Arc<str>> {
        Some(match name {
            "ll" => "ls -l".into(),
            "ls" => "ls --color=auto".into(),
            "sudo" => "sudo ".into(),
            "begin" => "if true; then".into(),
            _ => return None,
        })
    };
    let printed = |text: &str| {
        let options = Options { aliases: &find, ..Options::default() };
        let commands = parse(text, options).expect("valid");
        print::and_or(&commands[0].items[0].and_or)
    };
    assert_eq!(printed("ll /opt"), "ls --color=auto -l /opt");
    assert_eq!(printed("echo ll; ll"), "echo ll");
    assert_eq!(printed("sudo ll"), "sudo ls --color=auto -l");
    assert_eq!(printed("\\ll"), "\\ll");
    assert_eq!(printed("begin a; fi"), "if true; then\n    a;\nfi");
}

#[test]
fn depth_is_limited_and_time_is_linear() {
    let nested = [("(", ")"), ("$(", ")"), ("${a:-", "}"), ("\"$(", ")\""), ("{ ", "; }"), ("$((", "))"), ("((", "))")];
    for (open, close) in nested {
        for count in [50, 99, 5_000, 100_000] {
            let text = format!("echo {}a{}", open.repeat(count), close.repeat(count));
            let _ = parse(&text, Options::default());
            let _ = parse(&open.repeat(count), Options::default());
            let _ = tokens(&text);
        }
    }
    let deep = format!("{}a{}", "{ ".repeat(90), "; }".repeat(90));
    assert!(parse(&deep, Options::default()).is_ok());
    let long = format!("echo {}", "word 'a b' $x \"$(b)\" ; ".repeat(50_000));
    assert_eq!(parse(&long, Options::default()).map(|commands| commands.len()), Ok(1));
    let expressions = ["-".repeat(100_000), "(".repeat(100_000), "a=".repeat(100_000), "1?".repeat(100_000)];
    for expression in expressions {
        assert!(arithmetic::evaluate(&expression, &mut Table::default()).is_err());
    }
}

#[test]
fn pieces_of_a_line() {
    let kinds = |line: &str| tokens(line).iter().map(|piece| piece.kind).collect::<Vec<_>>();
    use Kind::*;
    assert_eq!(
        kinds("a=1 ls -l | grep x > f # c"),
        [Assignment, Command, Word, Operator, Command, Word, Redirection, Word, Comment]
    );
    assert_eq!(
        kinds("for x in a; do b; done"),
        [Keyword, Word, Keyword, Word, Operator, Keyword, Command, Operator, Keyword]
    );
    assert_eq!(kinds("echo 'a"), [Command, Unfinished]);
    assert_eq!(kinds("cat <<E\nx\nE\nls"), [Command, Redirection, Word, HereDocument, Command]);
    let pieces = tokens("echo \"a $x\"'b'$(c)");
    let inner: Vec<_> = pieces[1].inner.iter().map(|piece| (piece.kind, piece.start, piece.end)).collect();
    assert_eq!(inner, [(Quoted, 5, 11), (Quoted, 11, 14), (Expansion, 14, 18)]);
}

/// Bytes of which shell texts are made.
fn shell_text() -> impl Strategy<Value = String> {
    let atoms = prop::sample::select(vec![
        "if ",
        "then ",
        "fi",
        "do ",
        "done",
        "case ",
        "in ",
        "esac",
        ";;",
        ";",
        "\n",
        " ",
        "a",
        "x=1",
        "x=(",
        ")",
        "(",
        "{ ",
        "}",
        "$(",
        "${",
        "$((",
        "))",
        "`",
        "'",
        "\"",
        "\\",
        "|",
        "&",
        "&&",
        "||",
        "<<E",
        "\nE\n",
        ">",
        "2>&1",
        "[[ ",
        " ]]",
        "==",
        "*",
        "é",
        "#",
        "[",
        "]",
        ":",
        "-",
        "/",
        "!",
        "@",
        "$'",
        "for ",
        "function ",
        "$",
    ]);
    prop::collection::vec(atoms, 0..40).prop_map(|atoms| atoms.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn nothing_panics(text in shell_text(), garbage in ".{0,60}", cut in 0usize..200, offset in 0usize..300) {
        for text in [&text, &garbage] {
            let _ = parse(text, Options::default());
            let _ = parse_next(text, Position { offset, line: 1 }, Options { final_text: false, ..Options::default() });
            let _ = tokens(text);
            let _ = arithmetic::evaluate(text, &mut Table::default());
        }
        let mutated: String = FUNCTIONS.chars().skip(offset).enumerate().filter(|(at, _)| *at != cut).map(|(_, c)| c).collect();
        let _ = parse(&mutated, Options::default());
    }

    /// What is printed means the same: printing it again changes nothing.
    #[test]
    fn printing_is_stable(text in shell_text()) {
        if let Ok(commands) = parse(&text, Options::default()) {
            for list in commands {
                let once = print::list(&list);
                if let Ok([again]) = parse(&once, Options::default()).as_deref() && !once.contains("<<") {
                    prop_assert_eq!(print::list(again), once);
                }
            }
        }
    }
}
