// The selection of subprocessors by features and dimensions: the page, its CSV file and the command line agree.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browser, collectErrors, project, publish, run } from "./launch.mjs";

const REGIONS = ["EU", "UK", "US", "CA", "AU"];
const PLANS = ["Business", "Enterprise"];
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

async function downloaded() {
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download CSV" }).click();
  return readFile(await (await downloading).path(), "utf8");
}

test("the page, its CSV file and the command line agree for every region, plan and feature", async () => {
  await page.goto(`${site.url}schedule/`);
  const seen = new Set();
  for (const region of ["", ...REGIONS]) {
    for (const plan of ["", ...PLANS]) {
      for (const sms of [false, true]) {
        const name = `${region || "any region"}, ${plan || "any plan"}, ${sms ? "with" : "without"} SMS`;
        await page.getByLabel("Region", { exact: true }).selectOption(region);
        await page.getByLabel("Plan", { exact: true }).selectOption(plan);
        await page.getByLabel("SMS", { exact: true }).setChecked(sms);
        const answers = [["region", region], ["plan", plan]].flatMap(([key, value]) => (value ? ["--for", `${key}=${value}`] : []));
        const choice = ["schedule", ...answers, ...(sms ? ["--features", "SMS"] : [])];
        const { stdout: csv } = await run(root.root, ...choice, "--format", "csv");
        assert.equal(await downloaded(), csv, name);
        const { stdout: html } = await run(root.root, ...choice, "--format", "html");
        const ids = [...html.matchAll(/<tr id="([^"]+)"/g)].map(([, id]) => id);
        const shown = await rows();
        assert.deepEqual(shown.map((row) => row.split(":")[0]), ids, name);
        assert.equal(csv.trim().split("\r\n").length - 1, ids.length, name);
        assert.ok(!ids.includes("never"), name);
        const facts = (await page.locator(".particulars").innerText()).replace(/\s+/g, " ");
        assert.match(facts, new RegExp(`Plan ${plan || "Any"} Region ${region || "Any"} `), name);
        seen.add(shown.join("\n"));
      }
    }
  }
  assert.ok(seen.size >= 12, `${seen.size} different lists`);
  assert.deepEqual(errors, []);
});

test("locations that do not apply are left out of the page", async () => {
  await page.goto(`${site.url}schedule/`);
  await page.getByLabel("Region", { exact: true }).selectOption("US");
  assert.ok((await rows()).includes("core: United States (Ohio; except for region EU or UK)"), (await rows()).join("\n"));
  await page.getByLabel("Region", { exact: true }).selectOption("UK");
  assert.ok((await rows()).includes("core: Germany (only for region EU or UK)"), (await rows()).join("\n"));
});
