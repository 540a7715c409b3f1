// Errors quote content, and the preview displays them in the publisher's browser. The quotes must stay text.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, project, serve } from "../browser/launch.mjs";
import { corpus } from "./corpus.mjs";
import { quote } from "./project.mjs";
import { Trap } from "./trap.mjs";

let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

const SITE = "title: Trust\norganization: {name: Example}\n";
const GOOD = "- {id: a, title: T}\n";
const list = (texts) => texts.map((text, at) => `- {id: id-${at}, title: T, status: ${quote(text)}, ${quote(text)}: x}\n`).join("");
const HARMLESS = corpus.map((_, at) => `harmless ${at}`);

/** Counts the elements in the page by name, including those in the preview's shadow trees. */
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

/** Waits for the overlay with its diagnostics, which arrive in an event after the page has loaded. */
const overlaid = (page) =>
  page.waitForFunction(() => {
    const shadow = document.querySelector("candor-preview")?.shadowRoot;
    return shadow?.querySelector("dialog[open]") && shadow.querySelector("#diagnostics").textContent.includes("bad-choice");
  });

async function elementsOf(before, broken) {
  const made = await project({ "content/site.yaml": SITE, "content/data/controls.yaml": before });
  const preview = await serve(made.root);
  const trap = await Trap.in(chromium, preview.url);
  try {
    await trap.open("");
    if (broken) await made.write("content/data/controls.yaml", broken);
    if (broken || before !== GOOD) await overlaid(trap.page);
    assert.deepEqual(await trap.caught(), []);
    return await elements(trap.page);
  } finally {
    await trap.page.close();
    await preview.stop();
    await made.remove();
  }
}

test("errors that quote hostile content stay text, in the error page and in the overlay", async () => {
  const hostile = list(corpus.map(({ text }) => text));
  // Some attacks cause other diagnostics than the harmless values, but with the same elements.
  assert.deepEqual(await elementsOf(hostile), await elementsOf(list(HARMLESS)));
  const over = await elementsOf(GOOD, hostile);
  assert.deepEqual(Object.keys(over).sort(), Object.keys(await elementsOf(GOOD, list(HARMLESS))).sort());
});
