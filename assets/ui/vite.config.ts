import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

// Where a server of MAID listens, for `npm run dev`.
const server = process.env.MAID_URL ?? "http://127.0.0.1:43121";
const asked = ["/api", "/v1", "/maid", "/healthz", "/readyz"];

/** Compresses each file once, as well as it can be, rather than each time it is asked for. */
const compressed: Plugin = {
  name: "maid:compressed",
  apply: "build",
  writeBundle({ dir = "" }, files) {
    for (const name of Object.keys(files).filter((name) => /\.(js|css|svg)$/.test(name))) {
      const file = join(dir, name);
      writeFileSync(`${file}.br`, brotliCompressSync(readFileSync(file)));
    }
  },
};

export default defineConfig({
  base: "/plugins/maid/",
  plugins: [react(), compressed],
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
