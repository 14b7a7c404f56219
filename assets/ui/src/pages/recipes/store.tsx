// Storing a recipe as its file has it, and what is said where it is none.

import { Alert, ScrollArea, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { answer, api } from "~/api/client";
import type { DocumentError } from "~/api/schema";
import { useWords } from "~/i18n";
import { ProblemAlert } from "~/parts/problem";

/** A text that is no recipe, and why. */
class Mistaken extends Error {
  constructor(readonly errors: DocumentError[]) {
    super();
  }
}

export function NotStored({ error }: { error: unknown }) {
  const { say } = useWords();
  if (!(error instanceof Mistaken)) return <ProblemAlert error={error} />;
  const { errors } = error;
  return (
    <Alert color="red" role="alert" title={say(errors.length === 1 ? "run.wrong_one" : "run.wrong", { count: errors.length })}>
      <ScrollArea.Autosize mah={220} viewportProps={{ tabIndex: 0, role: "region", "aria-label": say("import.mistakes") }}>
        {errors.map(({ line, path, message, suggestion }, at) => (
          <Text key={at} size="sm" style={{ overflowWrap: "anywhere" }}>
            {line != null && `${say("run.line", { line })} `}
            <span lang="en">{path && <code>{path}</code>} {message}{suggestion && ` (${suggestion}?)`}</span>
          </Text>
        ))}
      </ScrollArea.Autosize>
    </Alert>
  );
}

/** Stores a recipe as its file has it, and goes there. */
export function useStore(stored: () => void) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (text: string) => {
      // Asked first, since it says of each mistake where in the text it stands.
      const { errors } = await answer(api.POST("/api/maid/recipe-generator/validate", { body: { recipe: text } }));
      if (errors.length > 0) throw new Mistaken(errors);
      return await answer(api.POST("/api/maid/recipes", { body: { text } }));
    },
    onSuccess: async ({ id }) => {
      stored();
      await navigate({ to: "/recipes/$id", params: { id } });
      void queries.invalidateQueries({ queryKey: ["recipes"] });
    },
  });
}
