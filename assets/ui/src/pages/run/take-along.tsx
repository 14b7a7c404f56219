// The test that is written, as a file of its own or for another tool.

import { Modal } from "@mantine/core";

import { Exporting } from "~/export/exporting";
import { useWords } from "~/i18n";

interface Props {
  /** The LoadTest, as it is written. */
  text: string;
  close: () => void;
}

export function TakeAlong({ text, close }: Props) {
  const { say } = useWords();
  return (
    <Modal opened onClose={close} size="xl" title={say("run.export")}>
      <Exporting why={say("run.export_why")} asked={() => ({ loadtest: text })} />
    </Modal>
  );
}
