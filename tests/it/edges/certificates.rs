//! Certificates that are replaced while the server runs, and those that cannot be used.

use std::{fs, os::unix::fs::PermissionsExt};

use rcgen::date_time_ymd;

use super::secure::{NAMES, Place, ask, der, leaf};
use crate::support::server::wait_for;

#[test]
fn new_connections_get_the_new_certificate_and_old_ones_live_on() {
    let (place, first) = Place::with_certificate();
    let maid = place.start().start();
    let mut before = place.connect(&maid).expect("it shakes hands");
    assert_eq!(leaf(&before), der(&first));
    ask(&mut before).expect("an answer");
    let second = place.authority.issue(&NAMES);
    place.put(&second);
    wait_for("the new certificate is shown", || (place.shown(&maid) == der(&second)).then_some(()));
    assert!(ask(&mut before).expect("it lives on").starts_with("HTTP/1.1 200"));
    assert_eq!(maid.said().matches("stays the one").count(), 0, "{}", maid.said());
}

#[test]
fn what_cannot_be_used_does_not_take_the_place_of_what_can() {
    let (place, first) = Place::with_certificate();
    let maid = place.start().start();
    fs::write(place.cert(), "-----BEGIN CERTIFICATE-----\n???\n").expect("a file");
    let told = format!("server.tls.cert_file: {} holds no PEM certificate", place.cert().display());
    wait_for("it warns with the place", || maid.said().contains(&told).then_some(()));
    assert_eq!(place.shown(&maid), der(&first));
    let second = place.authority.issue(&NAMES);
    // Half of a pair, for as long as somebody may take to copy the other.
    fs::write(place.cert(), &second.cert_pem).expect("a file");
    wait_for("it warns", || maid.said().contains("does not belong to the first certificate").then_some(()));
    assert_eq!(place.shown(&maid), der(&first));
    place.put_key(&second.key_pem);
    wait_for("the whole pair is shown", || (place.shown(&maid) == der(&second)).then_some(()));
}

#[test]
fn a_certificate_that_has_expired_is_warned_of() {
    let place = Place::new();
    let old = place.authority.issue_with(&NAMES, |params| params.not_after = date_time_ymd(2020, 2, 29));
    place.put(&old);
    let maid = place.start().start();
    wait_for("it warns", || maid.said().contains("has expired on 2020-02-29T00:00:00Z").then_some(()));
}

#[test]
fn a_pair_that_cannot_be_used_is_refused_at_the_start() {
    let (place, _) = Place::with_certificate();
    let refused = |what: &str| {
        let said = place.start().attempt().map(drop).expect_err(what);
        let code = assert_cmd::Command::cargo_bin("maid")
            .expect("it is built")
            .current_dir(place.folder.path())
            .args(["serve", "--port", "0"])
            .env("MAID__SERVER__TLS__CERT_FILE", place.cert())
            .env("MAID__SERVER__TLS__KEY_FILE", place.key())
            .assert()
            .get_output()
            .status
            .code();
        assert_eq!(code, Some(104), "{what}: {said}");
        let key = fs::read_to_string(place.key()).unwrap_or_default();
        let leaked = key.lines().find(|line| line.len() > 20 && said.contains(line));
        assert_eq!(leaked, None, "{what}: nothing of the key is told");
        said
    };
    let key = place.key().display().to_string();
    fs::set_permissions(place.key(), fs::Permissions::from_mode(0o644)).expect("it is ours");
    let said = refused("everybody may read the key");
    assert!(said.contains(&format!("everybody on this machine may read {key}")), "{said}");
    place.put_key(&place.authority.issue(&NAMES).key_pem);
    assert!(refused("the key is another's").contains("does not belong to the first certificate"));
    place.put_key("no key");
    assert!(refused("no key").contains(&format!("server.tls.key_file: {key} holds no PEM private key")));
    fs::remove_file(place.key()).expect("it is there");
    assert!(refused("there is none").contains(&format!("server.tls.key_file: {key} cannot be read")));
    fs::create_dir(place.key()).expect("its place is free");
    assert!(refused("a folder").contains("it is not a file"));
}
