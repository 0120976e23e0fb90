//! Judging what is put in its place: an order, pairs, the faulty line of a file.

use super::answer::Remark;
use crate::lesson::content::quiz::{Extra, Item, Pair, SpotLine};
use crate::lesson::text::Text;

/// Judges an order: every item once, and no place goes down. What stands too early is told about.
pub(super) fn order(items: &[Item], given: &[usize]) -> (bool, Vec<Remark>) {
    let mut sorted = given.to_vec();
    sorted.sort_unstable();
    if !sorted.iter().copied().eq(0..items.len()) {
        let say = Text::set("Name every item exactly once.", "Nomme chaque élément une fois et une seule.");
        return (false, vec![Remark { about: None, right: false, say }]);
    }
    let places: Vec<u64> = given.iter().filter_map(|n| items.get(*n)).map(|item| item.place).collect();
    let mut wanted = places.clone();
    wanted.sort_unstable();
    let mut remarks = Vec::new();
    for ((n, place), want) in given.iter().zip(&places).zip(&wanted) {
        if place != want {
            remarks.extend(items.get(*n).map(|i| Remark { about: Some(*n), right: false, say: i.why.clone() }));
        }
    }
    (remarks.is_empty(), remarks)
}

/// Judges pairs. Two things on the right that read the same are the same.
pub(super) fn pairs(pairs: &[Pair], extra: &[Extra], given: &[usize]) -> (bool, Vec<Remark>) {
    let mut remarks = Vec::new();
    for (n, pair) in pairs.iter().enumerate() {
        let chosen = given.get(n).copied();
        let same = chosen.and_then(|c| pairs.get(c)).is_some_and(|other| other.right == pair.right);
        if same {
            continue;
        }
        remarks.push(Remark { about: Some(n), right: false, say: pair.why.clone() });
        let lure = chosen.and_then(|c| c.checked_sub(pairs.len())).and_then(|c| extra.get(c));
        remarks.extend(lure.map(|lure| Remark { about: None, right: false, say: lure.why.clone() }));
    }
    (remarks.is_empty(), remarks)
}

/// Judges the line that was named. A line about which the author says nothing is in order.
pub(super) fn spot(lines: &[SpotLine], number: usize) -> (bool, Vec<Remark>) {
    let named = lines.iter().find(|line| line.number == number);
    let right = named.is_some_and(|line| line.right);
    let say = named.map_or_else(
        || Text::set(format!("Line {number} is in order."), &format!("La ligne {number} n’a rien à se reprocher.")),
        |line| line.why.clone(),
    );
    (right, vec![Remark { about: Some(number), right, say }])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(t: &str) -> Text {
        Text::new(t, t)
    }

    #[test]
    fn an_order_allows_what_has_no_order() {
        let item = |place| Item { say: text("i"), place, why: text("why") };
        let items = [item(1), item(2), item(2), item(3)];
        for right in [[0, 1, 2, 3], [0, 2, 1, 3]] {
            assert!(order(&items, &right).0, "{right:?}");
        }
        let (right, remarks) = order(&items, &[1, 0, 2, 3]);
        assert!(!right);
        assert_eq!(remarks.iter().map(|r| r.about).collect::<Vec<_>>(), [Some(1), Some(0)]);
        for wrong in [&[0, 1, 2][..], &[0, 1, 2, 2], &[0, 1, 2, 9], &[]] {
            assert!(!order(&items, wrong).0, "{wrong:?}");
        }
    }

    #[test]
    fn pairs_that_read_the_same_may_be_swapped() {
        let pair = |left, right| Pair { left: text(left), right: text(right), why: text(left) };
        let all = [pair("a", "x"), pair("b", "y"), pair("c", "x")];
        let extra = [Extra { say: text("z"), why: text("nothing") }];
        assert!(pairs(&all, &extra, &[0, 1, 2]).0);
        assert!(pairs(&all, &extra, &[2, 1, 0]).0);
        let (right, remarks) = pairs(&all, &extra, &[0, 3, 2]);
        assert!(!right);
        assert_eq!(remarks.iter().map(|r| r.say.en.as_str()).collect::<Vec<_>>(), ["b", "nothing"]);
        assert!(!pairs(&all, &extra, &[0, 1]).0);
        assert!(!pairs(&all, &extra, &[1, 0, 2]).0);
    }

    #[test]
    fn the_line_that_is_named_is_told_about() {
        let lines = [
            SpotLine { number: 3, right: true, why: text("typo") },
            SpotLine { number: 5, right: false, why: text("fine") },
        ];
        assert!(spot(&lines, 3).0);
        assert_eq!(spot(&lines, 5).1[0].say.en, "fine");
        assert_eq!((spot(&lines, 4).0, spot(&lines, 4).1[0].say.en.as_str()), (false, "Line 4 is in order."));
    }
}
