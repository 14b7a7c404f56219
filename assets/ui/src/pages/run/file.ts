// A file that somebody brings to the editor.

import { notifications } from "@mantine/notifications";

import { useWords } from "~/i18n";
import { guess } from "~/pages/recipes/guess";

/** As much as the server takes of a test. */
const LARGEST = 10 << 20;

/** What no other format has, and every test. */
const TEST = /^\s*["']?scenarios["']?\s*:/m;

/** Reads a test from a file; says why where there is none in it. */
export function useFile(open: (text: string) => void): (file: File | undefined) => void {
  const { say } = useWords();
  const refuse = (message: string) => notifications.show({ color: "yellow", message });
  const read = async (file: File) => {
    if (file.size > LARGEST) return refuse(say("run.file_large", { name: file.name }));
    const text = await file.text().catch(() => null);
    if (text === null || text.includes("\0")) return refuse(say("run.file_no_text", { name: file.name }));
    const other = TEST.test(text) ? null : guess(text);
    if (other) return refuse(say("run.file_import", { name: file.name, format: say(`import.${other}`) }));
    open(text);
  };
  return (file) => void (file && read(file));
}
