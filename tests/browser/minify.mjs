// Minifies the scripts of the theme, which candor embeds:
//
//   node tests/browser/minify.mjs
//
// writes src/build/scripts from static/js. Run it after a change to a script, in tests/browser after `npm ci`. The first
// line of each file has the digest of its source, by which `cargo test` notices a script that was not minified again;
// minify.test.mjs compares the whole file.

import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { minify } from "terser";

const sources = new URL("../../static/js/", import.meta.url);
export const target = new URL("../../src/build/scripts/", import.meta.url);

/** Only safe steps, except `pure_getters`: no object of the theme's scripts has a getter with an effect. */
const OPTIONS = { module: true, ecma: 2022, compress: { passes: 3, unsafe_arrows: true, pure_getters: true, keep_fargs: false, inline: false }, mangle: true };

/** Returns the minified scripts by file name. */
export async function minified() {
  const names = (await readdir(sources)).filter((name) => name.endsWith(".js")).sort();
  const one = async (name) => {
    const source = await readFile(new URL(name, sources), "utf8");
    // Pages import nothing from a script; the tests import from its source.
    const { code } = await minify(source.replace(/^export /gm, ""), OPTIONS);
    const digest = createHash("sha256").update(source).digest("hex");
    return [name, `// From static/js/${name}, SHA-256 ${digest}\n${code}\n`];
  };
  return Object.fromEntries(await Promise.all(names.map(one)));
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [name, text] of Object.entries(await minified())) await writeFile(new URL(name, target), text);
