//! The same request again and again.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use actix_web::{
    HttpResponse,
    http::StatusCode,
    post,
    web::{Data, ServiceConfig},
};
use futures_util::{StreamExt, stream};
use maid::{
    app::mount::Module,
    auth::{Authorized, MaidWrite},
    config,
    db::Db,
    http::{
        Code, Json, Problem,
        idempotency::{Idempotency, IdempotencyKey, Once, StoredAnswer},
    },
};
use reqwest::{Client, Response};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Handle;
use utoipa_actix_web::service_config;

use super::Site;

/// How many things were made.
#[derive(Clone, Default)]
struct Made(Arc<AtomicUsize>);

/// Make a thing
#[utoipa::path(params(IdempotencyKey), responses((status = 201, description = "made", body = Object)))]
#[post("/things")]
async fn make(
    principal: Authorized<MaidWrite>,
    once: Once,
    made: Data<Made>,
    Json(thing): Json<Value>,
) -> Result<HttpResponse, Problem> {
    let made = made.get_ref().clone();
    let work = move |_, id| async move {
        made.0.fetch_add(1, Ordering::Relaxed);
        if thing["name"] == "refused" {
            return Err(Problem::new(Code::RunActive, "not now"));
        }
        let answer = StoredAnswer::json(StatusCode::CREATED, &json!({"id": id, "name": thing["name"]}))?;
        Ok(answer.at(format!("/api/maid/things/{id}")))
    };
    once.answer(principal.into_principal(), work).await
}

fn things(config: &mut service_config::ServiceConfig<'_>) {
    config.service(make);
}

/// A site with a database, and how many things it made.
struct Makers {
    site: Site,
    made: Made,
}

impl Makers {
    fn start(folder: &TempDir) -> Self {
        const THINGS: &[Module] =
            &[Module { tag: "things", about: "Things.", under_api: true, routes: things }];
        let made = Made::default();
        let runtime = Handle::current();
        let db = runtime.block_on(async {
            let db = Db::connect(&config::Database::default(), folder.path()).await.expect("a database");
            db.migrate().await.expect("its tables");
            db
        });
        let idempotency =
            Data::new(Idempotency::new(db, Duration::from_secs(3600), uuid::Uuid::now_v7(), runtime));
        let counted = Data::new(made.clone());
        let provide = move |config: &mut ServiceConfig| {
            config.app_data(idempotency.clone()).app_data(counted.clone());
        };
        Self { site: Site::of(THINGS, config::Server::default(), provide), made }
    }

    fn url(&self) -> String {
        format!("http://{}/api/maid/things", self.site.address)
    }

    async fn post(&self, client: &Client, key: Option<&str>, body: &Value) -> Response {
        let request = client.post(self.url()).json(body);
        let request = key.into_iter().fold(request, |request, key| request.header("Idempotency-Key", key));
        request.send().await.expect("an answer")
    }

    fn count(&self) -> usize {
        self.made.0.load(Ordering::Relaxed)
    }
}

fn is_replayed(response: &Response) -> bool {
    response.headers().get("idempotency-replayed").is_some_and(|value| value == "true")
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_requests_with_one_key_make_one_thing() {
    let folder = tempfile::tempdir().expect("a folder");
    let makers = tokio::task::block_in_place(|| Makers::start(&folder));
    let (client, thing) = (Client::new(), json!({"name": "a"}));
    let answers: Vec<(u16, String, bool, String)> = stream::iter(0..10_000)
        .map(|_| async {
            let answer = makers.post(&client, Some("deploy-7"), &thing).await;
            let location = answer.headers()["location"].to_str().expect("text").to_owned();
            (answer.status().as_u16(), location, is_replayed(&answer), answer.text().await.expect("a body"))
        })
        .buffer_unordered(256)
        .collect()
        .await;
    assert_eq!(makers.count(), 1);
    assert_eq!(answers.len(), 10_000);
    assert_eq!(answers.iter().filter(|(_, _, replayed, _)| !replayed).count(), 1);
    let (status, location, _, body) = &answers[0];
    assert_eq!(*status, 201);
    assert!(answers.iter().all(|answer| (answer.0, &answer.1, &answer.3) == (*status, location, body)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_kept_across_a_restart_and_for_its_own_request() {
    let folder = tempfile::tempdir().expect("a folder");
    let makers = tokio::task::block_in_place(|| Makers::start(&folder));
    let client = Client::new();
    let first = makers.post(&client, Some("k"), &json!({"name": "a"})).await;
    assert_eq!((first.status().as_u16(), is_replayed(&first)), (201, false));
    let first: Value = first.json().await.expect("JSON");

    let other = makers.post(&client, Some("k"), &json!({"name": "b"})).await;
    assert_eq!(other.status().as_u16(), 422);
    assert_eq!(other.json::<Value>().await.expect("JSON")["code"], "idempotency_mismatch");
    let unnamed = makers.post(&client, None, &json!({"name": "a"})).await;
    assert_eq!((unnamed.status().as_u16(), is_replayed(&unnamed)), (201, false));
    assert_eq!(makers.count(), 2);
    tokio::task::block_in_place(|| drop(makers));

    let restarted = tokio::task::block_in_place(|| Makers::start(&folder));
    let again = restarted.post(&client, Some("k"), &json!({"name": "a"})).await;
    assert_eq!((again.status().as_u16(), is_replayed(&again)), (201, true));
    assert_eq!(again.json::<Value>().await.expect("JSON"), first);
    assert_eq!(restarted.count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_may_be_sent_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let makers = tokio::task::block_in_place(|| Makers::start(&folder));
    let client = Client::new();
    for attempt in 1..=2 {
        let refused = makers.post(&client, Some("k"), &json!({"name": "refused"})).await;
        assert_eq!(refused.status().as_u16(), 409);
        assert_eq!(makers.count(), attempt, "it was tried anew");
    }
    assert_eq!(makers.post(&client, Some("k"), &json!({"name": "a"})).await.status().as_u16(), 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_visible_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let makers = tokio::task::block_in_place(|| Makers::start(&folder));
    let client = Client::new();
    for key in ["", " ", "two words", "t\tb", "ü", &"x".repeat(256)] {
        let refused = makers.post(&client, Some(key), &json!({"name": "a"})).await;
        assert_eq!(refused.status().as_u16(), 400, "{key}");
        assert_eq!(refused.json::<Value>().await.expect("JSON")["code"], "bad_header", "{key}");
    }
    assert_eq!(makers.count(), 0);
    let longest = makers.post(&client, Some(&"x".repeat(255)), &json!({"name": "a"})).await;
    assert_eq!(longest.status().as_u16(), 201);
}
