//! The `concierge` command.

fn main() -> std::process::ExitCode {
    concierge::ui::main()
}
