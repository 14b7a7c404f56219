// Leads to the first field that something is said of, which may be out of sight.

import { type RefObject, useEffect, useRef } from "react";

/** For the form whose fields an error is about. */
export function useFirstWrong(error: unknown): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (error) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error]);
  return form;
}
