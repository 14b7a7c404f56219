//! From text to parts.

use std::borrow::Cow;

use super::{
    Escape, Names, Template, TemplateError,
    expr::{self, Expr},
    function::Function,
    names::Binding,
    parts::{Part, emit},
};

impl Template {
    /// Compiles a text for the place it goes to.
    pub fn compile(text: &str, escape: Escape, names: &Names) -> Result<Self, TemplateError> {
        let mut builder = Builder::new(names);
        builder.text(text, escape)?;
        Ok(builder.finish())
    }
}

/// Most problems that are told of one text.
const MAX_PROBLEMS: usize = 20;

/// Calls `take` with everything that is wrong with a text as a template.
pub(crate) fn each_problem(text: &str, names: &Names, take: &mut dyn FnMut(TemplateError)) {
    let problem = |piece| match piece {
        Ok(Piece::Expr(expr)) => Builder::new(names).expr(&expr, Escape::None).err(),
        Ok(Piece::Env(name)) => names.env(name).err(),
        Ok(Piece::Text(_)) => None,
        Err(error) => Some(error),
    };
    Pieces::of(text).filter_map(problem).take(MAX_PROBLEMS).for_each(take);
}

/// Calls `take` with everything that is wrong with a text that must be the same for every request.
pub(crate) fn each_fixed_problem(text: &str, names: &Names, take: &mut dyn FnMut(TemplateError)) {
    let problem = |piece: Result<Piece<'_>, _>| piece.and_then(|piece| fixed_piece(piece, names)).err();
    Pieces::of(text).filter_map(problem).take(MAX_PROBLEMS).for_each(take);
}

/// The text of a template that must be the same for every request, as a variable's must.
pub(super) fn fixed(text: &str, names: &Names) -> Result<String, TemplateError> {
    Pieces::of(text).map(|piece| fixed_piece(piece?, names)).collect()
}

fn fixed_piece<'a>(piece: Piece<'a>, names: &'a Names) -> Result<Cow<'a, str>, TemplateError> {
    match piece {
        Piece::Text(text) => Ok(text.into()),
        Piece::Env(name) => Ok(names.env(name)?.into()),
        Piece::Expr(Expr::Literal(literal)) => Ok(String::from(literal.item().text).into()),
        // No names: a variable that could name another one could name itself.
        Piece::Expr(_) => Err(TemplateError::Arguments(
            "a variable is a fixed value and cannot hold a template: put the template where the variable is used",
        )),
    }
}

/// Puts the values of `${env:NAME}` into a text that is no template otherwise, or calls `take` with
/// everything that is wrong with them.
pub(crate) fn expand_env(text: &str, names: &Names, take: &mut dyn FnMut(TemplateError)) -> Option<String> {
    let mut out = String::new();
    let mut problems = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find(ENV) {
        let start = at + found;
        out.push_str(&text[at..start]);
        at = start + ENV.len();
        let value = env_name(text, start).and_then(|(name, end)| {
            at = end;
            names.env(name)
        });
        match value {
            Ok(value) => out.push_str(value),
            Err(error) => {
                take(error);
                problems += 1;
            }
        }
        if problems == MAX_PROBLEMS {
            break;
        }
    }
    out.push_str(&text[at..]);
    (problems == 0).then_some(out)
}

/// The names that a text reads from the environment.
pub(crate) fn env_names(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(ENV).filter_map(|(at, _)| env_name(text, at).ok().map(|(name, _)| name))
}

const ENV: &str = "${env:";

pub(super) enum Piece<'a> {
    Text(&'a str),
    Env(&'a str),
    Expr(Expr),
}

/// The pieces of a text in order. After one that is wrong it goes on behind it.
pub(super) struct Pieces<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Pieces<'a> {
    pub(super) const fn of(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Where the next `{{` or `${env:` begins.
    fn next_mark(&self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        memchr::memchr_iter(b'{', &bytes[self.at..]).map(|found| self.at + found).find_map(|brace| {
            let env = brace > self.at && self.text[..brace].ends_with('$');
            match env && self.text[brace..].starts_with(&ENV[1..]) {
                true => Some(brace - 1),
                false => (bytes.get(brace + 1) == Some(&b'{')).then_some(brace),
            }
        })
    }

    fn env(&mut self) -> Result<Piece<'a>, TemplateError> {
        let start = self.at;
        self.at = start + ENV.len();
        let (name, end) = env_name(self.text, start)?;
        self.at = end;
        Ok(Piece::Env(name))
    }

    fn expr(&mut self) -> Result<Piece<'a>, TemplateError> {
        let start = self.at;
        let parsed = expr::parse(self.text, start);
        self.at = match &parsed {
            Ok((_, end)) => *end,
            Err(_) => self.text[start..].find("}}").map_or(self.text.len(), |closed| start + closed + 2),
        };
        parsed.map(|(expr, _)| Piece::Expr(expr))
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Result<Piece<'a>, TemplateError>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = &self.text[self.at..];
        if rest.is_empty() {
            return None;
        }
        let mark = self.next_mark().unwrap_or(self.text.len());
        if mark > self.at {
            let piece = &self.text[self.at..mark];
            self.at = mark;
            return Some(Ok(Piece::Text(piece)));
        }
        Some(if rest.starts_with(ENV) { self.env() } else { self.expr() })
    }
}

fn env_name(text: &str, at: usize) -> Result<(&str, usize), TemplateError> {
    let start = at + ENV.len();
    let rest = &text[start..];
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
    if end == 0 || !rest[end..].starts_with('}') {
        return Err(TemplateError::EnvSyntax { at: expr::character(text, at) });
    }
    Ok((&rest[..end], start + end + 1))
}

/// Gathers parts, joining neighbouring text.
pub(super) struct Builder<'n> {
    names: &'n Names,
    parts: Vec<Part>,
    text: String,
}

impl<'n> Builder<'n> {
    pub(super) fn new(names: &'n Names) -> Self {
        Self { names, parts: Vec::new(), text: String::new() }
    }

    /// Adds text that is escaped already.
    pub(super) fn raw(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Adds a text that may hold templates.
    pub(super) fn text(&mut self, text: &str, escape: Escape) -> Result<(), TemplateError> {
        for piece in Pieces::of(text) {
            match piece? {
                Piece::Text(text) => escape.text(text, &mut self.text),
                Piece::Env(name) => escape.text(self.names.env(name)?, &mut self.text),
                Piece::Expr(expr) => self.expr(&expr, escape)?,
            }
        }
        Ok(())
    }

    /// Adds a text as a JSON value: in quotes, unless it is one template and nothing else.
    pub(super) fn json_string(&mut self, text: &str) -> Result<(), TemplateError> {
        if text.starts_with("{{") {
            let (expr, end) = expr::parse(text, 0)?;
            if end == text.len() {
                return self.expr(&expr, Escape::JsonValue);
            }
        }
        self.raw("\"");
        self.text(text, Escape::Json)?;
        self.raw("\"");
        Ok(())
    }

    fn expr(&mut self, expr: &Expr, escape: Escape) -> Result<(), TemplateError> {
        match expr {
            Expr::Literal(literal) => emit(literal.item().view(), escape, &mut self.text),
            Expr::Name(keys) => match self.names.resolve(keys)? {
                Binding::Constant(item) => emit(item.view(), escape, &mut self.text),
                Binding::Slot { slot, name } => self.push(Part::Slot { slot, escape, name }),
                Binding::Cell { feeder, column } => {
                    let name = self.names.cell_name(feeder, column);
                    self.push(Part::Cell { feeder, column, escape, name });
                }
            },
            Expr::Call(name, arguments) => {
                let function = Function::resolve(name, arguments)?;
                self.push(Part::Function { function, escape });
            }
        }
        Ok(())
    }

    fn push(&mut self, part: Part) {
        self.flush();
        self.parts.push(part);
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.parts.push(Part::Text(std::mem::take(&mut self.text).into()));
        }
    }

    pub(super) fn finish(mut self) -> Template {
        self.flush();
        Template { parts: self.parts.into() }
    }
}
