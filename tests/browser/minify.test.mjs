// The minified scripts that candor embeds are those of static/js.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { minified, target } from "./minify.mjs";

test("the minified scripts are those of the sources: run `node tests/browser/minify.mjs`", async () => {
  const expected = await minified();
  assert.deepEqual((await readdir(target)).sort(), Object.keys(expected));
  for (const [name, text] of Object.entries(expected)) assert.equal(await readFile(new URL(name, target), "utf8"), text, name);
});
