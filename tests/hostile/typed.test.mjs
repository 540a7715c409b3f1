// Fields with a format (ids, URLs, dates, choices, paths, keys) reject each attack with their own code, or accept it as valid.
// Accepted values are shown and run no code.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browser, project, publish, run } from "../browser/launch.mjs";
import { HIDDEN, corpus, trimmed } from "./corpus.mjs";
import { quote, isHidden } from "./project.mjs";
import { PageMonitor } from "./monitor.mjs";

let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

const SITE = "title: Trust\norganization: {name: Example}\n";
const ITEM = { controls: "title: T", commitments: "plan: P, commitment: C", certifications: "framework: F", documents: "title: T", faq: "question: Q, answer: A", subprocessors: "name: N, purpose: P, data_categories: [D]" };

/** The codes with which each field may reject a string. */
const FIELDS = {
  "controls.id": ["bad-id"], "controls.status": ["bad-choice"], "controls.evidence": ["bad-id", "bad-url"], "controls.last_verified": ["bad-date"],
  "commitments.id": ["bad-id"], "faq.id": ["bad-id"],
  "subprocessors.id": ["bad-id"], "subprocessors.condition": ["wrong-type"], "subprocessors.website": ["bad-url"], "subprocessors.role": ["bad-choice"],
  "subprocessors.locations": ["wrong-type"], "subprocessors.corporate_location": ["bad-country"], "subprocessors.transfer_mechanism": ["bad-choice"],
  "subprocessors.dpa_url": ["bad-url"], "subprocessors.subprocessors_url": ["bad-url"], "subprocessors.announced": ["bad-date"], "subprocessors.effective": ["bad-date"],
  "subprocessors.ends": ["bad-date"], "subprocessors.replaces": ["bad-id"],
  "certifications.id": ["bad-id"], "certifications.status": ["bad-choice"], "certifications.valid_from": ["bad-date"], "certifications.valid_until": ["bad-date"], "certifications.document": ["bad-id"],
  "documents.id": ["bad-id"], "documents.access": ["bad-choice"], "documents.file": ["bad-path"], "documents.url": ["bad-url"], "documents.date": ["bad-date"], "documents.valid_until": ["bad-date"],
};

async function check(files) {
  const created = await project(files);
  const { stdout } = await run(created.root, "check", "--format", "json").catch((error) => error);
  await created.remove();
  return JSON.parse(stdout).diagnostics.filter(({ severity }) => severity === "error");
}

/** Returns the strings for which no problem concerns this field. */
async function acceptedBy(field) {
  const [list, name] = field.split(".");
  const line = (text, at) => {
    const id = name === "id" ? quote(text) : `id-${at}`;
    return `- {id: ${id}, ${ITEM[list]}${name === "id" ? "" : `, ${name}: ${quote(text)}`}}`;
  };
  const problems = await check({ "content/site.yaml": SITE, [`content/data/${list}.yaml`]: corpus.map(({ text }, at) => line(text, at)).join("\n") + "\n" });
  return corpus.flatMap(({ text }, at) => {
    const reported = problems.filter(({ line }) => line - 1 === at).map(({ code }) => code);
    if (isHidden(text)) assert.ok(reported.some((code) => [...HIDDEN, ...FIELDS[field], "wrong-type"].includes(code)), `${field} = ${JSON.stringify(text)}: ${reported}`);
    for (const code of reported) {
      const known = [...FIELDS[field], ...HIDDEN, "empty-text", "unknown-document", "replaces-unknown", "file-not-found", "duplicate-id"];
      assert.ok(known.includes(code), `${field} = ${JSON.stringify(text)}: ${code}`);
    }
    return reported.some((code) => [...FIELDS[field], ...HIDDEN, "empty-text"].includes(code)) ? [] : [trimmed(text)];
  });
}

/** The strings that are not valid contacts, with the code of the problem. */
const invalidContacts = new Map();
before(async () => {
  const lines = corpus.map(({ text }, at) => `  c-${at}: ${quote(text)}`);
  const problems = await check({ "content/site.yaml": `${SITE}contacts:\n${lines.join("\n")}\n` });
  for (const { line, code } of problems) {
    const text = corpus[line - 4]?.text;
    assert.ok(["bad-url", "bad-email", ...HIDDEN, "empty-text"].includes(code), `${JSON.stringify(text)}: ${code}`);
    invalidContacts.set(text, code);
  }
});

test("fields with a format reject invalid values with their own code", async () => {
  for (const field of Object.keys(FIELDS)) {
    const texts = await acceptedBy(field);
    if (/^(?!.*(url|website|file|evidence|id|replaces|document)$)/.test(field)) assert.deepEqual(texts, [], field);
    for (const text of texts) {
      if (/\.(id|replaces|document)$/.test(field)) assert.match(text, /^[a-z0-9]+(-[a-z0-9]+)*$/, field);
      if (/(url|website)$/.test(field)) assert.match(new URL(text).protocol, /^https?:$/, field);
      if (/file$/.test(field)) assert.ok(!/(^|\/)\.|[\\:?#]/.test(text), `${field}: ${text}`);
    }
  }
});

test("valid URLs and contacts become links to these addresses, and nothing else", async () => {
  const urls = await acceptedBy("subprocessors.website");
  assert.ok(urls.length > 10, String(urls.length));
  const contacts = [];
  for (const { text } of corpus) {
    if (isHidden(text)) continue;
    if (!invalidContacts.has(text)) contacts.push(trimmed(text));
  }
  const items = (list) => urls.map((url, at) => `- {id: ${list}-${at}, ${ITEM[list].replace(/(title|name): ./, `$1: N${at}`)}, ${list === "subprocessors" ? ["website", "dpa_url", "subprocessors_url"].map((name) => `${name}: ${quote(url)}`).join(", ") : list === "controls" ? `evidence: ${quote(url)}` : `url: ${quote(url)}`}}\n`).join("");
  const show = (name) => [`content/sections/${name}.md`, `---\ntitle: ${name}\nshow: ${name}\n---\n`];
  const created = await project({
    "content/site.yaml": `${SITE}contacts:\n${contacts.map((text, at) => `  c-${at}: ${quote(text)}\n`).join("")}`,
    "content/data/subprocessors.yaml": items("subprocessors"),
    "content/data/documents.yaml": items("documents"),
    "content/data/controls.yaml": items("controls"),
    ...Object.fromEntries(["subprocessors", "documents", "controls", "contacts"].map(show)),
  });
  await run(created.root, "build", "--quiet", "--draft", "--no-compress");
  const site = await publish(join(created.root, "dist"));
  const monitor = await PageMonitor.in(chromium, site.url);
  for (const path of ["", "subprocessors/"]) {
    await monitor.open(path);
    const links = await monitor.page.evaluate(() => [...document.querySelectorAll("main a[href]")].map((link) => [link.getAttribute("href"), link.protocol, link.search]));
    for (const [href, protocol, search] of links) {
      assert.match(protocol, /^(https?|mailto):$/, href);
      if (protocol === "mailto:") assert.equal(search, "", `an address adds header fields: ${href}`);
    }
    const shown = new Set(links.map(([href]) => href));
    for (const url of urls) assert.ok(shown.has(url), `${path}: ${url}`);
    // These lists add no elements other than those of the theme.
    const names = await monitor.page.evaluate(() => [...new Set([...document.querySelectorAll("main *")].map((one) => one.localName))].sort());
    assert.deepEqual(names.filter((name) => /^(script|style|iframe|object|embed|form|base|meta|link|img|video|audio|math)$/.test(name)), [], path);
    assert.deepEqual(await monitor.takeProblems(), [], path);
  }
  await site.stop();
  await created.remove();
  console.log(`hostile: ${Object.keys(FIELDS).length} fields with a format; ${urls.length} URLs and ${contacts.length} contacts of the corpus are valid`);
});

test("settings with a format reject invalid values with their own code", async () => {
  const settings = {
    "base_url: X": ["bad-url"], "language: X": ["bad-language"], "theme: {accent: X}": ["bad-color"], "theme: {accent_dark: X}": ["bad-color"], "theme: {logo: X}": ["bad-path", "file-not-found"],
    "sorted: [X]": ["bad-choice"], "security_txt: {contact: [X]}": ["bad-url", "bad-email"], "security_txt: {expires: X}": ["bad-date"], "security_txt: {policy: [X]}": ["bad-url"],
    "security_txt: {preferred_languages: [X]}": ["bad-language"], "rules: {X: off}": ["unknown-rule"], "rules: {heading-empty: X}": ["bad-choice"], "contacts: {X: by post}": ["bad-id"], "X: y": ["unknown-field"],
  };
  // A site has each setting only once, so each attack needs its own file. A sample is enough, because one parser reads all values.
  for (const [setting, codes] of Object.entries(settings)) {
    for (const { text } of corpus.filter((_, at) => at % 40 === 3)) {
      if (isHidden(text)) continue;
      const problems = await check({ "content/site.yaml": `${SITE}${setting.replace("X", () => quote(text))}\n` });
      const reported = problems.map(({ code }) => code);
      for (const code of reported) assert.ok([...codes, "security-txt-incomplete", "duplicate-key", "wrong-type", "yaml-syntax"].includes(code), `${setting} = ${JSON.stringify(text)}: ${code}`);
      if (!reported.length) assert.ok(/url|logo|contact|policy/.test(setting), `${setting} accepts ${JSON.stringify(text)}`);
    }
  }
});

test("file names with attacks are rejected or accepted without control characters in messages", async () => {
  const names = corpus.map(({ text }) => text).filter((text) => !/[/\0]/.test(text) && Buffer.byteLength(text) < 200 && ![".", ".."].includes(text));
  const created = await project({ "content/site.yaml": SITE, ...Object.fromEntries(names.map((name, at) => [`static/d-${at}/${name}.txt`, "x"])) });
  const { stdout } = await run(created.root, "check", "--format", "json").catch((error) => error);
  const problems = JSON.parse(stdout).diagnostics.filter(({ severity }) => severity === "error");
  for (const { code, message } of problems) {
    assert.ok(["asset-name", "file-name", "file-not-found"].includes(code), `${code}: ${message}`);
    assert.ok(!/\p{Cc}/u.test(message), JSON.stringify(message));
  }
  await created.remove();
});
