//! The commands of the console that ask the queue something and end: `app:send`, `messenger:stats`, `messenger:failed:*`.

use super::style::Style;
use super::{FAILED, Given, HOST, STREAM, decode, encode, refused};
use crate::commands::net::redis::client::{Client, PORT};
use crate::commands::net::redis::resp::Reply;
use crate::commands::process::launch::print;
use crate::world::{Program, Step, Sys, Wait};

/// One command at work.
#[derive(Clone)]
pub struct Ask {
    name: &'static str,
    operands: Vec<String>,
    client: Option<Client>,
    answers: Vec<Reply>,
}

impl Ask {
    /// Checks the arguments. Errors: what Symfony says about them.
    pub fn new(name: &'static str, given: &Given) -> Result<Ask, String> {
        if name == "app:send" && given.operands.is_empty() {
            return Err("Not enough arguments (missing: \"to\").".into());
        }
        if name == "messenger:failed:remove" && given.operands.is_empty() && given.value("all").is_none() {
            return Err("Not enough arguments (missing: \"id\").".into());
        }
        Ok(Ask { name, operands: given.operands.clone(), client: None, answers: Vec::new() })
    }

    /// The requests, in order; the answers come in the same order.
    fn requests(&self) -> Vec<Vec<String>> {
        let words = |list: &[&str]| list.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        match self.name {
            "app:send" => vec![words(&["XADD", STREAM, "*", "message", &encode(&self.operands[0])])],
            "messenger:stats" => {
                vec![words(&["XINFO", "GROUPS", STREAM]), words(&["XLEN", STREAM]), words(&["XLEN", FAILED])]
            }
            "messenger:failed:remove" => {
                vec![[words(&["XDEL", FAILED]), self.operands.clone()].concat()]
            }
            _ => vec![words(&["XRANGE", FAILED, "-", "+"])],
        }
    }

    fn report(&self, sys: &mut Sys<'_>) -> Step {
        let style = Style::of(sys, 1, &[]);
        let text = match self.name {
            "app:send" => "queued\n".to_owned(),
            "messenger:stats" => {
                let rows = [
                    ["async".to_owned(), self.waiting().to_string()],
                    ["failed".into(), number(self.answers.get(2)).to_string()],
                ];
                format!("\n{}", style.table(["Transport", "Count"], &rows))
            }
            "messenger:failed:remove" => format!("\n{}", style.success("Message with id removed.")),
            _ => match self.answers.first() {
                Some(Reply::Array(entries)) if !entries.is_empty() => {
                    let rows: Vec<[String; 2]> = entries.iter().filter_map(row).collect();
                    format!("\n{}", style.table(["Id", "Message"], &rows))
                }
                _ => format!("\n{}", style.success("No failed messages were found.")),
            },
        };
        print(sys, 1, &text);
        Step::Exit(0)
    }

    /// What waits in the queue: not given out yet, or given out and unfinished.
    fn waiting(&self) -> i64 {
        let Some(Reply::Array(groups)) = self.answers.first() else { return number(self.answers.get(1)) };
        let Some(Reply::Array(group)) = groups.first() else { return number(self.answers.get(1)) };
        let field = |name: &str| {
            let at = group.iter().position(|r| *r == Reply::Bulk(name.into()))?;
            Some(number(group.get(at + 1)))
        };
        field("pending").unwrap_or(0) + field("lag").unwrap_or(0)
    }
}

fn number(reply: Option<&Reply>) -> i64 {
    match reply {
        Some(Reply::Integer(n)) => *n,
        _ => 0,
    }
}

fn row(entry: &Reply) -> Option<[String; 2]> {
    let Reply::Array(parts) = entry else { return None };
    match &parts[..] {
        [Reply::Bulk(id), Reply::Array(fields)] => match fields.get(1) {
            Some(Reply::Bulk(text)) => Some([id.clone(), decode(text)]),
            _ => None,
        },
        _ => None,
    }
}

impl Program for Ask {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        let requests = self.requests();
        if self.client.is_none() {
            let style = Style::of(sys, 2, &[]);
            let Ok(mut client) = Client::connect(sys, HOST, PORT) else { return refused(sys, style, self.name) };
            for words in &requests {
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                let _ = client.send(sys, &words);
            }
            self.client = Some(client);
        }
        while self.answers.len() < requests.len() {
            let Some(client) = self.client.as_mut() else { return Step::Exit(1) };
            match client.receive(sys) {
                Ok(Some(reply)) => self.answers.push(reply),
                Ok(None) => return Step::Wait(Wait::fd(client.fd)),
                Err(_) => {
                    let style = Style::of(sys, 2, &[]);
                    return refused(sys, style, self.name);
                }
            }
        }
        self.report(sys)
    }
}
