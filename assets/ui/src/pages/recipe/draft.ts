// What somebody has changed of a recipe and not saved yet.

export interface Draft {
  /** The version that it was begun with. */
  etag: string | null;
  text: string;
}

/** What it is kept under. */
export const draftOf = (id: string): string => `recipe.text.${id}`;
