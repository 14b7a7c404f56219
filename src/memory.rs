//! What the allocator may keep of memory that nobody uses.
//!
//! A run allocates on many threads and frees nearly all of it at its end. By default glibc divides
//! that over eight arenas a core and gives little of it back, so that a server would hold more after
//! each run. With other allocators there is nothing to do. `make bench ARGS='--only 5'` shows it.

/// From how many bytes on a block is the system's own, and goes back to it the moment it is freed.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const LARGE: i32 = 4 << 20;

/// Bounds how far memory is scattered. For the start of a process that runs for long.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn keep_together() {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    // Enough that threads which work at the same time do not wait for each other.
    let arenas = i32::try_from(cores + 2).unwrap_or(i32::MAX);
    // SAFETY: two numbers each, by which the allocator sets one of its own; a value it refuses is ignored.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, arenas);
        // The allocator raises this by itself after the first large block is freed, and would then keep
        // the 19 MiB of every password that is checked in one arena or another.
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE);
    }
}

/// Gives free memory back to the system.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn give_back() {
    // SAFETY: it is given no pointer, takes the allocator's own locks, and returns free pages alone.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Nothing: this allocator looks after that itself.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn keep_together() {}

/// Nothing: this allocator looks after that itself.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn give_back() {}
