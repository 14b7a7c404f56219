// Values that a test is given at its start, and secrets that have to be written again. Both are kept nowhere.

import { Alert, Anchor, Button, Paper, PasswordInput, SimpleGrid, Text, Title } from "@mantine/core";

import type { Writing } from "~/editor/writing";
import { useWords } from "~/i18n";

export type Environment = Record<string, string>;

interface Props {
  names: string[];
  values: Environment;
  set: (values: Environment) => void;
}

export function EnvironmentFields({ names, values, set }: Props) {
  const { say } = useWords();
  if (names.length === 0) return null;
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="run-env">
      <Title order={2} size="h5" id="run-env">{say("recipe.env")}</Title>
      <Text size="sm" c="dimmed" mb="xs">{say("recipe.env_why")}</Text>
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
        {names.map((name) => (
          <PasswordInput key={name} label={name} autoComplete="new-password" value={values[name] ?? ""} onChange={(event) => set({ ...values, [name]: event.currentTarget.value })} />
        ))}
      </SimpleGrid>
    </Paper>
  );
}

/** Says where secrets were hidden, of which a start would know nothing. */
export function Hidden({ lines, writing, meant }: { lines: number[]; writing: Writing; meant: () => void }) {
  const { say } = useWords();
  if (lines.length === 0) return null;
  return (
    <Alert color="yellow" role="status" title={say("run.hidden")}>
      <Text size="sm">
        {say("run.hidden_why")}{" "}
        {lines.slice(0, 10).map((line) => (
          <Anchor key={line} component="button" type="button" size="sm" underline="always" c="inherit" mr="xs" onClick={() => writing.show(line)}>
            {say("run.line", { line })}
          </Anchor>
        ))}
      </Text>
      <Button size="compact-sm" variant="light" color="yellow" mt="xs" onClick={meant}>{say("run.hidden_meant")}</Button>
    </Alert>
  );
}
