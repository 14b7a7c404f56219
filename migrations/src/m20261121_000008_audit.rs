//! `maid_audit`: who did what, one entry after the other, and `maid_audit_heads`: where their chain
//! begins and ends.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::columns::{index, tenant_id, text, text_null, time};

/// The table of entries, an index for each way in which they are looked for, and the table of heads.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// What entries are looked for by. Entries are only ever added at the end of each of these, so that a
/// long log takes no longer to write to than a short one.
const SOUGHT: [(&str, Entries); 4] = [
    ("maid_audit_by_at", Entries::At),
    ("maid_audit_by_action", Entries::Action),
    ("maid_audit_by_actor", Entries::Actor),
    ("maid_audit_by_target", Entries::Target),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(entries(manager.get_database_backend())).await?;
        manager
            .create_index(index("maid_audit_by_seq", Entries::Table, [Entries::TenantId, Entries::Seq]))
            .await?;
        for (name, column) in SOUGHT {
            manager
                .create_index(index(name, Entries::Table, [Entries::TenantId, column, Entries::Seq]))
                .await?;
        }
        manager.create_table(heads()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Heads::Table).take()).await?;
        manager.drop_table(Table::drop().table(Entries::Table).take()).await
    }
}

fn entries(backend: DbBackend) -> TableCreateStatement {
    let mut seq = ColumnDef::new(Entries::Seq);
    match backend {
        // So SQLite keeps the table itself in this order; its integers are as long.
        DbBackend::Sqlite => seq.integer(),
        _ => seq.big_integer(),
    };
    Table::create()
        .table(Entries::Table)
        .col(seq.not_null().primary_key())
        .col(time(Entries::At))
        .col(tenant_id(Entries::TenantId))
        .col(text(Entries::Actor))
        .col(text(Entries::ActorKind))
        .col(text(Entries::Action))
        .col(text(Entries::Outcome))
        .col(text_null(Entries::Target))
        .col(text_null(Entries::Address))
        .col(ColumnDef::new(Entries::Mac).blob().not_null())
        .col(text_null(Entries::DetailJson))
        .take()
}

fn heads() -> TableCreateStatement {
    Table::create()
        .table(Heads::Table)
        .col(text(Heads::Name).primary_key())
        .col(ColumnDef::new(Heads::Seq).big_integer().not_null())
        .col(ColumnDef::new(Heads::Seal).blob().not_null())
        .col(ColumnDef::new(Heads::Mac).blob().not_null())
        .take()
}

#[derive(Clone, Copy, DeriveIden)]
enum Entries {
    #[sea_orm(iden = "maid_audit")]
    Table,
    Seq,
    At,
    TenantId,
    Actor,
    ActorKind,
    Action,
    Outcome,
    Target,
    Address,
    Mac,
    DetailJson,
}

#[derive(Clone, Copy, DeriveIden)]
enum Heads {
    #[sea_orm(iden = "maid_audit_heads")]
    Table,
    Name,
    Seq,
    Seal,
    Mac,
}
