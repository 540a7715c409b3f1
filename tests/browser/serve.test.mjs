// The preview in a real browser: it shows saved changes, and shows an overlay while there are errors.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { browser, project, serve } from "./launch.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const SITE = "organization:\n  name: Example\ntitle: Trust\nbase_url: https://trust.example.com/\n";
const section = (text) => `---\ntitle: Baseline\n---\n\n${text}\n${"\nA line that makes the page long.\n".repeat(200)}`;

let chromium, page, site, preview, errors;

before(async () => (chromium = await browser()));
after(() => chromium.close());

beforeEach(async () => {
  site = await project({
    "content/site.yaml": SITE,
    "content/sections/10-baseline.md": section("Written first."),
  });
  preview = await serve(site.root);
  page = await chromium.page();
  errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    // Browsers request an icon even if the theme has none.
    const { url } = message.location();
    if (message.type() === "error" && !url.endsWith("/favicon.ico")) errors.push(`${message.text()} ${url}`);
  });
});

afterEach(async () => {
  await page.close();
  assert.equal(await preview.stop(), 0, preview.log());
  await site.remove();
});

/** Opens the front page and waits until it listens for changes. */
async function open() {
  const listening = page.waitForResponse((response) => response.url().includes("/-candor/events"));
  await page.goto(preview.url);
  await listening;
}

const overlay = () => page.getByRole("alertdialog");

test("saved changes appear and keep the scroll position", async () => {
  await open();
  await page.evaluate(() => scrollTo({ top: 900, behavior: "instant" }));
  const top = await page.evaluate(() => scrollY);
  assert.ok(top > 0);
  await site.write("content/sections/10-baseline.md", section("Written second."));
  await page.getByText("Written second.").waitFor();
  await page.waitForFunction((top) => scrollY === top, top);
  assert.deepEqual(errors, []);
});

test("an overlay shows errors with location and source until they are fixed", async () => {
  await open();
  await page.evaluate(() => (window.stayed = true));
  await site.write("content/site.yaml", SITE + "rules: {[\n");
  await overlay().waitFor();
  assert.match(await overlay().innerText(), /content\/site\.yaml:\d+:\d+/);
  assert.match(await overlay().innerText(), /rules: \{\[/);
  assert.ok(await page.getByText("Written first.").count(), "the last good site is missing below the overlay");

  await site.write("content/site.yaml", SITE);
  await overlay().waitFor({ state: "hidden" });
  assert.equal(await page.evaluate(() => window.stayed), true, "an unchanged site was reloaded");
  assert.deepEqual(errors, []);
});

test("the overlay can be closed with the keyboard and opened again", async () => {
  await open();
  await site.write("content/site.yaml", SITE + "rules: {[\n");
  await overlay().waitFor();
  await page.waitForFunction(() => document.activeElement.shadowRoot?.activeElement?.id === "title");
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run("candor-preview"));
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), []);

  await page.keyboard.press("Escape");
  await overlay().waitFor({ state: "hidden" });
  await page.getByRole("button", { name: /1 error/ }).click();
  await overlay().waitFor();
});

test("a page opened while there are errors shows the overlay", async () => {
  // The preview prints its address before the first build. Opening the page first ensures that this build has no error.
  await open();
  await site.write("content/site.yaml", SITE + "rules: {[\n");
  await overlay().waitFor();
  await open();
  await overlay().waitFor();
  assert.deepEqual(errors, []);
});

test("a changed style sheet is applied without a reload", async () => {
  await open();
  const href = await page.locator('link[rel~="stylesheet"]').first().getAttribute("href");
  const name = new URL(href, preview.url).pathname.replace(/^\/assets\//, "").replace(/\.[0-9a-f]+\.css$/, ".css");
  const color = () => page.evaluate(() => getComputedStyle(document.body).outlineColor);
  await site.write(`static/${name}`, "body { outline-color: rgb(1, 2, 3) }");
  await page.waitForFunction(() => getComputedStyle(document.body).outlineColor === "rgb(1, 2, 3)");
  await page.evaluate(() => (window.stayed = true));
  for (const shade of ["rgb(4, 5, 6)", "rgb(7, 8, 9)"]) {
    await site.write(`static/${name}`, `body { outline-color: ${shade} }`);
    await page.waitForFunction((shade) => getComputedStyle(document.body).outlineColor === shade, shade);
  }
  assert.equal(await page.evaluate(() => window.stayed), true);
  assert.equal(await color(), "rgb(7, 8, 9)");
  assert.deepEqual(errors, []);
});

test("a site with errors at the start appears once they are fixed", async () => {
  await preview.stop();
  await site.write("content/site.yaml", SITE + "rules: {[\n");
  preview = await serve(site.root);
  const answer = await page.goto(preview.url);
  assert.equal(answer.status(), 503);
  await overlay().waitFor();
  await site.write("content/site.yaml", SITE);
  await page.getByText("Written first.").waitFor();
});
