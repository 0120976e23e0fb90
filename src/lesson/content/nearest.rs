//! "Did you mean": the known word nearest to a mistyped one, by optimal string alignment distance.

/// The word of `known` nearest to `word`, if it is near enough to be a typing error: at most a third of its letters, rounded up.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let limit = word.chars().count().div_ceil(3);
    known
        .into_iter()
        .map(|k| (distance(word, k), k))
        .filter(|&(d, k)| d <= limit || (word.len() > 2 && k.starts_with(word)) || (k.len() > 2 && word.starts_with(k)))
        .min()
        .map(|(_, k)| k)
}

/// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`. Long words count only their
/// first 64 characters: nobody mistypes a longer key.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(64).collect();
    let b: Vec<char> = b.chars().take(64).collect();
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(row[j - 1] + 1).min(rows[i - 1][j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_word_that_was_meant() {
        let known = ["enabled", "active", "result"];
        assert_eq!(nearest("enabeld", known), Some("enabled"));
        assert_eq!(nearest("activ", known), Some("active"));
        assert_eq!(nearest("zzz", known), None);
        assert_eq!(nearest("", known), None);
    }
}
