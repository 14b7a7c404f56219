// What users do: scenarios of transactions of requests.

import { Group, Input, Paper, Stack, Text, Title } from "@mantine/core";
import { memo, type ReactNode } from "react";

import { another, list, type Place, push, record } from "~/editor/document";
import { plain, useEditing, useTrouble, useValue } from "~/editor/editing";
import { Add, Entry, Field, InCode } from "~/editor/fields";
import { keysOf } from "~/editor/shared";
import { useWords } from "~/i18n";

import { Fold, Word } from "./fold";
import classes from "./run.module.css";
import { Request } from "./request";

const names = (entries: unknown[]) => entries.map((entry) => plain(record(entry)["name"]));
const bold = { input: { fontWeight: 600 } };
const request = { method: "GET", path: "/" };

/** With more requests in a test, its transactions are lines too. */
const MOST_LISTED = 60;

export function Scenarios() {
  const { say } = useWords();
  const { change } = useEditing();
  const place: Place = ["scenarios"];
  const scenarios = list(useValue(place));
  const trouble = useTrouble(place);
  const add = () => {
    const name = another(say("run.new_scenario"), names(scenarios));
    const transactions = [{ name: say("run.new_transaction"), requests: [request] }];
    change("scenarios+", (document) => push(document, place, { name, transactions }), [...place, scenarios.length]);
  };
  return (
    <Stack gap="sm">
      {trouble && <Input.Error>{trouble}</Input.Error>}
      {keysOf(scenarios).map((key, index) => (
        <Scenario key={key} index={index} count={scenarios.length} />
      ))}
      <Add label={say("run.scenario_add")} onClick={add} />
    </Stack>
  );
}

const Scenario = memo(function Scenario({ index, count }: { index: number; count: number }) {
  const { say } = useWords();
  const { change } = useEditing();
  const place: Place = ["scenarios", index];
  const value = record(useValue(place));
  const transactions = list(value["transactions"]);
  const name = plain(value["name"]) || say("run.scenario", { number: index + 1 });
  const trouble = [useTrouble([...place, "think_time"]), useTrouble(place), useTrouble([...place, "transactions"])];
  const add = () => {
    const name = another(say("run.new_transaction"), names(transactions));
    const added = [...place, "transactions", transactions.length];
    change("transactions+", (document) => push(document, [...place, "transactions"], { name, requests: [request] }), added);
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
        {keysOf(transactions).map((key, number) => (
          <Transaction key={key} scenario={index} index={number} count={transactions.length} />
        ))}
        <Add label={say("run.transaction_add")} onClick={add} />
        <InCode place={place} known={["name", "weight", "think_time", "transactions"]} />
      </Stack>
    </Paper>
  );
});

const Transaction = memo(function Transaction({ scenario, index, count }: { scenario: number; index: number; count: number }) {
  const { say } = useWords();
  const all: Place = ["scenarios", scenario, "transactions"];
  const place: Place = [...all, index];
  const value = record(useValue(place));
  const requests = list(value["requests"]).length;
  const name = plain(value["name"]) || say("run.transaction", { number: index + 1 });
  const line = (
    <>
      <Word>{name}</Word>
      <Word quiet>{requests === 1 ? say("run.requests_one") : say("run.requests", { count: requests })}</Word>
    </>
  );
  return (
    <Fold
      all={all} index={index} count={count} name={name} label={say("run.transaction_named", { name })} most={MOST_LISTED} line={line}
      className={classes.nested} below
    >
      {(entry) => <Steps scenario={scenario} transaction={index} entry={entry} />}
    </Fold>
  );
});

/** What a transaction is made of. */
function Steps({ scenario, transaction, entry }: { scenario: number; transaction: number; entry: ReactNode }) {
  const { say } = useWords();
  const { change } = useEditing();
  const place: Place = ["scenarios", scenario, "transactions", transaction];
  const all: Place = [...place, "requests"];
  const requests = list(useValue(all));
  const trouble = [useTrouble(place), useTrouble(all)];
  return (
    <Stack gap="xs">
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <Field place={[...place, "name"]} label={say("run.transaction", { number: transaction + 1 })} flex={1} stays />
        <Field place={[...place, "weight"]} number label={say("run.weight")} placeholder="1" w={72} />
        {entry}
      </Group>
      {trouble.map((one, key) => one && <Input.Error key={key}>{one}</Input.Error>)}
      {keysOf(requests).map((key, index) => (
        <Request key={key} scenario={scenario} transaction={transaction} index={index} count={requests.length} />
      ))}
      <Add label={say("run.request_add")} onClick={() => change("requests+", (document) => push(document, all, request), [...all, requests.length])} />
      <InCode place={place} known={["name", "weight", "requests"]} />
    </Stack>
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
