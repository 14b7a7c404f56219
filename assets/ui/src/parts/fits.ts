// Whether a value that comes from nowhere sure, as from a browser's memory, is what it is taken for.

import { record } from "./record";

export type Fits<T> = (value: unknown) => value is T;

export const isText: Fits<string> = (value): value is string => typeof value === "string";
export const isNumber: Fits<number> = (value): value is number => typeof value === "number";
export const isFlag: Fits<boolean> = (value): value is boolean => typeof value === "boolean";

export const isOneOf = <const T extends string | null | undefined>(known: readonly T[]): Fits<T> => (value): value is T => known.some((one) => one === value);

export const either = <A, B>(is: Fits<A>, or: Fits<B>): Fits<A | B> => (value): value is A | B => is(value) || or(value);

export const listOf = <T>(is: Fits<T>): Fits<T[]> => (value): value is T[] => Array.isArray(value) && value.every(is);

/** By any names, each of them one. */
export const recordOf = <T>(is: Fits<T>): Fits<Record<string, T>> =>
  (value): value is Record<string, T> => record(value) === value && Object.values(value).every(is);

/** By these names, each as it has to be; what else is in it is let be. */
export const fieldsOf = <T extends object>(fields: { [K in keyof T]-?: Fits<T[K]> }): Fits<T> =>
  (value): value is T => record(value) === value && (Object.keys(fields) as (keyof T & string)[]).every((name) => fields[name](record(value)[name]));
