//! In which order the options of a question are shown: shuffled, and always the same for the same seed.

use crate::world::Rng;

/// The numbers `0..count` in the order in which to show them. The same `seed` and `id` always give the same order.
pub fn order(id: &str, seed: u64, count: usize) -> Vec<usize> {
    let salt = id.bytes().fold(seed, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    let mut rng = Rng::new(salt);
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        let other = usize::try_from(rng.below(last as u64 + 1)).unwrap_or(0);
        order.swap(last, other);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_holds_every_option_once_and_depends_on_seed_and_question() {
        let mut sorted = order("who", 3, 8);
        assert_eq!(sorted, order("who", 3, 8));
        assert_ne!(sorted, order("who", 4, 8));
        assert_ne!(sorted, order("what", 3, 8));
        sorted.sort_unstable();
        assert_eq!(sorted, (0..8).collect::<Vec<_>>());
        assert!(order("who", 3, 0).is_empty());
    }

    #[test]
    fn every_option_comes_first_for_some_seed() {
        let first: std::collections::BTreeSet<_> = (0..64).map(|seed| order("who", seed, 4)[0]).collect();
        assert_eq!(first.len(), 4);
    }
}
