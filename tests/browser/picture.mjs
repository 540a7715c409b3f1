// Makes the README's picture: the head of the trust page that this repository builds, light beside dark.
//
//   cargo build --release && node tests/browser/picture.mjs

import { fileURLToPath } from "node:url";
import { browser, serve } from "./launch.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const preview = await serve(root);
const chromium = await browser();
try {
  const page = await chromium.page();
  await page.setViewportSize({ width: 1280, height: 860 });
  // The stream of reload events never ends, so the page is never idle.
  await page.goto(preview.url, { waitUntil: "load" });
  await page.screenshot({ path: `${root}docs/images/trust-page.png` });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 390, height: 860 });
  await page.screenshot({ path: `${root}docs/images/trust-page-dark.png` });
} finally {
  await chromium.close();
  await preview.stop();
}
