//! Whole numbers of a query that have bounds.

use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, schema::Type},
};

/// How many entries a page has at most.
pub type Limit = Within<1, 200, 50>;

/// How many days are counted, today included: at most the year that uses are kept.
pub type Days = Within<1, 366, 30>;

/// A whole number from `LEAST` to `MOST`, and `USUAL` where nobody says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Within<const LEAST: u16, const MOST: u16, const USUAL: u16>(u16);

impl<const LEAST: u16, const MOST: u16, const USUAL: u16> Within<LEAST, MOST, USUAL> {
    /// The largest.
    #[must_use]
    pub const fn largest() -> Self {
        Self(MOST)
    }

    /// As a number.
    #[must_use]
    pub const fn get(self) -> usize {
        self.0 as usize
    }

    /// The number, where it is within the bounds.
    #[must_use]
    pub fn of(number: u64) -> Option<Self> {
        u16::try_from(number).ok().filter(|number| (LEAST..=MOST).contains(number)).map(Self)
    }
}

impl Days {
    /// How many, as days are counted in the database.
    #[must_use]
    pub const fn count(self) -> i64 {
        self.0 as i64
    }

    /// The first of them, where `today` is the last.
    #[must_use]
    pub const fn since(self, today: i64) -> i64 {
        today + 1 - self.count()
    }
}

impl<const LEAST: u16, const MOST: u16, const USUAL: u16> Default for Within<LEAST, MOST, USUAL> {
    fn default() -> Self {
        Self(USUAL)
    }
}

impl<'de, const LEAST: u16, const MOST: u16, const USUAL: u16> Deserialize<'de>
    for Within<LEAST, MOST, USUAL>
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u64::deserialize(deserializer)?;
        Self::of(number)
            .ok_or_else(|| de::Error::custom(format!("{number} is not between {LEAST} and {MOST}")))
    }
}

impl<const LEAST: u16, const MOST: u16, const USUAL: u16> PartialSchema for Within<LEAST, MOST, USUAL> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
            .minimum(Some(LEAST))
            .maximum(Some(MOST))
            .default(Some(USUAL.into()))
            .into()
    }
}

impl<const LEAST: u16, const MOST: u16, const USUAL: u16> ToSchema for Within<LEAST, MOST, USUAL> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_bounded() {
        let limit = |text: &str| serde_json::from_str::<Limit>(text).map(Limit::get).ok();
        assert_eq!(
            [limit("1"), limit("200"), limit("0"), limit("201"), limit("-1"), limit("65537")],
            [Some(1), Some(200), None, None, None, None]
        );
        assert_eq!((Limit::default().get(), Days::default().count()), (50, 30));
        assert_eq!(Days::of(1).map(|days| days.since(20_000)), Some(20_000), "today is one of them");
        let wrong = serde_json::from_str::<Days>("367").expect_err("more than is kept");
        assert_eq!(wrong.to_string(), "367 is not between 1 and 366");
    }
}
