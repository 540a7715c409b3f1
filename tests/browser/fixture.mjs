// Projects for the browser tests: one with every list and field, and one with long content.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { project, run } from "./launch.mjs";

/** A word that is wider than a narrow screen. */
export const LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";

/** Formats a value as JSON, which is also YAML. */
export const json = (value) => JSON.stringify(value, null, 1);

/** Formats a section of the trust page. */
export const section = ({ body = "", ...fields }) =>
  `---\n${Object.entries(fields).filter(([, value]) => value).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`).join("")}---\n\n${body}\n`;

const PROSE = `Running text with **strong**, *emphasis*, ~~struck~~, \`code\`, [a link](https://example.org/${"long/".repeat(16)}) and a note[^1]. ${LONG_WORD}.

## A heading of the second level

1. first
   - nested

> The processor shall not engage another processor without authorisation.

### A heading of the third level

| Plan | Response, hours | Phone | ${LONG_WORD} |
|:-----|---:|:---:|---|
| Free | – | no | one |

\`\`\`
sha256sum 2026-05-22.json ${"x".repeat(120)}
\`\`\`

---

[^1]: The note.
`;

const CATEGORIES = ["Account data", "Workspace data", "Billing contact data", "Payment metadata", "Browser and request metadata", "Pseudonymous identifiers",
  "Scan analytics", "Operational logs", "Error traces", "Approximate location", "Email address", LONG_WORD];

const HOST = {
  id: "host", name: "Zeta Hosting", purpose: "Hosting of the application in one region", data_categories: CATEGORIES,
  legal_name: "Zeta Hosting Ireland Operations Limited", address: "1 Main Street\nDublin 2", contact: "Data protection officer, dpo@zeta.example",
  website: "https://zeta.example", role: "third-party", locations: ["IE", "NL", "US"], corporate_location: "US", transfer_mechanism: "scc",
  dpa_url: "https://zeta.example/legal/dpa", subprocessors_url: "https://zeta.example/legal/subprocessors", subject_matter: "Operation of the service",
  duration: "Term of the contract", data_subjects: ["Users", "Visitors"], special_categories: "None.", announced: "2025-11-01", effective: "2025-12-01",
};
const MAIL = { id: "mail", name: "Alpha Mail", purpose: "Sending of mail", data_categories: ["Email address"], condition: { when: "configured", feature: "Mail" }, locations: ["US"], transfer_mechanism: "dpf" };
const LEAVING = { id: "leaving", name: "Leaving Analytics", purpose: "Product analytics", data_categories: ["Scan analytics"], ends: "2026-12-31" };
const LONG = { id: "long", name: LONG_WORD, purpose: "Payments", data_categories: ["Payment metadata"], condition: { when: "enabled", feature: "An optional feature with an exceptionally long name" }, locations: ["DE"], transfer_mechanism: "adequacy" };
const REPLACEMENT = { id: "replacement", name: "Insight Analytics", purpose: "Product analytics", data_categories: ["Scan analytics"], replaces: "leaving", announced: "2026-02-01", effective: "2027-01-01" };

/** Creates a project with four releases and a value in every list and field. `settings` override site.yaml. */
export async function complete(settings = {}, more = {}) {
  const site = {
    title: "Trust and compliance", description: "What is promised, who else processes data, and how it changed.",
    language: "en", base_url: "https://trust.example.com/",
    organization: { name: "Example Ledger", legal_name: "Example Ledger International Holdings (Ireland) Designated Activity Company", url: "https://example.com", address: "1 Example Quay\nDublin 1\nIreland", jurisdiction: "eu", notice_days: 30 },
    contacts: { privacy: "privacy@example.com", security: "security@example.com", support: "https://example.com/support" },
    ...settings,
  };
  const lists = {
    controls: [
      { id: "mfa", title: "Multi-factor authentication", group: "Access", description: "On **every** plan.", evidence: "policy", last_verified: "2025-11-01", frameworks: ["ISO 27001 A.5.17", "SOC 2 CC6.1"] },
      { id: "keys", title: "Hardware keys for production", group: "Access", status: "partial" },
      { id: "cmek", title: `Customer-managed keys ${LONG_WORD}`, group: "Operations", status: "planned" },
    ],
    commitments: [{ id: "free", plan: "Free", commitment: "Best effort." }, { id: "large", plan: "Enterprise", commitment: "99.9 % a month.", details: "Measured at the **edge**." }],
    subprocessors: [HOST, MAIL, LEAVING],
    certifications: [
      { id: "iso", framework: "ISO/IEC 27001:2022", status: "active", issuer: "A certification body", scope: "All of it", valid_from: "2025-03-01", valid_until: "2028-02-28", document: "report" },
      { id: "soc", framework: "SOC 2 Type II", status: "in-progress" },
      { id: "pci", framework: "PCI DSS 4.0", status: "expired", valid_until: "2025-10-31" },
    ],
    documents: [
      { id: "policy", title: "Access policy", category: "Policies", url: "https://example.com/access.pdf", version: "3.2", date: "2025-10-15" },
      { id: "pentest", title: "Penetration test", category: "Reports", access: "request", date: "2025-09-12", valid_until: "2027-01-01" },
      { id: "report", title: "SOC 2 report", category: "Reports", access: "nda" },
    ],
    faq: [{ id: "where", question: "Where is data stored?", answer: "In the European Union. See [the list](#subprocessors)." }, { id: "train", question: `Do you train models? ${LONG_WORD}`, answer: "No." }],
    ai: [{ id: "replies", feature: "Reply suggestions", provider: HOST.id, model: "Example Large 3", data_categories: ["Message contents"], training: "no", regions: ["EU"], human_oversight: "An agent edits and sends every reply.", details: "Prompts are **not** shared." }, { id: "search", feature: `Search ${LONG_WORD}` }],
    facts: [
      { id: "uptime", title: "Availability", kind: "uptime", plan: "Enterprise", percent: 99.95, details: "Measured at the **edge**.", document: "policy" },
      { id: "residency", title: `Choice of location ${LONG_WORD}`, kind: "data-residency", regions: ["EU", "US"], url: "https://example.com/regions" },
    ],
  };
  const shows = ["controls", "commitments", "subprocessors", "certifications", "documents", "faq", "ai", "schedule", "changelog", "contacts", "facts"];
  const files = { "content/site.yaml": json(site), "content/sections/35-text.md": section({ title: "Data processing, transfers and the Data Processing Addendum", body: PROSE }) };
  shows.forEach((show, at) => (files[`content/sections/${(at + 1) * 10}-${show}.md`] = section({ title: `${show[0].toUpperCase()}${show.slice(1)}`, show, summary: at ? undefined : "What is in place, and what is not yet.", body: at % 2 ? "" : "Text before the list." })));
  for (const [name, items] of Object.entries(lists)) files[`content/data/${name}.yaml`] = json(items);
  const incident = { title: `Delays of ${LONG_WORD}`, kind: "incident", severity: "high", affected: LONG_WORD, status: "monitoring", started: "2025-11-19", body: PROSE };
  files["content/updates/2025-11-20-delays.md"] = section(incident);
  const created = await project({ ...files, ...more });
  const release = (date, text) => run(created.root, "release", "-m", text, "--date", date);
  await release("2025-12-01", "First release.");
  const subprocessors = (...items) => created.write("content/data/subprocessors.yaml", json(items));
  await subprocessors({ ...HOST, purpose: "Hosting of the application in two regions", data_categories: CATEGORIES.slice(0, 11) }, { ...MAIL, transfer_mechanism: "scc" }, LEAVING, LONG);
  await release("2026-02-10", "Payments **move**; hosting processes less.");
  await subprocessors(HOST, MAIL, LONG, REPLACEMENT);
  await created.write("content/updates/2025-11-20-delays.md", section({ ...incident, severity: "low", body: PROSE.replace("Running text with", "Flowing text, also with") }));
  await created.write("content/sections/35-text.md", section({ title: "Data processing, transfers and the DPA", body: PROSE.replace("Running text with", "Flowing text, also with") }));
  await release("2026-05-22", "Analytics move to a new provider.\n\n- from Leaving Analytics\n- to Insight Analytics");
  await created.write("content/data/faq.yaml", json(lists.faq.slice(0, 1)));
  await release("2026-05-22", "One question fewer.");
  return created;
}

/** Creates a project with 300 subprocessors, 12 categories, names of 80 characters, and the given number of releases. */
export async function long(releases) {
  const name = (at) => `Subprocessor ${at} of the Association for Data Processing and Telecommunications Services Ltd.`.slice(0, 80);
  const items = Array.from({ length: 300 }, (_, at) => ({
    id: `item-${at}`, name: name(at), purpose: `Purpose ${at % 37}: storage, delivery and analysis of what customers enter`,
    data_categories: CATEGORIES.filter((_, category) => at % (category + 1) === 0), locations: [["DE", "US", "IE", "JP"][at % 4]], transfer_mechanism: "scc",
    ...(at % 3 === 0 && { condition: { when: at % 2 ? "enabled" : "configured", feature: `Feature ${at % 15}` } }),
  }));
  const created = await project({
    "content/site.yaml": json({ title: "Trust", language: "en", base_url: "https://trust.example.com/", description: "A long list.", organization: { name: "Example" }, contacts: { privacy: "privacy@example.com" } }),
    "content/sections/10-list.md": section({ title: "Subprocessors", show: "subprocessors" }),
    "content/sections/20-log.md": section({ title: "Change log", show: "changelog" }),
    "content/data/subprocessors.yaml": json(items.slice(0, 5)),
  });
  await run(created.root, "release", "-m", "Release 1.", "--date", "2024-01-01");
  // `candor release` checks everything each time, so the other records are written directly. Each is the first record with
  // another date, purpose and previous digest.
  const first = await readFile(join(created.root, "content/releases/2024-01-01.json"), "utf8");
  const digest = (text) => createHash("sha256").update(text).digest("hex");
  let [version, sum] = ["2024-01-01", digest(first)];
  let sums = `${sum}  2024-01-01.json\n`;
  for (let number = 2; number < releases; number += 1) {
    const day = new Date(Date.UTC(2024, 0, number)).toISOString().slice(0, 10);
    const text = first
      .replaceAll('"2024-01-01"', `"${day}"`)
      .replace('"summary": "Release 1.",', `"summary": "Release ${number}.",\n  "previous": {\n    "version": "${version}",\n    "sha256": "${sum}"\n  },`)
      .replace("Purpose 0: storage", `Purpose 0: storage ${number} times`);
    [version, sum] = [day, digest(text)];
    sums += `${sum}  ${day}.json\n`;
    await created.write(`content/releases/${day}.json`, text);
  }
  await created.write("content/releases/SHA256SUMS", sums);
  await created.write("content/data/subprocessors.yaml", json(items));
  await run(created.root, "release", "-m", `Release ${releases}.`, "--date", "2026-05-22");
  return created;
}
