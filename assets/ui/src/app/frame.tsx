// What is around every page, before it is known whose page it is.

import { AppShell, Burger, Group, Loader, Title, VisuallyHidden } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";

import { useWords } from "~/i18n";
import { Mark } from "~/parts/mark";

/** As large here as around a page, so that nothing jumps once that is there. */
export const frame = {
  header: { height: 56 },
  /** On a phone, what is to be said of the link to the server has a line of its own. */
  withNotice: { height: { base: 92, sm: 56 } },
  navbar: (open: boolean) => ({ width: 224, breakpoint: "sm", collapsed: { mobile: !open } }),
  padding: { base: "sm", sm: "lg" },
};

/** What arrives sooner is not announced. */
const PATIENCE_MS = 300;

export function Frame({ children }: { children?: ReactNode }) {
  const { say } = useWords();
  return (
    <AppShell header={frame.header} navbar={frame.navbar(false)} padding={frame.padding}>
      <AppShell.Header px="md">
        <Group h="100%" gap="xs" wrap="nowrap">
          {/* Holds the place of the button that is here later. */}
          <Burger hiddenFrom="sm" size="sm" aria-hidden tabIndex={-1} style={{ visibility: "hidden" }} />
          <Mark />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar aria-label={say("app.menu")} />
      <AppShell.Main aria-busy={!children}>
        {children ? <Named /> : <Waiting />}
        {children}
      </AppShell.Main>
    </AppShell>
  );
}

const Named = () => <VisuallyHidden><Title order={1}>MAID</Title></VisuallyHidden>;

function Waiting() {
  const { say } = useWords();
  const [long, set] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => set(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <>
      {long && <Named />}
      <Group justify="center" pt="20vh" role="status">
        {long && <Loader color="gray" aria-hidden />}
        {long && <VisuallyHidden>{say("app.waiting")}</VisuallyHidden>}
      </Group>
    </>
  );
}
