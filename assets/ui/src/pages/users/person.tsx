// One of all who may come in, chosen by name.

import { type ComboboxItem, defaultOptionsFilter, type OptionsFilter, Select, type SelectProps } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { answer, api } from "~/api/client";
import { all } from "~/api/pages";
import { figures } from "~/app/figures";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { useName } from "~/parts/who";


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
  const { data: people } = useQuery({
    queryKey: ["users", "all"],
    queryFn: () => all((query) => answer(api.GET("/api/maid/users", { params: { query } }))),
    staleTime: 60_000,
  });
  const tell = figures(language);
  const users = people?.items ?? [];
  const user = useName(value ?? "", "user");
  const key = useName(user === null ? (value ?? "") : "", "api_key");
  const other = user ?? key;
  const listed = users.map(({ id, username }) => ({ value: id, label: id === me.id ? `${username} (${say("users.you")})` : username }));
  const data = !value || users.some(({ id }) => id === value) ? listed : [...listed, { value, label: other ?? (other === null ? value : "…") }];
  const first: OptionsFilter = ({ options, search }) => {
    const found = defaultOptionsFilter({ options, search, limit: Infinity }) as ComboboxItem[];
    if (found.length <= SHOWN) return found;
    return [{ group: say("users.first_of", { shown: SHOWN, count: `${tell.count(found.length)}${people?.cut ? "+" : ""}` }), items: found.slice(0, SHOWN) }];
  };
  return (
    <Select
      {...rest} placeholder={anybody} clearable searchable data={data} filter={first} nothingFoundMessage={say(people?.cut ? "users.nobody_of_known" : "users.nobody_named", { count: tell.count(users.length) })}
      value={value ?? null} clearButtonProps={{ "aria-label": anybody }} onChange={(to) => choose(to ?? undefined)}
    />
  );
}
