// Something that somebody has to say, and where they say it.

import { Alert, Button, Group, Text, TextInput } from "@mantine/core";
import { IconHelpCircle } from "@tabler/icons-react";
import { useState } from "react";

import type { GeneratorQuestion } from "~/api/schema";
import { useWords } from "~/i18n";

import type { Conversation } from "./use-conversation";

export function Question({ question, talk }: { question: GeneratorQuestion; talk: Conversation }) {
  const { say } = useWords();
  const [host, setHost] = useState("");
  const busy = talk.asking !== null;
  // A missing host belongs to the sentence that lacks it; what contradicts itself is settled by a further one.
  const lacks = question.about === "host";
  return (
    <Alert color="blue" icon={<IconHelpCircle aria-hidden />} title={say(lacks ? "generator.host_question" : "generator.question")}>
      {!lacks && (
        <Text size="sm" lang="en">
          {question.text}
        </Text>
      )}
      {question.candidates.length > 0 && (
        <Group gap="xs" mt="xs">
          {question.candidates.map(({ start, text }) => (
            <Button key={start} size="compact-sm" variant="default" disabled={busy} onClick={() => void (lacks ? talk.add(text) : talk.say(text))}>
              {text}
            </Button>
          ))}
        </Group>
      )}
      {lacks && (
        <Group
          component="form" align="flex-end" gap="xs" mt="xs"
          onSubmit={(event: React.FormEvent) => (event.preventDefault(), host.trim() && void talk.add(`${say("generator.target")}: ${host.trim()}`))}
        >
          <TextInput
            label={say("generator.host")} placeholder="http://127.0.0.1:8080" type="text" inputMode="url" autoComplete="url" value={host} style={{ flex: "1 1 12rem" }}
            onChange={(event) => setHost(event.currentTarget.value)}
          />
          <Button type="submit" disabled={!host.trim() || busy}>
            {say("generator.host_do")}
          </Button>
        </Group>
      )}
    </Alert>
  );
}
