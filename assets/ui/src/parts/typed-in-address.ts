// A field whose text stands in the address as well: written there a moment after the last key, and read from there when it changes elsewhere.

import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";

const PAUSE_MS = 250;

export function useTypedInAddress(there: string, put: (text: string) => void): [text: string, type: (text: string) => void] {
  const [text, setText] = useState(there);
  const [seen, setSeen] = useState(there);
  const [sent, setSent] = useState(there);
  const send = useDebouncedCallback((now: string) => {
    setSent(now);
    put(now);
  }, PAUSE_MS);
  if (there !== seen) {
    setSeen(there);
    // What comes back late is not what is typed by now.
    if (there !== sent) {
      send.cancel();
      setSent(there);
      setText(there);
    }
  }
  const type = (now: string) => {
    setText(now);
    send(now);
  };
  return [text, type];
}
