//! Chance that is the same everywhere: splitmix64.

/// A generator of pseudo-random numbers.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).expect("a count");
        usize::try_from(self.next() % end).expect("a count")
    }

    /// True once in `n` times.
    pub(crate) fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.next()
    }

    /// Up to `max` bytes that look like text now and then.
    pub(crate) fn bytes(&mut self, max: usize) -> Vec<u8> {
        let ascii = b" \n\t:-?[]{},#&*!|>'\"%@`\\ab01.~<=\r";
        (0..self.below(max))
            .map(|_| {
                let n = self.below(ascii.len() + 8);
                ascii.get(n).copied().unwrap_or_else(|| self.next().to_le_bytes()[0])
            })
            .collect()
    }
}
