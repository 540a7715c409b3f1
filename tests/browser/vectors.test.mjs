// The scripts of the page and the program compute the same results: both are tested with tests/vectors.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { changes, known, reworded } from "../../static/js/compare.js";
import { applies, cell, mayHold, parts, sheet } from "../../static/js/schedule.js";
import { contains } from "../../static/js/faq.js";
import { filtered, possible, sorted } from "../../static/js/subprocessors.js";

const vectors = new URL("../vectors/", import.meta.url);
const read = async (path) => JSON.parse(await readFile(new URL(path, vectors), "utf8"));

// The fields of a record, as the page's data block passes them to the script.
const shape = await read("fields.json");
// The rules for comparisons.
const rules = await read("rules.json");

for (const file of (await readdir(new URL("diff/", vectors))).sort()) {
  const { name, before, after, files, date, changes: expected } = await read(`diff/${file}`);
  test(`compare: ${name}`, () => assert.deepEqual(changes(known(before, shape), known(after, shape), rules, [files?.before, files?.after], date), expected));
}

test("compare: unknown lists are compared by the rules", () => {
  const more = { ...rules, lists: [...rules.lists, { name: "incidents", label: "title", notice: { always: ["cause"], growth: ["affected"], dates: [], items: true, end: "closed" } }] };
  const [before, after] = [
    { incidents: [{ id: "a", title: "A", cause: "Disk", affected: ["EU"] }, { id: "b", title: "B" }] },
    { incidents: [{ id: "a", title: "A", cause: "Disk", affected: ["EU", "US"], note: "n" }, { id: "c", title: "C" }] },
  ];
  assert.deepEqual(changes(before, after, more), [
    {
      kind: "changed", subject: "incidents", id: "a", label: "A", notice: true,
      fields: [
        { kind: "elements", field: "affected", notice: true, added: ["US"], removed: [] },
        { kind: "value", field: "note", notice: false, after: "n" },
      ],
    },
    { kind: "removed", subject: "incidents", id: "b", label: "B", notice: true, item: { id: "b", title: "B" } },
    { kind: "added", subject: "incidents", id: "c", label: "C", notice: true, item: { id: "c", title: "C" } },
  ]);
});

for (const { name, subprocessors, features, date, applies: expected } of await read("schedule.json")) {
  test(`schedule: ${name}`, () => {
    const ids = subprocessors.filter((item) => applies(item, { features, answers: {} }, {}, date)).map((item) => item.id);
    assert.deepEqual(ids, expected);
  });
}

for (const { name, condition, dimensions, features, answers, listed } of await read("conditions.json")) {
  test(`condition: ${name}`, () => {
    assert.equal(mayHold(condition, { features, answers }, dimensions), listed);
    const other = { text: "Other" };
    assert.deepEqual(parts([{ text: "One", conditions: [condition] }, other], { features, answers }, dimensions), listed ? ["One", "Other"] : ["Other"]);
  });
}

for (const { name, dimensions, parts: cell, choices } of await read("annex.json")) {
  test(`annex: ${name}`, () => {
    for (const { features, answers, shown } of choices) assert.deepEqual(parts(cell, { features, answers }, dimensions), shown);
  });
}

test("a difference contains both strings, and adjacent words are one change", () => {
  const [before, after] = ["Hosting in the old region.", "Hosting in two new places."];
  assert.deepEqual(reworded(before, after), [["=", "Hosting in "], ["-", "the old region."], ["+", "two new places."]]);
  const side = (spans, other) => spans.filter(([kind]) => kind !== other).map(([, text]) => text).join("");
  const words = ["a", "b", " ", "\n", "  ", "c"];
  for (let seed = 1; seed < 3000; seed += 1) {
    const text = (salt) => Array.from({ length: (seed * salt) % 13 }, (_, at) => words[(seed * (at + salt) * 7919) % 6]).join("");
    const [a, b] = [text(5), text(11)];
    assert.deepEqual([side(reworded(a, b), "+"), side(reworded(a, b), "-")], [a, b]);
  }
});

test("CSV cells are escaped and never formulas", () => {
  assert.deepEqual(["=1", "+1", "-1", "@a", "\ta", "＝1", "a-b"].map(cell), ["'=1", "'+1", "'-1", "'@a", "'\ta", "'＝1", "a-b"]);
  assert.deepEqual(['a "b"', "a,b", "a\nb"].map(cell), ['"a ""b"""', '"a,b"', '"a\nb"']);
});

test("empty columns are omitted", () => {
  assert.deepEqual(sheet(["A", "B", "C"], [["1", "", ""], ["2", "", "x"]]), [["A", "C"], [["1", ""], ["2", "x"]]]);
});

test("the filter requires all words, and empty cells sort last in both directions", () => {
  const values = { category: [], data: [], location: [], transfer: [], when: [] };
  const row = (name, where) => ({ text: `${name} ${where}`.toLowerCase(), values, cells: { name, where } });
  const rows = [row("Zed", ""), row("Émile 10", "US"), row("Emile 9", "DE")];
  assert.deepEqual([...filtered(rows, "EMILE de", values).shown], [rows[2]]);
  const names = (sort) => sorted(rows, sort, "en").map((item) => item.cells.name);
  assert.deepEqual(names("where"), ["Emile 9", "Émile 10", "Zed"]);
  assert.deepEqual(names("-where"), ["Émile 10", "Emile 9", "Zed"]);
});

test("facets count what each choice would give, and leave out choices that give nothing", () => {
  const none = { category: [], data: [], location: [], transfer: [], when: [] };
  const row = (text, data, location) => ({ text, values: { ...none, data, location } });
  const rows = [row("a", ["Logs"], ["DE"]), row("b", ["Logs", "Mail"], ["US"]), row("c", ["Mail"], ["US"])];
  const counts = (q, chosen) => {
    const { shown, counts } = filtered(rows, q, { ...none, ...chosen });
    return [[...shown].map(({ text }) => text).join(""), Object.fromEntries(counts.data), Object.fromEntries(counts.location)];
  };
  assert.deepEqual(counts("", {}), ["abc", { Logs: 2, Mail: 2 }, { DE: 1, US: 2 }]);
  assert.deepEqual(counts("", { data: ["Logs"] }), ["ab", { Logs: 2, Mail: 2 }, { DE: 1, US: 1 }]);
  assert.deepEqual(counts("", { data: ["Logs"], location: ["DE"] }), ["a", { Logs: 1 }, { DE: 1, US: 1 }]);
  assert.deepEqual(counts("c", { data: ["Logs"] }), ["", { Mail: 1 }, {}]);
  const kept = (chosen, last) => possible(rows, "", { ...none, ...chosen }, last);
  assert.deepEqual(kept({ data: ["Mail"], location: ["DE", "US"] }, "data"), { ...none, data: ["Mail"], location: ["US"] });
  assert.deepEqual(kept({ data: ["Mail"], location: ["DE"] }, "location"), { ...none, location: ["DE"] });
  assert.deepEqual(kept({ data: ["Nothing"] }, "category"), none);
});

test("a search in questions ignores accents and the order of words", () => {
  assert.ok(contains("Wo werden die Schlüssel verwahrt?", "VERWAHRT schlussel"));
  assert.ok(contains("Anything", ""));
  assert.ok(!contains("Wo werden die Schlüssel verwahrt?", "schlüssel gelöscht"));
});
