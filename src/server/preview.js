// The preview's own script: updates the page when the site changes, and shows errors in an overlay.
// Only `candor serve` serves it; it is never part of a site.
"use strict";
(() => {
  const token = document.currentScript.dataset.page;
  const memory = "candor-scroll " + location.pathname;

  // Restore the scroll position after a reload.
  const left = sessionStorage.getItem(memory);
  if (left) {
    sessionStorage.removeItem(memory);
    const [x, y] = JSON.parse(left);
    const back = () => scrollTo({ left: x, top: y, behavior: "instant" });
    back();
    addEventListener("load", back, { once: true });
  }
  const reload = () => {
    sessionStorage.setItem(memory, JSON.stringify([scrollX, scrollY]));
    location.reload();
  };

  // Style sheets: the new one is added next to the old one and replaces it once it has loaded.
  const family = (href) => new URL(href, location.href).pathname.replace(/\.[0-9a-f]{6,}(?=\.css$)/, "");
  const restyle = (sheets) => {
    const links = [...document.querySelectorAll('link[rel~="stylesheet"]')];
    for (const sheet of sheets) {
      const url = new URL(sheet.href, location.href).href;
      const old = links.filter((link) => family(link.href) === family(url));
      if (old.length === 0) return reload();
      if (old.some((link) => link.href === url)) continue;
      const fresh = old[0].cloneNode();
      if (sheet.integrity) fresh.integrity = sheet.integrity;
      else fresh.removeAttribute("integrity");
      fresh.href = url;
      fresh.addEventListener("load", () => old.forEach((link) => link.remove()), { once: true });
      fresh.addEventListener("error", reload, { once: true });
      old.at(-1).after(fresh);
    }
    // If a style sheet was added or removed, the page itself has changed.
    if (links.some((link) => !sheets.some((sheet) => family(sheet.href) === family(link.href)))) reload();
  };

  // The overlay is in a shadow tree, so that the site's styles and scripts do not affect it.
  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  const host = element("candor-preview");
  const shadow = host.attachShadow({ mode: "open" });
  const title = element("h2", { id: "title", tabIndex: -1 });
  const diagnostics = element("div", { id: "diagnostics" });
  const dialog = element("dialog", { lang: "en", dir: "ltr" }, title, diagnostics,
    element("form", { method: "dialog" }, element("button", { textContent: "Hide (Esc)" })));
  dialog.setAttribute("role", "alertdialog");
  dialog.setAttribute("aria-labelledby", "title");
  dialog.setAttribute("aria-describedby", "diagnostics");
  const badge = element("button", { id: "badge", type: "button", hidden: true, lang: "en" });
  shadow.append(element("link", { rel: "stylesheet", href: "/-candor/preview.css" }), dialog, badge);
  document.body.append(host);

  const open = () => {
    badge.hidden = true;
    if (!dialog.open) dialog.showModal();
    title.focus();
  };
  let active = false;
  dialog.addEventListener("close", () => { badge.hidden = !active; });
  badge.addEventListener("click", open);

  const show = (problems) => {
    active = true;
    title.textContent = problems.title;
    badge.textContent = problems.title + ": show";
    diagnostics.replaceChildren(...problems.diagnostics.map((diagnostic) => {
      const source = element("pre", { tabIndex: 0 });
      for (const { number, text, label } of diagnostic.lines) {
        const [before, meant, after] = text;
        source.append(String(number).padStart(5) + " | " + before);
        if (meant) source.append(element("mark", { textContent: meant }));
        source.append(after);
        if (label) source.append(element("em", { textContent: "  " + label }));
        source.append("\n");
      }
      return element("section", {},
        element("h3", {}, diagnostic.severity + "[" + diagnostic.code + "]: " + diagnostic.message),
        ...(diagnostic.place ? [element("p", { className: "place", textContent: diagnostic.place })] : []),
        ...(diagnostic.lines.length ? [source] : []),
        ...diagnostic.help.map((help) => element("p", { textContent: "help: " + help })));
    }));
    open();
  };
  const fixed = () => {
    active = false;
    badge.hidden = true;
    dialog.close();
  };

  // Browsers limit the connections to one host: a hidden page closes its connection and catches up later.
  let events;
  let state = token;
  const listen = () => {
    if (events || document.hidden) return;
    events = new EventSource("/-candor/events?" + new URLSearchParams({ path: location.pathname, page: state }));
    events.addEventListener("reload", reload);
    events.addEventListener("restyle", (event) => {
      const { page, sheets } = JSON.parse(event.data);
      state = page;
      restyle(sheets);
    });
    events.addEventListener("problems", (event) => show(JSON.parse(event.data)));
    events.addEventListener("fixed", fixed);
  };
  const leave = () => {
    events?.close();
    events = undefined;
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : listen()));
  addEventListener("pagehide", leave);
  addEventListener("pageshow", listen);
  listen();
})();
