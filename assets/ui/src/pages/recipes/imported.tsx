// What came of an import: what was taken, what was made, what was left out.

import { Alert, Button, Code, Group, ScrollArea, Stack, Text, Title } from "@mantine/core";

import type { ImportAnswer } from "~/api/schema";
import { useWords } from "~/i18n";

export function Imported({ made, back, open }: { made: ImportAnswer; back: () => void; open: (test: string) => void }) {
  const { say } = useWords();
  const leftOut = made.left_out.length + made.left_out_more;
  return (
    <Stack>
      <Alert color="green" role="status">
        {say("import.taken", { found: made.found, requests: made.requests })}
      </Alert>
      {leftOut === 0 && <Text size="sm">{say("import.nothing_left")}</Text>}
      {leftOut > 0 && (
        <Told title={say("import.left_out", { count: leftOut })} items={made.left_out}>
          {made.left_out_more > 0 && <Text size="sm">{say("import.left_more", { count: made.left_out_more })}</Text>}
        </Told>
      )}
      {made.env.length > 0 && <Told title={say("import.env")} items={made.env.map(({ name, what }) => ({ place: name, message: what }))} />}
      {made.made.length > 0 && <Told title={say("import.made", { count: made.made.length })} items={made.made} />}
      <section>
        <Title order={3} size="h5" mb={4}>
          {say("import.test")}
        </Title>
        <ScrollArea.Autosize mah={260} viewportProps={{ tabIndex: 0, role: "region", "aria-label": say("import.test") }}>
          <Code block>{made.yaml}</Code>
        </ScrollArea.Autosize>
      </section>
      <Group justify="flex-end">
        <Button variant="default" onClick={back}>
          {say("import.back")}
        </Button>
        <Button onClick={() => open(made.yaml)}>{say("import.open")}</Button>
      </Group>
    </Stack>
  );
}

interface List {
  title: string;
  items: { place: string; message: string }[];
  /** The level of its heading. */
  order?: 2 | 3;
  children?: React.ReactNode;
}

/** Places, and what is said of each. */
export function Told({ title, items, order = 3, children }: List) {
  return (
    <section>
      <Title order={order} size="h5" mb={4}>
        {title}
      </Title>
      <ScrollArea.Autosize mah={220} viewportProps={{ tabIndex: 0, role: "region", "aria-label": title }}>
        <Stack gap={6} lang="en">
          {items.map(({ place, message }, at) => (
            <Text key={at} size="sm" style={{ overflowWrap: "anywhere" }}>
              <Code>{place}</Code> {message}
            </Text>
          ))}
        </Stack>
      </ScrollArea.Autosize>
      {children}
    </section>
  );
}
