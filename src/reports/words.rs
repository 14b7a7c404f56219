//! What a LoadTest is, in a few words.

use super::number::plural;
use crate::loadtest::{
    span::Span,
    types::{LoadTest, Stage},
};

/// The load of a test, such as `50 users, for 30s` or `up to 200 users in 3 stages, for 5m`.
#[must_use]
pub fn load(loadtest: &LoadTest) -> String {
    let load = &loadtest.load;
    let (model, stages) = match (load.users, &load.stages, &load.arrival) {
        (Some(users), ..) => (plural(users.into(), "user", "users"), None),
        (_, Some(stages), _) => {
            (format!("up to {} users{}", most(stages, 0.0), steps(stages)), whole(stages))
        }
        (.., Some(arrival)) => {
            let rate = match arrival.stages.as_slice() {
                [] => arrival.rate.to_string(),
                stages => format!("up to {}", most(stages, arrival.rate)),
            };
            let (steps, users) = (steps(&arrival.stages), arrival.max_users);
            (format!("{rate} requests per second{steps} by at most {users} users"), whole(&arrival.stages))
        }
        (None, None, None) => (String::new(), None),
    };
    let length = match (load.run_time.or(stages), load.iterations) {
        (Some(time), _) => format!(", for {time}"),
        (_, Some(iterations)) => format!(", {} each", plural(iterations.into(), "iteration", "iterations")),
        (None, None) => String::new(),
    };
    model + &length
}

fn most(stages: &[Stage], first: f64) -> f64 {
    stages.iter().map(|stage| stage.target).fold(first, f64::max)
}

fn steps(stages: &[Stage]) -> String {
    if stages.is_empty() {
        return String::new();
    }
    format!(" in {}", plural(stages.len() as u64, "stage", "stages"))
}

/// How long all of them take.
fn whole(stages: &[Stage]) -> Option<Span> {
    let all: u128 = stages.iter().map(|stage| stage.duration.get().as_millis()).sum();
    (all > 0).then(|| Span::from_millis(u64::try_from(all).unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn how_much_and_how_long_is_told_of_every_model() {
        let stage = |duration: &str, target: u32| json!({"duration": duration, "target": target});
        for (of, told) in [
            (json!({"users": 1, "run_time": "30s"}), "1 user, for 30s"),
            (json!({"users": 5, "iterations": 2}), "5 users, 2 iterations each"),
            (
                json!({"stages": [stage("10s", 10), stage("1m", 40), stage("5s", 0)]}),
                "up to 40 users in 3 stages, for 1m15s",
            ),
            (
                json!({"arrival": {"rate": 2.5, "max_users": 9}, "run_time": "5m"}),
                "2.5 requests per second by at most 9 users, for 5m",
            ),
            (
                json!({"arrival": {"rate": 50, "max_users": 9, "stages": [stage("1m", 200)]}}),
                "up to 200 requests per second in 1 stage by at most 9 users, for 1m",
            ),
        ] {
            let scenarios =
                json!([{"name": "a", "transactions": [{"name": "a", "requests": [{"path": "/"}]}]}]);
            let test = json!({"version": 1, "name": "a", "target": {"hosts": []}, "load": of, "scenarios": scenarios});
            assert_eq!(load(&serde_json::from_value(test).expect("a LoadTest")), told);
        }
    }
}
