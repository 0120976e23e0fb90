//! `loginctl enable-linger` and `disable-linger`: loginctl(1).

use super::{AUTHENTICATION, find_user};
use crate::commands::options::Parsed;
use crate::vps::systemd;
use crate::world::{Cx, accounts};

/// `enable-linger`
pub(super) fn enable(cx: &mut Cx<'_, '_>, _parsed: &Parsed, words: &[String]) -> u8 {
    set(cx, words, true)
}

/// `disable-linger`
pub(super) fn disable(cx: &mut Cx<'_, '_>, _parsed: &Parsed, words: &[String]) -> u8 {
    set(cx, words, false)
}

fn set(cx: &mut Cx<'_, '_>, words: &[String], linger: bool) -> u8 {
    let caller = cx.uid();
    let own = [accounts::user_name(&cx.world.files, caller)];
    for word in if words.is_empty() { &own } else { words } {
        let Some(user) = find_user(cx, word) else { return 1 };
        // Everybody may do this to himself; for others polkit wants a password.
        if caller != 0 && caller != user.uid {
            cx.errln(&format!("Could not enable linger: {AUTHENTICATION}"));
            return 1;
        }
        let (systemd, world) = systemd(cx.sys);
        if linger {
            systemd.enable_linger(world, user.uid, &user.name);
        } else {
            systemd.disable_linger(world, user.uid, &user.name);
        }
    }
    0
}
