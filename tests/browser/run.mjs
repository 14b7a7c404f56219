// Plays a story in a real browser: `node run.mjs STORY`, with what the story is about as JSON on standard input.
// Where a story fails, a picture of the page and what its console said are left in the folder that is named there.

import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";

import { chromium } from "playwright-core";

// Long enough for a machine that does something else as well.
const PATIENCE = 30_000;
// As much of a page as is looked at in a picture, in pixels.
const TALLEST = 12_000;
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

function program(name) {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // It is in another folder.
    }
  }
  throw new Error(`${name} is not installed: make test installs it, or says how`);
}

/** A page in a browser of its own, which notes what goes wrong in it. */
async function visit(browser, world, options = {}) {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  page.said = [];
  page.broken = [];
  page.on("console", (message) => {
    page.said.push(`${message.type()}: ${message.text()}`);
    // What the server refuses, or does not answer, is a line on the console as well; everything else is our mistake.
    const ours = !/^(Failed to load resource|WebSocket connection to .* failed)/.test(message.text());
    if (message.type() === "error" && ours) page.broken.push(message.text());
  });
  page.on("pageerror", (error) => page.broken.push(String(error.stack)));
  page.on("request", (request) => {
    page.said.push(`${request.method()} ${request.url()}`);
    const ours = world.url && !request.isNavigationRequest() && request.frame().url().startsWith(world.url);
    if (ours && !request.url().startsWith(`${world.url}/`)) page.broken.push(`asks ${request.url()}`);
  });
  // What others' pages want of the world is not there.
  await context.route((url) => url.protocol.startsWith("http") && url.hostname !== "127.0.0.1", (route) => route.abort());
  return page;
}

const [, , story] = process.argv;
const world = JSON.parse(await text(process.stdin));
const play = (await import(`./stories/${story}.mjs`)).default;
// A story that is played in several ways has a folder for each.
const folder = join(world.pictures, story, world.way ?? "");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const profile = mkdtempSync(join(tmpdir(), "maid-browser-"));
// What a browser keeps is for this story alone.
const environment = { ...process.env, HOME: profile, XDG_CONFIG_HOME: profile, XDG_CACHE_HOME: profile };
const browser = await chromium.launch({ executablePath: program("chromium"), args: FLAGS, env: environment });
const pages = [];
const late = new Promise((_, reject) => setTimeout(() => reject(new Error("the story does not end")), 4 * PATIENCE).unref());
try {
  const open = async (options) => {
    const page = await visit(browser, world, options);
    pages.push(page);
    return page;
  };
  const picture = async (page, name) => {
    // All of the page is seen from its beginning.
    const [width, height] = await page.evaluate(() => (scrollTo(0, 0), [innerWidth, document.documentElement.scrollHeight]));
    const clip = { x: 0, y: 0, width, height: Math.min(height, TALLEST) };
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, clip });
  };
  await Promise.race([play({ world, open, picture }), late]);
  const broken = pages.flatMap((page) => page.broken);
  if (broken.length > 0) throw new Error(`the page is broken:\n${broken.join("\n")}`);
} catch (error) {
  for (const [at, page] of pages.entries()) {
    const name = join(folder, `failed-${at}`);
    writeFileSync(`${name}.log`, `${page.url()}\n${page.said.join("\n")}\n`);
    await page.screenshot({ path: `${name}.png`, fullPage: true }).catch(() => {});
  }
  console.error(`${error.stack}\npictures and logs: ${folder}`);
  process.exitCode = 1;
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
