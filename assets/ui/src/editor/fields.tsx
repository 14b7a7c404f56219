// Fields that write one place of the document.

import { ActionIcon, Anchor, Button, Group, Menu, Stack, Text, TextInput, type TextInputProps } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconCopy, IconDots, IconPlus, IconTrash } from "@tabler/icons-react";
import type { KeyboardEvent } from "react";

import { useWords } from "~/i18n";

import { type Change, duplicate, list, move, type Place, push, put, record, told } from "./document";
import { numeric, plain, textual, useEditing, useSet, useTrouble, useUnfinished, useValue, useWritten } from "./editing";

interface FieldProps extends Omit<TextInputProps, "value" | "onChange" | "onBlur"> {
  place: Place;
  number?: boolean;
  /** Whether it stays where it is empty. */
  stays?: boolean;
}

export function Field({ place, number, stays, ...rest }: FieldProps) {
  const [value, set] = [useValue(place), useSet(place)];
  const { say } = useWords();
  const { text, write, waits, forget } = useWritten(value, plain, number ? numeric : textual, set);
  const empty = text.trim() === "";
  const trouble = useTrouble(place);
  const no = waits && !empty;
  const id = useUnfinished(place, no, String(rest.label ?? rest["aria-label"]), say("run.number_wait"));
  // Not before it is left: whoever empties it to write something else finds it in its place.
  const left = () => {
    if (!empty || stays) return;
    forget();
    if (value !== undefined) set(undefined);
  };
  // What the document has not got yet is undone here.
  const keys = (event: KeyboardEvent) => {
    if (!waits || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    event.stopPropagation();
    forget();
  };
  return (
    <TextInput
      onBlur={left} onKeyDown={keys}
      {...rest} id={id} {...(number ? { inputMode: "decimal" } : {})} autoComplete="off" spellCheck={false}
      value={text} onChange={(event) => write(event.currentTarget.value)} error={no ? say("run.number_wait") : trouble}
    />
  );
}

interface LinesProps {
  place: Place;
  /** What each line is called. */
  label: (number: number) => string;
  add: string;
  placeholder: string;
  first: string;
  /** Whether there is always one. */
  least?: number;
}

/** A list of texts, one a line. */
export function Lines({ place, label, add, placeholder, first, least = 0 }: LinesProps) {
  const { say } = useWords();
  const { change } = useEditing();
  const count = list(useValue(place)).length;
  const trouble = useTrouble(place);
  const remove = (index: number) =>
    change(`${told(place)}-`, (document) => put(document, count === 1 ? place : [...place, index], undefined));
  return (
    <Stack gap={6}>
      {Array.from({ length: Math.max(count, least) }, (_, index) => (
        <Group key={index} gap={4} wrap="nowrap" align="flex-start">
          <Field place={[...place, index]} stays aria-label={label(index + 1)} placeholder={placeholder} flex={1} />
          {count > least && (
            <ActionIcon variant="subtle" color="gray" size="input-sm" onClick={() => remove(index)} aria-label={say("run.remove", { name: label(index + 1) })}>
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      ))}
      {trouble && <Text size="xs" c="var(--mantine-color-error)">{trouble}</Text>}
      <Add label={add} onClick={() => change(`${told(place)}+`, (document) => push(document, place, first))} />
    </Stack>
  );
}

export function Add({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={14} aria-hidden />} onClick={onClick} style={{ alignSelf: "flex-start" }}>
      {label}
    </Button>
  );
}

interface EntryProps {
  place: Place;
  index: number;
  count: number;
  name: string;
  /** Whether it stands beside fields with labels over them. */
  below?: boolean;
}

/** When a menu that was closed has given the focus back, in ms. */
const RETURNED_MS = 50;

/** What can be done with an entry of a list. */
export function Entry({ place, index, count, name, below }: EntryProps) {
  const { say } = useWords();
  const { change } = useEditing();
  const what = `${told(place)}!`;
  /** Changes the list, and goes on at one of its entries. */
  const act = (next: number, how: Change, added?: Place) => {
    change(what, how, added);
    setTimeout(() => document.querySelector<HTMLElement>(`[data-entry="${told([...place, next])}"]`)?.focus(), RETURNED_MS);
  };
  const shift = (to: number) => act(to, (document) => move(document, place, index, to));
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="input-sm" mt={below ? 24 : 0} data-entry={told([...place, index])} aria-label={say("run.entry", { name })}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconCopy size={14} aria-hidden />} onClick={() => act(index + 1, (document) => duplicate(document, place, index), [...place, index + 1])}>
          {say("run.duplicate")}
        </Menu.Item>
        <Menu.Item leftSection={<IconArrowUp size={14} aria-hidden />} disabled={index === 0} onClick={() => shift(index - 1)}>
          {say("run.up")}
        </Menu.Item>
        <Menu.Item leftSection={<IconArrowDown size={14} aria-hidden />} disabled={index === count - 1} onClick={() => shift(index + 1)}>
          {say("run.down")}
        </Menu.Item>
        <Menu.Item color="red" leftSection={<IconTrash size={14} aria-hidden />} onClick={() => act(Math.max(Math.min(index, count - 2), 0), (document) => put(document, [...place, index], undefined))}>
          {say("run.take_out")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Points to what the form has no field for. */
export function InCode({ place, known, also = [] }: { place: Place; known: string[]; also?: Place[] }) {
  const { say } = useWords();
  const { show } = useEditing();
  const rest: Place[] = Object.keys(record(useValue(place))).filter((key) => !known.includes(key)).map((key) => [key]);
  const places = [...rest, ...also];
  if (places.length === 0) return null;
  return (
    <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
      {say("run.in_code")}{" "}
      {places.map((key, index) => (
        <span key={told(key)}>
          {index > 0 && ", "}
          <Anchor component="button" type="button" size="xs" underline="always" onClick={() => show([...place, ...key])}>
            {told(key)}
          </Anchor>
        </span>
      ))}
    </Text>
  );
}
