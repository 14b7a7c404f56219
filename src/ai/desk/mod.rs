//! Where models are asked on behalf of somebody: each question is counted and written down, whatever it is for.

use super::{
    Ai, AiError,
    chat::{Answer, End, Engine, Finish, Intent, Request, Tokens},
    local::media::MediaError,
    router::{Delivery, Question, Wish},
    usage::{AiUsage, Asking},
};
use crate::{
    audit::Audit,
    auth::{Principal, Scope},
};

/// Takes questions; a clone is the same.
#[derive(Clone, Debug)]
pub struct Desk {
    ai: Ai,
    audit: Audit,
    usage: AiUsage,
}

impl Desk {
    /// For the models of `ai`.
    #[must_use]
    pub const fn new(ai: Ai, audit: Audit, usage: AiUsage) -> Self {
        Self { ai, audit, usage }
    }

    /// The models.
    #[must_use]
    pub const fn ai(&self) -> &Ai {
        &self.ai
    }

    /// Asks for `principal`, and begins to count what it takes.
    ///
    /// # Errors
    /// Nobody answers.
    pub async fn ask(&self, principal: &Principal, question: Question) -> Result<(Asking, Answer), AiError> {
        let counted = (&self.audit, &self.usage);
        let mut asking = Asking::begin(counted, principal, self.ai.chat_model(), question.intent);
        match self.ai.ask(question).await {
            Ok(mut answer) => {
                asking.answered(&mut answer);
                Ok((asking, answer))
            }
            Err(error) => {
                asking.over(Err(&error));
                Err(error)
            }
        }
    }

    /// Has `piece` made for `principal` by `model`, and counts what it takes.
    ///
    /// # Errors
    /// It is not made.
    pub async fn made<T>(
        &self,
        principal: &Principal,
        (model, what): (&str, &str),
        piece: impl Future<Output = Result<T, MediaError>>,
    ) -> Result<T, AiError> {
        let asking = Asking::of_media((&self.audit, &self.usage), principal, model, what);
        let made = piece.await.map_err(AiError::from);
        let end = End { finish: Finish::Stop, tokens: Tokens::default(), cost: 0 };
        asking.over(made.as_ref().map(|_| end));
        made
    }

    /// Whoever asks for `principal`.
    #[must_use]
    pub fn asker(&self, principal: &Principal) -> Asker {
        Asker::For(Box::new((self.clone(), principal.clone())))
    }
}

/// Whoever asks.
#[derive(Clone, Debug)]
pub enum Asker {
    /// Somebody on the command line: the model inside MAID is asked, and nobody counts.
    Here(Ai),
    /// Somebody of a server.
    For(Box<(Desk, Principal)>),
}

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Said {
    /// Its text.
    pub text: String,
    /// How it ended.
    pub end: End,
    /// Who has answered.
    pub engine: Engine,
}

impl Asker {
    /// The models.
    #[must_use]
    pub fn ai(&self) -> &Ai {
        match self {
            Self::Here(ai) => ai,
            Self::For(whom) => whom.0.ai(),
        }
    }

    /// Asks whoever the policy says for a whole answer.
    ///
    /// # Errors
    /// Nobody answers.
    pub async fn whole(&self, request: Request, intent: Intent) -> Result<Said, AiError> {
        let question = |wish| Question { request, intent, wish, delivery: Delivery::Whole };
        match self {
            Self::Here(ai) => {
                let answer = ai.ask(question(Wish::Any)).await?;
                let engine = answer.engine.clone();
                let (text, end) = answer.whole().await?;
                Ok(Said { text, end, engine })
            }
            Self::For(whom) => {
                let (desk, principal) = &**whom;
                // Whoever may only look spends nobody's money.
                let wish = if principal.may(Scope::Write) { Wish::Any } else { Wish::Local };
                let (asking, answer) = desk.ask(principal, question(wish)).await?;
                let engine = answer.engine.clone();
                let whole = answer.whole().await;
                asking.over(whole.as_ref().map(|(_, end)| *end));
                let (text, end) = whole?;
                Ok(Said { text, end, engine })
            }
        }
    }
}
