// What a test wants that is not written in it: variables of the environment, and secrets that were hidden.

/** Variables of the environment that a text reads, each once. */
export function environmentOf(text: string): string[] {
  const names = text.matchAll(/\$\{env:([A-Za-z_][A-Za-z0-9_]*)/g);
  return [...new Set(Array.from(names, ([, name]) => name as string))].sort();
}

/** The lines on which `***` stands for a secret, as in the test of a run that was stored. */
export function hiddenIn(text: string): number[] {
  return text.split("\n").flatMap((line, at) => (/(?<![*\w])\*{3}(?![*\w])/.test(line.replace(/(^|\s)#.*$/, "")) ? [at + 1] : []));
}
