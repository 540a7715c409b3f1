// The selection of subprocessors by features and dimensions: the page, its CSV file and the command line agree.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browser, collectErrors, project, publish, run } from "./launch.mjs";

const REGIONS = ["EU", "UK", "US", "CA", "AU"];
const PLANS = ["Business", "Enterprise"];
const FEATURES = ["SMS", "Calls"];
const SITE = `title: Trust
organization: { name: Example, jurisdiction: other }
contacts: { privacy: privacy@example.com }
dimensions: { region: [${REGIONS}], plan: [${PLANS}] }
`;
const LIST = `- { id: core, name: Core, purpose: p, data_categories: [d], locations: [{ code: DE, condition: { region: [EU, UK] } }, { code: US, place: Ohio, condition: { unless: { region: [EU, UK] } } }] }
- { id: eu, name: Europe, purpose: p, data_categories: [d], locations: [FR], condition: { region: EU } }
- { id: business, name: America, purpose: p, data_categories: [d], locations: [US], condition: { region: [US, CA], plan: Business } }
- { id: support, name: Support, purpose: p, data_categories: [d], locations: [IE], condition: { unless: { plan: Business } } }
- { id: mail, name: Mail, purpose: p, data_categories: [d], locations: [IE], condition: { when: enabled, feature: SMS } }
- { id: mixed, name: Mixed, purpose: p, data_categories: [d], locations: [IE], condition: { any: [{ all: [{ feature: SMS }, { unless: { region: US } }] }, { plan: Enterprise, region: AU }] } }
- { id: calls, name: Calls, purpose: p, data_categories: [d], locations: [IE], condition: { all: [{ feature: [Calls, SMS] }, { unless: { all: [{ feature: Calls }, { plan: Business }] } }] } }
- { id: messages, name: Messages, purpose: p, data_categories: [Name], locations: [IE], services: [{ name: Letters, purpose: Post, data_categories: [Address], locations: [FR] }, { name: Texts, data_categories: [Number, Name], locations: [{ code: US, condition: { region: [US, CA] } }, DE], condition: { feature: SMS }, retention: 30 days }, { name: Voice, data_categories: [Number], condition: { feature: Calls, plan: Enterprise }, transfer_mechanism: scc }] }
- { id: optional, name: Optional, purpose: p, services: [{ name: One, data_categories: [a], locations: [DE], condition: { feature: Calls } }, { name: Two, data_categories: [b], locations: [FR], condition: { region: UK } }] }
- { id: transfers, name: Transfers, purpose: p, data_categories: [d], locations: [IE, { code: IN, condition: { region: US } }], transfer_mechanism: [{ mechanism: scc, to: [IN] }, { mechanism: adequacy, to: [JP] }], services: [{ name: Chat, locations: [{ code: BR, condition: { plan: Business } }, US], transfer_mechanism: [{ mechanism: scc, to: [BR, US] }], condition: { feature: SMS } }], upcoming: [{ announced: 2026-01-02, effective: 2027-01-01, locations: [IE, FR, { code: CA, condition: { region: CA } }] }] }
- { id: never, name: Never, purpose: p, data_categories: [d], locations: [IE], condition: { all: [{ region: EU }, { region: US }] } }
`;

let root, site, chromium, page, errors;

before(async () => {
  root = await project({ "content/site.yaml": SITE, "content/data/subprocessors.yaml": LIST });
  await run(root.root, "release", "-m", "First.", "--version", "2026-01-02");
  await run(root.root, "build", "--no-compress", "--out", join(root.root, "dist"), "--as-of", "2026-03-05");
  site = await publish(join(root.root, "dist"));
  chromium = await browser({ acceptDownloads: true });
  page = await chromium.page();
  errors = collectErrors(page, site.url);
});

after(async () => {
  await chromium?.close();
  await site?.stop();
  await root?.remove?.();
});

/** Returns name and locations of each visible row. */
const rows = () =>
  page.locator(".annex tbody tr").evaluateAll((all) =>
    all.filter((row) => row.checkVisibility()).map((row) => `${row.id}: ${row.querySelector("td:nth-child(4)").textContent.trim()}`),
  );

/** Returns the entries of the lists in the HTML of a row: its services and data categories. */
const entries = (row) => [...row.matchAll(/<li>(.*?)<\/li>/gs)].map(([, text]) => text);

/** Returns the entries of the lists in each visible row. */
const shownEntries = () =>
  page.locator(".annex tbody tr").evaluateAll((all) =>
    all.filter((row) => row.checkVisibility()).map((row) => `${row.id}: ${[...row.querySelectorAll("li")].map((entry) => entry.textContent).join("; ")}`),
  );

/** Returns the details of each visible service. */
const shownDetails = () =>
  page.locator(".annex tbody tr:not([hidden]) [data-service]:not([hidden])").evaluateAll((all) =>
    all.map((detail) => `${detail.dataset.service}: ${detail.querySelector("dd").textContent}`),
  );

/** Returns what each visible announced change alters; `page` is the page or the document of a selection. */
const shownChanges = (page) =>
  page.locator(".annex .change").evaluateAll((all) =>
    all.filter((change) => change.checkVisibility()).map((change) => {
      const pieces = [...change.querySelectorAll(".deltas")].filter((piece) => piece.checkVisibility());
      return pieces.map((piece) => piece.textContent.replace(/\s+/g, " ").trim()).join(" | ");
    }),
  );

async function downloaded() {
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download CSV" }).click();
  return readFile(await (await downloading).path(), "utf8");
}

test("the page, its CSV file and the command line agree for every region, plan and feature", async () => {
  await page.goto(`${site.url}schedule/`);
  const [seen, combinations, altered] = [new Set(), new Set(), new Set()];
  const file = await chromium.page();
  // Chromium draws pages in the background once a second, and every action waits for a frame.
  await page.bringToFront();
  for (const region of ["", ...REGIONS]) {
    for (const plan of ["", ...PLANS]) {
      for (const features of [[], ["SMS"], ["Calls"], ["SMS", "Calls"]]) {
        const name = `${region || "any region"}, ${plan || "any plan"}, ${features.join(" and ") || "no feature"}`;
        await page.getByLabel("Region", { exact: true }).selectOption(region);
        await page.getByLabel("Plan", { exact: true }).selectOption(plan);
        for (const feature of FEATURES) await page.getByLabel(feature, { exact: true }).setChecked(features.includes(feature));
        const answers = [["region", region], ["plan", plan]].flatMap(([key, value]) => (value ? ["--for", `${key}=${value}`] : []));
        const choice = ["schedule", ...answers, ...features.flatMap((feature) => ["--features", feature])];
        const { stdout: csv } = await run(root.root, ...choice, "--format", "csv");
        assert.equal(await downloaded(), `\ufeff${csv}`, name);
        const { stdout: html } = await run(root.root, ...choice, "--format", "html");
        const ids = [...html.matchAll(/<tr id="([^"]+)"/g)].map(([, id]) => id);
        const shown = await rows();
        assert.deepEqual(shown.map((row) => row.split(":")[0]), ids, name);
        assert.equal(csv.trim().split("\r\n").length - 1, ids.length, name);
        assert.ok(!ids.includes("never"), name);
        const facts = (await page.locator(".particulars").innerText()).replace(/\s+/g, " ");
        assert.match(facts, new RegExp(`Plan ${plan || "Any"} Region ${region || "Any"} `), name);
        // The rows show the same services, data and places as the file.
        const expected = [...html.matchAll(/<tr id="([^"]+)".*?<\/tr>/gs)].map(([row, id]) => `${id}: ${entries(row).join("; ")}`);
        assert.deepEqual(await shownEntries(), expected, name);
        assert.deepEqual(await shownDetails(), [...html.matchAll(/<div data-service="([^"]+)".*?<dd>(.*?)<\/dd>/gs)].map(([, service, text]) => `${service}: ${text}`), name);
        // The announced changes have the same pieces.
        await file.setContent(html);
        const pieces = await shownChanges(page);
        assert.deepEqual(pieces, await shownChanges(file), name);
        altered.add(pieces.join("\n"));
        const combined = region && plan;
        if (combined) combinations.add(name);
        seen.add(shown.join("\n"));
      }
    }
  }
  // Every region with every plan, each with none, one or both of the features.
  assert.equal(combinations.size, REGIONS.length * PLANS.length * 4);
  assert.ok(seen.size >= 24, `${seen.size} different lists`);
  // With Canada, and without it; with India, and without it.
  assert.ok(altered.size >= 3, [...altered].join("\n"));
  for (const [country, region] of [["Canada", "CA"], ["India", "US"]]) {
    await page.getByLabel("Region", { exact: true }).selectOption("EU");
    assert.ok((await shownChanges(page)).every((change) => !change.includes(country)), country);
    await page.getByLabel("Region", { exact: true }).selectOption(region);
    assert.ok((await shownChanges(page)).some((change) => change.includes(country)), country);
  }
  assert.deepEqual(errors, []);
});

test("locations that do not apply are left out of the page", async () => {
  await page.goto(`${site.url}schedule/`);
  await page.getByLabel("Region", { exact: true }).selectOption("US");
  assert.ok((await rows()).includes("core: United States (Ohio; except for region EU or UK)"), (await rows()).join("\n"));
  await page.getByLabel("Region", { exact: true }).selectOption("UK");
  assert.ok((await rows()).includes("core: Germany (only for region EU or UK)"), (await rows()).join("\n"));
});
