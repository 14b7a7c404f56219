// A prompt filled in: a field for each variable, what comes of it, and where it goes.

import { Alert, Button, Code, Group, SimpleGrid, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSparkles } from "@tabler/icons-react";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";

import { answer, api, Problem } from "~/api/client";
import type { PromptView } from "~/api/schema";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { CopyText } from "~/parts/copy-text";
import { isText } from "~/parts/fits";
import { useKeptDraft } from "~/parts/kept-draft";
import { NotKept } from "~/parts/not-kept";
import { ProblemAlert } from "~/parts/problem";
import { useSure } from "~/parts/sure";
import { isValues, ValueField, type Values } from "~/parts/value-field";

import classes from "./prompt.module.css";

/** What the server says about values, by the names of their variables. */
function about(error: unknown): Record<string, string> {
  const errors = error instanceof Problem && error.status === 422 ? error.errors : [];
  return Object.fromEntries(errors.map(({ path, message }) => [path.replace(/^values\./, ""), message]));
}

export function UseTab({ prompt }: { prompt: PromptView }) {
  const { say } = useWords();
  const [kept, keep, unkept] = useKeptDraft(`values.${prompt.id}`, isValues);
  // What was kept may be of an earlier version, which had other variables.
  const known = prompt.variables.filter(({ name }) => kept?.[name] !== undefined);
  const values: Values = Object.fromEntries(known.map(({ name }) => [name, kept?.[name] ?? ""]));
  const [typed] = useDebouncedValue(JSON.stringify(values), 250);
  const wanted = useMemo(() => JSON.parse(typed) as Values, [typed]);
  const [refused, refuse] = useState<unknown>(null);
  const fill = (given: Values, examples: boolean) =>
    answer(api.POST("/api/maid/prompts/{id}/preview", { params: { path: { id: prompt.id } }, body: { values: given as Record<string, never>, examples } }));
  const preview = useQuery({
    queryKey: ["prompt-preview", prompt.id, prompt.version, wanted],
    queryFn: () => fill(wanted, true),
    placeholderData: keepPreviousData,
  });
  // A text stays while a value is wrong.
  const [shown, show] = useState("");
  const newest = preview.data?.text;
  if (newest !== undefined && newest !== shown) show(newest);
  const wrong = { ...about(preview.error), ...about(refused) };
  const set = (name: string, value: Values[string] | undefined) => {
    const { [name]: _, ...others } = values;
    refuse(null);
    keep(value === undefined ? others : { ...others, [name]: value });
  };
  /** The text as it is used: with no examples in it. */
  const text = async () => {
    try {
      refuse(null);
      return (await fill(values, false)).text;
    } catch (problem) {
      refuse(problem);
      return null;
    }
  };
  const missing = prompt.variables.some(({ name, required }) => required && values[name] === undefined);
  const other = [preview.error, refused].find((error) => error && Object.keys(about(error)).length === 0);
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
      <Stack component="section" gap="sm" aria-labelledby="values">
        <Title order={2} size="h4" id="values">{say("prompt.values")}</Title>
        {prompt.variables.length === 0 && <Text c="dimmed">{say("prompt.no_values")}</Text>}
        {unkept && <NotKept way="kept.copy" />}
        {prompt.variables.map((variable) => (
          <ValueField key={variable.name} parameter={variable} value={values[variable.name]} set={(value) => set(variable.name, value)} error={wrong[variable.name]} />
        ))}
      </Stack>
      <Stack component="section" gap="sm" aria-labelledby="preview" miw={0}>
        <Title order={2} size="h4" id="preview">{say("prompt.preview")}</Title>
        {!shown && !preview.error && <Skeleton h={240} />}
        {shown && (
          <Code block tabIndex={0} role="group" aria-labelledby="preview" className={`${classes.text} ${preview.error || preview.isPlaceholderData ? classes.stale : ""}`}>
            {shown}
          </Code>
        )}
        {missing && <Text size="sm" c="dimmed">{say("prompt.examples")}</Text>}
        {other ? <ProblemAlert error={other} /> : refused ? <Alert color="red" role="alert">{say("prompt.missing_values")}</Alert> : null}
        <Uses prompt={prompt} text={text} done={() => keep(null)} />
      </Stack>
    </SimpleGrid>
  );
}

function Uses({ prompt, text, done }: { prompt: PromptView; text: () => Promise<string | null>; done: () => void }) {
  const { say } = useWords();
  const ask = useSure();
  const { may } = useSession();
  const navigate = useNavigate();
  const queries = useQueryClient();
  // The words that the generator keeps until they are sent.
  const [written, hand] = useKeptDraft("generator.text", isText);
  const sure = () =>
    new Promise<boolean>((decided) =>
      ask({ title: say("prompt.generate_over"), why: say("prompt.generate_over_why"), confirm: say("prompt.generate_do"), go: () => decided(true), safe: true, close: () => decided(false) }),
    );
  // That it was used is told beside; whether that arrives changes nothing for whoever uses it.
  const note = () =>
    api.POST("/api/maid/prompts/{id}/use", { params: { path: { id: prompt.id } }, body: { version: prompt.version } })
      .then(() => queries.invalidateQueries({ queryKey: ["prompt-uses", prompt.id] }), () => undefined);
  const generate = useMutation({
    mutationFn: async () => {
      const made = await text();
      if (made === null || (written && written !== made && !(await sure()))) return;
      hand(made);
      void note();
      done();
      await navigate({ to: "/recipe-generator" });
    },
  });
  // The others ask about results, and the generator makes tests.
  const makes = prompt.category === "describe" || prompt.category === "refine";
  return (
    <Group gap="xs">
      {makes && may("maid.write") && (
        <Button leftSection={<IconSparkles size={16} aria-hidden />} onClick={() => generate.mutate()} loading={generate.isPending}>
          {say("prompt.generate")}
        </Button>
      )}
      <CopyText text={text} what={say("prompt.copy")} onCopied={() => void note()} />
    </Group>
  );
}
