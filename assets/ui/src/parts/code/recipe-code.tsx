// YAML as it is read and written: CodeMirror, loaded by the pages that show it.

import { history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";

import { typing } from "./typing";

interface Props {
  /** What it is, for whoever does not see it. */
  label: string;
  value: string;
  /** Without it, the text is only shown. */
  onChange?: (value: string) => void;
}

const either = (light: string, dark: string) => `light-dark(${light}, ${dark})`;

// 4.5 to 1 and more on both grounds.
const inks = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: either("#1f4fa3", "#8ab4f8") },
  { tag: [tags.string, tags.special(tags.string)], color: either("#1b6b3a", "#8fd6a8") },
  { tag: [tags.number, tags.bool, tags.null, tags.content], color: either("#7a3e00", "#f0c48a") },
  { tag: [tags.comment, tags.lineComment], color: either("#5a6270", "#a6adb8"), fontStyle: "italic" },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: either("#5a6270", "#a6adb8") },
]);

const looks = EditorView.theme({
  "&": { fontSize: "13px", border: "1px solid var(--mantine-color-default-border)", borderRadius: "var(--mantine-radius-md)", backgroundColor: "var(--mantine-color-body)" },
  "&.cm-focused": { outline: "2px solid var(--mantine-primary-color-filled)" },
  ".cm-scroller": { fontFamily: "var(--mantine-font-family-monospace)", maxHeight: "32rem", overflow: "auto" },
  ".cm-content": { caretColor: "var(--mantine-color-text)" },
  ".cm-gutters": { backgroundColor: "var(--mantine-color-body)", color: "var(--mantine-color-dimmed)", border: "none" },
});

/** A new line begins where the one before it does. Tab leads out of the field, as everywhere. */
const keys = keymap.of([
  {
    key: "Enter",
    run: (view) => {
      const indent = /^\s*(- )?/.exec(view.state.doc.lineAt(view.state.selection.main.from).text)?.[0].replace("-", " ") ?? "";
      view.dispatch(view.state.replaceSelection(`\n${indent}`), { scrollIntoView: true, userEvent: "input.type" });
      return true;
    },
  },
]);

const nonce = () => document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? "";

export default function RecipeCode({ label, value, onChange }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const told = useRef(onChange);
  told.current = onChange;
  const writable = onChange !== undefined;

  useEffect(() => {
    if (!place.current) return;
    const made = new EditorView({
      parent: place.current,
      doc: value,
      extensions: [
        lineNumbers(), bracketMatching(), yaml(), syntaxHighlighting(inks), looks, EditorView.cspNonce.of(nonce()),
        writable ? [history(), keymap.of(historyKeymap), typing, keys] : [EditorState.readOnly.of(true), EditorView.editable.of(false)],
        EditorView.contentAttributes.of({ "aria-label": label, role: "textbox", "aria-multiline": "true", "aria-readonly": String(!writable), tabindex: "0" }),
        EditorView.updateListener.of(({ docChanged, state }) => docChanged && told.current?.(state.doc.toString())),
      ],
    });
    view.current = made;
    return () => {
      view.current = null;
      made.destroy();
    };
    // Made once; its text is set below.
  }, [label, writable]);

  useEffect(() => {
    const made = view.current;
    if (!made || made.state.doc.toString() === value) return;
    made.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: value } });
  }, [value, label, writable]);

  return <div ref={place} />;
}
