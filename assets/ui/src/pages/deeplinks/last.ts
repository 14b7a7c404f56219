// What was last there, for a dialog that is still seen while it closes.

import { useState } from "react";

export function useLast<T>(value: T | undefined): T | undefined {
  const [last, keep] = useState(value);
  if (value !== undefined && value !== last) keep(value);
  return value ?? last;
}
