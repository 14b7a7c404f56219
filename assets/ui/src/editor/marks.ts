// How what is wrong is marked in the code. Drawn without images in line, which the page's policy refuses.

import { EditorView } from "@codemirror/view";

const line = (colour: string) => ({ backgroundImage: "none", textDecoration: `underline wavy ${colour}`, textUnderlineOffset: "3px" });
const [error, warning] = ["var(--mantine-color-red-filled)", "var(--mantine-color-orange-filled)"];

export const marks = EditorView.theme({
  "&": { height: "100%" },
  ".cm-activeLine": { backgroundColor: "light-dark(#eef1f6, #26282d)" },
  ".cm-tooltip": {
    backgroundColor: "var(--mantine-color-body)", color: "var(--mantine-color-text)",
    border: "1px solid var(--mantine-color-default-border)", borderRadius: "4px", maxWidth: "36rem",
  },
  ".cm-diagnostic": { padding: "4px 8px" },
  ".cm-lintRange-error": line(error),
  ".cm-lintRange-warning": line(warning),
  ".cm-lint-marker": { boxSizing: "border-box", borderRadius: "50%", transform: "scale(0.7)" },
  ".cm-lint-marker-error": { content: "normal", backgroundColor: error },
  ".cm-lint-marker-warning": { content: "normal", backgroundColor: warning },
});
