// A file that is dropped anywhere on a page that takes one. Where it is not taken, the browser would leave the page for it.

import { useWindowEvent } from "@mantine/hooks";

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;

/** Calls `take` with the first file that is dropped. */
export function useDropped(take: (file: File) => void): void {
  useWindowEvent("dragover", (event) => void (hasFiles(event) && event.preventDefault()));
  const drop = (event: DragEvent) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    // A dialog takes its own.
    if (document.querySelector("[role=dialog]") !== null) return;
    // An editor would put the file into the middle of what is there.
    event.stopPropagation();
    const file = event.dataTransfer?.files[0];
    if (file) take(file);
  };
  useWindowEvent("drop", drop, { capture: true });
}
