// Values that a test reads from its environment, given at its start. They are kept nowhere.

import { PasswordInput, SimpleGrid, Text, Title } from "@mantine/core";

import { useWords } from "~/i18n";

export type Environment = Record<string, string>;

interface Props {
  names: string[];
  values: Environment;
  set: (values: Environment) => void;
  /** The level of its heading, and the heading's id. */
  order: 2 | 3;
  id: string;
  /** Those without which the test is not started. */
  missing?: string[];
}

/** The field of one of them. */
export const fieldOf = (id: string, name: string): string => `${id}-${name}`;

export function EnvironmentFields({ names, values, set, order, id, missing = [] }: Props) {
  const { say } = useWords();
  return (
    <section aria-labelledby={id}>
      <Title order={order} size="h5" id={id}>{say("recipe.env")}</Title>
      <Text size="sm" c="dimmed" mb="xs">{say("recipe.env_why")}</Text>
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
        {names.map((name) => {
          const lacks = missing.includes(name);
          return (
            <PasswordInput
              key={name} id={fieldOf(id, name)} label={name} autoComplete="new-password" value={values[name] ?? ""}
              onChange={(event) => set({ ...values, [name]: event.currentTarget.value })} error={lacks && say("recipe.env_missing")} aria-invalid={lacks}
            />
          );
        })}
      </SimpleGrid>
    </section>
  );
}

/** What is sent: of what is wanted, what has been given. */
export const givenOf = (names: string[], values: Environment): Environment =>
  Object.fromEntries(names.flatMap((name) => (values[name] ? [[name, values[name]]] : [])));
