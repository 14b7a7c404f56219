//! A shape of fixed steps as stages of users.

use std::rc::Rc;

use super::{
    super::script::{Machine, Value, seconds, tree::Class},
    class::Members,
};
use crate::loadtest::{
    span::Span,
    types::{Load, Stage},
};

/// Gives the test the load of a shape: each of its steps lasts until a time, and gets to its users at a rate.
pub(super) fn give(machine: &mut Machine<'_>, class: &Rc<Class>) {
    let members = Members::of(machine, class);
    let stages = members.value(machine, "stages").unwrap_or(Value::Nothing);
    let steps: Option<Vec<(f64, f64, Option<f64>)>> = stages.items().iter().map(step).collect();
    let steps = steps.filter(|steps| !steps.is_empty());
    let Some(steps) = steps.filter(|_| machine.draft.load.is_none()) else {
        let message = format!(
            "`{}` says how many users there are by what it works out: it is not carried over",
            class.name
        );
        return machine.list(class.at, message);
    };
    let (mut out, mut before, mut passed) = (Vec::new(), 0.0, 0.0);
    for (until, users, rate) in steps {
        let length = until - passed;
        if length <= 0.0 {
            continue;
        }
        let ramp = rate.map_or(0.0, |rate| ((users - before).abs() / rate).ceil()).min(length);
        let mut add = |length: f64| {
            let duration = Span::from_secs(seconds(length).get().as_secs());
            out.push(Stage { duration, target: users });
        };
        add(ramp);
        if length > ramp {
            add(length - ramp);
        }
        (before, passed) = (users, until);
    }
    let has_users = out.iter().any(|stage| stage.target > 0.0);
    if has_users && out.iter().any(|stage| stage.duration > Span::default()) {
        machine.note(
            class.at,
            format!("the steps of `{}` are stages: each gets to its users at its rate", class.name),
        );
        machine.draft.load = Some(Load { stages: Some(out), ..Load::default() });
    }
}

/// When a step ends, its users, and how many of them come or go in a second.
fn step(value: &Value) -> Option<(f64, f64, Option<f64>)> {
    let number = |keys: [&str; 2]| keys.into_iter().find_map(|key| value.get(key)).and_then(Value::as_f64);
    let (until, users, rate) = match value {
        Value::Object(_) => (
            number(["duration", "time"])?,
            number(["users", "user_count"])?,
            number(["spawn_rate", "hatch_rate"]),
        ),
        _ => {
            let [until, users, rest @ ..] = value.items() else { return None };
            (until.as_f64()?, users.as_f64()?, rest.first().and_then(Value::as_f64))
        }
    };
    let fits = (0.0..=2_592_000.0).contains(&until) && (0.0..=1e6).contains(&users) && users.fract() == 0.0;
    fits.then_some((until.floor(), users, rate.filter(|rate| *rate > 0.0)))
}
