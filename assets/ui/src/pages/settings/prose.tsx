// A sentence with what stands between backticks as code.

import { Code } from "@mantine/core";

/** `lang` where it is not the language of the page: what the server says is English. */
export function Prose({ text, lang }: { text: string; lang?: "en" }) {
  return (
    <span lang={lang}>
      {text.split("`").map((part, place) => (place % 2 === 1 ? <Code key={place}>{part}</Code> : part))}
    </span>
  );
}
