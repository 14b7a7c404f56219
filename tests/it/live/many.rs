//! Many sockets at once, and one too many.

use maid::{engine::health::raise_file_limit, live::Timing};
use tokio_tungstenite::tungstenite::Error;

use super::{Client, Server};

const MANY: usize = 2000;

#[tokio::test]
async fn two_thousand_sockets_get_the_same_and_one_more_is_refused() {
    assert!(raise_file_limit() > 2 * MANY as u64 + 500, "the limit of open files is too low");
    let server = Server::with(MANY, Timing::default());
    let mut clients = Vec::new();
    for _ in 0..MANY {
        clients.push(Client::subscribed(&server, &["maid:metrics"]).await);
    }
    assert_eq!(server.live.connections(), MANY);
    let Err(Error::Http(answer)) = Client::at(server.site.address, "/api/maid/ws").await else {
        panic!("there are too many")
    };
    assert_eq!(answer.status(), 429);
    assert!(answer.headers().contains_key("retry-after"));
    let problem: serde_json::Value =
        serde_json::from_slice(answer.body().as_deref().unwrap_or_default()).expect("a problem");
    assert_eq!(problem["code"], "full");

    for number in 1..=3 {
        server.metrics(number);
        for client in &mut clients {
            assert_eq!(client.hear().await["seq"], number);
        }
    }
    assert_eq!(server.live.stats().sent, 3 * MANY as u64);
    // The others stay, and there is room again.
    clients.truncate(MANY / 2);
    server.until("half are gone", |stats| stats.open == MANY / 2).await;
    let late = Client::subscribed(&server, &["maid:metrics"]).await;
    drop((late, clients));
    server.until("all are gone", |stats| stats.open == 0).await;
    assert_eq!(server.live.stats().refused, 1);
}
