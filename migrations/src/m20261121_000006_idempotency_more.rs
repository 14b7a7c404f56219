//! `maid_idempotency_keys` knows which server works on a request, so that one that starts beside it
//! leaves it alone, and the entity tag of an answer.

use sea_orm_migration::prelude::*;

use crate::columns::text_null;

/// The columns for the server and the tag.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let instance = ColumnDef::new(Keys::InstanceId).uuid().null().take();
        // SQLite adds one column at a time.
        for mut column in [instance, text_null(Keys::Etag)] {
            manager.alter_table(Table::alter().table(Keys::Table).add_column(&mut column).take()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [Keys::InstanceId, Keys::Etag] {
            manager.alter_table(Table::alter().table(Keys::Table).drop_column(column).take()).await?;
        }
        Ok(())
    }
}

#[derive(Clone, Copy, DeriveIden)]
enum Keys {
    #[sea_orm(iden = "maid_idempotency_keys")]
    Table,
    InstanceId,
    Etag,
}
