// Lists that come page by page.

/** Entries of a page, and most pages that are asked for at once. */
export const [PAGE, PAGES] = [200, 25];

interface Page<T> {
  items: T[];
  next_cursor?: string | null | undefined;
}

/** All of a list, or as much of it as `PAGES` pages hold. */
export async function all<T>(ask: (query: { limit: number; cursor: string | undefined }) => Promise<Page<T>>): Promise<{ items: T[]; cut: boolean }> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const answered = await ask({ limit: PAGE, cursor });
    items.push(...answered.items);
    cursor = answered.next_cursor ?? undefined;
    if (cursor === undefined) return { items, cut: false };
  }
  return { items, cut: true };
}
