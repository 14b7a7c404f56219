//! TLS errors in words that say what to do.

use std::io;

use rustls::{AlertDescription, CertificateError, Error};

use super::{Failure, FailureKind};

/// A handshake with `host` failed.
pub(super) fn during_handshake(host: &str, error: &io::Error) -> Failure {
    let message = match rustls_error(error) {
        Some(error) => explain(host, error),
        None if error.kind() == io::ErrorKind::UnexpectedEof => {
            format!("{host} closed the connection during the TLS handshake; does it speak TLS on this port?")
        }
        None => format!("the connection to {host} broke during the TLS handshake: {}", error.kind()),
    };
    Failure::new(FailureKind::Tls, message)
}

/// A read failed after the handshake. With TLS 1.3 the server refuses a client certificate only
/// then.
pub(super) fn while_reading(error: &io::Error) -> Option<Failure> {
    rustls_error(error).map(|error| Failure::new(FailureKind::Tls, explain("the server", error)))
}

fn rustls_error(error: &io::Error) -> Option<&Error> {
    error.get_ref()?.downcast_ref()
}

fn explain(host: &str, error: &Error) -> String {
    match error {
        Error::InvalidCertificate(reason) => certificate(host, reason),
        Error::InvalidMessage(_) => {
            format!(
                "{host} did not answer with TLS; if it speaks plain HTTP on this port, use http:// for it"
            )
        }
        Error::AlertReceived(AlertDescription::NoApplicationProtocol) | Error::NoApplicationProtocol => {
            format!("{host} does not offer the HTTP version asked for; see target.http_version")
        }
        Error::AlertReceived(AlertDescription::CertificateRequired) => {
            format!("{host} asks for a client certificate; give target.tls.client_cert and client_key")
        }
        Error::AlertReceived(
            AlertDescription::BadCertificate
            | AlertDescription::UnknownCA
            | AlertDescription::CertificateUnknown
            | AlertDescription::AccessDenied,
        ) => format!("{host} does not accept the client certificate; see target.tls.client_cert"),
        Error::AlertReceived(AlertDescription::UnrecognisedName) => {
            format!("{host} says that it does not serve this name")
        }
        Error::AlertReceived(AlertDescription::HandshakeFailure | AlertDescription::ProtocolVersion)
        | Error::PeerIncompatible(_) => {
            format!("{host} and MAID share no TLS version or cipher (MAID speaks TLS 1.2 and 1.3)")
        }
        other => format!("the TLS handshake with {host} failed: {other}"),
    }
}

fn certificate(host: &str, reason: &CertificateError) -> String {
    let what = match reason {
        CertificateError::NotValidForNameContext { presented, .. } => {
            return format!(
                "the certificate of {host} is not for that name; it is for {}",
                if presented.is_empty() { "no name at all".to_owned() } else { names(presented) }
            );
        }
        CertificateError::NotValidForName => {
            return format!("the certificate of {host} is not for that name");
        }
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "was issued by an authority that this machine does not trust"
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "is not valid yet",
        CertificateError::Revoked => "has been revoked",
        other => return format!("the certificate of {host} cannot be used: {other}"),
    };
    format!(
        "the certificate of {host} {what}; name the authority in target.tls.ca_file, or, for a test server \
         of your own, set target.tls.verify to false"
    )
}

/// `DnsName("a.test")` as `a.test`; at most five.
fn names(presented: &[String]) -> String {
    let bare = |name: &String| match name.split_once('(') {
        Some((_, rest)) => rest.trim_end_matches(')').trim_matches('"').to_owned(),
        None => name.clone(),
    };
    presented.iter().take(5).map(bare).collect::<Vec<_>>().join(", ")
}
