// What is looked for in the log. The server filters.

import { Button, Select, SimpleGrid, TextInput } from "@mantine/core";

import type { AuditAction } from "~/api/schema";
import { useWords } from "~/i18n";
import { Person } from "~/pages/users/person";
import { useTypedInAddress } from "~/parts/typed-in-address";

import { actions } from "./actions";
import { type AuditSearch, moment, outcomes } from "./search";

interface Props {
  search: AuditSearch;
  see: (change: AuditSearch) => void;
}

export function Filters({ search, see }: Props) {
  const { say } = useWords();
  const isFiltered = [search.actor, search.action, search.outcome, search.target, search.since, search.until].some(Boolean);
  const clear = { actor: undefined, action: undefined, outcome: undefined, target: undefined, since: undefined, until: undefined };
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm">
      <Person label={say("audit.actor")} anybody={say("audit.anybody")} value={search.actor} choose={(actor) => see({ actor })} />
      <Select
        label={say("audit.what")} placeholder={say("audit.any")} clearable searchable value={search.action ?? null}
        clearButtonProps={{ "aria-label": say("audit.any") }}
        data={actions.map((action) => ({ value: action, label: say(`did.${action}`) }))}
        onChange={(action) => see({ action: (action as AuditAction) ?? undefined })}
      />
      <Select
        label={say("audit.outcome")} placeholder={say("audit.any")} clearable value={search.outcome ?? null}
        clearButtonProps={{ "aria-label": say("audit.any") }}
        data={outcomes.map((outcome) => ({ value: outcome, label: say(`outcome.${outcome}`) }))}
        onChange={(outcome) => see({ outcome: (outcome as AuditSearch["outcome"]) ?? undefined })}
      />
      <Target search={search} see={see} />
      <Time label={say("audit.since")} value={search.since} change={(since) => see({ since })} />
      <Time label={say("audit.until")} value={search.until} change={(until) => see({ until })} />
      {isFiltered && <Button variant="light" onClick={() => see(clear)} style={{ justifySelf: "start" }}>{say("audit.clear")}</Button>}
    </SimpleGrid>
  );
}

function Target({ search, see }: Props) {
  const { say } = useWords();
  const [target, type] = useTypedInAddress(search.target ?? "", (text) => see({ target: text || undefined }));
  return (
    <TextInput
      label={say("audit.target")} placeholder={say("audit.target_id")} type="search" data-search value={target}
      onChange={(event) => type(event.currentTarget.value)}
    />
  );
}

/** By the clock of whoever looks; in the address by that of the world. */
function Time({ label, value, change }: { label: string; value?: string; change: (value: string | undefined) => void }) {
  // A year is typed digit by digit: what is none yet leaves the address as it is.
  const [time, type] = useTypedInAddress(local(value), (text) => (text && !moment(text) ? undefined : change(moment(text))));
  return <TextInput type="datetime-local" label={label} value={time} onChange={(event) => type(event.currentTarget.value)} />;
}

function local(value: string | undefined): string {
  if (!value) return "";
  const time = new Date(value);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
