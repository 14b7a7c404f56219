// What was said, what came of it, and what is being asked.

import { useEffect, useRef, useState } from "react";

import { useSession } from "~/app/session";

import { ask, type Step, type Wish } from "./ask";
import { recall, retain, type Turn } from "./model";

interface Asking extends Wish {
  step: Step;
}

export function useConversation() {
  const { me } = useSession();
  const [turns, setTurns] = useState<Turn[]>(() => recall(me.id));
  const [shown, show] = useState<number | null>(null);
  const [asking, setAsking] = useState<Asking | null>(null);
  const [error, setError] = useState<unknown>(null);
  const work = useRef<AbortController | null>(null);
  useEffect(() => () => work.current?.abort(), []);

  const turn = turns.find(({ id }) => id === shown) ?? turns.at(-1) ?? null;

  /** Asks; the answer comes behind the turns of `before`. Says whether there was one. */
  const send = async (wish: Wish, before: Turn[]): Promise<boolean> => {
    work.current?.abort();
    const mine = new AbortController();
    work.current = mine;
    setError(null);
    setAsking({ ...wish, step: "sent" });
    try {
      const answer = await ask(wish, (step) => !mine.signal.aborted && setAsking({ ...wish, step }), mine.signal);
      if (mine.signal.aborted) return false;
      const next = [...before, { ...wish, id: Date.now(), answer }];
      setTurns(next);
      retain(me.id, next);
      show(null);
      return true;
    } catch (problem) {
      if (!mine.signal.aborted) setError(problem);
      return false;
    } finally {
      if (work.current === mine) setAsking(null);
    }
  };
  const until = (last: Turn | null) => (last ? turns.slice(0, turns.indexOf(last) + 1) : []);

  return {
    turns,
    turn,
    asking,
    error,
    show,
    /** Says something about the test that is shown, or begins with one. */
    say: (text: string) => send({ text, previous: turn?.answer.loadtest ?? null }, until(turn)),
    /** Says the sentence that is shown again, with more to it. */
    add: (more: string) => turn && send({ text: `${turn.text.trimEnd()}\n${more}`, previous: turn.previous }, until(turn).slice(0, -1)),
    giveUp: () => {
      work.current?.abort();
      setAsking(null);
    },
    forget: () => {
      work.current?.abort();
      setAsking(null);
      setError(null);
      setTurns([]);
      retain(me.id, []);
    },
  };
}

export type Conversation = ReturnType<typeof useConversation>;
