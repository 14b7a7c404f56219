// What the tab of the browser is called.

import { useEffect, useLayoutEffect } from "react";

const named = (title: string) => void (document.title = `${title} · MAID`);

/** By the page. */
export const usePageTitle = (title: string, pathname: string) => useLayoutEffect(() => named(title), [title, pathname]);

/** By the one thing that the page is about, as soon as that is known. */
export const useTitle = (title: string) => useEffect(() => named(title), [title]);
