//! The library: `maid_recipes`, `maid_recipe_versions`, and the words that things are found by:
//! `maid_words`.

use sea_orm_migration::prelude::*;

use crate::columns::{bytes, count, index, tenant_id, text, text_null, time, uuid, uuid_null};

/// The tables of recipes.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [recipes(), versions(), words()] {
            manager.create_table(table).await?;
        }
        let by_category = [Recipes::TenantId, Recipes::Category, Recipes::Id];
        manager
            .create_index(index("maid_recipes_by_tenant", Recipes::Table, [Recipes::TenantId, Recipes::Id]))
            .await?;
        manager.create_index(index("maid_recipes_by_key", Recipes::Table, [Recipes::ApiKeyId])).await?;
        manager.create_index(index("maid_recipes_by_category", Recipes::Table, by_category)).await?;
        manager
            .create_index(index(
                "maid_runs_by_recipe",
                Runs::Table,
                [Runs::TenantId, Runs::RecipeId, Runs::Id],
            ))
            .await?;
        manager.create_index(index("maid_words_by_item", Words::Table, [Words::ItemId])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("maid_runs_by_recipe").table(Runs::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Words::Table).take()).await?;
        manager.drop_table(Table::drop().table(Versions::Table).take()).await?;
        manager.drop_table(Table::drop().table(Recipes::Table).take()).await
    }
}

fn recipes() -> TableCreateStatement {
    Table::create()
        .table(Recipes::Table)
        .col(uuid(Recipes::Id).primary_key())
        .col(tenant_id(Recipes::TenantId))
        .col(text(Recipes::Owner))
        // The API key that it was made with, whose `recipe_limit` it counts to.
        .col(uuid_null(Recipes::ApiKeyId))
        .col(text(Recipes::Title))
        .col(text(Recipes::Category))
        // The one that it was made from, a built-in one or another.
        .col(text_null(Recipes::ClonedFrom))
        .col(count(Recipes::Version))
        .col(time(Recipes::CreatedAt))
        .col(time(Recipes::UpdatedAt))
        .col(text_null(Recipes::Requires))
        .col(text(Recipes::TagsJson))
        .col(text(Recipes::Summary))
        .col(text(Recipes::Body))
        .take()
}

fn versions() -> TableCreateStatement {
    Table::create()
        .table(Versions::Table)
        .col(uuid(Versions::RecipeId))
        .col(count(Versions::Version))
        .col(tenant_id(Versions::TenantId))
        .col(text(Versions::Author))
        .col(time(Versions::CreatedAt))
        .col(text(Versions::Body))
        .primary_key(Index::create().col(Versions::RecipeId).col(Versions::Version))
        .foreign_key(
            ForeignKey::create()
                .from(Versions::Table, Versions::RecipeId)
                .to(Recipes::Table, Recipes::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .take()
}

/// The key holds all of a row, so that a search reads nothing else.
fn words() -> TableCreateStatement {
    Table::create()
        .table(Words::Table)
        .col(tenant_id(Words::TenantId))
        // What is found: `recipe`, say.
        .col(text(Words::Kind))
        // Bytes are compared alike by all databases, whatever language one is set to.
        .col(bytes(Words::Word))
        .col(uuid(Words::ItemId))
        .col(count(Words::Weight))
        .primary_key(
            Index::create()
                .col(Words::TenantId)
                .col(Words::Kind)
                .col(Words::Word)
                .col(Words::ItemId)
                .col(Words::Weight),
        )
        .take()
}

#[derive(Clone, Copy, DeriveIden)]
enum Runs {
    #[sea_orm(iden = "maid_runs")]
    Table,
    TenantId,
    RecipeId,
    Id,
}

#[derive(Clone, Copy, DeriveIden)]
enum Recipes {
    #[sea_orm(iden = "maid_recipes")]
    Table,
    Id,
    TenantId,
    Owner,
    ApiKeyId,
    Title,
    Category,
    ClonedFrom,
    Version,
    CreatedAt,
    UpdatedAt,
    Requires,
    TagsJson,
    Summary,
    Body,
}

#[derive(Clone, Copy, DeriveIden)]
enum Versions {
    #[sea_orm(iden = "maid_recipe_versions")]
    Table,
    RecipeId,
    Version,
    TenantId,
    Author,
    CreatedAt,
    Body,
}

#[derive(Clone, Copy, DeriveIden)]
enum Words {
    #[sea_orm(iden = "maid_words")]
    Table,
    TenantId,
    Kind,
    Word,
    ItemId,
    Weight,
}
