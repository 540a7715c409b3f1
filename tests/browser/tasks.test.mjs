// What readers come for, on the pages of an organization that states everything: each answer is at most three clicks away from
// the trust page, and visible without scrolling past the second screen.

import assert from "node:assert/strict";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { after, before, test } from "node:test";
import { browser, collectErrors, publish, run } from "./launch.mjs";
import { everything } from "./organizations.mjs";

const HEIGHT = 900;

let root, site, chromium;

before(async () => {
  root = await everything();
  await run(root.root, "build", "--no-compress", "--out", join(root.root, "dist"), "--as-of", "2026-06-01");
  site = await publish(join(root.root, "dist"));
  chromium = await browser({ viewport: { width: 1440, height: HEIGHT } });
});

after(async () => {
  await Promise.all([chromium?.close(), site?.stop()]);
  await root?.remove();
});

/** Starts at the trust page and follows a reader: `body` gets the page, a click that is counted, and a check of an answer. */
function task(name, body) {
  test(name, async (context) => {
    const page = await chromium.page();
    const errors = collectErrors(page, site.url);
    await page.goto(site.url);
    const start = performance.now();
    let clicks = 0;
    const sees = async (answer, what) => {
      await answer.first().waitFor();
      const { y, height } = await answer.first().boundingBox();
      const end = y + height + (await page.evaluate(() => scrollY));
      assert.ok(end <= 2 * HEIGHT, `${what} ends at ${end} px`);
    };
    const click = async (part) => {
      await sees(part, "what to click");
      await part.first().click();
      clicks += 1;
    };
    await body({ page, click, sees });
    context.diagnostic(`${clicks} clicks, ${Math.round(performance.now() - start)} ms`);
    assert.ok(clicks <= 3, `${clicks} clicks`);
    await page.close();
    assert.deepEqual(errors, []);
  });
}

task("which subprocessors apply to us", async ({ page, click, sees }) => {
  await click(page.locator(".actions").getByRole("link", { name: "Your subprocessors" }));
  await click(page.getByLabel("Assistant", { exact: true }));
  await click(page.getByLabel("Signatures", { exact: true }));
  await sees(page.getByText(/^\d+ subprocessors apply$/), "the number");
  await sees(page.getByRole("rowheader", { name: /Northbank Cloud/ }), "the first of them");
  assert.ok(await page.getByRole("rowheader", { name: /Inkwell Signatures/ }).isVisible());
  assert.ok(await page.getByRole("rowheader", { name: /Cartograph/ }).isHidden());
});

task("where data is processed", async ({ page, click, sees }) => {
  await sees(page.locator(".facts .names", { hasText: "Germany" }), "the countries");
  await click(page.locator(".facts").getByRole("link", { name: "Data is processed in" }));
  await click(page.locator(".facets summary", { hasText: "Location" }));
  await click(page.locator(".panel label", { hasText: "United States" }));
  await sees(page.getByText("5 of 14 shown"), "the number");
  await sees(page.getByRole("rowheader", { name: /Edgewater/ }), "the first of them");
});

task("what changed since 1 June, and what is upcoming", async ({ page, click, sees }) => {
  await sees(page.getByRole("heading", { name: "Upcoming changes" }), "what is upcoming");
  await sees(page.locator("#ui--upcoming").getByText("1 July 2026"), "its date");
  await sees(page.locator("#ui--upcoming").getByText("7 June 2026", { exact: true }), "its deadline");
  await click(page.locator(".sitenav").getByRole("link", { name: "Change log" }));
  await click(page.getByRole("link", { name: "Compare releases" }));
  await page.getByLabel("Since your review on").fill("2026-05-01");
  await sees(page.getByText("From 2026-04-20 to 2026-05-18"), "the versions");
  await sees(page.locator("#ui--result .change", { hasText: "Vaultkeeper" }), "the change");
  await page.getByLabel("Since your review on").fill("2026-06-01");
  await sees(page.getByText("There are no differences between these releases."), "that nothing changed");
});

task("get the SOC 2 report", async ({ page, click, sees }) => {
  await click(page.locator(".facts").getByRole("link", { name: "SOC 2 Type II" }));
  await click(page.locator("#soc").getByRole("link", { name: "SOC 2 Type II report" }));
  const entry = page.locator("#document-soc-report");
  await entry.waitFor();
  // The link leads to the entry, which is now on the screen.
  assert.ok(await entry.evaluate((part) => part.getBoundingClientRect().top >= 0 && part.getBoundingClientRect().bottom <= innerHeight));
  const request = new URL(await entry.getByRole("link", { name: "Request under NDA" }).getAttribute("href"));
  assert.equal(request.protocol, "mailto:");
  assert.ok(request.searchParams.get("body").includes("SOC 2 Type II report"));
  assert.ok(await entry.getByText(request.pathname).isVisible(), "the address is not visible");
  // Nothing else has to be found on the page.
  await sees(page.locator(".facts"), "the facts");
});

task("file the list", async ({ page, click, sees }) => {
  await click(page.locator(".actions").getByRole("link", { name: "Your subprocessors" }));
  await sees(page.getByRole("button", { name: "Print or save as PDF" }), "the PDF");
  await sees(page.locator(".particulars .digest, .particulars").getByText(/[0-9a-f]{64}/), "the digest");
  const downloading = page.waitForEvent("download");
  await click(page.getByRole("button", { name: "Download CSV" }));
  assert.match((await downloading).suggestedFilename(), /^schedule-2026-05-18\.csv$/);
});

test("the filter of the list includes subprocessors that are not in use yet", async () => {
  const page = await chromium.page();
  const shown = () => page.locator(".sheet:not(.section *) tbody tr:visible:not(.category)").evaluateAll((rows) => rows.map(({ id }) => id));
  await page.goto(`${site.url}subprocessors/?q=lucid`);
  await page.getByText("1 of 14 shown").waitFor();
  assert.deepEqual(await shown(), ["ai"]);
  await page.goto(`${site.url}subprocessors/?q=vaultkeeper`);
  await page.getByText("1 of 14 shown").waitFor();
  assert.deepEqual(await shown(), ["vault"]);
  await page.goto(`${site.url}subprocessors/?category=Product&sort=-name`);
  await page.getByText("3 of 14 shown").waitFor();
  assert.deepEqual((await shown()).toSorted(), ["ai", "maps", "sign"]);
  await page.close();
});

test("the comparison lists the announced changes that have taken effect", async () => {
  const out = join(root.root, "later");
  await run(root.root, "build", "--no-compress", "--out", out, "--as-of", "2026-07-15");
  const later = await publish(out);
  const page = await chromium.page();
  await page.goto(`${later.url}compare/?since=2026-06-10`);
  await page.getByText("There are no differences between these releases.").waitFor();
  const entries = page.locator("section", { has: page.locator("#effective") }).locator("li");
  const dates = await entries.locator("> time").evaluateAll((times) => times.map(({ dateTime }) => dateTime));
  assert.deepEqual(dates, ["2026-07-01", "2026-06-22"]);
  assert.match(await entries.first().innerText(), /Vaultkeeper[^]*Sweden[^]*Announced with version 2026-05-18/);
  await page.close();
  await later.stop();
});

test("the first view is at most 40 kB compressed", async (context) => {
  const page = await chromium.page();
  const bodies = [];
  page.on("response", (response) => bodies.push(response.body()));
  await page.goto(site.url, { waitUntil: "networkidle" });
  const sizes = (await Promise.all(bodies)).map((body) => gzipSync(body, { level: 9 }).length);
  const sum = sizes.reduce((all, size) => all + size, 0);
  context.diagnostic(`${sum} bytes in ${sizes.length} requests`);
  // The page, its style sheet, the logo, the icon, and the script that searches questions.
  assert.ok(sizes.length <= 5, `${sizes.length} requests`);
  assert.ok(sum <= 40 * 1024, `${sum} bytes`);
  await page.close();
});
