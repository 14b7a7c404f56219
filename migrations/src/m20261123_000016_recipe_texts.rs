//! `maid_recipes` and `maid_recipe_versions` keep what somebody has written, comments and all.

use sea_orm_migration::prelude::*;

use crate::columns::text_null;

/// The columns.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [Kept::Recipes, Kept::Versions] {
            let mut column = text_null(Text);
            manager.alter_table(Table::alter().table(table).add_column(&mut column).take()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [Kept::Versions, Kept::Recipes] {
            manager.alter_table(Table::alter().table(table).drop_column(Text).take()).await?;
        }
        Ok(())
    }
}

#[derive(Clone, Copy, DeriveIden)]
enum Kept {
    #[sea_orm(iden = "maid_recipes")]
    Recipes,
    #[sea_orm(iden = "maid_recipe_versions")]
    Versions,
}

#[derive(Clone, Copy, DeriveIden)]
#[sea_orm(iden = "text")]
struct Text;
