// The pages that there are. Those of one person differ from those of another by what they may do.

import {
  IconBook2, IconChartHistogram, IconHome2, IconLink, IconListSearch, IconPlayerPlay, IconReportAnalytics,
  IconSettings, IconShieldCheck, IconSparkles, IconUsers, type TablerIcon,
} from "@tabler/icons-react";

import type { Scope } from "~/api/schema";
import type { Key } from "~/i18n";

export interface Place {
  path: string;
  name: Key;
  icon: TablerIcon;
  /** What it takes to see it; `maid.read` unless said. */
  scope?: Scope;
  /** What the keyboard's `g` and this letter lead to. */
  letter: string;
}

export const places: Place[] = [
  { path: "/", name: "nav.home", icon: IconHome2, letter: "h" },
  { path: "/run", name: "nav.run", icon: IconPlayerPlay, scope: "maid.write", letter: "n" },
  { path: "/results", name: "nav.results", icon: IconReportAnalytics, letter: "r" },
  { path: "/recipes", name: "nav.recipes", icon: IconBook2, letter: "c" },
  { path: "/recipe-generator", name: "nav.recipe_generator", icon: IconSparkles, scope: "maid.write", letter: "w" },
  { path: "/prompts", name: "nav.prompts", icon: IconListSearch, letter: "p" },
  { path: "/deeplinks", name: "nav.deeplinks", icon: IconLink, letter: "l" },
  { path: "/analytics", name: "nav.analytics", icon: IconChartHistogram, letter: "a" },
  { path: "/settings", name: "nav.settings", icon: IconSettings, letter: "s" },
  { path: "/users", name: "nav.users", icon: IconUsers, letter: "u" },
  { path: "/audit", name: "nav.audit", icon: IconShieldCheck, scope: "maid.admin", letter: "t" },
];
