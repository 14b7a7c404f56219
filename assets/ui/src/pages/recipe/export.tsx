// The test of a recipe for other tools.

import { Alert, Button } from "@mantine/core";

import { Problem } from "~/api/client";
import type { Parameter, RecipeView } from "~/api/schema";
import { Exporting } from "~/export/exporting";
import { useWords } from "~/i18n";
import { Told } from "~/pages/recipes/imported";
import { ProblemAlert } from "~/parts/problem";

import { isSecret, sent, type Typed } from "./model";

interface Props {
  view: RecipeView;
  /** The values of the form. */
  typed: Typed;
  /** Leads to where they are given. */
  change: () => void;
}

export function Export({ view, typed, change }: Props) {
  const { say } = useWords();
  return (
    <Exporting
      why={say("recipe.export_why")}
      asked={() => ({ recipe_id: view.id, parameters: valuesOf(view.recipe.parameters ?? [], typed) })}
      refused={(error) => <Refused error={error} change={change} />}
    />
  );
}

/** Secrets come out as names of variables, whatever they are: in place of one that must be given stands its example. */
function valuesOf(parameters: Parameter[], typed: Typed): Record<string, unknown> {
  const secrets = parameters.filter((parameter) => isSecret(parameter) && parameter.required).map(({ name, example }) => [name, example]);
  return { ...sent(parameters, typed), ...Object.fromEntries(secrets) };
}

/** Where values are missing or wrong, they are given elsewhere. */
function Refused({ error, change }: { error: Error; change: () => void }) {
  const { say } = useWords();
  const values = error instanceof Problem ? error.errors.filter(({ path }) => path.startsWith("parameters.")) : [];
  if (values.length === 0) return <ProblemAlert error={error} />;
  return (
    <Alert color="red" role="alert">
      <Told order={2} title={say("recipe.export_values")} items={values.map(({ path, message }) => ({ place: path.slice("parameters.".length), message }))} />
      <Button variant="default" size="xs" mt="sm" onClick={change}>
        {say("recipe.to_values")}
      </Button>
    </Alert>
  );
}
