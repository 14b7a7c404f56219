//! Just enough of the POSIX shell to read a command line: words, quotes and where a command ends.
//!
//! Nothing is expanded. `$NAME` becomes a variable of the environment; a command inside a command cannot be known.

use super::own::filled;
use crate::convert::import::draft::{Bit, written};

/// Deepest nesting of functions in a script of MAID.
const MAX_DEPTH: usize = 8;

/// A part of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text that stands for itself.
    Text(String),
    /// `$NAME`.
    Env(String),
    /// What a script of MAID puts in.
    Filled(Bit),
    /// Name and password, as a script of MAID writes them for Basic credentials.
    Pair(Word),
}

/// A word of a command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word(pub(super) Vec<Piece>);

impl Word {
    /// The word as a text, variables as they are written.
    pub(super) fn plain(&self) -> String {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Env(name) => format!("${name}"),
                Piece::Filled(bit) => written(std::slice::from_ref(bit)),
                Piece::Pair(word) => word.plain(),
            })
            .collect()
    }

    fn push(&mut self, c: char) {
        match self.0.last_mut() {
            Some(Piece::Text(text)) => text.push(c),
            _ => self.0.push(Piece::Text(c.to_string())),
        }
    }
}

/// A command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Command {
    /// Line that it begins on, from 1.
    pub(super) line: usize,
    pub(super) words: Vec<Word>,
    /// Why it cannot be known what it does.
    pub(super) refused: Option<String>,
    /// The last comment before it, where that is of interest.
    pub(super) comment: Option<String>,
}

/// Why a text is no script, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) message: String,
}

/// The commands of a script.
pub(super) fn commands(text: &str) -> Result<Vec<Command>, Wrong> {
    let mut reader =
        Reader { chars: text.chars().collect(), at: 0, line: 1, line_start: 0, ..Reader::default() };
    reader.read()?;
    Ok(reader.commands)
}

/// The commands of a script that MAID has written, whose functions are known. It begins on `line`.
pub(super) fn own_commands(text: &str, line: usize) -> Result<Vec<Command>, Wrong> {
    let mut reader = Reader { chars: text.chars().collect(), line, own: true, ..Reader::default() };
    reader.read()?;
    Ok(reader.commands)
}

#[derive(Default)]
struct Reader {
    chars: Vec<char>,
    at: usize,
    line: usize,
    line_start: usize,
    commands: Vec<Command>,
    command: Command,
    word: Option<Word>,
    /// The next word is the file of a redirection.
    redirected: bool,
    /// MAID has written the script.
    own: bool,
    comment: Option<String>,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        if c == '\n' {
            self.line += 1;
            self.line_start = self.at;
        }
        Some(c)
    }

    fn wrong(&self, at: (usize, usize), message: impl Into<String>) -> Wrong {
        Wrong { line: at.0, column: at.1, message: message.into() }
    }

    /// Line and column of the character that was read last, from 1.
    const fn place(&self) -> (usize, usize) {
        (self.line, self.at - self.line_start)
    }

    fn read(&mut self) -> Result<(), Wrong> {
        while let Some(c) = self.next() {
            match c {
                ' ' | '\t' | '\r' => self.end_word(),
                '\n' | ';' => self.end_command(),
                '&' | '|' if self.url_goes_on(c) => self.push(c),
                '&' | '|' => {
                    if self.peek() == Some(c) {
                        self.next();
                    }
                    self.end_command();
                }
                '>' => self.redirect(),
                '<' => {
                    self.refuse(
                        "it reads from a file or a heredoc, which is never opened: write the data with -d",
                    );
                    self.redirect();
                }
                '#' if self.word.is_none() => self.skip_line(),
                '\\' => self.escaped(),
                '\'' => self.single()?,
                '"' => self.double()?,
                '$' => self.dollar(false)?,
                '`' => {
                    let at = self.place();
                    self.substitution('`', at)?;
                }
                c => self.push(c),
            }
        }
        self.end_command();
        Ok(())
    }

    fn push(&mut self, c: char) {
        self.begin_word().push(c);
    }

    fn begin_word(&mut self) -> &mut Word {
        if self.command.words.is_empty() && self.word.is_none() {
            self.command.line = self.line;
        }
        self.word.get_or_insert_default()
    }

    /// People forget to quote `http://h/?a=1&b=2`, and mean it.
    fn url_goes_on(&self, c: char) -> bool {
        let in_url = |word: &Word| {
            let text = word.plain();
            text.contains("://") && text.contains('?')
        };
        c == '&'
            && self.word.as_ref().is_some_and(in_url)
            && self.peek().is_some_and(|next| next.is_alphanumeric() || matches!(next, '_' | '$' | '%'))
    }

    fn end_word(&mut self) {
        if let Some(word) = self.word.take()
            && !std::mem::take(&mut self.redirected)
        {
            self.command.words.push(word);
        }
    }

    fn end_command(&mut self) {
        self.end_word();
        self.redirected = false;
        let mut command = std::mem::take(&mut self.command);
        if !command.words.is_empty() {
            command.comment = self.comment.take();
            self.commands.push(command);
        }
    }

    fn refuse(&mut self, why: &str) {
        self.command.refused.get_or_insert_with(|| why.to_owned());
    }

    /// `> file`, `2>&1`: where output goes is of no interest.
    fn redirect(&mut self) {
        let number = self.word.as_ref().is_some_and(|word| word.plain().chars().all(|c| c.is_ascii_digit()));
        if number {
            self.word = None;
        }
        self.end_word();
        while matches!(self.peek(), Some('>' | '<' | '&' | '-')) {
            self.next();
        }
        self.redirected = true;
    }

    fn skip_line(&mut self) {
        let start = self.at;
        while self.peek().is_some_and(|c| c != '\n') {
            self.next();
        }
        if self.own {
            let comment: String = self.chars[start..self.at].iter().collect();
            self.comment = Some(comment.trim_start().to_owned());
        }
    }

    fn escaped(&mut self) {
        match self.next() {
            // The line goes on; files of other systems end it with two characters.
            Some('\n') => {}
            Some('\r') if self.peek() == Some('\n') => {
                self.next();
            }
            Some(c) => self.push(c),
            None => {}
        }
    }

    fn single(&mut self) -> Result<(), Wrong> {
        let at = self.place();
        self.begin_word();
        loop {
            match self.next() {
                Some('\'') => return Ok(()),
                Some(c) => self.push(c),
                None => {
                    return Err(
                        self.wrong(at, "the quote ' that begins here is never closed: add another one")
                    );
                }
            }
        }
    }

    fn double(&mut self) -> Result<(), Wrong> {
        let at = self.place();
        self.begin_word();
        loop {
            match self.next() {
                Some('"') => return Ok(()),
                Some('\\') => match self.next() {
                    Some('\n') => {}
                    Some(c @ ('"' | '\\' | '$' | '`')) => self.push(c),
                    Some(c) => {
                        self.push('\\');
                        self.push(c);
                    }
                    None => {}
                },
                Some('$') => self.dollar(true)?,
                Some('`') => {
                    let at = self.place();
                    self.substitution('`', at)?;
                }
                Some(c) => self.push(c),
                None => {
                    return Err(
                        self.wrong(at, "the quote \" that begins here is never closed: add another one")
                    );
                }
            }
        }
    }

    fn dollar(&mut self, quoted: bool) -> Result<(), Wrong> {
        let at = self.place();
        match self.peek() {
            Some('\'') if !quoted => {
                self.next();
                self.ansi(at)
            }
            Some('(') => {
                self.next();
                self.substitution(')', at)
            }
            Some('{') => {
                let rest = &self.chars[self.at + 1..];
                let end = rest.iter().take(200).position(|c| *c == '}');
                let name: String = rest[..end.unwrap_or(0)].iter().collect();
                if is_name(&name) {
                    self.at += name.chars().count() + 2;
                    self.begin_word().0.push(Piece::Env(name));
                } else {
                    self.refuse(
                        "it changes a variable while it expands it: write the value, or a plain $NAME",
                    );
                    self.push('$');
                }
                Ok(())
            }
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                let rest = &self.chars[self.at..];
                let name: String =
                    rest.iter().take_while(|c| c.is_ascii_alphanumeric() || **c == '_').collect();
                self.at += name.len();
                self.begin_word().0.push(Piece::Env(name));
                Ok(())
            }
            _ => {
                self.push('$');
                Ok(())
            }
        }
    }

    /// A command inside a command: passed over, and what holds it is refused.
    fn substitution(&mut self, end: char, at: (usize, usize)) -> Result<(), Wrong> {
        self.begin_word();
        if self.own && end == ')' {
            return self.own_substitution(at);
        }
        self.refuse("it runs another command inside, which is not done: write its result, or a variable such as $TOKEN");
        let mut depth = 1;
        while depth > 0 {
            match self.next() {
                Some(c) if c == end => depth -= 1,
                Some('(') if end == ')' => depth += 1,
                Some(_) => {}
                None => return Err(self.wrong(at, format!("what begins here is never closed: add `{end}`"))),
            }
        }
        Ok(())
    }

    /// A function of MAID's own scripts, such as `$(as_json "$v_token")`.
    fn own_substitution(&mut self, at: (usize, usize)) -> Result<(), Wrong> {
        let (start, line) = (self.at, self.line);
        self.skip_substitution(at, 0)?;
        let inside: String = self.chars[start..self.at - 1].iter().collect();
        let commands = own_commands(&inside, line)?;
        match filled(&commands) {
            Some(pieces) => self.begin_word().0.extend(pieces),
            None => self.refuse("it runs a function that no script of MAID has"),
        }
        Ok(())
    }

    /// Reads to the end of a substitution, past those within it and past what is quoted.
    fn skip_substitution(&mut self, at: (usize, usize), depth: usize) -> Result<(), Wrong> {
        let mut quoted = false;
        if depth > MAX_DEPTH {
            return Err(self.wrong(at, "functions stand in each other too deep here"));
        }
        loop {
            match self.next() {
                Some(')') if !quoted => return Ok(()),
                Some('"') => quoted = !quoted,
                Some('\\') => drop(self.next()),
                Some('$') if self.peek() == Some('(') => {
                    self.next();
                    self.skip_substitution(at, depth + 1)?;
                }
                Some('\'') if !quoted => while self.next().is_some_and(|c| c != '\'') {},
                Some(_) => {}
                None => return Err(self.wrong(at, "what begins here is never closed: add `)`")),
            }
        }
    }

    /// `$'...'`, where a backslash begins an escape as in C.
    fn ansi(&mut self, at: (usize, usize)) -> Result<(), Wrong> {
        self.begin_word();
        loop {
            match self.next() {
                Some('\'') => return Ok(()),
                Some('\\') => self.ansi_escape(),
                Some(c) => self.push(c),
                None => {
                    return Err(self.wrong(at, "the quote $' that begins here is never closed: add a `'`"));
                }
            }
        }
    }

    fn ansi_escape(&mut self) {
        let c = self.next().unwrap_or('\\');
        let (digits, radix) = match c {
            'x' => (2, 16),
            'u' => (4, 16),
            'U' => (8, 16),
            '0'..='7' => (3, 8),
            _ => (0, 0),
        };
        if digits > 0 {
            self.at -= usize::from(radix == 8);
            let rest = &self.chars[self.at..];
            let code: String = rest.iter().take(digits).take_while(|c| c.is_digit(radix)).collect();
            self.at += code.len();
            let read = u32::from_str_radix(&code, radix).ok().and_then(char::from_u32);
            return self.push(read.unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        self.push(match c {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'a' => '\u{7}',
            'b' => '\u{8}',
            'e' | 'E' => '\u{1b}',
            'f' => '\u{c}',
            'v' => '\u{b}',
            other => other,
        });
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<Vec<String>> {
        let commands = commands(text).expect("a script");
        commands.iter().map(|command| command.words.iter().map(Word::plain).collect()).collect()
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "[a-z'\"\\\\$`(){}<>|&;# \n\r0-9]{0,60}") {
            commands(&text).ok();
        }

        #[test]
        fn a_quoted_text_is_itself(text in "[^\u{0}]{0,60}") {
            let quoted = format!("curl '{}'", text.replace('\'', r"'\''"));
            prop_assert_eq!(words(&quoted), vec![vec!["curl".to_owned(), text]]);
        }
    }

    #[test]
    fn words_are_those_of_the_shell() {
        assert_eq!(
            words(
                "curl 'a b' \"c\\\"d\" e\\ f $'g\\n\\x41\\u00e9\\101' \\\n  h # no\ncurl i;curl j && curl k 2>&1 > /dev/null"
            ),
            [
                vec!["curl", "a b", "c\"d", "e f", "g\nAéA", "h"],
                vec!["curl", "i"],
                vec!["curl", "j"],
                vec!["curl", "k"]
            ]
        );
        let named = commands("curl -H \"Authorization: Bearer $TOKEN\" ${HOST}/x").expect("a script");
        assert_eq!(named[0].words[2].0[1], Piece::Env("TOKEN".into()));
        assert_eq!(named[0].words[3].0[0], Piece::Env("HOST".into()));
        assert_eq!(words("curl http://h/?a=1&b=2 &"), [["curl", "http://h/?a=1&b=2"]]);
    }

    #[test]
    fn what_is_never_closed_has_a_place() {
        for (text, line, column) in
            [("curl 'a", 1, 6), ("curl \\\n  \"a", 2, 3), ("curl $'a", 1, 6), ("curl $(a", 1, 6)]
        {
            let wrong = commands(text).expect_err("it is never closed");
            assert_eq!((wrong.line, wrong.column), (line, column), "{text}");
        }
    }
}
