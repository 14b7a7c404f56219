// A test is written as a form and as code, two views of one document: what is changed here is seen there, comments and all; what is wrong is
// marked in both; what is broken is never lost, nor is anything by a reload, or by a session that ends while somebody writes.

import assert from "node:assert/strict";

import { signIn, until } from "../../acts.mjs";
import { accessible, dropped, headline, ui } from "./acts.mjs";

const written = (shop) => `# Read by people.
name: "Shop" # as it is called
version: 1
load:
  users: 2 # few
  run_time: 1s
target: {hosts: ["${shop}"]}

scenarios:
- name: visitor
  transactions:
  - name: look around
    requests:
    - {path: /products, check: [{status: 200}]}
`;

export default async ({ world, open, picture }) => {
  const page = await open();
  const code = page.getByRole("textbox", { name: "The test as code, YAML" });
  const field = (name) => page.getByLabel(name, { exact: true });
  const text = async () => (await code.locator(".cm-line").allInnerTexts()).map((line) => line.replace(/\n$/, "")).join("\n");
  const says = (what, wanted) => until(what, async () => wanted === (await text()));
  const right = page.getByText("Nothing is wrong with it");
  const put = async (whole) => {
    await code.focus();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText(whole);
  };
  await page.goto(ui(world, "/run"));
  await signIn(page, "edna", world.password);
  await headline(page, "New run");
  await right.waitFor();
  await accessible(page);

  // The code is changed, and the form follows; a field is changed, and of the code this one value.
  const first = written(world.shop);
  await put(first);
  await right.waitFor();
  assert.deepEqual([await field("Name").inputValue(), await field("Users").last().inputValue()], ["Shop", "2"]);
  await field("Run time").fill("2s");
  const second = first.replace("1s", "2s");
  await says("one value of the code is another", second);
  await picture(page, "both");

  // One history for both.
  await page.keyboard.press("ControlOrMeta+z");
  await says("the form is undone", first);
  assert.equal(await field("Run time").inputValue(), "1s");
  await page.getByRole("button", { name: "Redo" }).press("Enter");
  await says("and done again", second);

  // What is no number is told by its field, and a field that is emptied and left takes its key away.
  const users = field("Users").last();
  await users.fill("abc");
  await page.getByRole("status").getByRole("button", { name: "Users:" }).waitFor();
  assert.ok(await page.getByRole("button", { name: "Start", exact: true }).isDisabled());
  await users.fill("");
  await says("nothing is written before it is left", second);
  await users.press("Tab");
  await says("its key is gone", second.replace("  users: 2 # few\n", ""));
  await page.getByRole("button", { name: "Undo" }).press("Enter");
  await says("and there again", second);
  assert.equal(await users.inputValue(), "2");

  // Another model of load and back: what was there is there, comments and all.
  await page.getByRole("radio", { name: "Users" }).press("ArrowRight");
  await page.getByRole("region", { name: "How much" }).getByText("Add a stage").waitFor();
  await page.getByRole("radio", { name: "Stages" }).press("ArrowLeft");
  await says("the load is what it was", second);

  // A mistake is marked beside its field and on its line.
  await field("Run time").fill("soon");
  const begun = await page.evaluate(() => performance.now());
  const marked = await page.evaluate(
    (since) => new Promise((found) => {
      const look = () => (document.querySelector("input[aria-invalid=true]") ? found(performance.now() - since) : requestAnimationFrame(look));
      look();
    }),
    begun,
  );
  console.log(`a mistake is marked after ${Math.round(marked)} ms`);
  assert.equal(await field("Run time").getAttribute("aria-invalid"), "true");
  assert.match(await code.locator(".cm-line", { has: page.locator(".cm-lintRange-error") }).innerText(), /run_time: soon/);
  await page.getByText("One problem").waitFor();
  await accessible(page);
  await picture(page, "wrong");
  // Whoever starts it all the same is told so once.
  await page.getByRole("button", { name: "Start", exact: true }).press("Enter");
  await page.getByRole("alert").getByText("One problem").waitFor();
  assert.equal(await page.locator("main [role=alert], main [role=status]").filter({ hasText: "`soon`" }).count(), 1, "and not above it as well");
  await page.getByRole("button", { name: "Line 6:" }).click();
  await code.and(page.locator(":focus")).waitFor();
  await field("Run time").fill("2s");
  await right.waitFor();

  // What is right and may not be started here is told before anybody tries.
  await field("Host 1").fill("http://192.0.2.1");
  await page.getByText("The test is right, but cannot be started here as it is").waitFor();
  await page.getByRole("status").getByText(/target\.hosts\[0\] 192\.0\.2\.1 is not an allowed target/).waitFor();
  assert.equal(await field("Host 1").getAttribute("aria-invalid"), "true");
  assert.match(await code.locator(".cm-line", { has: page.locator(".cm-lintRange-warning") }).innerText(), /192\.0\.2\.1/);
  assert.ok(await page.getByRole("button", { name: "Start", exact: true }).isEnabled());
  await accessible(page);
  await picture(page, "obstacle");
  await page.keyboard.press("ControlOrMeta+z");
  await right.waitFor();
  await field("Host 1").fill("http://somewhere.example.com");
  await page.getByRole("status").getByText("is sent load only if it leads to this machine").waitFor();
  assert.ok(await right.isVisible(), "that may be, and it is right");
  assert.equal(await field("Host 1").getAttribute("aria-invalid"), null);
  assert.equal(await code.locator(".cm-lintRange-warning").count(), 0);
  await accessible(page);
  await picture(page, "perhaps");
  await page.keyboard.press("ControlOrMeta+z");
  await page.getByText("is sent load only").waitFor({ state: "detached" });

  // What cannot be read waits where it is, also beyond a reload.
  const broken = `${second}  - [`;
  await put(broken);
  await page.getByText("The code cannot be read. The form waits until it can.").waitFor();
  assert.ok(await field("Name").isDisabled());
  for (const name of ["Dry run", "Start"]) assert.ok(await page.getByRole("button", { name, exact: true }).isDisabled());
  await accessible(page);
  await picture(page, "unreadable");
  await page.reload();
  await code.waitFor();
  assert.equal(await text(), broken);
  await put(second);
  await right.waitFor();

  // The session ends while somebody writes: nothing is lost, and what is right is said again.
  await page.context().clearCookies();
  await field("Name").fill("Shop front");
  await page.getByRole("dialog").getByText("Your session is over").waitFor();
  await signIn(page, "edna", world.password);
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await right.waitFor();
  const kept = second.replace('"Shop"', '"Shop front"');
  await says("what was written is still there", kept);

  // A file takes the place of what is there, which can be brought back.
  const drop = (name, content, place = code) => dropped(place, name, content);
  await drop("shop.bin", "a\0b");
  await page.getByText("shop.bin is no text.").waitFor();
  await says("nothing was taken", kept);
  await drop("other.yaml", first);
  await says("the file is there", first);
  await page.getByText("Your earlier draft was put aside.").waitFor();
  await accessible(page);
  await page.getByRole("button", { name: "Bring the earlier draft back" }).click();
  await says("and the draft again", kept);
  await drop("other.yaml", first, page.getByRole("heading", { level: 1 }));
  await says("it may be dropped anywhere", first);
  await page.reload();
  await page.getByRole("button", { name: "Bring the earlier draft back" }).click();
  await says("and is brought back", kept);
  const openFile = async (name, content) => {
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.getByRole("button", { name: "More" }).click().then(() => page.getByRole("menuitem", { name: "Open a file" }).click()),
    ]);
    await chooser.setFiles({ name, mimeType: "text/plain", buffer: Buffer.from(content) });
    await page.getByRole("menu").waitFor({ state: "detached" });
  };
  await openFile("other.yaml", first);
  await says("the chosen file is there", first);
  await page.getByRole("button", { name: "Undo" }).press("Enter");
  await says("and is undone", kept);

  // What is no test yet is handed to the import, and is a test when somebody has said so.
  const dialog = page.getByRole("dialog", { name: "Import a test" });
  const given = dialog.getByLabel("Text to import");
  const recording = '{"log": {"entries": []}}';
  await drop("shop.har", recording);
  await dialog.getByText("shop.har is no test yet.").waitFor();
  await dialog.getByText("Recognised: HAR").waitFor();
  assert.equal(await given.inputValue(), recording);
  await accessible(page);
  await picture(page, "import");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.waitFor({ state: "detached" });
  await code.and(page.locator(":focus")).waitFor();
  await drop("long.har", `{"log": {"entries": [], "comment": "${"long ".repeat(30_000)}"}}`);
  await dialog.getByText("Only its beginning is shown; all of it is imported.").waitFor();
  assert.equal((await given.inputValue()).length, 100_000);
  await dialog.getByRole("button", { name: "Clear the text" }).click();
  assert.equal(await given.inputValue(), "");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await says("what is not wanted changes nothing", kept);
  const commands = `curl ${world.shop}/products?sort=sesame-4711\n`;
  await openFile("shop.sh", commands);
  await dialog.getByText("Recognised: curl commands").waitFor();
  assert.equal(await given.inputValue(), commands, "another file is another text");
  assert.ok(page.url().endsWith("/run"));
  const everywhere = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state]));
  assert.ok(!everywhere.includes("sesame-4711"), "it is kept nowhere");
  await dialog.getByRole("button", { name: "Make a test of it" }).click();
  await dialog.getByText("Found: 1; requests in the test: 1").waitFor();
  await says("nothing is taken yet", kept);
  await accessible(page);
  await dialog.getByRole("button", { name: "Open in the editor" }).click();
  await dialog.waitFor({ state: "detached" });
  await until("the test is there", async () => (await text()).includes("path: /products"));
  await right.waitFor();
  await page.getByText("Your earlier draft was put aside.").waitFor();
  await picture(page, "from-import");
  await page.getByRole("button", { name: "Bring the earlier draft back" }).click();
  await says("and the draft is there again", kept);

  // Scenarios are built by keyboard alone.
  const act = async (entry, what) => {
    await page.getByRole("menu").waitFor({ state: "detached" });
    await page.getByRole("button", { name: `What to do with ${entry}`, exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: what, exact: true }).press("Enter");
  };
  const names = (...wanted) => until(`${wanted}`, async () => `${wanted}` === `${(await text()).match(/(?<=^ *- name: )visitor.*/gm)}`);
  // Who goes on with an entry is where it is now.
  const focused = (entry) => page.locator(`[aria-label="What to do with ${entry}"]:focus`).waitFor();
  await act("visitor", "Duplicate");
  await focused("visitor 2");
  await names("visitor", "visitor 2");
  await act("visitor 2", "Move up");
  await names("visitor 2", "visitor");
  await focused("visitor 2");
  await act("visitor", "Remove");
  await focused("visitor 2");
  await names("visitor 2");
  await page.getByRole("button", { name: "Add a transaction" }).press("Enter");
  const added = page.getByRole("region", { name: "Transaction transaction" });
  await added.getByLabel("Path").fill("/cart");
  await added.getByRole("button", { name: "Name, headers, body, status" }).press("Enter");
  await added.getByLabel("Headers, one a line").fill("X-Who: me\nno header");
  await added.getByText("A line is no header yet").waitFor();
  const told = page.getByRole("status").getByRole("button", { name: "Headers, one a line:" });
  await told.waitFor();
  for (const name of ["Dry run", "Start"]) assert.ok(await page.getByRole("button", { name, exact: true }).isDisabled(), "what is half written is no part of the test");
  await accessible(page);
  await told.click();
  await added.getByLabel("Headers, one a line").and(page.locator(":focus")).waitFor();
  await added.getByLabel("Headers, one a line").fill("X-Who: me");
  await added.getByLabel("JSON body").fill('{"product_id": 1');
  await added.getByText("This is no JSON yet").waitFor();
  await page.getByText("One problem").waitFor();
  await added.getByLabel("JSON body").fill('{"product_id": 1}');
  await added.getByLabel("Method").fill("POST");
  await page.keyboard.press("Escape");
  await added.getByLabel("Expected status").fill("200, 201");
  await right.waitFor();
  for (const line of ["X-Who: me", "product_id: 1", "method: POST", "- 201"]) assert.ok((await text()).includes(line), `${line} in ${await text()}`);
  await accessible(page);
  await picture(page, "built");

  // A test of hundreds of requests is looked over, and written without waiting.
  const requests = Array.from({ length: 50 }, (_, index) => `    - {path: /products/${index}, check: [{status: 200}]}\n`).join("");
  const scenarios = Array.from({ length: 10 }, (_, index) => `- name: visitor ${index}\n  transactions:\n  - name: look around ${index}\n    requests:\n${requests}`);
  await put(first.slice(0, first.indexOf("- name:")) + scenarios.join(""));
  const folded = page.getByRole("button", { name: /50 requests/ });
  await folded.first().waitFor();
  await right.waitFor();
  await accessible(page);
  await folded.last().press("Enter");
  await page.getByRole("button", { name: /^GET.*products\/49/ }).last().press("Enter");
  const path = page.getByRole("region", { name: "Scenario visitor 9" }).getByLabel("Path", { exact: true });
  await path.fill("/cart");
  await until("a request deep inside is another", async () => (await page.evaluate(() => JSON.stringify({ ...localStorage }))).includes("{path: /cart, check"));
  await right.waitFor();
  await field("Run time").focus();
  await page.keyboard.press("End");
  const since = performance.now();
  await page.keyboard.press("x");
  await page.locator("input[aria-invalid=true]").waitFor();
  const waited = performance.now() - since;
  console.log(`a key in a test of 500 requests is looked at after ${Math.round(waited)} ms`);
  assert.ok(waited < 2000, `a key takes ${Math.round(waited)} ms`);
  await picture(page, "large");
};
