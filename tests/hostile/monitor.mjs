// Monitors a page: records everything that an attack could do, and describes the elements of the page.

/** Runs in the page before its own code. */
function hooks() {
  const problems = (globalThis.monitorProblems = []);
  for (const name of ["alert", "confirm", "prompt", "open", "msgbox"]) globalThis[name] = () => void problems.push(`${name} was called`);
  document.addEventListener("securitypolicyviolation", (event) => problems.push(`the policy blocked ${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
}

/**
 * Returns a line for each element, attribute and text, in order. JSON blocks are parsed and described value by value. Prose,
 * which publishers write in Markdown, may contain any element of the renderer: only other elements and attributes get a line.
 */
function describe({ within, html }) {
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
      // The order of insertions and deletions depends on the strings, but only these elements are allowed.
      for (const inner of node.querySelectorAll("*")) if (!inner.matches("ins, del, ins > .vh:first-child, del > .vh:first-child")) lines.push(`<${inner.localName}> in a rewording`);
    } else for (const child of node.childNodes) walk(child);
    lines.push(`</${node.localName}>`);
  };
  if (html !== undefined) {
    // Feed readers show this HTML without a Content-Security-Policy.
    prose(new DOMParser().parseFromString(html, "text/html").body);
    return lines;
  }
  for (const child of within ? [document.querySelector(within)] : document.childNodes) walk(child);
  return lines;
}

/** Opens pages of one site in one tab, and records everything that a page of plain text would not do. */
export class PageMonitor {
  constructor(page, home) {
    Object.assign(this, { page, home, problems: [], loads: 0 });
  }

  static async in(chromium, home) {
    const page = await chromium.page();
    const monitor = new PageMonitor(page, home);
    await page.addInitScript(hooks);
    // Disable the cache, because later sites may reuse the same port.
    const tools = await page.context().newCDPSession(page);
    await tools.send("Network.enable");
    await tools.send("Network.setCacheDisabled", { cacheDisabled: true });
    page.on("pageerror", (error) => monitor.problems.push(String(error)));
    page.on("console", (message) => {
      // A missing page or an unavailable site is not caused by its content.
      const missing = /Failed to load resource.*(404|503)/.test(message.text());
      if (message.type() === "error" && !missing) monitor.problems.push(message.text());
    });
    page.on("dialog", (dialog) => {
      monitor.problems.push(`a dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    page.on("popup", (popup) => monitor.problems.push(`a window: ${popup.url()}`));
    page.on("worker", (worker) => monitor.problems.push(`a worker: ${worker.url()}`));
    page.on("download", (download) => monitor.problems.push(`a download: ${download.url()}`));
    page.on("request", (request) => {
      if (!request.url().startsWith(monitor.home) && !request.url().startsWith("blob:")) monitor.problems.push(`requested ${request.url()}`);
    });
    return monitor;
  }

  /** Loads a page as on a first visit. */
  async open(path) {
    const address = this.home + path;
    // A navigation between fragments of the same page would not load anything.
    const bare = (text) => new URL(text).href.split("#")[0];
    if (path.includes("#") && bare(address) === bare(this.page.url())) await this.page.goto("about:blank");
    await this.page.goto(address);
    this.loads += 1;
    if (this.page.frames().length > 1) this.problems.push("the page has frames");
    if (!this.page.url().startsWith(this.home)) this.problems.push(`navigated to ${this.page.url()}`);
  }

  /** Returns and clears the recorded problems. */
  async takeProblems() {
    return [...this.problems.splice(0), ...(await this.page.evaluate(() => globalThis.monitorProblems.splice(0)))];
  }

  /** Describes the page, or the element that matches the selector. */
  describe(within) {
    return this.page.evaluate(describe, { within });
  }

  /** Returns the problems of HTML that other programs show. */
  problemsOf(html) {
    return this.page.evaluate(describe, { html });
  }
}
