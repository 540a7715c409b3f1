// The page "Your subprocessors": selects the subprocessors that apply, by the rules of src/schedule.rs. Sends nothing.

/** Returns a control by its id. The prefix avoids conflicts with the ids that publishers choose. */
const $ = (id) => document.getElementById(`ui--${id}`);

/** Whether a subprocessor applies to a customer who uses these features, on this date (`2026-06-01`). */
export const applies = ({ condition, ends }, features, date) =>
  (!condition || features.includes(condition.feature)) && (!ends || ends >= date);

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

function start({ date, file, columns, items, mail, language, strings }) {
  const plural = new Intl.PluralRules(language);
  const boxes = [...document.querySelectorAll(".choices input")];
  const rows = [...(document.querySelector(".annex tbody")?.rows ?? [])];
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
  const applying = () => items.filter((item) => applies(item, used(), date));
  const table = () => sheet(columns, applying().map((item) => item.cells));

  let announced;
  function show() {
    const shown = new Set(applying().map((item) => item.id));
    for (const row of rows) row.hidden = !shown.has(row.id);
    fact(strings["schedule.features"]).textContent = used().join(", ") || strings["schedule.no-features"];
    customer[1].textContent = [company(), workspace()].filter(Boolean).join(", ");
    if (customer[1].textContent) facts.children[1].after(...customer);
    else for (const part of customer) part.remove();
    const variants = strings["schedule.count"];
    const count = fill(variants[plural.select(shown.size)] ?? variants.other, { n: shown.size });
    if (count !== announced) $("count").textContent = announced = count;
    if (!mail) return;
    const about = { customer: company(), workspace: workspace(), features: used().join(", ") };
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
    link.href = URL.createObjectURL(new Blob(lines, { type: "text/csv" }));
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
