// All keys of the page, on the key `?`.

import { Group, Kbd, Modal, Switch, Table } from "@mantine/core";
import { useState } from "react";

import { places } from "~/app/places";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";

import { keysWanted, useKey, useKeysShown, wantKeys } from "./keys";

export function KeysHelp() {
  const { say } = useWords();
  const { may } = useSession();
  const [opened, set] = useState(false);
  const [wanted, want] = useState(keysWanted);
  useKey("?", () => set(true));
  useKeysShown(() => set(true));
  const keys: [string[], string][] = [
    [["/"], say("keys.search")],
    [["?"], say("keys.help")],
    ...places.filter((place) => may(place.scope ?? "maid.read")).map((place): [string[], string] => [["g", place.letter], say(place.name)]),
    [["Ctrl", "S"], say("keys.save")],
    [["Esc"], say("keys.close")],
  ];
  const turn = (on: boolean) => {
    want(on);
    wantKeys(on);
  };
  return (
    <Modal opened={opened} onClose={() => set(false)} title={say("keys.title")}>
      <Table verticalSpacing={6} withRowBorders={false} aria-label={say("keys.title")}>
        <Table.Tbody>
          {keys.map(([pressed, does]) => (
            <Table.Tr key={pressed.join()}>
              <Table.Th scope="row" w={110}>
                <Group gap={4} wrap="nowrap">
                  {pressed.map((key) => <Kbd key={key}>{key}</Kbd>)}
                </Group>
              </Table.Th>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Switch mt="md" checked={wanted} onChange={(event) => turn(event.currentTarget.checked)} label={say("keys.wanted")} description={say("keys.wanted_why")} />
    </Modal>
  );
}
