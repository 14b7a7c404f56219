//! What a new password must be.

use crate::loadtest::secret::Secret;

/// Longest password that is taken, in bytes: hashing more would cost and protect nothing.
pub const LONGEST: usize = 256;

/// Passwords that guessers try first.
const COMMON: &str = include_str!("../../../assets/auth/refused-passwords.txt");
/// Fewest different characters.
const FEWEST_KINDS: usize = 5;

/// Why a password is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Too short.
    #[error("must be {0} characters or more; a few words in a row are easy to remember")]
    Short(u32),
    /// Too long.
    #[error("must be at most {LONGEST} bytes long")]
    Long,
    /// One that guessers try first.
    #[error("is among the passwords that are tried first; take another")]
    Common,
    /// Made from the name.
    #[error("must not be made from the username")]
    Name,
    /// The same few characters.
    #[error("repeats too few characters; use {FEWEST_KINDS} different ones or more")]
    Uniform,
}

/// Whether `password` will do for the user `name`.
///
/// # Errors
/// Why not.
pub fn check(password: &Secret, name: &str, min_length: u32) -> Result<(), Refused> {
    let password = password.expose();
    if password.len() > LONGEST {
        return Err(Refused::Long);
    }
    if password.chars().count() < min_length as usize {
        return Err(Refused::Short(min_length));
    }
    let password = password.to_lowercase();
    // What is put around a common word protects from nobody.
    let core = password.trim_matches(|c: char| !c.is_alphabetic());
    let common = |text: &str| COMMON.lines().any(|line| line == text);
    if common(&password) || (!core.is_empty() && common(core)) {
        return Err(Refused::Common);
    }
    let name = name.to_lowercase();
    if core == name || password.replace(&name, "").chars().count() < 4 {
        return Err(Refused::Name);
    }
    let mut kinds: Vec<char> = password.chars().collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.len() < FEWEST_KINDS { Err(Refused::Uniform) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(password: &str) -> Option<Refused> {
        check(&Secret::new(password), "margarete", 12).err()
    }

    #[test]
    fn what_guessers_try_first_is_refused() {
        for common in
            ["PasswordPassword", "!!password!!", "123-administrator-456", "1qaz2wsx3edc", "CorrectHorse1"]
        {
            assert_eq!(refused(common), Some(Refused::Common), "{common}");
        }
        for name in ["margarete123", "MargareteMargarete", "xMargaretex2"] {
            assert_eq!(refused(name), Some(Refused::Name), "{name}");
        }
        assert_eq!(refused("abababababababab"), Some(Refused::Uniform));
        assert_eq!(refused("short"), Some(Refused::Short(12)));
        assert_eq!(refused(&"long phrase ".repeat(30)), Some(Refused::Long));
    }

    #[test]
    fn phrases_and_random_ones_are_taken() {
        for good in ["twelve lazy snails", "Xk9#mQ2$vL7p", "страшный зелёный чай", "margarete likes rust"]
        {
            assert_eq!(refused(good), None, "{good}");
        }
    }
}
