//! JavaScript as a common tree.

use std::rc::Rc;

use tree_sitter::Node;

use super::{
    lower::Lower,
    strings::{surrogate, unescaped},
    tree::{Arg, Call, Count, DEFAULT, Expr, Function, Kind, Op, Pattern, Stmt, What},
};

/// Statements of a program or block.
pub(super) fn statements(lower: &mut Lower<'_>, node: Node<'_>) -> Vec<Stmt> {
    let mut out = Vec::new();
    for child in lower.named(node) {
        if lower.enter(child) {
            statement(lower, child, &mut out);
            lower.leave();
        }
    }
    out
}

/// The body of an `if` or a loop: a block, or one statement.
fn body(lower: &mut Lower<'_>, node: Option<Node<'_>>) -> Vec<Stmt> {
    match node {
        None => Vec::new(),
        Some(block) if block.kind() == "statement_block" => statements(lower, block),
        Some(one) => {
            let mut out = Vec::new();
            if lower.enter(one) {
                statement(lower, one, &mut out);
                lower.leave();
            }
            out
        }
    }
}

fn statement(lower: &mut Lower<'_>, node: Node<'_>, out: &mut Vec<Stmt>) {
    let field = |name: &str| node.child_by_field_name(name);
    let what = match node.kind() {
        "comment" | "empty_statement" | "hash_bang_line" => return,
        "export_statement" => return export(lower, node, out),
        "import_statement" => import(lower, node),
        "lexical_declaration" | "variable_declaration" => What::Let(declarations(lower, node)),
        "function_declaration" | "generator_function_declaration" => {
            What::Function(function(lower, node, None))
        }
        "expression_statement" => match lower.named(node).first() {
            Some(inner) => effect(lower, *inner),
            None => return,
        },
        "statement_block" => return out.extend(statements(lower, node)),
        "if_statement" => {
            let test = lowered(lower, field("condition"), node);
            let then = body(lower, field("consequence"));
            let alternative = field("alternative").and_then(|clause| lower.named(clause).into_iter().next());
            What::If(test, then, body(lower, alternative))
        }
        "for_in_statement" => {
            let pattern = field("left").map_or(Pattern::Other, |left| pattern(lower, left));
            let of = lowered(lower, field("right"), node);
            What::Each(pattern, of, body(lower, field("body")))
        }
        "for_statement" => {
            let start = body(lower, field("initializer"));
            let start = if start.is_empty() { loose(lower, field("initializer")) } else { start };
            let test = field("condition").filter(Node::is_named).map(|test| expr(lower, test));
            let step = loose(lower, field("increment"));
            What::Count(Box::new(Count { start, test, step, body: body(lower, field("body")) }))
        }
        "while_statement" | "do_statement" => What::While(body(lower, field("body"))),
        "return_statement" => {
            let value = lower.named(node).into_iter().find(|child| child.kind() != "comment");
            What::Return(value.map(|value| expr(lower, value)))
        }
        "try_statement" => {
            let tried = body(lower, field("body"));
            let handler = body(lower, within(field("handler")));
            What::Try(tried, handler, body(lower, within(field("finalizer"))))
        }
        "throw_statement" => What::Raise,
        "break_statement" | "continue_statement" => What::Break,
        _ => What::Other,
    };
    out.push(Stmt { at: lower.at(node), what });
}

/// The block of a `catch` or `finally`.
fn within(clause: Option<Node<'_>>) -> Option<Node<'_>> {
    clause.and_then(|clause| clause.child_by_field_name("body"))
}

/// An expression that stands where a statement may, such as the step of a loop.
fn loose(lower: &mut Lower<'_>, node: Option<Node<'_>>) -> Vec<Stmt> {
    let Some(node) = node.filter(|node| node.is_named() && !node.kind().ends_with("statement")) else {
        return Vec::new();
    };
    let what = effect(lower, node);
    vec![Stmt { at: lower.at(node), what }]
}

/// What an expression does that stands for itself.
fn effect(lower: &mut Lower<'_>, node: Node<'_>) -> What {
    let field = |name: &str| node.child_by_field_name(name);
    match node.kind() {
        "assignment_expression" => {
            let target = field("left").map_or(Pattern::Other, |left| pattern(lower, left));
            What::Assign(target, lowered(lower, field("right"), node))
        }
        "augmented_assignment_expression" => {
            let op = match lower.text(field("operator")) {
                "+=" => None,
                "-=" => Some(Op::Sub),
                "*=" => Some(Op::Mul),
                _ => Some(Op::Other),
            };
            What::Change(lowered(lower, field("left"), node), op, lowered(lower, field("right"), node))
        }
        "update_expression" => {
            let op = (lower.text(field("operator")) == "--").then_some(Op::Sub);
            let one = Expr { at: lower.at(node), kind: Kind::Number(1.into()) };
            What::Change(lowered(lower, field("argument"), node), op, one)
        }
        _ => What::Expr(expr(lower, node)),
    }
}

fn export(lower: &mut Lower<'_>, node: Node<'_>, out: &mut Vec<Stmt>) {
    if let Some(declaration) = node.child_by_field_name("declaration") {
        if lower.has_word(node, "default")
            && matches!(declaration.kind(), "function_declaration" | "generator_function_declaration")
        {
            let function = function(lower, declaration, Some(DEFAULT));
            return out.push(Stmt { at: lower.at(node), what: What::Function(function) });
        }
        return statement(lower, declaration, out);
    }
    let what = match node.child_by_field_name("value") {
        Some(value) => What::Default(expr(lower, value)),
        // `export { a, b }` and `export ... from` name what is elsewhere.
        None if node.child_by_field_name("source").is_some() => What::Other,
        None => What::Pass,
    };
    out.push(Stmt { at: lower.at(node), what });
}

fn import(lower: &mut Lower<'_>, node: Node<'_>) -> What {
    let module = node.child_by_field_name("source").map(|source| string(lower, source)).unwrap_or_default();
    let mut names = Vec::new();
    let clauses = lower.named(node).into_iter().filter(|child| child.kind() == "import_clause");
    for part in clauses.flat_map(|clause| lower.named(clause)).collect::<Vec<_>>() {
        match part.kind() {
            "identifier" => names.push(("default".to_owned(), lower.text(Some(part)).to_owned())),
            "namespace_import" => {
                let name = lower.named(part).into_iter().next();
                names.push(("*".to_owned(), lower.text(name).to_owned()));
            }
            _ => names.extend(lower.named(part).into_iter().map(|one| {
                let name = lower.text(one.child_by_field_name("name")).to_owned();
                let alias = one.child_by_field_name("alias").map(|alias| lower.text(Some(alias)).to_owned());
                (name.clone(), alias.unwrap_or(name))
            })),
        }
    }
    What::Import(module, names)
}

fn declarations(lower: &mut Lower<'_>, node: Node<'_>) -> Vec<(Pattern, Option<Expr>)> {
    let all = lower.named(node).into_iter().filter(|child| child.kind() == "variable_declarator");
    let mut out = Vec::new();
    for declarator in all {
        let name = declarator.child_by_field_name("name");
        let name = name.map_or(Pattern::Other, |name| pattern(lower, name));
        let value = declarator.child_by_field_name("value").map(|value| expr(lower, value));
        out.push((name, value));
    }
    out
}

fn pattern(lower: &mut Lower<'_>, node: Node<'_>) -> Pattern {
    if !lower.enter(node) {
        return Pattern::Other;
    }
    let made = match node.kind() {
        "identifier" => Pattern::Name(lower.text(Some(node)).to_owned()),
        "member_expression" | "subscript_expression" => Pattern::Target(expr(lower, node)),
        "assignment_pattern" => {
            node.child_by_field_name("left").map_or(Pattern::Other, |left| pattern(lower, left))
        }
        "array_pattern" => {
            Pattern::Items(lower.named(node).into_iter().map(|item| pattern(lower, item)).collect())
        }
        "object_pattern" => {
            let named = |lower: &Lower<'_>, child: Node<'_>| {
                let key = lower.text(child.child_by_field_name("key").or(Some(child))).to_owned();
                let value = child.child_by_field_name("value").filter(|value| value.kind() == "identifier");
                (key.clone(), value.map_or(key, |value| lower.text(Some(value)).to_owned()))
            };
            Pattern::Fields(lower.named(node).into_iter().map(|child| named(lower, child)).collect())
        }
        _ => Pattern::Other,
    };
    lower.leave();
    made
}

fn function(lower: &mut Lower<'_>, node: Node<'_>, name: Option<&str>) -> Rc<Function> {
    let field = |name: &str| node.child_by_field_name(name);
    let mut params = Vec::new();
    let listed = field("parameters").map(|list| lower.named(list)).unwrap_or_default();
    for param in listed.into_iter().chain(field("parameter")).filter(|param| param.kind() != "comment") {
        let default = param.child_by_field_name("right").map(|value| expr(lower, value));
        params.push((pattern(lower, param), default));
    }
    let body = match field("body") {
        Some(block) if block.kind() == "statement_block" => statements(lower, block),
        Some(value) => {
            let value = expr(lower, value);
            vec![Stmt { at: value.at, what: What::Return(Some(value)) }]
        }
        None => Vec::new(),
    };
    let name = name.map_or_else(|| lower.text(field("name")).to_owned(), str::to_owned);
    Rc::new(Function { at: lower.at(node), name, params, body, decorators: Vec::new() })
}

/// An expression that has to be there.
fn lowered(lower: &mut Lower<'_>, node: Option<Node<'_>>, around: Node<'_>) -> Expr {
    lower.lowered(node, around, kind)
}

/// An expression.
fn expr(lower: &mut Lower<'_>, node: Node<'_>) -> Expr {
    lower.expr(node, kind)
}

fn kind(lower: &mut Lower<'_>, node: Node<'_>) -> Kind {
    let field = |name: &str| node.child_by_field_name(name);
    match node.kind() {
        "null" | "undefined" => Kind::Nothing,
        "true" => Kind::Bool(true),
        "false" => Kind::Bool(false),
        "number" => lower.number(node),
        "string" => Kind::Text(string(lower, node)),
        "template_string" => template(lower, node),
        "regex" => Kind::Pattern(lower.text(field("pattern")).to_owned()),
        "identifier" => Kind::Name(lower.text(Some(node)).to_owned()),
        "member_expression" => {
            let name = lower.text(field("property")).to_owned();
            Kind::Member(Box::new(lowered(lower, field("object"), node)), name)
        }
        "subscript_expression" => {
            let object = lowered(lower, field("object"), node);
            Kind::Index(Box::new(object), Box::new(lowered(lower, field("index"), node)))
        }
        "call_expression" | "new_expression" => call(lower, node),
        "array" => {
            let items = lower.named(node).into_iter().filter(|item| item.kind() != "comment");
            Kind::List(items.map(|item| expr(lower, item)).collect())
        }
        "object" => object(lower, node),
        "arrow_function" | "function_expression" => Kind::Function(function(lower, node, None)),
        "unary_expression" => {
            let argument = Box::new(lowered(lower, field("argument"), node));
            match lower.text(field("operator")) {
                "!" => Kind::Not(argument),
                "-" => Kind::Negative(argument),
                "+" => argument.kind,
                _ => Kind::Other,
            }
        }
        "binary_expression" => lower.binary(node, expr),
        "ternary_expression" => {
            let test = lowered(lower, field("condition"), node);
            let then = lowered(lower, field("consequence"), node);
            Kind::Choice(Box::new([test, then, lowered(lower, field("alternative"), node)]))
        }
        "spread_element" => match lower.named(node).first() {
            Some(inner) => Kind::Spread(Box::new(expr(lower, *inner))),
            None => Kind::Other,
        },
        _ => Kind::Other,
    }
}

fn call(lower: &mut Lower<'_>, node: Node<'_>) -> Kind {
    let callee = node.child_by_field_name("function").or_else(|| node.child_by_field_name("constructor"));
    let callee = lowered(lower, callee, node);
    let mut args = Vec::new();
    match node.child_by_field_name("arguments") {
        // http.url`...`
        Some(tagged) if tagged.kind() == "template_string" => {
            args.push(Arg { name: None, value: expr(lower, tagged) });
        }
        Some(list) => {
            for value in lower.named(list).into_iter().filter(|child| child.kind() != "comment") {
                args.push(Arg { name: None, value: expr(lower, value) });
            }
        }
        None => {}
    }
    Kind::Call(Box::new(Call { callee, args }))
}

fn object(lower: &mut Lower<'_>, node: Node<'_>) -> Kind {
    let mut entries = Vec::new();
    for child in lower.named(node) {
        let at = lower.at(child);
        let text = |lower: &Lower<'_>, node| Kind::Text(lower.text(node).to_owned());
        match child.kind() {
            "pair" => {
                let key = child.child_by_field_name("key");
                let key = match key.map(|key| (key, key.kind())) {
                    Some((key, "computed_property_name")) => match lower.named(key).first() {
                        Some(inner) => expr(lower, *inner),
                        None => continue,
                    },
                    Some((key, "string")) => expr(lower, key),
                    _ => Expr { at, kind: text(lower, key) },
                };
                entries.push((key, lowered(lower, child.child_by_field_name("value"), child)));
            }
            "shorthand_property_identifier" => {
                let name = lower.text(Some(child)).to_owned();
                entries
                    .push((Expr { at, kind: Kind::Text(name.clone()) }, Expr { at, kind: Kind::Name(name) }));
            }
            "method_definition" => {
                let key = Expr { at, kind: text(lower, child.child_by_field_name("name")) };
                let method = Kind::Function(function(lower, child, None));
                entries.push((key, Expr { at, kind: method }));
            }
            "spread_element" => {
                let spread = expr(lower, child);
                entries.push((Expr { at, kind: Kind::Nothing }, spread));
            }
            _ => {}
        }
    }
    Kind::Object(entries)
}

fn string(lower: &Lower<'_>, node: Node<'_>) -> String {
    let (mut out, mut done, mut before) = (String::new(), node.start_byte() + 1, None::<Node<'_>>);
    for escape in lower.named(node).into_iter().filter(|child| child.kind() == "escape_sequence") {
        out.push_str(lower.between(done, escape.start_byte()));
        put_escape(lower, escape, before.filter(|before| before.end_byte() == escape.start_byte()), &mut out);
        done = escape.end_byte();
        before = Some(escape);
    }
    out.push_str(lower.between(done, node.end_byte().saturating_sub(1)));
    out
}

fn put_escape(lower: &Lower<'_>, escape: Node<'_>, before: Option<Node<'_>>, out: &mut String) {
    let text = lower.text(Some(escape));
    if let Some(whole) = before.and_then(|before| surrogate(lower.text(Some(before)), text)) {
        out.pop();
        out.push(whole);
    } else {
        out.push_str(&unescaped(text, false));
    }
}

fn template(lower: &mut Lower<'_>, node: Node<'_>) -> Kind {
    let (mut parts, mut text) = (Vec::new(), String::new());
    let (mut done, at) = (node.start_byte() + 1, lower.at(node));
    let mut before = None::<Node<'_>>;
    for child in lower.named(node) {
        match child.kind() {
            "escape_sequence" => {
                text.push_str(lower.between(done, child.start_byte()));
                let neighbour = before.filter(|before| before.end_byte() == child.start_byte());
                put_escape(lower, child, neighbour, &mut text);
                before = Some(child);
            }
            "template_substitution" => {
                text.push_str(lower.between(done, child.start_byte()));
                parts.push(Expr { at, kind: Kind::Text(std::mem::take(&mut text)) });
                if let Some(inner) = lower.named(child).first() {
                    parts.push(expr(lower, *inner));
                }
            }
            _ => continue,
        }
        done = child.end_byte();
    }
    text.push_str(lower.between(done, node.end_byte().saturating_sub(1)));
    if parts.is_empty() {
        return Kind::Text(text);
    }
    parts.push(Expr { at, kind: Kind::Text(text) });
    Kind::Template(parts)
}
