//! Work that comes to its end, also where whoever asked for it has gone.

use actix_web::rt;

use super::Problem;

/// Does `work` in a task of its own: a route ends with the connection that asked for it, and what is half written
/// down, or not yet told to whoever remembers it, must not.
///
/// # Errors
/// Those of the work.
pub async fn unbroken<T, E>(work: impl Future<Output = Result<T, E>> + 'static) -> Result<T, Problem>
where
    T: 'static,
    E: Into<Problem> + 'static,
{
    rt::spawn(work).await.map_err(|error| Problem::internal(&error))?.map_err(Into::into)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::{sync::oneshot, time::timeout};

    use super::*;

    #[actix_web::test]
    async fn it_goes_on_without_whoever_waits() {
        let (go, told) = oneshot::channel::<()>();
        let (tell, done) = oneshot::channel();
        let work = unbroken(async move {
            told.await.expect("it is told");
            tell.send(()).expect("somebody listens");
            Ok::<_, Problem>(())
        });
        assert!(timeout(Duration::from_millis(1), work).await.is_err(), "nobody waits any more");
        go.send(()).expect("it goes on");
        done.await.expect("it has come to its end");
    }
}
