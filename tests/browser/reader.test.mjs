// What readers can do on the published pages: filter, sort, share, create an annex, and compare releases. At every width,
// with the keyboard, and without JavaScript.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { browser, collectErrors, project, publish, run } from "./launch.mjs";

const SITE = `organization:
  name: Example
title: Trust
description: What we promise.
base_url: https://trust.example.com/
contacts:
  privacy: privacy@example.com
`;
const item = (id, name, rest) => `- id: ${id}\n  name: ${name}\n  ${rest.replaceAll("\n", "\n  ")}\n`;
const HOST = item("host", "Zeta Hosting", "purpose: Hosting of the application in one region\ndata_categories: [Account data, Logs]\nlocations: [DE]\nlegal_name: Zeta Hosting GmbH\naddress: 1 Main Street");
const MAIL = item("mail", "Alpha Mail", "purpose: Sending of mail\ndata_categories: [Email address]\nlocations: [US]\ntransfer_mechanism: dpf\ncondition: { when: configured, feature: Mail }");
const GONE = item("gone", "Gone Ltd", 'purpose: "=Nothing any more"\ndata_categories: [Logs]\nends: 2026-06-01');
const LONG = item("long", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "purpose: Payments\ndata_categories: [Invoice data]\ncondition: { when: enabled, feature: Billing }");
const NEW = HOST.replace("in one region", "in two regions").replace("Logs]", "Logs, Metrics]");

const WIDTHS = [1440, 768, 390, 320];

let root, site, chromium, plain, page, errors, home;

before(async () => {
  root = await project({
    "content/site.yaml": SITE,
    "content/sections/10-list.md": "---\ntitle: Subprocessors\nshow: subprocessors\n---\n\nWhom we engage.\n",
    "content/data/subprocessors.yaml": HOST + MAIL + GONE,
  });
  await run(root.root, "release", "-m", "First.", "--version", "2026-01-02");
  await root.write("content/data/subprocessors.yaml", NEW + MAIL + GONE + LONG);
  await run(root.root, "release", "-m", "Billing.", "--version", "2026-03-04");
  await run(root.root, "build", "--no-compress", "--out", join(root.root, "dist"), "--as-of", "2026-03-05");
  site = await publish(join(root.root, "dist"));
  home = site.url;
  chromium = await browser({ acceptDownloads: true, permissions: ["clipboard-read", "clipboard-write"] });
  plain = await browser({ javaScriptEnabled: false });
});

after(async () => {
  await Promise.all([chromium?.close(), plain?.close(), site?.stop()]);
  await root?.remove();
});

beforeEach(async () => {
  page = await chromium.page();
  errors = collectErrors(page, home);
});

afterEach(async () => {
  await page.close();
  assert.deepEqual(errors, []);
});

const names = () => page.locator("tbody tr:visible th").evaluateAll((cells) => cells.map((cell) => cell.firstChild.textContent.trim()));
const count = () => page.locator("#ui--count");

/** Opens a facet of the list, unless it is open, and returns it. */
async function facet(name) {
  const part = page.locator(".facets details").filter({ has: page.locator("summary", { hasText: new RegExp(`^${name}`) }) });
  if ((await part.getAttribute("open")) === null) await part.locator("summary").click();
  return part;
}

/** Checks a choice of a facet, or unchecks it. */
const choose = async (name, choice) => (await facet(name)).locator("label", { has: page.locator(`input[value="${choice}"]`) }).click();

/** Returns the choices of a facet: `Logs 3`, in parentheses if it is disabled. */
const choices = async (name) =>
  (await facet(name)).locator("label").evaluateAll((all) => all.map((label) => (label.control.disabled ? `(${label.textContent})` : label.textContent)));

/** Runs a test at every width. */
function testAtAllWidths(name, body) {
  for (const width of WIDTHS) {
    test(`${name} (${width} px)`, async () => {
      await page.setViewportSize({ width, height: 900 });
      await body(width);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page scrolls horizontally");
    });
  }
}

test("without JavaScript, pages show all content and no controls that need a script", async () => {
  const scriptless = await plain.page();
  await scriptless.goto(`${home}subprocessors/`);
  assert.equal(await scriptless.locator("tbody tr:visible").count(), 4);
  assert.equal(await scriptless.locator("input:visible, select:visible, button:visible").count(), 0);
  await scriptless.goto(`${home}schedule/`);
  assert.equal(await scriptless.locator("tbody tr:visible").count(), 4, "all of the day of the build");
  assert.equal(await scriptless.locator("input:visible, button:visible").count(), 0);
  assert.match(await scriptless.locator("#ui--plain a").getAttribute("href"), /^mailto:privacy@example\.com\?/);
  await scriptless.goto(`${home}compare/`);
  assert.equal(await scriptless.locator("select:visible, button:visible").count(), 0);
  assert.deepEqual(await scriptless.locator("#ui--list a").allTextContents(), ["2026-03-04", "2026-01-02"]);
  await scriptless.locator("#ui--list a").last().click();
  await scriptless.waitForURL("**/releases/2026-01-02/");
  await scriptless.close();
});

test("pages that need no script load none", async () => {
  for (const [path, scripts] of [["", 0], ["changelog/", 0], ["subprocessors/", 1], ["schedule/", 1], ["compare/", 1]]) {
    await page.goto(home + path);
    assert.equal(await page.locator("script[src]").count(), scripts, path);
  }
});

testAtAllWidths("the list filters by text, data and condition, and the filter can be shared", async () => {
  await page.goto(`${home}subprocessors/`);
  assert.equal(await count().textContent(), "4 of 4 shown");
  await page.getByLabel("Find").fill("zeta GMBH");
  assert.deepEqual(await names(), ["Zeta Hosting"]);
  assert.equal(await count().textContent(), "1 of 4 shown");
  await page.getByLabel("Find").fill("");
  await choose("Data processed", "Logs");
  assert.deepEqual(await names(), ["Zeta Hosting", "Gone Ltd"]);
  await (await facet("Data processed")).getByRole("button", { name: "All data" }).click();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Data processed");
  assert.equal((await names()).length, 4);
  await choose("Applies", "Only with Mail");
  assert.deepEqual(await names(), ["Alpha Mail"]);
  await page.getByLabel("Find").fill("mail");
  await page.waitForURL(/[?]q=mail&when=/);
  await page.goto(page.url());
  assert.deepEqual(await names(), ["Alpha Mail"]);
  assert.equal(await page.getByLabel("Find").inputValue(), "mail");
  await page.getByLabel("Find").fill("nothing like it");
  assert.equal(await count().textContent(), "No subprocessor matches the filter (0 of 4 shown).");
  assert.ok(await page.locator(".sheet table").first().isHidden(), "the header is visible without rows");
  assert.equal(await count().getAttribute("role"), "status", "the count is not announced");
  await page.getByRole("button", { name: "Show all" }).click();
  assert.equal((await names()).length, 4);
  await page.waitForURL(`${home}subprocessors/`);
});

testAtAllWidths("facets show how many rows each choice gives, and no combination gives none", async () => {
  await page.goto(`${home}subprocessors/`);
  assert.deepEqual(await choices("Data processed"), ["Account data 1", "Email address 1", "Invoice data 1", "Logs 2", "Metrics 1"]);
  assert.deepEqual(await choices("Location"), ["Germany 1", "United States 1"]);
  await choose("Data processed", "Logs");
  // The counts of a facet do not depend on its own choices.
  assert.deepEqual(await choices("Data processed"), ["Account data 1", "Email address 1", "Invoice data 1", "Logs 2", "Metrics 1"]);
  assert.deepEqual(await choices("Location"), ["Germany 1", "(United States 0)"]);
  await choose("Data processed", "Email address");
  await choose("Location", "United States");
  assert.deepEqual(await names(), ["Alpha Mail"]);
  await page.waitForURL(/[?]data=Email\+address&data=Logs&location=United\+States$|[?]data=Email\+address&location=United\+States$/);
  // Without the row that has both, the other choice is dropped.
  await choose("Data processed", "Email address");
  assert.ok((await names()).length > 0);
  await page.goto(`${home}subprocessors/?data=Logs&location=United+States`);
  assert.deepEqual(await names(), ["Zeta Hosting", "Gone Ltd"], "the combination in the address gives no rows");
  await page.getByLabel("Find").fill("gone");
  assert.deepEqual(await choices("Location"), ["(Germany 0)", "(United States 0)"]);
  // A click elsewhere closes the facet.
  await page.mouse.click(2, 2);
  assert.equal(await page.locator(".facets [open]").count(), 0);
});

test("random choices never lead to an empty list", async () => {
  await page.goto(`${home}subprocessors/`);
  // A fixed sequence of pseudorandom numbers.
  let seed = 7;
  const random = (below) => (seed = (seed * 48271) % 2147483647) % below;
  for (let turn = 0; turn < 80; turn += 1) {
    const shown = await page.evaluate((number) => {
      const boxes = [...document.querySelectorAll(".facets input:enabled")];
      boxes[number % boxes.length].click();
      return document.querySelectorAll(".sheet tbody tr:not([hidden])").length;
    }, random(1000));
    assert.ok(shown > 0, `after choice ${turn}`);
  }
});

testAtAllWidths("columns sort in both directions, and the URL contains the order", async () => {
  await page.goto(`${home}subprocessors/?sort=name`);
  const sorted = await names();
  assert.equal(sorted[0], "Alpha Mail");
  assert.equal(sorted[3], "Zeta Hosting");
  const head = page.getByRole("columnheader", { name: "Provider" });
  assert.equal(await head.getAttribute("aria-sort"), "ascending");
  await head.getByRole("button").focus();
  await page.keyboard.press("Enter");
  assert.equal(await head.getAttribute("aria-sort"), "descending");
  assert.deepEqual(await names(), sorted.toReversed());
  await page.waitForURL(/\?sort=-name$/);
  await page.getByLabel("Sort by").selectOption("");
  assert.equal((await names())[0], "Zeta Hosting");
});

testAtAllWidths("a link to a subprocessor shows it despite filters, and invalid parameters are ignored", async () => {
  await page.goto(`${home}subprocessors/?q=zeta&data=%3Cb%3E&sort=nothing#mail`);
  assert.ok(await page.locator("#mail").isVisible());
  assert.notEqual(await page.locator("#mail").evaluate((row) => getComputedStyle(row).boxShadow), "none");
  assert.equal(await page.locator(".facets :checked").count(), 0);
});

testAtAllWidths("filtering and sorting work with the keyboard", async () => {
  await page.goto(`${home}subprocessors/`);
  await page.getByLabel("Find").focus();
  await page.keyboard.type("hosting");
  assert.deepEqual(await names(), ["Zeta Hosting"]);
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.press("Delete");
  for (const label of ["Data processed", "Location", "Applies", "Sort by"]) {
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => (document.activeElement.labels?.[0] ?? document.activeElement).textContent), label);
  }
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  assert.deepEqual(await names(), ["Zeta Hosting", "Gone Ltd"]);
  // Escape closes the facet, and the focus returns to its name.
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".facets [open]").count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Applies (1)");
  await page.getByRole("button", { name: "Show all" }).click();
  await page.getByLabel("Sort by").focus();
  await page.keyboard.press("ArrowDown");
  assert.equal((await names())[0], "Alpha Mail");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Provider");
  await page.keyboard.press("Enter");
  assert.equal((await names())[0], "Zeta Hosting");
  assert.ok(await page.evaluate(() => document.activeElement.checkVisibility() && document.activeElement.getBoundingClientRect().height > 20));
});

testAtAllWidths("the annex lists applicable subprocessors and the customer, and can be saved and copied", async () => {
  await page.goto(`${home}schedule/`);
  assert.ok(await page.getByText("Nothing you enter is sent anywhere").isVisible());
  assert.deepEqual(await names(), ["Zeta Hosting"]);
  assert.equal(await count().textContent(), "1 subprocessor applies");
  // Use only the keyboard.
  await page.getByLabel("Mail", { exact: true }).focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Muster & Söhne <b>");
  await page.keyboard.press("Tab");
  await page.keyboard.type("ws-1");
  assert.deepEqual(await names(), ["Zeta Hosting", "Alpha Mail"]);
  assert.equal(await count().textContent(), "2 subprocessors apply");
  const facts = (await page.locator(".particulars").innerText()).replace(/\s+/g, " ");
  assert.match(facts, /^Processor Example Customer Muster & Söhne <b>, ws-1 Features in use Mail As of \d+ \w+ \d{4} Version 2026-03-04 SHA-256 [0-9a-f]{64}$/);

  const mail = new URL(await page.locator("#ui--mail").getAttribute("href"));
  assert.equal(mail.pathname, "privacy@example.com");
  const body = mail.searchParams.get("body");
  for (const said of ["Company name: Muster & Söhne <b>\r\n", "Workspace identifier: ws-1\r\n", "Features we use: Mail\r\n", "2026-03-04"]) assert.ok(body.includes(said), body);

  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download CSV" }).click();
  const download = await downloading;
  assert.equal(download.suggestedFilename(), "schedule-2026-03-04.csv");
  const { stdout } = await run(root.root, "schedule", "--features", "Mail", "--format", "csv");
  // Spreadsheets recognize UTF-8 by the byte order mark.
  assert.equal(await readFile(await download.path(), "utf8"), `\uFEFF${stdout}`, "the file differs from the output of `candor schedule`");

  await page.getByRole("button", { name: "Copy as text" }).click();
  await page.getByText("Copied to the clipboard.").waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(text, /Customer: Muster & Söhne <b>, ws-1\n/);
  assert.match(text, /Provider: Alpha Mail\n/);
  assert.ok(!text.includes("Gone Ltd"));
});

testAtAllWidths("two releases are compared: the latest two, or those in the URL", async () => {
  await page.goto(`${home}compare/`);
  await page.getByText("From 2026-01-02 to 2026-03-04").waitFor();
  assert.equal(await count().textContent(), "2 changes");
  // The program rendered the entry in the change log: it has the same lines.
  const lines = () => page.locator("li.change").evaluateAll((items) => items.map((item) => item.textContent.replace(/\s+/g, "")));
  const compared = await lines();
  assert.equal(await page.locator("#ui--result .reworded ins").count(), 1);
  await page.goto(`${home}changelog/`);
  assert.deepEqual(compared, await lines());

  await page.goto(`${home}compare/?old=2026-03-04&new=2026-01-02`);
  await page.getByText("From 2026-03-04 to 2026-01-02").waitFor();
  assert.ok(await page.locator("li.change.removed").isVisible());
  await page.getByRole("button", { name: "Swap" }).click();
  await page.getByText("From 2026-01-02 to 2026-03-04").waitFor();
  await page.waitForURL(/\?old=2026-01-02&new=2026-03-04$/);
  await page.getByLabel("From", { exact: true }).selectOption("2026-03-04");
  await page.getByText("There are no differences between these releases.").waitFor();
});

testAtAllWidths("what changed since a review is compared with the release that was current on its date", async () => {
  for (const [date, heading] of [["2026-02-01", "From 2026-01-02 to 2026-03-04"], ["2026-01-02", "From 2026-01-02 to 2026-03-04"], ["2025-01-01", "From 2026-01-02 to 2026-03-04"], ["2026-03-04", "From 2026-03-04 to 2026-03-04"], ["2027-01-01", "From 2026-03-04 to 2026-03-04"]]) {
    await page.goto(`${home}compare/?since=${date}`);
    await page.getByText(heading).waitFor();
    assert.equal(await page.getByLabel("Since your review on").inputValue(), date);
  }
  // Text that is no date is ignored.
  await page.goto(`${home}compare/?since=yesterday`);
  await page.getByText("From 2026-01-02 to 2026-03-04").waitFor();
  await page.getByLabel("Since your review on").fill("2026-03-04");
  await page.getByText("There are no differences between these releases.").waitFor();
  await page.waitForURL(/\?since=2026-03-04$/);
  await page.getByLabel("From", { exact: true }).selectOption("2026-01-02");
  await page.waitForURL(/\?old=2026-01-02&new=2026-03-04$/);
  assert.equal(await page.getByLabel("Since your review on").inputValue(), "");
});

test("the page reports records that cannot be read", async () => {
  await page.route("**/releases/*.json", (route) => route.fulfill({ status: 200, body: "<html>" }));
  await page.goto(`${home}compare/`);
  await page.getByText("could not be loaded").waitFor();
  assert.equal(await page.locator("#ui--result").isVisible(), false);
  // A failed request is repeated with the next selection.
  await page.unroute("**/releases/*.json");
  await page.getByRole("button", { name: "Swap" }).click();
  await page.locator("#ui--result .change").first().waitFor();
});

test("the heading matches the changes while records are still loading", async () => {
  await page.goto(`${home}compare/`);
  const [forth, back] = ["From 2026-01-02 to 2026-03-04", "From 2026-03-04 to 2026-01-02"];
  await page.getByText(forth).waitFor();
  const gates = [];
  await page.route("**/releases/*.json", async (route) => {
    await new Promise((open) => gates.push(open));
    await route.continue().catch(() => {});
  });
  await page.getByRole("button", { name: "Swap" }).click();
  while (gates.length < 2) await page.waitForTimeout(10);
  assert.ok(await page.getByText(forth).isVisible());
  assert.equal(await page.locator("li.change.added").count(), 1);
  gates.forEach((open) => open());
  await page.getByText(back).waitFor();
  assert.equal(await page.locator("li.change.removed").count(), 1);
});

test("outdated responses and their failures are ignored", async () => {
  await page.goto(`${home}compare/`);
  await page.getByText("From 2026-01-02 to 2026-03-04").waitFor();
  // Count the responses that the page has handled.
  await page.evaluate(() => {
    const real = fetch;
    globalThis.answered = 0;
    globalThis.fetch = (...request) => {
      const answer = real(...request);
      answer.finally(() => setTimeout(() => (answered += 1)));
      return answer;
    };
  });
  let fail;
  await page.route("**/releases/*.json", async (route) => {
    await new Promise((open) => (fail = open));
    await route.fulfill({ status: 500, body: "" });
  }, { times: 1 });
  await page.getByLabel("From", { exact: true }).selectOption("2026-03-04");
  while (!fail) await page.waitForTimeout(10);
  await page.getByRole("button", { name: "Swap" }).click();
  await page.getByLabel("To", { exact: true }).selectOption("2026-01-02");
  await page.getByText("From 2026-03-04 to 2026-01-02").waitFor();
  fail();
  // Two records for each of three selections.
  await page.waitForFunction(() => answered === 6);
  assert.ok(await page.locator("#ui--result").isVisible());
  assert.equal(await count().textContent(), "2 changes");
  assert.ok(errors.some((error) => error.includes("500")), "the failure did not happen");
  errors.length = 0;
});
