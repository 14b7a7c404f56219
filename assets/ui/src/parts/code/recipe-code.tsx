// YAML as it is read and written: CodeMirror, loaded by the pages that show it.

import { history, historyKeymap } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { useEffect, useRef } from "react";

import { writable, yaml } from "./yaml";

interface Props {
  /** What it is, for whoever does not see it. */
  label: string;
  value: string;
  /** Without it, the text is only shown. */
  onChange?: (value: string) => void;
}

const box = EditorView.theme({
  "&": { border: "1px solid var(--mantine-color-default-border)", borderRadius: "var(--mantine-radius-md)", overflow: "hidden" },
  ".cm-scroller": { maxHeight: "32rem", overflow: "auto" },
});

export default function RecipeCode({ label, value, onChange }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const told = useRef(onChange);
  told.current = onChange;
  const writes = onChange !== undefined;

  useEffect(() => {
    if (!place.current) return;
    const made = new EditorView({
      parent: place.current,
      doc: value,
      extensions: [
        yaml(), box, bracketMatching(),
        writes ? [history(), keymap.of(historyKeymap), writable] : [EditorState.readOnly.of(true), EditorView.editable.of(false)],
        EditorView.contentAttributes.of({ "aria-label": label, role: "textbox", "aria-multiline": "true", "aria-readonly": String(!writes), tabindex: "0" }),
        EditorView.updateListener.of(({ docChanged, state }) => docChanged && told.current?.(state.doc.toString())),
      ],
    });
    view.current = made;
    return () => {
      view.current = null;
      made.destroy();
    };
    // Made once; its text is set below.
  }, [label, writes]);

  useEffect(() => {
    const made = view.current;
    if (!made || made.state.doc.toString() === value) return;
    made.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: value } });
  }, [value, label, writes]);

  return <div ref={place} />;
}
