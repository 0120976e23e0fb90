//! The course that is shipped passes its own check, played on the simulated VPS.

use concierge::lesson::check::check;
use concierge::lesson::content::Embedded;
use concierge::lesson::text::Lang;
use concierge::lesson::workshop::VpsWorkshop;

#[test]
fn the_shipped_course_is_clean() {
    let report = check(&Embedded, &VpsWorkshop);
    assert!(report.is_clean(), "{}", report.lines(Lang::En).join("\n"));
    assert!(report.counts.lessons > 0 && report.counts.solutions > 0 && report.counts.wrongs > 0);
}
