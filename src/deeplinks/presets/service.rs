//! What can be done with presets: made, changed, deleted, looked up.

use serde_json::json;

use super::{dto::PresetBody, store::Inserted};
use crate::{
    audit::{Action, Event},
    auth::Principal,
    deeplinks::{
        error::DeeplinkError,
        record::{ContentKind, PresetLine, PresetRow},
        service::{Deeplinks, now},
    },
};

/// Longest name.
const LONGEST_NAME: usize = 64;
/// Longest description, in characters.
const LONGEST_TEXT: usize = 1000;

impl Deeplinks {
    /// Makes a preset of the principal's.
    ///
    /// # Errors
    /// What it leads to cannot be run or holds secrets, the name will not do or is taken, there are too many, or
    /// the database does not answer.
    pub(in crate::deeplinks) async fn make_preset(
        &self,
        principal: &Principal,
        name: String,
        body: PresetBody,
    ) -> Result<PresetRow, DeeplinkError> {
        if !is_name(&name) {
            let message = format!("must be 1 to {LONGEST_NAME} small letters, digits and `-`");
            return Err(DeeplinkError::Field { path: "name", message });
        }
        let now = now();
        let line = PresetLine {
            name,
            owner: principal.id.clone(),
            kind: ContentKind::Loadtest,
            version: 1,
            created_at: now,
            updated_at: now,
            description: String::new(),
        };
        let row = self.written(principal, line, body).await?;
        let most = self.0.config.borrow().history.max_presets;
        let event = Event::of(principal, Action::PresetCreate).on(&row.line.name);
        let inserted = async {
            match self.0.presets.insert(&principal.tenant_id, &row, most).await? {
                Inserted::Done => Ok(()),
                Inserted::Taken => Err(DeeplinkError::NameTaken(row.line.name.clone())),
                Inserted::Full => Err(DeeplinkError::Full(format!(
                    "there are {most} presets already, the most that history.max_presets allows; delete one"
                ))),
            }
        };
        let event = event.with(json!({"kind": row.line.kind}));
        self.0.audit.around(event, inserted, DeeplinkError::outcome).await?;
        Ok(row)
    }

    /// Changes a preset of the principal's, where `meant` takes the version that it is at.
    ///
    /// # Errors
    /// As for a new one; it is somebody else's, or another version by now.
    pub(in crate::deeplinks) async fn change_preset(
        &self,
        principal: &Principal,
        name: &str,
        body: PresetBody,
        meant: impl Fn(i64) -> bool,
    ) -> Result<PresetRow, DeeplinkError> {
        let event = Event::of(principal, Action::PresetChange).on(name);
        let before = self.own_preset(principal, name, &event).await?.line;
        if !meant(before.version) {
            return Err(DeeplinkError::PresetChanged(before.version));
        }
        let line = PresetLine { version: before.version + 1, updated_at: now(), ..before.clone() };
        let after = self.written(principal, line, body).await?;
        let updated = async {
            let done = self.0.presets.update(&principal.tenant_id, before.version, &after).await?;
            done.then_some(()).ok_or(DeeplinkError::PresetChanged(after.line.version))
        };
        let event = event.with(json!({"version": after.line.version}));
        self.0.audit.around(event, updated, DeeplinkError::outcome).await?;
        Ok(after)
    }

    /// Deletes a preset of the principal's. Links to it lead nowhere then.
    ///
    /// # Errors
    /// There is none, it is somebody else's, or the database does not answer.
    pub(in crate::deeplinks) async fn delete_preset(
        &self,
        principal: &Principal,
        name: &str,
    ) -> Result<(), DeeplinkError> {
        let event = Event::of(principal, Action::PresetDelete).on(name);
        self.own_preset(principal, name, &event).await?;
        let deleted = async {
            let done = self.0.presets.delete(&principal.tenant_id, name).await?;
            done.then_some(()).ok_or_else(|| unknown(name))
        };
        self.0.audit.around(event, deleted, DeeplinkError::outcome).await
    }

    /// A preset.
    ///
    /// # Errors
    /// There is none, or the database does not answer.
    pub(in crate::deeplinks) async fn preset(
        &self,
        principal: &Principal,
        name: &str,
    ) -> Result<PresetRow, DeeplinkError> {
        self.0.presets.get(&principal.tenant_id, name).await?.ok_or_else(|| unknown(name))
    }

    /// Presets of the principal's tenant, by name.
    ///
    /// # Errors
    /// The database does not answer.
    pub(in crate::deeplinks) async fn presets(
        &self,
        principal: &Principal,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<PresetLine>, DeeplinkError> {
        Ok(self.0.presets.list(&principal.tenant_id, after, limit).await?)
    }

    async fn own_preset(
        &self,
        principal: &Principal,
        name: &str,
        event: &Event,
    ) -> Result<PresetRow, DeeplinkError> {
        let row = self.preset(principal, name).await?;
        if principal.owns(&row.line.owner) {
            return Ok(row);
        }
        let error = DeeplinkError::NotOwn("preset");
        self.0.audit.note(event.clone().ended(error.outcome()));
        Err(error)
    }

    /// The preset `line`, as `body` says it is to be.
    async fn written(
        &self,
        principal: &Principal,
        line: PresetLine,
        mut body: PresetBody,
    ) -> Result<PresetRow, DeeplinkError> {
        if body.description.chars().count() > LONGEST_TEXT {
            let message = format!("must be at most {LONGEST_TEXT} characters");
            return Err(DeeplinkError::Field { path: "description", message });
        }
        let content = body.what().content()?;
        self.checked(principal, &content).await?;
        let line = PresetLine { kind: ContentKind::from(&content), description: body.description, ..line };
        Ok(PresetRow { line, content })
    }
}

fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(plain) && !name.starts_with('-')
}

fn unknown(name: &str) -> DeeplinkError {
    DeeplinkError::NoPreset(name.chars().take(LONGEST_NAME).collect())
}
