// How the code looks, in the colours of the page.

import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export const look = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--code-ground)", color: "var(--mantine-color-text)", fontSize: "var(--mantine-font-size-sm)" },
  "&.cm-focused": { outline: "2px solid var(--mantine-primary-color-filled)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mantine-font-family-monospace)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--mantine-color-text)", paddingBlock: "8px" },
  ".cm-gutters": { backgroundColor: "var(--code-ground)", color: "var(--mantine-color-dimmed)", borderInlineEnd: "1px solid var(--mantine-color-default-border)" },
  ".cm-activeLine": { backgroundColor: "var(--code-line)" },
  ".cm-tooltip": {
    backgroundColor: "var(--mantine-color-body)", color: "var(--mantine-color-text)",
    border: "1px solid var(--mantine-color-default-border)", borderRadius: "4px", maxWidth: "36rem",
  },
  ".cm-diagnostic": { padding: "4px 8px" },
  // Drawn without images in line, which the page's policy refuses.
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--mantine-color-red-filled)", textUnderlineOffset: "3px" },
  ".cm-lint-marker-error": { content: "normal", boxSizing: "border-box", borderRadius: "50%", backgroundColor: "var(--mantine-color-red-filled)", transform: "scale(0.7)" },
});

export const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--code-key)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-text)" },
  { tag: tags.comment, color: "var(--mantine-color-dimmed)", fontStyle: "italic" },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: "var(--mantine-color-dimmed)" },
]);
