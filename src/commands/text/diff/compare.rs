//! A shortest way from one sequence to another, chosen as GNU diff chooses among several: by the middle of the search
//! from both ends (E. Myers, "An O(ND) Difference Algorithm and Its Variations").

use super::lines::Hunk;

/// More steps than this in one search are not taken: the rest counts as changed as a whole.
const MAX_STEPS: isize = 2_000;

/// A part of both sequences that is still to be compared.
#[derive(Clone, Copy)]
struct Part {
    x: usize,
    x_end: usize,
    y: usize,
    y_end: usize,
}

/// The differences in order: places in `a` that go, places in `b` that come.
pub fn compare<T: PartialEq>(a: &[T], b: &[T]) -> Vec<Hunk> {
    let (mut gone, mut come) = (vec![false; a.len()], vec![false; b.len()]);
    let mut todo = vec![Part { x: 0, x_end: a.len(), y: 0, y_end: b.len() }];
    while let Some(mut part) = todo.pop() {
        while part.x < part.x_end && part.y < part.y_end && a[part.x] == b[part.y] {
            (part.x, part.y) = (part.x + 1, part.y + 1);
        }
        while part.x < part.x_end && part.y < part.y_end && a[part.x_end - 1] == b[part.y_end - 1] {
            (part.x_end, part.y_end) = (part.x_end - 1, part.y_end - 1);
        }
        let found = if part.x == part.x_end || part.y == part.y_end { None } else { middle(a, b, part) };
        match found {
            Some((x, y)) => {
                todo.push(Part { x, y, ..part });
                todo.push(Part { x_end: x, y_end: y, ..part });
            }
            None => {
                gone[part.x..part.x_end].fill(true);
                come[part.y..part.y_end].fill(true);
            }
        }
    }
    hunks(&gone, &come)
}

fn hunks(gone: &[bool], come: &[bool]) -> Vec<Hunk> {
    let (mut x, mut y) = (0, 0);
    let mut out = Vec::new();
    while x < gone.len() || y < come.len() {
        let (from, at) = (x, y);
        while gone.get(x) == Some(&true) {
            x += 1;
        }
        while come.get(y) == Some(&true) {
            y += 1;
        }
        if (x, y) == (from, at) {
            (x, y) = (x + 1, y + 1);
        } else {
            out.push(Hunk { from, to: x, at, end: y });
        }
    }
    out
}

/// The furthest places reached on the diagonals, counted from the lowest one.
struct Reach {
    places: Vec<isize>,
    lowest: isize,
}

impl Reach {
    fn get(&self, diagonal: isize) -> isize {
        self.places[(diagonal - self.lowest) as usize]
    }

    fn set(&mut self, diagonal: isize, place: isize) {
        self.places[(diagonal - self.lowest) as usize] = place;
    }
}

/// A point on a shortest way, where the searches from both ends meet; `None` when that takes too long.
fn middle<T: PartialEq>(a: &[T], b: &[T], part: Part) -> Option<(usize, usize)> {
    let [x_off, x_lim, y_off, y_lim] = [part.x, part.x_end, part.y, part.y_end].map(|n| n as isize);
    let (low, high) = (x_off - y_lim, x_lim - y_off);
    let (first, last) = (x_off - y_off, x_lim - y_lim);
    let odd = (first - last) & 1 != 0;
    let size = (high - low + 3) as usize;
    let mut forward = Reach { places: vec![-1; size], lowest: low - 1 };
    let mut backward = Reach { places: vec![isize::MAX; size], lowest: low - 1 };
    forward.set(first, x_off);
    backward.set(last, x_lim);
    let (mut f_min, mut f_max, mut b_min, mut b_max) = (first, first, last, last);
    for _ in 0..MAX_STEPS {
        widen(&mut forward, (&mut f_min, &mut f_max), (low, high), -1);
        for d in (f_min..=f_max).rev().step_by(2) {
            let (below, above) = (forward.get(d - 1), forward.get(d + 1));
            let mut x = if below < above { above } else { below + 1 };
            while x < x_lim && x - d < y_lim && a[x as usize] == b[(x - d) as usize] {
                x += 1;
            }
            forward.set(d, x);
            if odd && (b_min..=b_max).contains(&d) && backward.get(d) <= x {
                return Some((x as usize, (x - d) as usize));
            }
        }
        widen(&mut backward, (&mut b_min, &mut b_max), (low, high), isize::MAX);
        for d in (b_min..=b_max).rev().step_by(2) {
            let (below, above) = (backward.get(d - 1), backward.get(d + 1));
            let mut x = if below < above { below } else { above - 1 };
            while x_off < x && y_off < x - d && a[x as usize - 1] == b[(x - d) as usize - 1] {
                x -= 1;
            }
            backward.set(d, x);
            if !odd && (f_min..=f_max).contains(&d) && x <= forward.get(d) {
                return Some((x as usize, (x - d) as usize));
            }
        }
    }
    None
}

/// One diagonal more at either end, or one less where the edge is reached.
fn widen(reach: &mut Reach, (min, max): (&mut isize, &mut isize), (low, high): (isize, isize), none: isize) {
    if *min > low {
        *min -= 1;
        reach.set(*min - 1, none);
    } else {
        *min += 1;
    }
    if *max < high {
        *max += 1;
        reach.set(*max + 1, none);
    } else {
        *max -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes out when the hunks are applied.
    fn applied(a: &[u8], b: &[u8]) -> Vec<u8> {
        let (mut out, mut at) = (Vec::new(), 0);
        for hunk in compare(a, b) {
            out.extend(&a[at..hunk.from]);
            out.extend(&b[hunk.at..hunk.end]);
            at = hunk.to;
        }
        out.extend(&a[at..]);
        out
    }

    #[test]
    fn the_differences_lead_from_one_to_the_other() {
        let mut rng = crate::world::Rng::new(7);
        for _ in 0..500 {
            let mut text = || (0..rng.below(12)).map(|_| rng.below(4) as u8).collect::<Vec<u8>>();
            let (a, b) = (text(), text());
            assert_eq!(applied(&a, &b), b);
        }
        // Of two shortest ways, the one that GNU diff takes.
        assert_eq!(
            compare(b"#ab", b"ba#"),
            [Hunk { from: 0, to: 2, at: 0, end: 0 }, Hunk { from: 3, to: 3, at: 1, end: 3 }]
        );
    }
}
