//! One read buffer for each thread, so that a waiting user holds none.

use std::cell::RefCell;

/// Room for one read: 64 KB, as much as a socket usually hands over at once.
const LEN: usize = 64 * 1024;

thread_local! {
    static SPACE: RefCell<Box<[u8]>> = RefCell::new(vec![0; LEN].into_boxed_slice());
}

/// Lends this thread's buffer out. It must not be lent twice, so `work` only reads into it.
pub(super) fn with<T>(work: impl FnOnce(&mut [u8]) -> T) -> T {
    SPACE.with_borrow_mut(|space| work(space))
}
