//! Shared links: `maid_deeplinks`, `maid_presets`, and `maid_deeplink_events`.

use sea_orm_migration::prelude::*;

use crate::columns::{bytes, count, index, tenant_id, text, time, time_null, uuid_null};

/// The tables of links.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [links(), presets(), events()] {
            manager.create_table(table).await?;
        }
        let newest = [Links::TenantId, Links::CreatedAt, Links::Id];
        for index in [
            index("maid_deeplinks_by_tenant", Links::Table, newest),
            index("maid_deeplinks_by_end", Links::Table, [Links::ExpiresAt]),
            index("maid_deeplink_events_by_tenant", Events::Table, [Events::TenantId, Events::Day]),
            index("maid_deeplink_events_by_day", Events::Table, [Events::Day]),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Events::Table).take()).await?;
        manager.drop_table(Table::drop().table(Presets::Table).take()).await?;
        manager.drop_table(Table::drop().table(Links::Table).take()).await
    }
}

fn links() -> TableCreateStatement {
    Table::create()
        .table(Links::Table)
        // Short, because it stands in links.
        .col(text(Links::Id).primary_key())
        .col(tenant_id(Links::TenantId))
        .col(text(Links::Owner))
        .col(uuid_null(Links::ApiKeyId))
        .col(text(Links::Title))
        .col(text(Links::Kind))
        .col(time(Links::CreatedAt))
        .col(time(Links::ExpiresAt))
        .col(time_null(Links::RevokedAt))
        // How many runs may start from it, and how many have.
        .col(ColumnDef::new(Links::MaxUses).big_integer().null())
        .col(count(Links::Uses))
        .col(text(Links::Body))
        .take()
}

fn presets() -> TableCreateStatement {
    Table::create()
        .table(Presets::Table)
        .col(tenant_id(Presets::TenantId))
        .col(text(Presets::Name))
        .col(text(Presets::Owner))
        .col(text(Presets::Kind))
        .col(count(Presets::Version))
        .col(time(Presets::CreatedAt))
        .col(time(Presets::UpdatedAt))
        .col(text(Presets::Description))
        .col(text(Presets::Body))
        .primary_key(Index::create().col(Presets::TenantId).col(Presets::Name))
        .take()
}

/// What happened to a link, counted by day and visitor, so that a link that is opened a million times does
/// not make a million rows.
fn events() -> TableCreateStatement {
    Table::create()
        .table(Events::Table)
        .col(text(Events::DeeplinkId))
        // Days since 1970: databases cut times into days each in its own way.
        .col(count(Events::Day))
        .col(text(Events::Kind))
        // Keyed hash of the day and the address.
        .col(bytes(Events::Visitor))
        .col(tenant_id(Events::TenantId))
        .col(count(Events::Times))
        .col(time(Events::LastAt))
        .primary_key(
            Index::create().col(Events::DeeplinkId).col(Events::Day).col(Events::Kind).col(Events::Visitor),
        )
        .foreign_key(
            ForeignKey::create()
                .from(Events::Table, Events::DeeplinkId)
                .to(Links::Table, Links::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .take()
}

#[derive(Clone, Copy, DeriveIden)]
enum Links {
    #[sea_orm(iden = "maid_deeplinks")]
    Table,
    Id,
    TenantId,
    Owner,
    ApiKeyId,
    Title,
    Kind,
    CreatedAt,
    ExpiresAt,
    RevokedAt,
    MaxUses,
    Uses,
    Body,
}

#[derive(Clone, Copy, DeriveIden)]
enum Presets {
    #[sea_orm(iden = "maid_presets")]
    Table,
    TenantId,
    Name,
    Owner,
    Kind,
    Version,
    CreatedAt,
    UpdatedAt,
    Description,
    Body,
}

#[derive(Clone, Copy, DeriveIden)]
enum Events {
    #[sea_orm(iden = "maid_deeplink_events")]
    Table,
    DeeplinkId,
    Day,
    Kind,
    Visitor,
    TenantId,
    Times,
    LastAt,
}
