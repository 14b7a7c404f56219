import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Where a server of MAID listens, for `npm run dev`.
const server = process.env.MAID_URL ?? "http://127.0.0.1:43121";
const asked = ["/api", "/v1", "/maid", "/healthz", "/readyz"];

export default defineConfig({
  base: "/plugins/maid/",
  plugins: [react()],
  resolve: { alias: { "~": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2022",
    // The policy of the page lets no data: in, so that nothing is put in line.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: Object.fromEntries(asked.map((path) => [path, { target: server, ws: true }])) },
});
