// Builds the sites of the generated organizations, for validators that are no browsers:
//
//   node tests/browser/sites.mjs FOLDER
//
// FOLDER gets a site of each organization: of the one that states everything on the date of the screenshots, and again when every
// certificate has expired and every announced change is in effect.

import { join, resolve } from "node:path";
import { run } from "./launch.mjs";
import { everything, sparse } from "./organizations.mjs";

const folder = process.argv[2];
if (!folder) throw new Error("usage: node tests/browser/sites.mjs FOLDER");

for (const [name, create, dates] of [
  ["everything", everything, { now: "2026-06-01", later: "2036-06-01" }],
  ["sparse", sparse, { now: "2026-06-01" }],
]) {
  const project = await create();
  for (const [when, date] of Object.entries(dates)) {
    await run(project.root, "build", "--no-compress", "--out", join(resolve(folder), `${name}-${when}`), "--as-of", date);
  }
  await project.remove();
}
