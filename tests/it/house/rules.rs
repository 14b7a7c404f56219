//! What the sources must not hold. Each rule names the reason, because that is what whoever
//! breaks it needs to read.

use regex::Regex;

use super::source::Source;

/// Longest file, in lines.
const LONGEST_FILE: usize = 500;

/// One thing that must not be found.
pub struct Rule {
    /// What is wrong, in a few words.
    pub name: &'static str,
    /// Why it is a rule and what to do instead.
    pub why: &'static str,
    /// Files it is about: a pattern on the path.
    pub applies: &'static str,
    /// Files it is not about: a pattern on the path, or an empty one for none.
    pub except: &'static str,
    /// Which form of the text is searched.
    pub view: View,
    /// What must not be found on any line.
    pub forbidden: &'static str,
    /// A file and a line that break the rule: the proof that it can fail.
    pub breach: (&'static str, &'static str),
}

/// A form of a source's text.
#[derive(Clone, Copy)]
pub enum View {
    /// Everything, comments included.
    Text,
    /// Code, tests included.
    Code,
    /// Code that is shipped.
    Shipped,
}

/// The rules that a pattern on a line can hold.
pub const RULES: &[Rule] = &[
    Rule {
        name: "a web framework or a database in the core",
        why: "loadtest/, engine/, analyst/ and reports/ take and give plain values, so that they run without a server",
        applies: "^src/(?:loadtest|engine|analyst|reports)/|/service\\.rs$",
        except: "",
        view: View::Code,
        forbidden: r"\bactix\w*::|\bsea_orm\w*::|\bsqlx::",
        breach: ("src/engine/run.rs", "use actix_web::web;"),
    },
    Rule {
        name: "a query outside the store",
        why: "queries live in store.rs, db/ and migrations/, written once for SQLite and Postgres",
        applies: "^src/",
        except: "^src/db/|/store\\.rs$",
        view: View::Code,
        forbidden: r"\bsea_orm\w*::|\bsqlx::",
        breach: ("src/runs/routes.rs", "use sea_orm::EntityTrait;"),
    },
    Rule {
        name: "Goose outside engine/goose.rs",
        why: "Goose's process-wide state and its ways are known in one place; call engine/goose.rs",
        applies: "^src/",
        except: "^src/engine/goose(?:/|\\.rs$)",
        view: View::Code,
        forbidden: r"\buse\s+(?:::)?goose\b|::goose::prelude|\bgoose::(?:prelude|goose|config|metrics|util)\b|\bGoose[A-Z]\w*",
        breach: ("src/engine/plan.rs", "use goose::prelude::*;"),
    },
    Rule {
        name: "mistral.rs outside ai/local",
        why: "what mistral.rs leaves to its callers is made up for in one place; ask ai::local, or whoever has it",
        applies: "^src/",
        except: "^src/ai/local/",
        view: View::Code,
        forbidden: r"\bmistralrs\w*::",
        breach: ("src/ai/generator/service.rs", "use mistralrs::Model;"),
    },
    Rule {
        name: "candle outside ai/embed",
        why: "tensors are known where vectors are made and where model files are written; ask ai::embed for vectors",
        applies: "^src/",
        except: "^src/ai/(?:embed/|models/quick\\.rs$)",
        view: View::Code,
        forbidden: r"\bcandle_\w+::",
        breach: ("src/ai/search/service.rs", "use candle_core::Tensor;"),
    },
    Rule {
        name: "the command line used from below",
        why: "cli/ is the top: it calls the library, the library never calls it",
        applies: "^src/",
        except: "^src/(?:cli/|main\\.rs$|lib\\.rs$)",
        view: View::Code,
        forbidden: r"\bcrate::cli\b",
        breach: ("src/reports/html.rs", "use crate::cli::style;"),
    },
    Rule {
        name: "printing outside cli/",
        why: "only the command line prints; elsewhere return a value or use tracing",
        applies: "^src/",
        except: "^src/(?:cli/|main\\.rs$)",
        view: View::Shipped,
        forbidden: r"\be?print(?:ln)?!|\bdbg!|\bstd(?:out|err)\(\)",
        breach: ("src/engine/run.rs", "println!(\"{x}\");"),
    },
    Rule {
        name: "process-wide state",
        why: "state is made in main and passed; a global makes tests depend on their order",
        applies: "^src/",
        except: "^src/engine/goose(?:/|\\.rs$)",
        view: View::Shipped,
        forbidden: r"\bstatic\s+mut\b|\bstatic\s+\w+\s*:\s*[^=]*\b(?:Mutex|RwLock|Atomic\w+|OnceLock|OnceCell)\b",
        breach: ("src/engine/run.rs", "static ACTIVE: AtomicBool = AtomicBool::new(false);"),
    },
    Rule {
        name: "an unbounded channel",
        why: "whatever is not taken off piles up until memory is gone; give the channel a bound",
        applies: "^src/",
        except: "",
        view: View::Shipped,
        forbidden: r"\bunbounded(?:_channel)?\b|\bmpsc::channel(?:::<[^>]*>)?\(\)",
        breach: ("src/engine/run.rs", "let (tx, rx) = mpsc::unbounded_channel();"),
    },
    Rule {
        name: "a panic",
        why: "MAID answers bad input with an error; where it cannot happen, say why with expect(\"...\")",
        applies: "^src/",
        except: "^src/main\\.rs$",
        view: View::Shipped,
        forbidden: r"\bpanic!|\btodo!|\bunimplemented!|\.unwrap\(\)|\.unwrap_err\(\)|\bunreachable!\(\)",
        breach: ("src/engine/run.rs", "let x = y.unwrap();"),
    },
    Rule {
        name: "a test that is switched off",
        why: "a test runs or is deleted; one that needs something gets it from `make test`",
        applies: "^(?:src|tests|benches)/",
        except: "",
        view: View::Code,
        forbidden: r"#\[ignore\b",
        breach: ("tests/it/run.rs", "#[ignore]"),
    },
    Rule {
        name: "a note to do something later",
        why: "do it now, or write an issue; nobody finds notes in the source",
        applies: "^(?:src|tests|benches)/",
        except: "^tests/it/house/",
        view: View::Text,
        forbidden: r"\b(?:TODO|FIXME|XXX|HACK)\b",
        breach: ("src/engine/run.rs", "// TODO: later"),
    },
    Rule {
        name: "a name that says nothing",
        why: "name the thing by what it is, in the words of the docs",
        applies: "^(?:src|tests|benches)/",
        except: "",
        view: View::Code,
        forbidden: r"\bfn (?:handle|do)_|\b(?:mod|struct|enum|trait) (?i:\w*(?:manager|helpers?|utils?|common))\b",
        breach: ("src/engine/run.rs", "struct RunManager;"),
    },
];

impl Rule {
    /// Lines of `source` that break this rule, as `path:line: ...`.
    pub fn breaches(&self, source: &Source) -> Vec<String> {
        let matches = |pattern: &str| {
            !pattern.is_empty() && Regex::new(pattern).expect("the pattern is valid").is_match(&source.path)
        };
        if !matches(self.applies) || matches(self.except) {
            return Vec::new();
        }
        let forbidden = Regex::new(self.forbidden).expect("the pattern is valid");
        let text = match self.view {
            View::Text => &source.text,
            View::Code => &source.code,
            View::Shipped => &source.shipped,
        };
        text.lines()
            .enumerate()
            .filter_map(|(at, line)| Some((at + 1, forbidden.find(line)?.as_str())))
            .map(|(line, found)| {
                format!("{}:{line}: {}: `{}`\n    {}", source.path, self.name, found.trim(), self.why)
            })
            .collect()
    }
}

/// What a folder may use of MAID; folders that are not listed may use what they like.
const LAYERS: &[(&str, &[&str], &str)] = &[
    ("src/loadtest/", &["loadtest"], "the document can be parsed and checked without anything else of MAID"),
    ("src/engine/", &["engine", "loadtest"], "the engine runs without a server, a database or a terminal"),
    (
        "src/analyst/",
        &["analyst", "engine", "loadtest", "number"],
        "what a run shows follows from the run and earlier ones alone",
    ),
    (
        "src/reports/",
        &["reports", "analyst", "engine", "loadtest", "number", "disk"],
        "a report is made from a finished run alone",
    ),
];

/// Uses of a module that lies above the file's own layer.
pub fn upward_uses(source: &Source) -> Vec<String> {
    let Some((_, allowed, why)) = LAYERS.iter().find(|(folder, ..)| source.path.starts_with(folder)) else {
        return Vec::new();
    };
    let own_path = Regex::new(r"\b(?:crate|maid)::(?:(\w+)|\{)").expect("the pattern is valid");
    let mut breaches = Vec::new();
    for found in own_path.captures_iter(&source.code) {
        let end = found.get(0).map_or(0, |all| all.end());
        let modules = match found.get(1) {
            Some(module) => vec![module.as_str()],
            None => heads_of_group(&source.code[end..]),
        };
        let line = source.code[..end].lines().count();
        breaches.extend(modules.iter().filter(|module| !allowed.contains(module)).map(|module| {
            format!(
                "{}:{line}: uses `{module}`, which lies above it\n    {why}; let the caller pass what is needed",
                source.path
            )
        }));
    }
    breaches
}

/// First words of the paths in a `use` group, given what follows its `{`.
fn heads_of_group(code: &str) -> Vec<&str> {
    let mut depth = 1_usize;
    let mut start = 0;
    let mut heads = Vec::new();
    for (at, c) in code.char_indices() {
        if depth == 1 && matches!(c, ',' | '}') {
            heads.push(code[start..at].trim().split("::").next().unwrap_or_default());
            start = at + 1;
        }
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    heads.retain(|head| !head.is_empty());
    heads
}

/// A file that is too long, or that does not say what it is.
pub fn shape(source: &Source) -> Vec<String> {
    let mut breaches = Vec::new();
    let lines = source.text.lines().count();
    if lines > LONGEST_FILE {
        breaches.push(format!(
            "{}: {lines} lines, and {LONGEST_FILE} is the limit\n    split it by idea, so that each file is read in one go",
            source.path
        ));
    }
    if !source.text.starts_with("//!") && !source.path.ends_with("/tests.rs") {
        breaches.push(format!(
            "{}:1: no head comment\n    begin the file with //! and a sentence that says what it is",
            source.path
        ));
    }
    breaches
}

/// `unsafe` whose lines above do not prove it sound.
pub fn unproven_unsafe(source: &Source) -> Vec<String> {
    let text: Vec<&str> = source.text.lines().collect();
    let unsafe_word = Regex::new(r"\bunsafe\b").expect("the pattern is valid");
    source
        .code
        .lines()
        .enumerate()
        .filter(|(_, line)| unsafe_word.is_match(line))
        .filter(|(at, _)| !text[at.saturating_sub(6)..=*at].iter().any(|line| line.contains("SAFETY:")))
        .map(|(at, _)| {
            format!(
                "{}:{}: unsafe without a proof\n    write `// SAFETY:` and why it is sound above it, or do without",
                source.path,
                at + 1
            )
        })
        .collect()
}

/// Files of a sliced module (one with routes and a service or a store) under a name that is not
/// one of its slices.
pub fn odd_slices(sources: &[Source]) -> Vec<String> {
    const SLICES: [&str; 6] = ["mod.rs", "routes.rs", "dto.rs", "service.rs", "store.rs", "error.rs"];
    let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let holding = |slice: &str| -> Vec<String> {
        sources.iter().filter(|of| of.path.ends_with(slice)).filter_map(|of| folder(&of.path)).collect()
    };
    let worked = [holding("/service.rs"), holding("/store.rs")].concat();
    let sliced: Vec<String> = holding("/routes.rs").into_iter().filter(|of| worked.contains(of)).collect();
    sources
        .iter()
        .filter(|source| folder(&source.path).is_some_and(|of| sliced.contains(&of)))
        .filter(|source| !SLICES.iter().any(|slice| source.path.ends_with(&format!("/{slice}"))))
        .map(|source| {
            format!(
                "{}: not one of a module's slices ({})\n    \
                 put it in one of them, or in a folder of its own below, so that knowing one module is knowing all",
                source.path,
                SLICES.join(", ")
            )
        })
        .collect()
}
