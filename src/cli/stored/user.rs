//! `maid user`: users, in the database itself.

use clap::{Args, Subcommand};
use uuid::Uuid;

use super::identities::{Form, Listing, password_of_stdin, print_json, with_identities};
use crate::{
    auth::{
        Role,
        users::{NewUser, UserChange, UserRow, UserStatus, UserView},
    },
    cli::{error::CliError, exit::Exit, screen::Screen},
    config::Config,
    http::Limit,
    reports::table::{Cell, Ink, Table},
};

/// Show, make and change users.
#[derive(Args, Debug)]
pub(in crate::cli) struct User {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Show the users of a tenant, by name.
    List(Listing),
    Create(Create),
    Set(Set),
}

/// Make a user. Without a password an invitation is printed, with which the user chooses one.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid user create alice --role operator            prints an invitation
  maid user create bob --role viewer --password-stdin < password.txt
  maid user create carol --role admin --tenant acme    the first user of another tenant")]
struct Create {
    /// Name to sign in with
    name: String,
    /// What the user is
    #[arg(long, value_enum, value_name = "ROLE")]
    role: Role,
    /// Where the user can be reached
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// Read the password from stdin
    #[arg(long)]
    password_stdin: bool,
    /// Tenant of the user [default: default]
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
}

/// Change a user: role, status or password. It is also the way back in for an admin who is locked out.
#[derive(Args, Debug)]
struct Set {
    /// Name of the user
    name: String,
    /// What the user is
    #[arg(long, value_enum, value_name = "ROLE")]
    role: Option<Role>,
    /// Keep the user out: all sessions end, and their API keys let nobody in
    #[arg(long, conflicts_with = "enable")]
    disable: bool,
    /// Let the user in
    #[arg(long)]
    enable: bool,
    /// Read a new password from stdin; all sessions of the user end
    #[arg(long)]
    password_stdin: bool,
    /// Tenant of the user [default: default]
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
}

impl User {
    pub(in crate::cli) fn execute(self, config: &Config, screen: &Screen) -> Result<Exit, CliError> {
        match self.command {
            Command::List(asked) => list(asked, config, screen),
            Command::Create(create) => create.execute(config, screen),
            Command::Set(set) => set.execute(config, screen),
        }
    }
}

fn list(asked: Listing, config: &Config, screen: &Screen) -> Result<Exit, CliError> {
    let users = with_identities(config, asked.tenant, async |auth, principal| {
        let mut users: Vec<UserRow> = Vec::new();
        loop {
            let after = users.last().map(|user| user.username.to_ascii_lowercase());
            let page = auth.users.list(principal, None, after, Limit::largest()).await?;
            if page.is_empty() {
                return Ok(users);
            }
            users.extend(page);
        }
    })?;
    match asked.form {
        Form::Json => {
            print_json(screen, &users.into_iter().map(UserView::from).collect::<Vec<_>>())?;
        }
        Form::Text => screen.result(&table(&users).lines(0, screen.width(), screen.colour).join("\n"))?,
    }
    Ok(Exit::Passed)
}

impl Create {
    fn execute(self, config: &Config, screen: &Screen) -> Result<Exit, CliError> {
        let password = if self.password_stdin { Some(password_of_stdin()?) } else { None };
        let new = NewUser { username: self.name, role: self.role, email: self.email, password };
        let made = with_identities(config, self.tenant, async |auth, principal| {
            auth.users.create(principal, Uuid::now_v7(), new).await
        })?;
        screen.note(&format!("{} is a user now: {}", made.user.username, made.user.role.name()));
        if let Some(invitation) = made.invitation {
            screen.note("the invitation is shown once; send it to them, for POST /api/maid/auth/register");
            screen.result(invitation.expose())?;
        }
        Ok(Exit::Passed)
    }
}

impl Set {
    fn execute(self, config: &Config, screen: &Screen) -> Result<Exit, CliError> {
        let password = if self.password_stdin { Some(password_of_stdin()?) } else { None };
        let status = match (self.enable, self.disable) {
            (true, _) => Some(UserStatus::Active),
            (_, true) => Some(UserStatus::Disabled),
            _ => None,
        };
        let change = UserChange { role: self.role, status, email: None, password };
        let (_, after) = with_identities(config, self.tenant, async |auth, principal| {
            let user = auth.users.named(&principal.tenant_id, &self.name.parse()?).await?;
            auth.users.change(principal, user.id, change).await
        })?;
        screen.note(&format!("{}: {}, {}", after.username, after.role.name(), after.status.name()));
        Ok(Exit::Passed)
    }
}

fn table(users: &[UserRow]) -> Table {
    let mut table = Table::new(&["user", "role", "status", "last sign-in", "id"]).left(&[1, 2, 3, 4]);
    for user in users {
        let last = user.last_login_at.map_or_else(|| "never".to_owned(), |at| at.to_string());
        table.row(vec![
            Cell::new(&user.username, Ink::Plain),
            Cell::new(user.role.name(), Ink::Plain),
            Cell::new(user.status.name(), Ink::Plain),
            Cell::new(last, Ink::Plain),
            Cell::new(user.id.to_string(), Ink::Plain),
        ]);
    }
    table
}
