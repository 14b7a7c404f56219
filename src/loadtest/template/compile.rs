//! From text to parts.

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

/// The text of a template that must be the same for every request, as a variable's must.
pub(super) fn fixed(text: &str, names: &Names) -> Result<String, TemplateError> {
    // No names: a variable that could name another one could name itself.
    let mut out = String::new();
    split(text, &mut |piece| {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Env(name) => out.push_str(names.env(name)?),
            Piece::Expr(Expr::Literal(literal)) => out.push_str(&literal.item().text),
            Piece::Expr(_) => {
                return Err(TemplateError::Arguments(
                    "a variable is a fixed value and cannot hold a template: put the template where the variable is used",
                ));
            }
        }
        Ok(())
    })?;
    Ok(out)
}

/// Puts the values of `${env:NAME}` into a text that is no template otherwise.
pub(crate) fn expand_env(text: &str, names: &Names) -> Result<String, TemplateError> {
    let mut out = String::new();
    let mut at = 0;
    while let Some(found) = text[at..].find(ENV) {
        out.push_str(&text[at..at + found]);
        let (name, end) = env_name(text, at + found)?;
        out.push_str(names.env(name)?);
        at = end;
    }
    out.push_str(&text[at..]);
    Ok(out)
}

/// The names that a text reads from the environment.
pub(crate) fn env_names(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(ENV).filter_map(|(at, _)| env_name(text, at).ok().map(|(name, _)| name))
}

const ENV: &str = "${env:";

enum Piece<'a> {
    Text(&'a str),
    Env(&'a str),
    Expr(Expr),
}

/// Hands out the pieces of a text in order.
fn split<'a>(
    text: &'a str,
    take: &mut dyn FnMut(Piece<'a>) -> Result<(), TemplateError>,
) -> Result<(), TemplateError> {
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let braces = rest.find("{{");
        let env = rest[..braces.unwrap_or(rest.len())].find(ENV);
        let Some(next) = env.or(braces) else {
            return take(Piece::Text(rest));
        };
        take(Piece::Text(&rest[..next]))?;
        at += next;
        if env.is_some() {
            let (name, end) = env_name(text, at)?;
            take(Piece::Env(name))?;
            at = end;
        } else {
            let (expr, end) = expr::parse(text, at)?;
            take(Piece::Expr(expr))?;
            at = end;
        }
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
        split(text, &mut |piece| match piece {
            Piece::Text(text) => {
                escape.text(text, &mut self.text);
                Ok(())
            }
            Piece::Env(name) => {
                escape.text(self.names.env(name)?, &mut self.text);
                Ok(())
            }
            Piece::Expr(expr) => self.expr(&expr, escape),
        })
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
