// Starts the browser and the program under test.
//
// The browser is the system's Chromium without background requests (no first-run page, updates or sync) and with a
// temporary profile. The program is `target/release/candor`, or the value of CANDOR.

import { execFile, spawn } from "node:child_process";
import { mkdtemp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A timeout for hangs, in milliseconds: much longer than any step takes, even on a busy machine. */
const HANG_TIMEOUT = 600_000;

/** The program under test. */
export const candor = process.env.CANDOR ?? fileURLToPath(new URL("../../target/release/candor", import.meta.url));

/** Launches a browser with Playwright's context options. Close it with `close()`. */
export async function browser({ args = [], ...options } = {}) {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const profile = await mkdtemp(join(tmpdir(), "candor-chromium-"));
  const context = await chromium.launchPersistentContext(profile, { executablePath, args: [...FLAGS, ...args], timeout: HANG_TIMEOUT, ...options });
  context.setDefaultTimeout(HANG_TIMEOUT);
  context.setDefaultNavigationTimeout(HANG_TIMEOUT);
  return {
    page: () => context.newPage(),
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** Collects errors of a page: exceptions, console errors (with violations of the CSP), and requests to other sites. */
export function collectErrors(page, home) {
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    // Browsers request an icon even if the page does not link to one.
    if (message.type() === "error" && !message.location().url.endsWith("/favicon.ico")) errors.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(home) && !request.url().startsWith("blob:")) errors.push(`requested ${request.url()}`);
  });
  return errors;
}

/** Creates a project in a temporary folder from paths and strings. `write` creates or replaces a file atomically. */
export async function project(files) {
  const root = await mkdtemp(join(tmpdir(), "candor-project-"));
  const write = async (path, text) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    // Write to another name first, so that a running preview never reads a partial file.
    await writeFile(join(root, ".writing"), text);
    await rename(join(root, ".writing"), join(root, path));
  };
  for (const [path, text] of Object.entries(files)) await write(path, text);
  return { root, write, remove: () => rm(root, { recursive: true, force: true }) };
}

/** Starts `candor serve` on a free port and resolves once the address is printed. */
export async function serve(root) {
  const child = spawn(candor, ["--root", root, "serve", "--port", "0"], { stdio: ["ignore", "pipe", "pipe"] });
  const exit = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
  let log = "";
  child.stderr.on("data", (data) => (log += data));
  for await (const line of createInterface({ input: child.stdout })) {
    const [url] = line.match(/http:\/\/\S+/) ?? [];
    if (url) {
      return {
        url,
        log: () => log,
        stop() {
          child.kill("SIGINT");
          return exit;
        },
      };
    }
  }
  throw new Error(`candor serve exited with ${await exit}:\n${log}`);
}

/** Runs the program in a project. Rejects if the program fails. */
export const run = (root, ...args) => promisify(execFile)(candor, ["--root", root, ...args]);

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml", ".xml": "application/xml" };

/** Parses the rules of a `_headers` file: the paths and their headers. */
function headerRules(text) {
  const all = text.trimEnd().split(/\n(?=\S)/).map((block) => block.split("\n"));
  return all.map(([pattern, ...lines]) => ({
    matches: (path) => (pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern),
    headers: lines.map((line) => line.trim().split(/: (.*)/s).slice(0, 2)),
  }));
}

/** Serves a built site on a free port, with the headers of its `_headers` file and its compressed files. */
export async function publish(folder) {
  const rules = headerRules(await readFile(join(folder, "_headers"), "utf8"));
  const read = (path) => readFile(join(folder, path)).catch(() => undefined);
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const requested = path.endsWith("/") ? `${path}index.html` : path;
    const content = await read(requested);
    const file = content ? requested : "/404.html";
    const compressed = /\bbr\b/.test(request.headers["accept-encoding"]) ? await read(`${file}.br`) : undefined;
    const headers = rules.filter(({ matches }) => matches(path)).flatMap((rule) => rule.headers);
    headers.push(["Content-Type", `${TYPES[extname(file)] ?? "text/plain"}; charset=utf-8`]);
    if (compressed) headers.push(["Content-Encoding", "br"], ["Vary", "Accept-Encoding"]);
    response.writeHead(content ? 200 : 404, headers.flat());
    response.end(compressed ?? content ?? (await read(file)));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}
