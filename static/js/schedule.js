// The page "Your subprocessors": selects the subprocessors that apply, by the rules of src/schedule.rs. Sends nothing.

/** Returns a control by its id. The prefix avoids conflicts with the ids that publishers choose. */
const $ = (id) => document.getElementById(`ui--${id}`);

const KEYS = ["all", "any", "unless", "when", "feature", "label"];
const list = (value) => [value ?? []].flat();

/** Whether all outcomes are true; undefined if that is unknown. */
const every = (outcomes) => (outcomes.includes(false) ? false : outcomes.includes(undefined) ? undefined : true);
const not = (outcome) => (outcome === undefined ? undefined : !outcome);

/** Evaluates a condition for a customer: true, false, or undefined if an answer is missing (src/model/condition.rs). */
export function outcome(condition, choice) {
  const parts = (key) => condition[key].map((part) => outcome(part, choice));
  if (condition.all) return every(parts("all"));
  if (condition.any) return not(every(parts("any").map(not)));
  if (condition.unless) return not(outcome(condition.unless, choice));
  const features = list(condition.feature);
  const known = (name) => (Object.hasOwn(choice.answers, name) ? list(condition[name]).includes(choice.answers[name]) : undefined);
  const dimensions = Object.keys(condition).filter((key) => !KEYS.includes(key));
  return every([...(features.length ? [features.some((feature) => choice.features.includes(feature))] : []), ...dimensions.map(known)]);
}

/** Returns the names of the dimensions of a condition. */
const named = (condition) => [
  ...Object.keys(condition).filter((key) => !KEYS.includes(key)),
  ...[condition.all, condition.any, condition.unless].flatMap(list).flatMap(named),
];

/** Whether a condition is not false for every value of the dimensions (names and values) that the customer did not answer. */
export function mayHold(condition, choice, dimensions) {
  const decided = outcome(condition, choice);
  if (decided !== undefined) return decided;
  const unknown = [...new Set(named(condition))].filter((name) => !Object.hasOwn(choice.answers, name) && Object.hasOwn(dimensions, name));
  // Too many combinations to try out: list it, which errs towards the whole list.
  if (unknown.reduce((count, name) => count * dimensions[name].length, 1) > 4096) return true;
  const some = ([name, ...rest], answers) =>
    name === undefined
      ? outcome(condition, { ...choice, answers }) !== false
      : dimensions[name].some((value) => some(rest, { ...answers, [name]: value }));
  return some(unknown, choice.answers);
}

/** Whether a subprocessor applies to a customer, on this date (`2026-06-01`). */
export const applies = ({ condition, ends }, choice, dimensions, date) =>
  (!condition || mayHold(condition, choice, dimensions)) && (!ends || ends >= date);

/** Whether something applies to a customer: if it has no conditions, or if one of them may hold. */
export const isIncluded = (conditions, choice, dimensions) =>
  !conditions.length || conditions.some((condition) => mayHold(condition, choice, dimensions));

/** Returns the parts of a cell that apply to a customer. */
export const parts = (cell, choice, dimensions) =>
  list(cell)
    .filter(({ conditions = [] }) => isIncluded(conditions, choice, dimensions))
    .map((part) => part.text ?? part);

/** Formats a CSV cell (RFC 4180). An apostrophe keeps spreadsheets from evaluating it as a formula (OWASP, "CSV Injection"). */
export function cell(text) {
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Returns the columns that are not empty: their names, and the cells of each row. */
export function sheet(columns, rows) {
  const kept = columns.map((_, at) => rows.some((row) => row[at]));
  const keep = (cells) => cells.filter((_, at) => kept[at]);
  return [keep(columns), rows.map(keep)];
}

/** Fills in placeholders, but not inside values. Omits a period after a value that ends in one, like `fill` of src/wording/catalog.rs. */
const fill = (text, values) =>
  text.replace(/\{(\w+)\}(\.?)/g, (gap, name, stop) => (values[name] ?? gap) + (/[.!?…]\W?$/.test(values[name]) ? "" : stop));

function start({ date, file, columns, partial, separator, dimensions, items, mail, language, strings }) {
  const plural = new Intl.PluralRules(language);
  const boxes = [...document.querySelectorAll(".choices input")];
  const selects = [...document.querySelectorAll("[data-dimension]")];
  const rows = [...(document.querySelector(".annex tbody")?.rows ?? [])];
  const heads = [...(document.querySelector(".annex thead tr")?.cells ?? [])].map((head) => head.className);
  const changes = [...document.querySelectorAll(".annex [data-item]")];
  const facts = document.querySelector(".particulars");
  const fact = (label) => [...facts.querySelectorAll("dt")].find((dt) => dt.textContent === label)?.nextElementSibling;
  const now = new Date();
  const local = new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  // If today is before the date of the build, the clock is wrong.
  if (local > date) date = local;
  const [year, month, day] = date.split("-");
  const values = { day: +day, month: strings["months.long"].split(/\s+/)[month - 1], year: +year };
  fact(strings["schedule.as-of"]).textContent = fill(strings["dates.long"], values);
  const customer = ["dt", "dd"].map((name) => document.createElement(name));
  customer[0].textContent = strings["schedule.customer"];

  const company = () => $("company").value.trim();
  const workspace = () => $("workspace").value.trim();
  const used = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const answers = () => Object.fromEntries(selects.filter((select) => select.value).map((select) => [select.dataset.dimension, select.value]));
  const choice = () => ({ features: used(), answers: answers() });
  const applying = (chosen = choice()) => items.filter((item) => applies(item, chosen, dimensions, date));
  const table = (chosen = choice()) => sheet(columns, applying(chosen).map((item) => item.cells.map((one) => parts(one, chosen, dimensions).join(separator))));

  /** Shows the services, locations and data categories that apply in the row of a subprocessor. */
  function update(row, { cells, services = {} }, chosen) {
    for (const detail of row.querySelectorAll("[data-service]")) {
      const [condition, facts] = services[detail.dataset.service] ?? [];
      detail.hidden = Boolean(condition) && !mayHold(condition, chosen, dimensions);
      if (!facts?.length) continue;
      const texts = facts.map(([label, cell, between]) => [label, parts(cell, chosen, dimensions).join(between)]);
      const stated = texts.filter(([, text]) => text).map(([label, text]) => `${label}: ${text}`).join("; ");
      if (stated) (detail.querySelector("a") ?? detail.querySelector("dd")).textContent = stated;
    }
    for (const [name, [column, between]] of Object.entries(partial)) {
      const shown = row.cells[heads.indexOf(name)];
      if (!shown || !Array.isArray(cells[column])) continue;
      const texts = parts(cells[column], chosen, dimensions);
      const entries = shown.querySelector("ul");
      if (!entries) shown.textContent = texts.join(between);
      else entries.replaceChildren(...texts.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
    }
  }

  let announced;
  function show() {
    const chosen = choice();
    const shown = new Map(applying(chosen).map((item) => [item.id, item]));
    for (const row of rows) {
      row.hidden = !shown.has(row.id);
      if (!row.hidden) update(row, shown.get(row.id), chosen);
    }
    for (const change of changes) {
      const pieces = [...change.querySelectorAll(".piece")];
      for (const piece of pieces) piece.hidden = !isIncluded(JSON.parse(piece.dataset.conditions ?? "[]"), chosen, dimensions);
      change.hidden = !shown.has(change.dataset.item) || (pieces.length > 0 && pieces.every((piece) => piece.hidden));
    }
    if (changes.length) $("changes").hidden = changes.every((change) => change.hidden);
    for (const select of selects) fact(select.labels[0].textContent).textContent = select.value || strings["schedule.any-value"];
    if (boxes.length) fact(strings["schedule.features"]).textContent = used().join(", ") || strings["schedule.no-features"];
    customer[1].textContent = [company(), workspace()].filter(Boolean).join(", ");
    if (customer[1].textContent) facts.children[1].after(...customer);
    else for (const part of customer) part.remove();
    const variants = strings["schedule.count"];
    const count = fill(variants[plural.select(shown.size)] ?? variants.other, { n: shown.size });
    if (count !== announced) $("count").textContent = announced = count;
    if (!mail) return;
    const answered = selects.filter((select) => select.value).map((select) => `${select.labels[0].textContent}: ${select.value}`);
    const features = [used().join(", "), ...answered].filter(Boolean).join("; ");
    const about = { customer: company(), workspace: workspace(), features };
    const body = fill(mail.body, about).replaceAll("\n", "\r\n");
    $("mail").href = `${mail.to}?subject=${encodeURIComponent(mail.subject)}&body=${encodeURIComponent(body)}`;
  }

  /** Returns the annex as plain text: its header, and a paragraph for each subprocessor. */
  function text() {
    const [head, rows] = table();
    const lines = [...facts.querySelectorAll("dt")].map((dt) => `${dt.textContent}: ${dt.nextElementSibling.textContent}`);
    const paragraph = (row) => row.map((value, at) => value && `${head[at]}: ${value}`).filter(Boolean).join("\n");
    const parts = [document.querySelector(".annex h2").textContent, lines.join("\n"), ...rows.map(paragraph)];
    return [...parts, document.querySelector(".annex > p:last-child").textContent].join("\n\n") + "\n";
  }

  const say = (key) => ($("count").textContent = announced = strings[key]);
  $("print").onclick = () => print();
  $("copy").onclick = () =>
    navigator.clipboard.writeText(text()).then(() => say("schedule.copied"), () => say("schedule.not-copied"));
  $("csv").onclick = () => {
    const [head, rows] = table();
    const lines = [head, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`);
    const link = document.createElement("a");
    // Excel reads a file without a byte order mark in the encoding of the computer.
    link.href = URL.createObjectURL(new Blob(["\uFEFF", ...lines], { type: "text/csv" }));
    link.download = file;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  $("form").oninput = show;
  for (const id of ["form", "own"]) $(id).hidden = false;
  // The form replaces the introduction to the full list, and the email without features.
  for (const id of ["whole", "plain"]) if ($(id)) $(id).hidden = true;
  show();
}

if (globalThis.document && $("data")) start(JSON.parse($("data").textContent));
