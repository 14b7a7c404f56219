// Where somebody says what they want.

import { Button, Group, Stack, Text, Textarea, UnstyledButton } from "@mantine/core";

import { type Key, useWords } from "~/i18n";

import classes from "./generator.module.css";

interface Props {
  text: string;
  onChange: (text: string | null) => void;
  send: (text: string) => void;
  busy: boolean;
  /** Whether there is a test already that the words change. */
  begun: boolean;
}

const examples: Key[] = ["generator.example1", "generator.example2", "generator.example3", "generator.example4"];

export function Composer({ text, onChange, send, busy, begun }: Props) {
  const { say } = useWords();
  const ready = text.trim() !== "" && !busy;
  const go = () => ready && send(text.trim());
  return (
    <Stack component="form" gap="xs" onSubmit={(event) => (event.preventDefault(), go())}>
      <Textarea
        label={say(begun ? "generator.change" : "generator.say")} placeholder={say(begun ? "generator.change_placeholder" : "generator.placeholder")}
        autosize minRows={begun ? 2 : 4} maxRows={16} value={text} onChange={(event) => onChange(event.currentTarget.value || null)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) go();
        }}
      />
      <Group>
        <Button type="submit" disabled={!ready}>
          {say(begun ? "generator.do_change" : "generator.do")}
        </Button>
        <Text size="sm" c="dimmed" visibleFrom="sm">
          {say("generator.keys")}
        </Text>
      </Group>
      {!begun && (
        <section aria-labelledby="examples">
          <Text fw={600} size="sm" mt="md" mb="xs" id="examples">
            {say("generator.examples")}
          </Text>
          <Stack gap="xs">
            {examples.map((example) => (
              <UnstyledButton key={example} className={classes.example} onClick={() => onChange(say(example))}>
                {say(example)}
              </UnstyledButton>
            ))}
          </Stack>
        </section>
      )}
    </Stack>
  );
}
