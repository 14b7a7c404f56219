// How figures are told: the same way everywhere, in the reader's language.

import type { Language } from "~/i18n";

const SIZES = [[1e12, "TB"], [1e9, "GB"], [1e6, "MB"], [1e3, "kB"]] as const;

const known = new Map<Language, Figures>();

/** What tells figures in `language`. */
export function figures(language: Language): Figures {
  const told = known.get(language) ?? telling(language);
  known.set(language, told);
  return told;
}

function telling(language: Language) {
  const locale = navigator.languages.find((tag) => tag.toLowerCase().startsWith(language)) ?? language;
  // What rounds to nothing has no sign.
  const number = (most: number) => new Intl.NumberFormat(locale, { maximumFractionDigits: most, signDisplay: "negative" });
  const [whole, one, two] = [number(0), number(1), number(2)];
  // A few microseconds are not nothing.
  const tiny = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 });
  const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const moment = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 });
  // Days that the server counts are of UTC.
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
  const shortDay = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" });
  const money = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 4 });
  const compact = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
  const some = (value: number) => (value >= 100 ? whole : value >= 10 ? one : two).format(value);

  return {
    count: (value: number) => whole.format(value),
    compact: (value: number) => (value < 10_000 ? whole.format(value) : compact.format(value)),
    rate: some,
    /** A response time. */
    ms: (value: number | null | undefined) =>
      value == null ? "–" : value >= 10_000 ? `${one.format(value / 1000)} s` : `${value > 0 && value < 0.1 ? tiny.format(value) : some(value)} ms`,
    /** A share between 0 and 1. */
    share: (value: number) => (value > 0 && value < 0.0001 ? "<" + two.format(0.01) : two.format(value * 100)) + " %",
    bytes(value: number) {
      // What would be told as 1,000 of a unit is one of the next.
      const [size, unit] = SIZES.find(([size]) => value >= 0.9995 * size) ?? [1, "B"];
      return `${size === 1 ? whole.format(value) : some(value / size)} ${unit}`;
    },
    seconds(value: number | null | undefined) {
      if (value == null) return "–";
      if (value < 60) return `${one.format(value)} s`;
      // The second largest part is told where there is any.
      const [hours, minutes, rest] = [Math.floor(value / 3600), Math.floor(value / 60) % 60, Math.floor(value % 60)];
      const [first, then] = hours > 0 ? [`${hours} h`, minutes && `${minutes} min`] : [`${minutes} min`, rest && `${rest} s`];
      return then ? `${first} ${then}` : first;
    },
    /** When something was: today by the clock, else by the date. */
    when(at: string | null | undefined) {
      if (!at) return "–";
      const time = new Date(at);
      return time.toDateString() === new Date().toDateString() ? clock.format(time) : date.format(time);
    },
    /** When a line was written, to the millisecond. */
    moment: (at: string) => moment.format(new Date(at)),
    date: (at: string) => date.format(new Date(at)),
    /** Of a day such as `2026-11-22`. */
    day: (at: string) => day.format(new Date(at)),
    shortDay: (at: string) => shortDay.format(new Date(at)),
    money: (value: number) => money.format(value),
  };
}

export type Figures = ReturnType<typeof telling>;
