// Every kind of page printed to PDF in A4 and Letter, and read back as text.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { complete, long } from "./fixture.mjs";
import { browser, collectErrors, publish, run } from "./launch.mjs";

const PAGES = ["", "subprocessors/", "schedule/", "compare/", "changelog/", "releases/2026-02-10/"];
const FORMATS = ["A4", "Letter"];

let root, longProject, site, list, chromium, folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "candor-paper-"));
  [root, longProject] = [await complete(), await long(2)];
  for (const project of [root, longProject]) await run(project.root, "build", "--out", join(project.root, "dist"), "--as-of", "2026-06-01");
  [site, list] = [await publish(join(root.root, "dist")), await publish(join(longProject.root, "dist"))];
  chromium = await browser();
});

after(async () => {
  await Promise.all([chromium?.close(), site?.stop(), list?.stop(), root?.remove(), longProject?.remove(), rm(folder, { recursive: true, force: true })]);
});

/** Prints a page and returns the text of each sheet. */
async function sheets(address, format, prepare) {
  const page = await chromium.page();
  const errors = collectErrors(page, new URL("/", address).href);
  await page.goto(address);
  if (address.endsWith("compare/")) await page.locator("#ui--result ul").first().waitFor();
  await prepare?.(page);
  const file = join(folder, "page.pdf");
  await writeFile(file, await page.pdf({ format, preferCSSPageSize: false }));
  await page.close();
  assert.deepEqual(errors, []);
  const { stdout } = await promisify(execFile)("pdftotext", ["-raw", file, "-"], { maxBuffer: 1 << 26 });
  return stdout.split("\f").slice(0, -1);
}

const publishedReleases = async () => (await (await fetch(`${site.url}releases/index.json`)).json()).releases;

test("every sheet shows the organization, version, digest, page number and page count", async () => {
  const releases = await publishedReleases();
  const digestOf = (version) => releases.find((release) => release.version === version).sha256;
  for (const format of FORMATS) {
    for (const path of PAGES) {
      const version = path.startsWith("releases/") ? "2026-02-10" : "2026-05-22.2";
      const all = await sheets(site.url + path, format);
      all.forEach((text, at) => {
        const foot = text.replace(/\s/g, "");
        for (const expected of ["ExampleLedger", version, digestOf(version), `${at + 1}/${all.length}`]) assert.ok(foot.includes(expected), `${path} ${format}: sheet ${at + 1} of ${all.length} does not show ${expected}`);
      });
    }
  }
});

test("printed pages have no navigation or controls, and show collapsed answers", async () => {
  for (const path of PAGES) {
    const text = (await sheets(site.url + path, "A4")).join("\n");
    for (const idle of ["Contents", "Skip to content", "Request a DPA", "Subscribe", "Print or save", "Find", "Swap", "Sort by"]) assert.ok(!text.includes(idle), `${path}: ${idle}`);
    // The title of a page is in its footer.
    if (path !== "schedule/") assert.ok(!text.includes("Your subprocessors"), path);
  }
  const front = (await sheets(site.url, "A4")).join("\n");
  assert.match(front, /In the European Union\. See the list/);
  assert.match(front, /Where is data stored\?/, "the question is split into lines");
});

test("the first sheet of the trust page has the first upcoming change", async () => {
  for (const format of FORMATS) {
    const [first] = await sheets(site.url, format);
    for (const said of ["Upcoming changes", "Insight Analytics"]) assert.ok(first.includes(said), `${format}: ${said} is not on the first sheet: ${first}`);
  }
});

test("printed links show URLs that are not in their text", async () => {
  const front = (await sheets(site.url, "A4")).join("").replace(/\s/g, "");
  for (const address of ["<https://example.org/long/", "<https://example.com/access.pdf>"]) assert.ok(front.includes(address), address);
  assert.ok(!front.includes("https://example.com/support<"), "a URL is printed twice");
});

test("the printed annex shows the customer, applicable subprocessors and the fields of the SCC annexes", async () => {
  const all = await sheets(`${site.url}schedule/`, "A4", async (page) => {
    await page.getByLabel("Mail", { exact: true }).check();
    await page.getByLabel("Company name").fill("Muster AG");
  });
  const text = all.join("\n").replace(/\s+/g, " ");
  for (const said of ["Subprocessor annex", "Muster AG", "Example Ledger International Holdings", "1 Example Quay", "Alpha Mail", "1 Main Street",
    "Data protection officer", "Operation of the service", "Term of the contract", "Users, Visitors"]) assert.ok(text.includes(said), `${said} is missing in ${text}`);
  for (const not of ["exceptionally long", "Select the features", "Your subprocessors Select"]) assert.ok(!text.includes(not), not);
});

test("long tables repeat their header on every sheet", async () => {
  for (const format of FORMATS) {
    const all = await sheets(`${list.url}subprocessors/`, format);
    assert.ok(all.length > 10, `${all.length} sheets`);
    const without = all.slice(0, -1).findIndex((text) => !/Provider\s+Purpose\s+Data processed/.test(text));
    assert.equal(without, -1, `${format}: sheet ${without + 1} has no table header`);
  }
});
