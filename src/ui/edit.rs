//! A file of the machine in the student's own editor: a copy in a folder of its own on the host, `$VISUAL` or `$EDITOR`, and
//! back. Without one, a small editor that is the line itself.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use super::learn::{Learn, Left};
use super::words;
use crate::lesson::content::action::Input;
use crate::world::EditRequest;

/// Editors that take `+LINE` before the file.
const WITH_LINE: &[&str] = &["vi", "vim", "nvim", "nano", "emacs", "micro", "kak", "joe"];

impl Learn<'_> {
    /// Serves the program that waits for an editor, and goes on.
    pub(super) fn edit(&mut self) -> Option<Left> {
        let request = self.session.machine().edit_request().cloned()?;
        let before = String::from_utf8_lossy(&request.contents).into_owned();
        let after = if self.reader.is_person() {
            self.edited(&request, &before)
        } else {
            self.view.say_with(words::NO_EDITOR, &[&request.path]);
            None
        };
        let written = after.filter(|text| *text != before && !request.read_only);
        self.give(&Input::Edit(written))
    }

    /// The text as the student left it; `None` when it was not kept.
    fn edited(&mut self, request: &EditRequest, before: &str) -> Option<String> {
        let named = ["VISUAL", "EDITOR"].iter().find_map(|name| std::env::var(name).ok());
        if let Some(editor) = named.filter(|editor| !editor.trim().is_empty()) {
            match outside(&editor, request) {
                Ok(text) => return Some(text),
                Err(error) => self.view.say_with(words::EDITOR_FAILED, &[&editor, &error.to_string()]),
            }
        }
        self.view.say_with(words::EDITING, &[&format!("`{}`", request.path)]);
        let text = self.reader.edit(before.trim_end_matches('\n'))?;
        Some(if text.is_empty() { text } else { format!("{text}\n") })
    }
}

/// Opens a copy of the file in an editor of the host and reads it back. Errors: the host's.
fn outside(editor: &str, request: &EditRequest) -> io::Result<String> {
    let folder = std::env::temp_dir().join(format!("concierge-{}-{}", std::process::id(), request.pid));
    fs::create_dir_all(&folder)?;
    let done = in_folder(editor, request, &folder);
    let _ = fs::remove_dir_all(&folder);
    done
}

fn in_folder(editor: &str, request: &EditRequest, folder: &Path) -> io::Result<String> {
    // Only the last part of a name, and nothing that leads elsewhere.
    let name = request.path.rsplit('/').next().filter(|name| !name.is_empty() && *name != "..").unwrap_or("file");
    let file = folder.join(name);
    fs::write(&file, &request.contents)?;
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or_default();
    let mut command = Command::new(program);
    command.args(words);
    let base = Path::new(program).file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if let Some(line) = request.line.filter(|_| WITH_LINE.contains(&base)) {
        command.arg(format!("+{line}"));
    }
    let status = command.arg(&file).status()?;
    if !status.success() {
        return Ok(String::from_utf8_lossy(&request.contents).into_owned());
    }
    Ok(String::from_utf8_lossy(&fs::read(&file)?).into_owned())
}
