// What somebody has changed of a recipe and not saved yet.

import { either, fieldsOf, isOneOf, isText } from "~/parts/fits";

export interface Draft {
  /** The version that it was begun with. */
  etag: string | null;
  text: string;
}

export const isDraft = fieldsOf<Draft>({ etag: either(isText, isOneOf([null])), text: isText });

/** What it is kept under. */
export const draftOf = (id: string): string => `recipe.text.${id}`;
