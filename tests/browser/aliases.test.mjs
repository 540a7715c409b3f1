// The small pages of aliases lead to their targets in a browser, also without JavaScript, and their links work.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { complete } from "./fixture.mjs";
import { browser, collectErrors, publish, run } from "./launch.mjs";

let root, site, aliases, browsers;

before(async () => {
  root = await complete();
  await run(root.root, "build", "--out", join(root.root, "dist"), "--as-of", "2026-06-01");
  const lines = (await readFile(join(root.root, "dist/_redirects"), "utf8")).trim().split("\n");
  aliases = lines.map((line) => line.split(" "));
  site = await publish(join(root.root, "dist"));
  browsers = [await browser(), await browser({ javaScriptEnabled: false })];
});

after(async () => {
  await Promise.all([...(browsers ?? []).map((one) => one.close()), site?.stop()]);
  await root?.remove();
});

test("aliases lead to their targets, with and without JavaScript", async () => {
  const paths = aliases.map(([from]) => from);
  for (const conventional of ["/sub-processors", "/legal/subprocessors", "/security"]) assert.ok(paths.includes(conventional), `${paths}`);
  for (const one of browsers) {
    // Browsers do not show the address of a file that they download.
    for (const [from, to] of aliases.filter(([, to]) => !to.startsWith("/documents/"))) {
      const page = await one.page();
      const errors = collectErrors(page, site.url);
      await page.goto(new URL(`.${from}/`, site.url).href, { waitUntil: "commit" });
      await page.waitForURL((url) => url.pathname + url.hash === to);
      assert.deepEqual(errors, [], from);
      await page.close();
    }
  }
});

test("the small pages have a link to their target", async () => {
  for (const [from, to] of aliases) {
    const html = await readFile(join(root.root, "dist", from, "index.html"), "utf8");
    const [, link] = html.match(/<a href="([^"]+)">/) ?? [];
    const target = new URL(link, `http://localhost${from}/`);
    assert.equal(target.pathname + target.hash, to, from);
  }
});
