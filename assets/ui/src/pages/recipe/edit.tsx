// A change of a recipe: what is written stays here until it is saved, whoever else changes it meanwhile.

import { Button, Group, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";

import { answer, api, Problem } from "~/api/client";
import { Edited } from "~/editor/editing";
import { State } from "~/editor/state";
import { useChecked } from "~/editor/use-checked";
import { useDocument, useEdited } from "~/editor/use-document";
import { Views } from "~/editor/views";
import { unixLines, Writing } from "~/editor/writing";
import { useWords } from "~/i18n";
import { useDropped } from "~/parts/dropped";
import { useKeptDraft } from "~/parts/kept-draft";
import { NotKept } from "~/parts/not-kept";
import { ProblemAlert } from "~/parts/problem";
import { useReadFile } from "~/parts/read-file";
import { useSaveKey } from "~/parts/save-key";

import { Changed, useDiscard } from "./changed";
import { type Draft, draftOf, isDraft } from "./draft";
import { EditForm } from "./edit-form";
import { fileOf, type Known, storeRecipe } from "./model";

async function check(text: string, signal: AbortSignal) {
  const { errors, advice } = await answer(api.POST("/api/maid/recipe-generator/validate", { body: { recipe: text }, signal }));
  // What a tester would say of it keeps nobody from saving it.
  return { errors, obstacles: advice.map(({ path, message }) => ({ path, message, certain: false })) };
}

export default function Edit({ known }: { known: Known }) {
  const { say } = useWords();
  const { title } = known.view;
  const { writing, draft, keep, unkept } = useDraft(known);
  const written = useDocument(writing);
  const { text, readable } = written;
  const { checked, error, again } = useChecked("recipe", text, readable, check);
  const here = useHere();
  // Where nobody is here any more, whoever comes back finds a draft that says what is stored, which is none.
  const acts = useRef<HTMLDivElement>(null);
  const save = useSave(known, (sent, etag) => {
    if (!here.current) return;
    keep(writing.text === sent.text ? null : { text: writing.text, etag });
    // A button that cannot be pressed has no focus: whoever pressed it goes on beside it.
    if (document.activeElement === document.body) acts.current?.focus();
  });
  const problem = save.error instanceof Problem && save.variables?.text === text ? save.error : null;
  const invalid = problem?.code === "invalid_recipe";
  const refused = useMemo(() => (invalid ? { wrong: true, errors: problem.errors } : null), [invalid, problem]);
  const { editing, troubles } = useEdited(writing, written, checked, refused);
  const sure = useDiscard(title);
  const drop = () => (keep(null), save.reset());
  const put = (etag: string | null) => {
    const mine = { etag, text };
    keep(mine);
    save.mutate(mine);
  };
  const place = useRef<HTMLFormElement>(null);
  // Whoever was refused is led to the first field that is wrong, or to what is said over all of it.
  useEffect(() => {
    if (!save.error) return;
    const wrong = place.current?.querySelector<HTMLElement>("[aria-invalid=true]");
    if (wrong) wrong.focus();
    else place.current?.scrollIntoView({ block: "start" });
  }, [save.error]);
  // Somebody saved after this was begun: told at once, and not only when it is refused.
  const changed = draft !== null && draft.etag !== known.etag && !save.isPending;
  const savable = draft !== null && readable && !changed;
  const store = () => put(draft?.etag ?? known.etag);
  const read = useReadFile();
  useDropped((file) => void read(file).then((text) => text !== null && writing.replace(text)));
  useSaveKey(savable && !save.isPending ? store : null);
  return (
    <form ref={place} noValidate onSubmit={(event) => (event.preventDefault(), store())}>
      <Stack>
        {draft && !changed && <Text size="sm" c="dimmed" role="status">{say("recipe.draft")}</Text>}
        {changed && <Changed known={known} text={text} take={drop} force={() => put(known.etag)} />}
        <Stack gap="xs">
          {unkept && <NotKept />}
          <State troubles={troubles} waits={readable && checked?.text !== text} readable={readable} writing={writing} right={say(changed ? "recipe.right_changed" : "recipe.right")} />
          {error !== null && <ProblemAlert error={error} again={again} />}
        </Stack>
        <Edited value={editing}>
          <Views writing={writing} label={say("recipe.form")} readable={readable}>
            <EditForm />
          </Views>
        </Edited>
        {problem && ![401, 412].includes(problem.status) && !invalid && <ProblemAlert error={problem} />}
        {save.error && !(save.error instanceof Problem) && <ProblemAlert error={save.error} />}
        <Group ref={acts} tabIndex={-1}>
          <Button type="submit" loading={save.isPending} disabled={!savable}>
            {say("action.save")}
          </Button>
          {draft && (
            <Button variant="default" onClick={() => sure("recipe.discard", drop)}>
              {say("recipe.discard")}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

/** The text that is written: the draft where there is one, else what is stored, whatever becomes of that. */
function useDraft(known: Known) {
  const { say } = useWords();
  const stored = unixLines(fileOf(known.view));
  const [draft, keep, unkept] = useKeptDraft(draftOf(known.view.id), isDraft);
  const [writing] = useState(() => new Writing(draft?.text ?? stored, say("recipe.field_code")));
  const typed = () => keep(writing.text === stored ? null : { etag: draft?.etag ?? known.etag, text: writing.text });
  const latest = useRef(typed);
  latest.current = typed;
  useEffect(() => writing.watch(() => latest.current()), [writing]);
  useEffect(() => {
    if (draft === null && writing.text !== stored) writing.replace(stored);
    if (draft !== null && draft.text === stored) keep(null);
  }, [draft, stored, writing, keep]);
  return { writing, draft, keep, unkept };
}

/** Whether the page is there. */
function useHere() {
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => void (here.current = false);
  }, []);
  return here;
}

/** Saves what is written over the version that it was begun with. */
function useSave({ view: { id } }: Known, saved: (sent: Draft, etag: string | null) => void) {
  const { say } = useWords();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (sent: Draft) => await storeRecipe(id, sent.etag, { text: sent.text }),
    onSuccess: async (etag, sent) => {
      // What is stored is known, also where it cannot be read again.
      queries.setQueryData<Known>(["recipe", id], (old) => old && { etag, view: { ...old.view, text: sent.text } });
      await queries.invalidateQueries({ queryKey: ["recipe", id] });
      saved(sent, etag);
      void queries.invalidateQueries({ queryKey: ["recipes"] });
      notifications.show({ color: "green", message: say("recipe.saved") });
    },
    // Over when the other version is there, or it is known that there is none any more.
    onError: async (error) => {
      if (error instanceof Problem && [404, 412].includes(error.status)) await queries.invalidateQueries({ queryKey: ["recipe", id] });
    },
  });
}
