// The text of a file that somebody brings.

import { notifications } from "@mantine/notifications";

import { useWords } from "~/i18n";

/** As much as the server takes of a test. */
const LARGEST = 10 << 20;

/** Reads a file; says why, and answers `null`, where it is too large or no text. */
export function useReadFile(): (file: File) => Promise<string | null> {
  const { say } = useWords();
  const refuse = (message: string) => (notifications.show({ color: "yellow", message }), null);
  return async (file) => {
    if (file.size > LARGEST) return refuse(say("run.file_large", { name: file.name }));
    const text = await file.text().catch(() => null);
    return text === null || text.includes("\0") ? refuse(say("run.file_no_text", { name: file.name })) : text;
  };
}
