// Each attack in the query and the fragment of pages that read them, in every field that readers can fill in, and in the
// exported file.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browser, project, publish, run } from "../browser/launch.mjs";
import { hasControl, corpus } from "./corpus.mjs";
import { MARK, OLD, PROSE, files } from "./project.mjs";
import { PageMonitor } from "./monitor.mjs";

const stride = Number(process.env.STRIDE ?? 1);
const chosen = corpus.filter(({ text }, at) => at % stride === 0 && text.isWellFormed());
let chromium, created, site, monitor;

before(async () => {
  chromium = await browser();
  created = await project(files(OLD, OLD));
  await run(created.root, "release", "-m", OLD, "--version", "2026-01-02");
  for (const [path, text] of Object.entries(files(MARK, PROSE))) await created.write(path, text);
  await run(created.root, "release", "-m", PROSE, "--version", "2026-03-04");
  await run(created.root, "build", "--no-compress", "--as-of", "2026-03-05");
  site = await publish(join(created.root, "dist"));
  monitor = await PageMonitor.in(chromium, site.url);
});
after(async () => {
  await Promise.all([chromium?.close(), site?.stop()]);
  await created?.remove();
});

test("query and fragment never change the structure of a page", async () => {
  const pages = { "subprocessors/": ["q", "data", "when", "sort"], "compare/": ["old", "new"], "schedule/": ["customer", "features"], "": ["x"] };
  for (const [path, names] of Object.entries(pages)) {
    const address = (text) => `${path}?${names.map((name) => `${name}=${encodeURIComponent(text)}`).join("&")}#${encodeURIComponent(text)}`;
    await monitor.open(address("nothing of this page"));
    if (path === "compare/") await monitor.page.locator("#ui--count:not(:empty)").waitFor();
    // The query may change which rows are visible and how many, but nothing else.
    const structure = async () => (await monitor.describe("body")).filter((line) => !/^(hidden|aria-sort)=|\d+ of \d+ shown$|^No subprocessor matches /.test(line));
    const expected = await structure();
    for (const { text } of chosen) {
      await monitor.open(address(text));
      if (path === "compare/") await monitor.page.locator("#ui--count:not(:empty)").waitFor();
      assert.deepEqual(await monitor.takeProblems(), [], `/${path} with ${JSON.stringify(text)}`);
      const now = await structure();
      const nth = now.findIndex((line, nth) => line !== expected[nth]);
      assert.ok(nth < 0 && now.length === expected.length, `/${path} with ${JSON.stringify(text)}: ${now.slice(nth - 2, nth + 2)} for ${expected.slice(nth - 2, nth + 2)}`);
    }
  }
});

test("text that readers enter stays text on the page, in the URL, the email, the copy and the export", async () => {
  const elements = () => monitor.page.evaluate(() => document.querySelectorAll("*").length);
  await monitor.open("schedule/");
  const expected = await elements();
  for (const { text } of chosen) {
    if (hasControl(text) || /\n/.test(text)) continue;
    await monitor.page.locator("#ui--company").fill(text);
    await monitor.page.locator("#ui--workspace").fill(text);
    const { customer, mail, copied, sheet } = await monitor.page.evaluate(async () => {
      const results = {};
      navigator.clipboard.writeText = async (text) => void (results.copied = text);
      const blobs = [];
      URL.createObjectURL = (blob) => blobs.push(blob) && "blob:none";
      HTMLAnchorElement.prototype.click = () => {};
      for (const id of ["copy", "csv"]) document.getElementById(`ui--${id}`).click();
      results.sheet = await blobs[0].text();
      results.customer = document.querySelector(".particulars dt + dd + dt + dd")?.textContent;
      results.mail = document.getElementById("ui--mail").href;
      return results;
    });
    const both = [text.trim(), text.trim()].filter(Boolean).join(", ");
    assert.equal(customer, both);
    assert.ok(copied.includes(both), copied);
    assert.ok(!sheet.split(/\r\n|,/).some((cell) => /^"?[=+\-@\t]/.test(cell)), sheet);
    const { protocol, pathname, searchParams } = new URL(mail);
    assert.deepEqual([protocol, pathname, [...searchParams.keys()]], ["mailto:", "privacy@example.com", ["subject", "body"]]);
    const tags = await elements();
    // The customer adds two elements: a term and its description.
    assert.equal(tags, expected + 2, JSON.stringify(text));
    assert.deepEqual(await monitor.takeProblems(), []);
  }
  await monitor.open("subprocessors/");
  const list = await elements();
  for (const { text } of chosen) {
    await monitor.page.locator("#ui--q").fill(text.replace(/[\n\r]/g, " "));
    assert.equal(await elements(), list, JSON.stringify(text));
    assert.ok(monitor.page.url().startsWith(`${site.url}subprocessors/`));
    assert.deepEqual(await monitor.takeProblems(), []);
  }
  console.log(`hostile: ${chosen.length} attacks in URLs and in fields for readers, ${monitor.loads} pages opened`);
});
