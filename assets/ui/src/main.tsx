import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./app/page.css";

import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, type ReactNode, StrictMode, Suspense, useMemo } from "react";
import { createRoot } from "react-dom/client";

import { keepErrors } from "./api/kept-errors";
import { router } from "./app/router";
import { Sessions } from "./app/session";
import { contrast, themed } from "./app/theme";
import { begin, useWords } from "./i18n";
import { loaded } from "./parts/loaded";
import { usePrinting } from "./parts/printing";
import { isPassing } from "./parts/told-problem";

// What the server refuses it refuses again; what did not arrive may arrive the next time.
const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: (count, error) => isPassing(error) && count < 2, networkMode: "always", staleTime: 5_000 },
    mutations: { networkMode: "always" },
  },
});
keepErrors(queries);

const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? "";
// Where the libraries beneath the components look for it.
Object.assign(globalThis, { __webpack_nonce__: nonce });

function Looks({ children }: { children: ReactNode }) {
  const { say, language } = useWords();
  const theme = useMemo(() => themed(say("action.close")), [language]);
  // Also of a dark page the print is dark on white, its charts included.
  const paper = usePrinting() ? { forceColorScheme: "light" as const } : {};
  return (
    <MantineProvider {...paper} theme={theme} cssVariablesResolver={contrast} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      {children}
    </MantineProvider>
  );
}

const SharedPrompt = lazy(loaded(() => import("./pages/prompt/shared").then(({ SharedPrompt }) => ({ default: SharedPrompt }))));
const InvitationPage = lazy(loaded(() => import("./pages/invitation/invitation").then(({ InvitationPage }) => ({ default: InvitationPage }))));

/** The pages that are for whoever has their address. */
function forAnybody(): ReactNode {
  const path = location.pathname.slice(import.meta.env.BASE_URL.length);
  const shared = /^shared-prompt\/([^/]+)$/.exec(path)?.[1];
  if (shared) return <SharedPrompt token={shared} />;
  return /^invitation\/?$/.test(path) ? <InvitationPage /> : null;
}
const open = forAnybody();

const place = document.getElementById("app");
await begin();
if (place) {
  createRoot(place).render(
    <StrictMode>
      <Looks>
        <QueryClientProvider client={queries}>
          <Notifications position="bottom-right" />
          {open ? (
            <Suspense>{open}</Suspense>
          ) : (
            <Sessions>
              <RouterProvider router={router} />
            </Sessions>
          )}
        </QueryClientProvider>
      </Looks>
    </StrictMode>,
  );
}
