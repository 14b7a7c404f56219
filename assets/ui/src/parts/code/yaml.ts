// How YAML is written and looks wherever it is: colours, and where a new line begins.

import { yaml as language } from "@codemirror/lang-yaml";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorSelection, type Extension } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

import { typing } from "./typing";

const either = (light: string, dark: string) => `light-dark(${light}, ${dark})`;
const ground = either("#fafbfc", "#1b1c1f");
const quiet = either("#5a6270", "#a6adb8");

// 4.5 to 1 and more on both grounds.
const inks = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: either("#1f4fa3", "#8ab4f8") },
  { tag: [tags.string, tags.special(tags.string)], color: either("#1b6b3a", "#8fd6a8") },
  { tag: [tags.number, tags.bool, tags.null, tags.content], color: either("#7a3e00", "#f0c48a") },
  { tag: [tags.comment, tags.lineComment], color: quiet, fontStyle: "italic" },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: quiet },
]);

const look = EditorView.theme({
  "&": { backgroundColor: ground, color: "var(--mantine-color-text)", fontSize: "var(--mantine-font-size-sm)" },
  "&.cm-focused": { outline: "2px solid var(--mantine-primary-color-filled)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mantine-font-family-monospace)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--mantine-color-text)", paddingBlock: "8px" },
  ".cm-gutters": { backgroundColor: ground, color: "var(--mantine-color-dimmed)", borderInlineEnd: "1px solid var(--mantine-color-default-border)" },
});

/** A new line begins below what it belongs to. */
function enter(view: EditorView): boolean {
  const { state } = view;
  const done = state.changeByRange((range) => {
    const line = state.doc.lineAt(range.from);
    const before = line.text.slice(0, range.from - line.from);
    const [, blank = "", dash = ""] = /^( *)(- +)?/.exec(before) ?? [];
    const deep = blank.length + dash.length + (/:\s*$/.test(before) ? 2 : 0);
    const insert = "\n" + " ".repeat(deep);
    return { changes: { from: range.from, to: range.to, insert }, range: EditorSelection.cursor(range.from + insert.length) };
  });
  view.dispatch(state.update(done, { scrollIntoView: true, userEvent: "input" }));
  return true;
}

// The page's policy lets in what it has given a name for.
const nonce = () => document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? "";

/** What is read as YAML. */
export const yaml = (): Extension => [lineNumbers(), language(), syntaxHighlighting(inks), look, EditorView.cspNonce.of(nonce())];

/** What is written as YAML. Tab is left to those who walk through the page with it. */
export const writable: Extension = [typing, keymap.of([{ key: "Enter", run: enter }])];
