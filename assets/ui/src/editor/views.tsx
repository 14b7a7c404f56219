// A document as a form and as code, beside each other where there is room.

import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";

import classes from "./editor.module.css";
import type { Writing } from "./writing";

interface Props {
  writing: Writing;
  /** What the form is. */
  label: string;
  /** Whether what is written can be read; a form cannot change what it cannot read. */
  readable: boolean;
  /** What stands over the code. */
  above?: ReactNode;
  children: ReactNode;
}

export function Views({ writing, label, readable, above, children }: Props) {
  // What is undone is what was done to the document, not to one field.
  const keys = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) writing.redo();
    else writing.undo();
  };
  return (
    <div className={classes.views}>
      <fieldset className={classes.form} disabled={!readable} onKeyDown={keys} aria-label={label}>
        {children}
      </fieldset>
      <div className={classes.beside}>
        {above}
        <Code writing={writing} />
      </div>
    </div>
  );
}

function Code({ writing }: Pick<Props, "writing">) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.append(writing.view.dom);
    writing.view.requestMeasure();
    // Gone only where the page is: what is put back at once goes on.
    return () => void setTimeout(() => writing.view.dom.isConnected || writing.view.destroy());
  }, [writing]);
  return <div ref={place} className={classes.code} />;
}
