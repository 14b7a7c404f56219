use std::{
    net::Ipv6Addr,
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use super::*;

const SECOND: Duration = Duration::from_secs(1);

/// A throttle whose time goes on when the test says so.
struct Bench {
    throttle: Throttle,
    passed: Arc<AtomicU64>,
}

impl Bench {
    fn new() -> Self {
        let passed = Arc::new(AtomicU64::new(0));
        let (shown, start) = (Arc::clone(&passed), Instant::now());
        let throttle =
            Throttle::with_clock(move || start + Duration::from_millis(shown.load(Ordering::SeqCst)));
        Self { throttle, passed }
    }

    fn pass(&self, time: Duration) {
        self.passed.fetch_add(u64::try_from(time.as_millis()).expect("short"), Ordering::SeqCst);
    }

    fn wait(&self, account: &str, ip: IpAddr) -> Option<Duration> {
        self.throttle.before(account, ip).err().map(|wait| wait.0)
    }

    /// Fails as often as it may, at once; how often that was.
    fn guess(&self, account: &str, ip: IpAddr) -> usize {
        (0..1000).take_while(|_| self.throttle.before(account, ip).map(Ticket::failed).is_ok()).count()
    }

    /// Waits as long as it is told to, and may then try; how long that was.
    fn patiently(&self, account: &str, ip: IpAddr) -> (Duration, Ticket) {
        let mut waited = Duration::ZERO;
        loop {
            match self.throttle.before(account, ip) {
                Ok(ticket) => return (waited, ticket),
                Err(wait) => {
                    waited += wait.0;
                    self.pass(wait.0);
                }
            }
        }
    }
}

fn ip(last: u32) -> IpAddr {
    IpAddr::from((0xC633_6400 + last).to_be_bytes())
}

#[test]
fn after_five_failures_an_account_costs_a_wait_that_doubles() {
    let bench = Bench::new();
    assert_eq!(bench.guess("ann", ip(1)), 5);
    let mut told = Vec::new();
    for _ in 0..9 {
        let wait = bench.wait("ann", ip(1)).expect("a wait");
        told.push(wait.as_secs());
        bench.pass(wait);
        bench.throttle.before("ann", ip(1)).expect("it waited").failed();
    }
    assert_eq!(told[..6], [1, 2, 4, 8, 16, 32]);
    assert!(told.iter().all(|wait| *wait <= 60) && told.contains(&60), "{told:?}");
}

#[test]
fn a_wait_that_was_told_is_neither_shortened_nor_lengthened_by_asking() {
    let bench = Bench::new();
    bench.guess("ann", ip(1));
    assert_eq!(bench.wait("ann", ip(1)), Some(SECOND));
    bench.pass(SECOND / 2);
    assert_eq!(bench.wait("ann", ip(1)), Some(SECOND / 2));
    bench.pass(SECOND / 2);
    assert_eq!(bench.wait("ann", ip(1)), None);
}

#[test]
fn names_are_one_account_however_they_are_written() {
    let bench = Bench::new();
    for name in ["ann", "ANN", " Ann ", "aNN"] {
        bench.throttle.before(name, ip(1)).expect("free").failed();
    }
    assert_eq!(bench.guess("Ann", ip(1)), 1);
    assert_eq!(bench.guess("anna", ip(1)), 5, "another account");
    bench.guess(&"x".repeat(1 << 20), ip(2));
    assert_eq!(bench.throttle.0.books().accounts.len(), 3);
}

#[test]
fn many_addresses_cost_a_newcomer_a_minute_at_most_and_no_attack_prolongs_it() {
    let bench = Bench::new();
    for attacker in 0..500 {
        bench.patiently("ann", ip(1000 + attacker)).1.failed();
    }
    let told = bench.wait("ann", ip(1)).expect("a wait");
    assert!(told <= Duration::from_secs(60), "{told:?}");
    // The attack goes on while the owner waits.
    let step = told / 10;
    for round in 0..10 {
        (0..500).for_each(|attacker| _ = bench.guess("ann", ip(1000 + attacker)));
        (0..50).for_each(|fresh| _ = bench.guess("ann", ip(5000 + round * 50 + fresh)));
        bench.pass(step);
    }
    bench.pass(Duration::from_millis(10));
    bench.throttle.before("ann", ip(1)).expect("what was told is kept").succeeded();
}

#[test]
fn an_address_that_signed_in_before_answers_for_itself_alone() {
    let bench = Bench::new();
    bench.throttle.before("ann", ip(1)).expect("free").succeeded();
    (0..50).for_each(|attacker| _ = bench.guess("ann", ip(100 + attacker)));
    assert!(bench.wait("ann", ip(2)).is_some(), "others wait");
    for _ in 0..10 {
        bench.throttle.before("ann", ip(1)).expect("at home").succeeded();
    }
    assert_eq!(bench.guess("ann", ip(1)), 20, "its own record is that of an address");
    assert!(bench.wait("ann", ip(1)).is_some());
    assert_eq!(bench.guess("bob", ip(3)), 5, "being at home with one is not being at home with all");
}

#[test]
fn success_does_not_clear_the_account_for_others() {
    let bench = Bench::new();
    assert_eq!(bench.guess("ann", ip(66)), 5);
    bench.pass(SECOND);
    assert_eq!(bench.wait("ann", ip(1)), Some(SECOND));
    bench.pass(SECOND);
    bench.throttle.before("ann", ip(1)).expect("it waited").succeeded();
    assert_eq!(bench.wait("ann", ip(1)), None);
    assert!(bench.wait("ann", ip(67)).is_some(), "whoever guesses gets no new attempts by it");
}

#[test]
fn an_address_waits_up_to_a_quarter_of_an_hour_whatever_accounts_it_tries() {
    let bench = Bench::new();
    let tried = (0..100).take_while(|at| bench.throttle.before(&format!("a{at}"), ip(1)).is_ok()).count();
    assert_eq!(tried, 20);
    let mut longest = Duration::ZERO;
    for at in 0..20 {
        let (waited, ticket) = bench.patiently(&format!("b{at}"), ip(1));
        ticket.failed();
        longest = longest.max(waited);
    }
    assert_eq!(longest, Duration::from_secs(15 * 60));
    assert_eq!(bench.wait("fresh", ip(2)), None, "its neighbour is not meant");
}

#[test]
fn whoever_knows_one_password_gets_no_more_guesses_at_others() {
    let bench = Bench::new();
    for at in 0..19 {
        bench.throttle.before(&format!("a{at}"), ip(1)).expect("free").failed();
        bench.throttle.before("mine", ip(1)).expect("free").succeeded();
    }
    bench.throttle.before("victim", ip(1)).expect("the last that is free").failed();
    assert!(bench.wait("mine", ip(1)).is_some());
}

#[test]
fn a_network_of_ipv6_is_one_address() {
    let bench = Bench::new();
    let of = |high: u64, low: u64| IpAddr::V6(Ipv6Addr::from((u128::from(high) << 64) | u128::from(low)));
    let tried =
        (0..100).take_while(|at| bench.throttle.before(&format!("a{at}"), of(7, *at)).is_ok()).count();
    assert_eq!(tried, 20);
    assert_eq!(bench.wait("x", of(8, 0)), None);
}

#[test]
fn many_at_once_do_not_pass_where_few_may() {
    let bench = Bench::new();
    let tickets: Vec<_> = thread::scope(|scope| {
        let tries: Vec<_> = (0..64)
            .map(|at| {
                scope.spawn({
                    let throttle = &bench.throttle;
                    move || throttle.before("ann", ip(at))
                })
            })
            .collect();
        tries.into_iter().filter_map(|thread| thread.join().expect("no panic").ok()).collect()
    });
    assert_eq!(tickets.len(), 5, "those under way count as failed");
    let mut tickets = tickets.into_iter();
    tickets.next().expect("one").succeeded();
    drop(tickets);
    assert_eq!(bench.guess("ann", ip(100)), 1, "the one that was none is given back, the dropped are not");
}

#[test]
fn time_heals() {
    let bench = Bench::new();
    bench.guess("ann", ip(1));
    bench.pass(Duration::from_secs(20 * 60));
    assert_eq!(bench.guess("ann", ip(2)), 5, "the account has forgotten");
    let tried = |bench: &Bench| {
        (0..100).take_while(|at| bench.throttle.before(&format!("a{at}"), ip(1)).is_ok()).count()
    };
    assert_eq!(tried(&bench), 16, "the address forgets one in a quarter of an hour");
    bench.pass(Duration::from_secs(24 * 3600));
    assert_eq!(tried(&bench), 20);
}

#[test]
fn what_is_remembered_is_bounded() {
    let bench = Bench::new();
    for at in 0..150_000_u32 {
        let ip = IpAddr::from(at.to_be_bytes());
        if let Ok(ticket) = bench.throttle.before(&at.to_string(), ip) {
            if at % 2 == 0 { ticket.succeeded() } else { ticket.failed() }
        }
        drop(bench.throttle.before("ann", ip));
    }
    let books = bench.throttle.0.books();
    for (name, length, most) in [
        ("accounts", books.accounts.len(), MOST_REMEMBERED),
        ("addresses", books.addresses.len(), MOST_REMEMBERED),
        ("waits", books.due.len(), MOST_REMEMBERED),
        ("homes", books.homes.len(), MOST_FAMILIAR),
    ] {
        assert!(length <= most && length > most / 4, "{name}: {length}");
    }
    drop(books);
    assert!(bench.wait("ann", ip(1)).is_some(), "who is attacked all the time is not forgotten");
    for at in 0..100 {
        let from = IpAddr::from([11, 0, 0, at]);
        if let Ok(ticket) = bench.throttle.before("bob", from) {
            ticket.succeeded();
        }
    }
    let books = bench.throttle.0.books();
    let homes = books.homes.peek(bench.throttle.0.account("bob")).expect("homes");
    assert_eq!(homes.len(), MOST_HOMES);
}
