// A QR code as a browser shows it, for a reader to read.

import { ask } from "../acts.mjs";

export default async function ({ world, open, picture }) {
  const page = await open({ viewport: { width: 400, height: 400 } });
  const { access_token: token } = await fetch(`${world.url}/api/maid/auth/login`, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ username: "vera", password: world.password }),
  }).then((answer) => answer.json());
  await ask(world, token, "/status");
  await page.setExtraHTTPHeaders({ authorization: `Bearer ${token}` });
  await page.goto(`${world.url}${world.code}?format=svg`);
  await picture(page, "svg");
}
