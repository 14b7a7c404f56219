// The test that came of the words.

import { Badge, Button, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

import type { GenerateAnswer } from "~/api/schema";
import { figures } from "~/app/figures";
import { useSession } from "~/app/session";
import { download } from "~/export/download";
import { useWords } from "~/i18n";
import { hand } from "~/pages/run/draft";
import { CopyText } from "~/parts/copy-text";
import { AnchorLink } from "~/parts/links";
import { loaded } from "~/parts/loaded";

import type { Turn } from "./model";
import { Provenance } from "./provenance";
import type { Pointing } from "./words";

const RecipeCode = lazy(loaded(() => import("~/parts/code/recipe-code")));

export function TestMade({ turn, ...pointing }: Pointing & { turn: Turn }) {
  const { say } = useWords();
  const { may } = useSession();
  const navigate = useNavigate();
  const { answer } = turn;
  const yaml = answer.yaml ?? "";
  const open = () => {
    hand(yaml);
    void navigate({ to: "/run" });
  };
  return (
    <Stack component="section" aria-labelledby="made">
      <Group justify="space-between">
        <Group gap="xs">
          <Title order={2} size="h4" id="made">
            {say("generator.test")}
          </Title>
          <Badge color={answer.complete ? "green" : "yellow"} variant="light">
            {say(answer.complete ? "generator.complete" : "generator.incomplete")}
          </Badge>
        </Group>
        <Group gap="xs">
          <CopyText text={yaml} what={say("generator.yaml")} />
          <Button
            variant="default" leftSection={<IconDownload size={16} aria-hidden />}
            onClick={() => download({ name: "loadtest.yaml", media_type: "application/yaml", text: yaml })}
          >
            {say("export.download")}
          </Button>
          {may("maid.write") && <Button onClick={open}>{say("generator.open")}</Button>}
        </Group>
      </Group>
      <Suspense fallback={<Skeleton h={320} />}>
        <RecipeCode label={say("generator.yaml")} value={yaml} />
      </Suspense>
      <Provenance answer={answer} {...pointing} />
      <Near answer={answer} />
    </Stack>
  );
}

function Near({ answer }: { answer: GenerateAnswer }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const { route, model } = answer.engine;
  const known = route === "reader" || route === "reader+model";
  return (
    <>
      {answer.recipes.length > 0 && (
        <section aria-labelledby="near">
          <Title order={2} size="h5" mb="xs" id="near">
            {say("generator.recipes")}
          </Title>
          <Stack gap={4}>
            {answer.recipes.map(({ id, title, used }) => (
              <Group key={id} gap="xs">
                <AnchorLink to="/recipes/$id" params={{ id }} size="sm" lang="en" style={{ overflowWrap: "anywhere" }}>
                  {title}
                </AnchorLink>
                {used && (
                  <Badge variant="light" size="sm">
                    {say("generator.recipe_used")}
                  </Badge>
                )}
              </Group>
            ))}
          </Stack>
        </section>
      )}
      <Text size="xs" c="dimmed">
        {say("generator.made_by", {
          route: known ? say(`generator.route.${route}`, { model: model ?? say("generator.route.a_model") }) : route,
          time: tell.ms(answer.usage.latency_ms),
        })}
      </Text>
    </>
  );
}
