// The corpus: one attack per line of corpus/*.txt, by family. Special characters are escaped as `\n`, `\t`, `\r`, `\0`, `\\`,
// `\x1B` and `\u{202E}`. Any other backslash is literal.

import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("./corpus/", import.meta.url);
const NAMED = { n: "\n", t: "\t", r: "\r", 0: "\0", "\\": "\\" };

const unescape = (line) =>
  line.replace(/\\(?:([ntr0\\])|x([0-9A-Fa-f]{2})|u\{([0-9A-Fa-f]+)\})/g, (_, name, hex, code) =>
    name ? NAMED[name] : String.fromCodePoint(parseInt(hex ?? code, 16)),
  );

/** All attacks without duplicates, as `{ family, text }`. */
export const corpus = [
  ...new Map(
    readdirSync(folder)
      .sort()
      .flatMap((file) => readFileSync(new URL(file, folder), "utf8").split("\n").filter(Boolean).map(unescape).map((text) => [text, file]))
      .map(([text, file]) => [text, { family: file.replace(".txt", ""), text }]),
  ).values(),
];

/** Removes white space at both ends, as the loader does. */
export const trimmed = (text) => text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "");

/** Returns whether a string contains a control character, which no field allows. */
export const hasControl = (text) => /[^\P{Cc}\n\t]/u.test(text);

/** The codes of diagnostics about invisible characters. */
export const HIDDEN = ["control-character", "hidden-character"];
