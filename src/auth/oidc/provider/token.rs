//! Whether what a provider says about a person can be trusted.

use std::time::{Duration, SystemTime};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use openidconnect::{
    AccessTokenHash, ClaimsVerificationError, ClientId, Nonce, OAuth2TokenResponse,
    SignatureVerificationError, SigningError, TokenResponse,
    core::{CoreIdToken, CoreIdTokenVerifier, CoreJwsSigningAlgorithm, CoreTokenResponse},
};
use serde_json::{Map, Value};

use super::metadata::Known;

/// How far the provider's clock may be from ours.
const LEEWAY: Duration = Duration::from_secs(60);

/// Signatures that are taken: by a key that only the provider has. `none` is no signature, and with an HMAC
/// whoever can check a token can also make one.
const TAKEN: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Why a token is not trusted.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// There is none.
    #[error("the answer holds no id token")]
    Missing,
    /// It says something wrong, or is not signed as it has to be.
    #[error("{refused}{detail}", refused = .0, detail = signature(.0))]
    Claims(#[from] ClaimsVerificationError),
    /// It was made for another client.
    #[error("it was issued to another client (azp)")]
    OtherClient,
    /// It belongs to another access token.
    #[error("it does not belong to the access token (at_hash)")]
    OtherAccessToken,
    /// Its access token's hash cannot be checked.
    #[error("at_hash cannot be checked: {0}")]
    Hash(#[from] SigningError),
    /// Its key is not known.
    #[error("{0}")]
    Signature(#[from] SignatureVerificationError),
    /// It is not what was verified a moment before.
    #[error("its claims cannot be read")]
    Unreadable,
}

/// What a signature lacks, which the library's message leaves out.
fn signature(error: &ClaimsVerificationError) -> String {
    match error {
        ClaimsVerificationError::SignatureVerification(error) => format!(": {error}"),
        _ => String::new(),
    }
}

impl TokenError {
    /// Whether other keys might verify it.
    pub const fn is_about_keys(&self) -> bool {
        matches!(
            self,
            Self::Claims(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey | SignatureVerificationError::CryptoError(_)
            ))
        )
    }
}

/// The claims of the id token in `answer`, once everything about it is in order.
pub fn verified(
    answer: &CoreTokenResponse,
    known: &Known,
    client_id: &str,
    nonce: &Nonce,
) -> Result<Map<String, Value>, TokenError> {
    let token = answer.id_token().ok_or(TokenError::Missing)?;
    let client_id = ClientId::new(client_id.to_owned());
    // Without the client's secret, so that no token is ever checked by it.
    let verifier = CoreIdTokenVerifier::new_public_client(
        client_id.clone(),
        known.metadata.issuer().clone(),
        known.metadata.jwks().clone(),
    )
    .set_allowed_algs(TAKEN)
    .set_time_fn(|| (SystemTime::now() - LEEWAY).into())
    .set_issue_time_verifier_fn(|issued| match SystemTime::from(issued) > SystemTime::now() + LEEWAY {
        true => Err("it was issued in the future".to_owned()),
        false => Ok(()),
    });
    let claims = token.claims(&verifier, nonce)?;
    if claims.authorized_party().is_some_and(|party| *party != client_id) {
        return Err(TokenError::OtherClient);
    }
    if let Some(hash) = claims.access_token_hash() {
        let (algorithm, key) = (token.signing_alg()?, token.signing_key(&verifier)?);
        if AccessTokenHash::from_token(answer.access_token(), algorithm, key)? != *hash {
            return Err(TokenError::OtherAccessToken);
        }
    }
    all_claims(token).ok_or(TokenError::Unreadable)
}

/// All claims of a token that was verified, those included that the library has no name for.
fn all_claims(token: &CoreIdToken) -> Option<Map<String, Value>> {
    let text = token.to_string();
    let payload = text.split('.').nth(1)?;
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}
