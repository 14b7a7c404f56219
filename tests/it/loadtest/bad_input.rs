//! Documents that are bad: all that is wrong is told, with its place and a way out.

use maid::loadtest::parse::read;

use super::{context, fixtures};

#[test]
fn every_slip_is_told_at_once() {
    let problems = read(&fixtures().join("slips.yaml")).expect("well-formed").validate(&context());
    let problems = problems.expect_err("full of mistakes").to_string();
    insta::assert_snapshot!(problems.replace(&format!("{}/", fixtures().display()), ""));
}
