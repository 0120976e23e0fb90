//! The `concierge` command.
fn main() {
    concierge::ui::main()
}
