// What this browser keeps, by its places. What it has no room for, or may not keep, the page holds for as long as it is open, and knows of it.

import { useSyncExternalStore } from "react";

import type { Fits } from "./fits";

interface Held {
  text: string;
  /** Whether somebody would miss it. */
  missed: boolean;
  /** What the browser has in its place. */
  before: string | null;
}

/** What was to be kept last and is not, by its place. */
const held = new Map<string, Held>();
const watching = new Set<() => void>();

/** What is kept at a place, and null where nothing is. */
export function recall(place: string): string | null {
  return held.get(place)?.text ?? read(place);
}

/** Keeps a text at a place, or nothing any more; `missed` says whether somebody would miss it after a reload. */
export function retain(place: string, text: string | null, missed = true): void {
  const kept = write(place, text);
  if (kept || text === null) held.delete(place);
  else held.set(place, { text, missed, before: read(place) });
  // What has become shorter has left room for others.
  if (kept) writeHeld();
  tell();
}

/** The draft that is kept at a place; one that is no such thing, as of another version of the page, is none. */
export function draftAt<T>(place: string, fits: Fits<T>): T | null {
  try {
    const found: unknown = JSON.parse(recall(place) ?? "null");
    return fits(found) ? found : null;
  } catch {
    return null;
  }
}

/** Whether what was written last at one of the places would be missed after a reload. */
export const isUnkept = (...places: string[]): boolean => places.some((place) => held.get(place)?.missed === true);

export const useUnkept = (...places: string[]): boolean => useSyncExternalStore(watch, () => isUnkept(...places));

export function watch(told: () => void): () => void {
  watching.add(told);
  return () => void watching.delete(told);
}

/** What the browser has at a place, whatever this page holds. */
export function read(place: string): string | null {
  try {
    return localStorage.getItem(place);
  } catch {
    return null;
  }
}

function write(place: string, text: string | null): boolean {
  try {
    if (text === null) localStorage.removeItem(place);
    else localStorage.setItem(place, text);
    return true;
  } catch {
    return false;
  }
}

function writeHeld(): void {
  // What another tab has written meanwhile is newer, and stays until somebody goes on here.
  for (const [place, { text, before }] of held) if (read(place) === before && write(place, text)) held.delete(place);
}

/** Whoever comes back may have made room in another tab. */
function again(): void {
  writeHeld();
  tell();
}

/** The browser asks whether to leave, where something would be lost. */
function stay(event: BeforeUnloadEvent): void {
  again();
  if (isUnkept(...held.keys())) event.preventDefault();
}

function tell(): void {
  // A page that always listens to this is not kept by the browser for those who go back to it.
  if (isUnkept(...held.keys())) {
    addEventListener("focus", again);
    addEventListener("beforeunload", stay);
  } else {
    removeEventListener("focus", again);
    removeEventListener("beforeunload", stay);
  }
  watching.forEach((told) => told());
}
