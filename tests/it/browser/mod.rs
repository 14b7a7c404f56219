//! The admin UI and the page that a link opens, as people meet them: a real Chromium, the real server, and a shop that is sent load. What
//! happens in the browser is told by the stories in `tests/browser`; here is what they are about.

mod admin;
mod place;
mod player;
mod stored;

use png::{BitDepth, ColorType, Decoder, Transformations};
use rqrr::PreparedImage;
use serde_json::json;

use self::{
    place::{Place, front},
    player::{pictures, play, texts},
};
use crate::{
    oidc::node::NodeProvider,
    server::answer,
    support::{
        byte_server::{ByteServer, always},
        people,
    },
};

#[test]
fn a_link_starts_nothing_until_somebody_presses_the_button() {
    let place = Place::new();
    let shop = place.link(&json!({
        "loadtest": front(&place.shop, "2s"), "title": "Two seconds of the shop", "max_uses": 3
    }));
    play("starts", &place, &json!({"links": {"shop": shop.short}}));
    let (_, run) = answer(place.maid.get("/history").bearer_auth(&place.admin));
    assert!(run["items"][0]["requests"].as_u64() > Some(0), "{run}");
}

#[test]
fn who_may_not_start_runs_is_told_so() {
    let place = Place::new();
    let links = json!({
        "shop": place.link(&json!({"loadtest": front(&place.shop, "2s")})).short,
        "recipe": place.link(&json!({"recipe_id": place.recipe(), "parameters": {"users": 2}})).short,
    });
    play("viewer", &place, &json!({"links": links}));
}

#[test]
fn a_link_that_cannot_be_used_says_why() {
    let place = Place::new();
    let test = front(&place.shop, "100ms");
    let (shop, ends) =
        (place.link(&json!({"loadtest": test})), place.link(&json!({"loadtest": test, "max_uses": 9})));
    let revoked = place.link(&json!({"loadtest": test, "title": "Taken back"}));
    place.revoke(&revoked.id);
    let used = place.link(&json!({"loadtest": test, "max_uses": 1}));
    place.used(&used);
    let expired = place.expired(&json!({"loadtest": test}));
    let links = json!({
        "shop": shop.short, "whole": shop.whole, "ends": ends.short, "used": used.short, "revoked": revoked.short,
        "expired": expired.short,
    });
    play("over", &place, &json!({"links": links, "ends": ends.id, "before": 1}));
}

#[test]
fn what_a_recipe_leaves_open_is_filled_in_and_a_secret_is_in_no_address() {
    let place = Place::new();
    let target = ByteServer::start(vec![always("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")]);
    let recipe = place.recipe();
    let link = place.link(&json!({"recipe_id": recipe, "parameters": {"users": 2}}));
    let mut test = front(&place.shop, "300ms");
    test["target"] = json!({"hosts": [target.url()], "headers": {"X-Token": "${env:SHOP_TOKEN}"}});
    let variable = place.link(&json!({"loadtest": test}));
    let links = json!({"recipe": link.short, "variable": variable.short});
    play("recipe", &place, &json!({"links": links, "recipe": recipe, "shop": target.url()}));
    let requests = target.requests();
    let (sent, later) =
        (requests.first().expect("it was sent something"), requests.last().expect("the same"));
    assert!(later.to_lowercase().contains("x-token: hunter2 & more"), "{later}");
    for part in ["GET /search?q=lamp&warm=false HTTP/1.1", "x-pass: hunter2 & more"] {
        assert!(sent.to_lowercase().contains(&part.to_lowercase()), "{part}: {sent}");
    }
    assert!(!place.maid.said().contains("hunter2"), "{}", place.maid.said());
}

#[test]
fn a_name_that_would_be_markup_is_text() {
    let place = Place::new();
    let name = format!("{:A<200}", "<img src=x onerror=\"window.hurt=1\"><script>alert(1)</script>");
    let mut test = front(&place.shop, "300ms");
    test["name"] = json!(name);
    test["scenarios"][0]["transactions"][0]["requests"][0]["name"] = json!("<svg onload=alert(1)>");
    let link = place.link(&json!({"loadtest": test, "title": name}));
    play("hostile", &place, &json!({"links": {"hostile": link.short}, "hostile": name}));
}

#[test]
fn what_was_changed_meanwhile_is_shown_and_a_busy_server_offers_its_queue() {
    let place = Place::new();
    let (test, mut changed) = (front(&place.shop, "10m"), front(&place.shop, "10m"));
    changed["thresholds"][0] = json!("p95 < 9s");
    let new = json!({"name": "nightly", "loadtest": test});
    let (status, made) = answer(place.maid.post("/presets", &new).bearer_auth(&place.admin));
    assert_eq!(status, 201, "{made}");
    let link = place.link(&json!({"preset": "nightly"}));
    let world = json!({"links": {"preset": link.short}, "changed": {"loadtest": changed}, "long": test});
    play("changed", &place, &world);
}

/// A session that ends and an answer that is lost cost nothing that was filled in, and start nothing twice.
#[test]
fn what_is_interrupted_goes_on() {
    let place = Place::new();
    let mut test = front(&place.shop, "3s");
    test["target"]["headers"] = json!({"X-Token": "${env:SHOP_TOKEN}"});
    play(
        "interrupted",
        &place,
        &json!({"links": {"variable": place.link(&json!({"loadtest": test})).short}}),
    );
}

#[test]
fn whoever_reads_german_is_spoken_to_in_german() {
    let place = Place::new();
    let shop = place.link(&json!({"loadtest": front(&place.shop, "300ms"), "max_uses": 3}));
    play("german", &place, &json!({"links": {"shop": shop.short}}));
}

#[test]
fn everybody_can_read_and_use_the_page() {
    let place = Place::new();
    let mut failing = front(&place.shop, "6s");
    failing["thresholds"] = json!(["p95 < 10s", "rps > 100000000"]);
    let links = json!({
        "shop": place.link(&json!({"loadtest": front(&place.shop, "2s"), "title": "The shop on a quiet day"})).short,
        "recipe": place.link(&json!({"recipe_id": place.recipe(), "parameters": {"users": 2}})).short,
        "failing": place.link(&json!({"loadtest": failing})).short,
        "expired": place.expired(&json!({"loadtest": failing})).short,
    });
    play("everybody", &place, &json!({"links": links}));
}

/// A provider sends people back to a path that is not long, and a link may be.
#[test]
fn a_link_outlives_a_sign_in_elsewhere() {
    // The provider has to know where MAID is, and MAID where the provider is.
    let before = Place::new();
    let (home, port, url) = (before.home, before.maid.port(), before.maid.url.clone());
    assert_eq!(before.maid.terminate(), Some(0));
    let provider = NodeProvider::start(&url, "company");
    let entry = json!([{"id": "company", "name": "Company account", "issuer": provider.issuer, "client_id": "maid",
        "client_secret": "hunter2", "role_claim": "groups", "roles": {"load-admins": "operator"}}]);
    let start = people::asking(&home)
        .port(port)
        .with("MAID__SERVER__PUBLIC_URL", &url)
        .with("MAID__AUTH__OIDC", entry);
    let place = Place::of(home, start.start(), before.shop);
    let mut long = front(&place.shop, "300ms");
    // What does not repeat itself cannot be packed, so that the link is as long as what it holds.
    let noise: String = (0_u64..90)
        .map(|at| format!("{:016x}", at.wrapping_add(7).wrapping_mul(0x9e37_79b9_7f4a_7c15)))
        .collect();
    long["scenarios"][0]["transactions"][0]["requests"][0]["headers"] = json!({"X-Noise": noise});
    let links = json!({
        "short": place.link(&json!({"loadtest": front(&place.shop, "300ms")})).short,
        "long": place.link(&json!({"loadtest": long})).whole,
    });
    play("elsewhere", &place, &json!({"links": links, "issuer": provider.issuer}));
}

#[test]
fn a_phone_reads_the_code_that_a_browser_shows() {
    let link = "https://maid.example:8443/maid/run?link=k3Jd92LmQx0a&x=%3Cb%3E";
    let svg = maid::deeplinks::code::svg(link).expect("a code");
    player::run("code", &json!({"svg": svg}));
    let file = std::fs::File::open(pictures().join("code/svg.png")).expect("a picture");
    let mut decoder = Decoder::new(std::io::BufReader::new(file));
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().expect("a picture");
    let mut pixels = vec![0; reader.output_buffer_size().expect("it is small")];
    let info = reader.next_frame(&mut pixels).expect("it is whole");
    assert_eq!(info.bit_depth, BitDepth::Eight);
    let step = if info.color_type == ColorType::Rgba { 4 } else { 3 };
    let (wide, high) = (info.width as usize, info.height as usize);
    let mut seen = PreparedImage::prepare_from_greyscale(wide, high, |x, y| pixels[(y * wide + x) * step]);
    let read: Vec<_> = seen.detect_grids().iter().map(|grid| grid.decode().expect("it is read").1).collect();
    assert_eq!(read, [link]);
}

#[test]
fn every_text_is_there_in_every_language() {
    assert_eq!(texts().trim(), "complete");
}

#[test]
fn the_page_is_its_own_and_keeps_nothing() {
    let place = Place::new();
    let page =
        place.maid.http.get(format!("{}/maid/run?link=AAAAAAAAAAAA&utm_source=x", place.maid.url)).send();
    let page = page.expect("an answer");
    let header = |name: &str| page.headers()[name].to_str().expect("text").to_owned();
    assert_eq!(page.status(), 200, "whoever comes is shown the page");
    assert_eq!(
        (header("cache-control"), header("referrer-policy")),
        ("no-store".into(), "no-referrer".into())
    );
    let policy = header("content-security-policy");
    for part in [
        "default-src 'none'",
        "script-src 'self';",
        "style-src 'self';",
        "frame-ancestors 'none'",
        "form-action 'none'",
    ] {
        assert!(policy.contains(part), "{part}: {policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    assert!(page.headers().get("set-cookie").is_none());

    let ask = |name: &str, tag: &str| {
        let url = format!("{}/maid/run/{name}", place.maid.url);
        place.maid.http.get(url).header("if-none-match", tag).send().expect("an answer")
    };
    let file = ask("page.js", "\"other\"");
    assert_eq!(file.status(), 200);
    assert_eq!(
        (&file.headers()["content-type"], &file.headers()["cache-control"]),
        (&"text/javascript; charset=utf-8".parse().expect("a value"), &"no-cache".parse().expect("a value"))
    );
    let tag = file.headers()["etag"].to_str().expect("text").to_owned();
    assert_eq!(ask("page.js", &tag).status(), 304);
    assert_eq!(ask("page.css", &tag).status(), 200);
    for none in ["page.html", "..%2Fpage.html", "%00", "run"] {
        assert_eq!(ask(none, "").status(), 404, "{none}");
    }
}
