// Searches, filters and sorts the subprocessors that are in use, those that are not in use yet, and other recipients. The state is in the URL, so that it can be shared.

/** Returns a control by its id. The prefix avoids conflicts with the ids that publishers choose. */
const $ = (id) => document.getElementById(`ui--${id}`);

/** The facets, which are also the parameters of the URL. A row has any number of values of each. */
const FACETS = ["category", "data", "location", "transfer", "when"];
const none = () => Object.fromEntries(FACETS.map((facet) => [facet, []]));

/** Returns the rows that contain all search words and have one of the chosen values of each facet. */
// `counts` has, for each value of a facet, the number of rows that match everything else.
export function filtered(rows, q, chosen) {
  const words = q.toLowerCase().split(/\s+/);
  const shown = new Set();
  const counts = Object.fromEntries(FACETS.map((facet) => [facet, new Map()]));
  for (const row of rows) {
    if (!words.every((word) => row.text.includes(word))) continue;
    const failed = FACETS.filter((facet) => chosen[facet].length && !chosen[facet].some((value) => row.values[facet].includes(value)));
    if (!failed.length) shown.add(row);
    // A row that fails only one facet counts for the other values of this facet.
    const counting = failed.length > 1 ? [] : failed.length ? failed : FACETS;
    for (const facet of counting) for (const value of row.values[facet]) counts[facet].set(value, (counts[facet].get(value) ?? 0) + 1);
  }
  return { shown, counts };
}

/** Leaves out choices that give no rows together with the others. Those of the facet that was changed last are kept first. */
export function possible(rows, q, chosen, last) {
  const kept = none();
  for (const facet of [last, ...FACETS.filter((other) => other !== last)]) {
    const { counts } = filtered(rows, q, kept);
    kept[facet] = chosen[facet].filter((value) => counts[facet].has(value));
  }
  return kept;
}

/** Sorts rows by a column: `name`, or `-name` for descending order. Rows with an empty cell come last. */
export function sorted(rows, sort, language) {
  const { compare } = new Intl.Collator(language, { numeric: true });
  const column = sort.replace("-", "");
  const sign = sort.startsWith("-") ? -1 : 1;
  const by = (a, b) => !a - !b || sign * compare(a, b);
  return sort ? [...rows].sort((a, b) => by(a.cells[column] ?? "", b.cells[column] ?? "")) : rows;
}

/** Creates an element with properties and children. */
function make(name, properties, ...inside) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...inside);
  return element;
}

function start(filter, tables) {
  const language = document.documentElement.lang;
  // All tables have the same columns.
  const headRows = tables.map((table) => [...table.tHead.rows[0].cells]);
  const heads = headRows[0].map((cell, at) => ({ cells: headRows.map((row) => row[at]), key: cell.className.replace("c-", ""), label: cell.textContent }));
  // Each category is a body of its own, whose first row has its name.
  const bodies = tables.flatMap((table) => [...table.tBodies]);
  const rows = bodies.flatMap((body) => {
    return [...body.rows].filter((row) => !row.classList.contains("category")).map((row) => {
      const { category } = row.dataset;
      const cells = Object.fromEntries(heads.map(({ key }, at) => [key, shownText(row.cells[at])]));
      const stated = (parts) => [...new Set([...row.querySelectorAll(parts)].map((part) => part.textContent))];
      const locations = row.querySelector("[data-locations]")?.dataset.locations.split("|") ?? [];
      const values = { category: category ? [category] : [], data: stated("td > ul > li"), location: [...new Set(locations)].filter(Boolean), transfer: stated("abbr"), when: cells.when ? [cells.when] : [] };
      return { row, body, cells, values, text: row.textContent.toLowerCase() };
    });
  });
  const state = { q: "", sort: "", chosen: none() };

  const labels = { category: $("facets").dataset.category, ...Object.fromEntries(heads.map(({ key, label }) => [key === "where" ? "location" : key, label])) };
  const facets = FACETS.map((facet) => {
    const values = [...new Set(rows.flatMap((row) => row.values[facet]))].sort(new Intl.Collator(language, { numeric: true }).compare);
    const number = make("b", {});
    const options = values.map((value) => {
      const count = make("span", { className: "num" });
      const box = make("input", { type: "checkbox", value });
      return { value, box, count, label: make("label", {}, box, make("span", {}, value), " ", count) };
    });
    const strings = $("facets").dataset;
    const reset = make("button", { type: "button", className: "sort" }, facet === "data" ? strings.anyData : strings.any);
    reset.onclick = () => {
      set({ chosen: { ...state.chosen, [facet]: [] } });
      // The button is disabled now, and would lose the focus.
      part.firstChild.focus();
    };
    const part = make("details", { name: "ui--facet" }, make("summary", {}, labels[facet] ?? "", number), make("div", { className: "panel" }, ...options.map(({ label }) => label), reset));
    // A single value is no choice.
    if (options.length > 1) $("facets").append(part);
    part.onchange = () => {
      const chosen = { ...state.chosen, [facet]: options.filter(({ box }) => box.checked).map(({ value }) => value) };
      set({ chosen: possible(rows, state.q, chosen, facet) });
    };
    return { facet, part, number, options, reset };
  });
  /** Closes the open facet. Returns whether one was open. */
  const close = () => facets.find(({ part }) => part.open && !(part.open = false))?.part;
  filter.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") close()?.firstChild.focus();
  });
  document.addEventListener("click", ({ target }) => {
    if (!$("facets").contains(target)) close();
  });

  for (const { cells, key, label } of heads) {
    $("sort").add(new Option(label, key));
    for (const cell of cells) {
      const button = make("button", { type: "button", className: "sort" }, ...cell.childNodes);
      button.onclick = () => set({ sort: state.sort === key ? `-${key}` : key });
      cell.append(button);
    }
  }

  let order = "";
  let later;
  function show() {
    if (order !== state.sort) {
      const ordered = sorted(rows, state.sort, language);
      for (const body of bodies) body.append(...ordered.filter((row) => row.body === body).map(({ row }) => row));
      order = state.sort;
    }
    const { shown, counts } = filtered(rows, state.q, state.chosen);
    for (const row of rows) row.row.hidden = !shown.has(row);
    const filled = new Set([...shown].map(({ body }) => body));
    for (const body of bodies) body.hidden = !filled.has(body);
    for (const { facet, number, options, reset } of facets) {
      const chosen = state.chosen[facet];
      reset.disabled = !chosen.length;
      number.textContent = chosen.length ? ` (${chosen.length})` : "";
      for (const { value, box, count } of options) {
        const n = counts[facet].get(value) ?? 0;
        box.checked = chosen.includes(value);
        box.disabled = !n && !box.checked;
        if (count.textContent !== `${n}`) count.textContent = n;
      }
    }
    for (const { cells, key } of heads) {
      for (const cell of cells) {
        if (key === state.sort.replace("-", "")) cell.ariaSort = state.sort === key ? "ascending" : "descending";
        else cell.removeAttribute("aria-sort");
      }
    }
    const labels = $("count").dataset;
    $("count").textContent = (shown.size ? labels.text : labels.none).replace("{shown}", shown.size).replace("{total}", rows.length);
    for (const table of tables) table.hidden = [...table.tBodies].every((body) => body.hidden);
    $("clear").hidden = shown.size === rows.length && !state.sort && !FACETS.some((facet) => state.chosen[facet].length);
  }

  /** Changes the state, and updates the controls, the table and the URL. */
  function set(update, address = true) {
    Object.assign(state, update);
    const plain = state.sort.replace("-", "");
    if ($("q").value !== state.q) $("q").value = state.q;
    if ($("sort").value !== plain) $("sort").value = plain;
    show();
    // Debounced, because browsers limit changes of the URL to about 100 in 30 seconds.
    clearTimeout(later);
    if (address) later = setTimeout(write, 200);
  }

  function write() {
    const all = [["q", state.q], ...FACETS.flatMap((facet) => state.chosen[facet].map((value) => [facet, value])), ["sort", state.sort]];
    const query = new URLSearchParams(all.filter(([, value]) => value));
    history.replaceState(null, "", (query.size ? `?${query}` : location.pathname) + location.hash);
  }

  $("q").oninput = () => set({ q: $("q").value });
  $("sort").oninput = () => set({ sort: $("sort").value });
  $("clear").onclick = () => {
    set({ q: "", sort: "", chosen: none() });
    $("q").focus();
  };
  // A link to a hidden row resets the filter.
  onhashchange = () => {
    const hidden = rows.find(({ row }) => row.hidden && `#${row.id}` === location.hash);
    if (!hidden) return;
    set({ q: "", chosen: none() });
    hidden.row.scrollIntoView();
  };
  const asked = new URLSearchParams(location.search);
  const [q, sort] = [asked.get("q") ?? "", asked.get("sort") ?? ""];
  const wanted = Object.fromEntries(FACETS.map((facet) => [facet, asked.getAll(facet)]));
  filter.hidden = false;
  const isColumn = heads.some(({ key }) => key === sort.replace("-", ""));
  set({ q, sort: isColumn ? sort : "", chosen: possible(rows, q, wanted, FACETS[0]) }, false);
  onhashchange();
}

/** Returns the text by which a cell is sorted: without details, permalink, legal name, dates and the sign for no value. */
function shownText(cell) {
  const copy = cell.cloneNode(true);
  for (const extra of copy.querySelectorAll("details, .anchor, .sub, .tag, .none")) extra.remove();
  return copy.textContent.trim().replace(/\s+/g, " ");
}

if (globalThis.document) {
  // Former subprocessors are in a section of their own.
  const [filter, tables] = [$("filter"), [...document.querySelectorAll(".sheet table:not(.section *)")]];
  if (filter && tables[0] && $("facets")) start(filter, tables);
}
