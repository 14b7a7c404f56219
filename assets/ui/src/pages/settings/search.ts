// What is seen of the settings, as it stands in the address.

export const tabs = ["configuration", "engine", "changes"] as const;

export interface SettingsSearch {
  tab?: (typeof tabs)[number];
  section?: string;
  q?: string;
  /** Only what is not left to its default. */
  set?: boolean;
}

const text = (told: unknown) => (told == null || told === "" ? undefined : String(told));

export const settingsSearch = (told: Record<string, unknown>): SettingsSearch => ({
  tab: tabs.find((one) => one === told["tab"]),
  section: text(told["section"]),
  q: text(told["q"]),
  set: told["set"] === true || undefined,
});
