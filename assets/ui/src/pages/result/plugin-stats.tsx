// The figures that are looked at first.

import { Paper, SimpleGrid, Text } from "@mantine/core";

import { figures as telling } from "~/app/figures";
import { useWords } from "~/i18n";
import { useOld } from "~/parts/as-of";

import type { Figures } from "./model";

export function PluginStats({ figures, live }: { figures: Figures; live: boolean }) {
  const { say, language } = useWords();
  const tell = telling(language);
  const { generator } = figures;
  const told = useOld();
  const old = live && told ? told : undefined;
  const part = old ?? say(live ? "measure.last_second" : "measure.whole_run");
  const share = figures.requests > 0 ? figures.failures / figures.requests : 0;
  return (
    <SimpleGrid cols={{ base: 2, sm: 4, xl: 8 }} spacing="sm" data-live={live} c={old && "dimmed"}>
      <Figure name={say("measure.users")} value={tell.count(figures.users)} more={old} />
      <Figure name={say("measure.rps")} value={tell.rate(figures.rps)} more={part} />
      <Figure name={say("measure.requests")} value={tell.compact(figures.requests)} more={old} id="requests" />
      <Figure
        name={say("measure.failures")} value={tell.compact(figures.failures)} colour={figures.failures > 0 ? "red" : undefined}
        more={say("measure.failure_share", { share: tell.share(share) })}
      />
      <Figure name={say("measure.p50")} value={tell.ms(figures.p50)} more={part} />
      <Figure name={say("measure.p95")} value={tell.ms(figures.p95)} more={part} />
      <Figure name={say("measure.p99")} value={tell.ms(figures.p99)} more={part} />
      <Figure
        name={say("measure.generator")} value={say(generator.limited ? "measure.generator_limited" : "measure.generator_ok")}
        colour={generator.limited ? "orange" : undefined} small
        more={`${say("measure.cpu", { percent: tell.count(generator.cpu) })} · ${say("measure.lag", { ms: tell.ms(generator.lagP99) })}`}
      />
    </SimpleGrid>
  );
}

interface Told {
  name: string;
  value: string;
  more?: string;
  colour?: string;
  small?: boolean;
  id?: string;
}

function Figure({ name, value, more, colour, small, id }: Told) {
  return (
    <Paper withBorder p="sm">
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text fz={small ? "md" : "xl"} fw={650} c={colour} lh={1.3} data-figure={id}>
        {value}
      </Text>
      {more && (
        <Text size="xs" c="dimmed">
          {more}
        </Text>
      )}
    </Paper>
  );
}
