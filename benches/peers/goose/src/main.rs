//! The static GET of bar 1 as a Goose load test, with Goose's own client and metrics.
//!
//! Takes Goose's flags; prints `requests N` at the end.

use goose::prelude::*;

async fn get(user: &mut GooseUser) -> TransactionResult {
    let _answer = user.get("/").await?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), GooseError> {
    let metrics = GooseAttack::initialize()?
        .register_scenario(scenario!("static").register_transaction(transaction!(get)))
        .execute()
        .await?;
    let requests: usize = metrics.requests.values().map(|of| of.success_count + of.fail_count).sum();
    println!("requests {requests}");
    Ok(())
}
