// What can be done with the test that is written.

import { ActionIcon, Button, Group, Menu, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconArrowBackUp, IconArrowForwardUp, IconBook2, IconDownload, IconFileExport, IconFilePlus, IconFolderOpen, IconHistory, IconPlayerPlay, IconWand,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { type ChangeEvent, useRef } from "react";

import { useSession } from "~/app/session";
import { DryRunButton } from "~/dry-run/button";
import type { Reading } from "~/editor/document";
import type { Writing } from "~/editor/writing";
import { download } from "~/export/download";
import { useWords } from "~/i18n";
import type { Environment } from "~/parts/environment-fields";
import { More } from "~/parts/more";
import { useSaveKey } from "~/parts/save-key";

import { aside, example, putAside } from "./draft";
import { Save } from "./save";
import type { Start } from "./start";
import { TakeAlong } from "./take-along";

interface Props {
  writing: Writing;
  text: string;
  reading: Reading | null;
  start: Start;
  /** What the test is given at its start. */
  env: Environment;
  /** What is written down about the run. */
  notes: string | null;
  /** Whether a secret in it was hidden. */
  hidden: boolean;
  /** Whether all that it wants is given; leads to what is not. */
  ready: () => boolean;
  bringBack: () => void;
  file: (file: File | undefined) => void;
}

export function Bar({ writing, text, reading, start, env, notes, hidden, ready, bringBack, file }: Props) {
  const { say } = useWords();
  const { me, may } = useSession();
  const navigate = useNavigate();
  const [saving, { open, close }] = useDisclosure();
  const [exporting, along] = useDisclosure();
  const input = useRef<HTMLInputElement>(null);
  useSaveKey(reading && may("maid.recipes") ? open : null);
  const ways = writing.ways;
  const chosen = ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    file(currentTarget.files?.[0]);
    // The same file may be chosen once more, when it has changed.
    currentTarget.value = "";
  };
  const anew = () => {
    putAside(me.id, text);
    writing.replace(example);
  };
  return (
    <Group gap="xs">
      <Tooltip label={say("run.undo")}>
        <ActionIcon variant="default" size="lg" onClick={writing.undo} disabled={!ways.undo} aria-label={say("run.undo")}>
          <IconArrowBackUp size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={say("run.redo")}>
        <ActionIcon variant="default" size="lg" onClick={writing.redo} disabled={!ways.redo} aria-label={say("run.redo")}>
          <IconArrowForwardUp size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <DryRunButton asked={() => (ready() ? { loadtest: text, env } : null)} test={reading?.value} disabled={!reading || hidden} />
      <Button leftSection={<IconPlayerPlay size={16} aria-hidden />} disabled={!reading || hidden} loading={start.isPending} onClick={() => ready() && start.mutate({ loadtest: text, env, notes })}>
        {say("run.start")}
      </Button>
      <More>
        {may("maid.recipes") && (
          <Menu.Item leftSection={<IconBook2 size={16} aria-hidden />} disabled={!reading} onClick={open}>{say("run.save")}</Menu.Item>
        )}
        <Menu.Item leftSection={<IconDownload size={16} aria-hidden />} onClick={() => download({ name: "loadtest.yaml", media_type: "application/yaml", text })}>{say("export.download")}</Menu.Item>
        <Menu.Item leftSection={<IconFileExport size={16} aria-hidden />} disabled={!reading} onClick={along.open}>{say("run.export")}</Menu.Item>
        <Menu.Item leftSection={<IconFolderOpen size={16} aria-hidden />} onClick={() => input.current?.click()}>{say("run.file")}</Menu.Item>
        <Menu.Item leftSection={<IconFilePlus size={16} aria-hidden />} onClick={anew}>{say("run.anew")}</Menu.Item>
        <Menu.Item leftSection={<IconWand size={16} aria-hidden />} onClick={() => void navigate({ to: "/run", search: { ask: 1 } })}>{say("run.ask")}</Menu.Item>
        {aside(me.id) !== null && (
          <Menu.Item leftSection={<IconHistory size={16} aria-hidden />} onClick={bringBack}>{say("run.bring_back")}</Menu.Item>
        )}
      </More>
      <input ref={input} type="file" accept=".yaml,.yml,.json,.har,.js,.py,.sh,.txt" hidden onChange={chosen} />
      {exporting && <TakeAlong text={text} close={along.close} />}
      {reading && saving && <Save text={text} value={reading.value} close={close} />}
    </Group>
  );
}
