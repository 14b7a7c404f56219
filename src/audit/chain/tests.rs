use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::http::digest::hex;

fn key() -> Key {
    Key::new(&[7; SEAL])
}

fn entry(seq: u64) -> Entry {
    Entry {
        seq,
        at: Timestamp::from_millisecond(1_767_225_600_000 + seq.cast_signed()).expect("a time"),
        tenant_id: "default".into(),
        actor: format!("user-{}", seq % 3),
        actor_kind: "user".into(),
        action: "test.start".into(),
        outcome: "done".into(),
        target: seq.is_multiple_of(2).then(|| format!("run-{seq}")),
        address: Some("192.0.2.7".into()),
        detail: Some(format!("{{\"users\":{seq}}}")),
    }
}

/// A sound chain of `length` entries.
fn chain(length: u64) -> Vec<Stored> {
    let (key, mut before) = (key(), START);
    (1..=length)
        .map(|seq| {
            let stored = Stored::sealed(&key, &before, entry(seq));
            before = key.seal(&before, &stored.entry);
            stored
        })
        .collect()
}

/// Where the chain is broken, when it is followed in pages of `page`.
fn broken(rows: Vec<Stored>, page: usize) -> (u64, Option<Fault>) {
    let key = key();
    let mut checker = Checker::new(&key, Head::BEGIN);
    let rows: Vec<Row> = rows.into_iter().map(Row::Whole).collect();
    let fault = rows.chunks(page).find_map(|rows| checker.follow(rows).err());
    (checker.at().seq, fault)
}

fn fault(kind: Break, seq: u64) -> Option<Fault> {
    Some(Fault { kind, seq })
}

/// Changes the field `field` of an entry, each of them in turn.
fn change(stored: &mut Stored, field: usize) {
    let entry = &mut stored.entry;
    match field {
        0 => entry.at = Timestamp::from_microsecond(entry.at.as_microsecond() + 1).expect("a time"),
        1 => entry.tenant_id.push('x'),
        2 => entry.actor.push('x'),
        3 => entry.actor_kind.push('x'),
        4 => entry.action = "test.stop".into(),
        5 => entry.outcome = "denied".into(),
        6 => entry.target = entry.target.take().map_or_else(|| Some(String::new()), |_| None),
        7 => entry.address = Some(String::new()),
        8 => entry.detail = None,
        _ => stored.seal[field % SEAL] ^= 1,
    }
}

#[test]
fn a_sound_chain_is_followed_to_its_end() {
    assert_eq!(broken(chain(100), 7), (100, None));
    assert_eq!(broken(Vec::new(), 7), (0, None));
}

#[test]
fn what_runs_together_is_told_apart() {
    let (one, mut other) = (entry(1), entry(1));
    (other.actor, other.actor_kind) = (format!("{}{}", one.actor, one.actor_kind), String::new());
    assert_ne!(key().seal(&START, &one), key().seal(&START, &other));
}

#[test]
fn a_head_passes_for_its_own_meaning_alone() {
    let head = Head { seq: 9, seal: [3; SEAL] };
    let sealed = key().seal_head(Mark::Last, head);
    assert!(key().fits(Mark::Last, &sealed));
    assert!(!key().fits(Mark::Base, &sealed) && !key().fits(Mark::Seen, &sealed));
    assert!(!Key::new(&[8; SEAL]).fits(Mark::Last, &sealed));
    for changed in [Head { seq: 8, ..head }, Head { seal: [4; SEAL], ..head }] {
        assert!(!key().fits(Mark::Last, &SealedHead { head: changed, mac: sealed.mac.clone() }));
    }
}

#[test]
fn a_server_that_went_on_behind_a_broken_end_says_so() {
    let mut rows = chain(4);
    rows.push(Stored::sealed(&key(), &BROKEN, entry(5)));
    assert_eq!(broken(rows, 9), (4, fault(Break::Restarted, 5)));
}

#[test]
fn what_cannot_be_read_was_changed() {
    let rows: Vec<Row> = chain(1).into_iter().map(Row::Whole).chain([Row::Unreadable(2)]).collect();
    let key = key();
    let mut checker = Checker::new(&key, Head::BEGIN);
    assert_eq!(checker.follow(&rows).err(), fault(Break::Changed, 2));
}

#[test]
fn seals_are_read_as_they_are_written() {
    let seal = key().seal(&START, &entry(1));
    assert_eq!(from_hex(&hex(&seal)), Some(seal));
    for wrong in ["", "00", &"g".repeat(64), &"ü".repeat(32), &"0".repeat(65)] {
        assert_eq!(from_hex(wrong), None, "{wrong}");
    }
}

proptest! {
    #[test]
    fn a_change_is_found_and_named(length in 1_u64..60, at in any::<prop::sample::Index>(), field in 0_usize..41, page in 1_usize..20) {
        let mut rows = chain(length);
        let at = at.index(rows.len());
        change(&mut rows[at], field);
        prop_assert_eq!(broken(rows, page), (at as u64, fault(Break::Changed, at as u64 + 1)));
    }

    #[test]
    fn a_removal_is_found_and_named(length in 2_u64..60, at in any::<prop::sample::Index>(), page in 1_usize..20) {
        let mut rows = chain(length);
        let at = at.index(rows.len() - 1);
        rows.remove(at);
        prop_assert_eq!(broken(rows, page), (at as u64, fault(Break::Missing, at as u64 + 1)));
    }

    /// A removal that is covered up by new numbers is one that others have moved for.
    #[test]
    fn a_removal_with_new_numbers_is_found(length in 2_u64..60, at in any::<prop::sample::Index>(), page in 1_usize..20) {
        let mut rows = chain(length);
        let at = at.index(rows.len() - 1);
        rows.remove(at);
        rows[at..].iter_mut().for_each(|stored| stored.entry.seq -= 1);
        let (seen, found) = broken(rows, page);
        prop_assert_eq!((seen, found.map(|fault| fault.seq)), (at as u64, Some(at as u64 + 1)));
    }

    #[test]
    fn two_that_changed_places_are_found(length in 2_u64..60, a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()) {
        let mut rows = chain(length);
        let (a, b) = (a.index(rows.len()), b.index(rows.len()));
        prop_assume!(a != b);
        let (a, b) = (a.min(b), a.max(b));
        rows.swap(a, b);
        for at in [a, b] {
            rows[at].entry.seq = at as u64 + 1;
        }
        prop_assert_eq!(broken(rows, 100), (a as u64, fault(Break::OutOfOrder, a as u64 + 1)));
    }

    #[test]
    fn an_insertion_is_found_and_named(length in 1_u64..60, at in any::<prop::sample::Index>(), seal in any::<Seal>()) {
        let mut rows = chain(length);
        let at = at.index(rows.len());
        rows[at..].iter_mut().for_each(|stored| stored.entry.seq += 1);
        let entry = Entry { seq: at as u64 + 1, actor: "nobody".into(), ..entry(1) };
        rows.insert(at, Stored { entry, seal: seal.to_vec() });
        prop_assert_eq!(broken(rows, 100), (at as u64, fault(Break::Inserted, at as u64 + 1)));
    }

    /// That the end is gone shows by the head alone, which says how far the chain went.
    #[test]
    fn a_truncation_ends_the_chain_early(length in 1_u64..60, cut in 1_u64..60) {
        prop_assume!(cut <= length);
        let mut rows = chain(length);
        rows.truncate(usize::try_from(length - cut).expect("few"));
        prop_assert_eq!(broken(rows, 7), (length - cut, None));
    }

    #[test]
    fn another_key_fits_nothing(length in 1_u64..20, bytes in any::<Seal>()) {
        prop_assume!(bytes != [7; SEAL]);
        let rows: Vec<Row> = chain(length).into_iter().map(Row::Whole).collect();
        let other = Key::new(&bytes);
        let mut checker = Checker::new(&other, Head::BEGIN);
        prop_assert_eq!(checker.follow(&rows).err(), fault(Break::Changed, 1));
    }
}
