// Attacks by links and by readers: puts each attack into the query and the fragment of the pages that read them, and into
// every form field, and checks the pages and the exported file.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browser, project, publish, run } from "../browser/launch.mjs";
import { control, corpus } from "./corpus.mjs";
import { MARK, OLD, PROSE, files } from "./project.mjs";
import { Trap } from "./trap.mjs";

const stride = Number(process.env.STRIDE ?? 1);
const chosen = corpus.filter(({ text }, at) => at % stride === 0 && text.isWellFormed());
let chromium, made, site, trap;

before(async () => {
  chromium = await browser();
  made = await project(files(OLD, OLD));
  await run(made.root, "release", "-m", OLD, "--version", "2026-01-02");
  for (const [path, text] of Object.entries(files(MARK, PROSE))) await made.write(path, text);
  await run(made.root, "release", "-m", PROSE, "--version", "2026-03-04");
  await run(made.root, "build", "--no-compress", "--as-of", "2026-03-05");
  site = await publish(join(made.root, "dist"));
  trap = await Trap.in(chromium, site.url);
});
after(async () => {
  await Promise.all([chromium?.close(), site?.stop()]);
  await made?.remove();
});

test("no URL changes the elements of a page", async () => {
  const pages = { "subprocessors/": ["q", "data", "when", "sort"], "compare/": ["old", "new"], "schedule/": ["customer", "features"], "": ["x"] };
  for (const [path, names] of Object.entries(pages)) {
    const address = (text) => `${path}?${names.map((name) => `${name}=${encodeURIComponent(text)}`).join("&")}#${encodeURIComponent(text)}`;
    await trap.open(address("nothing of this page"));
    if (path === "compare/") await trap.page.locator("#ui--count:not(:empty)").waitFor();
    // A URL may select which rows are shown, but must not change their elements.
    const made = async () => (await trap.list("body")).filter((line) => !/^(hidden|aria-sort)=|\d+ of \d+ shown$|^None of the \d+ /.test(line));
    const expected = await made();
    for (const { text } of chosen) {
      await trap.open(address(text));
      if (path === "compare/") await trap.page.locator("#ui--count:not(:empty)").waitFor();
      assert.deepEqual(await trap.caught(), [], `/${path} with ${JSON.stringify(text)}`);
      const now = await made();
      const nth = now.findIndex((line, nth) => line !== expected[nth]);
      assert.ok(nth < 0 && now.length === expected.length, `/${path} with ${JSON.stringify(text)}: ${now.slice(nth - 2, nth + 2)} for ${expected.slice(nth - 2, nth + 2)}`);
    }
  }
});

test("form input stays text: on the page, in the URL, in the email, in copied text and in exported files", async () => {
  const elements = () => trap.page.evaluate(() => document.querySelectorAll("*").length);
  await trap.open("schedule/");
  const expected = await elements();
  for (const { text } of chosen) {
    if (control(text) || /\n/.test(text)) continue;
    await trap.page.locator("#ui--company").fill(text);
    await trap.page.locator("#ui--workspace").fill(text);
    const { customer, mail, copied, sheet } = await trap.page.evaluate(async () => {
      const seen = {};
      navigator.clipboard.writeText = async (text) => void (seen.copied = text);
      const blobs = [];
      URL.createObjectURL = (blob) => blobs.push(blob) && "blob:none";
      HTMLAnchorElement.prototype.click = () => {};
      for (const id of ["copy", "csv"]) document.getElementById(`ui--${id}`).click();
      seen.sheet = await blobs[0].text();
      seen.customer = document.querySelector(".particulars dt + dd + dt + dd")?.textContent;
      seen.mail = document.getElementById("ui--mail").href;
      return seen;
    });
    const both = [text.trim(), text.trim()].filter(Boolean).join(", ");
    assert.equal(customer, both);
    assert.ok(copied.includes(both), copied);
    assert.ok(!sheet.split(/\r\n|,/).some((cell) => /^"?[=+\-@\t]/.test(cell)), sheet);
    const { protocol, pathname, searchParams } = new URL(mail);
    assert.deepEqual([protocol, pathname, [...searchParams.keys()]], ["mailto:", "privacy@example.com", ["subject", "body"]]);
    const tags = await elements();
    // The line with the customer's name adds two elements.
    assert.equal(tags, expected + 2, JSON.stringify(text));
    assert.deepEqual(await trap.caught(), []);
  }
  await trap.open("subprocessors/");
  const list = await elements();
  for (const { text } of chosen) {
    await trap.page.locator("#ui--q").fill(text.replace(/[\n\r]/g, " "));
    assert.equal(await elements(), list, JSON.stringify(text));
    assert.ok(trap.page.url().startsWith(`${site.url}subprocessors/`));
    assert.deepEqual(await trap.caught(), []);
  }
  console.log(`hostile: ${chosen.length} attacks in URLs and form fields, ${trap.loads} pages opened`);
});
