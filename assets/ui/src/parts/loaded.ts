// Parts of the page that are loaded when they are wanted.

/** A part did not arrive: the server was away, or has other files by now. */
export class NotLoaded extends Error {}

/** Loads a part; one that does not arrive is told as that, whatever words the browser has for it. */
export const loaded = <T>(load: () => Promise<T>) => () =>
  load().catch((why: unknown) => {
    throw new NotLoaded(String(why));
  });
