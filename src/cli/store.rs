//! Keeps each run's outcome in `reports.dir`, and not more of them than `reports.keep`.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use uuid::Uuid;

use crate::{
    config::Reports,
    engine::outcome::Outcome,
    reports::{self, ReportError},
};

/// Writes `outcome` as `RUN_ID.json`, all or nothing, and removes the oldest beyond the bound.
///
/// Answers where it lies, or `None` when the configuration keeps no runs.
pub(super) fn keep(outcome: &Outcome, to: &Reports) -> Result<Option<PathBuf>, ReportError> {
    if to.keep == 0 {
        return Ok(None);
    }
    let failed = |cause| ReportError::Write { path: to.dir.clone(), cause };
    fs::create_dir_all(&to.dir).map_err(failed)?;
    let path = to.dir.join(format!("{}.json", outcome.summary.run_id));
    reports::write(outcome, &path)?;
    trim(&to.dir, to.keep as usize).map_err(failed)?;
    Ok(Some(path))
}

/// Removes the oldest runs beyond `keep`, with the reports beside them. Run ids are UUIDv7, so
/// their names sort by time; files of any other name are not ours.
fn trim(folder: &Path, keep: usize) -> io::Result<()> {
    let mut files: Vec<(Uuid, PathBuf)> = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let id = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse().ok());
        files.extend(id.map(|id| (id, path)));
    }
    let mut runs: Vec<Uuid> = files.iter().map(|(id, _)| *id).collect();
    runs.sort_unstable();
    runs.dedup();
    let gone = &runs[..runs.len().saturating_sub(keep)];
    for (_, path) in files.iter().filter(|(id, _)| gone.binary_search(id).is_ok()) {
        fs::remove_file(path)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_runs_stay() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let ids: Vec<Uuid> = (1_u128..=4).map(Uuid::from_u128).collect();
        for id in &ids {
            fs::write(folder.path().join(format!("{id}.json")), "{}").expect("a file");
            fs::write(folder.path().join(format!("{id}.html")), "").expect("a file");
        }
        fs::write(folder.path().join("mine.json"), "{}").expect("a file");
        trim(folder.path(), 2).expect("it trims");
        let mut left: Vec<_> = fs::read_dir(folder.path())
            .expect("it is there")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
            .collect();
        left.sort();
        let kept = |id: &Uuid| [format!("{id}.html"), format!("{id}.json")];
        let mut wanted: Vec<_> = ids[2..].iter().flat_map(kept).collect();
        wanted.push("mine.json".to_owned());
        assert_eq!(left, wanted);
    }
}
