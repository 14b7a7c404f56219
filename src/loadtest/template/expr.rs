//! What stands between `{{` and `}}`.

use super::TemplateError;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    /// A string or number as written.
    Literal(Literal),
    /// A name with the keys that follow it.
    Name(Vec<String>),
    /// A function and its arguments.
    Call(String, Vec<Literal>),
}

/// A literal.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Literal {
    Text(String),
    /// A number, as written.
    Number(String),
}

/// Parses up to and with the closing `}}`; gives the bytes taken. `text` begins after the `{{`,
/// which stands at byte `at` of `whole`.
pub(super) fn parse(whole: &str, at: usize) -> Result<(Expr, usize), TemplateError> {
    let mut parser = Parser { whole, at: at + 2 };
    parser.skip_space();
    if parser.rest().is_empty() {
        return Err(TemplateError::Unclosed { at: character(whole, at) });
    }
    let expr = parser.expr()?;
    parser.skip_space();
    if parser.rest().starts_with("}}") {
        return Ok((expr, parser.at + 2));
    }
    if parser.rest().is_empty() {
        return Err(TemplateError::Unclosed { at: character(whole, at) });
    }
    Err(parser.expected("expected `}}` here; a template holds one name, function, string or number"))
}

/// The character that a byte belongs to, from 1.
pub(super) fn character(whole: &str, at: usize) -> usize {
    whole[..at].chars().count() + 1
}

struct Parser<'a> {
    whole: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.whole[self.at..]
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn take(&mut self, token: char) -> bool {
        self.skip_space();
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len_utf8();
        }
        found
    }

    fn expected(&self, what: &str) -> TemplateError {
        TemplateError::Syntax { at: character(self.whole, self.at), expected: what.to_owned() }
    }

    fn expr(&mut self) -> Result<Expr, TemplateError> {
        if let Some(literal) = self.literal()? {
            return Ok(Expr::Literal(literal));
        }
        let name = self
            .ident()
            .ok_or_else(|| self.expected("expected a name, a function, a string in quotes or a number"))?;
        if self.take('(') {
            return Ok(Expr::Call(name, self.arguments()?));
        }
        let mut keys = vec![name];
        loop {
            if self.take('.') {
                self.skip_space();
                keys.push(self.key().ok_or_else(|| self.expected("expected a name after the dot"))?);
            } else if self.take('[') {
                self.skip_space();
                match self.literal()? {
                    Some(Literal::Text(key) | Literal::Number(key)) => keys.push(key),
                    None => return Err(self.expected("expected a name in quotes or a number")),
                }
                if !self.take(']') {
                    return Err(self.expected("expected `]`"));
                }
            } else {
                return Ok(Expr::Name(keys));
            }
        }
    }

    fn arguments(&mut self) -> Result<Vec<Literal>, TemplateError> {
        let mut arguments = Vec::new();
        if self.take(')') {
            return Ok(arguments);
        }
        loop {
            self.skip_space();
            let literal = self.literal()?;
            arguments.push(literal.ok_or_else(|| self.expected("expected a string in quotes or a number"))?);
            if self.take(')') {
                return Ok(arguments);
            }
            if !self.take(',') {
                return Err(self.expected("expected `,` or `)`"));
            }
        }
    }

    fn ident(&mut self) -> Option<String> {
        self.rest().starts_with(|c: char| c.is_alphabetic() || c == '_').then(|| self.key())?
    }

    fn key(&mut self) -> Option<String> {
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(rest.len());
        let key = rest[..end].to_owned();
        self.at += end;
        (!key.is_empty()).then_some(key)
    }

    fn literal(&mut self) -> Result<Option<Literal>, TemplateError> {
        match self.rest().chars().next() {
            Some(quote @ ('"' | '\'')) => self.string(quote).map(Some),
            Some(c) if c.is_ascii_digit() || c == '-' => self.number().map(Some),
            _ => Ok(None),
        }
    }

    fn number(&mut self) -> Result<Literal, TemplateError> {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+')))
            .unwrap_or(rest.len());
        let number = rest[..end].to_owned();
        if serde_json::from_str::<serde_json::Number>(&number).is_err() {
            return Err(self.expected("this is not a number"));
        }
        self.at += end;
        Ok(Literal::Number(number))
    }

    fn string(&mut self, quote: char) -> Result<Literal, TemplateError> {
        let start = self.at;
        let mut text = String::new();
        let mut chars = self.whole[start + 1..].char_indices();
        while let Some((offset, c)) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 't')) => text.push('\t'),
                    Some((_, c @ ('\\' | '"' | '\''))) => text.push(c),
                    _ => {
                        return Err(self.expected(
                            r#"in this string, only \n, \t, \\, \" and \' may follow a backslash"#,
                        ));
                    }
                },
                c if c == quote => {
                    self.at = start + 1 + offset + 1;
                    return Ok(Literal::Text(text));
                }
                c => text.push(c),
            }
        }
        Err(self.expected("this string is never closed"))
    }
}
