//! The editor of the person at the terminal, as a host offers it: what is asked, and what becomes of the answer.

use concierge::shell;
use concierge::vps::{Pause, Vps};
use concierge::world::{Duration, EditAnswer, EditRequest, TtyId};

const PATIENCE: Duration = Duration::from_secs(60);

/// A terminal of `user` with an editor.
fn at_terminal(user: &str) -> (Vps, TtyId) {
    let mut vps = shell::baseline(shell::TRANSCRIPT_CLOCK, 1);
    let tty = vps.login(user).expect("sshd listens");
    vps.offer_editor(tty, true);
    assert_eq!(vps.run_until_input(tty, PATIENCE), Pause::Input);
    (vps, tty)
}

/// Types a line and returns what is asked for then.
fn asked(vps: &mut Vps, tty: TtyId, line: &str) -> EditRequest {
    vps.type_at(tty, &format!("{line}\n"));
    assert_eq!(vps.run_until_input(tty, PATIENCE), Pause::Edit, "{line}: {}", vps.take_output(tty));
    vps.edit_request(tty).expect("something is asked").clone()
}

/// Answers, and returns what is printed until the prompt.
fn answered(vps: &mut Vps, tty: TtyId, answer: EditAnswer) -> String {
    vps.take_output(tty);
    assert!(vps.answer_edit(tty, answer));
    assert_eq!(vps.run_until_input(tty, PATIENCE), Pause::Input);
    vps.take_output(tty)
}

#[test]
fn vi_asks_with_path_contents_and_mode_and_writes_the_answer() {
    let (mut vps, tty) = at_terminal("deploy");
    vps.write_file("/home/deploy/f.txt", b"one\n", 0o640, (1000, 1000));
    let request = asked(&mut vps, tty, "vi +3 f.txt");
    assert_eq!((request.path.as_str(), request.program.as_str(), request.line), ("/home/deploy/f.txt", "vi", Some(3)));
    assert_eq!((request.contents.as_slice(), request.new, request.read_only), (&b"one\n"[..], false, false));
    assert_eq!((request.owner, request.mode), ((1000, 1000), 0o640));
    answered(&mut vps, tty, EditAnswer::Saved(b"two\n".to_vec()));
    assert_eq!(vps.world.files.text("/home/deploy/f.txt").as_deref(), Some("two\n"));
    assert!(vps.edit_request(tty).is_none());
    assert!(!vps.answer_edit(tty, EditAnswer::Unchanged), "nobody asks any more");
}

#[test]
fn a_new_file_is_made_only_when_something_was_saved() {
    let (mut vps, tty) = at_terminal("deploy");
    let request = asked(&mut vps, tty, "editor new.sh");
    assert!(request.new && request.contents.is_empty());
    answered(&mut vps, tty, EditAnswer::Unchanged);
    assert!(vps.world.files.get("/home/deploy/new.sh").is_none());
    asked(&mut vps, tty, "umask 077; vi new.sh");
    answered(&mut vps, tty, EditAnswer::Saved(b"x\n".to_vec()));
    let node = vps.world.files.get("/home/deploy/new.sh").expect("it was saved");
    assert_eq!((node.mode, node.uid), (0o600, 1000));
}

#[test]
fn who_may_not_write_is_told_before_and_after() {
    let (mut vps, tty) = at_terminal("deploy");
    let request = asked(&mut vps, tty, "vi /etc/hostname");
    assert!(request.read_only);
    let said = answered(&mut vps, tty, EditAnswer::Saved(b"mine\n".to_vec()));
    assert!(said.contains("\"/etc/hostname\" E212: Can't open file for writing"), "{said}");
    assert_eq!(vps.world.files.text("/etc/hostname").as_deref(), Some("vps\n"));
    assert!(!asked(&mut vps, tty, "sudo vi /etc/hostname").read_only);
}

#[test]
fn systemctl_edit_and_crontab_go_on_with_the_answer() {
    let (mut vps, tty) = at_terminal("deploy");
    let request = asked(&mut vps, tty, "sudo systemctl edit cron");
    assert!(String::from_utf8_lossy(&request.contents).starts_with("### Editing /etc/systemd/system/cron.service.d/"));
    answered(&mut vps, tty, EditAnswer::Saved(b"[Service]\nNice=5\n".to_vec()));
    let dropin = vps.world.files.text("/etc/systemd/system/cron.service.d/override.conf");
    assert_eq!(dropin.as_deref(), Some("[Service]\nNice=5\n"));
    let request = asked(&mut vps, tty, "crontab -e");
    assert!(request.path.starts_with("/tmp/crontab."));
    let said = answered(&mut vps, tty, EditAnswer::Saved(b"* * * * * true\n".to_vec()));
    assert!(said.contains("crontab: installing new crontab"), "{said}");
    asked(&mut vps, tty, "sudo visudo");
    answered(&mut vps, tty, EditAnswer::Unchanged);
}

#[test]
fn without_an_editor_the_program_says_what_to_use() {
    let (mut vps, tty) = at_terminal("deploy");
    vps.offer_editor(tty, false);
    vps.type_at(tty, "vi f.txt; echo $?\n");
    assert_eq!(vps.run_until_input(tty, PATIENCE), Pause::Input);
    let said = vps.take_output(tty);
    assert!(
        said.contains("not simulated; write the file with cat > f.txt <<'EOF', tee or sed -i\r\n1\r\n")
            || said.contains("tee or sed -i\n1\n"),
        "{said}"
    );
}

#[test]
fn a_lost_connection_takes_the_question_with_it() {
    let (mut vps, tty) = at_terminal("deploy");
    asked(&mut vps, tty, "vi f.txt");
    vps.drop_connection(tty);
    vps.advance(Duration::from_secs(1));
    assert!(vps.edit_request(tty).is_none());
    assert!(!vps.answer_edit(tty, EditAnswer::Saved(b"late\n".to_vec())));
    assert!(vps.world.files.get("/home/deploy/f.txt").is_none());
}
