// Searches questions and answers. Without a script, readers open them one by one.

/** Returns a control by its id. The prefix avoids conflicts with the ids that publishers choose. */
const $ = (id) => document.getElementById(`ui--${id}`);

/** Returns a text as it is compared: without accents and capital letters. */
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Whether a text contains all words of a search, in any order. */
export const contains = (text, search) => folded(search).split(/\s+/).every((word) => folded(text).includes(word));

function start(input, status) {
  const all = [...document.querySelectorAll(".faq > details")];
  const texts = new Map(all.map((entry) => [entry, entry.textContent]));
  // What the search opened, it closes again.
  const opened = new Set();
  input.oninput = () => {
    const search = input.value.trim();
    let count = 0;
    for (const entry of all) {
      const found = contains(texts.get(entry), search);
      count += found;
      entry.hidden = !found;
      const opens = found && search !== "";
      if (opens && !entry.open) opened.add(entry);
      if (opens || opened.has(entry)) entry.open = opens;
      if (!opens) opened.delete(entry);
    }
    const { text, none } = status.dataset;
    const shown = (count ? text : none).replace("{shown}", count).replace("{total}", all.length);
    status.textContent = search ? shown : "";
  };
  // A link to an answer opens it, although it does not match.
  onhashchange = () => {
    const entry = all.find(({ id }) => `#${id}` === location.hash);
    if (!entry) return;
    if (entry.hidden) {
      input.value = "";
      input.oninput();
    }
    entry.open = true;
    entry.scrollIntoView();
  };
  $("questions").hidden = false;
  // Browsers restore what was entered before a reload.
  input.oninput();
  onhashchange();
}

if (globalThis.document && $("find")) start($("find"), $("found"));
