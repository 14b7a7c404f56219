// What a test wants that is not written in it: variables of the environment, and secrets that were hidden.

/** Variables of the environment that a text reads, each once. */
export function environmentOf(text: string): string[] {
  const names = text.matchAll(/\$\{env:([A-Za-z_][A-Za-z0-9_]*)/g);
  return [...new Set(Array.from(names, ([, name]) => name as string))].sort();
}

/** `***` where it stands for a secret; not as a part of a word or of more of them. */
const HIDDEN = /(?<![*\w])\*{3}(?![*\w])/;

/** What a test takes that is not kept with its run. */
export interface Taken {
  secrets: boolean;
  environment: boolean;
}

export function takes(test: unknown): Taken {
  const texts = textsIn(test);
  return { secrets: texts.some((text) => HIDDEN.test(text)), environment: environmentOf(texts.join("\n")).length > 0 };
}

/** Whether that is why a start was refused. What the environment of the server has it alone knows: it is asked first. */
export const lacks = ({ environment }: Taken, status: number): boolean => environment && status === 422;

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The lines on which `***` stands for a secret, as in the test of a run that was stored. */
export function hiddenIn(text: string): number[] {
  return text.split("\n").flatMap((line, at) => (HIDDEN.test(line.replace(/(^|\s)#.*$/, "")) ? [at + 1] : []));
}
