// The head of a chart: what it shows, and where a part of that is looked at, the way back to all of it.

import { Button } from "@mantine/core";

import { useWords } from "~/i18n";

import classes from "./chart.module.css";
import { showAll } from "./chart-form";

export function Caption({ title, part }: { title: string; part: boolean }) {
  const { say } = useWords();
  return (
    <div className={classes.head}>
      <figcaption className={classes.title}>{title}</figcaption>
      {part && (
        <Button size="compact-xs" mih={24} variant="light" className="no-print" onClick={showAll}>
          {say("chart.show_all")}
        </Button>
      )}
    </div>
  );
}
