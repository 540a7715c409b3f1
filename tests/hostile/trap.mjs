// A page in a trap: whatever an attack could do is noted, and the page's elements can be told.

/** Runs in the page before anything else. */
function hooks() {
  const told = (globalThis.caught = []);
  for (const name of ["alert", "confirm", "prompt", "open", "msgbox"]) globalThis[name] = () => void told.push(`${name} was called`);
  document.addEventListener("securitypolicyviolation", (event) => told.push(`the policy stopped ${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
}

/**
 * Every element with its attributes, and every text, in order: a line each. JSON blocks are parsed, and told value by
 * value. Prose (what a publisher writes in Markdown) may hold any of the renderer's elements, and is told as one line.
 */
function tell({ within, html }) {
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
      // How two texts are woven is theirs; with which elements is not.
      for (const inner of node.querySelectorAll("*")) if (!inner.matches("ins, del, ins > .vh:first-child, del > .vh:first-child")) lines.push(`<${inner.localName}> in a rewording`);
    } else for (const child of node.childNodes) walk(child);
    lines.push(`</${node.localName}>`);
  };
  if (html !== undefined) {
    // A feed reader shows this as HTML, under no policy at all.
    prose(new DOMParser().parseFromString(html, "text/html").body);
    return lines;
  }
  for (const child of within ? [document.querySelector(within)] : document.childNodes) walk(child);
  return lines;
}

/** Opens pages of one site in one tab, and throws for whatever they do that a page of text would not. */
export class Trap {
  constructor(page, home) {
    Object.assign(this, { page, home, told: [], loads: 0 });
  }

  static async in(chromium, home) {
    const page = await chromium.page();
    const trap = new Trap(page, home);
    await page.addInitScript(hooks);
    // Sites come and go, and the system gives their ports again.
    const tools = await page.context().newCDPSession(page);
    await tools.send("Network.enable");
    await tools.send("Network.setCacheDisabled", { cacheDisabled: true });
    page.on("pageerror", (error) => trap.told.push(String(error)));
    page.on("console", (message) => {
      // That a page is not there, or stands in for a site that is not, is no deed of its content.
      const missing = /Failed to load resource.*(404|503)/.test(message.text());
      if (message.type() === "error" && !missing) trap.told.push(message.text());
    });
    page.on("dialog", (dialog) => {
      trap.told.push(`a dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    page.on("popup", (popup) => trap.told.push(`a window: ${popup.url()}`));
    page.on("worker", (worker) => trap.told.push(`a worker: ${worker.url()}`));
    page.on("download", (download) => trap.told.push(`a download: ${download.url()}`));
    page.on("request", (request) => {
      if (!request.url().startsWith(trap.home) && !request.url().startsWith("blob:")) trap.told.push(`asked for ${request.url()}`);
    });
    return trap;
  }

  /** Loads a page as if it had never been seen. */
  async open(path) {
    const address = this.home + path;
    // From one fragment of a page to another nothing would be loaded.
    const bare = (text) => new URL(text).href.split("#")[0];
    if (path.includes("#") && bare(address) === bare(this.page.url())) await this.page.goto("about:blank");
    await this.page.goto(address);
    this.loads += 1;
    if (this.page.frames().length > 1) this.told.push("the page has frames");
    if (!this.page.url().startsWith(this.home)) this.told.push(`went to ${this.page.url()}`);
  }

  /** All that was caught, which must be nothing. */
  async caught() {
    return [...this.told.splice(0), ...(await this.page.evaluate(() => globalThis.caught.splice(0)))];
  }

  tell(within) {
    return this.page.evaluate(tell, { within });
  }

  /** What may not stand in HTML that others will show; nothing where it is all right. */
  judge(html) {
    return this.page.evaluate(tell, { html });
  }
}
