// Makes a link: what it leads to, how long, how often.

import { Alert, Button, Group, Modal, NumberInput, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";

import { answer, api, Problem } from "~/api/client";
import type { DeeplinkMade } from "~/api/schema";
import { useWords } from "~/i18n";
import { useFirstWrong } from "~/parts/first-wrong";
import { either, fieldsOf, isNumber, isOneOf, isText } from "~/parts/fits";
import { useKeptDraft } from "~/parts/kept-draft";
import { NotKept } from "~/parts/not-kept";
import { ProblemAlert } from "~/parts/problem";

import { Address, QrCode } from "./address";
import { type Content, ContentFields, isContent, nothing, saidOf, told } from "./content";
import { KeptNote } from "./kept-note";

interface Draft {
  /** What the address asked for when it was begun. */
  asked?: string;
  content: Content;
  title: string;
  /** In the reader's own time, as the field for it has it. */
  until: string;
  most: number | "";
}
const isDraft = fieldsOf<Draft>({
  asked: either(isText, isOneOf([undefined])), content: isContent, title: isText, until: isText, most: either(isNumber, isOneOf([""])),
});

interface Wanted {
  recipe?: string;
  preset?: string;
}

interface Props extends Wanted {
  opened: boolean;
  close: () => void;
}

const empty: Draft = { content: nothing, title: "", until: "", most: "" };

/** What the dialog begins with: what is asked for in the address goes before what was kept. */
function begin({ recipe, preset }: Wanted, kept: Draft | null): Draft {
  const base = kept ?? empty;
  // What was begun from the same address goes on as it was.
  const asked = `${recipe ?? ""} ${preset ?? ""}`;
  if (base.asked === asked) return base;
  if (recipe) return { ...base, asked, content: { ...nothing, source: "recipe", recipe } };
  return preset ? { ...base, asked, content: { ...nothing, source: "preset", preset } } : base;
}

export function MakeLink({ opened, close, ...wanted }: Props) {
  const { say } = useWords();
  // What was made is still seen while the dialog closes.
  const [made, tell] = useState<{ link: DeeplinkMade; shown: boolean } | null>(null);
  useEffect(() => {
    if (opened) tell(null);
  }, [opened]);
  const done = (link: DeeplinkMade) => {
    tell({ link, shown: true });
    // Whoever comes back to the address does not make another.
    close();
  };
  const leave = () => (made ? tell({ ...made, shown: false }) : close());
  return (
    <Modal opened={opened || made?.shown === true} onClose={leave} size={made ? "xl" : "lg"} title={say(made ? "link.made" : "link.new")}>
      {made ? <Made made={made.link} close={leave} /> : <Making {...wanted} close={close} done={done} />}
    </Modal>
  );
}

function Making({ recipe, preset, close, done }: Wanted & { close: () => void; done: (made: DeeplinkMade) => void }) {
  const { say } = useWords();
  const queries = useQueryClient();
  const [kept, keep, unkept] = useKeptDraft("deeplink", isDraft);
  const [begun] = useState(() => begin({ recipe, preset }, kept));
  const [written, write] = useState(begun);
  const [found, find] = useState(kept !== null);
  const change = (some: Partial<Draft>) => {
    const next = { ...written, ...some };
    write(next);
    keep(next);
  };
  const make = useMutation({
    mutationFn: () => {
      const { content, title, until, most } = written;
      const body = {
        ...told(content),
        ...(title.trim() ? { title: title.trim() } : {}),
        ...(until ? { expires_at: new Date(until).toISOString() } : {}),
        ...(most === "" ? {} : { max_uses: most }),
      };
      return answer(api.POST("/api/maid/deeplinks", { body }));
    },
    onSuccess: async (made) => {
      keep(null);
      done(made);
      await queries.invalidateQueries({ queryKey: ["deeplinks"] });
    },
  });
  const form = useFirstWrong(make.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  const said = saidOf(make.error);
  const about = (path: string) => said(path) && <span lang="en">{said(path)}</span>;
  const named = make.error instanceof Problem && make.error.status === 422 && make.error.errors.length > 0;
  const anew = () => {
    write(begin({ recipe, preset }, null));
    keep(null);
    find(false);
    make.reset();
  };
  return (
    <form ref={form} onSubmit={submit}>
      <Stack>
        {found && <KeptNote discard={anew} />}
        <ContentFields content={written.content} sources={["recipe", "preset", "loadtest"]} error={make.error} set={(some) => change({ content: { ...written.content, ...some } })} />
        <TextInput label={say("link.title")} description={say("link.title_why")} maxLength={200} value={written.title} onChange={(event) => change({ title: event.currentTarget.value })} error={about("title")} />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput type="datetime-local" label={say("link.good_for")} description={say("link.good_why")} value={written.until} onChange={(event) => change({ until: event.currentTarget.value })} error={about("expires_at")} />
          <NumberInput
            label={say("link.max_uses")} description={say("link.max_uses_why")} min={1} max={1_000_000} allowDecimal={false} clampBehavior="none"
            value={written.most} onChange={(most) => change({ most: typeof most === "number" ? most : "" })} error={about("max_uses")}
          />
        </SimpleGrid>
        {named && <Alert color="red" role="alert">{say("link.wrong")}</Alert>}
        {make.error && !named && <ProblemAlert error={make.error} />}
        {unkept && <NotKept way="kept.send" />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>{say("action.cancel")}</Button>
          <Button type="submit" loading={make.isPending}>{say("link.make")}</Button>
        </Group>
      </Stack>
    </form>
  );
}

function Made({ made, close }: { made: DeeplinkMade; close: () => void }) {
  const { say } = useWords();
  return (
    <>
      <Group align="flex-start" gap="lg">
        <Stack flex="1 1 18rem" miw={0}>
          <Address name={say("link.short")} text={made.short_url} open />
          {made.url !== made.short_url && <Address name={say("link.url")} why={say("link.url_why")} text={made.url} />}
          {made.maid_url && <Address name={say("link.command")} text={`maid run '${made.maid_url}'`} />}
        </Stack>
        <QrCode id={made.id} title={made.title} />
      </Group>
      <Group justify="flex-end" mt="md">
        <Button onClick={close} data-autofocus>{say("action.close")}</Button>
      </Group>
    </>
  );
}
