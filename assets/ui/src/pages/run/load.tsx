// How much load: users, stages or arrival.

import { ActionIcon, Group, Input, SegmentedControl, Select, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";

import { list, type Place, push, put, record } from "~/editor/document";
import { useEditing, useSet, useTrouble, useValue } from "~/editor/editing";
import { Add, Field, InCode } from "~/editor/fields";
import { useWords } from "~/i18n";

import { Models, own } from "./models";
import { type Model, modelOf } from "./shape";

export function Load() {
  const { say } = useWords();
  const { change } = useEditing();
  const load = record(useValue(["load"]));
  const trouble = useTrouble(["load"]);
  const model = modelOf(load);
  const [models] = useState(() => new Models());
  // Each is a step of its own, so that one there and one back are undone apart.
  const choose = (to: string) => change(`load!${to}`, (document) => models.choose(document, to as Model));
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label={say("run.model")} value={model} onChange={choose} fullWidth
        data={(["users", "stages", "arrival"] as const).map((value) => ({ value, label: say(`run.model_${value}`) }))}
      />
      <Text size="xs" c="dimmed">{say(`run.model_${model}_why`)}</Text>
      {trouble && <Input.Error>{trouble}</Input.Error>}
      {model === "users" && <Users />}
      {model === "stages" && <Stages place={["load", "stages"]} unit={say("run.stage_users")} />}
      {model === "arrival" && <Arrival />}
      <InCode place={["load"]} known={[...own[model], "run_time"]} />
    </Stack>
  );
}

function Users() {
  const { say } = useWords();
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      <Field place={["load", "users"]} number label={say("run.users")} placeholder="10" />
      <Field place={["load", "hatch_rate"]} number label={say("run.hatch_rate")} placeholder={say("run.hatch_rate_none")} />
      <Field place={["load", "run_time"]} label={say("run.run_time")} placeholder="30s, 5m, 1h30m" />
      <Field place={["load", "iterations"]} number label={say("run.iterations")} placeholder={say("run.iterations_none")} />
    </SimpleGrid>
  );
}

function Stages({ place, unit }: { place: Place; unit: string }) {
  const { say } = useWords();
  const { change } = useEditing();
  const stages = list(useValue(place));
  const trouble = useTrouble(place);
  const remove = (index: number) =>
    change("stages-", (document) => put(document, stages.length === 1 ? place : [...place, index], undefined));
  const last = record(stages.at(-1));
  return (
    <Stack gap={6}>
      {stages.map((_, index) => (
        <Group key={index} gap={6} wrap="nowrap" align="flex-start">
          <Field place={[...place, index, "duration"]} aria-label={say("run.stage_duration", { number: index + 1 })} placeholder="30s" flex={1} leftSection={<Text size="xs" c="dimmed">{index + 1}</Text>} />
          <Field place={[...place, index, "target"]} number aria-label={say("run.stage_target", { number: index + 1, unit })} placeholder="50" flex={1} rightSection={<Text size="xs" c="dimmed" pe={10}>{unit}</Text>} rightSectionWidth={84} />
          <ActionIcon variant="subtle" color="gray" size="input-sm" onClick={() => remove(index)} aria-label={say("run.remove", { name: say("run.stage", { number: index + 1 }) })}>
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      {trouble && <Input.Error>{trouble}</Input.Error>}
      <Add
        label={say("run.stage_add")}
        onClick={() => change("stages+", (document) => push(document, place, { duration: last["duration"] ?? "30s", target: last["target"] ?? 10 }))}
      />
    </Stack>
  );
}

function Arrival() {
  const { say } = useWords();
  const { change } = useEditing();
  const place: Place = ["load", "arrival"];
  const staged = list(useValue([...place, "stages"])).length > 0;
  const late = useValue([...place, "late"]);
  const setLate = useSet([...place, "late"]);
  const begin = () =>
    change("stages+", (document) => {
      put(document, ["load", "run_time"], undefined);
      put(document, [...place, "stages"], [{ duration: "30s", target: 20 }]);
    });
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <Field place={[...place, "rate"]} number label={say(staged ? "run.rate_first" : "run.rate")} placeholder="100" />
        <Field place={[...place, "max_users"]} number label={say("run.max_users")} placeholder="200" />
        {!staged && <Field place={["load", "run_time"]} label={say("run.run_time")} placeholder="30s, 5m, 1h30m" />}
        <Select
          label={say("run.late")} allowDeselect={false} value={late === "drop" ? "drop" : "queue"}
          data={[{ value: "queue", label: say("run.late_queue") }, { value: "drop", label: say("run.late_drop") }]}
          onChange={(value) => setLate(value === "drop" ? "drop" : undefined)} error={useTrouble([...place, "late"])}
        />
      </SimpleGrid>
      {staged ? <Stages place={[...place, "stages"]} unit={say("run.stage_rate")} /> : <Add label={say("run.stage_add")} onClick={begin} />}
      <InCode place={place} known={["rate", "max_users", "late", "stages"]} />
    </Stack>
  );
}
