// Says that what is shown is not renewed, or is so less often than it could be.

import { Badge } from "@mantine/core";

import { useWords } from "~/i18n";
import { useLink } from "~/live/use";

import classes from "./notice.module.css";

/** How the link to the server is, where that is worth a word. */
export function useTrouble() {
  const link = useLink();
  return link === "connecting" || link === "connected" ? null : link;
}

export function Notice() {
  const { say } = useWords();
  const trouble = useTrouble();
  return (
    <div role="status" className={classes.place}>
      {trouble && (
        <Badge color={trouble === "polling" ? "yellow" : "red"} variant="light" classNames={{ root: classes.said, label: classes.words }}>
          {say(`live.${trouble}`)}
        </Badge>
      )}
    </div>
  );
}
