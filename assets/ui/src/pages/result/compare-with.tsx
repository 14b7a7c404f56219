// Leads to this run beside another one of the same test.

import { Button, Menu } from "@mantine/core";
import { IconArrowsDiff } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import type { HistoryItem, RunDetail } from "~/api/schema";
import { figures } from "~/app/figures";
import { useWords } from "~/i18n";

import { useMarks } from "./others-of";

export function CompareWith({ run }: { run: RunDetail }) {
  const { say, language } = useWords();
  const navigate = useNavigate();
  const [opened, open] = useState(false);
  const { data, isPending } = useMarks(run, opened);
  const go = (a: string) => void navigate({ to: "/compare", search: { a, b: run.run_id } });
  const tell = figures(language);
  const item = (other: HistoryItem | undefined, words: "result.with_before" | "result.with_baseline") =>
    other && <Menu.Item onClick={() => go(other.run_id)}>{say(words, { at: tell.date(other.started_at ?? other.created_at) })}</Menu.Item>;
  return (
    <Menu position="bottom-end" opened={opened} onChange={open}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconArrowsDiff size={16} aria-hidden />}>{say("results.compare")}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {isPending && <Menu.Item disabled>{say("result.looking")}</Menu.Item>}
        {item(data?.before, "result.with_before")}
        {item(data?.baseline, "result.with_baseline")}
        <Menu.Item onClick={() => go("")}>{say("result.with_another")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
