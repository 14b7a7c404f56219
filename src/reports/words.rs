//! What a LoadTest is, in a few words.

use super::number::plural;
use crate::loadtest::types::LoadTest;

/// The load of a test, such as `50 users, for 30s`.
#[must_use]
pub fn load(loadtest: &LoadTest) -> String {
    let load = &loadtest.load;
    let model = match (load.users, &load.stages, &load.arrival) {
        (Some(users), ..) => plural(users.into(), "user", "users"),
        (_, Some(stages), _) => format!("users in {}", plural(stages.len() as u64, "stage", "stages")),
        (.., Some(arrival)) => {
            format!("{} requests per second by at most {} users", arrival.rate, arrival.max_users)
        }
        (None, None, None) => String::new(),
    };
    let length = match (load.run_time, load.iterations) {
        (Some(time), _) => format!(", for {time}"),
        (_, Some(iterations)) => format!(", {} each", plural(iterations.into(), "iteration", "iterations")),
        (None, None) => String::new(),
    };
    model + &length
}
