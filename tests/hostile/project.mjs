// A project with a value in every field.

import assert from "node:assert/strict";
import { project, run } from "../browser/launch.mjs";
import { HIDDEN, hasControl, corpus, trimmed } from "./corpus.mjs";

/** The harmless word that attacks replace. */
export const MARK = "Zqmark";
/** The harmless word in Markdown fields. */
export const PROSE = "Zqprose";
/** The word in the first release. */
export const OLD = "Zqold";

// JSON strings are valid YAML, except for characters that YAML requires to be escaped.
export const quote = (text) => JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
const yaml = (value) =>
  typeof value === "string" ? quote(value)
  : Array.isArray(value) ? `[${value.map(yaml).join(", ")}]`
  : `{${Object.entries(value).map(([key, one]) => `${key}: ${yaml(one)}`).join(", ")}}`;
const list = (items) => items.map((item) => `- ${yaml(item)}\n`).join("");
const page = (fields, body = "") => `---\n${Object.entries(fields).map(([key, value]) => `${key}: ${yaml(value)}\n`).join("")}---\n\n${body}\n`;

const SHOWN = ["controls", "commitments", "subprocessors", "certifications", "documents", "faq", "changelog", "schedule", "contacts"];

/** Returns the files with `text` in every text field and `prose` in every Markdown field. */
export function files(text, prose) {
  const site = {
    title: text,
    description: text,
    base_url: "https://trust.example.com/base/",
    organization: { name: text, legal_name: text, url: "https://example.com/", address: text },
    contacts: { privacy: "privacy@example.com", security: "https://example.com/security", post: "By post" },
    security_txt: { contact: ["security@example.com"], expires: "2026-12-31" },
    rules: { "placeholder-base-url": "off" },
  };
  const subprocessor = {
    id: "evil", name: text, purpose: text, data_categories: [text, `${trimmed(text)} logs`], condition: { when: "enabled", feature: text },
    legal_name: text, address: text, contact: text, website: "https://example.com/", role: "third-party", locations: ["DE"],
    corporate_location: "IE", transfer_mechanism: "scc", dpa_url: "https://example.com/dpa", subprocessors_url: "https://example.com/list",
    subject_matter: text, duration: text, data_subjects: [text, "Users"], special_categories: text, announced: "2026-01-01", effective: "2026-03-01",
  };
  const host = { id: "host", name: "Hosting", purpose: `A sentence of some words with ${trimmed(text)} in it`, data_categories: [`${trimmed(text)} logs`], locations: ["DE"] };
  return {
    "content/site.yaml": Object.entries(site).map(([key, value]) => `${key}: ${yaml(value)}\n`).join(""),
    "content/sections/05-prose.md": page({ title: text, summary: text }, prose),
    ...Object.fromEntries(SHOWN.map((show, at) => [`content/sections/${at + 10}-${show}.md`, page({ title: `List of ${show}`, show })])),
    "content/data/controls.yaml": list([
      { id: "c", title: text, group: text, description: prose, status: "partial", evidence: "https://example.com/e", last_verified: "2026-01-01", frameworks: [text] },
    ]).replaceAll('description: ""', 'description: "x"'),
    "content/data/commitments.yaml": list([{ id: "m", plan: text, commitment: text, details: prose }]),
    "content/data/subprocessors.yaml": list([host, subprocessor]),
    "content/data/certifications.yaml": list([{ id: "t", framework: text, status: "active", issuer: text, scope: text, valid_from: "2026-01-01", valid_until: "2029-01-01", document: "d" }]),
    "content/data/documents.yaml": list([
      { id: "d", title: text, access: "public", category: text, url: "https://example.com/d", version: text, date: "2026-01-01" },
      { id: "r", title: text, access: "request", category: text, version: text },
    ]),
    "content/data/faq.yaml": list([{ id: "q", question: text, answer: prose }]),
  };
}

/** The number of text fields. */
export const fieldCount = JSON.stringify(files(MARK, "")).split(MARK).length - 1;

/** The codes with which a string may be rejected as Markdown. */
const REFUSALS = ["html-refused", "link-scheme-refused", "link-malformed", "link-empty", "link-outside-site", "link-undefined", "image-remote", "image-alt-missing",
  "heading-attribute-refused", "anchor-duplicate", "footnote-undefined", "footnote-duplicate", "broken-link", "broken-anchor", "file-not-found", "missing-field", ...HIDDEN];

/** Returns the attacks that candor rejects in names because they contain invisible characters. */
async function findHidden() {
  const created = await project({
    "content/site.yaml": "title: Trust\norganization: {name: Example}\n",
    "content/data/controls.yaml": corpus.map(({ text }, at) => `- {id: c-${at}, title: ${quote(text)}}\n`).join(""),
  });
  const { stdout } = await run(created.root, "check", "--format", "json").catch((error) => error);
  await created.remove();
  const problems = JSON.parse(stdout).diagnostics.filter(({ code }) => HIDDEN.includes(code));
  return new Set(problems.map(({ line }) => corpus[line - 1].text));
}
const HIDDEN_TEXTS = await findHidden();
for (const { text } of corpus) {
  // At least control characters, direction overrides and tag characters must be rejected.
  if (hasControl(text) || /[\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u.test(text)) assert.ok(HIDDEN_TEXTS.has(text), `not rejected: ${JSON.stringify(text)}`);
}

/** Returns whether the loader rejects a string in every field because of invisible characters. */
export const isHidden = (text) => HIDDEN_TEXTS.has(text);

/** Returns the strings that are accepted as Markdown. Repeats the check, because some rules run only if there are no other errors. */
export async function acceptedMarkdown(texts) {
  const created = await project({
    "content/site.yaml": "title: Trust\norganization: {name: Example}\n",
    ...Object.fromEntries(texts.map((text, at) => [`content/sections/${at}-a-${at}.md`, page({ title: "T" }, text)])),
  });
  const refused = new Set();
  for (let before = -1; before < refused.size; ) {
    before = refused.size;
    const { stdout } = await run(created.root, "check", "--format", "json").catch((error) => error);
    for (const { severity, code, file } of JSON.parse(stdout).diagnostics) {
      if (severity !== "error") continue;
      const at = Number(file.match(/sections\/(\d+)-/)[1]);
      if (!REFUSALS.includes(code)) throw new Error(`rejected with ${code}: ${JSON.stringify(texts[at])}`);
      if (!refused.has(at)) await created.write(file, page({ title: "T" }, "Nothing."));
      refused.add(at);
    }
  }
  await created.remove();
  return new Set(texts.filter((_, at) => !refused.has(at)));
}

/** Returns the files of a project with a section, a question, a control and a commitment for each string. */
export function markdownProject(texts) {
  return {
    "content/site.yaml": 'title: Trust\norganization: {name: Example}\nbase_url: "https://trust.example.com/"\n',
    ...Object.fromEntries(texts.map((text, at) => [`content/sections/${at + 10}-a-${at}.md`, page({ title: `T${at}` }, text)])),
    "content/sections/90-faq.md": page({ title: "FAQ", show: "faq" }),
    "content/sections/91-controls.md": page({ title: "Controls", show: "controls" }),
    "content/sections/92-commitments.md": page({ title: "Commitments", show: "commitments" }),
    "content/data/faq.yaml": list(texts.map((text, at) => ({ id: `q-${at}`, question: `Q${at}`, answer: text }))),
    "content/data/controls.yaml": list(texts.map((text, at) => ({ id: `c-${at}`, title: `C${at}`, description: text }))),
    "content/data/commitments.yaml": list(texts.map((text, at) => ({ id: `m-${at}`, plan: `P${at}`, commitment: "c", details: text }))),
  };
}
