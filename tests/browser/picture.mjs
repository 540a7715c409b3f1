// Takes the screenshots for README.md and docs/readers.md from the site of this repository.
//
// `bash tests/regenerate.sh` runs it with the release build.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { browser, publish, run } from "./launch.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const out = await mkdtemp(join(tmpdir(), "candor-picture-"));
await run(root, "build", "--out", join(out, "site"), "--as-of", "2026-06-01");
const site = await publish(join(out, "site"));
const chromium = await browser();
try {
  const page = await chromium.page();
  // The annex shows the current date. A fixed date keeps the screenshots stable.
  await page.clock.setFixedTime("2026-06-01T12:00:00");
  const take = async (name, path, { width = 1280, height = 860, dark = false } = {}, prepare = async () => {}) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
    await page.goto(site.url + path);
    await prepare();
    await page.screenshot({ path: `${root}docs/images/${name}.png` });
  };
  const narrow = { width: 390, dark: true };
  await take("trust-page", "");
  await take("trust-page-dark", "", narrow);
  await take("subprocessors", "subprocessors/?data=Email+address#sendgrid", {}, () => page.evaluate(() => scrollTo(0, 0)));
  await take("schedule", "schedule/", { height: 1000 }, async () => {
    await page.getByRole("checkbox", { name: "SendGrid" }).check();
    await page.getByRole("checkbox", { name: "Azure Maps" }).check();
    await page.getByLabel("Company name").fill("Example Ltd.");
    await page.evaluate(() => scrollTo(0, 0));
  });
} finally {
  await chromium.close();
  await site.stop();
  await rm(out, { recursive: true, force: true });
}
