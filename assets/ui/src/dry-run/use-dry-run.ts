// One pass through a test, to see whether it is right. Nobody waits for one that is given up.

import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { answer, api } from "~/api/client";
import type { DryRun, DryRunRequest } from "~/api/schema";

export interface Trial {
  /** Sends it; what went before is forgotten. */
  send: () => void;
  /** Gives it up, and forgets what came of it. */
  close: () => void;
  isOpen: boolean;
  isPending: boolean;
  error: Error | null;
  seen: DryRun | null;
}

/** A dry run of what `asked` says when it is sent; it may say nothing. */
export function useDryRun(asked: () => DryRunRequest | null): Trial {
  const waits = useRef<AbortController>(null);
  const giveUp = () => {
    waits.current?.abort();
    waits.current = null;
  };
  useEffect(() => giveUp, []);
  const { mutate, reset, status, error, data } = useMutation({
    mutationFn: (body: DryRunRequest) => {
      giveUp();
      waits.current = new AbortController();
      return answer(api.POST("/api/maid/dry-run", { body, signal: waits.current.signal }));
    },
  });
  const close = () => {
    reset();
    giveUp();
  };
  const send = () => {
    const body = asked();
    if (body) mutate(body);
  };
  return { send, close, isOpen: status !== "idle", isPending: status === "pending", error, seen: data ?? null };
}
