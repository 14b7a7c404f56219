//! Who may come in: `maid_users`, `maid_sessions`, `maid_refresh_tokens`, `maid_api_keys`, and what
//! their credentials are made with: `maid_signing_keys`, `maid_auth_state`; and what a waiting run is
//! allowed.

use sea_orm_migration::prelude::*;

use crate::columns::{bytes, count, index, tenant_id, text, text_null, time, time_null, uuid};

/// The tables of identities.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [users(), sessions(), refresh_tokens(), api_keys(), signing_keys(), state()] {
            manager.create_table(table).await?;
        }
        // What a run that waits was allowed when it was asked for.
        let allowance = text_null(Runs::AllowanceJson);
        manager.alter_table(Table::alter().table(Runs::Table).add_column(allowance).take()).await?;
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let no_allowance = Table::alter().table(Runs::Table).drop_column(Runs::AllowanceJson).take();
        manager.alter_table(no_allowance).await?;
        manager.drop_table(Table::drop().table(State::Table).take()).await?;
        manager.drop_table(Table::drop().table(SigningKeys::Table).take()).await?;
        manager.drop_table(Table::drop().table(ApiKeys::Table).take()).await?;
        manager.drop_table(Table::drop().table(RefreshTokens::Table).take()).await?;
        manager.drop_table(Table::drop().table(Sessions::Table).take()).await?;
        manager.drop_table(Table::drop().table(Users::Table).take()).await
    }
}

fn users() -> TableCreateStatement {
    Table::create()
        .table(Users::Table)
        .col(uuid(Users::Id).primary_key())
        .col(tenant_id(Users::TenantId))
        .col(text(Users::Username))
        // The name as it is compared: in lower case.
        .col(text(Users::NameKey))
        .col(text_null(Users::Email))
        .col(text(Users::Role))
        .col(text(Users::Status))
        // None where only a provider vouches for the user, or an invitation is open.
        .col(text_null(Users::PasswordHash))
        .col(text_null(Users::OidcIssuer))
        .col(text_null(Users::OidcSubject))
        .col(ColumnDef::new(Users::InviteHash).binary().null())
        .col(time_null(Users::InviteExpiresAt))
        .col(time(Users::CreatedAt))
        .col(time(Users::UpdatedAt))
        .col(time_null(Users::LastLoginAt))
        .take()
}

fn sessions() -> TableCreateStatement {
    Table::create()
        .table(Sessions::Table)
        .col(uuid(Sessions::Id).primary_key())
        .col(tenant_id(Sessions::TenantId))
        .col(uuid(Sessions::UserId))
        // `browser` or `program`.
        .col(text(Sessions::Kind))
        // Of a browser's cookie; programs have refresh tokens.
        .col(ColumnDef::new(Sessions::CookieHash).binary().null())
        .col(text_null(Sessions::Address))
        .col(time(Sessions::CreatedAt))
        .col(time(Sessions::ExpiresAt))
        .col(time_null(Sessions::RevokedAt))
        .foreign_key(
            ForeignKey::create()
                .from(Sessions::Table, Sessions::UserId)
                .to(Users::Table, Users::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .take()
}

fn refresh_tokens() -> TableCreateStatement {
    Table::create()
        .table(RefreshTokens::Table)
        .col(uuid(RefreshTokens::Id).primary_key())
        .col(tenant_id(RefreshTokens::TenantId))
        .col(uuid(RefreshTokens::SessionId))
        .col(bytes(RefreshTokens::Hash))
        .col(time(RefreshTokens::CreatedAt))
        .col(time(RefreshTokens::ExpiresAt))
        .col(time_null(RefreshTokens::UsedAt))
        .foreign_key(
            ForeignKey::create()
                .from(RefreshTokens::Table, RefreshTokens::SessionId)
                .to(Sessions::Table, Sessions::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .take()
}

fn api_keys() -> TableCreateStatement {
    Table::create()
        .table(ApiKeys::Table)
        .col(uuid(ApiKeys::Id).primary_key())
        .col(tenant_id(ApiKeys::TenantId))
        .col(uuid(ApiKeys::OwnerId))
        .col(text(ApiKeys::Name))
        .col(text_null(ApiKeys::PluginName))
        .col(bytes(ApiKeys::Hash))
        .col(text(ApiKeys::ScopesJson))
        .col(text(ApiKeys::MetadataJson))
        .col(time(ApiKeys::CreatedAt))
        .col(time_null(ApiKeys::ExpiresAt))
        .col(time_null(ApiKeys::LastUsedAt))
        .col(time_null(ApiKeys::RevokedAt))
        .foreign_key(
            ForeignKey::create()
                .from(ApiKeys::Table, ApiKeys::OwnerId)
                .to(Users::Table, Users::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .take()
}

fn signing_keys() -> TableCreateStatement {
    Table::create()
        .table(SigningKeys::Table)
        .col(text(SigningKeys::Kid).primary_key())
        .col(bytes(SigningKeys::PublicKey))
        // Encrypted with a key that is not in the database.
        .col(bytes(SigningKeys::SealedSeed))
        .col(time(SigningKeys::CreatedAt))
        .col(time(SigningKeys::RetiresAt))
        .col(time(SigningKeys::ExpiresAt))
        .take()
}

fn state() -> TableCreateStatement {
    Table::create().table(State::Table).col(text(State::Name).primary_key()).col(count(State::Value)).take()
}

fn indexes() -> Vec<IndexCreateStatement> {
    let mut name = index("maid_users_by_name", Users::Table, [Users::TenantId, Users::NameKey]);
    let mut subject = index("maid_users_by_subject", Users::Table, [Users::OidcIssuer, Users::OidcSubject]);
    vec![
        name.unique().take(),
        subject.unique().take(),
        index("maid_sessions_by_user", Sessions::Table, [Sessions::UserId]),
        index("maid_sessions_by_expiry", Sessions::Table, [Sessions::ExpiresAt]),
        index("maid_refresh_tokens_by_session", RefreshTokens::Table, [RefreshTokens::SessionId]),
        index("maid_refresh_tokens_by_expiry", RefreshTokens::Table, [RefreshTokens::ExpiresAt]),
        index("maid_api_keys_by_owner", ApiKeys::Table, [ApiKeys::TenantId, ApiKeys::OwnerId]),
    ]
}

#[derive(Clone, Copy, DeriveIden)]
enum Runs {
    #[sea_orm(iden = "maid_runs")]
    Table,
    AllowanceJson,
}

#[derive(Clone, Copy, DeriveIden)]
enum Users {
    #[sea_orm(iden = "maid_users")]
    Table,
    Id,
    TenantId,
    Username,
    NameKey,
    Email,
    Role,
    Status,
    PasswordHash,
    OidcIssuer,
    OidcSubject,
    InviteHash,
    InviteExpiresAt,
    CreatedAt,
    UpdatedAt,
    LastLoginAt,
}

#[derive(Clone, Copy, DeriveIden)]
enum Sessions {
    #[sea_orm(iden = "maid_sessions")]
    Table,
    Id,
    TenantId,
    UserId,
    Kind,
    CookieHash,
    Address,
    CreatedAt,
    ExpiresAt,
    RevokedAt,
}

#[derive(Clone, Copy, DeriveIden)]
enum RefreshTokens {
    #[sea_orm(iden = "maid_refresh_tokens")]
    Table,
    Id,
    TenantId,
    SessionId,
    Hash,
    CreatedAt,
    ExpiresAt,
    UsedAt,
}

#[derive(Clone, Copy, DeriveIden)]
enum ApiKeys {
    #[sea_orm(iden = "maid_api_keys")]
    Table,
    Id,
    TenantId,
    OwnerId,
    Name,
    PluginName,
    Hash,
    ScopesJson,
    MetadataJson,
    CreatedAt,
    ExpiresAt,
    LastUsedAt,
    RevokedAt,
}

#[derive(Clone, Copy, DeriveIden)]
enum SigningKeys {
    #[sea_orm(iden = "maid_signing_keys")]
    Table,
    Kid,
    PublicKey,
    SealedSeed,
    CreatedAt,
    RetiresAt,
    ExpiresAt,
}

#[derive(Clone, Copy, DeriveIden)]
enum State {
    #[sea_orm(iden = "maid_auth_state")]
    Table,
    Name,
    Value,
}
