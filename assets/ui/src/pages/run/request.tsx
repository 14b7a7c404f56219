// One request: what is sent, and which status is expected.

import { Autocomplete, Collapse, Group, Input, Stack, Text, Textarea, TextInput, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { memo, type ReactNode } from "react";
import { type Document, isMap, isScalar } from "yaml";

import { list, type Place, push, put, record, told } from "~/editor/document";
import { lead, plain, unreadable, useEditing, useSet, useTrouble, useUnfinished, useUnfinishedWithin, useValue, useWritten } from "~/editor/editing";
import { Field, InCode } from "~/editor/fields";
import { liken } from "~/editor/parts-of";
import { useWords } from "~/i18n";
import { methodOf } from "~/parts/record";

import { Fold, Word } from "./fold";

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const mono = { input: { fontFamily: "var(--mantine-font-family-monospace)" } };

/** So many requests of a test are shown with all their fields; of more, each is a line. */
const MOST_OPEN = 15;

interface Props {
  /** The transaction that it is part of. */
  scenario: number;
  transaction: number;
  index: number;
  count: number;
}

export const Request = memo(function Request({ scenario, transaction, index, count }: Props) {
  const { say } = useWords();
  const all: Place = ["scenarios", scenario, "transactions", transaction, "requests"];
  const place: Place = [...all, index];
  const value = record(useValue(place));
  const name = plain(value["name"]) || plain(value["path"]) || say("run.request", { number: index + 1 });
  const also = summary(value, (codes) => say("run.status_told", { codes }));
  const line = (
    <>
      <Word quiet mono>{methodOf(value)}</Word>
      <Word mono>{plain(value["path"])}</Word>
      <Word quiet>{also}</Word>
    </>
  );
  return (
    <Fold all={all} index={index} count={count} name={name} label={say("run.request_named", { name })} most={MOST_OPEN} line={line}>
      {(entry) => <Fields place={place} value={value} more={also || say("run.request_more")} entry={entry} />}
    </Fold>
  );
});

function Fields({ place, value, more, entry }: { place: Place; value: Record<string, unknown>; more: string; entry: ReactNode }) {
  const { say } = useWords();
  const [open, { toggle }] = useDisclosure(false);
  const trouble = useTrouble(place);
  const method = useWritten(value["method"], plain, (text) => text || undefined, useSet([...place, "method"]));
  const unfinished = useUnfinishedWithin(place);
  const Icon = open ? IconChevronDown : IconChevronRight;
  return (
    <>
      <Group gap={6} wrap="nowrap" align="flex-start">
        <Autocomplete
          aria-label={say("run.method")} placeholder={methodOf({ ...value, method: null })} data={methods} w={104} style={{ flexShrink: 0 }}
          value={method.text} onChange={method.write} error={useTrouble([...place, "method"])} filter={({ options }) => options}
        />
        <Field place={[...place, "path"]} stays aria-label={say("run.path")} placeholder="/products/{{ id }}" flex={1} miw={0} styles={mono} />
        {entry}
      </Group>
      {trouble && <Input.Error>{trouble}</Input.Error>}
      <UnstyledButton onClick={() => (open && unfinished ? lead(unfinished) : toggle())} aria-expanded={open} mih={24} maw="100%" style={{ alignSelf: "flex-start" }}>
        <Group gap={4} wrap="nowrap">
          <Icon size={14} aria-hidden />
          <Text size="xs" c="dimmed" miw={0} style={{ overflowWrap: "anywhere" }}>{more}</Text>
        </Group>
      </UnstyledButton>
      <Collapse expanded={open}>{open && <Details place={place} />}</Collapse>
      <InCode
        place={place} known={["name", "method", "path", "headers", "body", "check"]}
        also={[...others(value["body"], "body"), ...otherChecks(value["check"])]}
      />
    </>
  );
}

/** What a request has besides its address, in a line. */
function summary(value: Record<string, unknown>, status: (codes: string) => string): string {
  const codes = list(value["check"]).flatMap((check) => record(check)["status"] ?? []).map(plain);
  const told = [
    plain(value["name"]),
    ...Object.keys(record(value["headers"])),
    ...Object.keys(record(value["body"])),
    codes.length > 0 && status(codes.join(", ")),
  ];
  return told.filter(Boolean).join(" · ");
}

const others = (body: unknown, key: string): Place[] => Object.keys(record(body)).filter((kind) => kind !== "json").map((kind) => [key, kind]);
const otherChecks = (checks: unknown): Place[] =>
  list(checks).flatMap((check, index) => (Object.keys(record(check)).every((key) => key === "status") ? [] : [["check", index]]));

function Details({ place }: { place: Place }) {
  const { say } = useWords();
  return (
    <Stack gap="xs" ps="md">
      <Field place={[...place, "name"]} label={say("run.request_name")} placeholder={say("run.request_name_none")} />
      <Headers place={[...place, "headers"]} />
      <Body place={[...place, "body"]} />
      <Status place={[...place, "check"]} />
    </Stack>
  );
}

function Headers({ place }: { place: Place }) {
  const { say } = useWords();
  const { change } = useEditing();
  const written = record(useValue(place));
  // As they are sent, whatever they are in the document.
  const now = Object.fromEntries(Object.entries(written).map(([name, value]) => [name, plain(value)]));
  const print = (headers: Record<string, unknown>) => Object.entries(headers).map(([name, value]) => `${name}: ${plain(value)}`).join("\n");
  const parse = (text: string) => {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    const pairs = lines.map((line) => /^\s*([^:\s]+)\s*:\s*(.*)$/.exec(line));
    if (pairs.some((pair) => pair === null)) return unreadable;
    return Object.fromEntries(pairs.map((pair) => [pair?.[1], pair?.[2]])) as Record<string, unknown>;
  };
  const commit = (headers: Record<string, unknown>) =>
    change(told(place), (document) => {
      if (Object.keys(headers).length === 0) return put(document, place, undefined);
      rename(document, place, Object.keys(now), Object.keys(headers));
      for (const name of Object.keys(now)) if (!(name in headers)) put(document, [...place, name], undefined);
      for (const [name, value] of Object.entries(headers)) if (now[name] !== value) put(document, [...place, name], value);
    });
  const { text, write, waits } = useWritten(now, print, parse, commit);
  const trouble = useTrouble(place, true);
  const id = useUnfinished(place, waits, say("run.headers"), say("run.headers_wait"));
  return (
    <Textarea
      id={id} label={say("run.headers")} placeholder="Accept: application/json" autosize minRows={1} maxRows={8} styles={mono} spellCheck={false}
      value={text} onChange={(event) => write(event.currentTarget.value)} error={waits ? say("run.headers_wait") : trouble}
    />
  );
}

/** A header that is called something else stays where it is. */
function rename(document: Document, place: Place, old: string[], now: string[]): void {
  const map = document.getIn(place, true);
  const others = old.flatMap((name, at) => (name === now[at] ? [] : [at]));
  const at = others[0];
  if (!isMap(map) || old.length !== now.length || others.length !== 1 || at === undefined) return;
  const key = map.items[at]?.key;
  if (isScalar(key)) key.value = now[at];
}

function Body({ place }: { place: Place }) {
  const { say } = useWords();
  const { change } = useEditing();
  const body = record(useValue(place));
  const trouble = useTrouble([...place, "json"], true);
  const print = (value: unknown) => (value === undefined ? "" : JSON.stringify(value, null, 2));
  const parse = (text: string): unknown => {
    if (text.trim() === "") return undefined;
    try {
      return JSON.parse(text);
    } catch {
      return unreadable;
    }
  };
  const commit = (value: unknown) => {
    // A blank more is no other body.
    if (JSON.stringify(value) === JSON.stringify(body["json"])) return;
    change(told(place), (document) => (value === undefined ? put(document, place, undefined) : liken(document, value, [...place, "json"], body["json"])));
  };
  const { text, write, waits } = useWritten(body["json"], print, parse, commit);
  const elsewhere = Object.keys(body).some((kind) => kind !== "json");
  const id = useUnfinished([...place, "json"], waits && !elsewhere, say("run.body"), say("run.body_wait"));
  if (elsewhere) return null;
  return (
    <Textarea
      id={id} label={say("run.body")} placeholder={'{ "qty": 1 }'} autosize minRows={1} maxRows={16} styles={mono} spellCheck={false}
      value={text} onChange={(event) => write(event.currentTarget.value)} error={waits ? say("run.body_wait") : trouble}
    />
  );
}

function Status({ place }: { place: Place }) {
  const { say } = useWords();
  const { change } = useEditing();
  const checks = list(useValue(place));
  const index = checks.findIndex((check) => "status" in record(check));
  const now = index < 0 ? undefined : record(checks[index])["status"];
  const print = (value: unknown) => list(value).map(plain).join(", ") || plain(value);
  const parse = (text: string): unknown => {
    const codes = text.split(/[\s,]+/).filter(Boolean).map((code) => (/^\d+$/.test(code) ? Number(code) : code));
    return codes.length > 1 ? codes : codes[0];
  };
  const trouble = useTrouble([...place, Math.max(index, 0), "status"], true);
  const { text, write } = useWritten(now, print, parse, (value) => change(told(place), (document) => setStatus(document, place, index, checks.length, value)));
  return (
    <TextInput
      label={say("run.check_status")} placeholder={say("run.check_status_none")} inputMode="numeric" autoComplete="off"
      value={text} onChange={(event) => write(event.currentTarget.value)} error={trouble}
    />
  );
}

function setStatus(document: Document, place: Place, index: number, count: number, value: unknown): void {
  if (value === undefined) return put(document, count === 1 ? place : [...place, index], undefined);
  if (index < 0) push(document, place, { status: value });
  else put(document, [...place, index, "status"], value);
}
