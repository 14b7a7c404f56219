//! Makes users and changes them.

use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr},
};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    dto::{NewUser, PasswordChange, Registering, UserChange},
    name::Username,
    record::{UserRow, UserStatus},
    store::{Changed, Store},
};
use crate::{
    audit::{Action, Event, Outcome},
    auth::{
        context::Context,
        error::AuthError,
        oidc::SignedIn,
        opaque::{Kind, Opaque},
        password::{self, Verdict},
        principal::{DEFAULT_TENANT, Principal, PrincipalKind},
        role::Role,
    },
    config::Registration,
    http::Limit,
    limits::Wait,
    loadtest::secret::Secret,
};

/// Longest address for mail, in bytes (RFC 5321).
const LONGEST_EMAIL: usize = 254;

/// All users; a clone is the same.
#[derive(Clone, Debug)]
pub struct Users {
    context: Context,
    store: Store,
}

/// A user who was made, and what lets them choose a password.
#[derive(Debug)]
pub struct Made {
    /// The user.
    pub user: UserRow,
    /// None where a password was given.
    pub invitation: Option<Opaque>,
}

/// The first admin, and the password where one was generated.
pub type FirstAdmin = Option<Secret>;

impl Users {
    /// The users in the database of `context`.
    #[must_use]
    pub fn new(context: Context) -> Self {
        Self { store: Store::new(context.db.clone()), context }
    }

    /// Makes the user `admin` where there is no user at all. Answers the password where it was
    /// generated: nobody will ever see it again.
    ///
    /// # Errors
    /// The configured password will not do, or the database does not answer.
    pub async fn first(&self) -> Result<FirstAdmin, AuthError> {
        if !self.store.is_empty().await? {
            return Ok(None);
        }
        let config = self.context.config();
        let given = config.auth.admin_password.expose().map(Secret::new);
        let password = given.clone().unwrap_or_else(generated);
        password::check(&password, "admin", config.auth.password.min_length)?;
        let user =
            self.with_password(DEFAULT_TENANT, "admin".parse()?, Role::Admin, password.clone()).await?;
        self.context.audit.record(Event::of_maid(Action::UserCreate).on(user.id).with(told(&user))).await?;
        Ok(match self.store.insert(&user).await? {
            // Another server was faster.
            Changed::Taken => None,
            _ => Some(password).filter(|_| given.is_none()),
        })
    }

    /// A page of the users of the principal's tenant with `name` in their names, by name.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn list(
        &self,
        principal: &Principal,
        name: Option<&str>,
        after: Option<String>,
        limit: Limit,
    ) -> Result<Vec<UserRow>, AuthError> {
        Ok(self.store.list(&principal.tenant_id, name, after, limit.get() + 1).await?)
    }

    /// A user of the principal's tenant.
    ///
    /// # Errors
    /// There is none, or the database does not answer.
    pub async fn get(&self, principal: &Principal, id: Uuid) -> Result<UserRow, AuthError> {
        self.store.get(&principal.tenant_id, id).await?.ok_or(AuthError::NotFound("user"))
    }

    /// The names of those of `ids` who are users of the principal's tenant.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn names(
        &self,
        principal: &Principal,
        ids: BTreeSet<Uuid>,
    ) -> Result<Vec<(Uuid, String)>, AuthError> {
        Ok(self.store.names(&principal.tenant_id, ids).await?)
    }

    /// The provider that whoever asks signs in with, by its issuer; none of a key, or where MAID keeps the password.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn provider_of(&self, principal: &Principal) -> Result<Option<String>, AuthError> {
        let (PrincipalKind::User, Ok(id)) = (principal.kind, principal.id.parse()) else { return Ok(None) };
        let user = self.store.get(&principal.tenant_id, id).await?;
        Ok(user.and_then(|user| user.oidc).map(|(issuer, _)| issuer))
    }

    /// A user of `tenant` who may come in.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn active(&self, tenant: &str, id: Uuid) -> Result<Option<UserRow>, AuthError> {
        Ok(self.store.get(tenant, id).await?.filter(|user| user.status == UserStatus::Active))
    }

    /// A user of `tenant`, by name.
    ///
    /// # Errors
    /// There is none, or the database does not answer.
    pub async fn named(&self, tenant: &str, name: &Username) -> Result<UserRow, AuthError> {
        self.store.named(tenant, &name.key()).await?.ok_or(AuthError::NotFound("user"))
    }

    /// Makes a user of the principal's tenant.
    ///
    /// # Errors
    /// The name is taken or none, the password will not do, or the database does not answer.
    pub async fn create(&self, principal: &Principal, id: Uuid, new: NewUser) -> Result<Made, AuthError> {
        let name: Username = new.username.parse()?;
        let email = email(new.email)?;
        let tenant = &principal.tenant_id;
        let (user, invitation) = match new.password {
            Some(password) => {
                password::check(&password, name.as_str(), self.min_length())?;
                (self.with_password(tenant, name, new.role, password).await?, None)
            }
            None => {
                let invitation = Opaque::make(Kind::Invitation, id);
                let ends = self.after(self.context.config().auth.invitation_ttl.get());
                let user = UserRow {
                    status: UserStatus::Invited,
                    invitation: Some((self.context.hashes.of(&invitation).to_vec(), ends)),
                    ..self.blank(tenant, name, new.role)
                };
                (user, Some(invitation))
            }
        };
        let user = UserRow { id, email, ..user };
        let event = Event::of(principal, Action::UserCreate).on(id).with(told(&user));
        self.context.recorded(event, async { done(self.store.insert(&user).await?) }).await?;
        Ok(Made { user, invitation })
    }

    /// Makes a user of whoever registers, as the configuration allows it.
    ///
    /// # Errors
    /// Registration is closed, the invitation is not good, the name or the password will not do.
    pub async fn register(&self, id: Uuid, who: Registering, from: IpAddr) -> Result<UserRow, AuthError> {
        const INVITATION: &str = "the invitation is not good: it is used, has ended, or is for another name";
        let name: Username = who.username.parse()?;
        let registration = self.context.config().auth.registration;
        if let Some(invitation) = who.invitation {
            // An admin has made it; that stands whatever the configuration says of strangers.
            let invitation = Opaque::parse(invitation.expose().trim())
                .filter(|opaque| opaque.kind == Kind::Invitation)
                .ok_or(AuthError::Refused(INVITATION))?;
            let user = self.store.of_credential(invitation.id).await?;
            let user =
                user.filter(|user| self.is_invited(user, &invitation) && user.username == name.as_str());
            let before = user.ok_or(AuthError::Refused(INVITATION))?;
            password::check(&who.password, name.as_str(), self.min_length())?;
            let hash = self.context.hasher.hash(who.password).await?;
            let after = UserRow {
                status: UserStatus::Active,
                password_hash: Some(hash),
                invitation: None,
                updated_at: self.context.clock.now(),
                ..before.clone()
            };
            let event =
                by_themselves(&after, Action::UserChange, from).with(json!({"registered": "by invitation"}));
            let used = async {
                // Two who use it at once: one of them finds that the user has changed.
                match self.store.update(&before, &after, None).await? {
                    Changed::Done => Ok(()),
                    _ => Err(AuthError::Refused(INVITATION)),
                }
            };
            self.context.recorded(event, used).await?;
            return Ok(after);
        }
        match registration {
            Registration::Closed => Err(AuthError::Closed("registration is closed; ask an admin for a user")),
            Registration::Invitation => {
                Err(AuthError::Closed("registration needs an invitation of an admin"))
            }
            Registration::Open => {
                password::check(&who.password, name.as_str(), self.min_length())?;
                let user = self.with_password(DEFAULT_TENANT, name, Role::Viewer, who.password).await?;
                let user = UserRow { id, status: UserStatus::Pending, ..user };
                let event = by_themselves(&user, Action::UserCreate, from).with(told(&user));
                self.context.recorded(event, async { done(self.store.insert(&user).await?) }).await?;
                Ok(user)
            }
        }
    }

    fn is_invited(&self, user: &UserRow, invitation: &Opaque) -> bool {
        user.status == UserStatus::Invited
            && user.invitation.as_ref().is_some_and(|(hash, ends)| {
                self.context.hashes.fits(invitation, hash) && self.context.clock.now() < *ends
            })
    }

    /// Changes a user of the principal's tenant, and answers them before and after. Sessions end where
    /// the password or the status is another.
    ///
    /// # Errors
    /// There is no such user, a value will not do, or nobody would be left to administer.
    pub async fn change(
        &self,
        principal: &Principal,
        id: Uuid,
        change: UserChange,
    ) -> Result<(UserRow, UserRow), AuthError> {
        let before = self.get(principal, id).await?;
        let mut after = UserRow { updated_at: self.later_than(before.updated_at), ..before.clone() };
        if let Some(role) = change.role {
            after.role = role;
        }
        if let Some(text) = change.email {
            after.email = email(Some(text))?;
        }
        if let Some(password) = change.password {
            password::check(&password, &before.username, self.min_length())?;
            after.password_hash = Some(self.context.hasher.hash(password).await?);
            after.invitation = None;
            if after.status == UserStatus::Invited {
                after.status = UserStatus::Active;
            }
        }
        if let Some(status) = change.status {
            after.status = self.may_become(&after, status)?;
        }
        let password = (after.password_hash != before.password_hash).then_some("changed");
        let detail = json!({"before": told(&before), "after": told(&after), "password": password});
        let event = Event::of(principal, Action::UserChange).on(id).with(detail);
        self.context.recorded(event, async { done(self.store.update(&before, &after, None).await?) }).await?;
        self.context.forget();
        Ok((before, after))
    }

    fn may_become(&self, user: &UserRow, status: UserStatus) -> Result<UserStatus, AuthError> {
        let field = |message: &str| Err(AuthError::Field { path: "status", message: message.to_owned() });
        match status {
            UserStatus::Disabled => Ok(status),
            UserStatus::Active if user.password_hash.is_some() || user.oidc.is_some() => Ok(status),
            UserStatus::Active => {
                field("the user has no password yet: give one, or wait for the invitation to be used")
            }
            _ if user.status == status => Ok(status),
            UserStatus::Pending | UserStatus::Invited => field("must be active or disabled"),
        }
    }

    /// Changes the principal's own password. All their other sessions end.
    ///
    /// # Errors
    /// The current one is wrong, or the new one will not do.
    pub async fn change_own_password(
        &self,
        principal: &Principal,
        session: Uuid,
        change: PasswordChange,
    ) -> Result<(), AuthError> {
        let id = principal.id.parse().map_err(|_| AuthError::NotFound("user"))?;
        let before = self.get(principal, id).await?;
        // Whoever has found a session open guesses no faster than whoever signs in.
        let account = format!("{}/{}", before.tenant_id, before.username.to_ascii_lowercase());
        let from = principal.address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        let attempt =
            self.context.throttle.before(&account, from).map_err(|Wait(wait)| AuthError::Wait(wait))?;
        let verdict = self.context.hasher.verify(change.current, before.password_hash.clone(), None).await?;
        if verdict == Verdict::Wrong {
            let event = Event::of(principal, Action::UserPassword).on(id);
            self.context.audit.note(event.ended(Outcome::Denied));
            return Err(AuthError::Field { path: "current", message: "is not your password".to_owned() });
        }
        attempt.succeeded();
        password::check(&change.new, &before.username, self.min_length())
            .map_err(|refused| AuthError::Field { path: "new", message: refused.to_string() })?;
        let hash = self.context.hasher.hash(change.new).await?;
        let updated_at = self.later_than(before.updated_at);
        let after = UserRow { password_hash: Some(hash), updated_at, ..before.clone() };
        let event = Event::of(principal, Action::UserPassword).on(id);
        let update = async { done(self.store.update(&before, &after, Some(session)).await?) };
        self.context.recorded(event, update).await?;
        self.context.forget();
        Ok(())
    }

    /// The user whom a provider vouches for, made at the first sign-in. The provider says what they may
    /// do, every time.
    ///
    /// # Errors
    /// The user is kept out, or the database does not answer.
    pub async fn vouched_for(&self, who: &SignedIn) -> Result<UserRow, AuthError> {
        let Some(before) = self.store.vouched_for(&who.issuer, &who.subject).await? else {
            return self.make_vouched(who).await;
        };
        // Another provider entry with the same issuer may stand for another tenant: they are not one.
        if before.status != UserStatus::Active || before.tenant_id != who.tenant {
            return Err(AuthError::WrongCredentials);
        }
        let updated_at = self.later_than(before.updated_at);
        let after = UserRow { role: who.role, email: who.email.clone(), updated_at, ..before.clone() };
        if (after.role, &after.email) != (before.role, &before.email) {
            let detail = json!({"before": told(&before), "after": told(&after), "provider": who.provider});
            let event = Event::of_maid(Action::UserChange).on(after.id).with(detail);
            self.context
                .recorded(event, async { done(self.store.update(&before, &after, None).await?) })
                .await?;
            self.context.forget();
        }
        self.store.signed_in(after.id, self.context.clock.now(), None).await?;
        Ok(after)
    }

    async fn make_vouched(&self, who: &SignedIn) -> Result<UserRow, AuthError> {
        let id = Uuid::now_v7();
        let plain: String =
            who.name.chars().filter(|c| c.is_ascii_alphanumeric() || "._-@+".contains(*c)).take(48).collect();
        // Somebody else may have the name: another one then, for they are not the same person.
        let other = format!("user-{}", id.simple());
        for name in [plain.as_str(), &format!("{plain}-{}", &id.simple().to_string()[24..]), &other] {
            let Ok(name) = name.parse::<Username>() else { continue };
            let user = UserRow {
                id,
                email: who.email.clone(),
                oidc: Some((who.issuer.clone(), who.subject.clone())),
                last_login_at: Some(self.context.clock.now()),
                ..self.blank(&who.tenant, name, who.role)
            };
            if self.store.insert(&user).await? == Changed::Done {
                let detail = json!({"provider": who.provider, "user": told(&user)});
                let event = Event { tenant_id: who.tenant.clone(), ..Event::of_maid(Action::UserCreate) };
                self.context.audit.record(event.on(id).with(detail)).await?;
                return Ok(user);
            }
        }
        // Two sign-ins of one person at once: the other one has made the user.
        let made = self.store.vouched_for(&who.issuer, &who.subject).await?;
        made.filter(|user| user.status == UserStatus::Active).ok_or(AuthError::Taken)
    }

    async fn with_password(
        &self,
        tenant: &str,
        name: Username,
        role: Role,
        password: Secret,
    ) -> Result<UserRow, AuthError> {
        let hash = self.context.hasher.hash(password).await?;
        Ok(UserRow { password_hash: Some(hash), ..self.blank(tenant, name, role) })
    }

    fn blank(&self, tenant: &str, name: Username, role: Role) -> UserRow {
        let now = self.context.clock.now();
        UserRow {
            id: Uuid::now_v7(),
            tenant_id: tenant.to_owned(),
            username: name.as_str().to_owned(),
            email: None,
            role,
            status: UserStatus::Active,
            password_hash: None,
            oidc: None,
            invitation: None,
            created_at: now,
            updated_at: now,
            last_login_at: None,
        }
    }

    fn min_length(&self) -> u32 {
        self.context.config().auth.password.min_length
    }

    fn after(&self, span: std::time::Duration) -> Timestamp {
        let span = SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX);
        self.context.clock.now().saturating_add(span).unwrap_or(Timestamp::MAX)
    }

    /// Now, and later than `before`: two changes in one microsecond must not look like one.
    fn later_than(&self, before: Timestamp) -> Timestamp {
        let next = before.saturating_add(SignedDuration::from_micros(1)).unwrap_or(Timestamp::MAX);
        self.context.clock.now().max(next)
    }
}

/// What the audit log says of a user.
fn told(user: &UserRow) -> Value {
    json!({"username": user.username, "role": user.role, "status": user.status, "email": user.email})
}

/// What a user does before being signed in.
fn by_themselves(user: &UserRow, action: Action, from: IpAddr) -> Event {
    let principal = user.principal(Uuid::nil());
    Event::of(&Principal { address: Some(from), ..principal }, action).on(user.id)
}

fn done(changed: Changed) -> Result<(), AuthError> {
    match changed {
        Changed::Done => Ok(()),
        Changed::Taken => Err(AuthError::Taken),
        Changed::Gone => Err(AuthError::Changed),
        Changed::LastAdmin => Err(AuthError::LastAdmin),
    }
}

/// An address for mail; MAID sends none, so it need only look like one.
fn email(text: Option<String>) -> Result<Option<String>, AuthError> {
    let Some(text) = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let sane = text.len() <= LONGEST_EMAIL
        && !text.chars().any(|c| c.is_control() || c.is_whitespace())
        && text.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty());
    match sane {
        true => Ok(Some(text)),
        false => Err(AuthError::Field {
            path: "email",
            message: "is not an address such as alice@example.com".to_owned(),
        }),
    }
}

/// A password that nobody can guess and everybody can type.
fn generated() -> Secret {
    const DIGITS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let random = crate::auth::secret::random::<24>();
    let text: Vec<String> = random
        .chunks(6)
        .map(|chunk| chunk.iter().map(|byte| char::from(DIGITS[usize::from(byte % 32)])).collect())
        .collect();
    Secret::new(text.join("-"))
}
