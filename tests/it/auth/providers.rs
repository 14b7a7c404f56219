//! People whom a real OpenID provider vouches for, at the real server.

use reqwest::Url;
use serde_json::{Value, json};

use super::{admin, answer, asking, audited, patch, until_audited};
use crate::{
    oidc::{browser::Browser, node::NodeProvider},
    server::{Home, on_each_database},
    support::server::Maid,
};

/// Where people are told to reach MAID. Nothing is there: these tests lead the browser to the server, whose port
/// the provider cannot know before it is started.
const PUBLIC: &str = "http://127.0.0.1:9";

/// A provider that two entries of the configuration are for: one for the default tenant, and one for another.
fn two_ways(home: &Home) -> (NodeProvider, Maid) {
    let back = |id: &str| format!("{PUBLIC}/api/maid/auth/oidc/{id}/callback");
    let client = json!({"client_secret": "hunter2", "redirect_uris": [back("company"), back("acme")]});
    let real = NodeProvider::with(PUBLIC, "company", &client);
    let entry = |id: &str, tenant: &str| {
        json!({"id": id, "name": id, "issuer": real.issuer, "client_id": "maid", "client_secret": "hunter2",
            "role_claim": "groups", "roles": {"load-admins": "admin", "staff": "viewer"}, "tenant": tenant})
    };
    let providers = json!([entry("company", "default"), entry("acme", "acme")]);
    let maid =
        asking(home).with("MAID__SERVER__PUBLIC_URL", PUBLIC).with("MAID__AUTH__OIDC", providers).start();
    (real, maid)
}

/// Signs in, and answers with the browser that did.
fn sign_in(maid: &Maid, provider: &str, who: &str) -> (Browser, u16) {
    let mut browser = Browser::new();
    let begin = at(maid, &format!("/auth/oidc/{provider}/login?return_to=/runs"));
    let callback = browser.up_to_callback(&begin, who);
    let back = callback.as_str().replace(PUBLIC, &maid.url).parse().expect("a URL");
    let status = browser.get(&back).status;
    (browser, status)
}

fn at(maid: &Maid, path: &str) -> Url {
    format!("{}/api/maid{path}", maid.url).parse().expect("a URL")
}

/// Who a browser is.
fn me(maid: &Maid, browser: &mut Browser) -> (u16, Value) {
    let page = browser.get(&at(maid, "/auth/me"));
    (page.status, serde_json::from_str(&page.body).expect("JSON"))
}

#[test]
fn whoever_is_vouched_for_comes_in_with_the_role_of_the_claim() {
    on_each_database(|home| {
        let (_provider, maid) = two_ways(home);
        let (mut ada, status) = sign_in(&maid, "company", "ada");
        assert_eq!(status, 302);
        let (_, who) = me(&maid, &mut ada);
        assert_eq!(
            (&who["name"], &who["role"], &who["tenant_id"]),
            (&json!("AdaLovelace"), &json!("admin"), &json!("default"))
        );
        assert!(who["provider"].as_str().is_some_and(|issuer| issuer.starts_with("http")), "{who}");
        let (mut again, _) = sign_in(&maid, "company", "ada");
        assert_eq!(me(&maid, &mut again).1["id"], who["id"], "one person, one user");

        let (_, status) = sign_in(&maid, "company", "noone");
        assert_eq!(status, 403, "no role, no entrance");
        let admin = admin(&maid);
        let failed = until_audited(&maid, &admin, "login.failed", 1);
        assert_eq!(
            (&failed[0]["actor"], &failed[0]["detail"]["provider"]),
            (&json!("noone"), &json!("company"))
        );
        assert_eq!(audited(&maid, &admin, "login.ok").len(), 3);

        let place = format!("/users/{}", who["id"].as_str().expect("an id"));
        assert_eq!(answer(patch(&maid, &place, &json!({"status": "disabled"})).bearer_auth(&admin)).0, 200);
        assert_eq!(me(&maid, &mut ada).0, 401);
        assert_eq!(sign_in(&maid, "company", "ada").1, 401, "the provider does not overrule the admin");
        until_audited(&maid, &admin, "login.failed", 2);
    });
}

/// Two entries with one issuer may stand for two tenants: whoever is in one of them is not let into the other.
#[test]
fn one_identity_belongs_to_one_tenant() {
    on_each_database(|home| {
        let (_provider, maid) = two_ways(home);
        assert_eq!(sign_in(&maid, "acme", "vera").1, 302);
        assert_eq!(sign_in(&maid, "company", "vera").1, 401);
        let (mut vera, status) = sign_in(&maid, "acme", "vera");
        assert_eq!((status, &me(&maid, &mut vera).1["tenant_id"]), (302, &json!("acme")));
    });
}
