// A file that somebody brings to the editor.

import { notifications } from "@mantine/notifications";
import { useState } from "react";

import { useWords } from "~/i18n";
import { foreign, own } from "~/pages/recipes/guess";

/** As much as the server takes of a test. */
const LARGEST = 10 << 20;

/** What a test can be made of. It is in this page alone: others' recordings have secrets in them. */
export interface Material {
  name: string;
  text: string;
}

interface Files {
  take: (file: File | undefined) => void;
  /** A file that is no test yet, until somebody has decided about it. */
  material: Material | null;
  decided: () => void;
}

/** Reads a test from a file; says why where there is none in it. */
export function useFile(open: (text: string) => void): Files {
  const { say } = useWords();
  const [material, setMaterial] = useState<Material | null>(null);
  const refuse = (message: string) => notifications.show({ color: "yellow", message });
  const read = async (file: File) => {
    if (file.size > LARGEST) return refuse(say("run.file_large", { name: file.name }));
    const text = await file.text().catch(() => null);
    if (text === null || text.includes("\0")) return refuse(say("run.file_no_text", { name: file.name }));
    if (foreign(text) || own(text) === "recipe") return setMaterial({ name: file.name, text });
    open(text);
  };
  return { take: (file) => void (file && read(file)), material, decided: () => setMaterial(null) };
}
