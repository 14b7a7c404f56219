use std::io::Write;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use flate2::{Compression, write::ZlibEncoder};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::auth::secret::KEY;

fn signer() -> Signer {
    Signer::new(&[7; KEY])
}

fn base() -> Url {
    "https://maid.example.com/".parse().expect("a URL")
}

fn contents() -> [Content; 3] {
    let parameters = json!({"users": 50, "path": "/a?b=c&d#e"});
    let Value::Object(parameters) = parameters else { unreachable!("an object") };
    [
        Content::Loadtest(json!({"version": 1, "name": "Größe & <b>", "load": {"users": 3}})),
        Content::Recipe { id: "checkout".to_owned(), parameters },
        Content::Preset("nightly".to_owned()),
    ]
}

#[test]
fn what_a_link_carries_comes_back_from_all_its_forms() {
    for content in contents() {
        let link = Link::carrying("k3Jd92LmQx0a", &content, 1_800_000_000, &signer()).expect("it is short");
        let url = link.at(&base());
        assert_eq!(url.path(), PAGE);
        let maid = as_maid(&url).expect("it is https");
        let tracked = format!("{url}&utm_source=chat");
        for text in [url.as_str(), &maid, &tracked] {
            let read = Link::parse(text).expect("it is a link");
            assert_eq!(read, link, "{text}");
            assert_eq!(read.checked(&signer()), Ok("k3Jd92LmQx0a"));
            assert_eq!(read.content(), Ok(Some(content.clone())));
        }
    }
    let short = Link::short("k3Jd92LmQx0a");
    for text in [
        "k3Jd92LmQx0a",
        " https://h/maid/run?link=k3Jd92LmQx0a\n",
        "maid://[::1]:1/maid/run?link=k3Jd92LmQx0a",
    ] {
        assert_eq!(Link::parse(text).as_ref(), Ok(&short), "{text}");
    }
    assert_eq!(short.checked(&signer()), Ok("k3Jd92LmQx0a"));
    assert_eq!(short.content(), Ok(None));
}

#[test]
fn nothing_of_a_signed_link_can_be_changed() {
    for content in contents() {
        let link = Link::carrying("k3Jd92LmQx0a", &content, 1_800_000_000, &signer()).expect("it is short");
        let changes: [fn(&mut Link); 9] = [
            |link| link.expires = Some(1_900_000_000),
            |link| link.expires = None,
            |link| link.id = Some("k3Jd92LmQx0b".to_owned()),
            |link| link.config = Some("eJyrVgIAAXUA".to_owned()),
            |link| link.recipe = Some("spike".to_owned()),
            |link| link.parameters = Some("eJyrrgUAAXUA+Q".to_owned()),
            |link| link.preset = Some("weekly".to_owned()),
            |link| link.sig = None,
            |link| link.sig = Some("AAAA".to_owned()),
        ];
        for (at, change) in changes.into_iter().enumerate() {
            let mut changed = link.clone();
            change(&mut changed);
            assert_eq!(changed.checked(&signer()), Err(LinkError::Changed), "change {at} of {content:?}");
        }
        let other = Signer::new(&[8; KEY]);
        assert_eq!(link.checked(&other), Err(LinkError::Changed), "another server's key");
    }
    let written_by_hand = Link::parse("https://h/maid/run?recipe=spike").expect("it looks like one");
    assert_eq!(written_by_hand.checked(&signer()), Err(LinkError::NoId));
    let with_end = Link::parse("https://h/maid/run?link=k3Jd92LmQx0a&expires=1").expect("it looks like one");
    assert_eq!(with_end.checked(&signer()), Err(LinkError::Changed), "an end that nobody has signed");
}

#[test]
fn what_is_no_link_is_refused() {
    for text in [
        "",
        "nothing",
        "ftp://h/maid/run?link=k3Jd92LmQx0a",
        "https://h/other?link=k3Jd92LmQx0a",
        "javascript:alert(1)",
        "maid://",
    ] {
        assert_eq!(Link::parse(text), Err(LinkError::Foreign), "{text}");
    }
    assert_eq!(Link::parse(&"a".repeat(9000)), Err(LinkError::TooLong));
    let twice = Link::parse("https://h/maid/run?link=k3Jd92LmQx0a&link=k3Jd92LmQx0b");
    assert_eq!(twice, Err(LinkError::Changed));
    let two = Link::parse("https://h/maid/run?recipe=a&preset=b").expect("its parts are read");
    assert_eq!(two.content(), Err(LinkError::Changed));
}

#[test]
fn what_decompresses_to_something_enormous_is_not_unpacked() {
    let bomb = || {
        let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
        for _ in 0..64 {
            packer.write_all(&[b' '; 1 << 20]).expect("memory");
        }
        URL_SAFE_NO_PAD.encode(packer.finish().expect("memory"))
    };
    let link = Link { config: Some(bomb()), ..Link::default() };
    assert_eq!(
        link.content(),
        Err(LinkError::Unreadable("it holds more than the 256 KB that a link may hold"))
    );
    for (config, why) in [
        ("%", "it is no base64url"),
        ("AAAA", "it is not compressed by zlib, or was cut off"),
        ("eJwDAAAAAAE", "it is not the JSON that belongs there"),
    ] {
        let link = Link { config: Some(config.to_owned()), ..Link::default() };
        assert_eq!(link.content(), Err(LinkError::Unreadable(why)), "{config}");
    }
    let large = Content::Loadtest(json!({ "description": "x".repeat(300_000) }));
    assert_eq!(Link::carrying("k3Jd92LmQx0a", &large, 0, &signer()), None, "not carried");
}

#[test]
fn maid_stands_for_https_but_on_this_machine() {
    for (web, maid) in [
        ("https://h.example/maid/run?link=a", Some("maid://h.example/maid/run?link=a")),
        ("http://127.0.0.1:43121/maid/run?link=a", Some("maid://127.0.0.1:43121/maid/run?link=a")),
        ("http://[::1]:9/maid/run", Some("maid://[::1]:9/maid/run")),
        ("http://h.example/maid/run", None),
        ("https://localhost/maid/run", None),
    ] {
        let url: Url = web.parse().expect("a URL");
        assert_eq!(as_maid(&url).as_deref(), maid);
        if let Some(maid) = maid {
            assert_eq!(address(maid), Some(url));
        }
    }
}

#[test]
fn ids_are_all_different_and_look_like_ids() {
    let ids: std::collections::HashSet<String> = (0..1000).map(|_| new_id()).collect();
    assert_eq!(ids.len(), 1000);
    assert!(ids.iter().all(|id| is_id(id)));
}

proptest! {
    #[test]
    fn no_text_is_too_strange(text in ".{0,200}", query in "[a-z]{2,10}=[ -~]{0,60}(&[a-z]{2,10}=[ -~]{0,60}){0,6}") {
        for text in [text, format!("https://h/maid/run?{query}")] {
            if let Ok(link) = Link::parse(&text) {
                let short = link.id.as_deref().is_some_and(|id| link == Link::short(id));
                prop_assert!(short || link.checked(&signer()).is_err());
                let _ = link.content();
            }
        }
    }
}
