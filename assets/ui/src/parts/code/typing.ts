// What is typed over more than a line. Left to the browser, it would carry styles along from line to line, which the page's policy refuses.

import { EditorView } from "@codemirror/view";

/** Where the browser would put it. */
function target(event: InputEvent, view: EditorView): { from: number; to: number } {
  const { from, to } = view.state.selection.main;
  if (from !== to) return { from, to };
  // What has just been selected is known to the page before it is known to the editor.
  const selected = document.getSelection();
  const range = event.getTargetRanges()[0] ?? (selected?.rangeCount ? selected.getRangeAt(0) : null);
  if (!range || !view.contentDOM.contains(range.startContainer) || !view.contentDOM.contains(range.endContainer)) return { from, to };
  const ends = [view.posAtDOM(range.startContainer, range.startOffset), view.posAtDOM(range.endContainer, range.endOffset)];
  return { from: Math.min(...ends), to: Math.max(...ends) };
}

export const typing = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const deletes = event.inputType.startsWith("delete");
    if (!event.cancelable || view.composing || !(deletes || event.inputType === "insertText")) return false;
    const { from, to } = target(event, view);
    const { doc } = view.state;
    if (doc.lineAt(from).number === doc.lineAt(to).number) return false;
    event.preventDefault();
    const insert = deletes ? "" : (event.data ?? "");
    view.dispatch({
      changes: { from, to, insert },
      selection: { anchor: from + insert.length },
      userEvent: deletes ? "delete" : "input.type",
      scrollIntoView: true,
    });
    return true;
  },
});
