// Days of the calendar of whoever looks, and the moments at which they begin and end.

/** Years that every day of is one for the server as well. */
const [FIRST, LAST] = [1970, 9998];

function parts(day: string): [year: number, month: number, day: number] | null {
  const [, year, month, of] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  return year && month && of ? [Number(year), Number(month) - 1, Number(of)] : null;
}

/** A day such as `2026-01-31`; what is none, such as `2026-02-30`, is left out. */
export function dayOf(told: unknown): string | undefined {
  const [year = 0, month = 0, day = 0] = parts(String(told)) ?? [];
  const date = new Date(Date.UTC(year, month, day));
  const is = year >= FIRST && year <= LAST && date.getUTCMonth() === month && date.getUTCDate() === day;
  return is ? String(told) : undefined;
}

// Some days are shorter or longer than others, and some begin at one o'clock: the calendar counts them, not hours.
function midnight(day: string, later: number): string {
  const [year, month, of] = parts(day) ?? [FIRST, 0, 1];
  return new Date(year, month, of + later).toISOString();
}

/** The first moment of a day. */
export const beginOf = (day: string): string => midnight(day, 0);

/** The first moment after a day. */
export const endOf = (day: string): string => midnight(day, 1);
