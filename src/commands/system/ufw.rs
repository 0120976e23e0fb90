//! `ufw`: rules of a firewall that keeps nobody out here: ufw(8).

use crate::commands::Command;
use crate::commands::net::sockets::port;
use crate::commands::process::launch::{print, say};
use crate::world::{Errno, Program, Step, Sys, Wait, World};

/// The command.
pub const COMMAND: Command =
    Command { name: "ufw", path: "/usr/sbin/ufw", program: |argv| Box::new(Ufw { argv: argv.to_vec(), asked: false }) };

const CONFIG: &str = "/etc/ufw/ufw.conf";
const RULES: &str = "/etc/ufw/user.rules";

#[derive(Clone)]
struct Ufw {
    argv: Vec<String>,
    asked: bool,
}

/// A rule: what is done, and with which port or address.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    action: String,
    to: String,
    from: String,
}

impl Rule {
    /// Reads `allow 80/tcp`, `allow from 10.0.0.1 to any port 22 proto tcp`. Errors: ufw's message.
    fn parse(words: &[String]) -> Result<Rule, String> {
        let (action, rest) = words.split_first().ok_or("Invalid syntax")?;
        let rest: Vec<&str> = rest.iter().map(String::as_str).filter(|w| *w != "in").collect();
        let (mut to, mut from, mut proto) = (String::new(), "Anywhere".to_owned(), String::new());
        match rest[..] {
            [] => return Err("Invalid syntax".into()),
            [single] => to = simple(single)?,
            _ => {
                let mut at = 0;
                while at < rest.len() {
                    let value = rest.get(at + 1).copied().ok_or("Invalid syntax")?;
                    match rest[at] {
                        "from" if value != "any" => from = value.to_owned(),
                        "from" | "to" | "comment" => {}
                        "port" => to = port(value).ok_or("Bad port")?.to_string(),
                        "proto" => proto = value.to_owned(),
                        _ => return Err("Invalid syntax".into()),
                    }
                    at += 2;
                }
                if to.is_empty() {
                    to = "Anywhere".into();
                }
                if !proto.is_empty() {
                    to = format!("{to}/{proto}");
                }
            }
        }
        Ok(Rule { action: action.clone(), to, from })
    }

    fn line(&self, six: bool, verbose: bool) -> String {
        let mark = if six { " (v6)" } else { "" };
        let action = format!("{}{}", self.action.to_uppercase(), if verbose { " IN" } else { "" });
        format!("{:<26} {action:<11} {:<26}", format!("{}{mark}", self.to), format!("{}{mark}", self.from))
    }

    /// The rule as it was typed.
    fn typed(&self) -> String {
        let to = if self.to == "OpenSSH" { "OpenSSH" } else { &self.to };
        if self.from == "Anywhere" {
            format!("ufw {} {to}", self.action)
        } else {
            format!("ufw {} from {} to any port {to}", self.action, self.from)
        }
    }
}

fn simple(text: &str) -> Result<String, String> {
    if matches!(text, "OpenSSH" | "Nginx Full" | "Nginx HTTP" | "Nginx HTTPS") {
        return Ok(text.to_owned());
    }
    let (number, proto) = text.split_once('/').map_or((text, None), |(n, p)| (n, Some(p)));
    if proto.is_some_and(|p| p != "tcp" && p != "udp") {
        return Err("Invalid syntax".into());
    }
    let parts: Vec<&str> = number.split([',', ':']).collect();
    if parts.iter().all(|p| p.parse::<u16>().is_ok_and(|p| p > 0)) {
        return Ok(text.to_owned());
    }
    if number.bytes().all(|b| b.is_ascii_digit()) {
        return Err("Bad port".into());
    }
    match port(number) {
        Some(port) => Ok(format!("{port}/{}", proto.unwrap_or("tcp"))),
        None => Err(format!("Could not find a profile matching '{number}'")),
    }
}

fn rules(world: &World) -> Vec<Rule> {
    let text = world.files.text(RULES).unwrap_or_default();
    let fields = |line: &str| -> Option<Rule> {
        let mut parts = line.split('\t').map(str::to_owned);
        Some(Rule { action: parts.next()?, to: parts.next()?, from: parts.next()? })
    };
    text.lines().filter_map(fields).collect()
}

fn save(sys: &mut Sys<'_>, rules: &[Rule]) {
    let text: String = rules.iter().map(|r| format!("{}\t{}\t{}\n", r.action, r.to, r.from)).collect();
    let now = sys.now();
    sys.world.files.put(RULES, text.as_bytes(), 0o640, (0, 0), now);
}

fn is_active(world: &World) -> bool {
    world.files.text(CONFIG).is_some_and(|text| text.contains("ENABLED=yes"))
}

fn set_active(sys: &mut Sys<'_>, on: bool) {
    let now = sys.now();
    let text = format!("ENABLED={}\nLOGLEVEL=low\n", if on { "yes" } else { "no" });
    sys.world.files.put(CONFIG, text.as_bytes(), 0o644, (0, 0), now);
}

fn fail(sys: &mut Sys<'_>, text: &str) -> Step {
    say(sys, &format!("ERROR: {text}"));
    Step::Exit(1)
}

fn done(sys: &mut Sys<'_>, text: &str) -> Step {
    print(sys, 1, &format!("{text}\n"));
    Step::Exit(0)
}

impl Program for Ufw {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        let mut words: Vec<String> = self.argv.iter().skip(1).cloned().collect();
        let force = words.iter().any(|w| w == "--force");
        words.retain(|w| w != "--force");
        if matches!(words.first().map(String::as_str), Some("version" | "--version")) {
            return done(sys, "ufw 0.36.2\nCopyright 2008-2023 Canonical Ltd.");
        }
        if sys.uid() != 0 {
            return fail(sys, "You need to be root to run this script");
        }
        match words.first().map(String::as_str) {
            None => fail(sys, "not enough args"),
            Some("enable") => self.enable(sys, force || sys_has_no_session(sys)),
            Some("disable") => {
                set_active(sys, false);
                done(sys, "Firewall stopped and disabled on system startup")
            }
            Some("reload") if is_active(sys.world) => done(sys, "Firewall reloaded"),
            Some("reload") => done(sys, "Firewall not enabled (skipping reload)"),
            Some("status") => {
                let text = status(sys.world, words.get(1).map_or("", String::as_str));
                print(sys, 1, &text);
                Step::Exit(0)
            }
            Some("show") if words.get(1).is_some_and(|w| w == "added") => show_added(sys),
            Some("default") => default(sys, &words[1..]),
            Some("allow" | "deny" | "reject" | "limit") => add(sys, &words),
            Some("delete") => delete(sys, &words[1..]),
            Some("logging" | "reset" | "app" | "insert" | "route" | "prepend") => {
                say(sys, &format!("ufw: {} is not simulated", words[0]));
                Step::Exit(2)
            }
            Some(_) => fail(sys, "Invalid syntax"),
        }
    }
}

/// Whether nobody could be cut off: not called from a terminal.
fn sys_has_no_session(sys: &Sys<'_>) -> bool {
    sys.me().tty.is_none()
}

impl Ufw {
    fn enable(&mut self, sys: &mut Sys<'_>, force: bool) -> Step {
        if !force && !self.asked {
            self.asked = true;
            print(sys, 1, "Command may disrupt existing ssh connections. Proceed with operation (y|n)? ");
        }
        if !force {
            match sys.read(0, 4096) {
                Err(Errno::EAGAIN) => return Step::Wait(Wait::fd(0)),
                Ok(bytes) if matches!(bytes.first(), Some(b'y' | b'Y')) => {}
                _ => return done(sys, "Aborted"),
            }
        }
        set_active(sys, true);
        done(sys, "Firewall is active and enabled on system startup")
    }
}

fn defaults(world: &World) -> (String, String) {
    let text = world.files.text("/etc/default/ufw").unwrap_or_default();
    let get = |name: &str, usual: &str| {
        let value = text
            .lines()
            .find_map(|l| l.strip_prefix(name)?.strip_prefix('='))
            .map(|v| v.trim_matches('"').to_lowercase());
        match value.as_deref() {
            Some("accept") => "allow".to_owned(),
            Some("drop") => "deny".into(),
            Some(other) => other.to_owned(),
            None => usual.to_owned(),
        }
    };
    (get("DEFAULT_INPUT_POLICY", "deny"), get("DEFAULT_OUTPUT_POLICY", "allow"))
}

fn status(world: &World, how: &str) -> String {
    if !is_active(world) {
        return "Status: inactive\n".into();
    }
    let verbose = how == "verbose";
    let mut text = String::from("Status: active\n");
    if verbose {
        let (input, output) = defaults(world);
        text += &format!(
            "Logging: on (low)\nDefault: {input} (incoming), {output} (outgoing), disabled (routed)\nNew profiles: skip\n"
        );
    }
    let rules = rules(world);
    if rules.is_empty() {
        return text;
    }
    let six = rules.iter().filter(|r| !r.from.contains('.'));
    let lines: Vec<String> = rules
        .iter()
        .map(|r| r.line(false, verbose || how == "numbered"))
        .chain(six.map(|r| r.line(true, verbose || how == "numbered")))
        .collect();
    if how == "numbered" {
        text += &format!(
            "\n     {:<26} {:<11} {}\n     {:<26} {:<11} {}\n",
            "To", "Action", "From", "--", "------", "----"
        );
        for (at, line) in lines.iter().enumerate() {
            text += &format!("[{:>2}] {line}\n", at + 1);
        }
    } else {
        text += &format!("\n{:<26} {:<11} {}\n{:<26} {:<11} {}\n", "To", "Action", "From", "--", "------", "----");
        lines.iter().for_each(|line| text += &format!("{line}\n"));
    }
    text + "\n"
}

fn show_added(sys: &mut Sys<'_>) -> Step {
    let rules = rules(sys.world);
    let list = if rules.is_empty() { "(None)\n".to_owned() } else { rules.iter().map(|r| r.typed() + "\n").collect() };
    print(sys, 1, &format!("Added user rules (see 'ufw status' for running firewall):\n{list}"));
    Step::Exit(0)
}

fn default(sys: &mut Sys<'_>, words: &[String]) -> Step {
    let policy = words.first().map_or("", String::as_str);
    let direction = words.get(1).map_or("incoming", String::as_str);
    if !matches!(policy, "allow" | "deny" | "reject") || !matches!(direction, "incoming" | "outgoing") {
        return fail(sys, "Invalid syntax");
    }
    let (mut input, mut output) = defaults(sys.world);
    if direction == "incoming" {
        input = policy.to_owned()
    } else {
        output = policy.to_owned()
    }
    let word = |p: &str| match p {
        "allow" => "ACCEPT",
        "reject" => "REJECT",
        _ => "DROP",
    };
    let text = format!("DEFAULT_INPUT_POLICY=\"{}\"\nDEFAULT_OUTPUT_POLICY=\"{}\"\n", word(&input), word(&output));
    let now = sys.now();
    sys.world.files.put("/etc/default/ufw", text.as_bytes(), 0o644, (0, 0), now);
    done(sys, &format!("Default {direction} policy changed to '{policy}'\n(be sure to update your rules accordingly)"))
}

fn twice(rule: &Rule, text: &str) -> String {
    if rule.from.contains('.') { text.to_owned() } else { format!("{text}\n{text} (v6)") }
}

fn add(sys: &mut Sys<'_>, words: &[String]) -> Step {
    let rule = match Rule::parse(words) {
        Ok(rule) => rule,
        Err(message) => return fail(sys, &message),
    };
    let mut all = rules(sys.world);
    if all.contains(&rule) {
        return done(sys, &twice(&rule, "Skipping adding existing rule"));
    }
    let text = if is_active(sys.world) { "Rule added" } else { "Rules updated" };
    let said = twice(&rule, text);
    all.retain(|r| r.to != rule.to || r.from != rule.from);
    all.push(rule);
    save(sys, &all);
    done(sys, &said)
}

fn delete(sys: &mut Sys<'_>, words: &[String]) -> Step {
    let mut all = rules(sys.world);
    if let [number] = words {
        return match number.parse::<usize>().ok().filter(|n| (1..=all.len()).contains(n)) {
            Some(n) => {
                all.remove(n - 1);
                save(sys, &all);
                done(sys, "Rule deleted")
            }
            None => fail(sys, &format!("Could not find rule '{number}'")),
        };
    }
    let rule = match Rule::parse(words) {
        Ok(rule) => rule,
        Err(message) => return fail(sys, &message),
    };
    if !all.contains(&rule) {
        return done(sys, &twice(&rule, "Could not delete non-existent rule"));
    }
    all.retain(|r| *r != rule);
    save(sys, &all);
    let text = if is_active(sys.world) { "Rule deleted" } else { "Rules updated" };
    done(sys, &twice(&rule, text))
}
