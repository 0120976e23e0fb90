//! The traces that PAM sessions leave in the log: pam_unix(8). And taking on another user's rights: setuid(2).

use crate::world::accounts::{self, User};
use crate::world::{Sys, World};

/// Facility `authpriv` of syslog(3).
pub const AUTHPRIV: u8 = 10;
/// Priority `notice`.
pub const NOTICE: u8 = 5;
/// Priority `info`.
pub const INFO: u8 = 6;

/// Logs that a session of `service` was opened for `user` by the process's real user.
pub fn session_opened(sys: &mut Sys<'_>, service: &str, identifier: &str, user: &User) {
    let ruid = sys.me().ruid;
    let by = match sys.me().tty {
        Some(_) => accounts::user_name(&sys.world.files, ruid),
        None => String::new(),
    };
    let text = format!(
        "pam_unix({service}:session): session opened for user {}(uid={}) by {by}(uid={ruid})",
        user.name, user.uid
    );
    sys.syslog(INFO, AUTHPRIV, Some(identifier), &text);
}

/// Logs that a session of `service` was closed.
pub fn session_closed(sys: &mut Sys<'_>, service: &str, identifier: &str, user: &User) {
    let text = format!("pam_unix({service}:session): session closed for user {}", user.name);
    sys.syslog(INFO, AUTHPRIV, Some(identifier), &text);
}

/// The process takes on all rights of a user.
pub fn become_user(sys: &mut Sys<'_>, user: &User) {
    let cred = accounts::cred_of(&sys.world.files, user);
    let me = sys.me_mut();
    me.ruid = user.uid;
    me.cred = cred.inheriting(&me.cred);
}

/// Whether a password is set, must be asked for, or can never be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Password {
    /// The account has none: it opens to everybody.
    Empty,
    /// It is locked, or its password is not known here.
    Unknown,
}

/// What `/etc/shadow` says of a user's password.
pub fn password_of(world: &World, name: &str) -> Password {
    let shadow = world.files.text("/etc/shadow").unwrap_or_default();
    let hash = shadow.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next() == Some(name)).then(|| fields.next().unwrap_or_default().to_owned())
    });
    if hash.as_deref() == Some("") { Password::Empty } else { Password::Unknown }
}

/// The name of the controlling terminal, without `/dev/`.
pub fn tty_name(sys: &Sys<'_>) -> Option<String> {
    sys.me().tty.and_then(|id| sys.world.terminals.get(&id)).map(|t| t.name.clone())
}
