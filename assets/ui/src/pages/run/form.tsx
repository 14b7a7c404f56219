// The form of a LoadTest.

import { Input, Stack } from "@mantine/core";
import { memo } from "react";

import { Field, InCode, Lines } from "~/editor/fields";
import { useWords } from "~/i18n";

import { Load } from "./load";
import { Scenarios, Section } from "./scenarios";

const known = ["version", "name", "target", "load", "rate_limit", "scenarios", "thresholds"];

// Its parts watch what they show.
export const Form = memo(function Form() {
  const { say } = useWords();
  return (
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
  );
});
