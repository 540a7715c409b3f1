// Two invented organizations for the gallery and the measurements of pages: one that states everything, and one that
// states almost nothing.

import { json, section } from "./fixture.mjs";
import { project, run } from "./launch.mjs";

/** A logo. */
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0f6b4f"/><path d="M9 21V11h3l4 6 4-6h3v10" fill="none" stroke="#fff" stroke-width="2.4"/></svg>`;

const PDF = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

const SITE = {
  title: "Trust center",
  description: "How Meridian Ledger protects customer data, who else processes it, and what changes next.",
  language: "en",
  base_url: "https://trust.meridian-ledger.eu/",
  organization: { name: "Meridian Ledger", legal_name: "Meridian Ledger B.V.", url: "https://www.meridian-ledger.eu", address: "Keizersgracht 214\n1016 DX Amsterdam\nThe Netherlands", jurisdiction: "eu" },
  contacts: { privacy: "privacy@meridian-ledger.eu", security: "security@meridian-ledger.eu", support: "https://www.meridian-ledger.eu/support" },
  dimensions: { region: ["EU", "US"], plan: ["Business", "Enterprise"] },
  notice: { days: 30, objection_days: 20, basis: "Data Processing Agreement, section 7.2" },
  theme: { accent: "#0f6b4f", logo: "logo.svg" },
};

const CONTROLS = [
  ["mfa", "Multi-factor authentication for all staff", "Access", "implemented", "Hardware keys for everybody with production access."],
  ["sso", "Single sign-on with SAML and SCIM", "Access", "implemented", "On every paid plan."],
  ["least", "Access reviewed every quarter", "Access", "implemented"],
  ["rest", "Encryption at rest with AES-256", "Data", "implemented", "Keys are kept in a hardware security module and rotated each year."],
  ["transit", "Encryption in transit with TLS 1.3", "Data", "implemented"],
  ["backup", "Backups in a second region, restored every month", "Data", "implemented"],
  ["cmek", "Customer-managed keys", "Data", "planned", "For Enterprise plans, in the second half of 2026."],
  ["log", "Audit log that customers can export", "Operations", "implemented"],
  ["scan", "Dependencies scanned on every change", "Operations", "implemented"],
  ["pentest", "Penetration test by a third party, twice a year", "Operations", "implemented"],
  ["bounty", "Bug bounty program", "Operations", "partial", "By invitation; public from 2027 on."],
  ["drill", "Incident response exercised twice a year", "Operations", "implemented"],
].map(([id, title, group, status, description]) => ({ id, title, group, status, ...(description && { description }), ...(id === "pentest" && { evidence: "pentest", last_verified: "2026-02-20" }), ...(id === "mfa" && { frameworks: ["ISO/IEC 27001 A.5.17", "SOC 2 CC6.1"] }) }));

const CERTIFICATIONS = [
  { id: "iso", framework: "ISO/IEC 27001:2022", status: "active", type: "certificate", number: "K-27001-2214", registry_url: "https://register.kiwa.eu/27001-2214", issuer: "Kiwa Register", scope: "Development and operation of the ledger platform", valid_from: "2025-03-01", valid_until: "2028-02-28", document: "iso-certificate" },
  { id: "soc", framework: "SOC 2 Type II", type: "report", period: { from: "2025-01-01", to: "2025-12-31" }, issued: "2026-01-15", issuer: "Prager & Oosterveld Accountants", scope: "Security, availability, confidentiality", valid_from: "2026-01-15", document: "soc-report" },
  { id: "cloud", framework: "ISO/IEC 27018:2019", status: "in-progress", issuer: "Kiwa Register", scope: "Personal data in public clouds" },
  { id: "pci", framework: "PCI DSS 4.0.1", status: "active", issuer: "Payment Assurance Lab", scope: "Card payments of the billing service", valid_until: "2026-11-30" },
];

const DOCUMENTS = [
  { id: "dpa", title: "Data Processing Agreement", category: "Contracts", kind: "dpa", file: "documents/dpa.pdf", version: "4.1", date: "2026-02-01" },
  { id: "terms", title: "Terms of service", category: "Contracts", url: "https://www.meridian-ledger.eu/terms", version: "12", date: "2025-11-20" },
  { id: "toms", title: "Technical and organizational measures", category: "Contracts", file: "documents/toms.pdf", version: "3.0", date: "2026-02-01" },
  { id: "soc-report", title: "SOC 2 Type II report", category: "Reports", access: "nda", date: "2026-01-15" },
  { id: "iso-certificate", title: "ISO/IEC 27001 certificate", category: "Reports", file: "documents/iso-27001.pdf", date: "2025-03-01", valid_until: "2028-02-28" },
  { id: "pentest", title: "Summary of the penetration test", category: "Reports", access: "request", date: "2026-02-20" },
  { id: "policy", title: "Information security policy", category: "Policies", access: "request", version: "7", date: "2025-12-02" },
  { id: "retention", title: "Retention and deletion policy", category: "Policies", file: "documents/retention.pdf", version: "2.2", date: "2025-12-02" },
];

const FAQ = [
  ["where", "Where is customer data stored?", "In Frankfurt and Dublin. Support tools are listed under [subprocessors](#list)."],
  ["train", "Is customer data used to train models?", "No. The provider of the assistant may not train on it either."],
  ["delete", "How is data deleted when a contract ends?", "Within 30 days from the platform and within 90 days from backups."],
  ["access", "Who can see our data?", "On-call engineers, for a stated reason, for at most four hours. You see each access in the audit log."],
  ["breach", "How fast do you tell us about a breach?", "Within 48 hours after we become aware of it."],
].map(([id, question, answer]) => ({ id, question, answer }));

const subprocessor = (id, name, category, purpose, data_categories, locations, more = {}) => ({ id, name, category, purpose, data_categories, locations, ...more });

const SERVICES = [
  { name: "Compute", purpose: "Virtual machines", data_categories: ["Account data", "Documents"], locations: [{ code: "DE", place: "Frankfurt" }, { code: "IE", place: "Dublin" }] },
  { name: "Databases", purpose: "Managed PostgreSQL", data_categories: ["Account data", "Ledger entries"], locations: [{ code: "DE", place: "Frankfurt", condition: { region: "EU" } }, { code: "US", place: "Virginia", condition: { region: "US" } }] },
  { name: "Archive", purpose: "Archive of closed fiscal years", data_categories: ["Ledger entries"], locations: ["IE"], condition: { plan: "Enterprise" } },
];

const SUBPROCESSORS = [
  { id: "northbank", name: "Northbank Cloud", category: "Infrastructure", purpose: "Hosting of the platform and its databases", legal_name: "Northbank Cloud EMEA SARL", corporate_location: "LU", website: "https://northbank.eu", dpa_url: "https://northbank.eu/dpa", transfer_mechanism: "scc", services: SERVICES },
  subprocessor("vault", "Vaultkeeper", "Infrastructure", "Encrypted backups in a second region", ["Ledger entries", "Documents"], ["NL"], { legal_name: "Vaultkeeper GmbH", corporate_location: "DE" }),
  subprocessor("edge", "Edgewater", "Infrastructure", "Content delivery and protection against attacks", ["Browser and request metadata"], ["EEA", "US"], { legal_name: "Edgewater Networks, Inc.", corporate_location: "US", transfer_mechanism: "dpf" }),
  subprocessor("logs", "Loghouse", "Infrastructure", "Operational logs and error traces", ["Operational logs", "Pseudonymous identifiers"], ["IE"], { corporate_location: "IE" }),
  subprocessor("mail", "Posthaste", "Communication", "Delivery of transactional email", ["Name and email address"], ["US"], { legal_name: "Posthaste LLC", corporate_location: "US", transfer_mechanism: "scc" }),
  subprocessor("sms", "Bellwether Messaging", "Communication", "Text messages for sign-in", ["Phone number"], ["SE"], { condition: { feature: "Sign-in by text message" } }),
  subprocessor("desk", "Helpdesk Seven", "Support", "Tickets and live chat", ["Name and email address", "Content of requests"], ["DE"]),
  subprocessor("call", "Parlor Video", "Support", "Video calls with the support team", ["Name and email address"], ["FR"], { condition: { when: "enabled", feature: "Premium support" } }),
  subprocessor("pay", "Cardinal Payments", "Billing", "Card payments and invoices", ["Billing contact data", "Payment metadata"], ["IE", "US"], { legal_name: "Cardinal Payments Europe Ltd", corporate_location: "IE", transfer_mechanism: "scc" }),
  subprocessor("tax", "Taxwise", "Billing", "Sales tax in the United States", ["Billing contact data"], ["US"], { corporate_location: "US", transfer_mechanism: "scc", condition: { feature: "Billing in US dollars" } }),
  subprocessor("ai", "Lucid Models", "Product", "Suggestions of the assistant", ["Ledger entries"], ["SE"], { condition: { feature: "Assistant" }, retention: "Not stored" }),
  subprocessor("maps", "Cartograph", "Product", "Maps of branch offices", ["Approximate location"], ["AT"], { condition: { feature: "Branch maps" } }),
  subprocessor("sign", "Inkwell Signatures", "Product", "Electronic signatures", ["Name and email address", "Documents"], ["EE"], { condition: { when: "configured", feature: "Signatures" } }),
  subprocessor("group", "Meridian Ledger UK Ltd.", "Affiliates", "Support outside of office hours", ["Content of requests"], ["GB"], { role: "affiliate", corporate_location: "GB", transfer_mechanism: "adequacy" }),
];

const AI = [
  { id: "assistant", feature: "Suggestions of the assistant", provider: "ai", model: "Lucid Large 3", data_categories: ["Ledger entries", "Account data"], training: "no", retention: "Not stored", regions: ["SE", "EU"], human_oversight: "An accountant confirms every suggestion before it is posted.", opt_out: "An administrator can turn it off in the settings.", details: "Prompts are **not** shared with other customers." },
  { id: "receipts", feature: "Recognition of receipts", data_categories: ["Documents"], training: "opt-out", regions: ["DE"] },
  { id: "anomalies", feature: "Detection of anomalies in ledgers", provider: "northbank", data_categories: ["Ledger entries"], training: "opt-in" },
];

const FACTS = [
  { id: "breach", title: "Notice of a data breach", kind: "breach-notice", hours: 48, document: "dpa" },
  { id: "uptime", title: "Availability", kind: "uptime", plan: "Business", percent: 99.95, details: "Measured each month, without announced maintenance." },
  { id: "rto", title: "Recovery time objective", kind: "rto", hours: 4 },
  { id: "rpo", title: "Recovery point objective", kind: "rpo", minutes: 15 },
  { id: "deletion", title: "Deletion after the contract ends", kind: "deletion", days: 30, url: "https://www.meridian-ledger.eu/deletion" },
  { id: "residency", title: "Choice of location", kind: "data-residency", regions: ["EU", "US"] },
  { id: "approval", title: "Approval of subprocessors", kind: "subprocessor-approval", approval: "general" },
  { id: "insurance", title: "Cyber insurance", kind: "insurance", details: "EUR 10,000,000 for each event." },
];

const SECTIONS = {
  "10-certifications": { title: "Certifications and reports", show: "certifications" },
  "20-controls": { title: "Security", show: "controls", body: "The controls below are in place for every customer, unless a plan is named." },
  "30-list": { title: "Subprocessors", show: "subprocessors", body: "Meridian Ledger B.V. engages these companies to process customer data." },
  "35-schedule": { title: "Your subprocessors", show: "schedule" },
  "40-commitments": { title: "Service commitments", show: "commitments" },
  "45-facts": { title: "Key facts", show: "facts" },
  "50-documents": { title: "Documents", show: "documents" },
  "60-processing": { title: "Data processing", body: "We process customer data as a processor under the [Data Processing Agreement](/documents/dpa.pdf).\n\n- Data is stored in the European Union.\n- Employees are bound by confidentiality.\n- Requests of data subjects are forwarded within two working days." },
  "65-models": { title: "Artificial intelligence", show: "ai", body: "No feature decides anything about a person." },
  "70-faq": { title: "Questions", show: "faq" },
  "80-history": { title: "Change log", show: "changelog" },
  "90-contact": { title: "Contact", show: "contacts" },
};

const COMMITMENTS = [
  { id: "team", plan: "Team", commitment: "Answers within one working day; 99.5 % availability a month." },
  { id: "business", plan: "Business", commitment: "Answers within four hours; 99.9 % availability a month.", details: "Credits of 10 % for each hour below it." },
  { id: "enterprise", plan: "Enterprise", commitment: "Answers within one hour, day and night; 99.95 % availability a month." },
];

const DELAYS = "2026-04-14-import-delays";

/** The updates by the name of their file, before and after the incident is resolved. */
const UPDATES = {
  "2026-01-15-soc-report": { title: "SOC 2 Type II report for 2025 available", kind: "certificate", body: "Request it from the [documents](#document-soc-report)." },
  "2026-03-09-export-advisory": { title: "Exports could contain archived accounts", kind: "advisory", severity: "low", affected: "Exports as CSV from 2 March 2026 on", status: "resolved", started: "2026-03-02", resolved: "2026-03-09", body: "Exports as CSV contained accounts that had been archived. Delete exports of that week, and create them again." },
  [DELAYS]: { title: "Imports of bank statements delayed", kind: "incident", severity: "medium", affected: "Imports of bank statements in the EU", status: "monitoring", started: "2026-04-14", body: "Imports took up to six hours. No statement was lost.\n\n## Cause\n\nNot known yet. We have added capacity and watch the queue." },
};
const RESOLVED = { ...UPDATES[DELAYS], status: "resolved", resolved: "2026-04-28", body: "Imports took up to six hours. No statement was lost.\n\n## Cause\n\nA bank sent each statement twice, and the queue had no limit per bank. It has one now." };

/** What the organization states on a date next to its subprocessors: nothing that is dated later. */
function statements(date, subprocessors) {
  const since = (items, field) => items.filter((item) => !item[field] || item[field] <= date);
  const documents = since(DOCUMENTS, "date");
  const known = (id) => documents.some((document) => document.id === id);
  const certifications = since(CERTIFICATIONS, "valid_from").map(({ document, ...item }) => ({ ...item, ...(known(document) && { document }) }));
  const controls = CONTROLS.map(({ evidence, last_verified: verified, ...item }) => ({ ...item, ...(verified <= date && known(evidence) && { evidence, last_verified: verified }) }));
  const facts = FACTS.map(({ document, ...item }) => ({ ...item, ...(known(document) && { document }) }));
  const ai = AI.filter(({ provider }) => !provider || subprocessors.some(({ id }) => id === provider));
  return { controls, certifications, documents, facts, ai };
}

/** Creates the organization that states everything: 11 releases, and two upcoming changes on 1 June 2026. */
export async function everything(settings = {}) {
  const files = { "content/site.yaml": json({ ...SITE, ...settings }), "static/logo.svg": LOGO };
  for (const name of ["dpa", "toms", "iso-27001", "retention"]) files[`static/documents/${name}.pdf`] = `${PDF}% ${name}\n`;
  for (const [name, value] of Object.entries(SECTIONS)) files[`content/sections/${name}.md`] = section(value);
  for (const [name, items] of Object.entries({ commitments: COMMITMENTS, faq: FAQ })) files[`content/data/${name}.yaml`] = json(items);
  const created = await project(files);
  const release = async (date, text, subprocessors) => {
    const lists = { ...statements(date, subprocessors), subprocessors };
    for (const [name, items] of Object.entries(lists)) await created.write(`content/data/${name}.yaml`, json(items));
    await run(created.root, "release", "-m", text, "--date", date);
  };
  let list = SUBPROCESSORS.slice(0, 5);
  await release("2024-09-02", "First release.", list);
  const joining = [["2024-11-04", "sms"], ["2025-01-13", "desk"], ["2025-03-03", "call"], ["2025-05-12", "pay"], ["2025-07-01", "tax"], ["2025-09-15", "maps"], ["2025-12-02", "sign"], ["2026-02-20", "group"]];
  for (const [date, id] of joining) {
    const item = SUBPROCESSORS.find((item) => item.id === id);
    list = SUBPROCESSORS.filter((other) => other === item || list.includes(other));
    await release(date, `${item.name} joins the list: ${item.purpose}.`, list);
  }
  const assistant = { ...SUBPROCESSORS.find((item) => item.id === "ai"), announced: "2026-04-20", effective: "2026-06-22" };
  const announced = SUBPROCESSORS.flatMap((item) => (item.id === "ai" ? [assistant] : list.includes(item) ? [item] : []));
  for (const [name, update] of Object.entries(UPDATES)) await created.write(`content/updates/${name}.md`, section(update));
  await release("2026-04-20", "Lucid Models will run the assistant from 22 June 2026 on.", announced);
  await created.write(`content/updates/${DELAYS}.md`, section(RESOLVED));
  const moved = { id: "second-copy", announced: "2026-05-18", effective: "2026-07-01", note: "Backups get a second copy in Sweden.", locations: ["NL", "SE"] };
  const moving = announced.map((item) => (item.id === "vault" ? { ...item, upcoming: [moved] } : item));
  await release("2026-05-18", "Vaultkeeper will keep a second copy of backups in Sweden from 1 July 2026 on.", moving);
  return created;
}

/** Creates the organization that states almost nothing: one control, one subprocessor and one release. */
export async function sparse() {
  const created = await project({
    "content/site.yaml": json({ title: "Trust", language: "en", organization: { name: "Fern" }, contacts: { privacy: "privacy@fern.eu" } }),
    "content/sections/10-security.md": section({ title: "Security", show: "controls" }),
    "content/sections/20-list.md": section({ title: "Subprocessors", show: "subprocessors" }),
    "content/data/controls.yaml": json([{ id: "tls", title: "Encryption in transit" }]),
    "content/data/subprocessors.yaml": json([{ id: "host", name: "Northbank Cloud", purpose: "Hosting" }]),
  });
  await run(created.root, "release", "-m", "First release.", "--date", "2026-05-22");
  return created;
}
