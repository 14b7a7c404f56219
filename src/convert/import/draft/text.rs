//! Texts from elsewhere as the template language wants them.

use serde_json::{Map, Value};

/// A text of pieces: some that stand for themselves, some that are templates.
#[derive(Clone, Debug, Default)]
pub(in crate::convert::import) struct Text {
    done: String,
    /// What stands for itself since the last template. Neighbours are escaped together: `{` and `{` make `{{`.
    pending: String,
}

impl Text {
    /// Adds a text that stands for itself.
    pub(in crate::convert::import) fn literal(&mut self, text: &str) -> &mut Self {
        self.pending.push_str(text);
        self
    }

    /// Adds a template, such as `{{ token }}` or `${env:TOKEN}`.
    pub(in crate::convert::import) fn template(&mut self, template: &str) -> &mut Self {
        self.flush();
        insert(template, &mut self.done);
        self
    }

    fn flush(&mut self) {
        self.done.push_str(&literal(&self.pending));
        self.pending.clear();
    }

    /// The text as it is written in a document.
    pub(in crate::convert::import) fn finish(mut self) -> String {
        self.flush();
        self.done
    }
}

/// A text that stands for itself, where templates are filled in.
pub(in crate::convert::import) fn literal(text: &str) -> String {
    const MARKS: [(&str, &str, &str); 2] = [("{{", r#"{{ "{{" }}"#, ""), ("${env:", r#"{{ "${" }}"#, "env:")];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let next = |rest: &str| {
        let found = MARKS.iter().filter_map(|mark| Some((rest.find(mark.0)?, mark)));
        found.min_by_key(|(at, _)| *at)
    };
    while let Some((at, (mark, template, after))) = next(rest) {
        out.push_str(&rest[..at]);
        insert(template, &mut out);
        out.push_str(after);
        rest = &rest[at + mark.len()..];
    }
    out.push_str(rest);
    out
}

/// Adds a template. A brace before it would be taken for its first one.
pub(in crate::convert::import) fn insert(template: &str, out: &mut String) {
    if out.ends_with('{') {
        out.pop();
        out.push_str(r#"{{ "{" }}"#);
    }
    out.push_str(template);
}

/// A value whose texts stand for themselves.
pub(in crate::convert::import) fn literal_json(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(literal(&text)),
        Value::Array(list) => Value::Array(list.into_iter().map(literal_json).collect()),
        Value::Object(map) => Value::Object(
            map.into_iter().map(|(key, value)| (literal(&key), literal_json(value))).collect::<Map<_, _>>(),
        ),
        other => other,
    }
}

/// A text for where no template is filled in but the environment is: a name, a description.
pub(in crate::convert::import) fn plain(text: &str) -> String {
    text.replace("${env:", "$(env:")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::loadtest::template::{Escape, Names, Template};

    fn rendered(text: &str) -> Option<String> {
        let template = Template::compile(text, Escape::None, &Names::default()).ok()?;
        template.as_static().map(str::to_owned)
    }

    proptest! {
        #[test]
        fn what_is_literal_stands_for_itself(text in ".*|[{}$env:\" a\\\\]{0,20}") {
            prop_assert_eq!(rendered(&literal(&text)), Some(text.clone()));
            let mut mixed = Text::default();
            mixed.literal(&text).template(r#"{{ "!" }}"#).literal(&text);
            prop_assert_eq!(rendered(&mixed.finish()), Some(format!("{text}!{text}")));
        }
    }
}
