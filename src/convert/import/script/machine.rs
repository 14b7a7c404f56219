//! Goes through a script without running it: what is known is worked out, what is sent is noted, and what is neither
//! is listed.

use std::{collections::HashMap, rc::Rc};

use super::{
    source::{Language, Source},
    tree::{At, Call, Class, Expr, Function, Kind, Pattern, Stmt, What},
    value::{Part, Piece, Value},
};
use crate::{
    convert::import::{draft::Draft, error::ImportError},
    loadtest::types::Request,
};

/// Most steps that are gone through a script.
const MAX_STEPS: usize = 200_000;
/// Deepest that functions call each other, expressions in between counted.
const MAX_DEPTH: usize = 400;
/// Most requests that are made of a script.
const MAX_REQUESTS: usize = 1000;

/// What a tool gives its scripts.
pub(in crate::convert::import) struct Dialect {
    pub(in crate::convert::import) language: Language,
    /// What a path stands for that is no function, such as `__ENV.NAME`; `None` where it stands for itself.
    pub(in crate::convert::import) native: fn(&mut Machine<'_>, &str, At) -> Option<Value>,
    /// A call of something that the tool gives; `None` where it is not known.
    pub(in crate::convert::import) call: fn(&mut Machine<'_>, &str, &Call, At) -> Option<Value>,
    /// Something of an answer.
    pub(in crate::convert::import) part: fn(&Part, &str) -> Option<Part>,
}

/// A request that the script sends.
pub(in crate::convert::import) struct Sent {
    pub(in crate::convert::import) request: Request,
    /// Whether it is sent at all: what cannot be is listed, and its answer stands for nothing.
    pub(in crate::convert::import) kept: bool,
}

/// What the script does, in order.
#[derive(Clone, Debug)]
pub(in crate::convert::import) enum Act {
    Send(usize),
    /// Shortest and longest pause, in seconds.
    Pause(f64, f64),
    Group(String),
    EndGroup,
}

/// What comes after a statement.
#[derive(Debug)]
pub(super) enum Flow {
    On,
    Return(Value),
    Break,
}

/// Goes through a script.
pub(in crate::convert::import) struct Machine<'m> {
    pub(in crate::convert::import) source: &'m Source<'m>,
    pub(in crate::convert::import) draft: &'m mut Draft,
    pub(in crate::convert::import) dialect: &'static Dialect,
    pub(in crate::convert::import) scopes: Vec<HashMap<String, Value>>,
    /// Members of `self`.
    pub(in crate::convert::import) me: HashMap<String, Value>,
    pub(in crate::convert::import) classes: HashMap<String, Rc<Class>>,
    pub(in crate::convert::import) functions: Vec<Rc<Function>>,
    pub(in crate::convert::import) sent: Vec<Sent>,
    pub(in crate::convert::import) acts: Vec<Act>,
    /// Templates that marks stand for.
    pub(super) marks: Vec<String>,
    /// Base URL that paths without one are sent to.
    pub(in crate::convert::import) base: Option<Vec<Piece>>,
    /// Headers that are sent with every request of a user.
    pub(in crate::convert::import) usual_headers: Vec<(String, Value)>,
    /// Whether something is only looked at: it is neither sent nor listed.
    pub(super) quiet: bool,
    steps: usize,
    depth: usize,
    pub(super) failed: Option<ImportError>,
}

impl<'m> Machine<'m> {
    pub(in crate::convert::import) fn new(
        source: &'m Source<'m>,
        draft: &'m mut Draft,
        dialect: &'static Dialect,
    ) -> Self {
        Self {
            source,
            draft,
            dialect,
            scopes: vec![HashMap::new()],
            me: HashMap::new(),
            classes: HashMap::new(),
            functions: Vec::new(),
            sent: Vec::new(),
            acts: Vec::new(),
            marks: Vec::new(),
            base: None,
            usual_headers: Vec::new(),
            quiet: false,
            steps: 0,
            depth: 0,
            failed: None,
        }
    }

    /// Goes through what stands outside of functions.
    pub(in crate::convert::import) fn begin(&mut self, statements: &[Stmt]) {
        self.hoist(statements);
        self.block(statements);
    }

    /// Classes in the order of the file.
    pub(in crate::convert::import) fn ordered_classes(&self) -> Vec<Rc<Class>> {
        let mut classes: Vec<Rc<Class>> = self.classes.values().cloned().collect();
        classes.sort_by_key(|class| class.at.from);
        classes
    }

    /// Functions and classes are known before the first statement runs.
    fn hoist(&mut self, statements: &[Stmt]) {
        for statement in statements {
            match &statement.what {
                What::Function(function) => {
                    self.functions.push(Rc::clone(function));
                    let value = Value::Function(Rc::clone(function), self.scopes.len());
                    self.set(&function.name, value);
                }
                What::Class(class) => {
                    self.classes.insert(class.name.clone(), Rc::clone(class));
                    self.set(&class.name, Value::Native(format!("class {}", class.name)));
                }
                _ => {}
            }
        }
    }

    pub(in crate::convert::import) fn place(&self, at: At) -> String {
        self.source.place(at)
    }

    /// Lists something that is not carried over.
    pub(in crate::convert::import) fn list(&mut self, at: At, message: impl Into<String>) {
        if !self.quiet {
            self.draft.leave_out(self.source.place(at), message);
        }
    }

    /// Lists a piece of the script as it is written.
    pub(in crate::convert::import) fn list_code(&mut self, at: At, why: &str) {
        let message = format!("`{}` {why}", self.source.excerpt(at));
        self.list(at, message);
    }

    pub(in crate::convert::import) fn note(&mut self, at: At, message: impl Into<String>) {
        if !self.quiet {
            self.draft.make(self.source.place(at), message);
        }
    }

    /// Counts a step; whether there may be another.
    pub(super) fn may_go_on(&mut self, at: At) -> bool {
        self.steps += 1;
        if self.steps > MAX_STEPS && self.failed.is_none() {
            let message =
                "takes more steps than are gone through a script: write its loops with fewer passes";
            self.failed = Some(self.source.refuse(at.from, message));
        }
        self.failed.is_none()
    }

    pub(in crate::convert::import) fn get(&self, name: &str) -> Option<&Value> {
        self.scopes.iter().rev().find_map(|scope| scope.get(name))
    }

    pub(in crate::convert::import) fn set(&mut self, name: &str, value: Value) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name.to_owned(), value);
        }
    }

    /// Gives a value to a name that may be known further out.
    pub(super) fn assign(&mut self, pattern: &Pattern, value: Value) {
        match pattern {
            Pattern::Name(name) => {
                let value = named(value, name);
                let holder = self.scopes.iter().rposition(|scope| scope.contains_key(name));
                let holder = holder.unwrap_or(self.scopes.len() - 1);
                self.scopes[holder].insert(name.clone(), value);
            }
            Pattern::Fields(fields) => {
                for (key, name) in fields {
                    let member = self.member(value.clone(), key, At::default());
                    self.assign(&Pattern::Name(name.clone()), member);
                }
            }
            Pattern::Items(items) => {
                for (index, item) in items.iter().enumerate() {
                    let member = value.items().get(index).cloned().unwrap_or(Value::Unknown(At::default()));
                    self.assign(item, member);
                }
            }
            Pattern::Target(target) => self.assign_member(target, value),
            Pattern::Other => {}
        }
    }

    fn assign_member(&mut self, target: &Expr, value: Value) {
        let (holder, key) = match &target.kind {
            Kind::Member(holder, key) => (holder, Some(key.clone())),
            Kind::Index(holder, key) => (holder, self.eval(key).as_str().map(str::to_owned)),
            _ => return,
        };
        let Some(key) = key else { return };
        match self.eval(holder) {
            Value::Me => {
                let value = named(value, &key);
                self.me.insert(key, value);
            }
            Value::Object(map) => {
                if let Kind::Name(name) = &holder.kind {
                    let mut map = (*map).clone();
                    map.insert(key, value);
                    self.assign(&Pattern::Name(name.clone()), Value::Object(Rc::new(map)));
                }
            }
            Value::Native(path) if path.ends_with("client.headers") => self.usual_headers.push((key, value)),
            Value::Native(path) if path.ends_with("client") && key == "verify" => {
                self.draft.insecure |= value.truth() == Some(false);
            }
            // What else the tool keeps.
            Value::Native(path) => {
                let why = format!("is set on `{path}`: it is not carried over");
                self.list_code(target.at, &why);
            }
            _ => {}
        }
    }

    /// Calls a function of the script with values.
    pub(in crate::convert::import) fn run(
        &mut self,
        function: &Rc<Function>,
        sees: usize,
        args: Vec<Value>,
    ) -> Value {
        if self.depth >= MAX_DEPTH || !self.may_go_on(function.at) {
            return Value::Unknown(function.at);
        }
        let sees = sees.clamp(1, self.scopes.len());
        let hidden = self.scopes.split_off(sees);
        self.scopes.push(HashMap::new());
        self.depth += 10;
        let mut args = args.into_iter();
        for (pattern, default) in &function.params {
            let value = match (args.next(), default) {
                (Some(value), _) => value,
                (None, Some(default)) => self.eval(default),
                (None, None) => Value::Nothing,
            };
            self.bind(pattern, value);
        }
        let flow = self.block(&function.body);
        self.depth -= 10;
        self.scopes.truncate(sees);
        self.scopes.extend(hidden);
        match flow {
            Flow::Return(value) => value,
            Flow::On | Flow::Break => Value::Nothing,
        }
    }

    /// A name of a new scope.
    pub(super) fn bind(&mut self, pattern: &Pattern, value: Value) {
        match pattern {
            Pattern::Name(name) => {
                let value = named(value, name);
                self.set(name, value);
            }
            Pattern::Fields(fields) => {
                for (key, name) in fields {
                    let member = self.member(value.clone(), key, At::default());
                    self.set(name, named(member, name));
                }
            }
            other => self.assign(other, value),
        }
    }

    /// Goes through statements until one of them leaves.
    pub(in crate::convert::import) fn block_of(&mut self, statements: &[Stmt]) {
        self.block(statements);
    }

    pub(super) fn block(&mut self, statements: &[Stmt]) -> Flow {
        for statement in statements {
            match &statement.what {
                What::Function(function) if self.scopes.len() > 1 => {
                    let value = Value::Function(Rc::clone(function), self.scopes.len());
                    self.set(&function.name, value);
                }
                _ => {}
            }
        }
        for statement in statements {
            if !self.may_go_on(statement.at) {
                return Flow::Break;
            }
            match self.statement(statement) {
                Flow::On => {}
                left => return left,
            }
        }
        Flow::On
    }

    /// Goes a level deeper, unless it is one too many.
    pub(super) fn deeper<T>(&mut self, otherwise: T, go: impl FnOnce(&mut Self) -> T) -> T {
        if self.depth >= MAX_DEPTH {
            return otherwise;
        }
        self.depth += 1;
        let value = go(self);
        self.depth -= 1;
        value
    }

    /// Notes a request; the value of its answer.
    pub(in crate::convert::import) fn send(&mut self, request: Option<Request>, at: At) -> Value {
        if self.quiet {
            return Value::Unknown(at);
        }
        self.draft.found += 1;
        if self.draft.found > MAX_REQUESTS {
            let message = format!(
                "sends more than {MAX_REQUESTS} requests in a pass, the most that are taken: split it"
            );
            self.failed.get_or_insert_with(|| self.source.refuse(at.from, message));
            return Value::Unknown(at);
        }
        let place = self.source.place(at);
        let request = request.and_then(|request| self.draft.sendable(&place, request));
        let kept = request.is_some();
        let mut request = request.unwrap_or_else(|| Request::of("/"));
        // Without a method, a body is posted.
        if request.body.is_some() {
            request.method = match request.method {
                None => Some("GET".to_owned()),
                Some(method) => Some(method).filter(|method| method != "POST"),
            };
        }
        self.sent.push(Sent { request, kept });
        let index = self.sent.len() - 1;
        if kept {
            self.acts.push(Act::Send(index));
        }
        Value::Part(index, Part::Whole)
    }

    /// What has gone wrong, if anything.
    ///
    /// # Errors
    /// That the script takes too many steps or sends too many requests.
    pub(in crate::convert::import) fn end(&mut self) -> Result<(), ImportError> {
        self.failed.take().map_or(Ok(()), Err)
    }
}

/// What is taken from an answer is called as the script calls it first.
fn named(value: Value, name: &str) -> Value {
    match value {
        Value::Part(answer, Part::Json(path, None)) if path != "$" => {
            Value::Part(answer, Part::Json(path, Some(name.to_owned())))
        }
        other => other,
    }
}
