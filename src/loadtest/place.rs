//! Where in a document something is: paths such as `scenarios[0].name`, and their lines.

use std::{collections::HashMap, fmt};

use serde_path_to_error::Segment;

/// A path into a document, written as users read it: `scenarios[0].transactions[1].name`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Path(String);

impl Path {
    /// The document itself.
    #[must_use]
    pub const fn root() -> Self {
        Self(String::new())
    }

    /// The value under a key.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        let plain = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        Self(match (plain, self.0.is_empty()) {
            (true, true) => key.to_owned(),
            (true, false) => format!("{}.{key}", self.0),
            (false, _) => format!("{}[{}]", self.0, serde_json::Value::from(key)),
        })
    }

    /// The value at a place in a list.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}[{index}]", self.0))
    }

    /// As text; empty for the document itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// This path, what holds it, what holds that, and so on to the document. A cut inside a quoted
    /// key gives a path of nothing.
    pub(crate) fn holders(&self) -> impl Iterator<Item = Self> + use<> {
        std::iter::successors(Some(self.clone()), |path| {
            let end = path.0.rfind(['.', '[']).unwrap_or(0);
            (!path.0.is_empty()).then(|| Self(path.0[..end].to_owned()))
        })
    }

    /// The path from `other`, where this is `other` or lies inside it.
    #[must_use]
    pub fn within(&self, other: &Self) -> Option<Self> {
        let rest = self.is_within(other).then(|| &self.0[other.0.len()..])?;
        Some(Self(rest.strip_prefix('.').unwrap_or(rest).to_owned()))
    }

    /// Whether this is `other` or lies inside it.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        self.0.strip_prefix(&other.0).is_some_and(|rest| {
            rest.is_empty() || other.0.is_empty() || rest.starts_with('.') || rest.starts_with('[')
        })
    }
}

impl From<&serde_path_to_error::Path> for Path {
    fn from(path: &serde_path_to_error::Path) -> Self {
        path.iter().fold(Self::root(), |path, segment| match segment {
            Segment::Seq { index } => path.index(*index),
            Segment::Map { key } | Segment::Enum { variant: key } => path.key(key),
            Segment::Unknown => path,
        })
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A place in the text: line and column, both from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Line.
    pub line: u32,
    /// Column.
    pub column: u32,
}

/// Where the keys and values of a document stand in its text.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    values: HashMap<Path, Place>,
    keys: HashMap<Path, Place>,
    /// What comes from flags of the command line instead of the text.
    flags: HashMap<Path, String>,
    /// Bytes of all paths.
    size: usize,
}

/// Most bytes of paths that are kept; what lies beyond has the place of what holds it.
const MAX_SIZE: usize = 64 << 20;

impl SourceMap {
    pub(crate) fn set_value(&mut self, path: Path, place: Place) {
        if self.has_room(&path) {
            self.values.insert(path, place);
        }
    }

    pub(crate) fn set_key(&mut self, path: Path, place: Place) {
        if self.has_room(&path) {
            self.keys.insert(path, place);
        }
    }

    fn has_room(&mut self, path: &Path) -> bool {
        self.size = self.size.saturating_add(path.0.len());
        self.size <= MAX_SIZE
    }

    /// Where a value stands; for one that has no place of its own, where the key or list is that
    /// holds it.
    #[must_use]
    pub fn value(&self, path: &Path) -> Option<Place> {
        path.holders().find_map(|path| self.values.get(&path).copied())
    }

    /// Where a key stands, else where its value does.
    #[must_use]
    pub fn key(&self, path: &Path) -> Option<Place> {
        self.keys.get(path).copied().or_else(|| self.value(path))
    }

    /// The flag that a value comes from, unless it, or what holds it, stands in the text.
    #[must_use]
    pub fn flag(&self, path: &Path) -> Option<&str> {
        if self.flags.is_empty() {
            return None;
        }
        let known =
            path.holders().find(|path| self.flags.contains_key(path) || self.values.contains_key(path));
        Some(self.flags.get(&known?)?.as_str())
    }

    /// Notes that a value comes from a flag.
    pub(crate) fn come_from(&mut self, path: Path, flag: impl Into<String>) {
        self.forget(&path);
        self.flags.insert(path, flag.into());
    }

    /// Notes that a problem with a path, but not with what lies in it, is one of some flags.
    pub(crate) fn blame(&mut self, path: Path, flags: impl Into<String>) {
        self.flags.insert(path, flags.into());
    }

    /// Forgets everything within a path: its value no longer comes from the text.
    pub(crate) fn forget(&mut self, path: &Path) {
        self.values.retain(|key, _| !key.is_within(path));
        self.keys.retain(|key, _| !key.is_within(path));
    }

    /// The places of what lies within `path`, as if it were a document by itself.
    pub(crate) fn within(&self, path: &Path) -> Self {
        let inner = |map: &HashMap<Path, Place>| {
            let within = map.iter().filter(|(key, _)| key.is_within(path));
            let cut = |key: &Path| Path(key.0[path.0.len()..].trim_start_matches('.').to_owned());
            within.map(|(key, place)| (cut(key), *place)).collect()
        };
        Self { values: inner(&self.values), keys: inner(&self.keys), ..Self::default() }
    }

    /// Gives everything within `from` a second path within `to`.
    pub(crate) fn rename(&mut self, from: &Path, to: &Path) {
        for map in [&mut self.values, &mut self.keys] {
            let renamed: Vec<_> = map
                .iter()
                .filter(|(path, _)| path.is_within(from))
                .map(|(path, place)| (Path(format!("{}{}", to.0, &path.0[from.0.len()..])), *place))
                .collect();
            map.extend(renamed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_paths_as_users_read_them() {
        let path = Path::root().key("scenarios").index(0).key("odd key").key("name");
        assert_eq!(path.as_str(), r#"scenarios[0]["odd key"].name"#);
    }

    #[test]
    fn falls_back_to_what_holds_the_value() {
        let mut map = SourceMap::default();
        let list = Path::root().key("list");
        map.set_value(list.clone(), Place { line: 3, column: 5 });
        assert_eq!(map.value(&list.index(4).key("a.b[")).map(|place| place.line), Some(3));
        map.forget(&list);
        assert_eq!(map.value(&list), None);
        map.come_from(list.clone(), "--list");
        assert_eq!((map.flag(&list.index(0)), map.flag(&Path::root().key("other"))), (Some("--list"), None));
    }
}
