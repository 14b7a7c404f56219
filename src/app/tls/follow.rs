//! Files that are read again when they change.

use std::{path::PathBuf, sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::{task::spawn_blocking, time};

use super::{
    Served, Tls,
    files::{self, Files, Stamp},
    validity::Validity,
};

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// After how many looks the age of the certificate is thought of again: half a day.
const LOOKS_A_WARNING: u32 = 12 * 3600;

/// Where following the files has got to.
struct Follower {
    files: Files,
    served: Arc<Served>,
    /// What they looked like when they were read last, whether or not they could be used.
    read: Stamp,
    /// What they looked like at the last look.
    seen: Stamp,
    validity: Option<Validity>,
    looks: u32,
}

impl Tls {
    /// Reads the files again whenever they change, for ever.
    pub async fn follow(self) {
        let Self { files, read, validity, served } = self;
        let mut follower = Follower { files, served, read, seen: read, validity, looks: 0 };
        let mut due = time::interval(LOOK_EVERY);
        due.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
        loop {
            due.tick().await;
            // The files may lie on a disk that is far away.
            let looked = spawn_blocking(move || {
                follower.look();
                follower
            });
            follower = match looked.await {
                Ok(follower) => follower,
                // The server ends.
                Err(_) => return,
            };
        }
    }
}

impl Follower {
    fn look(&mut self) {
        let now = self.files.stamp();
        // Whoever replaces two files does it one after the other: they are read once they stay.
        if now != self.read && now == self.seen {
            self.read = now;
            self.replace();
        }
        self.seen = now;
        self.looks = self.looks.wrapping_add(1);
        if let Some(validity) = self.validity.filter(|_| self.looks.is_multiple_of(LOOKS_A_WARNING)) {
            files::warn(validity, &self.files.cert, Timestamp::now());
        }
    }

    fn replace(&mut self) {
        let cert: PathBuf = self.files.cert.clone();
        match self.files.read() {
            Ok(pair) => {
                pair.warn(&cert);
                self.validity = pair.validity;
                self.served.replace(pair.key);
                tracing::info!("new connections get the certificate that is in {} now", cert.display());
            }
            Err(error) => {
                tracing::warn!(%error, "the certificate stays the one that was read before: {error}")
            }
        }
    }
}
