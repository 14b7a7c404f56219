// The text that is written: one CodeMirror, which the form changes as well, so that one history has both.

import { history, historyKeymap, isolateHistory, redo, redoDepth, undo, undoDepth } from "@codemirror/commands";
import { type Diagnostic, lintGutter, nextDiagnostic, setDiagnostics } from "@codemirror/lint";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap } from "@codemirror/view";

import { writable, yaml } from "~/parts/code/yaml";

import { changed } from "./changed";
import { type Change, isReading, read, type Reading, type Unreadable } from "./document";
import { marks } from "./marks";
import { shared } from "./shared";
import type { Trouble } from "./troubles";

const all = (view: EditorView) => {
  view.dispatch({ selection: { anchor: 0, head: view.state.doc.length } });
  return true;
};

const keys = keymap.of([
  { key: "Mod-a", run: all },
  { key: "F8", run: nextDiagnostic },
]);

const basics = (): Extension => [
  yaml(), lintGutter(), highlightActiveLine(), EditorView.lineWrapping, EditorState.tabSize.of(2),
  marks, history(), keymap.of(historyKeymap), writable, keys,
];

/** A text as the editor has it. */
export const unixLines = (text: string): string => text.replace(/\r\n?/g, "\n");

export class Writing {
  readonly view: EditorView;
  #text: string;
  #said: { of: string; found: Reading | Unreadable } | null = null;
  #value: Record<string, unknown> = {};
  #told = new Set<() => void>();
  #what = "";

  constructor(text: string, label: string) {
    const extensions = [
      basics(),
      EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0", spellcheck: "false", autocapitalize: "off" }),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        this.#text = update.state.doc.toString();
        this.#told.forEach((told) => told());
      }),
    ];
    this.view = new EditorView({ state: EditorState.create({ doc: text, extensions }) });
    // Its lines end as the editor ends them, whatever they came with.
    this.#text = this.view.state.doc.toString();
  }

  get text(): string {
    return this.#text;
  }

  /** What the text says; it is read once. */
  get said(): Reading | Unreadable {
    if (this.#said?.of === this.#text) return this.#said.found;
    const found = read(this.#text);
    if (isReading(found)) this.#value = found.value = shared(this.#value, found.value);
    this.#said = { of: this.#text, found };
    return found;
  }

  /** What it said when it could be read last. */
  get value(): Record<string, unknown> {
    return this.said && this.#value;
  }

  get ways(): { undo: boolean; redo: boolean } {
    const { state } = this.view;
    return { undo: undoDepth(state) > 0, redo: redoDepth(state) > 0 };
  }

  watch = (told: () => void): (() => void) => {
    this.#told.add(told);
    return () => this.#told.delete(told);
  };

  /** A change of the form; changes of the same thing in a row are undone at once. */
  change(what: string, change: Change): void {
    const same = what === this.#what;
    this.#what = what;
    this.#put(changed(this.#text, change), same);
  }

  /** Another text in place of this one; it can be undone. */
  replace(text: string): void {
    this.#what = "";
    this.#put(text, false);
  }

  #put(other: string, joins: boolean): void {
    const [old, text] = [this.#text, unixLines(other)];
    const least = Math.min(old.length, text.length);
    let [head, tail] = [0, 0];
    while (head < least && old[head] === text[head]) head++;
    while (tail < least - head && old.at(-1 - tail) === text.at(-1 - tail)) tail++;
    if (head === old.length && head === text.length) return;
    this.view.dispatch({
      changes: { from: head, to: old.length - tail, insert: text.slice(head, text.length - tail) },
      annotations: joins ? [] : isolateHistory.of("before"),
      userEvent: "input.type.form",
    });
  }

  undo = (): void => void undo(this.view);
  redo = (): void => void redo(this.view);

  /** Shows a line, and goes there. */
  show(line: number): void {
    const { doc } = this.view.state;
    const { from } = doc.line(Math.min(Math.max(line, 1), doc.lines));
    this.view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
    this.view.focus();
    this.view.dom.scrollIntoView({ block: "nearest" });
  }

  /** Marks what is wrong on its line. */
  mark(troubles: Trouble[]): void {
    const { doc } = this.view.state;
    const marks = troubles.map(({ line, column, message, kind }): Diagnostic => {
      const place = doc.line(Math.min(Math.max(line, 1), doc.lines));
      const from = Math.min(place.from + Math.max(column - 1, 0), place.to);
      return { from, to: place.to, severity: kind === "wrong" ? "error" : "warning", message };
    });
    this.view.dispatch(setDiagnostics(this.view.state, marks));
  }
}
