// Measures the filter of the list with 300 subprocessors: the script of a keystroke and the layout that follows, when the
// reader types and when the reader empties the field. The median of each must be under 16 ms, which is a frame.
//
//   cargo build --release && node tests/browser/filter.mjs
//
// Not part of tests/run.sh, because it measures time.

import { join } from "node:path";
import { long } from "./fixture.mjs";
import { browser, publish, run } from "./launch.mjs";

const ROUNDS = 15;
const WORDS = ["123", "germany", "feature 9", "japan", "purpose 31", "42"];

const root = await long(2);
await run(root.root, "build", "--no-compress", "--out", join(root.root, "dist"), "--as-of", "2026-06-01");
const site = await publish(join(root.root, "dist"));
const chromium = await browser();
let failed = false;
try {
  const page = await chromium.page();
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${site.url}subprocessors/`);
    await page.getByText("300 of 300 shown").waitFor();
    const times = await page.evaluate(([words, rounds]) => {
      const input = document.getElementById("ui--q");
      const enter = (text) => {
        const start = performance.now();
        input.value = text;
        input.dispatchEvent(new Event("input", { bubbles: true }));
        document.body.getBoundingClientRect();
        return performance.now() - start;
      };
      const all = { typing: [], emptying: [] };
      for (let round = 0; round < rounds; round += 1) {
        for (const word of words) {
          for (let length = 1; length <= word.length; length += 1) all.typing.push(enter(word.slice(0, length)));
          all.emptying.push(enter(""));
        }
      }
      return all;
    }, [WORDS, ROUNDS]);
    for (const [what, all] of Object.entries(times)) {
      const sorted = all.sort((a, b) => a - b);
      const median = sorted[sorted.length >> 1];
      console.log(`${width} px, ${what}: median ${median.toFixed(1)} ms, slowest ${sorted.at(-1).toFixed(1)} ms, ${sorted.length} times`);
      failed ||= median >= 16;
    }
  }
} finally {
  await chromium.close();
  await site.stop();
  await root.remove();
}
process.exit(failed ? 1 : 0);
