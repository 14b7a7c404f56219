//! Threads of models give way to everything else on the machine: a load test that runs meanwhile must be on time.

use std::sync::Once;

use rustix::process::setpriority_process;

/// A thread that is not nice takes ten times as much. Lower still, and on a busy machine nobody would get an answer.
const LOW: i32 = 10;

/// Lets this thread, and those that it begins, go last.
pub fn this_thread() {
    // Linux takes "this process" for this thread. Where it is refused, models take as much as others do.
    if let Err(error) = setpriority_process(None, LOW) {
        tracing::debug!(%error, "threads of models do not give way: {error}");
    }
}

/// Makes the threads that candle computes on, which all models of a process share, before it makes them itself.
pub fn pool() {
    static MADE: Once = Once::new();
    MADE.call_once(|| {
        let pool = rayon::ThreadPoolBuilder::new()
            .thread_name(|at| format!("maid-model-{at}"))
            .start_handler(|_| this_thread());
        if let Err(error) = pool.build_global() {
            tracing::debug!(%error, "threads of models were made by somebody else: {error}");
        }
    });
}
