//! What is remembered between requests, and how much memory it may take: trees by the checksum of their archive, and
//! answers by everything they depend on.
//!
//! Trees on their way in and trees that are cached share one budget. A stream that needs more than is left first drives
//! out trees that nobody uses, then waits: its client feels that as back-pressure. The oldest stream never waits, so
//! somebody always comes to an end, and what is used stays below the budget plus one tree.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, watch};

use crate::source::ArchiveTree;

/// The tree of a checksum, for whoever waits while another stream unpacks it. `None` until it is there.
pub(super) type Arrival = watch::Receiver<Option<Arc<ArchiveTree>>>;

/// Trees by checksum.
#[derive(Debug)]
pub(super) struct Trees {
    budget: u64,
    state: Mutex<State>,
    freed: Notify,
}

#[derive(Debug, Default)]
struct State {
    used: u64,
    clock: u64,
    cached: HashMap<String, Cached>,
    /// Streams in the order in which they began.
    streams: BTreeSet<u64>,
    arriving: HashMap<String, Arrival>,
}

#[derive(Debug)]
struct Cached {
    tree: Arc<ArchiveTree>,
    bytes: u64,
    used_at: u64,
}

/// How a stream begins.
pub(super) enum Start {
    /// The tree is known: the archive need only be hashed.
    Known(Arc<ArchiveTree>),
    /// Another stream is unpacking it.
    Arriving(Arrival),
    /// This stream unpacks it, and tells the others.
    Unpack(watch::Sender<Option<Arc<ArchiveTree>>>),
}

impl Trees {
    pub(super) fn new(budget: u64) -> Arc<Self> {
        Arc::new(Self { budget, state: Mutex::default(), freed: Notify::new() })
    }

    /// What is known about a checksum. It is the client's word until the stream's own bytes have been hashed.
    pub(super) fn start(&self, checksum: &str) -> Start {
        let mut state = self.lock();
        let now = state.tick();
        if let Some(cached) = state.cached.get_mut(checksum) {
            cached.used_at = now;
            return Start::Known(Arc::clone(&cached.tree));
        }
        let alive = |arrival: &&Arrival| arrival.has_changed().is_ok();
        if let Some(arrival) = state.arriving.get(checksum).filter(alive) {
            return Start::Arriving(arrival.clone());
        }
        let (sender, receiver) = watch::channel(None);
        state.arriving.insert(checksum.to_owned(), receiver);
        Start::Unpack(sender)
    }

    /// Registers a stream that will need memory.
    pub(super) fn lease(self: &Arc<Self>) -> Lease {
        let mut state = self.lock();
        let id = state.tick();
        state.streams.insert(id);
        Lease { trees: Arc::clone(self), id, held: 0 }
    }

    /// Bytes in use, and trees cached.
    pub(super) fn usage(&self) -> (u64, usize) {
        let state = self.lock();
        (state.used, state.cached.len())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change of the state is complete before anything can panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn tick(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }

    /// Drives out trees that nobody uses, the one unused for longest first, until `bytes` more fit.
    fn make_room(&mut self, bytes: u64, budget: u64) -> bool {
        while self.used + bytes > budget {
            let unused = self.cached.iter().filter(|(_, cached)| Arc::strong_count(&cached.tree) == 1);
            let Some((checksum, _)) = unused.min_by_key(|(_, cached)| cached.used_at) else { return false };
            let checksum = checksum.clone();
            if let Some(cached) = self.cached.remove(&checksum) {
                self.used -= cached.bytes;
            }
        }
        true
    }
}

/// The memory of one stream, given back when it ends.
#[derive(Debug)]
pub(super) struct Lease {
    trees: Arc<Trees>,
    id: u64,
    held: u64,
}

impl Lease {
    /// Takes memory until this stream holds `bytes`; waits while others need to come to an end first.
    pub(super) async fn grow(&mut self, bytes: u64) {
        let trees = Arc::clone(&self.trees);
        while bytes > self.held {
            let freed = trees.freed.notified();
            tokio::pin!(freed);
            // From here on no wake-up is lost.
            freed.as_mut().enable();
            if self.try_grow(bytes) {
                return;
            }
            freed.await;
        }
    }

    fn try_grow(&mut self, bytes: u64) -> bool {
        let more = bytes - self.held;
        let mut state = self.trees.lock();
        let granted = state.make_room(more, self.trees.budget) || state.streams.first() == Some(&self.id);
        if granted {
            state.used += more;
            self.held = bytes;
        }
        granted
    }

    /// Keeps a tree whose checksum was verified; its memory is the cache's from now on.
    pub(super) fn keep(mut self, checksum: &str, tree: ArchiveTree) -> Arc<ArchiveTree> {
        let bytes = tree.memory() as u64;
        let tree = Arc::new(tree);
        let mut state = self.trees.lock();
        state.used -= std::mem::take(&mut self.held);
        state.arriving.remove(checksum);
        let used_at = state.tick();
        let cached = Cached { tree: Arc::clone(&tree), bytes, used_at };
        state.used += bytes;
        if let Some(replaced) = state.cached.insert(checksum.to_owned(), cached) {
            state.used -= replaced.bytes;
        }
        // Without room for it nothing waits: it goes as soon as nobody uses it and somebody needs room.
        state.make_room(0, self.trees.budget);
        drop(state);
        tree
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut state = self.trees.lock();
        state.used -= self.held;
        state.streams.remove(&self.id);
        state.arriving.retain(|_, arrival| arrival.has_changed().is_ok());
        drop(state);
        self.trees.freed.notify_waiters();
    }
}

/// Values under a budget of bytes, the one unused for longest driven out first.
#[derive(Debug)]
pub(super) struct Results<K, V> {
    budget: u64,
    state: Mutex<ResultState<K, V>>,
}

#[derive(Debug)]
struct ResultState<K, V> {
    used: u64,
    clock: u64,
    values: HashMap<K, (V, u64, u64)>,
}

impl<K: std::hash::Hash + Eq + Clone, V: Clone> Results<K, V> {
    pub(super) fn new(budget: u64) -> Self {
        Self { budget, state: Mutex::new(ResultState { used: 0, clock: 0, values: HashMap::new() }) }
    }

    pub(super) fn get(&self, key: &K) -> Option<V> {
        let mut state = self.lock();
        state.clock += 1;
        let now = state.clock;
        let (value, _, used_at) = state.values.get_mut(key)?;
        *used_at = now;
        Some(value.clone())
    }

    pub(super) fn insert(&self, key: K, value: V, bytes: u64) {
        if bytes > self.budget {
            return;
        }
        let mut state = self.lock();
        state.clock += 1;
        let now = state.clock;
        if let Some((_, old, _)) = state.values.insert(key, (value, bytes, now)) {
            state.used -= old;
        }
        state.used += bytes;
        while state.used > self.budget {
            let oldest = state.values.iter().min_by_key(|(_, (_, _, used_at))| *used_at);
            let Some(oldest) = oldest.map(|(key, _)| key.clone()) else { break };
            if let Some((_, bytes, _)) = state.values.remove(&oldest) {
                state.used -= bytes;
            }
        }
    }

    /// Bytes in use.
    pub(super) fn usage(&self) -> u64 {
        self.lock().used
    }

    fn lock(&self) -> MutexGuard<'_, ResultState<K, V>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use tokio::time::timeout;

    use super::{Results, Start, Trees};
    use crate::source::{ArchiveBuilder, ArchiveTree, TreePath};

    fn tree(bytes: u32) -> ArchiveTree {
        let mut builder = ArchiveBuilder::default();
        builder.file(&TreePath::parse("a").expect("inside"), bytes);
        builder.append(&vec![0; bytes as usize]);
        builder.finish()
    }

    const MIB: u64 = 1 << 20;

    #[tokio::test]
    async fn an_unused_tree_makes_room_and_a_used_one_does_not() {
        let trees = Trees::new(4 * MIB);
        let mut lease = trees.lease();
        lease.grow(2 * MIB).await;
        let used = lease.keep("one", tree(2 << 20));
        let (first, mut second) = (trees.lease(), trees.lease());
        assert!(matches!(trees.start("one"), Start::Known(_)));
        let waits = timeout(Duration::from_millis(20), second.grow(3 * MIB)).await;
        assert!(waits.is_err(), "the budget does not hold");
        drop(used);
        second.grow(3 * MIB).await;
        assert!(matches!(trees.start("one"), Start::Unpack(_)), "the tree was not driven out");
        drop((first, second));
        assert_eq!(trees.usage().0, 0);
    }

    #[tokio::test]
    async fn the_oldest_stream_never_waits_and_the_next_one_follows() {
        let trees = Trees::new(MIB);
        let (mut first, mut second) = (trees.lease(), trees.lease());
        first.grow(3 * MIB).await;
        assert!(timeout(Duration::from_millis(20), second.grow(1)).await.is_err());
        let waiting = tokio::spawn(async move {
            second.grow(2 * MIB).await;
            second
        });
        tokio::task::yield_now().await;
        drop(first);
        let second = timeout(Duration::from_secs(5), waiting).await.expect("woken").expect("no panic");
        assert_eq!(trees.usage().0, 2 * MIB);
        drop(second);
        assert_eq!(trees.usage().0, 0);
    }

    #[tokio::test]
    async fn one_stream_unpacks_and_the_others_hear_of_it() {
        let trees = Trees::new(MIB);
        let Start::Unpack(sender) = trees.start("x") else { panic!("the first one unpacks") };
        let Start::Arriving(mut arrival) = trees.start("x") else { panic!("the second one waits") };
        sender.send_replace(Some(Arc::new(tree(1))));
        assert!(arrival.wait_for(Option::is_some).await.is_ok());
        drop(sender);
        assert!(matches!(trees.start("x"), Start::Unpack(_)), "a stream that broke off blocks the others");
    }

    #[test]
    fn results_stay_under_their_budget() {
        let results = Results::new(10);
        results.insert("a", 1, 6);
        results.insert("b", 2, 4);
        assert_eq!(results.get(&"a"), Some(1));
        results.insert("c", 3, 4);
        assert_eq!((results.get(&"a"), results.get(&"b"), results.usage()), (Some(1), None, 10));
        results.insert("d", 4, 11);
        assert_eq!(results.get(&"d"), None);
    }
}
