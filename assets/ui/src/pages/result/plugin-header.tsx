// What the run is called, how it is, how far, and what can be done about it.

import { Badge, Box, Button, Group, Menu, Progress, Spoiler, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { api, BASE } from "~/api/client";
import { forget } from "~/api/forget";
import type { RunDetail } from "~/api/schema";
import { figures as telling } from "~/app/figures";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { useRecipeTitle } from "~/pages/recipe/title";
import { StartProblem } from "~/pages/run/start";
import { AsOf } from "~/parts/as-of";
import { useFailed } from "~/parts/failed";
import { AnchorLink } from "~/parts/links";
import { More } from "~/parts/more";
import { NameTitle } from "~/parts/name-title";
import { useSure } from "~/parts/sure";
import { useTitle } from "~/parts/title";
import { Verdict } from "~/parts/verdict";
import { By } from "~/parts/who";

import { useChange, useRunAgain } from "./again";
import { CompareWith } from "./compare-with";
import { titleOf } from "./ended";
import type { Figures } from "./model";
import { RunAgain } from "./run-again";
import { Sent } from "./sent";
import { Stop } from "./stop";
import { isOver } from "./use-run";

/** By the ends of their files. */
const formats = { html: "HTML", json: "JSON", csv: "CSV", md: "Markdown", xml: "JUnit XML" };

export function PluginHeader({ run, figures }: { run: RunDetail; figures: Figures | null }) {
  const { say, language } = useWords();
  const tell = telling(language);
  const { may } = useSession();
  useTitle(titleOf(run));
  const recipe = useRecipeTitle(run.recipe_id);
  const active = !isOver(run);
  const again = useRunAgain(run);
  const [watched] = useState(active);
  const percent = Math.round((figures?.progress ?? 0) * 100);
  return (
    <Stack gap="xs">
      <AnchorLink to="/results" size="sm" className="no-print">
        {say("result.to_results")}
      </AnchorLink>
      <Group justify="space-between" align="flex-start">
        <Group gap="sm" miw={0} maw="100%">
          <NameTitle>{run.name}</NameTitle>
          <Verdict {...run} thresholds={run.verdict?.thresholds} />
          {active && figures && <AsOf />}
          {run.baseline && <Badge variant="outline">{say("results.baseline")}</Badge>}
        </Group>
        <Group gap="xs" className="no-print">
          {active && may("maid.write") && <Stop run={run} />}
          {/* Where there is room, not in the place of Stop: a second press may meet it. */}
          {!active && run.latency_ms && <CompareWith run={run} />}
          {!active && may("maid.write") && <RunAgain again={again} id={run.run_id} watched={watched} />}
          {!active && run.latency_ms && <Export id={run.run_id} />}
          {!active && may("maid.write") && <Besides run={run} />}
        </Group>
      </Group>
      {again.error && <Box className="no-print"><StartProblem start={again} /></Box>}
      <Text size="sm" c="dimmed">
        {say(run.started_at ? "result.began" : "result.queued", { at: tell.date(run.started_at ?? run.created_at) })} <By id={run.owner} />
        {figures && ` · ${tell.seconds(figures.elapsed)}`}
        {run.interrupted ? ` · ${say("result.interrupted", { requests: tell.count(run.interrupted) })}` : null}
        {run.recipe_id && (
          <span className="no-print">
            {" · "}
            <AnchorLink to="/recipes/$id" params={{ id: run.recipe_id }} inherit underline="always">{recipe ? say("result.recipe_named", { title: recipe }) : say("result.recipe")}</AnchorLink>
          </span>
        )}
      </Text>
      <Sent config={run.config} />
      {run.notes && <Note text={run.notes} />}
      {active && <Progress value={percent} aria-label={say("home.progress", { percent })} />}
    </Stack>
  );
}

/** Three lines of it, and all where that is asked for. */
function Note({ text }: { text: string }) {
  const { say } = useWords();
  const attributes = { content: { "aria-label": say("result.notes") } };
  return (
    <Spoiler maxHeight={66} showLabel={say("result.note_more")} hideLabel={say("result.note_less")} attributes={attributes} styles={{ control: { fontSize: "var(--mantine-font-size-sm)" } }} maw="80ch">
      <Text size="sm" style={{ whiteSpace: "pre-line", overflowWrap: "anywhere" }}>{text}</Text>
    </Spoiler>
  );
}

function Export({ id }: { id: string }) {
  const { say } = useWords();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
          {say("result.export")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {Object.entries(formats).map(([format, name]) => (
          <Menu.Item key={format} component="a" href={`${BASE}/api/maid/runs/${id}/report.${format}`} download={`${id}.${format}`}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Besides({ run }: { run: RunDetail }) {
  const { say } = useWords();
  const ask = useSure();
  const { me, may } = useSession();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const params = { path: { id: run.run_id } };
  const failed = useFailed();
  const baseline = useMutation({
    mutationFn: async () => {
      if (run.baseline) await api.DELETE("/api/maid/runs/{id}/baseline", { params });
      else await api.PUT("/api/maid/runs/{id}/baseline", { params });
    },
    onSuccess: async () => {
      notifications.show({ message: say(run.baseline ? "result.is_no_baseline" : "result.is_baseline") });
      await Promise.all([["run", run.run_id], ["history"]].map((queryKey) => queries.invalidateQueries({ queryKey })));
    },
    onError: failed,
  });
  const change = useChange(run);
  const remove = useMutation({
    mutationFn: () => api.DELETE("/api/maid/runs/{id}", { params }),
    onSuccess: async () => {
      notifications.show({ message: say("result.deleted") });
      await queries.invalidateQueries({ queryKey: ["history"] });
      await navigate({ to: "/results" });
      forget(queries, run.run_id);
    },
    onError: failed,
  });
  const sure = () => ask({ title: run.name, why: say("result.delete_sure"), confirm: say("action.delete"), go: () => remove.mutate() });
  return (
    <More>
      <Menu.Item onClick={() => change.mutate()}>{say("result.again")}</Menu.Item>
      <Menu.Item onClick={() => baseline.mutate()}>{say(run.baseline ? "result.no_baseline" : "result.make_baseline")}</Menu.Item>
      {(run.owner === me.id || may("maid.admin")) && (
        <Menu.Item color="red" onClick={sure}>
          {say("action.delete")}
        </Menu.Item>
      )}
    </More>
  );
}
