// The corpus: one attack per line of corpus/*.txt, by family. Characters that a line cannot hold are spelt out:
// `\n`, `\t`, `\r`, `\0`, `\\`, `\x1B`, `\u{202E}`; any other backslash stands for itself.

import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("./corpus/", import.meta.url);
const NAMED = { n: "\n", t: "\t", r: "\r", 0: "\0", "\\": "\\" };

const spelt = (line) =>
  line.replace(/\\(?:([ntr0\\])|x([0-9A-Fa-f]{2})|u\{([0-9A-Fa-f]+)\})/g, (_, name, hex, code) =>
    name ? NAMED[name] : String.fromCodePoint(parseInt(hex ?? code, 16)),
  );

/** Every attack once, as `{ family, text }`. */
export const corpus = [
  ...new Map(
    readdirSync(folder)
      .sort()
      .flatMap((file) => readFileSync(new URL(file, folder), "utf8").split("\n").filter(Boolean).map(spelt).map((text) => [text, file]))
      .map(([text, file]) => [text, { family: file.replace(".txt", ""), text }]),
  ).values(),
];

/** What the loader keeps of a text: blanks at its ends are taken off. */
export const kept = (text) => text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "");

/** Whether a text holds a control character, which no field may. */
export const control = (text) => /[^\P{Cc}\n\t]/u.test(text);

/** The codes of diagnostics about characters that a reader cannot see. */
export const HIDDEN = ["control-character", "hidden-character"];
