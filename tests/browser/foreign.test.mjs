// A page of another origin in the same browser can link to the preview, but not read it.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { browser, project, serve } from "./launch.mjs";

const SECRET = "We were breached.";

let chromium, site, preview, otherOrigin;

before(async () => {
  chromium = await browser();
  site = await project({
    "content/site.yaml": "organization:\n  name: Example\ntitle: Trust\n",
    "content/sections/10-about.md": `---\ntitle: About\n---\n\n${SECRET}\n`,
  });
  preview = await serve(site.root);
  otherOrigin = createServer((request, response) => response.setHeader("content-type", "text/html").end("<title>Other</title>"));
  await new Promise((listening) => otherOrigin.listen(0, "127.0.0.1", listening));
});

after(async () => {
  otherOrigin.close();
  await chromium.close();
  assert.equal(await preview.stop(), 0, preview.log());
  await site.remove();
});

/** Returns what a page of another origin can read from the preview, tried in every possible way. */
const attack = (page, base) =>
  page.evaluate(async (base) => {
    const targets = ["", "index.md", "subprocessors.json", "subprocessors.csv", "-candor/preview.js", "releases/index.json"];
    const readable = [];
    const loads = (element, address) =>
      new Promise((done) => {
        element.onload = () => done(true);
        element.onerror = () => done(false);
        element[element.localName === "link" ? "href" : "src"] = address;
        document.body.append(element);
      });
    for (const target of targets) {
      const address = base + target;
      for (const mode of ["cors", "no-cors"]) {
        try {
          const text = await (await fetch(address, { mode, credentials: "include" })).text();
          readable.push({ way: `fetch ${mode}`, target, text });
        } catch {
          // Blocked.
        }
      }
      const style = Object.assign(document.createElement("link"), { rel: "stylesheet" });
      const elements = [document.createElement("script"), document.createElement("img"), style];
      for (const element of elements) {
        if (await loads(element, address)) readable.push({ way: element.localName, target, text: "loaded" });
      }
    }
    const frame = document.createElement("iframe");
    await loads(frame, base);
    let framed = "";
    try {
      framed = frame.contentDocument.body.textContent;
    } catch {
      // Another origin.
    }
    if (framed) readable.push({ way: "iframe", target: "", text: framed });
    const stream = await new Promise((done) => {
      const events = new EventSource(`${base}-candor/events?path=/&page=x`);
      const end = (outcome) => () => (events.close(), done(outcome));
      events.onopen = end("open");
      events.onerror = end("refused");
      events.addEventListener("reload", end("read"));
    });
    if (stream !== "refused") readable.push({ way: "EventSource", target: "", text: stream });
    return readable;
  }, base);

for (const [name, host] of [["another port", "127.0.0.1"], ["another name", "localhost"]]) {
  test(`a page on ${name} of this machine cannot read the preview`, async () => {
    const page = await chromium.page();
    try {
      const statuses = [];
      page.on("response", (response) => response.url().startsWith(preview.url) && statuses.push(response.status()));
      await page.goto(`http://${host}:${otherOrigin.address().port}/`);
      assert.deepEqual(await attack(page, preview.url), []);
      assert.ok(statuses.every((status) => status === 403), `${statuses}`);
      // A link to the preview still works.
      await page.evaluate((url) => document.body.append(Object.assign(document.createElement("a"), { href: url, textContent: "Preview" })), preview.url);
      await page.getByText("Preview").click();
      await page.getByText(SECRET).waitFor();
    } finally {
      await page.close();
    }
  });
}
