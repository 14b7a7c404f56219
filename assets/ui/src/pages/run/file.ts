// A file that somebody brings to the editor.

import { useState } from "react";

import { foreign, own } from "~/pages/recipes/guess";
import { useReadFile } from "~/parts/read-file";

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
  const read = useReadFile();
  const [material, setMaterial] = useState<Material | null>(null);
  const take = async (file: File) => {
    const text = await read(file);
    if (text === null) return;
    if (foreign(text) || own(text) === "recipe") return setMaterial({ name: file.name, text });
    open(text);
  };
  return { take: (file) => void (file && take(file)), material, decided: () => setMaterial(null) };
}
