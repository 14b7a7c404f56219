// Who is signed in, and what they may do.

import { ModalsProvider } from "@mantine/modals";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";

import { answer, api, onReplaced, onSignedOut, Problem, remember } from "~/api/client";
import type { Me, Scope } from "~/api/schema";
import { live } from "~/live/socket";
import { SignIn } from "~/pages/sign-in/sign-in";
import { ProblemAlert } from "~/parts/problem";

import { Frame } from "./frame";

interface Session {
  me: Me;
  may: (scope: Scope) => boolean;
  signOut: () => void;
}

const Current = createContext<Session | null>(null);

/** Whoever is signed in. */
export function useSession(): Session {
  const session = useContext(Current);
  if (!session) throw new Error("nobody is signed in here");
  return session;
}

/** Nobody, where the server knows nobody; other problems are thrown. */
async function whoever(): Promise<Me | null> {
  try {
    const me = await answer(api.GET("/api/maid/auth/me"));
    remember(me.csrf_token);
    return me;
  } catch (problem) {
    if (problem instanceof Problem && problem.status === 401) return null;
    throw problem;
  }
}

/** Shows what is inside to whoever is signed in, and a form to everybody else. What was open stays open beneath it. */
export function Sessions({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [over, setOver] = useState(false);
  // Somebody may have signed in in another tab meanwhile.
  const { data: me, refetch, error } = useQuery({ queryKey: ["me"], queryFn: whoever, staleTime: Infinity, refetchOnWindowFocus: "always" });

  useEffect(() => onSignedOut(() => setOver(true)), []);
  useEffect(() => onReplaced(() => void refetch()), [refetch]);
  // What one person has seen is not for the next.
  const [last, setLast] = useState(me?.id);
  if (me && me.id !== last) {
    if (last) queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "me" });
    setLast(me.id);
  }
  const known = Boolean(me) && !over;
  useEffect(() => {
    if (!known) return;
    live.begin();
    return () => live.end();
  }, [known]);

  const entered = async () => {
    await refetch({ throwOnError: true });
    setOver(false);
    await queries.invalidateQueries();
  };
  const leave = useMutation({
    mutationFn: () => api.POST("/api/maid/auth/logout"),
    onSettled: () => {
      remember(null);
      queries.clear();
      location.assign(import.meta.env.BASE_URL);
    },
  });

  if (me === undefined) return <Frame>{error && <ProblemAlert error={error} again={() => void refetch()} />}</Frame>;
  const session = me && { me, may: (scope: Scope) => me.scopes.includes(scope), signOut: () => leave.mutate() };
  return (
    <>
      {session && <Current key={session.me.id} value={session}><ModalsProvider>{children}</ModalsProvider></Current>}
      {!known && <SignIn again={over} entered={entered} />}
    </>
  );
}
