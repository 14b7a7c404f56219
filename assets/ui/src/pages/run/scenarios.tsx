// What users do: scenarios of transactions of requests.

import { Group, Input, Paper, Stack, Text, Title } from "@mantine/core";

import { another, list, type Place, push, record } from "~/editor/document";
import { plain, useEditing, useTrouble, useValue } from "~/editor/editing";
import { Add, Entry, Field, InCode } from "~/editor/fields";
import { useWords } from "~/i18n";

import classes from "./run.module.css";
import { Request } from "./request";

const names = (entries: unknown[]) => entries.map((entry) => plain(record(entry)["name"]));
const bold = { input: { fontWeight: 600 } };
const request = { method: "GET", path: "/" };

export function Scenarios() {
  const { say } = useWords();
  const { change } = useEditing();
  const place: Place = ["scenarios"];
  const scenarios = list(useValue(place));
  const trouble = useTrouble(place);
  const add = () => {
    const name = another(say("run.new_scenario"), names(scenarios));
    const transactions = [{ name: say("run.new_transaction"), requests: [request] }];
    change("scenarios+", (document) => push(document, place, { name, transactions }));
  };
  return (
    <Stack gap="sm">
      {trouble && <Input.Error>{trouble}</Input.Error>}
      {scenarios.map((_, index) => (
        <Scenario key={index} index={index} count={scenarios.length} />
      ))}
      <Add label={say("run.scenario_add")} onClick={add} />
    </Stack>
  );
}

function Scenario({ index, count }: { index: number; count: number }) {
  const { say } = useWords();
  const { change } = useEditing();
  const place: Place = ["scenarios", index];
  const value = record(useValue(place));
  const transactions = list(value["transactions"]);
  const name = plain(value["name"]) || say("run.scenario", { number: index + 1 });
  const trouble = [useTrouble([...place, "think_time"]), useTrouble(place), useTrouble([...place, "transactions"])];
  const add = () => {
    const name = another(say("run.new_transaction"), names(transactions));
    change("transactions+", (document) => push(document, [...place, "transactions"], { name, requests: [request] }));
  };
  return (
    <Paper withBorder p="sm" component="section" aria-label={say("run.scenario_named", { name })}>
      <Stack gap="sm">
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <Field place={[...place, "name"]} label={say("run.scenario", { number: index + 1 })} flex={1} stays styles={bold} />
          <Field place={[...place, "weight"]} number label={say("run.weight")} placeholder="1" w={72} />
          <Entry below place={["scenarios"]} index={index} count={count} name={name} />
        </Group>
        <Group gap="xs" grow>
          <Field place={[...place, "think_time", "min"]} label={say("run.think_min")} placeholder="1s" />
          <Field place={[...place, "think_time", "max"]} label={say("run.think_max")} placeholder="3s" />
        </Group>
        {trouble.map((one, key) => one && <Input.Error key={key}>{one}</Input.Error>)}
        {transactions.map((_, number) => (
          <Transaction key={number} list={[...place, "transactions"]} index={number} count={transactions.length} />
        ))}
        <Add label={say("run.transaction_add")} onClick={add} />
        <InCode place={place} known={["name", "weight", "think_time", "transactions"]} />
      </Stack>
    </Paper>
  );
}

function Transaction({ list: all, index, count }: { list: Place; index: number; count: number }) {
  const { say } = useWords();
  const { change } = useEditing();
  const place: Place = [...all, index];
  const value = record(useValue(place));
  const requests = list(value["requests"]);
  const name = plain(value["name"]) || say("run.transaction", { number: index + 1 });
  const trouble = [useTrouble(place), useTrouble([...place, "requests"])];
  return (
    <section className={classes.nested} aria-label={say("run.transaction_named", { name })}>
      <Stack gap="xs">
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <Field place={[...place, "name"]} label={say("run.transaction", { number: index + 1 })} flex={1} stays />
          <Field place={[...place, "weight"]} number label={say("run.weight")} placeholder="1" w={72} />
          <Entry below place={all} index={index} count={count} name={name} />
        </Group>
        {trouble.map((one, key) => one && <Input.Error key={key}>{one}</Input.Error>)}
        {requests.map((_, number) => (
          <Request key={number} list={[...place, "requests"]} index={number} count={requests.length} />
        ))}
        <Add label={say("run.request_add")} onClick={() => change("requests+", (document) => push(document, [...place, "requests"], request))} />
        <InCode place={place} known={["name", "weight", "requests"]} />
      </Stack>
    </section>
  );
}

export function Section({ id, title, why, children }: { id: string; title: string; why?: string; children: React.ReactNode }) {
  return (
    <section aria-labelledby={id}>
      <Title order={2} size="h4" id={id} mb={why ? 2 : "xs"}>
        {title}
      </Title>
      {why && <Text size="xs" c="dimmed" mb="xs">{why}</Text>}
      {children}
    </section>
  );
}
