// Whether something answers at an address, before anybody writes a test of it.

import { useMutation, type UseMutationResult } from "@tanstack/react-query";

import { answer, api, Problem } from "~/api/client";

/** What speaks against an address. */
export interface Against {
  message: string;
  /** Whether a test of it can be written all the same. */
  passable: boolean;
  /** Whether it is no reason to stop: what is asked for may well lie below it. */
  below?: boolean;
}

/** Any recipe that only reads; what it asks for is said with it. */
const recipe_id = "sustained";

/** What an address that was looked at is told to be; nothing where nothing speaks against it. */
async function look(url: URL): Promise<Against | null> {
  const path = url.pathname + url.search;
  const body = { recipe_id, host: url.origin, probe: true, parameters: { path, dear_path: path } };
  try {
    const { probe } = await answer(api.POST("/api/maid/recipe-generator/suggest", { body }));
    if (!probe?.failed || probe.answered > 0) return null;
    return { message: probe.failed, passable: true, below: /^it answered \d/.test(probe.failed) };
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    const here = problem.errors.find(({ path }) => path === "host");
    if (here) return { message: here.message, passable: false };
    // Another run or another probe goes on: the start will tell.
    if (problem.status === 409 || problem.status === 429) return null;
    throw problem;
  }
}

export type Look = UseMutationResult<Against | null, Error, URL>;

export const useLook = (): Look => useMutation({ mutationFn: look });

/** What speaks against this address, where it is the one that was looked at. */
export const against = ({ data, variables }: Look, url: URL | null): Against | null => (url && variables?.href === url.href ? (data ?? null) : null);
