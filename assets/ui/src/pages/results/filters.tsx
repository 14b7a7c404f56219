// Which runs are seen.

import { Box, Button, Group, Select, TextInput } from "@mantine/core";
import { IconFilter, IconX } from "@tabler/icons-react";
import { useId, useState } from "react";

import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { useRecipeTitle } from "~/pages/recipe/title";
import { Person } from "~/pages/users/person";
import { useTypedInAddress } from "~/parts/typed-in-address";

import { dayOf } from "./days";
import classes from "./filters.module.css";
import { type ResultsSearch, reversed, statuses } from "./view";

interface Props {
  search: ResultsSearch;
  see: (change: ResultsSearch) => void;
}

export function Filters({ search, see }: Props) {
  const { say } = useWords();
  const [name, setName] = useTypedInAddress(search.name ?? "", (typed) => see({ name: typed || undefined }));
  // Where there is little room, the runs come before what they could be narrowed by.
  const count = [search.status, search.passed, search.owner, search.from, search.to].filter((one) => one !== undefined).length;
  const [isOpen, open] = useState(count > 0);
  const rest = useId();
  const verdicts = [{ value: "true", label: say("verdict.passed") }, { value: "false", label: say("verdict.missed") }];
  return (
    <Group align="flex-start">
      <TextInput w={{ base: "100%", xs: 200 }} label={say("results.search")} type="search" data-search value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <Button hiddenFrom="xs" fullWidth variant="default" leftSection={<IconFilter size={16} aria-hidden />} aria-expanded={isOpen} aria-controls={rest} onClick={() => open(!isOpen)}>
        {count > 0 ? say("results.filters_on", { count }) : say("results.filters")}
      </Button>
      <Box id={rest} className={classes.rest} mod={{ open: isOpen }}>
        <Select
          label={say("results.status")} placeholder={say("results.any")} clearable value={search.status ?? null} w={{ base: "100%", xs: 150 }}
          data={statuses.map((status) => ({ value: status, label: say(`status.${status}`) }))}
          onChange={(status) => see({ status: statuses.find((one) => one === status) })}
        />
        <Select
          label={say("results.thresholds")} placeholder={say("results.any_verdict")} clearable value={search.passed === undefined ? null : String(search.passed)} w={{ base: "100%", xs: 230 }}
          data={verdicts} onChange={(passed) => see({ passed: passed === null ? undefined : passed === "true" })}
        />
        <Owner search={search} see={see} />
        <Days search={search} see={see} />
      </Box>
      {search.recipe && <OfRecipe id={search.recipe} drop={() => see({ recipe: undefined })} />}
    </Group>
  );
}

/** Admins know everybody; others tell their own runs from those of the rest. */
function Owner({ search, see }: Props) {
  const { say } = useWords();
  const { me, may } = useSession();
  const choose = (owner: string | null | undefined) => see({ owner: owner ?? undefined });
  const about = { label: say("results.owner"), w: { base: "100%", xs: 190 } };
  if (may("maid.admin")) return <Person {...about} anybody={say("results.anybody")} value={search.owner} choose={choose} />;
  const mine = { value: me.id, label: say("results.mine") };
  const somebody = search.owner && search.owner !== me.id ? [{ value: search.owner, label: search.owner }] : [];
  return <Select {...about} placeholder={say("results.anybody")} clearable data={[mine, ...somebody]} value={search.owner ?? null} onChange={choose} />;
}

/** One is not seen without the other. */
function Days({ search, see }: Props) {
  const { say } = useWords();
  return (
    <Group wrap="nowrap" align="flex-start" w={{ base: "100%", xs: "auto" }}>
      <Day label={say("results.from")} value={search.from} change={(from) => see({ from })} />
      <Day label={say("results.to")} value={search.to} change={(to) => see({ to })} wrong={reversed(search) ? say("results.reversed") : undefined} />
    </Group>
  );
}

/** A day by the calendar of whoever looks. */
function Day({ label, value = "", change, wrong }: { label: string; value?: string; change: (day: string | undefined) => void; wrong?: string }) {
  // A year is typed digit by digit: what is no day yet leaves the address as it is, and does not stay.
  const [text, type] = useTypedInAddress(value, (day) => (day && !dayOf(day) ? undefined : change(dayOf(day))));
  return (
    <TextInput
      type="date" label={label} max="9998-12-31" w={{ base: "50%", xs: 150 }} value={text} error={wrong}
      onChange={(event) => type(event.currentTarget.value)} onBlur={() => text && !dayOf(text) && type(value)}
    />
  );
}

function OfRecipe({ id, drop }: { id: string; drop: () => void }) {
  const { say } = useWords();
  const title = useRecipeTitle(id);
  return (
    <Button variant="light" maw="100%" style={{ alignSelf: "flex-end" }} rightSection={<IconX size={16} aria-hidden />} onClick={drop} title={say("results.all_recipes")}>
      {say("results.of_recipe", { title: title ?? id })}
    </Button>
  );
}
