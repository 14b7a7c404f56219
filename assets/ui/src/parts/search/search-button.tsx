// The button, and the key `/`, that open the search.

import { Button, Group, Kbd, Text } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useState } from "react";

import { useWords } from "~/i18n";

import { useKey } from "./keys";

const load = () => import("./search-dialog");
const SearchDialog = lazy(async () => ({ default: (await load()).SearchDialog }));
/** Soon after the page is there the dialog is too, so that nothing is lost of what is typed into it. */
const SOON_MS = 1500;

export function SearchButton() {
  const { say } = useWords();
  const [opened, set] = useState(false);
  // Kept once it was there, so that it closes softly and gives the focus back.
  const [wanted, want] = useState(false);
  const open = () => {
    want(true);
    set(true);
  };
  useKey("/", open);
  useEffect(() => {
    const timer = setTimeout(() => void load().catch(() => undefined), SOON_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <>
      <Button
        variant="default" size="sm" px="xs" onClick={open} aria-haspopup="dialog" aria-label={say("search.open")} aria-keyshortcuts="/"
        style={{ flexShrink: 0 }}
      >
        <Group gap="xs" wrap="nowrap" component="span">
          <IconSearch size={16} aria-hidden />
          <Text span size="sm" visibleFrom="sm">{say("search.open")}</Text>
          <Kbd size="xs" visibleFrom="sm">/</Kbd>
        </Group>
      </Button>
      {wanted && (
        <Suspense>
          <SearchDialog opened={opened} close={() => set(false)} />
        </Suspense>
      )}
    </>
  );
}
