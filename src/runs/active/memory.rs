//! Memory that a run needed goes back to the system.

/// Gives back what the allocator keeps of memory that nobody uses any more. glibc would keep what the
/// threads of a run have freed for as long as the process lives.
pub fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: it is given no pointer, takes the allocator's own locks, and returns free pages alone.
    unsafe {
        libc::malloc_trim(0);
    }
}
