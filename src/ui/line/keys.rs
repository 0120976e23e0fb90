//! The keys that are ours: on an empty line 1 to 9 put a command of the screen there; Ctrl-Z stops nothing at a prompt.

use std::sync::PoisonError;

use rustyline::{
    Cmd, ConditionalEventHandler, Event, EventContext, EventHandler, KeyCode, KeyEvent, Modifiers, RepeatCount,
};

use super::Rusty;
use super::assistant::Scene;

/// Binds them.
pub fn bind(editor: &mut Rusty, scene: &Scene) {
    for digit in '1'..='9' {
        let number = digit.to_digit(10).map_or(0, |n| n as usize) - 1;
        let handler = EventHandler::Conditional(Box::new(Put { number, scene: scene.clone() }));
        editor.bind_sequence(KeyEvent(KeyCode::Char(digit), Modifiers::NONE), handler);
    }
    editor.bind_sequence(KeyEvent::ctrl('Z'), Cmd::Noop);
    let filed = |keep| EventHandler::Conditional(Box::new(InFile { does: keep, scene: scene.clone() }));
    editor.bind_sequence(KeyEvent(KeyCode::Enter, Modifiers::NONE), filed(Cmd::Newline));
    editor.bind_sequence(KeyEvent(KeyCode::Tab, Modifiers::NONE), filed(Cmd::Insert(1, "\t".into())));
    for key in ['S', 'O', 'X'] {
        editor.bind_sequence(KeyEvent::ctrl(key), filed(Cmd::AcceptLine));
    }
}

/// Puts the command with this number on the line.
struct Put {
    number: usize,
    scene: Scene,
}

impl ConditionalEventHandler for Put {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, context: &EventContext<'_>) -> Option<Cmd> {
        let scene = self.scene.lock().unwrap_or_else(PoisonError::into_inner);
        let command = scene.commands.get(self.number).filter(|_| scene.shell && context.line().is_empty());
        command.map(|text| Cmd::Insert(1, text.clone()))
    }
}

/// What a key does while a file is edited.
struct InFile {
    does: Cmd,
    scene: Scene,
}

impl ConditionalEventHandler for InFile {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, _: &EventContext<'_>) -> Option<Cmd> {
        let scene = self.scene.lock().unwrap_or_else(PoisonError::into_inner);
        scene.file.then(|| self.does.clone())
    }
}
