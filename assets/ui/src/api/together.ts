// What is asked for one by one, by whatever is drawn, and asked of the server together.

interface Wish<T> {
  id: string;
  resolve: (value: T | null) => void;
  reject: (error: unknown) => void;
}

/** Asks for all that is wished for in one go, at most `most` at once; who is not there is null. */
export function together<T>(most: number, ask: (ids: string[]) => Promise<Map<string, T>>): (id: string) => Promise<T | null> {
  let waiting: Wish<T>[] = [];
  const some = async (wishes: Wish<T>[], ids: Set<string>) => {
    const mine = wishes.filter(({ id }) => ids.has(id));
    try {
      const found = await ask([...ids]);
      mine.forEach(({ id, resolve }) => resolve(found.get(id) ?? null));
    } catch (error) {
      mine.forEach(({ reject }) => reject(error));
    }
  };
  const go = () => {
    const wishes = waiting;
    waiting = [];
    const ids = [...new Set(wishes.map(({ id }) => id))];
    for (let from = 0; from < ids.length; from += most) void some(wishes, new Set(ids.slice(from, from + most)));
  };
  return (id) =>
    new Promise((resolve, reject) => {
      if (waiting.push({ id, resolve, reject }) === 1) setTimeout(go);
    });
}
