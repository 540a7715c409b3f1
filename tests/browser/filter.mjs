// Measures the filter of the list with 300 subprocessors: the script of a keystroke, and all style and layout until two frames
// later, when the reader types and when the reader empties the field. The median of each must be under 16 ms, which is a frame.
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
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const spent = async () => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    const parts = ["ScriptDuration", "RecalcStyleDuration", "LayoutDuration"];
    return 1000 * parts.reduce((sum, part) => sum + metrics.find(({ name }) => name === part).value, 0);
  };
  const enter = async (text) => {
    const before = await spent();
    await page.evaluate(async (text) => {
      const input = document.getElementById("ui--q");
      input.value = text;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    }, text);
    return (await spent()) - before;
  };
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${site.url}subprocessors/`);
    await page.getByText("300 of 300 shown").waitFor();
    const times = { typing: [], emptying: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const word of WORDS) {
        for (let length = 1; length <= word.length; length += 1) times.typing.push(await enter(word.slice(0, length)));
        times.emptying.push(await enter(""));
      }
    }
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
