// The heading of a page about something that somebody has named: two lines of it, so that what can be done about it is in sight, and all where
// that is asked for.

import { Spoiler, Title } from "@mantine/core";

import { useWords } from "~/i18n";

/** Two lines of a heading of this size, in px. */
const ROOM = 71;
/** What is shorter is never cut. */
const SHORT = 30;

interface Props {
  children: string;
  lang?: string;
  flex?: string;
}

export function NameTitle({ children: name, lang, flex }: Props) {
  const { say } = useWords();
  return (
    <Spoiler
      maxHeight={ROOM} showLabel={say("name.more")} hideLabel={say("name.less")} miw={0} maw="100%" flex={flex}
      styles={{ control: { fontSize: "var(--mantine-font-size-sm)" } }}
    >
      <Title order={1} size="h2" lang={lang} title={name.length > SHORT ? name : undefined} style={{ overflowWrap: "anywhere" }}>
        {name}
      </Title>
    </Spoiler>
  );
}
