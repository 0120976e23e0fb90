//! Tests of `options`.

use super::*;

const LS: Options = Options::coreutils(
    &[
        flag('a', "all"),
        flag('A', "almost-all"),
        value('w', "width"),
        optional('\0', "color"),
        absent('Z', "context"),
        short('l', "l"),
        also('\0', "colour", "color", Takes::Perhaps),
    ],
    "[OPTION]... [FILE]...",
);

fn wrong(args: &str) -> String {
    let args: Vec<String> = args.split(' ').map(str::to_owned).collect();
    match scan(&LS, &args) {
        Err(Refused::Wrong(message)) => message,
        other => panic!("accepted: {other:?}"),
    }
}

#[test]
fn mistakes_are_named_as_by_the_c_library() {
    assert_eq!(wrong("-y"), "invalid option -- 'y'");
    assert_eq!(wrong("--nosuch=3"), "unrecognized option '--nosuch=3'");
    assert_eq!(wrong("-lw"), "option requires an argument -- 'w'");
    assert_eq!(wrong("--wid"), "option '--width' requires an argument");
    assert_eq!(wrong("--all=1"), "option '--all' doesn't allow an argument");
    assert_eq!(wrong("--al"), "option '--al' is ambiguous; possibilities: '--all' '--almost-all'");
}

#[test]
fn options_and_operands_mix() {
    let args: Vec<String> = ["x", "-lw5", "--colo=auto", "-", "--", "-a"].map(str::to_owned).to_vec();
    let parsed = scan(&LS, &args).unwrap();
    assert_eq!(parsed.operands, ["x", "-", "-a"]);
    assert_eq!(parsed.last("width"), Some("5"));
    assert_eq!(parsed.last("color"), Some("auto"));
    assert!(parsed.has("l") && !parsed.has("all"));
    let parsed = scan(&LS.in_order(), &args).unwrap();
    assert_eq!(parsed.operands.len(), 6);
}

#[test]
fn what_is_missing_is_named() {
    assert_eq!(scan(&LS, &["-lZ".into()]), Err(Refused::NotSimulated("-Z".into())));
    assert_eq!(scan(&LS, &["--cont".into()]), Err(Refused::NotSimulated("--context".into())));
}
