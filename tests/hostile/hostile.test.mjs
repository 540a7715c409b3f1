// Each attack of the corpus in every text field of every file. The pages equal those of harmless content with the attack
// instead of the harmless word: they have the same elements, attributes and text, and no code runs.
//
//   bash tests/hostile/run.sh             every attack
//   STRIDE=16 bash tests/hostile/run.sh   every sixteenth attack

import assert from "node:assert/strict";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browser, project, publish, run } from "../browser/launch.mjs";
import { corpus, trimmed } from "./corpus.mjs";
import { MARK, OLD, PROSE, files, markdownProject, acceptedMarkdown, fieldCount, isHidden } from "./project.mjs";
import { PageMonitor } from "./monitor.mjs";

const stride = Number(process.env.STRIDE ?? 1);
const chosen = corpus.filter((_, at) => at % stride === 0);
const PAGES = ["", "subprocessors/", "schedule/", "compare/", "changelog/", "releases/2026-03-04/"];
const TEXTS = ["subprocessors.json", "releases/index.json"];

let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

/** A project with a harmless first release, copied for each attack. */
let first;
before(async () => {
  first = await project(files(OLD, OLD));
  await run(first.root, "release", "-m", OLD, "--version", "2026-01-02");
});
after(() => first.remove());

/** Builds a site whose second release has `text` in every text field and `prose` in every Markdown field. */
async function buildSite(text, prose) {
  const created = await project({});
  await cp(first.root, created.root, { recursive: true });
  for (const [path, content] of Object.entries(files(text, prose))) await created.write(path, content);
  await run(created.root, "release", `--message=${prose}`, "--version", "2026-03-04");
  const out = join(created.root, "dist");
  await run(created.root, "build", "--no-compress", "--out", out, "--as-of", "2026-03-05");
  return { out, remove: created.remove };
}

/** Masks digests and lengths, which depend on the text. */
const masked = (line) => line.replace(/[0-9a-f]{64}/g, "DIGEST").replace(/(bytes[^0-9]{0,4})[0-9]+/g, (_, before) => `${before}0`);

async function pages(monitor, out) {
  const site = await publish(out);
  monitor.home = site.url;
  const outputs = {};
  try {
    for (const path of PAGES) {
      await monitor.open(path);
      if (path === "compare/") await monitor.page.locator("#ui--count:not(:empty)").waitFor();
      if (path === "schedule/") await monitor.page.locator("#ui--form input[type=checkbox]").first().check();
      outputs[path] = (await monitor.describe()).map((line) => masked(line).replaceAll(monitor.home, "HOME/"));
      fail(...(await monitor.takeProblems()));
    }
    await monitor.open("subprocessors/");
    for (const path of ["feed.xml", "sitemap.xml"]) {
      const lines = await monitor.page.evaluate(async (path) => {
        const xml = new DOMParser().parseFromString(await (await fetch(`../${path}`)).text(), "application/xml");
        const text = (one) => (one.children.length ? [] : one.getAttribute("type") === "html" ? [{ html: one.textContent }] : [one.textContent]);
        const line = (one) => [`<${one.nodeName}>`, ...[...one.attributes].map(({ name, value }) => `${name}=${value}`), ...text(one)];
        return [...xml.querySelectorAll("*")].flatMap(line);
      }, path);
      // Feeds contain the summary of a release as HTML.
      outputs[path] = [];
      for (const line of lines) {
        if (line.html !== undefined) fail(...(await monitor.problemsOf(line.html)));
        else outputs[path].push(masked(line));
      }
    }
    outputs["feed.json"] = JSON.parse(masked(await readFile(join(out, "feed.json"), "utf8")));
    for (const item of outputs["feed.json"].items) {
      assert.deepEqual(await monitor.problemsOf(item.content_html), [], "feed.json");
      delete item.content_html;
    }
  } finally {
    await site.stop();
  }
  for (const path of TEXTS) outputs[path] = JSON.parse(masked(await readFile(join(out, path), "utf8")));
  for (const path of [".well-known/security.txt", "robots.txt", "_headers"]) outputs[path] = (await readFile(join(out, path), "utf8")).split("\n");
  outputs.csv = csv(await readFile(join(out, "subprocessors.csv"), "utf8"));
  return outputs;
}

/** Parses CSV as defined in RFC 4180. */
function csv(text) {
  const rows = [[]];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1).push(quoted?.replaceAll('""', '"') ?? bare);
    if (end === "\r\n") rows.push([]);
  }
  return rows.flatMap((row) => ["row", ...row]);
}

/** Replaces the harmless word in a value with the attack. */
const replaced = (value, text, mark = MARK) =>
  typeof value === "string" ? value.replaceAll(mark, () => text)
  : Array.isArray(value) ? value.map((one) => replaced(one, text, mark))
  : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replaced(one, text, mark)]))
  : value;

const failures = [];
/** Records failures, and prints them immediately because the whole run takes minutes. */
function fail(...what) {
  for (const one of what) console.error(one);
  failures.push(...what);
}

/** Compares two values by line and reports only the first difference. */
function compare(actual, expected, at) {
  const [was, is] = [expected, actual].map((value) => (Array.isArray(value) ? value : JSON.stringify(value, null, 1).split("\n")));
  const nth = is.findIndex((line, nth) => line !== was[nth]);
  const shown = (lines) => JSON.stringify(lines.slice(Math.max(0, nth - 3), nth + 2)).slice(0, 1500);
  if (nth >= 0 || is.length !== was.length) fail(`${at}\n  is       ${shown(is)}\n  expected ${shown(was)}`);
}

/** Collapses white space, as scripts and browsers do. */
const collapsed = (value) => (Array.isArray(value) ? value.map((line) => line.replace(/(?:,?\s)+/g, " ")) : value);

const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

test(`${chosen.length} of ${corpus.length} attacks in every text field run no code and stay in their element`, async () => {
  assert.ok(corpus.length >= 700, `only ${corpus.length}`);
  const monitor = await PageMonitor.in(chromium);
  const harmless = await buildSite(MARK, PROSE);
  const expected = await pages(monitor, harmless.out);
  await harmless.remove();
  for (const [nth, { family, text }] of chosen.entries()) {
    if (nth % 100 === 99) console.error(`hostile: ${nth + 1} of ${chosen.length}`);
    if (isHidden(text)) continue;
    const shown = trimmed(text);
    const at = (path) => `${family}: ${JSON.stringify(text)} on /${path}`;
    // The attack is shown as text, and everything else is unchanged.
    const site = await buildSite(text, PROSE);
    const now = await pages(monitor, site.out);
    await site.remove();
    for (const [path, lines] of Object.entries(expected)) {
      // XML cannot contain U+FFFE and U+FFFF, so feeds contain the replacement character instead.
      const here = path === "feed.xml" ? shown.replace(/[\ufffe\uffff]/g, "\ufffd") : shown;
      if (path !== "csv") compare(collapsed(now[path]), collapsed(replaced(lines, here)), at(path));
    }
    const guarded = (cell) => (FORMULA.test(cell) ? `'${cell}` : cell);
    // The column `condition` is JSON.
    const stated = (cell) => (cell.startsWith("{") ? JSON.stringify(replaced(JSON.parse(cell), shown)) : replaced(cell, shown));
    compare(now.csv, expected.csv.map((cell) => (cell.includes(MARK) ? guarded(stated(cell)) : cell)), at("csv"));
    assert.ok(!now.csv.some((cell) => FORMULA.test(cell)), at("csv"));
  }
  assert.deepEqual(failures.splice(0), []);
  console.log(`hostile: ${chosen.length} attacks, ${fieldCount} text fields, ${monitor.loads} pages opened`);
});

test("attacks as Markdown are rejected with a suitable code, or become prose and stay in their place", async () => {
  const texts = corpus.map(({ text }) => text);
  // Fields trim white space and reject invisible characters, so a string must be accepted both in sections and in fields.
  const whole = [...(await acceptedMarkdown(texts))].filter((text) => !isHidden(text));
  const bare = await acceptedMarkdown([...new Set(whole.map(trimmed))]);
  const accepted = whole.filter((text) => bare.has(trimmed(text)));
  const monitor = await PageMonitor.in(chromium);
  // Test 30 at a time as sections, questions, controls and commitments, and each one as the summary of a release.
  for (let at = 0; at < accepted.length; at += 30 * stride) {
    const some = accepted.slice(at, at + 30);
    const created = await project(markdownProject(some));
    for (const [nth, text] of some.entries()) {
      if (nth) await created.write("content/data/commitments.yaml", `- {id: m, plan: P, commitment: "${nth}"}\n`);
      await run(created.root, "release", `--message=${text}`, "--version", `2026-01-${String(nth + 1).padStart(2, "0")}`);
    }
    await run(created.root, "build", "--no-compress", "--as-of", "2026-03-05");
    const site = await publish(join(created.root, "dist"));
    monitor.home = site.url;
    for (const path of ["", "changelog/", "compare/"]) {
      await monitor.open(path);
      if (path === "compare/") await monitor.page.locator("#ui--count:not(:empty)").waitFor();
      const lines = await monitor.describe();
      fail(...(await monitor.takeProblems()), ...lines.filter((line) => / in (prose|a rewording)$/.test(line)));
      // Each text is in a separate element.
      const places = await monitor.page.locator({ "": ".sections > .section > .prose", "changelog/": ".release > .prose", "compare/": ".log > li > div" }[path]).count();
      if (places !== some.length) fail(`${places} strings of ${some.length} on /${path} from ${JSON.stringify(some)}`);
    }
    for (const { content_html } of JSON.parse(await readFile(join(created.root, "dist/feed.json"), "utf8")).items) fail(...(await monitor.problemsOf(content_html)));
    await site.stop();
    await created.remove();
  }
  assert.deepEqual(failures.splice(0), []);
  console.log(`hostile: ${texts.length - accepted.length} attacks are rejected as Markdown, ${accepted.length} are prose; ${monitor.loads} pages opened`);
});
