//! tmux and screen: what runs in them outlives the connection, can be attached to again, and does not outlive a reboot.

use concierge::shell;
use concierge::vps::Vps;
use concierge::world::{Duration, TtyId};

/// A machine with both installed, and a terminal of deploy.
fn prepared() -> (Vps, TtyId) {
    let mut vps = shell::baseline(shell::TRANSCRIPT_CLOCK, 1);
    vps.run_command("root", "apt-get install -y tmux screen", Duration::from_secs(60));
    let tty = vps.login("deploy").expect("sshd listens");
    seen(&mut vps, tty, "PS1='$ '");
    (vps, tty)
}

/// Types a line and gives what appears within a second.
fn seen(vps: &mut Vps, tty: TtyId, line: &str) -> String {
    vps.take_output(tty);
    vps.type_at(tty, &format!("{line}\n"));
    vps.advance(Duration::from_secs(1));
    vps.take_output(tty)
}

fn ran(vps: &mut Vps, command: &str) -> String {
    vps.run_command("deploy", command, Duration::from_secs(10)).text
}

#[test]
fn a_tmux_session_survives_the_connection_and_is_attached_to_again() {
    let (mut vps, tty) = prepared();
    seen(&mut vps, tty, "tmux new -s work");
    assert_eq!(seen(&mut vps, tty, "PS1='in> '"), "in> ");
    assert_eq!(seen(&mut vps, tty, "x=kept; echo $TERM"), "screen\nin> ");
    assert!(ran(&mut vps, "tmux ls").ends_with(" (attached)\n"));
    vps.drop_connection(tty);
    vps.advance(Duration::from_secs(2));
    assert!(!ran(&mut vps, "tmux ls").contains("attached"));
    let tty = vps.login("deploy").expect("sshd listens");
    assert!(seen(&mut vps, tty, "PS1='$ '; tmux attach -t work").ends_with("in> "));
    assert_eq!(seen(&mut vps, tty, "echo $x"), "kept\nin> ");
    // Ctrl-b d
    vps.type_at(tty, "\x02d");
    vps.advance(Duration::from_secs(1));
    assert_eq!(vps.take_output(tty), "[detached (from session work)]\n$ ");
    seen(&mut vps, tty, "tmux a");
    assert!(seen(&mut vps, tty, "exit").ends_with("[exited]\n$ "));
    assert_eq!(ran(&mut vps, "tmux ls"), "no server running on /tmp/tmux-1000/default\n");
}

#[test]
fn killing_a_session_hangs_its_programs_up() {
    let (mut vps, _) = prepared();
    ran(&mut vps, "tmux new -d -s a 'sleep 1000'; tmux new -d -s b 'sleep 2000'");
    assert_eq!(ran(&mut vps, "pgrep -c -x sleep"), "2\n");
    ran(&mut vps, "tmux kill-session -t a; sleep 1");
    assert_eq!(ran(&mut vps, "pgrep -c -x sleep; tmux has-session -t a"), "1\ncan't find session: a\n");
    ran(&mut vps, "sudo reboot");
    vps.advance(Duration::from_secs(120));
    assert_eq!(ran(&mut vps, "pgrep -c -x sleep; tmux ls"), "0\nno server running on /tmp/tmux-1000/default\n");
}

#[test]
fn screen_detaches_and_resumes() {
    let (mut vps, tty) = prepared();
    ran(&mut vps, "screen -dmS job sleep 1000");
    let list = ran(&mut vps, "screen -ls");
    assert!(list.contains(".job\t(") && list.contains("(Detached)") && list.contains("1 Socket in"), "{list}");
    seen(&mut vps, tty, "screen -S shell");
    assert_eq!(seen(&mut vps, tty, "PS1='in> '"), "in> ");
    vps.type_at(tty, "\x01d");
    vps.advance(Duration::from_secs(1));
    assert!(vps.take_output(tty).contains("[detached from "));
    assert!(seen(&mut vps, tty, "screen -r shell").ends_with("in> "));
    assert!(seen(&mut vps, tty, "exit").ends_with("[screen is terminating]\n$ "));
    assert_eq!(ran(&mut vps, "screen -S job -X quit; sleep 1; pgrep -c -x sleep"), "0\n");
}
