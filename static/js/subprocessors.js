// Searches, filters and sorts the list of subprocessors. The state is in the URL, so that it can be shared.

/** Returns a control by its id. The prefix avoids conflicts with the ids that publishers choose. */
const $ = (id) => document.getElementById(`ui--${id}`);
const PARTS = ["q", "data", "when", "sort"];

/** Whether a row matches the filter. All search words must occur in its text, in any order. */
export const matches = (row, { q, data, when }) =>
  q.toLowerCase().split(/\s+/).every((word) => row.text.includes(word)) &&
  (!data || row.data.includes(data)) &&
  (!when || row.when === when);

/** Sorts rows by a column: `name`, or `-name` for descending order. Rows with an empty cell come last. */
export function sorted(rows, sort, language) {
  const { compare } = new Intl.Collator(language, { numeric: true });
  const column = sort.replace("-", "");
  const sign = sort.startsWith("-") ? -1 : 1;
  const by = (a, b) => !a - !b || sign * compare(a, b);
  return sort ? [...rows].sort((a, b) => by(a.cells[column] ?? "", b.cells[column] ?? "")) : rows;
}

function start(filter, table) {
  const heads = [...table.tHead.rows[0].cells].map((cell) => ({ cell, key: cell.className.replace("c-", "") }));
  // Each category is a body of its own, whose first row has its name.
  const bodies = [...table.tBodies];
  const rows = bodies.flatMap((body) => [...body.rows].filter((row) => !row.classList.contains("category"))).map((row) => {
    const cells = Object.fromEntries(heads.map(({ key }, at) => [key, shown(row.cells[at])]));
    const data = [...row.querySelectorAll("td > ul > li")].map((item) => item.textContent);
    return { row, cells, data, when: cells.when ?? "", text: row.textContent.toLowerCase() };
  });
  const option = (select, value, text = value) => value && $(select).add(new Option(text, value));
  for (const value of new Set(rows.flatMap((row) => row.data))) option("data", value);
  for (const value of new Set(rows.map((row) => row.when))) option("when", value);
  if (!rows.some((row) => row.when)) $("when").parentElement.hidden = true;

  const state = { q: "", data: "", when: "", sort: "" };
  for (const { cell, key } of heads) {
    option("sort", key, cell.textContent);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...cell.childNodes);
    button.onclick = () => set({ sort: state.sort === key ? `-${key}` : key });
    cell.append(button);
  }

  let order = "";
  let later;
  function show() {
    if (order !== state.sort) {
      const ordered = sorted(rows, state.sort, document.documentElement.lang).map(({ row }) => row);
      for (const body of bodies) body.append(...ordered.filter((row) => row.parentElement === body));
      order = state.sort;
    }
    let count = 0;
    for (const row of rows) count += !(row.row.hidden = !matches(row, state));
    for (const body of bodies) body.hidden = !rows.some(({ row }) => !row.hidden && row.parentElement === body);
    for (const { cell, key } of heads) {
      if (key === state.sort.replace("-", "")) cell.ariaSort = state.sort === key ? "ascending" : "descending";
      else cell.removeAttribute("aria-sort");
    }
    const { text, none } = $("count").dataset;
    $("count").textContent = (count ? text : none).replace("{shown}", count).replace("{total}", rows.length);
    table.hidden = !count;
    $("clear").hidden = count === rows.length && !state.sort;
  }

  /** Changes the state, and updates the controls, the table and the URL. */
  function set(update, address = true) {
    Object.assign(state, update);
    for (const part of PARTS) {
      const value = part === "sort" ? state.sort.replace("-", "") : state[part];
      if ($(part).value !== value) $(part).value = value;
    }
    show();
    // Debounced, because browsers limit changes of the URL to about 100 in 30 seconds.
    clearTimeout(later);
    if (address) later = setTimeout(write, 200);
  }

  function write() {
    const query = new URLSearchParams(PARTS.filter((part) => state[part]).map((part) => [part, state[part]]));
    history.replaceState(null, "", (query.size ? `?${query}` : location.pathname) + location.hash);
  }

  for (const part of PARTS) $(part).oninput = () => set({ [part]: $(part).value });
  $("clear").onclick = () => {
    set({ q: "", data: "", when: "", sort: "" });
    $("q").focus();
  };
  // A link to a hidden row resets the filter.
  onhashchange = () => {
    const hidden = rows.find(({ row }) => row.hidden && `#${row.id}` === location.hash);
    if (!hidden) return;
    set({ q: "", data: "", when: "" });
    hidden.row.scrollIntoView();
  };
  const asked = new URLSearchParams(location.search);
  const known = (part) => {
    const value = asked.get(part) ?? "";
    const plain = part === "sort" ? value.replace("-", "") : value;
    return part === "q" || [...$(part).options].some((option) => option.value === plain) ? value : "";
  };
  filter.hidden = false;
  set(Object.fromEntries(PARTS.map((part) => [part, known(part)])), false);
  onhashchange();
}

/** Returns the text by which a cell is sorted: without details, permalink, legal name and dates. */
function shown(cell) {
  const copy = cell.cloneNode(true);
  for (const extra of copy.querySelectorAll("details, .anchor, .sub, .tag")) extra.remove();
  return copy.textContent.trim().replace(/\s+/g, " ");
}

if (globalThis.document) {
  const [filter, table] = [$("filter"), document.querySelector(".sheet table")];
  if (filter && table) start(filter, table);
}
