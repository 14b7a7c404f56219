// The search over everything: one types, and goes to what was found.

import { Alert, Button, Group, Loader, Modal, Text, TextInput, VisuallyHidden } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";

import type { SearchHit } from "~/api/schema";
import { useWords } from "~/i18n";
import { ProblemAlert } from "~/parts/problem";

import { leads, useFound } from "./found";
import { Hits } from "./hits";
import { showKeys } from "./keys";

interface Props {
  opened: boolean;
  close: () => void;
}

export function SearchDialog({ opened, close }: Props) {
  const { say } = useWords();
  // It is closed before it opens, also the first time: so it knows what to give the focus back to.
  const [shown, show] = useState(false);
  useEffect(() => show(opened), [opened]);
  return (
    <Modal
      opened={shown} onClose={close} title={say("search.title")} size="lg" yOffset="8dvh" padding="md"
     
    >
      <Searching close={close} />
    </Modal>
  );
}

function Searching({ close }: { close: () => void }) {
  const { say } = useWords();
  const navigate = useNavigate();
  const list = useId();
  const [typed, type] = useState("");
  const [at, go] = useState(0);
  // Enter before the answer is there waits for it.
  const [entered, enter] = useState(false);
  const { groups, degraded, error, fresh, looking, again } = useFound(typed);
  const hits = groups.flatMap((group) => group.hits);
  const place = Math.min(at, hits.length - 1);

  const follow = (hit: SearchHit | undefined) => {
    if (!hit) return;
    close();
    void navigate(leads(hit));
  };
  const latest = useRef(follow);
  latest.current = follow;
  const first = hits[0];
  useEffect(() => {
    if (!entered || !fresh) return;
    enter(false);
    latest.current(first);
  }, [entered, fresh, first]);

  const help = () => {
    close();
    showKeys();
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && hits.length > 0) {
      event.preventDefault();
      go((place + step + hits.length) % hits.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (fresh) follow(hits[place]);
      else enter(typed.trim() !== "");
    }
  };
  return (
    <>
      <TextInput
        data-autofocus type="search" size="md" aria-label={say("search.label")} placeholder={say("search.label")} maxLength={1000}
        role="combobox" aria-expanded={hits.length > 0} aria-controls={list} aria-autocomplete="list" autoComplete="off" spellCheck={false}
        aria-activedescendant={hits.length > 0 ? `${list}-${place}` : undefined}
        leftSection={looking ? <Loader size={16} aria-label={say("search.looking")} /> : <IconSearch size={16} aria-hidden />}
        value={typed} onKeyDown={pressed}
        onChange={(event) => {
          type(event.currentTarget.value);
          go(0);
          enter(false);
        }}
      />
      <Group justify="space-between" gap="xs" mt={4}>
        <Text size="xs" c="dimmed">{say("search.how")}</Text>
        <Button variant="subtle" size="compact-xs" mih={24} onClick={help}>{say("keys.title")}</Button>
      </Group>
      <div role="status">
        {fresh && hits.length > 0 && <VisuallyHidden>{say("search.hits", { count: hits.length })}</VisuallyHidden>}
        {fresh && hits.length === 0 && <Text mt="md">{say("search.none", { words: typed.trim() })}</Text>}
        {degraded && typed.trim() !== "" && (
          <Alert color="yellow" mt="sm" p="xs">
            {say("search.degraded")} <span lang="en">({degraded})</span>
          </Alert>
        )}
      </div>
      {error && typed.trim() !== "" && <ProblemAlert error={error} again={again} />}
      <Hits id={list} groups={groups} at={place} stale={!fresh} point={(index) => go(index)} follow={follow} />
    </>
  );
}
