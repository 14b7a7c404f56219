// What is deleted.

import type { QueryClient } from "@tanstack/react-query";

/** Forgets all that is known of something: whoever goes back to its page is told that it is gone. Called once nobody looks at it. */
export const forget = (queries: QueryClient, id: string): void => queries.removeQueries({ predicate: ({ queryKey }) => queryKey.includes(id) });
