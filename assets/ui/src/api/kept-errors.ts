// What is said of a request that fails stays while it is asked again: else the page flickers, and each failure is announced anew.

import type { Query, QueryClient } from "@tanstack/react-query";

/** A question without an answer yet forgets its error whenever it is asked; here it is given back in the same breath. */
export function keepErrors(queries: QueryClient): void {
  const errors = new WeakMap<Query, Error>();
  queries.getQueryCache().subscribe((event) => {
    if (event.type !== "updated") return;
    const { query, action } = event;
    if (action.type === "error" && query.state.error) errors.set(query, query.state.error);
    if (action.type === "success") errors.delete(query);
    const error = errors.get(query);
    // One that has an answer keeps its error by itself.
    if (action.type === "fetch" && error && query.state.status === "pending") query.setState({ ...query.state, status: "error", error });
  });
}
