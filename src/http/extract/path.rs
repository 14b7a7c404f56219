//! The parts of a path that differ, as typed values.

use std::{
    future::{Ready, ready},
    ops::Deref,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use serde::de::DeserializeOwned;

use crate::http::{Code, Problem};

/// What stands at the `{name}`s of a route's path; a part that is not of its type is refused as no id.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T> Path<T> {
    /// The value alone.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Path<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Path<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let parsed = web::Path::<T>::from_request(request, payload).into_inner();
        ready(parsed.map(|path| Self(path.into_inner())).map_err(|_| {
            let detail = "the path names something that is not an id; an id is a UUID, \
                          such as 0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a, as the API hands it out";
            Problem {
                instance: Some(request.path().chars().take(200).collect()),
                ..Problem::new(Code::BadId, detail)
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use uuid::Uuid;

    use super::*;

    fn id(text: &'static str) -> Result<Uuid, Code> {
        let request = TestRequest::get().param("id", text).to_http_request();
        let path = Path::<Uuid>::from_request(&request, &mut Payload::None).into_inner();
        path.map(Path::into_inner).map_err(|problem| problem.code)
    }

    #[test]
    fn ids_of_another_shape_are_refused() {
        assert!(id("0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a").is_ok());
        for other in
            ["7", "", "0190d5b6", "..%2f..%2fetc", "0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a0", "\u{0}", "ünü"]
        {
            assert_eq!(id(other), Err(Code::BadId), "{other}");
        }
    }
}
