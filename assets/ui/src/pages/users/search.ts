// What is seen of users and keys, as it stands in the address.

import { isId } from "~/parts/id";

export const tabs = ["users", "keys", "me"] as const;

export interface UsersSearch {
  tab?: (typeof tabs)[number] | undefined;
  /** Whose keys are shown. */
  owner?: string | undefined;
  /** What is in the names of those who are shown. */
  name?: string | undefined;
}

export const usersSearch = (told: Record<string, unknown>): UsersSearch => ({
  tab: tabs.find((one) => one === told["tab"]),
  owner: isId(String(told["owner"])) ? String(told["owner"]) : undefined,
  name: told["name"] == null || told["name"] === "" ? undefined : String(told["name"]),
});
