// How to run a recipe well, and how to read its result, beside the form.

import { Grid, List, Paper, Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";

import type { Recipe } from "~/api/schema";
import { useWords } from "~/i18n";

export function Advice({ recipe, children }: { recipe: Recipe; children: ReactNode }) {
  const { say } = useWords();
  const told = [
    [say("recipe.best_practices"), recipe.best_practices ?? []],
    [say("recipe.good_result"), recipe.good_result ?? []],
  ] as const;
  const some = told.filter(([, lines]) => lines.length > 0);
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, md: some.length > 0 ? 7 : 12 }}>{children}</Grid.Col>
      {some.length > 0 && (
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack>
            {some.map(([title, lines]) => (
              <Paper key={title} withBorder p="md" component="section">
                <Title order={2} size="h5" mb="xs">
                  {title}
                </Title>
                <List size="sm" spacing="xs" lang="en" pr="xs">
                  {lines.map((line) => (
                    <List.Item key={line} style={{ overflowWrap: "anywhere" }}>
                      {line}
                    </List.Item>
                  ))}
                </List>
              </Paper>
            ))}
          </Stack>
        </Grid.Col>
      )}
    </Grid>
  );
}
