// An API key that is to be made: what it may do, until when, and how much.

import { Accordion, Button, Checkbox, Group, Modal, NumberInput, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { answer, api, BASE } from "~/api/client";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { useKeptDraft } from "~/parts/kept-draft";
import { NotKept } from "~/parts/not-kept";
import { ProblemAlert } from "~/parts/problem";

import { english } from "./english";
import { fields, isBeside } from "./fields";
import { EMPTY, ends, isKeyDraft, type KeyDraft, keyOf } from "./key-draft";
import { counted } from "./limits";
import { Copied, ShownOnce } from "./shown-once";

export function NewKeyForm({ opened, close }: { opened: boolean; close: () => void }) {
  const { say } = useWords();
  const [key, setKey] = useState<string | null>(null);
  const leave = () => {
    close();
    setKey(null);
  };
  return (
    <Modal
      opened={opened} onClose={leave} size="lg" title={say(key === null ? "keys.new" : "keys.is_made")} closeOnClickOutside={key === null}
     
    >
      {key === null ? <Form made={setKey} close={leave} /> : <ShowKey of={key} close={leave} />}
    </Modal>
  );
}

function Form({ made, close }: { made: (key: string) => void; close: () => void }) {
  const { say } = useWords();
  const queries = useQueryClient();
  const { me } = useSession();
  const [kept, keep, unkept] = useKeptDraft("key", isKeyDraft);
  const written = kept ?? EMPTY;
  // What one may oneself can have become less since it was written.
  const draft = { ...written, scopes: written.scopes.filter((scope) => me.scopes.includes(scope)) };
  const set = (change: Partial<KeyDraft>) => keep({ ...draft, ...change });
  const create = useMutation({
    mutationFn: () => answer(api.POST("/api/maid/keys", { body: keyOf(draft) })),
    onSuccess: ({ key }) => {
      keep(null);
      void queries.invalidateQueries({ queryKey: ["keys"] });
      made(key ?? "");
    },
  });
  const told = fields(create.error);
  const error = (field: string) => english(told(field));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={say("keys.name")} description={say("keys.name_why")} required maxLength={100} value={draft.name} autoComplete="off" data-autofocus
          error={error("name")} onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Scopes draft={draft} set={set} error={error("scopes")} />
        <Group align="flex-end" grow preventGrowOverflow={false}>
          <Select
            label={say("keys.ends")} value={draft.end} allowDeselect={false} data={ends.map((end) => ({ value: end, label: say(`keys.end_${end}`) }))}
            onChange={(end) => set({ end: (end as KeyDraft["end"]) ?? "never" })} error={draft.end === "at" ? undefined : error("expires_at")}
          />
          {draft.end === "at" && (
            <TextInput type="datetime-local" label={say("keys.end_when")} required value={draft.at} error={error("expires_at")} onChange={(event) => set({ at: event.currentTarget.value })} />
          )}
        </Group>
        <Bounds draft={draft} set={set} error={(name) => error(`metadata.${name}`) ?? error(name)} />
        {create.error && !isBeside(create.error, ["name", "scopes", "expires_at", "metadata"]) && <ProblemAlert error={create.error} />}
        {unkept && <NotKept way="kept.send" />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>{say("action.cancel")}</Button>
          <Button type="submit" loading={create.isPending} disabled={draft.scopes.length === 0}>{say("keys.make")}</Button>
        </Group>
      </Stack>
    </form>
  );
}

interface PartProps<E> {
  draft: KeyDraft;
  set: (change: Partial<KeyDraft>) => void;
  error: E;
}

/** No wider than what one may oneself. */
function Scopes({ draft, set, error }: PartProps<React.ReactNode>) {
  const { say } = useWords();
  const { me } = useSession();
  return (
    <Checkbox.Group label={say("keys.scopes")} required error={error} value={draft.scopes} onChange={(scopes) => set({ scopes: scopes as KeyDraft["scopes"] })}>
      <Stack gap="xs" mt={4}>
        {me.scopes.map((scope) => (
          <Checkbox key={scope} value={scope} label={say(`scope.${scope}`)} description={scope} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

function Bounds({ draft, set, error }: PartProps<(name: string) => React.ReactNode>) {
  const { say } = useWords();
  const isSet = counted.some((name) => draft.limits[name] != null) || draft.targets.trim() !== "";
  const failed = [...counted, "targets"].some((name) => error(name));
  return (
    <Accordion variant="contained" defaultValue={isSet || failed ? "limits" : null}>
      <Accordion.Item value="limits">
        <Accordion.Control>{say("keys.limits")}</Accordion.Control>
        <Accordion.Panel>
          <Stack gap="sm">
            <Text size="sm" c="dimmed">{say("limit.why")}</Text>
            {counted.map((name) => (
              <NumberInput
                key={name} label={say(`limit.${name}`)} description={say(`limit.${name}_why`)} value={draft.limits[name] ?? ""} error={error(name)}
                allowDecimal={name === "max_rps"} allowNegative={false} min={name === "max_users" ? 1 : 0} clampBehavior="none"
                allowedDecimalSeparators={[".", ","]}
                onChange={(value) => set({ limits: { ...draft.limits, [name]: value === "" || Number.isNaN(Number(value)) ? null : Number(value) } })}
              />
            ))}
            <Textarea
              label={say("limit.targets")} description={say("limit.targets_why")} autosize minRows={2} placeholder="*.staging.example.com" spellCheck={false}
              value={draft.targets} error={error("targets")} onChange={(event) => set({ targets: event.currentTarget.value })}
            />
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

function ShowKey({ of, close }: { of: string; close: () => void }) {
  const { say } = useWords();
  return (
    <ShownOnce why={say("keys.once")}>
      <Copied label={say("keys.key")} text={of} />
      <Copied label={say("keys.curl")} text={`curl -H 'X-Api-Key: ${of}' ${location.origin}${BASE}/api/maid/auth/me`} />
      <Group justify="flex-end"><Button onClick={close}>{say("action.close")}</Button></Group>
    </ShownOnce>
  );
}
