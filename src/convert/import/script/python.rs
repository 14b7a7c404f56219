//! Python as a common tree.

use std::rc::Rc;

use tree_sitter::Node;

use super::{
    lower::{Lower, op},
    strings::unescaped,
    tree::{Arg, Call, Class, Expr, Function, Kind, Op, Pattern, Stmt, What},
};

/// Statements of a module or block.
pub(super) fn statements(lower: &mut Lower<'_>, node: Node<'_>) -> Vec<Stmt> {
    let mut out = Vec::new();
    for child in lower.named(node) {
        if lower.enter(child) {
            statement(lower, child, Vec::new(), &mut out);
            lower.leave();
        }
    }
    out
}

fn block(lower: &mut Lower<'_>, node: Option<Node<'_>>) -> Vec<Stmt> {
    node.map(|node| statements(lower, node)).unwrap_or_default()
}

fn statement(lower: &mut Lower<'_>, node: Node<'_>, decorators: Vec<Expr>, out: &mut Vec<Stmt>) {
    let field = |name: &str| node.child_by_field_name(name);
    let what = match node.kind() {
        "comment" => return,
        "expression_statement" => match lower.named(node).first() {
            Some(inner) => effect(lower, *inner),
            None => return,
        },
        "import_statement" | "import_from_statement" | "future_import_statement" => import(lower, node),
        "function_definition" => What::Function(function(lower, node, decorators)),
        "class_definition" => What::Class(class(lower, node, decorators)),
        "decorated_definition" => {
            let marks = lower.named(node).into_iter().filter(|child| child.kind() == "decorator");
            let marks: Vec<_> = marks.filter_map(|mark| lower.named(mark).into_iter().next()).collect();
            let marks = marks.into_iter().map(|mark| expr(lower, mark)).collect();
            if let Some(definition) = field("definition") {
                statement(lower, definition, marks, out);
            }
            return;
        }
        "if_statement" => branch(lower, node),
        "for_statement" => {
            let pattern = field("left").map_or(Pattern::Other, |left| pattern(lower, left));
            let of = lowered(lower, field("right"), node);
            What::Each(pattern, of, block(lower, field("body")))
        }
        "while_statement" => What::While(block(lower, field("body"))),
        "with_statement" => with(lower, node),
        "try_statement" => attempt(lower, node),
        "return_statement" => What::Return(lower.named(node).first().map(|value| expr(lower, *value))),
        "raise_statement" => What::Raise,
        "assert_statement" => match lower.named(node).first() {
            Some(test) => {
                let (at, test) = (lower.at(node), expr(lower, *test));
                let not = Expr { at: test.at, kind: Kind::Not(Box::new(test)) };
                What::If(not, vec![Stmt { at, what: What::Raise }], Vec::new())
            }
            None => What::Pass,
        },
        "pass_statement" | "global_statement" | "nonlocal_statement" => What::Pass,
        "break_statement" | "continue_statement" => What::Break,
        _ => What::Other,
    };
    out.push(Stmt { at: lower.at(node), what });
}

fn effect(lower: &mut Lower<'_>, node: Node<'_>) -> What {
    let field = |name: &str| node.child_by_field_name(name);
    match node.kind() {
        "assignment" => {
            let target = field("left").map_or(Pattern::Other, |left| pattern(lower, left));
            What::Let(vec![(target, field("right").map(|value| expr(lower, value)))])
        }
        "augmented_assignment" => {
            let op = match lower.text(field("operator")) {
                "+=" => None,
                "-=" => Some(Op::Sub),
                "*=" => Some(Op::Mul),
                _ => Some(Op::Other),
            };
            What::Change(lowered(lower, field("left"), node), op, lowered(lower, field("right"), node))
        }
        // A docstring.
        "string" | "concatenated_string" | "ellipsis" => What::Pass,
        _ => What::Expr(expr(lower, node)),
    }
}

fn import(lower: &Lower<'_>, node: Node<'_>) -> What {
    let from = node.child_by_field_name("module_name");
    let module = lower.text(from).to_owned();
    let mut names = Vec::new();
    for name in node.children_by_field_name("name", &mut node.walk()) {
        let (written, alias) = match name.kind() {
            "aliased_import" => (name.child_by_field_name("name"), name.child_by_field_name("alias")),
            _ => (Some(name), None),
        };
        let written = lower.text(written).to_owned();
        let alias = alias.map(|alias| lower.text(Some(alias)).to_owned());
        // `import a.b` gives the name `a`.
        let known = match (&alias, from) {
            (Some(alias), _) => alias.clone(),
            (None, None) => written.split('.').next().unwrap_or_default().to_owned(),
            (None, Some(_)) => written.clone(),
        };
        names.push((if from.is_none() && alias.is_none() { known.clone() } else { written }, known));
    }
    What::Import(module, names)
}

fn function(lower: &mut Lower<'_>, node: Node<'_>, decorators: Vec<Expr>) -> Rc<Function> {
    let params = params(lower, node.child_by_field_name("parameters"));
    let name = lower.text(node.child_by_field_name("name")).to_owned();
    let body = block(lower, node.child_by_field_name("body"));
    Rc::new(Function { at: lower.at(node), name, params, body, decorators })
}

fn params(lower: &mut Lower<'_>, list: Option<Node<'_>>) -> Vec<(Pattern, Option<Expr>)> {
    let mut params = Vec::new();
    for param in list.map(|list| lower.named(list)).unwrap_or_default() {
        let name = match param.kind() {
            "identifier" => Some(param),
            "default_parameter" | "typed_default_parameter" => param.child_by_field_name("name"),
            "typed_parameter" => lower.named(param).into_iter().next(),
            _ => None,
        };
        let default = param.child_by_field_name("value").map(|value| expr(lower, value));
        let name = name.filter(|name| name.kind() == "identifier");
        let name = name.map_or(Pattern::Other, |name| Pattern::Name(lower.text(Some(name)).to_owned()));
        params.push((name, default));
    }
    params
}

fn class(lower: &mut Lower<'_>, node: Node<'_>, decorators: Vec<Expr>) -> Rc<Class> {
    let bases = node.child_by_field_name("superclasses").map(|list| lower.named(list)).unwrap_or_default();
    let bases = bases.into_iter().map(|base| expr(lower, base)).collect();
    let name = lower.text(node.child_by_field_name("name")).to_owned();
    let body = block(lower, node.child_by_field_name("body"));
    Rc::new(Class { at: lower.at(node), name, bases, body, decorators })
}

/// `if` with all of its `elif`, as one within the other.
fn branch(lower: &mut Lower<'_>, node: Node<'_>) -> What {
    let test = lowered(lower, node.child_by_field_name("condition"), node);
    let then = block(lower, node.child_by_field_name("consequence"));
    let clauses: Vec<_> = node.children_by_field_name("alternative", &mut node.walk()).collect();
    let mut otherwise = Vec::new();
    // Too many of them would be nested too deep.
    if clauses.len() > 50 {
        lower.refuse(node);
        return What::Other;
    }
    for clause in clauses.into_iter().rev() {
        if clause.kind() == "else_clause" {
            otherwise = block(lower, clause.child_by_field_name("body"));
            continue;
        }
        let test = lowered(lower, clause.child_by_field_name("condition"), clause);
        let then = block(lower, clause.child_by_field_name("consequence"));
        otherwise = vec![Stmt { at: lower.at(clause), what: What::If(test, then, otherwise) }];
    }
    What::If(test, then, otherwise)
}

fn with(lower: &mut Lower<'_>, node: Node<'_>) -> What {
    let clauses = lower.named(node).into_iter().filter(|child| child.kind() == "with_clause");
    let values: Vec<_> = clauses
        .flat_map(|clause| lower.named(clause))
        .filter_map(|item| item.child_by_field_name("value"))
        .collect();
    let mut items = Vec::new();
    for value in values {
        let parts = if value.kind() == "as_pattern" { lower.named(value) } else { vec![value] };
        let Some(first) = parts.first() else { continue };
        let alias = parts.get(1).map(|alias| lower.text(Some(*alias)).to_owned());
        items.push((expr(lower, *first), alias));
    }
    What::With(items, block(lower, node.child_by_field_name("body")))
}

fn attempt(lower: &mut Lower<'_>, node: Node<'_>) -> What {
    let tried = block(lower, node.child_by_field_name("body"));
    let (mut handlers, mut last) = (Vec::new(), Vec::new());
    for clause in lower.named(node) {
        let inner = lower.named(clause).into_iter().find(|child| child.kind() == "block");
        match clause.kind() {
            "except_clause" | "except_group_clause" => handlers.extend(block(lower, inner)),
            "else_clause" => last.extend(block(lower, clause.child_by_field_name("body"))),
            "finally_clause" => last.extend(block(lower, inner)),
            _ => {}
        }
    }
    What::Try(tried, handlers, last)
}

fn pattern(lower: &mut Lower<'_>, node: Node<'_>) -> Pattern {
    if !lower.enter(node) {
        return Pattern::Other;
    }
    let made = match node.kind() {
        "identifier" => Pattern::Name(lower.text(Some(node)).to_owned()),
        "attribute" | "subscript" => Pattern::Target(expr(lower, node)),
        "pattern_list" | "tuple_pattern" | "list_pattern" | "tuple" => {
            Pattern::Items(lower.named(node).into_iter().map(|item| pattern(lower, item)).collect())
        }
        _ => Pattern::Other,
    };
    lower.leave();
    made
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
        "none" => Kind::Nothing,
        "true" => Kind::Bool(true),
        "false" => Kind::Bool(false),
        "integer" | "float" => lower.number(node),
        "string" | "concatenated_string" => text(lower, node),
        "identifier" => Kind::Name(lower.text(Some(node)).to_owned()),
        "attribute" => {
            let name = lower.text(field("attribute")).to_owned();
            Kind::Member(Box::new(lowered(lower, field("object"), node)), name)
        }
        "subscript" => {
            let object = lowered(lower, field("value"), node);
            Kind::Index(Box::new(object), Box::new(lowered(lower, field("subscript"), node)))
        }
        "call" => call(lower, node),
        "list" | "tuple" | "set" | "expression_list" => {
            let items = lower.named(node).into_iter().filter(|item| item.kind() != "comment");
            Kind::List(items.map(|item| expr(lower, item)).collect())
        }
        "list_splat" => match lower.named(node).first() {
            Some(inner) => Kind::Spread(Box::new(expr(lower, *inner))),
            None => Kind::Other,
        },
        "dictionary" => dictionary(lower, node),
        "lambda" => {
            let params = params(lower, field("parameters"));
            let value = lowered(lower, field("body"), node);
            let body = vec![Stmt { at: value.at, what: What::Return(Some(value)) }];
            let at = lower.at(node);
            Kind::Function(Rc::new(Function {
                at,
                name: String::new(),
                params,
                body,
                decorators: Vec::new(),
            }))
        }
        "not_operator" => Kind::Not(Box::new(lowered(lower, field("argument"), node))),
        "unary_operator" => {
            let argument = Box::new(lowered(lower, field("argument"), node));
            match lower.text(field("operator")) {
                "-" => Kind::Negative(argument),
                "+" => argument.kind,
                _ => Kind::Other,
            }
        }
        "binary_operator" | "boolean_operator" => lower.binary(node, expr),
        "comparison_operator" => comparison(lower, node),
        "conditional_expression" => match lower.named(node).as_slice() {
            [then, test, otherwise] => {
                let (then, test) = (expr(lower, *then), expr(lower, *test));
                Kind::Choice(Box::new([test, then, expr(lower, *otherwise)]))
            }
            _ => Kind::Other,
        },
        _ => Kind::Other,
    }
}

/// `a < b`, and `a <= b < c` as both of its comparisons.
fn comparison(lower: &mut Lower<'_>, node: Node<'_>) -> Kind {
    let operands = lower.named(node);
    let operators: Vec<Op> = node
        .children_by_field_name("operators", &mut node.walk())
        .map(|operator| op(&lower.text(Some(operator)).split_whitespace().collect::<Vec<_>>().join(" ")))
        .collect();
    if operands.len() != operators.len() + 1 || !(1..=4).contains(&operators.len()) {
        return Kind::Other;
    }
    let values: Vec<Expr> = operands.into_iter().map(|operand| expr(lower, operand)).collect();
    let at = lower.at(node);
    let mut pairs = values
        .windows(2)
        .zip(operators)
        .map(|(pair, op)| Kind::Binary(op, Box::new(pair[0].clone()), Box::new(pair[1].clone())));
    let first = pairs.next().unwrap_or(Kind::Other);
    pairs.fold(first, |all, next| {
        Kind::Binary(Op::And, Box::new(Expr { at, kind: all }), Box::new(Expr { at, kind: next }))
    })
}

fn call(lower: &mut Lower<'_>, node: Node<'_>) -> Kind {
    let callee = lowered(lower, node.child_by_field_name("function"), node);
    let list = node.child_by_field_name("arguments").filter(|list| list.kind() == "argument_list");
    let mut args = Vec::new();
    for arg in list.map(|list| lower.named(list)).unwrap_or_default() {
        let arg = match arg.kind() {
            "comment" => continue,
            "keyword_argument" => {
                let name = lower.text(arg.child_by_field_name("name")).to_owned();
                Arg { name: Some(name), value: lowered(lower, arg.child_by_field_name("value"), arg) }
            }
            "dictionary_splat" => {
                let inner = lower.named(arg).into_iter().next();
                Arg { name: Some("**".to_owned()), value: lowered(lower, inner, arg) }
            }
            _ => Arg { name: None, value: expr(lower, arg) },
        };
        args.push(arg);
    }
    Kind::Call(Box::new(Call { callee, args }))
}

fn dictionary(lower: &mut Lower<'_>, node: Node<'_>) -> Kind {
    let mut entries = Vec::new();
    for child in lower.named(node) {
        match child.kind() {
            "pair" => {
                let key = lowered(lower, child.child_by_field_name("key"), child);
                entries.push((key, lowered(lower, child.child_by_field_name("value"), child)));
            }
            "dictionary_splat" => {
                let at = lower.at(child);
                let inner = lower.named(child).into_iter().next();
                let inner = lowered(lower, inner, child);
                entries.push((
                    Expr { at, kind: Kind::Nothing },
                    Expr { at, kind: Kind::Spread(Box::new(inner)) },
                ));
            }
            _ => {}
        }
    }
    Kind::Object(entries)
}

/// A text, one of several side by side, or one that expressions are put into.
fn text(lower: &mut Lower<'_>, node: Node<'_>) -> Kind {
    let strings = if node.kind() == "string" { vec![node] } else { lower.named(node) };
    let (mut parts, mut fixed, at) = (Vec::new(), String::new(), lower.at(node));
    for string in strings {
        let begins = lower.named(string).into_iter().find(|child| child.kind() == "string_start");
        let begins = lower.text(begins).to_ascii_lowercase();
        let (raw, bytes) = (begins.contains('r'), begins.contains('b'));
        for child in lower.named(string) {
            match child.kind() {
                "string_content" => content(lower, child, raw, bytes, &mut fixed),
                "interpolation" => {
                    parts.push(Expr { at, kind: Kind::Text(std::mem::take(&mut fixed)) });
                    let plain = child.child_by_field_name("format_specifier").is_none();
                    let inner = child.child_by_field_name("expression").filter(|_| plain);
                    parts.push(lowered(lower, inner, child));
                }
                _ => {}
            }
        }
    }
    if parts.is_empty() {
        return Kind::Text(fixed);
    }
    parts.push(Expr { at, kind: Kind::Text(fixed) });
    Kind::Template(parts)
}

fn content(lower: &Lower<'_>, node: Node<'_>, raw: bool, bytes: bool, out: &mut String) {
    let mut done = node.start_byte();
    for escape in lower.named(node) {
        out.push_str(lower.between(done, escape.start_byte()));
        let written = lower.text(Some(escape));
        match escape.kind() {
            // `{{` in a text with expressions.
            "escape_interpolation" => out.push_str(&written[..1]),
            _ if raw || bytes && written.starts_with("\\u") => out.push_str(written),
            _ => out.push_str(&unescaped(written, true)),
        }
        done = escape.end_byte();
    }
    out.push_str(lower.between(done, node.end_byte()));
}
