//! The configuration changed while the disk, the folder or the database fails.

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt},
        process::CommandExt,
    },
    path::Path,
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use nix::sys::resource::{Resource, setrlimit};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::bench::Bench;

/// What tells this test, started again, that it is the process whose disk is full.
const CHILD: &str = "MAID_TEST_FULL_DISK";
/// A user who may do nothing.
const NOBODY: u32 = 65_534;

/// Nothing was changed: not the file, not the process, not the records.
fn untouched(bench: &Bench) {
    assert_eq!(bench.in_file(), json!({"load": {"max_users": 3}}));
    let entries =
        fs::read_dir(bench.folder()).expect("it is there").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.retain(|name| name.starts_with("config.runtime"));
    assert_eq!(names, ["config.runtime.json"], "nothing is left beside it");
    assert_eq!(bench.settings.current().load.max_users, 3);
}

fn recorded(bench: &Bench) -> usize {
    bench.get("/api/maid/config/changes").json()["items"].as_array().expect("a list").len()
}

fn begun() -> Bench {
    Bench::start("{}", Some(r#"{"load": {"max_users": 3}}"#), &[])
}

/// The limit on the size of files stands for a full disk: writing fails in the middle. It holds for
/// a whole process, so this test starts itself again.
#[test]
fn on_a_full_disk_nothing_is_lost() {
    if std::env::var_os(CHILD).is_some() {
        return change_on_a_full_disk();
    }
    // A signal that is ignored stays ignored in what is started.
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; exec \"$0\" --exact settings::faults::on_a_full_disk_nothing_is_lost"])
        .arg(std::env::current_exe().expect("this test"))
        .env(CHILD, "1")
        .output()
        .expect("it starts");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
}

fn change_on_a_full_disk() {
    let bench = begun();
    // What the database has in its log is as large as all steps that made its tables.
    let merge = bench.db.connection().execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)");
    bench.runtime.block_on(merge).expect("it is merged");
    let sizes = fs::read_dir(bench.folder())
        .expect("it is there")
        .map(|entry| entry.and_then(|entry| entry.metadata()).map_or(0, |found| found.len()));
    let room = sizes.max().unwrap_or(0) + (32 << 10);
    let large = json!({"$schema": "x".repeat(usize::try_from(room).expect("a size") + 4096)});
    assert!(large.to_string().len() < 1 << 20, "it is not refused for its size");
    setrlimit(Resource::RLIMIT_FSIZE, room, room).expect("a limit can be lowered");
    let answer = bench.put(&large, "");
    assert_eq!((answer.status, answer.problem().as_str()), (503, "config_unwritable"));
    let detail = answer.json()["detail"].as_str().expect("a text").to_owned();
    assert!(
        detail.contains("config.runtime.json cannot be written") && detail.contains("make room"),
        "{detail}"
    );
    untouched(&bench);
    assert_eq!(recorded(&bench), 0, "what was not done is not recorded");
    assert_eq!(bench.put(&json!({"load": {"max_users": 4}}), "").status, 200, "a small one still fits");
}

/// Root may write everywhere, so root starts this test again as nobody.
#[test]
fn in_a_folder_that_takes_no_files_nothing_is_lost() {
    if fs::metadata("/proc/self").expect("Linux").uid() != 0 {
        return change_in_a_folder_that_takes_no_files();
    }
    let output = Command::new("/proc/self/exe")
        .args(["--exact", "settings::faults::in_a_folder_that_takes_no_files_nothing_is_lost"])
        .uid(NOBODY)
        .gid(NOBODY)
        .output()
        .expect("it starts");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
}

fn change_in_a_folder_that_takes_no_files() {
    let bench = begun();
    let may = |mode: u32| {
        fs::set_permissions(bench.folder(), fs::Permissions::from_mode(mode)).expect("they are set");
    };
    may(0o555);
    let answer = bench.put(&json!({"load": {"max_users": 4}}), "");
    let ready = bench.get("/readyz").json();
    may(0o755);
    assert_eq!((answer.status, answer.problem().as_str()), (503, "config_unwritable"));
    let wrong: Vec<&Value> =
        ready["checks"].as_array().into_iter().flatten().filter(|check| check["ok"] == false).collect();
    assert_eq!(wrong.len(), 1, "{ready}");
    assert_eq!(wrong[0]["name"], "data_dir");
    untouched(&bench);
    assert_eq!(recorded(&bench), 0);
    assert_eq!(bench.put(&json!({"load": {"max_users": 4}}), "").status, 200, "once it is mended, it works");
}

#[test]
fn without_its_record_a_change_is_not_made() {
    let bench = begun();
    bench.runtime.block_on(bench.db.close()).expect("it closes");
    let answer = bench.put(&json!({"load": {"max_users": 4}}), "");
    assert_eq!((answer.status, answer.problem().as_str()), (503, "storage_unavailable"));
    untouched(&bench);
    let ready = bench.get("/readyz");
    assert_eq!((ready.status, &ready.json()["status"]), (503, &json!("not_ready")));
}

#[test]
fn whoever_reads_the_file_finds_it_whole() {
    let bench = begun();
    let (path, over) = (bench.runtime_file(), AtomicBool::new(false));
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut read = 0;
            while !over.load(Ordering::Relaxed) {
                let text = fs::read_to_string(Path::new(&path)).expect("it is always there");
                serde_json::from_str::<Value>(&text).expect("it is always whole");
                read += 1;
            }
            read
        });
        for users in 0..20 {
            let allow: Vec<String> = (0..users * 20).map(|at| format!("host-{at}.test")).collect();
            let body = json!({"load": {"max_users": users + 1, "targets": {"allow": allow}}});
            assert_eq!(bench.put(&body, "").status, 200);
        }
        over.store(true, Ordering::Relaxed);
        assert!(reader.join().expect("it never found a half") > 0);
    });
}
