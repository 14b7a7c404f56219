// One of all who may come in, chosen by name.

import { type ComboboxItem, defaultOptionsFilter, type OptionsFilter, Select, type SelectProps } from "@mantine/core";

import { figures } from "~/app/figures";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";

import { useNames } from "./who";

/** A list of thousands would take long to draw, and nobody reads it. */
const SHOWN = 100;

interface Props extends Pick<SelectProps, "label" | "w"> {
  /** What it is called when nobody is chosen. */
  anybody: string;
  /** Whoever is chosen: a key, or somebody who is gone, stands in the address alone. */
  value: string | undefined;
  choose: (id: string | undefined) => void;
}

export function Person({ anybody, value, choose, ...rest }: Props) {
  const { say, language } = useWords();
  const { me } = useSession();
  const { users, names, settled } = useNames();
  const tell = figures(language);
  const listed = users.map(({ id, username }) => ({ value: id, label: id === me.id ? `${username} (${say("users.you")})` : username }));
  const data = !value || users.some(({ id }) => id === value) ? listed : [...listed, { value, label: names.get(value) ?? (settled ? value : "…") }];
  const first: OptionsFilter = ({ options, search }) => {
    const found = defaultOptionsFilter({ options, search, limit: Infinity }) as ComboboxItem[];
    if (found.length <= SHOWN) return found;
    return [{ group: say("users.first_of", { shown: SHOWN, count: tell.count(found.length) }), items: found.slice(0, SHOWN) }];
  };
  return (
    <Select
      {...rest} placeholder={anybody} clearable searchable data={data} filter={first} nothingFoundMessage={say("users.nobody_named")}
      value={value ?? null} clearButtonProps={{ "aria-label": anybody }} onChange={(to) => choose(to ?? undefined)}
    />
  );
}
