use super::*;

fn csv(mode: FeedMode, text: &str) -> Result<Feeder, FeederError> {
    Feeder::read("people", mode, text.as_bytes(), false)
}

fn json(text: &str) -> Result<Feeder, FeederError> {
    Feeder::read("people", FeedMode::Sequential, text.as_bytes(), true)
}

#[test]
fn reads_csv() {
    let feeder =
        csv(FeedMode::Sequential, "\u{FEFF}id, name\n1,\"a, \"\"b\"\"\"\n2,\"x\ny\"\n").expect("rows");
    assert_eq!(feeder.columns(), ["id", "name"]);
    assert_eq!(
        (feeder.cell(0, 1).text, feeder.cell(1, 0).text, feeder.cell(1, 1).text),
        ("a, \"b\"", "2", "x\ny")
    );
}

#[test]
fn reads_json_rows_with_differing_keys() {
    let feeder = json(r#"[{"id": 1, "name": "Ada"}, {"id": 2, "tags": ["x", null]}]"#).expect("rows");
    assert_eq!(feeder.columns(), ["id", "name", "tags"]);
    let cells: Vec<(&str, bool)> =
        (0..6).map(|cell| feeder.cell(cell / 3, cell % 3)).map(|item| (item.text, item.bare_json)).collect();
    let expected =
        [("1", true), ("Ada", false), ("null", true), ("2", true), ("null", true), (r#"["x",null]"#, true)];
    assert_eq!(cells, expected);
}

#[test]
fn hands_out_rows_by_mode() {
    let taken = |mode| {
        let feeder = csv(mode, "id\n1\n2\n3\n").expect("rows");
        (0..5).map(|n: u64| feeder.take(n << 62)).collect::<Vec<_>>()
    };
    assert_eq!(taken(FeedMode::Sequential), [Some(0), Some(1), Some(2), Some(0), Some(1)]);
    assert_eq!(taken(FeedMode::Unique), [Some(0), Some(1), Some(2), None, None]);
    assert_eq!(taken(FeedMode::Random), [Some(0), Some(0), Some(1), Some(2), Some(0)]);
}

#[test]
fn unique_rows_are_unique_over_threads() {
    let rows: String = (0..1000).map(|n| format!("{n}\n")).collect();
    let feeder = csv(FeedMode::Unique, &format!("id\n{rows}")).expect("rows");
    let mut taken: Vec<usize> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| std::iter::from_fn(|| feeder.take(0)).collect::<Vec<_>>()))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    taken.sort_unstable();
    assert_eq!(taken, (0..1000).collect::<Vec<_>>());
}

#[test]
fn says_what_is_wrong_with_a_file() {
    let mut wide = (0..=MAX_COLUMNS).map(|n| format!("c{n}")).collect::<Vec<_>>().join(",");
    wide.push('\n');
    let errors = [
        csv(FeedMode::Unique, ""),
        csv(FeedMode::Unique, "id,name\n"),
        csv(FeedMode::Unique, "id,\n1,2\n"),
        csv(FeedMode::Unique, "id,id\n1,2\n"),
        csv(FeedMode::Unique, "id,name\n1,2\n3\n"),
        csv(FeedMode::Unique, &wide),
        Feeder::read("x", FeedMode::Unique, b"id\n1\n\xFF\n", false),
        Feeder::read("x", FeedMode::Unique, b"[\n\xFF]", true),
        json("[]"),
        json("{}"),
        json("[1]"),
        json("[{}]"),
        json("[{\"a\": 1}] x"),
    ];
    let said: Vec<String> = errors.into_iter().map(|read| read.expect_err("refused").to_string()).collect();
    insta::assert_snapshot!(said.join("\n"));
}
