//! Queries on the latest time that is known to have been.

use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set,
    EntityTrait, ExprTrait,
    sea_query::{Expr, OnConflict},
};

use crate::db::{
    Db, StoreError,
    entities::auth_state::{ActiveModel, Column, Entity},
};

/// Its row.
const NAME: &str = "latest_us";

/// The latest time that was noted; long ago where none was.
pub(super) async fn latest(db: &Db) -> Result<Timestamp, StoreError> {
    let row = db.answer(Entity::find_by_id(NAME).one(db.connection())).await?;
    let latest = row.and_then(|row| Timestamp::from_microsecond(row.value).ok());
    Ok(latest.unwrap_or(Timestamp::UNIX_EPOCH))
}

/// Notes `now`, unless a later time is known already.
pub(super) async fn note(db: &Db, now: Timestamp) -> Result<(), StoreError> {
    let row = ActiveModel { name: Set(NAME.to_owned()), value: Set(now.as_microsecond()) };
    let later = OnConflict::column(Column::Name)
        .update_column(Column::Value)
        .action_and_where(Expr::col((Entity, Column::Value)).lt(now.as_microsecond()))
        .to_owned();
    let noted = async {
        match Entity::insert(row).on_conflict(later).exec_without_returning(db.connection()).await {
            Err(sea_orm::DbErr::RecordNotInserted) => Ok(0),
            noted => noted,
        }
    };
    db.answer(noted).await.map(drop)
}
