//! What statements do, as far as it is known without running them.

use super::{
    check::Cond,
    machine::{Act, Flow, Machine},
    tree::{At, Count, Expr, Kind, Op, Pattern, Stmt, What},
    value::{Part, Value},
};

/// Most passes of a loop that are written out.
const MAX_PASSES: usize = 100;

impl Machine<'_> {
    pub(super) fn statement(&mut self, statement: &Stmt) -> Flow {
        let at = statement.at;
        match &statement.what {
            What::Let(pairs) => {
                for (pattern, value) in pairs {
                    let value = value.as_ref().map_or(Value::Nothing, |value| self.eval(value));
                    self.bind(pattern, value);
                }
            }
            What::Assign(pattern, value) => {
                let value = self.eval(value);
                self.assign(pattern, value);
            }
            What::Change(target, op, operand) => self.change(target, *op, operand),
            What::Expr(expr) | What::Default(expr) => {
                let value = self.eval(expr);
                self.unused(expr, &value);
            }
            What::If(test, then, otherwise) => return self.branch(at, test, then, otherwise),
            What::Each(pattern, of, body) => return self.each(at, pattern, of, body),
            What::Count(count) => return self.count(at, count),
            What::While(body) => {
                self.list_code(at, "goes on until something happens: what it does is not carried over");
                self.forget(body);
            }
            What::Return(value) => {
                let value = value.as_ref().map_or(Value::Nothing, |value| self.eval(value));
                return Flow::Return(value);
            }
            What::With(items, body) => return self.with(items, body),
            What::Try(tried, handler, last) => {
                let flow = self.block(tried);
                if !self.is_silent(handler) && !self.is_failure(handler) {
                    self.list(handler[0].at, "what is done after an error is not carried over");
                }
                if !matches!(flow, Flow::On) {
                    return flow;
                }
                return self.block(last);
            }
            What::Import(module, names) => self.import(module, names),
            What::Raise | What::Break => return Flow::Break,
            What::Other => self.list_code(at, "is not understood: it is not carried over"),
            What::Function(_) | What::Class(_) | What::Pass => {}
        }
        Flow::On
    }

    /// `import` of JavaScript and Python; libraries of k6 are known by their own name.
    fn import(&mut self, module: &str, names: &[(String, String)]) {
        let module = match module.split_once("jslib.k6.io/") {
            Some((_, rest)) => rest.split('/').next().unwrap_or_default(),
            None => module,
        };
        for (imported, name) in names {
            let path = match (module, imported.as_str()) {
                ("", imported) => imported.to_owned(),
                (module, "default" | "*") => module.to_owned(),
                (module, imported) => format!("{module}.{imported}"),
            };
            self.set(name, Value::Native(path));
        }
    }

    fn change(&mut self, target: &Expr, op: Option<Op>, operand: &Expr) {
        let (before, operand) = (self.eval(target), self.eval(operand));
        let value = match op {
            None => self.sum(vec![before, operand], target.at),
            Some(op) => self.calculated(op, &before, &operand, target.at),
        };
        let pattern = match &target.kind {
            Kind::Name(name) => Pattern::Name(name.clone()),
            _ => Pattern::Target(target.clone()),
        };
        self.assign(&pattern, value);
    }

    /// An expression whose value nobody uses, and that is no call that means something.
    fn unused(&mut self, expr: &Expr, value: &Value) {
        if matches!(value, Value::Unknown(at) if *at == expr.at) && matches!(expr.kind, Kind::Call(_)) {
            self.list_code(expr.at, "is not carried over");
        }
    }

    fn branch(&mut self, at: At, test: &Expr, then: &[Stmt], otherwise: &[Stmt]) -> Flow {
        let cond = self.condition(test);
        if let Cond::Known(holds) = cond {
            return self.block(if holds { then } else { otherwise });
        }
        let about_answers = !matches!(cond, Cond::Unknown);
        let (then_fails, otherwise_fails) = (self.is_failure(then), self.is_failure(otherwise));
        if then_fails || otherwise_fails {
            let wanted = if then_fails { cond.negated() } else { cond };
            if !self.give_checks(wanted) {
                let shown = self.source.excerpt(test.at);
                self.list(at, format!("`{shown}` decides whether it fails: no check can say that"));
            }
            return self.block(if then_fails { otherwise } else { then });
        }
        if self.is_silent(then) && self.is_silent(otherwise) {
            return Flow::On;
        }
        let shown = self.source.excerpt(test.at);
        if about_answers && !then.is_empty() {
            self.list(at, format!("`if {shown}` is not asked: what it guards is always done"));
            let flow = self.block(then);
            if !self.is_silent(otherwise) {
                self.list(otherwise[0].at, format!("what is done unless `{shown}` is not carried over"));
                self.forget(otherwise);
            }
            // What leaves only sometimes leaves never.
            return if matches!(flow, Flow::Return(_)) && !otherwise.is_empty() { flow } else { Flow::On };
        }
        self.list(at, format!("`if {shown}` is known only when it runs: what it guards is not carried over"));
        self.forget(then);
        self.forget(otherwise);
        Flow::On
    }

    fn each(&mut self, at: At, pattern: &Pattern, of: &Expr, body: &[Stmt]) -> Flow {
        let list = self.eval(of);
        let items = match &list {
            Value::List(items) => items.as_ref().clone(),
            Value::Object(map) => map.keys().map(Value::text).collect(),
            _ => {
                if !self.is_silent(body) {
                    let shown = self.source.excerpt(of.at);
                    let message = format!(
                        "a loop over `{shown}`, which is known only when it runs, is not carried over"
                    );
                    self.list(at, message);
                    self.forget(body);
                }
                return Flow::On;
            }
        };
        for (pass, item) in items.into_iter().enumerate() {
            if pass == MAX_PASSES {
                self.list(at, format!("the loop has more than {MAX_PASSES} passes: the others are left out"));
                break;
            }
            self.assign(pattern, item);
            match self.block(body) {
                Flow::On => {}
                Flow::Break => break,
                left @ Flow::Return(_) => return left,
            }
        }
        Flow::On
    }

    fn count(&mut self, at: At, count: &Count) -> Flow {
        self.block(&count.start);
        for pass in 0..=MAX_PASSES {
            let holds = count.test.as_ref().map(|test| self.condition(test));
            match holds {
                Some(Cond::Known(true)) if pass < MAX_PASSES => {}
                Some(Cond::Known(false)) => return Flow::On,
                Some(Cond::Known(true)) => {
                    let message =
                        format!("the loop has more than {MAX_PASSES} passes: the others are left out");
                    self.list(at, message);
                    return Flow::On;
                }
                _ => {
                    if !self.is_silent(&count.body) {
                        let end = count.test.as_ref().map_or(at, |test| test.at);
                        let shown = self.source.excerpt(end);
                        let message = format!(
                            "a loop until `{shown}`, which is known only when it runs, is not carried over"
                        );
                        self.list(at, message);
                        self.forget(&count.body);
                    }
                    return Flow::On;
                }
            }
            match self.block(&count.body) {
                Flow::On => {}
                Flow::Break => return Flow::On,
                left @ Flow::Return(_) => return left,
            }
            self.block(&count.step);
        }
        Flow::On
    }

    fn with(&mut self, items: &[(Expr, Option<String>)], body: &[Stmt]) -> Flow {
        for (expr, alias) in items {
            let value = self.eval(expr);
            if let Value::Unknown(at) = value
                && at == expr.at
            {
                self.list_code(at, "is not carried over");
            }
            if let Some(alias) = alias {
                self.set(alias, value);
            }
        }
        self.block(body)
    }

    /// Names that statements give values to, when they are not gone through, have values that nobody knows.
    pub(super) fn forget(&mut self, statements: &[Stmt]) {
        for statement in statements {
            let unknown = || Value::Unknown(statement.at);
            match &statement.what {
                What::Let(pairs) => {
                    pairs.iter().for_each(|(pattern, _)| self.forget_name(pattern, unknown()))
                }
                What::Assign(pattern, _) => self.forget_name(pattern, unknown()),
                What::Change(Expr { kind: Kind::Name(name), .. }, ..) => {
                    self.forget_name(&Pattern::Name(name.clone()), unknown());
                }
                What::If(_, then, otherwise) => {
                    self.forget(then);
                    self.forget(otherwise);
                }
                What::Each(_, _, body) | What::While(body) | What::With(_, body) => self.forget(body),
                What::Count(count) => self.forget(&count.body),
                What::Try(tried, handler, last) => {
                    [tried, handler, last].into_iter().for_each(|block| self.forget(block));
                }
                _ => {}
            }
        }
    }

    fn forget_name(&mut self, pattern: &Pattern, value: Value) {
        match pattern {
            Pattern::Name(_) => self.assign(pattern, value),
            Pattern::Fields(fields) => {
                for (_, name) in fields {
                    self.assign(&Pattern::Name(name.clone()), value.clone());
                }
            }
            Pattern::Items(items) => items.iter().for_each(|item| self.forget_name(item, value.clone())),
            Pattern::Target(_) | Pattern::Other => {}
        }
    }

    /// Whether statements mean nothing for the load: they only write something down.
    pub(super) fn is_silent(&self, statements: &[Stmt]) -> bool {
        statements.iter().all(|statement| match &statement.what {
            What::Pass | What::Import(..) => true,
            What::Expr(expr) => self.says_something(expr),
            What::If(_, then, otherwise) => self.is_silent(then) && self.is_silent(otherwise),
            _ => false,
        })
    }

    /// Whether an expression is a call that writes something down for people.
    pub(super) fn says_something(&self, expr: &Expr) -> bool {
        let Kind::Call(call) = &expr.kind else { return false };
        let path = self.path_of(&call.callee);
        let first = path.split('.').next().unwrap_or_default();
        let last = path.rsplit('.').next().unwrap_or_default();
        matches!(first, "console" | "print" | "logging" | "logger" | "log" | "warnings")
            || path.contains(".environment.events.request.fire")
            || last == "success"
    }

    /// Whether statements say that something failed, and nothing else.
    fn is_failure(&self, statements: &[Stmt]) -> bool {
        let fails = |statement: &Stmt| match &statement.what {
            What::Raise | What::Return(None) | What::Break => true,
            What::Return(Some(value)) => matches!(value.kind, Kind::Nothing | Kind::Bool(false)),
            What::Expr(Expr { kind: Kind::Call(call), .. }) => {
                let path = self.path_of(&call.callee);
                let last = path.rsplit('.').next().unwrap_or_default();
                matches!(last, "fail" | "failure" | "abort" | "interrupt" | "quit")
            }
            _ => false,
        };
        statements.iter().any(fails)
            && statements.iter().all(|one| fails(one) || self.is_silent(std::slice::from_ref(one)))
    }

    /// Whether statements do nothing that a test could do.
    pub(in crate::convert::import) fn is_idle(&self, statements: &[Stmt]) -> bool {
        self.is_silent(statements) || self.is_failure(statements)
    }

    /// What a callee is called, such as `console.log` or `self.client.get`.
    pub(in crate::convert::import) fn path_of(&self, expr: &Expr) -> String {
        match &expr.kind {
            Kind::Name(name) => match self.get(name) {
                Some(Value::Native(path)) => path.clone(),
                _ => name.clone(),
            },
            Kind::Member(holder, name) => {
                let holder = self.path_of(holder);
                format!("{holder}.{name}")
            }
            _ => String::new(),
        }
    }

    /// Notes a pause.
    pub(in crate::convert::import) fn pause(&mut self, value: &Value, at: At) {
        let (min, max) = match value {
            Value::Between(from, to, _) => (*from, *to),
            Value::Nothing => return,
            Value::Pick(list) => {
                let lengths: Vec<f64> = list.iter().filter_map(Value::as_f64).collect();
                let min = lengths.iter().copied().fold(f64::INFINITY, f64::min);
                (min, lengths.into_iter().fold(0.0, f64::max))
            }
            value => match value.as_f64() {
                Some(seconds) => (seconds, seconds),
                None => return self.list_code(at, "pauses for a time that is known only when it runs"),
            },
        };
        if self.quiet || !(min.is_finite() && max.is_finite() && 0.0 <= min && min <= max) {
            return;
        }
        self.acts.push(Act::Pause(min, max));
    }

    /// Whether a value is something of an answer.
    pub(super) const fn is_of_answer(value: &Value) -> bool {
        matches!(value, Value::Part(_, part) if !matches!(part, Part::Whole))
    }
}
