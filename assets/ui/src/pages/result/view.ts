// Which part of a result is looked at, as it stands in the address.

export const tabs = ["requests", "errors", "breakdown", "logs", "others", "test"] as const;
export type Tab = (typeof tabs)[number];

export interface ResultSearch {
  tab?: Tab | undefined;
}

export const resultSearch = (told: Record<string, unknown>): ResultSearch => ({ tab: tabs.find((tab) => tab === told["tab"]) });
