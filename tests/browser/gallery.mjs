// Takes screenshots of every page in every width and mode, for a review by eye:
//
//   node tests/browser/gallery.mjs FOLDER [PROJECT] [WIDTH] [MODE]
//
// FOLDER gets PROJECT/PAGE-WIDTH-MODE.png. PROJECT is `own` (the content of this repository), `everything` or `sparse`; a
// `-` or nothing takes all. Not part of tests/run.sh.

import { mkdir, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { browser, publish, run } from "./launch.mjs";
import { everything, sparse } from "./organizations.mjs";

const [folder, onlyProject = "-", onlyWidth = "-", onlyMode = "-"] = process.argv.slice(2);
if (!folder) throw new Error("usage: node tests/browser/gallery.mjs FOLDER [PROJECT] [WIDTH] [MODE]");
const wanted = (only, value) => only === "-" || only === String(value);

const DATE = "2026-06-01";
const WIDTHS = [1440, 768, 390, 320];
const MODES = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  forced: { colorScheme: "light", forcedColors: "active" },
  print: { media: "print" },
};
const PAGES = ["", "subprocessors/", "changelog/", "schedule/", "compare/", "subscribe/", "missing"];

const projects = {
  own: async () => ({ root: fileURLToPath(new URL("../../", import.meta.url)), remove: async () => {} }),
  everything,
  sparse,
};

const chromium = await browser();
try {
  for (const [name, create] of Object.entries(projects)) {
    if (!wanted(onlyProject, name)) continue;
    const created = await create();
    const out = resolve(folder, name);
    await mkdir(out, { recursive: true });
    await run(created.root, "build", "--out", join(out, "site"), "--as-of", DATE);
    const [newest] = (await readdir(join(out, "site/releases"))).filter((entry) => entry.endsWith(".json") && /^\d/.test(entry)).sort().reverse();
    const pages = [...PAGES, `releases/${newest.replace(".json", "")}/`];
    const site = await publish(join(out, "site"));
    const page = await chromium.page();
    await page.clock.setFixedTime(`${DATE}T12:00:00`);
    for (const [mode, media] of Object.entries(MODES)) {
      if (!wanted(onlyMode, mode)) continue;
      await page.emulateMedia({ media: "screen", forcedColors: "none", ...media });
      for (const width of WIDTHS) {
        if (!wanted(onlyWidth, width) || (mode === "print" && width !== 768)) continue;
        for (const path of pages) {
          await page.setViewportSize({ width, height: 900 });
          await page.goto(site.url + path);
          // Browsers lay out a row of a list only when it comes on the screen, which may change the height of the page.
          const height = () => page.evaluate(() => document.documentElement.scrollHeight);
          while (page.viewportSize().height < (await height())) await page.setViewportSize({ width, height: await height() });
          const label = path.replace(/\/$/, "").replaceAll("/", "-") || "trust";
          await page.screenshot({ path: join(out, `${label}-${width}-${mode}.png`), fullPage: true });
        }
      }
    }
    await page.close();
    await site.stop();
    await created.remove();
    await rm(join(out, "site"), { recursive: true, force: true });
  }
} finally {
  await chromium.close();
}
