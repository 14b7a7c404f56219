// What the page says, in the language of whoever reads it.

import i18next from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";

import { recall, retain } from "~/parts/kept";

import { de, en, type Key } from "./texts";

export type { Key };
export type Language = "en" | "de";

const KEPT = "maid.language";

function preferred(): Language {
  const kept = recall(KEPT);
  if (kept === "en" || kept === "de") return kept;
  const first = navigator.languages.find((tag) => /^(en|de)\b/i.test(tag)) ?? "en";
  return first.toLowerCase().startsWith("de") ? "de" : "en";
}

/** Begins to speak. */
export async function begin(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: preferred(),
    fallbackLng: false,
    resources: { en: { translation: en }, de: { translation: de } },
    // Keys have dots in them, and React escapes what it shows.
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
  });
  document.documentElement.lang = i18next.language;
}

export async function speak(language: Language): Promise<void> {
  retain(KEPT, language, false);
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}

type Values = Record<string, string | number>;

/** Says a text by its key, in the language of the page. */
export type Say = (key: Key, values?: Values) => string;

export function useWords(): { say: Say; language: Language } {
  const { t, i18n } = useTranslation();
  return { say: (key, values) => t(key, values ?? {}), language: i18n.language as Language };
}
