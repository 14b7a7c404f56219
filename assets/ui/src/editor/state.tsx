// Whether a test can be run, and else why not.

import { Alert, Anchor, Button, Group, Loader, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useState } from "react";

import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { AnchorLink } from "~/parts/links";

import classes from "./editor.module.css";
import { lead, type Unfinished } from "./editing";
import type { Trouble } from "./troubles";
import type { Writing } from "./writing";

const SHOWN = 6;

interface Props {
  troubles: Trouble[];
  /** Fields that hold what is not part of the document yet. */
  unfinished?: Unfinished[];
  /** Whether the text is still being looked at. */
  waits: boolean;
  readable: boolean;
  writing: Writing;
  /** What is said where nothing is wrong. */
  right: string;
  /** Whether somebody has just been refused for it. */
  insists?: boolean;
}

export function State({ troubles, unfinished = [], waits, readable, writing, right, insists = false }: Props) {
  const { say } = useWords();
  const { may } = useSession();
  const [all, setAll] = useState(false);
  const told = (some: Trouble[]) => some.map((trouble, index) => <Said key={index} trouble={trouble} writing={writing} />);
  const sure = troubles.filter(({ kind }) => kind !== "perhaps");
  const problems = sure.length + unfinished.length;
  if (problems === 0) {
    return (
      <Stack gap={4} role="status" className={classes.state}>
        <Group gap={6} c={waits ? "dimmed" : "var(--state-good)"}>
          {waits ? <Loader size={14} color="gray" aria-hidden /> : <IconCircleCheck size={16} aria-hidden />}
          <Text size="sm">{waits ? say("run.checking") : right}</Text>
        </Group>
        {told(troubles.slice(0, SHOWN))}
      </Stack>
    );
  }
  const shown = all ? troubles : [...sure, ...troubles.filter(({ kind }) => kind === "perhaps")].slice(0, SHOWN);
  const wrong = unfinished.length > 0 || sure.some(({ kind }) => kind === "wrong");
  const count = say(problems === 1 ? "run.wrong_one" : "run.wrong", { count: problems });
  const title = !readable ? say("run.unreadable") : wrong ? count : say("run.obstacles");
  const color = wrong ? "red" : "yellow";
  const closed = sure.some(({ kind, path }) => kind === "refused" && /hosts\[|\.path$/.test(path));
  return (
    <Alert key={`${insists}`} color={color} icon={<IconAlertTriangle aria-hidden />} title={title} role={insists ? "alert" : "status"}>
      {unfinished.map((one) => <Waits key={one.id} unfinished={one} />)}
      {told(shown)}
      {closed && (
        <Text size="sm" mt={4}>
          {may("maid.admin") ? <AnchorLink to="/settings" search={{ q: "load.targets" }} size="sm" underline="always">{say("run.allow")}</AnchorLink> : say("run.ask_to_allow")}
        </Text>
      )}
      {shown.length < troubles.length && (
        <Button size="compact-xs" variant="subtle" color={color} onClick={() => setAll(true)}>{say("run.all_wrong", { count: troubles.length })}</Button>
      )}
    </Alert>
  );
}

function Said({ trouble: { path, line, message }, writing }: { trouble: Trouble; writing: Writing }) {
  const { say } = useWords();
  return (
    <Text size="sm" style={{ overflowWrap: "anywhere" }}>
      <Anchor component="button" type="button" size="sm" underline="always" c="inherit" onClick={() => writing.show(line)}>
        {say("run.line", { line })}
      </Anchor>{" "}
      <span lang="en">
        {path && <code>{path}</code>} {message}
      </span>
    </Text>
  );
}

function Waits({ unfinished }: { unfinished: Unfinished }) {
  return (
    <Text size="sm" style={{ overflowWrap: "anywhere" }}>
      <Anchor component="button" type="button" size="sm" underline="always" c="inherit" onClick={() => lead(unfinished)}>
        {unfinished.label}:
      </Anchor>{" "}
      <code>{unfinished.path}</code> {unfinished.why}
    </Text>
  );
}
