// A sentence of the server, in English, with what stands between backticks as code.

import { Code } from "@mantine/core";

export function Prose({ text }: { text: string }) {
  return (
    <span lang="en">
      {text.split("`").map((part, place) => (place % 2 === 1 ? <Code key={place}>{part}</Code> : part))}
    </span>
  );
}
