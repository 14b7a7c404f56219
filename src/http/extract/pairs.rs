//! A list of names and values as serde sees it: a struct of plain values and lists of them.

use std::fmt;

use serde::{
    Deserializer,
    de::{self, DeserializeSeed, IntoDeserializer, MapAccess, Visitor, value::SeqDeserializer},
    forward_to_deserialize_any,
};
use url::form_urlencoded;

use super::words::{field_error, unknown};
use crate::http::{Code, FieldError, Problem};

/// Most parameters of one query.
const MOST: usize = 100;

/// What was sent, a name each, with all of its values.
pub(super) struct Pairs(Vec<(String, Vec<String>)>);

/// What is wrong with a value, and of which name.
#[derive(Debug)]
pub(super) struct Wrong {
    name: Option<String>,
    message: String,
}

impl Pairs {
    pub(super) fn of(query: &str) -> Result<Self, Problem> {
        let mut pairs: Vec<(String, Vec<String>)> = Vec::new();
        for (at, (name, value)) in form_urlencoded::parse(query.as_bytes()).enumerate() {
            if at == MOST {
                return Err(Problem::new(Code::BadQuery, format!("at most {MOST} parameters are taken")));
            }
            match pairs.iter_mut().find(|(known, _)| *known == name) {
                Some((_, values)) => values.push(value.into_owned()),
                None => pairs.push((name.into_owned(), vec![value.into_owned()])),
            }
        }
        Ok(Self(pairs))
    }
}

impl Wrong {
    pub(super) fn into_field_error(self) -> FieldError {
        field_error(self.name.as_deref().unwrap_or_default(), &self.message)
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Wrong {}

impl de::Error for Wrong {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { name: None, message: message.to_string() }
    }
}

impl<'de> Deserializer<'de> for Pairs {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_map(Entries { rest: self.0.into_iter(), current: None })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        match self.0.iter().find(|(name, _)| !fields.contains(&name.as_str())) {
            Some((name, _)) => Err(Wrong { name: Some(name.clone()), message: unknown(name, fields) }),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// The names and values that are still to be read.
struct Entries {
    rest: std::vec::IntoIter<(String, Vec<String>)>,
    current: Option<(String, Vec<String>)>,
}

impl<'de> MapAccess<'de> for Entries {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Wrong> {
        self.current = self.rest.next();
        let name = self.current.as_ref().map(|(name, _)| name.clone());
        name.map(|name| seed.deserialize(name.into_deserializer())).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let (name, values) = self.current.take().unwrap_or_default();
        seed.deserialize(Values(values)).map_err(|wrong| Wrong { name: wrong.name.or(Some(name)), ..wrong })
    }
}

/// All values of one name.
struct Values(Vec<String>);

impl Values {
    /// The only value.
    fn one(mut self) -> Result<Value, Wrong> {
        match (self.0.pop(), self.0.is_empty()) {
            (Some(text), true) => Ok(Value(text)),
            _ => Err(de::Error::custom("is given more than once; give it once")),
        }
    }
}

macro_rules! of_the_only_value {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
            self.one()?.$method(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Values {
    type Error = Wrong;

    of_the_only_value! {
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_i128 deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64 deserialize_char deserialize_str deserialize_string
        deserialize_bytes deserialize_byte_buf deserialize_unit deserialize_map deserialize_identifier
        deserialize_ignored_any
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_seq(SeqDeserializer::new(self.0.into_iter().map(Value)))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.one()?.deserialize_any(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.one()?.deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.one()?.deserialize_enum(name, variants, visitor)
    }
}

/// One value.
struct Value(String);

impl<'de> IntoDeserializer<'de, Wrong> for Value {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! parsed {
    ($($method:ident $visit:ident $type:ty, $usable:expr, $what:literal;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
            match self.0.parse::<$type>().ok().filter($usable) {
                Some(value) => visitor.$visit(value),
                None => Err(de::Error::custom(format_args!("`{}` is not {}", self.0, $what))),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Value {
    type Error = Wrong;

    parsed! {
        deserialize_bool visit_bool bool, |_| true, "true or false";
        deserialize_i8 visit_i8 i8, |_| true, "a whole number from -128 to 127";
        deserialize_i16 visit_i16 i16, |_| true, "a whole number from -32768 to 32767";
        deserialize_i32 visit_i32 i32, |_| true, "a whole number of 32 bits";
        deserialize_i64 visit_i64 i64, |_| true, "a whole number";
        deserialize_u8 visit_u8 u8, |_| true, "a whole number from 0 to 255";
        deserialize_u16 visit_u16 u16, |_| true, "a whole number from 0 to 65535";
        deserialize_u32 visit_u32 u32, |_| true, "a whole number from 0 to 4294967295";
        deserialize_u64 visit_u64 u64, |_| true, "a whole number from 0";
        deserialize_f32 visit_f32 f32, |value| value.is_finite(), "a number";
        deserialize_f64 visit_f64 f64, |value| value.is_finite(), "a number";
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_string(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_enum(self.0.into_deserializer())
    }

    forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}
