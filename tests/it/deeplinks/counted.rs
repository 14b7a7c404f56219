//! How links are used, counted without anybody's address.

use sea_orm::{
    ConnectionTrait, ExprTrait,
    prelude::DateTimeUtc,
    sea_query::{Alias, Expr, Query},
};
use serde_json::{Value, json};

use super::{made, open, short, text};
use crate::{
    server::{Home, block_on, on_each_database},
    support::{
        people::{admin, asking, delete},
        server::{answer, wait_for},
    },
};

#[test]
fn uses_are_counted_by_day_and_by_link_and_no_address_is_kept() {
    on_each_database(|home| {
        let maid = asking(home).with("MAID__SERVER__TRUSTED_PROXIES", "127.0.0.1").start();
        let admin = admin(&maid);
        let test = short("http://127.0.0.1:1");
        let first = made(&maid, &admin, &json!({"loadtest": test, "title": "First"}));
        let second = made(&maid, &admin, &json!({"loadtest": test, "title": "Second"}));
        let look = |link: &Value, from: &str| {
            let path = format!("/deeplinks/open?link={}", text(link, "id"));
            answer(maid.get(&path).bearer_auth(&admin).header("x-forwarded-for", from)).0
        };
        for from in ["203.0.113.7", "203.0.113.7", "2001:db8::7"] {
            assert_eq!(look(&first, from), 200);
        }
        assert_eq!(look(&second, "203.0.113.7"), 200);
        let redeem = maid.post("/deeplinks/redeem", &json!({"deeplink": first["id"]}));
        assert_eq!(answer(redeem.bearer_auth(&admin)).0, 204);
        let changed = text(&first, "url").replace("&expires=", "&expires=1");
        assert_eq!(open(&maid, &admin, &changed).0, 400);
        assert_eq!(
            answer(delete(&maid, &format!("/deeplinks/{}", text(&second, "id"))).bearer_auth(&admin)).0,
            204
        );
        assert_eq!(look(&second, "203.0.113.8"), 410);

        let counted = |query: &str| {
            let (status, page) =
                answer(maid.get(&format!("/deeplinks/analytics{query}")).bearer_auth(&admin));
            assert_eq!(status, 200, "{page}");
            page["items"].as_array().expect("a list").clone()
        };
        let figures =
            |group: &Value| ["opens", "visitors", "runs", "refused"].map(|name| group[name].as_u64());
        let today = jiff::Timestamp::now().to_string();
        let days = counted("");
        assert_eq!(days.len(), 1);
        assert!(today.starts_with(text(&days[0], "day")), "{days:?}");
        // One visitor of both links is one of each.
        assert_eq!(figures(&days[0]), [4, 3, 1, 2].map(Some));
        let links = counted("?by=link&days=1");
        let told: Vec<_> = links.iter().map(|one| (text(one, "title"), figures(one))).collect();
        assert_eq!(told, [("First", [3, 2, 1, 1].map(Some)), ("Second", [1, 1, 0, 1].map(Some))]);
        assert_eq!(counted(&format!("?link={}", text(&second, "id"))).len(), 1);
        assert_eq!(counted("?link=k3Jd92LmQx0a"), Vec::<Value>::new());
        for wrong in ["?days=0", "?days=400", "?by=user", "?cursor=abc", "?link=x"] {
            let (status, _) = answer(maid.get(&format!("/deeplinks/analytics{wrong}")).bearer_auth(&admin));
            assert_eq!(status, 400, "{wrong}");
        }
        let visitors = visitors(home);
        assert_eq!(visitors.len(), 6, "each link, kind and visitor of the day has a row: {visitors:?}");
        let plain = [&b"203.0.113"[..], &[203, 0, 113], &[0x20, 0x01, 0x0d, 0xb8], b"2001:db8"];
        for visitor in &visitors {
            assert_eq!(visitor.len(), 16);
            let holds = |part: &&[u8]| visitor.windows(part.len()).any(|window| window == *part);
            assert!(!plain.iter().any(holds), "an address in {visitor:?}");
        }
    });
}

/// What is stored of whoever opened links.
fn visitors(home: &Home) -> Vec<Vec<u8>> {
    block_on(async {
        let db = home.database.open().await;
        let events = Alias::new("maid_deeplink_events");
        let query = Query::select().column(Alias::new("visitor")).from(events).take();
        let rows = db.connection().query_all(&query).await.expect("rows");
        let rows = rows.iter().map(|row| row.try_get_by_index(0).expect("bytes")).collect();
        db.close().await.expect("it closes");
        rows
    })
}

#[test]
fn links_are_forgotten_long_after_they_have_ended() {
    on_each_database(|home| {
        let maid = home.start().start();
        let link = made(&maid, "", &json!({"loadtest": short("http://127.0.0.1:1")}));
        let kept = made(&maid, "", &json!({"loadtest": short("http://127.0.0.1:1")}));
        assert_eq!(open(&maid, "", text(&link, "id")).0, 200);
        assert_eq!(maid.terminate(), Some(0));
        let long_ago = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(91 * 24);
        ended(home, text(&link, "id"), long_ago);
        let maid = home.start().start();
        wait_for("the old one is forgotten", || (open(&maid, "", text(&link, "id")).0 == 404).then_some(()));
        assert_eq!(open(&maid, "", text(&kept, "id")).0, 200);
        assert_eq!(visitors(home).len(), 1, "what was counted goes with it");
    });
}

#[test]
fn a_list_shows_those_of_one_state_a_page_at_a_time() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let new = |title: &str, more: Value| {
            let mut new = json!({"loadtest": short("http://127.0.0.1:1"), "title": title});
            new.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            made(&maid, &admin, &new)
        };
        let open = [new("a", json!({})), new("b", json!({"max_uses": 2})), new("c", json!({}))];
        let revoked = new("revoked", json!({}));
        let path = format!("/deeplinks/{}", text(&revoked, "id"));
        assert_eq!(answer(delete(&maid, &path).bearer_auth(&admin)).0, 204);
        let used = new("used", json!({"max_uses": 1}));
        let redeem = maid.post("/deeplinks/redeem", &json!({"deeplink": used["id"]}));
        assert_eq!(answer(redeem.bearer_auth(&admin)).0, 204);
        let expired = new("expired", json!({"max_uses": 1}));
        ended(home, text(&expired, "id"), jiff::Timestamp::now() - jiff::SignedDuration::from_mins(1));

        let page = |query: &str| {
            let (status, page) = answer(maid.get(&format!("/deeplinks?{query}")).bearer_auth(&admin));
            assert_eq!(status, 200, "{page}");
            page
        };
        let titles = |page: &Value| -> Vec<String> {
            page["items"]
                .as_array()
                .expect("a list")
                .iter()
                .map(|one| text(one, "title").to_owned())
                .collect()
        };
        for state in ["revoked", "used", "expired"] {
            let found = page(&format!("state={state}"));
            assert_eq!(titles(&found), [state]);
            assert_eq!(found["items"][0]["state"], *state);
        }
        let first = page("state=open&limit=2");
        assert_eq!(titles(&first), ["c", "b"], "the newest first");
        let cursor = text(&first, "next_cursor");
        let last = page(&format!("state=open&limit=2&cursor={cursor}"));
        assert_eq!((titles(&last), &last["next_cursor"]), (vec!["a".to_owned()], &Value::Null));
        assert_eq!(titles(&page("")).len(), open.len() + 3);
        // A cursor belongs to its list.
        let (status, _) =
            answer(maid.get(&format!("/deeplinks?state=used&cursor={cursor}")).bearer_auth(&admin));
        assert_eq!(status, 400);
        assert_eq!(answer(maid.get("/deeplinks?state=lost").bearer_auth(&admin)).0, 400);
    });
}

/// Lets a link have ended at a time.
fn ended(home: &Home, id: &str, at: jiff::Timestamp) {
    block_on(async {
        let db = home.database.open().await;
        let at = DateTimeUtc::from_timestamp_micros(at.as_microsecond()).expect("a time");
        let end = Query::update()
            .table(Alias::new("maid_deeplinks"))
            .value(Alias::new("expires_at"), at)
            .and_where(Expr::col(Alias::new("id")).eq(id))
            .take();
        db.connection().execute(&end).await.expect("it is written");
        db.close().await.expect("it closes");
    });
}
