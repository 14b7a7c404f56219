//! Styles of single elements, moved from their attributes into the page's style sheet, so that the
//! page's policy can name the sheet by its hash and let no other style in.

use std::fmt::Write;

use base64::{Engine, prelude::BASE64_STANDARD};
use indexmap::IndexSet;
use ring::digest::{SHA256, digest};

/// How the templates write a style. Names and messages cannot: their quotes are escaped.
const ATTRIBUTE: &str = " style=\"";

/// What the template says where the hash of the style sheet belongs.
const PLACE: &str = "sha256-OF-THE-STYLES";

/// `page` without a style in any attribute, and with the hash of its style sheet in its policy.
pub(super) fn lifted(page: &str) -> String {
    let mut parts = page.split(ATTRIBUTE);
    let mut lifted = parts.next().unwrap_or_default().to_owned();
    let mut styles = IndexSet::new();
    for part in parts {
        let (style, rest) = part.split_once('"').unwrap_or((part, ""));
        let (number, _) = styles.insert_full(style);
        // A String takes everything.
        let _ = write!(lifted, " data-s=\"{number}\"{rest}");
    }
    let mut rules = String::new();
    for (number, style) in styles.iter().enumerate() {
        // Said thrice, it goes before what the sheet says about classes, as an attribute would.
        let _ = write!(rules, "\n[data-s=\"{number}\"][data-s][data-s]{{{style}}}");
    }
    let Some((head, rest)) = lifted.split_once("</style>") else { return lifted };
    let own = head.split_once("<style>").map_or("", |(_, own)| own);
    let hash = BASE64_STANDARD.encode(digest(&SHA256, format!("{own}{rules}").as_bytes()));
    let head = head.replacen(PLACE, &format!("sha256-{hash}"), 1);
    format!("{head}{rules}</style>{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_move_into_the_sheet() {
        let page = format!(
            "<meta content=\"style-src '{PLACE}'\"><style>b{{}}</style><i style=\"left:1%\" id=a></i>\
             <i style=\"left:2%\"></i><i style=\"left:1%\"></i>"
        );
        let sheet = "b{}\n[data-s=\"0\"][data-s][data-s]{left:1%}\n[data-s=\"1\"][data-s][data-s]{left:2%}";
        let hash = BASE64_STANDARD.encode(digest(&SHA256, sheet.as_bytes()));
        assert_eq!(
            lifted(&page),
            format!(
                "<meta content=\"style-src 'sha256-{hash}'\"><style>{sheet}</style><i data-s=\"0\" id=a></i>\
                 <i data-s=\"1\"></i><i data-s=\"0\"></i>"
            )
        );
    }
}
