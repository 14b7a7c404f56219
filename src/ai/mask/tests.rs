use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::ai::chat::{Choosing, Message, Role};

fn request(text: &str) -> Request {
    Request {
        prompt: Prompt::Chat(vec![Message::new(Role::User, text)]),
        max_tokens: 10,
        choosing: Choosing::default(),
        stop: Vec::new(),
        shape: Shape::Free,
    }
}

fn masked(text: &str) -> (String, Masked) {
    let masked = Masker::new(&["Project Falcon".to_owned()]).mask(&request(text));
    let Prompt::Chat(turns) = &masked.request.prompt else { panic!("a conversation") };
    (turns[0].text.clone(), masked)
}

#[test]
fn secrets_and_personal_data_are_hidden() {
    let cases = [
        ("mail ada.lovelace@example.co.uk about it", "mail [email-1] about it"),
        ("ada@example.com, bob@example.com, ada@example.com", "[email-1], [email-2], [email-1]"),
        ("call +49 170 1234567 or 030/1234567", "call [phone-1] or [phone-2]"),
        ("pay from DE89 3704 0044 0532 0130 00 today", "pay from [iban-1] today"),
        ("card 4111 1111 1111 1111", "card [card-1]"),
        ("SSN 078-05-1120", "SSN [id-1]"),
        ("GET http://10.1.2.3:8080/a from 2001:db8::17", "GET http://[address-1]:8080/a from [address-2]"),
        ("the password is hunter2!", "the password is [secret-1]!"),
        ("Passwort: hunter22.", "Passwort: ***"),
        ("mit dem Passwort: hunter22.", "mit dem Passwort: [secret-1]."),
        ("use sk-proj-abcdefghijklmnop1234", "use [secret-1]"),
        ("AKIAIOSFODNN7EXAMPLE", "[secret-1]"),
        ("Authorization: Bearer abcdefgh1234", "Authorization: ***"),
        ("GET /x?token=abc&n=1", "GET /x?token=***&n=1"),
        ("http://ada:pw@shop.test/", "http://***@shop.test/"),
        ("sha 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "sha [secret-1]"),
        ("ask Frau Müller and Dr. Grace Hopper", "ask Frau [name-1] and Dr. [name-2]"),
        ("for project falcon and PROJECT FALCON", "for [word-1] and [word-2]"),
        ("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY----- end", "[secret-1] end"),
    ];
    for (text, hidden) in cases {
        let (shown, masked) = masked(text);
        assert_eq!(shown, hidden);
        assert!(masked.any, "{text}");
    }
}

#[test]
fn what_a_load_test_says_is_left_alone() {
    for text in [
        "GET /products on http://127.0.0.1:8080 and http://[::1]:80/ with 20 users for 1m30s, p95 < 300 ms",
        "ramp from 0 to 5000 users in 10 minutes, 1000-2000 requests/s, 00:30:00 long, on 2026-11-22",
        "POST /login at https://auth.example.com/v2/token with basic authentication",
        "run 0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a failed: p99 1234.5678 ms of 12345678 requests",
        "teste den Token-Endpunkt mit 0,5 Sekunden Denkzeit, Version 1.2.3.4567",
    ] {
        let (shown, masked) = masked(text);
        assert_eq!(shown, text);
        assert!(!masked.any, "{text}");
    }
}

#[test]
fn digits_of_other_scripts_break_nothing() {
    for text in ["DE१२ 3704 0044 0532 0130 00", "४111 1111 1111 1111", "+४९ १७० १२३४५६७", "१२.१३.१४.१५"]
    {
        let (shown, masked) = masked(text);
        assert_eq!(masked.restorer.text(&shown), text);
    }
}

#[test]
fn what_was_hidden_is_put_back_in_texts_and_documents() {
    let (_, masked) = masked("write to ada@example.com, \"the\" password is a\"b\\c7");
    let restorer = &masked.restorer;
    assert_eq!(restorer.text("Dear [email-1], [email-2] [x"), "Dear ada@example.com, [email-2] [x");
    let document = restorer.document(r#"{"to": "[email-1]", "n": [1, "[email-1]!"]}"#);
    assert_eq!(document, r#"{"to":"ada@example.com","n":[1,"ada@example.com!"]}"#);
}

#[test]
fn stand_ins_of_whoever_asks_mean_what_they_meant() {
    let (shown, masked) = masked("what does [email-1] mean? ask ada@example.com");
    assert_eq!(shown, "what does [email-1] mean? ask [email-2]");
    assert_eq!(masked.restorer.text("[email-1] is [email-2]"), "[email-1] is ada@example.com");
}

#[test]
fn forms_of_answers_hold_nothing_either() {
    let schema = json!({"properties": {"host": {"enum": ["https://10.1.2.3", "none"], "description": "of ada@example.com"}}});
    let tool = Tool { name: "mail".into(), description: "to ada@example.com".into(), parameters: json!({}) };
    let masker = Masker::default();
    let of = |shape| format!("{:?}", masker.mask(&Request { shape, ..request("hi") }).request.shape);
    for shown in
        [of(Shape::Json(schema)), of(Shape::TextOrCall(vec![tool.clone()])), of(Shape::Call(vec![tool]))]
    {
        assert!(!shown.contains("ada@") && !shown.contains("10.1.2.3"), "{shown}");
    }
}

proptest! {
    #[test]
    fn parts_are_restored_as_the_whole_is(
        text in "[a-z\\[\\] 1-]{0,10}(\\[email-[12]\\][\\[e ]{0,3}){0,4}",
        cuts in proptest::collection::vec(1..7_usize, 1..20),
    ) {
        let (_, masked) = masked("ada@example.com and [odd]@example.com and bob@example.com");
        let mut restorer = masked.restorer;
        let whole = restorer.text(&text);
        let mut parts = String::new();
        let mut rest = text.as_str();
        for cut in cuts.iter().cycle() {
            if rest.is_empty() { break }
            let (part, after) = rest.split_at(rest.floor_char_boundary((*cut).min(rest.len())).max(1));
            parts.push_str(&restorer.push(part));
            rest = after;
        }
        parts.push_str(&restorer.rest());
        prop_assert_eq!(parts, whole);
    }

    #[test]
    fn any_text_can_be_hidden_and_is_whole_again(text in "(\\PC{0,20}|ada@example\\.com |\\+49 170 1234567 |[^=:\"]{0,9}){0,6}") {
        let (shown, masked) = masked(&text);
        prop_assume!(!shown.contains("***"));
        prop_assert_eq!(masked.restorer.text(&shown), text);
    }
}
