// A file for whoever is at the page.

import type { ExportedFile } from "~/api/schema";

/** Hands a file to the browser. */
export function download({ name, media_type, text }: ExportedFile): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: media_type }));
  link.download = name;
  link.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
