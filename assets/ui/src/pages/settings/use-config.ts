// The configuration as it is, the changes that are not saved yet, and how they are.

import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { answer, api, Problem } from "~/api/client";
import type { AppliedChange, KeyOrigin } from "~/api/schema";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { either, fieldsOf, isOneOf, isText } from "~/parts/fits";
import { useKeptDraft } from "~/parts/kept-draft";

import { GERMAN } from "./german";
import { type Schema, sections, type Setting } from "./schema";
import { at, edited, type Edits, isEdits, same, wrong } from "./values";

/** What is to be changed, and the version that it was begun with. */
interface Draft {
  etag?: string | undefined;
  edits: Edits;
}
const isDraft = fieldsOf<Draft>({ etag: either(isText, isOneOf([undefined])), edits: isEdits });

/** Whoever may change how the server is: an admin of the server's own tenant. */
export function useRules(): boolean {
  const { me, may } = useSession();
  return may("maid.admin") && me.tenant_id === "default";
}

async function load() {
  const { data, response } = await api.GET("/api/maid/config");
  return { ...data!, etag: response.headers.get("etag") ?? undefined };
}

export function useConfig() {
  const { say, language } = useWords();
  const queries = useQueryClient();
  const schema = useQuery({ queryKey: ["config", "schema"], queryFn: () => answer(api.GET("/api/maid/config/schema")), staleTime: Infinity });
  const config = useQuery({ queryKey: ["config", "values"], queryFn: load });
  // Kept in this browser until it is saved; secrets are not among them.
  const [draft, keep, unkept] = useKeptDraft("settings", isDraft);
  const [reviews, review] = useState(false);
  const [refused, refuse] = useState<Record<string, string>>({});
  const [applied, setApplied] = useState<AppliedChange | null>(null);

  const all = useMemo(() => (schema.data ? sections(schema.data as Schema, language === "de" ? GERMAN : {}) : []), [schema.data, language]);
  const known = useMemo(() => new Map(all.flatMap((section) => section.settings.map((one) => [one.key, one] as const))), [all]);
  const origins = useMemo(() => new Map(config.data?.origins.map((origin) => [origin.key, origin] as const)), [config.data]);
  const isOpen = (key: string) => known.has(key) && known.get(key)?.kind !== "secret" && !isLocked(origins.get(key));
  // A draft of an older version may name keys that are gone, or that can no longer be changed here.
  const edits = Object.fromEntries(Object.entries(draft?.edits ?? {}).filter(([key]) => isOpen(key)));

  const save = useMutation({
    mutationFn: () => {
      const header = { "If-Match": draft?.etag ?? config.data?.etag };
      return answer(api.PUT("/api/maid/config", { params: { header }, body: edited(config.data?.runtime, edits) as Record<string, never> }));
    },
    onSuccess: async (done) => {
      keep(null);
      refuse({});
      review(false);
      setApplied(done);
      notifications.show({ color: "green", message: say("config.saved") });
      await queries.invalidateQueries({ queryKey: ["config"] });
    },
    onError: (problem) => refuse(problem instanceof Problem ? told(problem) : {}),
  });

  const edit = (next: Edits, ...keys: string[]) => {
    keep(Object.keys(next).length > 0 ? { etag: draft?.etag ?? config.data?.etag, edits: next } : null);
    refuse((old) => Object.fromEntries(Object.entries(old).filter(([key]) => !keys.includes(key))));
    if (save.isError) save.reset();
  };
  const problem = (setting: Setting) => {
    const to = edits[setting.key]?.to;
    return to === undefined ? null : wrong(setting, to);
  };
  return {
    sections: all, known, view: config.data, origins, edits, unkept, refused, applied, save, problem, isOpen, reviews, review,
    error: schema.error ?? config.error,
    /** Null takes the edit of a key back. */
    change: (key: string, to: Edits[string] | null) => {
      const { [key]: _, ...others } = edits;
      const idle = !to || ("to" in to && same(to.to, at(config.data?.config, key)));
      edit(idle ? others : { ...others, [key]: to }, key);
    },
    /** Many at once, looked at before they are saved. */
    propose: (more: Edits) => {
      edit({ ...edits, ...more }, ...Object.keys(more));
      review(true);
    },
    reload: async () => {
      const [, { data }] = await Promise.all([schema.refetch(), config.refetch()]);
      // What is changed stays, and is held against what there is now. Only then it can be saved again.
      if (draft && data) keep({ ...draft, etag: data.etag });
      save.reset();
    },
    discard: () => edit({}, ...Object.keys(refused)),
    forget: () => setApplied(null),
  };
}

export type Configuring = ReturnType<typeof useConfig>;

/** What the environment or a flag sets, the page cannot change. */
export const isLocked = (origin: KeyOrigin | undefined) => origin?.from === "environment" || origin?.from === "flag";

const told = (problem: Problem) =>
  Object.fromEntries(problem.errors.map(({ path, message }) => [path, message.replace(/^configuration: /, "")]));
