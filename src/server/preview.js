// The preview's own script: takes the page to each new state of the site, and shows errors over it.
// It is served by `candor serve` alone and is never part of a site.
"use strict";
(() => {
  const token = document.currentScript.dataset.page;
  const memory = "candor-scroll " + location.pathname;

  // A reload brings the reader back to where they were.
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

  // Style sheets: the new one is put beside the old one and replaces it once it is there.
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
    // A list that no longer names a sheet, or names another one, is a new page.
    if (links.some((link) => !sheets.some((sheet) => family(sheet.href) === family(link.href)))) reload();
  };

  // The overlay: in a shadow tree, so that neither the site's styles nor its scripts meet it.
  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  const host = element("candor-preview");
  const shadow = host.attachShadow({ mode: "open" });
  const title = element("h2", { id: "title", tabIndex: -1 });
  const findings = element("div", { id: "findings" });
  const dialog = element("dialog", { lang: "en", dir: "ltr" }, title, findings,
    element("form", { method: "dialog" }, element("button", { textContent: "Hide (Esc)" })));
  dialog.setAttribute("role", "alertdialog");
  dialog.setAttribute("aria-labelledby", "title");
  dialog.setAttribute("aria-describedby", "findings");
  const badge = element("button", { id: "badge", type: "button", hidden: true, lang: "en" });
  shadow.append(element("link", { rel: "stylesheet", href: "/-candor/preview.css" }), dialog, badge);
  document.body.append(host);

  const open = () => {
    badge.hidden = true;
    if (!dialog.open) dialog.showModal();
    title.focus();
  };
  let standing = false;
  dialog.addEventListener("close", () => { badge.hidden = !standing; });
  badge.addEventListener("click", open);

  const show = (problems) => {
    standing = true;
    title.textContent = problems.title;
    badge.textContent = problems.title + ": show";
    findings.replaceChildren(...problems.findings.map((finding) => {
      const source = element("pre", { tabIndex: 0 });
      for (const { number, text, label } of finding.lines) {
        const [before, meant, after] = text;
        source.append(String(number).padStart(5) + " | " + before);
        if (meant) source.append(element("mark", { textContent: meant }));
        source.append(after);
        if (label) source.append(element("em", { textContent: "  " + label }));
        source.append("\n");
      }
      return element("section", {},
        element("h3", {}, finding.severity + "[" + finding.code + "]: " + finding.message),
        ...(finding.place ? [element("p", { className: "place", textContent: finding.place })] : []),
        ...(finding.lines.length ? [source] : []),
        ...finding.help.map((help) => element("p", { textContent: "help: " + help })));
    }));
    open();
  };
  const mended = () => {
    standing = false;
    badge.hidden = true;
    dialog.close();
  };

  // A browser grants few connections to one host: a page that nobody sees gives its own back and catches up later.
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
    events.addEventListener("mended", mended);
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
