// What was done to the text, by the form or by hand, to be undone and done again.

import {
  Annotation, type ChangeSet, type EditorSelection, type EditorState, type Extension, StateEffect, StateField, type Transaction,
} from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";

/** A change that leads back, and what was selected before it. */
interface Step {
  changes: ChangeSet;
  selection: EditorSelection;
}

interface Past {
  done: Step[];
  undone: Step[];
  /** When the newest step was made, and whether more of the same kind may join it. */
  at: number;
  joins: boolean;
}

/** What is typed within this time is undone at once, in ms. */
const JOINED_MS = 600;
const MOST = 500;

const back = Annotation.define<"undo" | "redo">();
/** What comes next is no part of the step before. */
export const pause = StateEffect.define<null>();

const past = StateField.define<Past>({
  create: () => ({ done: [], undone: [], at: 0, joins: false }),
  update(known, transaction) {
    const paused = transaction.effects.some((effect) => effect.is(pause));
    if (!transaction.docChanged) return paused ? { ...known, joins: false } : known;
    const step = { changes: transaction.changes.invert(transaction.startState.doc), selection: transaction.startState.selection };
    const way = transaction.annotation(back);
    if (way === "undo") return { done: known.done.slice(0, -1), undone: [...known.undone, step], at: 0, joins: false };
    if (way === "redo") return { done: [...known.done, step], undone: known.undone.slice(0, -1), at: 0, joins: false };
    return { done: joined(known, step, transaction, paused), undone: [], at: Date.now(), joins: typed(transaction) };
  },
});

const typed = (transaction: Transaction) => transaction.isUserEvent("input.type") || transaction.isUserEvent("delete");

function joined(known: Past, step: Step, transaction: Transaction, paused: boolean): Step[] {
  const last = known.done.at(-1);
  const joins = last && !paused && known.joins && typed(transaction) && Date.now() - known.at < JOINED_MS;
  if (!joins) return [...known.done, step].slice(-MOST);
  return [...known.done.slice(0, -1), { changes: step.changes.compose(last.changes), selection: last.selection }];
}

function go(view: EditorView, way: "undo" | "redo"): boolean {
  const { done, undone } = view.state.field(past);
  const step = (way === "undo" ? done : undone).at(-1);
  if (!step) return false;
  const fits = step.selection.ranges.every((range) => range.to <= step.changes.newLength);
  view.dispatch({
    changes: step.changes,
    ...(fits ? { selection: step.selection } : {}),
    annotations: back.of(way),
    userEvent: way,
    scrollIntoView: view.hasFocus,
  });
  return true;
}

export const undo = (view: EditorView) => go(view, "undo");
export const redo = (view: EditorView) => go(view, "redo");

/** Whether there is something to undo, and to do again. */
export function ways(state: EditorState): { undo: boolean; redo: boolean } {
  const { done, undone } = state.field(past);
  return { undo: done.length > 0, redo: undone.length > 0 };
}

export const history: Extension = [
  past,
  keymap.of([
    { key: "Mod-z", run: undo, preventDefault: true },
    { key: "Mod-Shift-z", run: redo, preventDefault: true },
    { key: "Mod-y", run: redo, preventDefault: true },
  ]),
  EditorView.domEventHandlers({
    beforeinput(event, view) {
      if (event.inputType !== "historyUndo" && event.inputType !== "historyRedo") return false;
      event.preventDefault();
      return go(view, event.inputType === "historyUndo" ? "undo" : "redo");
    },
  }),
];
