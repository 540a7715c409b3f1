// Opens pages, records everything that an attack could cause, and lists the elements of a page.

/** Runs in the page before anything else. */
function hooks() {
  const events = (globalThis.caught = []);
  for (const name of ["alert", "confirm", "prompt", "open", "msgbox"]) globalThis[name] = () => void events.push(`${name} was called`);
  document.addEventListener("securitypolicyviolation", (event) => events.push(`the policy blocked ${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
}

/**
 * Lists every element with its attributes, and every text, in order, one per line. JSON blocks are parsed and listed by
 * value. Prose (the publisher's Markdown) may contain any element of the renderer; only its problems are listed.
 */
function list({ within, html }) {
  const PROSE = ".prose, div.note, .log > li > div, dd.summary";
  const MAY = "p h3 h4 h5 h6 blockquote pre code ul ol li table thead tbody tr th td em strong del ins a img br hr sup section".split(" ");
  const ATTRIBUTES = "id class href title src alt start scope role aria-label tabindex loading decoding".split(" ");
  const lines = [];
  const address = (text) => (/^mailto:/.test(text) ? decodeURIComponent(text) : text);
  const json = (value, at) => {
    if (value && typeof value === "object") for (const key of Object.keys(value)) json(value[key], `${at}.${key}`);
    else lines.push(`${at} = ${typeof value} ${value}`);
  };
  const prose = (element) => {
    for (const inner of element.querySelectorAll("*")) {
      const { localName, namespaceURI, attributes } = inner;
      if (!MAY.includes(localName) || !namespaceURI.endsWith("/xhtml")) lines.push(`<${localName}> in prose`);
      for (const { name, value } of attributes) {
        if (!ATTRIBUTES.includes(name)) lines.push(`${name} on <${localName}> in prose`);
        if (/^(href|src)$/.test(name) && !/^(https?|mailto|tel):$/.test(new URL(value, location).protocol)) lines.push(`${name}=${value} in prose`);
        if (name === "src" && new URL(value, location).origin !== location.origin) lines.push(`src=${value} in prose`);
      }
    }
  };
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return void (node.data.trim() && lines.push(node.data));
    if (node.nodeType !== Node.ELEMENT_NODE) return void (node.nodeType === Node.DOCUMENT_TYPE_NODE || lines.push(`node ${node.nodeType}`));
    const attributes = [...node.attributes].map(({ name, value }) => `${name}=${address(value)}`).sort();
    lines.push(`<${node.localName}>`, ...attributes);
    if (node.localName === "script" && /json/.test(node.type)) json(JSON.parse(node.textContent), node.type);
    else if (node.matches(PROSE)) prose(node);
    else if (node.matches(".reworded")) {
      // The diff depends on the texts, but it must consist of these elements.
      for (const inner of node.querySelectorAll("*")) if (!inner.matches("ins, del, ins > .vh:first-child, del > .vh:first-child")) lines.push(`<${inner.localName}> in a rewording`);
    } else for (const child of node.childNodes) walk(child);
    lines.push(`</${node.localName}>`);
  };
  if (html !== undefined) {
    // A feed reader displays this as HTML, without a Content-Security-Policy.
    prose(new DOMParser().parseFromString(html, "text/html").body);
    return lines;
  }
  for (const child of within ? [document.querySelector(within)] : document.childNodes) walk(child);
  return lines;
}

/** Opens pages of one site in one tab, and records everything that a page of plain text would not do. */
export class Trap {
  constructor(page, home) {
    Object.assign(this, { page, home, events: [], loads: 0 });
  }

  static async in(chromium, home) {
    const page = await chromium.page();
    const trap = new Trap(page, home);
    await page.addInitScript(hooks);
    // The system reuses the ports of sites, so cached files could be of another site.
    const tools = await page.context().newCDPSession(page);
    await tools.send("Network.enable");
    await tools.send("Network.setCacheDisabled", { cacheDisabled: true });
    page.on("pageerror", (error) => trap.events.push(String(error)));
    page.on("console", (message) => {
      // Statuses 404 and 503 are expected, and not caused by the content.
      const missing = /Failed to load resource.*(404|503)/.test(message.text());
      if (message.type() === "error" && !missing) trap.events.push(message.text());
    });
    page.on("dialog", (dialog) => {
      trap.events.push(`a dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    page.on("popup", (popup) => trap.events.push(`a window: ${popup.url()}`));
    page.on("worker", (worker) => trap.events.push(`a worker: ${worker.url()}`));
    page.on("download", (download) => trap.events.push(`a download: ${download.url()}`));
    page.on("request", (request) => {
      if (!request.url().startsWith(trap.home) && !request.url().startsWith("blob:")) trap.events.push(`requested ${request.url()}`);
    });
    return trap;
  }

  /** Loads a page without any state of an earlier visit. */
  async open(path) {
    const address = this.home + path;
    // Navigation to another fragment of the same page would not load it again.
    const bare = (text) => new URL(text).href.split("#")[0];
    if (path.includes("#") && bare(address) === bare(this.page.url())) await this.page.goto("about:blank");
    await this.page.goto(address);
    this.loads += 1;
    if (this.page.frames().length > 1) this.events.push("the page has frames");
    if (!this.page.url().startsWith(this.home)) this.events.push(`went to ${this.page.url()}`);
  }

  /** Returns all recorded events; there should be none. */
  async caught() {
    return [...this.events.splice(0), ...(await this.page.evaluate(() => globalThis.caught.splice(0)))];
  }

  list(within) {
    return this.page.evaluate(list, { within });
  }

  /** Returns the problems of HTML that feed readers will display. */
  problems(html) {
    return this.page.evaluate(list, { html });
  }
}
