// A password that nobody guesses, and that can be read out: about 99 bits.

const LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const [GROUPS, LENGTH] = [4, 5];

export function generate(): string {
  const word = () => Array.from({ length: LENGTH }, letter).join("");
  return Array.from({ length: GROUPS }, word).join("-");
}

/** Each as likely as any other: what would favour the first letters is drawn again. */
function letter(): string {
  const fair = 256 - (256 % LETTERS.length);
  let drawn = 256;
  while (drawn >= fair) drawn = crypto.getRandomValues(new Uint8Array(1))[0]!;
  return LETTERS[drawn % LETTERS.length]!;
}
