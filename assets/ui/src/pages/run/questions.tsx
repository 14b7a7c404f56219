// The three questions of "Test my service".

import { Paper, Radio, SimpleGrid, Text, Textarea, TextInput, Title } from "@mantine/core";

import { figures } from "~/app/figures";
import { useWords } from "~/i18n";

import { address, type Amount, amounts, type Answers, choices, limit, sentTo, unread } from "./ask-test";
import { against, type Look } from "./probe";
import { seconds } from "./shape";

const mono = { input: { fontFamily: "var(--mantine-font-family-monospace)" } };

export interface Asking {
  answers: Answers;
  set: (change: Partial<Answers>) => void;
  /** Whether somebody wanted to go on, and what is wrong is told. */
  told: boolean;
  /** What was seen at the address. */
  look: Look;
}

export function Where({ answers, set, told, look }: Asking) {
  const { say } = useWords();
  const found = against(look, address(answers.url));
  const seen = found && !found.below && (
    <>
      <span lang="en">{found.message}</span>{found.passable && ` – ${say("ask.go_on")}`}
    </>
  );
  return (
    <>
      <Title order={2} size="h4">{say("ask.where")}</Title>
      <TextInput
        label={say("ask.url")} description={say("ask.url_why")} placeholder="https://shop.example.com" type="url" inputMode="url" autoFocus
        value={answers.url} onChange={(event) => set({ url: event.currentTarget.value })}
        error={told && !address(answers.url) ? say("ask.url_wrong") : seen}
      />
    </>
  );
}

export function What({ answers, set, told, look }: Asking) {
  const { say } = useWords();
  const wrong = unread(answers);
  const named = wrong.slice(0, 5).map((line) => `“${line.slice(0, 80)}”`).join(", ") + (wrong.length > 5 ? " …" : "");
  // What was asked for when the address was written is among the paths by now.
  const asked = look.variables;
  const found = against(look, asked?.origin === address(answers.url)?.origin ? (asked ?? null) : null);
  const leads = sentTo(answers);
  return (
    <>
      <Title order={2} size="h4">{say("ask.what")}</Title>
      {found?.below && (
        <Text size="sm" role="status" style={{ overflowWrap: "anywhere" }}>
          <code>{asked?.href}</code>: <span lang="en">{found.message}</span> – {say("ask.below")}
        </Text>
      )}
      <Textarea
        label={say("ask.paths")} description={say("ask.paths_why")} placeholder={"/\n/products\nPOST /cart"} autosize minRows={4} maxRows={14}
        styles={mono} spellCheck={false} autoFocus value={answers.paths} onChange={(event) => set({ paths: event.currentTarget.value })}
        inputContainer={(field) => (
          <>
            {field}
            {leads[0] && (
              <Text size="xs" c="dimmed" mt={4} style={{ overflowWrap: "anywhere" }}>
                {say("ask.leads_to")} <code>{leads[0].path}</code>{leads.length > 1 && ` … (${leads.length})`}
              </Text>
            )}
          </>
        )}
        error={told && wrong.length > 0 ? <span style={{ overflowWrap: "anywhere" }}>{say("ask.paths_wrong", { lines: named })}</span> : undefined}
      />
    </>
  );
}

export function HowMuch({ answers, set, told }: Asking) {
  const { say, language } = useWords();
  const tell = figures(language);
  const about = (amount: Exclude<Amount, "own">) => say("ask.amount_told", { users: amounts[amount].users, time: tell.seconds(seconds(amounts[amount].time)) });
  const users = Number(answers.users);
  return (
    <>
      <Title order={2} size="h4">{say("ask.much")}</Title>
      <Radio.Group aria-label={say("ask.much")} value={answers.amount} onChange={(amount) => set({ amount: amount as Amount })}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
          {choices.map((amount) => (
            <Paper withBorder p="sm" key={amount}>
              <Radio value={amount} autoFocus={answers.amount === amount} label={say(`ask.${amount}`)} description={amount === "own" ? say("ask.own_why") : about(amount)} />
            </Paper>
          ))}
        </SimpleGrid>
      </Radio.Group>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        {answers.amount === "own" && (
          <>
            <TextInput
              label={say("run.users")} inputMode="numeric" value={answers.users} onChange={(event) => set({ users: event.currentTarget.value })}
              error={told && !(Number.isInteger(users) && users > 0) ? say("ask.users_wrong") : undefined}
            />
            <TextInput
              label={say("run.run_time")} value={answers.time} onChange={(event) => set({ time: event.currentTarget.value })}
              error={told && !seconds(answers.time) ? say("ask.time_wrong") : undefined}
            />
          </>
        )}
        <TextInput
          label={say("ask.p95")} value={answers.p95} onChange={(event) => set({ p95: event.currentTarget.value })}
          error={told && !limit(answers) ? say("ask.time_wrong") : undefined}
        />
      </SimpleGrid>
    </>
  );
}
