//! What is written down: who did what to what, and how it came out.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::auth::{DEFAULT_TENANT, Principal};

macro_rules! actions {
    ($($(#[doc = $doc:tt])+ $name:ident = $text:tt;)+) => {
        /// What was done. The names are part of what is sealed: one that is in use is never renamed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        #[schema(as = AuditAction)]
        pub enum Action { $($(#[doc = $doc])+ #[serde(rename = $text)] $name,)+ }

        impl Action {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// As it is written.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

actions! {
    /// A run was started or queued.
    TestStart = "test.start";
    /// A run was stopped, ended at once, or taken out of the queue.
    TestStop = "test.stop";
    /// One pass of a test was sent, to see whether it is right.
    TestDryRun = "test.dry_run";
    /// A run was deleted from the history.
    TestDelete = "test.delete";
    /// The configuration was changed.
    ConfigChange = "config.change";
    /// The engine was drained, started or restarted.
    EngineSwitch = "engine.switch";
    /// An API key was made.
    ApikeyCreate = "apikey.create";
    /// An API key was made invalid.
    ApikeyRevoke = "apikey.revoke";
    /// A user was made.
    UserCreate = "user.create";
    /// What a user may do was changed, or anything else about one.
    UserChange = "user.change";
    /// A user was deleted.
    UserDelete = "user.delete";
    /// A password was changed.
    UserPassword = "user.password";
    /// Somebody signed in.
    LoginOk = "login.ok";
    /// Somebody tried to sign in.
    LoginFailed = "login.failed";
    /// Somebody signed out.
    Logout = "logout";
    /// A session was continued with what had been used before: perhaps it was stolen.
    SessionReuse = "session.reuse";
    /// A recipe was made.
    RecipeCreate = "recipe.create";
    /// A recipe was changed.
    RecipeChange = "recipe.change";
    /// A recipe was deleted.
    RecipeDelete = "recipe.delete";
    /// A LoadTest was made of words; nothing was stored or started by it.
    RecipeGenerate = "recipe.generate";
    /// A deeplink was made.
    DeeplinkCreate = "deeplink.create";
    /// A run was started from a deeplink, or what it leads to was taken away to run elsewhere.
    DeeplinkUse = "deeplink.use";
    /// A deeplink was made invalid.
    DeeplinkRevoke = "deeplink.revoke";
    /// A preset was made.
    PresetCreate = "preset.create";
    /// A preset was changed.
    PresetChange = "preset.change";
    /// A preset was deleted.
    PresetDelete = "preset.delete";
    /// A prompt was made, or made from another.
    PromptCreate = "prompt.create";
    /// A prompt was changed, or an earlier version of it brought back.
    PromptChange = "prompt.change";
    /// A prompt was deleted.
    PromptDelete = "prompt.delete";
    /// Who may read a prompt was changed.
    PromptShare = "prompt.share";
    /// A model was asked to write something.
    AiComplete = "ai.complete";
    /// An extension was installed, changed or removed.
    ExtensionChange = "extension.change";
    /// Something was asked for that the principal may not do.
    PermissionDenied = "permission.denied";
    /// Old entries were deleted, as `audit.max_age_days` says.
    Shorten = "audit.shorten";
    /// The log was given away.
    Export = "audit.export";
    /// More happened at once than was written down; the entry says how much was not.
    Dropped = "audit.dropped";
}

impl Action {
    /// The action of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.name() == name)
    }
}

/// How it came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AuditOutcome)]
pub enum Outcome {
    /// It was done, or was about to be: what must not happen unrecorded is recorded before.
    Done,
    /// It was refused: the principal may not, or a limit holds.
    Denied,
    /// It did not work.
    Failed,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Done, Self::Denied, Self::Failed];

    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Denied => "denied",
            Self::Failed => "failed",
        }
    }

    /// The outcome of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }
}

/// Something that happened and is to be written down.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// When it happened.
    pub at: Timestamp,
    /// What was done.
    pub action: Action,
    /// How it came out.
    pub outcome: Outcome,
    /// Whose log it belongs to.
    pub tenant_id: String,
    /// Who did it.
    pub actor: String,
    /// What kind of principal that is.
    pub actor_kind: String,
    /// What it was done to, such as the id of a run.
    pub target: Option<String>,
    /// The address that the request came from.
    pub address: Option<String>,
    /// What else is to be known, such as the configuration before and after; no secrets.
    pub detail: Value,
}

impl Event {
    /// `action`, done now by `principal`.
    #[must_use]
    pub fn of(principal: &Principal, action: Action) -> Self {
        Self {
            tenant_id: principal.tenant_id.clone(),
            actor: principal.actor(),
            actor_kind: principal.kind.name().to_owned(),
            address: principal.address.map(|address| address.to_string()),
            ..Self::of_maid(action)
        }
    }

    /// `action`, done now by MAID itself.
    #[must_use]
    pub fn of_maid(action: Action) -> Self {
        Self {
            at: Timestamp::now(),
            action,
            outcome: Outcome::Done,
            tenant_id: DEFAULT_TENANT.to_owned(),
            actor: "maid".to_owned(),
            actor_kind: "system".to_owned(),
            target: None,
            address: None,
            detail: Value::Null,
        }
    }

    /// The same, done to `target`.
    #[must_use]
    pub fn on(self, target: impl ToString) -> Self {
        Self { target: Some(target.to_string()), ..self }
    }

    /// The same, with more to be known.
    #[must_use]
    pub fn with(self, detail: Value) -> Self {
        Self { detail, ..self }
    }

    /// The same, come out like this.
    #[must_use]
    pub fn ended(self, outcome: Outcome) -> Self {
        Self { outcome, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for action in Action::ALL {
            assert_eq!(Action::from_name(action.name()), Some(*action));
            assert_eq!(serde_json::to_value(action).expect("JSON"), action.name());
        }
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::from_name(outcome.name()), Some(outcome));
            assert_eq!(serde_json::to_value(outcome).expect("JSON"), outcome.name());
        }
    }
}
