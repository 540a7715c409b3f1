// Puts each attack of the corpus into every text field of every file. The resulting pages must equal those of harmless
// content with the harmless word replaced by the attack: the same elements, attributes and text, and no code runs.
//
//   bash tests/hostile/run.sh             every attack
//   STRIDE=16 bash tests/hostile/run.sh   every sixteenth: a quick sample

import assert from "node:assert/strict";
import { cp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browser, project, publish, run } from "../browser/launch.mjs";
import { corpus, kept } from "./corpus.mjs";
import { MARK, OLD, PROSE, files, prosaic, prose as acceptable, texts, unseen } from "./project.mjs";
import { Trap } from "./trap.mjs";

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

/** Builds a site whose second release has `text` in every text field, and `prose` in every Markdown field. */
async function built(text, prose) {
  const made = await project({});
  await cp(first.root, made.root, { recursive: true });
  for (const [path, content] of Object.entries(files(text, prose))) await made.write(path, content);
  await run(made.root, "release", `--message=${prose}`, "--version", "2026-03-04");
  const out = join(made.root, "dist");
  await run(made.root, "build", "--no-compress", "--out", out, "--as-of", "2026-03-05");
  return { out, remove: made.remove };
}

/** Removes digests and lengths, which depend on the text. */
const plain = (line) => line.replace(/[0-9a-f]{64}/g, "DIGEST").replace(/(bytes[^0-9]{0,4})[0-9]+/g, (_, before) => `${before}0`);

async function pages(trap, out) {
  const site = await publish(out);
  trap.home = site.url;
  const content = {};
  try {
    for (const path of PAGES) {
      await trap.open(path);
      if (path === "compare/") await trap.page.locator("#ui--count:not(:empty)").waitFor();
      if (path === "schedule/") await trap.page.locator("#ui--form input[type=checkbox]").first().check();
      content[path] = (await trap.list()).map((line) => plain(line).replaceAll(trap.home, "HOME/"));
      fail(...(await trap.caught()));
    }
    await trap.open("subprocessors/");
    for (const path of ["feed.xml", "sitemap.xml"]) {
      const lines = await trap.page.evaluate(async (path) => {
        const xml = new DOMParser().parseFromString(await (await fetch(`../${path}`)).text(), "application/xml");
        const text = (one) => (one.children.length ? [] : one.getAttribute("type") === "html" ? [{ html: one.textContent }] : [one.textContent]);
        const line = (one) => [`<${one.nodeName}>`, ...[...one.attributes].map(({ name, value }) => `${name}=${value}`), ...text(one)];
        return [...xml.querySelectorAll("*")].flatMap(line);
      }, path);
      // In a feed, the summary of a release is HTML.
      content[path] = [];
      for (const line of lines) {
        if (line.html !== undefined) fail(...(await trap.problems(line.html)));
        else content[path].push(plain(line));
      }
    }
    content["feed.json"] = JSON.parse(plain(await readFile(join(out, "feed.json"), "utf8")));
    for (const item of content["feed.json"].items) {
      assert.deepEqual(await trap.problems(item.content_html), [], "feed.json");
      delete item.content_html;
    }
  } finally {
    await site.stop();
  }
  for (const path of TEXTS) content[path] = JSON.parse(plain(await readFile(join(out, path), "utf8")));
  for (const path of [".well-known/security.txt", "robots.txt", "_headers"]) content[path] = (await readFile(join(out, path), "utf8")).split("\n");
  content.csv = csv(await readFile(join(out, "subprocessors.csv"), "utf8"));
  return content;
}

/** Parses CSV (RFC 4180). */
function csv(text) {
  const rows = [[]];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1).push(quoted?.replaceAll('""', '"') ?? bare);
    if (end === "\r\n") rows.push([]);
  }
  return rows.flatMap((row) => ["row", ...row]);
}

/** Replaces the harmless word with the attack, in all strings of a value. */
const replaced = (value, text, mark = MARK) =>
  typeof value === "string" ? value.replaceAll(mark, () => text)
  : Array.isArray(value) ? value.map((one) => replaced(one, text, mark))
  : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replaced(one, text, mark)]))
  : value;

const failures = [];
/** Records failures, and prints them immediately, because the whole run takes minutes. */
function fail(...what) {
  for (const one of what) console.error(one);
  failures.push(...what);
}

/** Compares two values, and reports only the first line that differs. */
function same(actual, expected, at) {
  const [was, is] = [expected, actual].map((value) => (Array.isArray(value) ? value : JSON.stringify(value, null, 1).split("\n")));
  const nth = is.findIndex((line, nth) => line !== was[nth]);
  const shown = (lines) => JSON.stringify(lines.slice(Math.max(0, nth - 3), nth + 2)).slice(0, 1500);
  if (nth >= 0 || is.length !== was.length) fail(`${at}\n  is       ${shown(is)}\n  expected ${shown(was)}`);
}

/** Collapses whitespace, as browsers do. */
const collapsed = (value) => (Array.isArray(value) ? value.map((line) => line.replace(/(?:,?\s)+/g, " ")) : value);

const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

test(`${chosen.length} attacks of ${corpus.length} in every text field run no code and stay in their element`, async () => {
  assert.ok(corpus.length >= 700, `only ${corpus.length}`);
  const trap = await Trap.in(chromium);
  const harmless = await built(MARK, PROSE);
  const expected = await pages(trap, harmless.out);
  await harmless.remove();
  for (const [nth, { family, text }] of chosen.entries()) {
    if (nth % 100 === 99) console.error(`hostile: ${nth + 1} of ${chosen.length}`);
    if (unseen(text)) continue;
    const shown = kept(text);
    const at = (path) => `${family}: ${JSON.stringify(text)} on /${path}`;
    // The attack must be displayed as text, and everything else must be unchanged.
    const site = await built(text, PROSE);
    const now = await pages(trap, site.out);
    await site.remove();
    for (const [path, lines] of Object.entries(expected)) {
      // XML cannot contain two characters, not even escaped; feeds contain the replacement character instead.
      const here = path === "feed.xml" ? shown.replace(/[\ufffe\uffff]/g, "\ufffd") : shown;
      if (path !== "csv") same(collapsed(now[path]), collapsed(replaced(lines, here)), at(path));
    }
    const guarded = (cell) => (FORMULA.test(cell) ? `'${cell}` : cell);
    same(now.csv, expected.csv.map((cell) => (cell.includes(MARK) ? guarded(replaced(cell, shown)) : cell)), at("csv"));
    assert.ok(!now.csv.some((cell) => FORMULA.test(cell)), at("csv"));
  }
  assert.deepEqual(failures.splice(0), []);
  console.log(`hostile: ${chosen.length} attacks, ${texts} text fields, ${trap.loads} pages opened`);
});

test("attacks in Markdown are rejected with an expected code, or become prose and stay in their element", async () => {
  const texts = corpus.map(({ text }) => text);
  // Fields are trimmed and reject invisible characters, so only texts that are prose with and without trimming are used.
  const whole = [...(await acceptable(texts))].filter((text) => !unseen(text));
  const bare = await acceptable([...new Set(whole.map(kept))]);
  const accepted = whole.filter((text) => bare.has(kept(text)));
  const trap = await Trap.in(chromium);
  // Thirty at a time, as sections, questions, controls and commitments, and each as the summary of a release.
  for (let at = 0; at < accepted.length; at += 30 * stride) {
    const some = accepted.slice(at, at + 30);
    const made = await project(prosaic(some));
    for (const [nth, text] of some.entries()) {
      if (nth) await made.write("content/data/commitments.yaml", `- {id: m, plan: P, commitment: "${nth}"}\n`);
      await run(made.root, "release", `--message=${text}`, "--version", `2026-01-${String(nth + 1).padStart(2, "0")}`);
    }
    await run(made.root, "build", "--no-compress", "--as-of", "2026-03-05");
    const site = await publish(join(made.root, "dist"));
    trap.home = site.url;
    for (const path of ["", "changelog/", "compare/"]) {
      await trap.open(path);
      if (path === "compare/") await trap.page.locator("#ui--count:not(:empty)").waitFor();
      const lines = await trap.list();
      fail(...(await trap.caught()), ...lines.filter((line) => / in (prose|a rewording)$/.test(line)));
      // Each text must be in a separate element.
      const places = await trap.page.locator({ "": ".sections > .section > .prose", "changelog/": ".release > .prose", "compare/": ".log > li > div" }[path]).count();
      if (places !== some.length) fail(`${places} texts of ${some.length} on /${path} from ${JSON.stringify(some)}`);
    }
    for (const { content_html } of JSON.parse(await readFile(join(made.root, "dist/feed.json"), "utf8")).items) fail(...(await trap.problems(content_html)));
    await site.stop();
    await made.remove();
  }
  assert.deepEqual(failures.splice(0), []);
  console.log(`hostile: ${texts.length - accepted.length} attacks are rejected as Markdown, ${accepted.length} become prose; ${trap.loads} pages opened`);
});
