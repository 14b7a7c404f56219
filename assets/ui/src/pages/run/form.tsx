// The form of a LoadTest.

import { Input, Stack } from "@mantine/core";
import type { KeyboardEvent } from "react";

import { useWords } from "~/i18n";

import { Field, InCode, Lines } from "./fields";
import { Load } from "./load";
import classes from "./run.module.css";
import { Scenarios, Section } from "./scenarios";

interface Props {
  disabled: boolean;
  undo: () => void;
  redo: () => void;
}

const known = ["version", "name", "target", "load", "rate_limit", "scenarios", "thresholds"];

export function Form({ disabled, undo, redo }: Props) {
  const { say } = useWords();
  // What is undone is what was done to the document, not to one field.
  const keys = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) redo();
    else undo();
  };
  return (
    <fieldset className={classes.form} disabled={disabled} onKeyDown={keys} aria-label={say("run.form")}>
      <Stack gap="lg">
        <Section id="run-what" title={say("run.what")}>
          <Stack gap="sm">
            <Field place={["name"]} stays label={say("run.name")} placeholder={say("run.name_example")} maxLength={1000} />
            <Input.Wrapper label={say("run.hosts")} labelElement="div">
              <Lines
                place={["target", "hosts"]} label={(number) => say("run.host", { number })} add={say("run.host_add")}
                placeholder="https://shop.example.com" first="http://127.0.0.1:8080" least={1}
              />
            </Input.Wrapper>
            <InCode place={["target"]} known={["hosts"]} />
          </Stack>
        </Section>
        <Section id="run-load" title={say("run.load")}>
          <Load />
          <Field place={["rate_limit"]} number label={say("run.rate_limit")} placeholder={say("run.rate_limit_none")} mt="sm" />
        </Section>
        <Section id="run-scenarios" title={say("run.scenarios")} why={say("run.scenarios_why")}>
          <Scenarios />
        </Section>
        <Section id="run-thresholds" title={say("run.thresholds")} why={say("run.thresholds_why")}>
          <Lines
            place={["thresholds"]} label={(number) => say("run.threshold", { number })} add={say("run.threshold_add")}
            placeholder="p95 < 500ms" first="p95 < 500ms"
          />
        </Section>
        <InCode place={[]} known={known} />
      </Stack>
    </fieldset>
  );
}
