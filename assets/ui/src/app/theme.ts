// How everything looks, and what every dialog has.

import { Badge, Button, type CSSVariablesResolver, createTheme, Menu, mergeThemeOverrides, Modal, Notification, Table } from "@mantine/core";

import { Press } from "./press";

/** One calm colour for what can be pressed; state has its own: green, amber, red. */
const theme = createTheme({
  primaryColor: "indigo",
  primaryShade: 7,
  defaultRadius: "md",
  cursorType: "pointer",
  autoContrast: true,
  respectReducedMotion: true,
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'Cascadia Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace",
  headings: { fontWeight: "650" },
  components: {
    // What scrolls sideways is scrolled by keys as well.
    TableScrollContainer: Table.ScrollContainer.extend({ defaultProps: { scrollAreaProps: { viewportProps: { tabIndex: 0 } } } }),
    Badge: Badge.extend({ defaultProps: { tt: "none", radius: "sm" } }),
    Button: Button.extend({ defaultProps: { component: Press } }),
    // Nothing but what can be chosen has the focus in a menu: it begins at the first.
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
  },
});

/** The theme, where what closes a dialog or a message is called `close`. */
export function themed(close: string) {
  // The head of a dialog is no second banner of the page, for whoever goes from landmark to landmark.
  const closeButtonProps = { "aria-label": close };
  return mergeThemeOverrides(theme, {
    components: {
      Modal: Modal.extend({ defaultProps: { attributes: { header: { role: "none" } }, closeButtonProps } }),
      Notification: Notification.extend({ defaultProps: { closeButtonProps } }),
    },
  });
}

/** Colours that state is told by. */
const told = ["red", "green", "teal", "yellow", "orange", "blue", "indigo", "gray"];
const each = (variable: (colour: string) => [string, string]) => Object.fromEntries(told.map(variable));
const darker = (colour: string) => `color-mix(in srgb, var(--mantine-color-${colour}-9), #000 40%)`;

const filled = { "--mantine-color-red-filled": "var(--mantine-color-red-9)", "--mantine-color-red-filled-hover": darker("red") };

/** Text that is read by everybody: 4.5 to 1 against every ground of the page (WCAG 2.2, 1.4.3). */
export const contrast: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...filled,
    "--mantine-color-dimmed": "#5a6270",
    "--mantine-color-anchor": "var(--mantine-color-indigo-9)",
    "--mantine-color-error": darker("red"),
    "--mantine-color-placeholder": "#6b7280",
    ...each((colour) => [`--mantine-color-${colour}-light-color`, darker(colour)]),
    ...each((colour) => [`--mantine-color-${colour}-text`, darker(colour)]),
  },
  dark: {
    ...filled,
    "--mantine-color-dimmed": "#a6adb8",
    "--mantine-color-error": "var(--mantine-color-red-4)",
    "--mantine-color-placeholder": "#9097a3",
    ...each((colour) => [`--mantine-color-${colour}-text`, `var(--mantine-color-${colour}-4)`]),
  },
});
