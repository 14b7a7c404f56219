//! curl command lines: one, or a script of many.

mod flags;
mod make;
mod own;
mod shell;

use self::{flags::Line, shell::Command};
use super::{
    draft::{Draft, Unique, some_thinking},
    error::ImportError,
};
use crate::loadtest::types::{Scenario, Transaction};

/// Most command lines of a script: each becomes a transaction.
const MAX_COMMANDS: usize = 1000;

/// Redirects that are followed where a command follows them.
const USUAL_REDIRECTS: u8 = 5;

/// Reads a script and takes its requests over, in their order.
pub(super) fn import(text: &str, draft: &mut Draft) -> Result<(), ImportError> {
    if let Some((heading, requests, line)) = own::requests(text) {
        return own::import(&heading, (requests, line), draft);
    }
    let source = draft.source.clone();
    let commands = shell::commands(text)
        .map_err(|wrong| ImportError::on_line(&source, wrong.line, wrong.column, wrong.message))?;
    "curl".clone_into(&mut draft.name);
    let lines = lines(commands, draft);
    draft.found = lines.len();
    if lines.len() > MAX_COMMANDS {
        let message =
            format!("holds {} requests, and {MAX_COMMANDS} is the most: split the script", lines.len());
        return Err(draft.refuse(message));
    }
    // curl follows redirects only where it is told to.
    let all_follow = lines.iter().all(|line| line.follow);
    draft.redirects = (!all_follow).then_some(0);
    let mut names = Unique::default();
    let mut transactions = Vec::new();
    for line in lines {
        let Some(mut request) = make::request(&line, draft) else { continue };
        if line.follow && !all_follow {
            request.redirects = request.redirects.or(Some(USUAL_REDIRECTS));
        }
        let name = names.name(&request.label());
        let mut transaction = Transaction::of(&name, vec![request]);
        transaction.sequence = u32::try_from(transactions.len() + 1).ok();
        transactions.push(transaction);
    }
    if transactions.len() == 1 {
        transactions[0].sequence = None;
    }
    let mut scenario = Scenario::of("curl", transactions);
    scenario.think_time = Some(some_thinking());
    draft.scenarios.push(scenario);
    Ok(())
}

/// The command lines of curl; whatever else a script does is listed.
fn lines(commands: Vec<Command>, draft: &mut Draft) -> Vec<Line> {
    let mut lines = Vec::new();
    for command in commands {
        let place = format!("line {}", command.line);
        let words =
            command.words.iter().skip_while(|word| matches!(word.plain().as_str(), "$" | "time" | "sudo"));
        let mut words: Vec<_> = words.cloned().collect();
        let Some(first) = words.first().map(shell::Word::plain) else { continue };
        if !matches!(first.rsplit('/').next(), Some("curl" | "curl.exe")) {
            let message = format!("`{first}` is not curl: only requests of curl are taken over");
            draft.leave_out(place, message);
            continue;
        }
        if let Some(why) = command.refused {
            draft.leave_out(place, why);
            continue;
        }
        words.remove(0);
        lines.extend(flags::lines(&words, &place, draft));
    }
    lines
}
