// What is read of a document that nobody has checked.

export const record = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
/** The method of a request: one with a body is sent by POST where nothing else is said. */
export const methodOf = (request: Record<string, unknown>): string => String(request["method"] ?? "") || ("body" in request ? "POST" : "GET");
