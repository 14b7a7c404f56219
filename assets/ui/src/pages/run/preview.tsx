// The load over time, before anything is sent.

import { memo } from "react";

import { figures } from "~/app/figures";
import { useWords } from "~/i18n";
import { Chart } from "~/parts/chart";
import { colours } from "~/parts/colours";

import type { Shape } from "./shape";

export const Preview = memo(function Preview({ shape }: { shape: Shape }) {
  const { say, language } = useWords();
  const tell = figures(language);
  const users = shape.unit === "users";
  return (
    <Chart
      title={say(users ? "run.preview_users" : "run.preview_rate")} at={shape.at} height={150}
      lines={[{
        name: say(users ? "measure.users" : "measure.rps"), colour: users ? colours.blue : colours.orange, values: shape.values, fill: true, whole: users,
        tell: users ? (value) => tell.count(Math.round(value)) : tell.rate,
      }]}
    />
  );
});
