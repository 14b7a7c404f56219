// What the server says about a field, which is English.

export const english = (message: string | undefined) => message && <span lang="en">{message}</span>;
