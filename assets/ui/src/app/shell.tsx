// What is around every page: where one is, what runs, who one is.

import {
  ActionIcon, AppShell, Badge, Burger, Group, Menu, NavLink, Progress, ScrollArea, Text,
  useMantineColorScheme,
} from "@mantine/core";
import { useDisclosure, useMediaQuery, useWindowEvent } from "@mantine/hooks";
import { IconBook, IconKeyboard, IconLanguage, IconLogout, IconMoon, IconUserCircle } from "@tabler/icons-react";
import { Link, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

import { BASE } from "~/api/client";
import { speak, useWords } from "~/i18n";
import { isActive } from "~/live/phase";
import { useLatest } from "~/live/use";
import { PlainLink } from "~/parts/links";
import { Mark } from "~/parts/mark";
import { keysWanted, showKeys, writes } from "~/parts/search/keys";
import { KeysHelp } from "~/parts/search/keys-help";
import { SearchButton } from "~/parts/search/search-button";
import { usePageTitle } from "~/parts/title";

import { frame } from "./frame";
import { useKeptFocus } from "./kept-focus";
import { Notice, useTrouble } from "./notice";
import { places } from "./places";
import { useSession } from "./session";

export function Shell() {
  const { say } = useWords();
  const { may } = useSession();
  const [open, { toggle, close }] = useDisclosure();
  // A menu that has no room beside the page lies over it, or beyond the edge of the screen: nobody is led to what is not seen.
  const narrow = useMediaQuery("(width < 48em)") === true;
  const covered = narrow && open;
  const burger = useRef<HTMLButtonElement>(null);
  useWindowEvent("keydown", ({ key, defaultPrevented }) => {
    // Not where a dialog over it is what is closed.
    if (!covered || key !== "Escape" || defaultPrevented || document.querySelector('[aria-modal="true"], [role="menu"]')) return;
    close();
    burger.current?.focus();
  });
  const { pathname } = useLocation();
  const trouble = useTrouble() !== null;
  const seen = places.filter((place) => may(place.scope ?? "maid.read"));
  useEffect(close, [pathname]);
  const here = places.findLast(({ path }) => (path === "/" ? pathname === "/" : pathname.startsWith(path)));
  usePageTitle(say(here?.name ?? "nav.home"), pathname);
  useFocusOnContent(pathname);
  useKeptFocus();
  useKeys(seen);
  return (
    <AppShell header={trouble ? frame.withNotice : frame.header} navbar={frame.navbar(open)} padding={frame.padding}>
      <a className="skip" href="#content">
        {say("app.skip")}
      </a>
      {/* What opens in it lies over the menu of the page, also where that takes all of a narrow screen. */}
      <AppShell.Header px="md" zIndex={150}>
        <Group h={frame.header.height} justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap">
            <Burger ref={burger} opened={open} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={say("app.menu")} aria-expanded={open} />
            <PlainLink to="/" aria-label="MAID">
              <Mark />
            </PlainLink>
          </Group>
          <Notice />
          {!trouble && <Now />}
          <Group gap="xs" wrap="nowrap">
            <SearchButton />
            <Account />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={say("app.menu")} inert={narrow && !open}>
        <AppShell.Section grow component={ScrollArea}>
          {seen.map(({ path, name, icon: Icon }) => (
            <NavLink
              key={path} component={Link} to={path} label={say(name)} leftSection={<Icon size={18} stroke={1.6} aria-hidden />}
              active={path === "/" ? pathname === "/" : pathname.startsWith(path)} onClick={close}
            />
          ))}
        </AppShell.Section>
        <AppShell.Section>
          <NavLink component="a" href={`${BASE}/api/docs`} label={say("app.docs")} leftSection={<IconBook size={18} stroke={1.6} aria-hidden />} />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} inert={covered} className={chartsOn(pathname) ? undefined : "bounded"}>
        <Outlet />
      </AppShell.Main>
      <KeysHelp />
    </AppShell>
  );
}

/** What is drawn is the better the wider it is; lists and forms are not. */
const chartsOn = (pathname: string) => /^\/(results\/.|compare|analytics)/.test(pathname);

/** Whoever goes to another page is at its content, also by keys and by ear. */
function useFocusOnContent(pathname: string): void {
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    const content = document.getElementById("content");
    if (!content?.contains(document.activeElement)) content?.focus({ preventScroll: true });
  }, [pathname]);
}

/** What runs now, wherever one is. */
function Now() {
  const { say } = useWords();
  const status = useLatest("maid:status");
  if (!status?.run_id || !isActive(status.phase)) return null;
  const percent = Math.round((status.progress ?? 0) * 100);
  return (
    <PlainLink to="/results/$id" params={{ id: status.run_id }} miw={0}>
      <Group gap="xs" wrap="nowrap">
        <Badge color="teal" variant="light" style={{ flexShrink: 0 }}>
          {say(`phase.${status.phase}`)}
        </Badge>
        <Text size="sm" truncate visibleFrom="xs">
          {status.name}
        </Text>
        <Progress value={percent} w={80} visibleFrom="sm" aria-label={say("home.progress", { percent })} />
      </Group>
    </PlainLink>
  );
}

function Account() {
  const { say, language } = useWords();
  const { me, signOut } = useSession();
  const { toggleColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" withArrow withinPortal={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={say("app.account", { name: me.name })}>
          <IconUserCircle aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {/* It is the name of the menu already, where nothing but what can be chosen has a place. */}
        <Menu.Label aria-hidden>{say("app.account", { name: me.name })}</Menu.Label>
        <Menu.Item leftSection={<IconMoon size={16} aria-hidden />} onClick={toggleColorScheme}>
          {say("app.theme")}
        </Menu.Item>
        <Menu.Item leftSection={<IconLanguage size={16} aria-hidden />} onClick={() => void speak(language === "en" ? "de" : "en")}>
          {say("app.language")}
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={16} aria-hidden />} onClick={showKeys}>
          {say("keys.title")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={signOut}>
          {say("app.sign_out")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** `g` and a letter lead to a page, unless somebody writes. */
function useKeys(seen: typeof places): void {
  const navigate = useNavigate();
  const leading = useRef(-Infinity);
  useWindowEvent("keydown", (event) => {
    if (!keysWanted() || writes(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "g") leading.current = event.timeStamp;
    else if (event.timeStamp - leading.current < 1000) {
      const place = seen.find(({ letter }) => letter === event.key);
      if (place) void navigate({ to: place.path });
      leading.current = -Infinity;
    }
  });
}
