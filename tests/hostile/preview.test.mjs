// Errors quote the content of files, and the preview shows them in the publisher's browser. Quoted content stays text.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, project, serve } from "../browser/launch.mjs";
import { corpus } from "./corpus.mjs";
import { quote } from "./project.mjs";
import { PageMonitor } from "./monitor.mjs";

let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

const SITE = "title: Trust\norganization: {name: Example}\n";
const GOOD = "- {id: a, title: T}\n";
const list = (texts) => texts.map((text, at) => `- {id: id-${at}, title: T, status: ${quote(text)}, ${quote(text)}: x}\n`).join("");
const HARMLESS = corpus.map((_, at) => `harmless ${at}`);

/** Counts the elements of the page by name, including those in shadow trees of the preview. */
const elements = (page) =>
  page.evaluate(() => {
    const names = {};
    const walk = (root) => {
      for (const one of root.querySelectorAll("*")) {
        names[one.localName] = (names[one.localName] ?? 0) + 1;
        if (one.shadowRoot) walk(one.shadowRoot);
      }
    };
    walk(document);
    return names;
  });

/** Waits for the overlay with the problems, which arrive as an event after the page has loaded. */
const waitForOverlay = (page) =>
  page.waitForFunction(() => {
    const shadow = document.querySelector("candor-preview")?.shadowRoot;
    return shadow?.querySelector("dialog[open]") && shadow.querySelector("#diagnostics").textContent.includes("bad-choice");
  });

async function elementsOfPreview(before, broken) {
  const created = await project({ "content/site.yaml": SITE, "content/data/controls.yaml": before });
  const preview = await serve(created.root);
  const monitor = await PageMonitor.in(chromium, preview.url);
  try {
    await monitor.open("");
    if (broken) await created.write("content/data/controls.yaml", broken);
    if (broken || before !== GOOD) await waitForOverlay(monitor.page);
    assert.deepEqual(await monitor.takeProblems(), []);
    return await elements(monitor.page);
  } finally {
    await monitor.page.close();
    await preview.stop();
    await created.remove();
  }
}

test("hostile content quoted in errors stays text, on the error page and in the overlay", async () => {
  const hostile = list(corpus.map(({ text }) => text));
  // Some attacks cause other problems than harmless text does, but the elements are the same.
  assert.deepEqual(await elementsOfPreview(hostile), await elementsOfPreview(list(HARMLESS)));
  const over = await elementsOfPreview(GOOD, hostile);
  assert.deepEqual(Object.keys(over).sort(), Object.keys(await elementsOfPreview(GOOD, list(HARMLESS))).sort());
});
