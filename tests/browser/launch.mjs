// Starts the browser and the program that the tests look at.
//
// The browser is the system's Chromium, offline but for loopback: no start-up page, no updates, no sync, and a profile
// of its own that goes away. The program is `target/release/candor` unless CANDOR names another one.

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

/** Milliseconds that nothing takes, however busy the machine is: what waits longer waits for something that does not come. */
const HANGS = 600_000;

/** The program under test. */
export const candor = process.env.CANDOR ?? fileURLToPath(new URL("../../target/release/candor", import.meta.url));

/** A browser, with Playwright's options for its pages; close it with `close()`. */
export async function browser({ args = [], ...options } = {}) {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const profile = await mkdtemp(join(tmpdir(), "candor-chromium-"));
  const context = await chromium.launchPersistentContext(profile, { executablePath, args: [...FLAGS, ...args], timeout: HANGS, ...options });
  context.setDefaultTimeout(HANGS);
  context.setDefaultNavigationTimeout(HANGS);
  return {
    page: () => context.newPage(),
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** What a page should never do: errors, violations of the policy (which are console errors too), requests to elsewhere. */
export function listen(page, home) {
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // Browsers ask for an icon by themselves on pages that name none.
    if (message.type() === "error" && !message.location().url.endsWith("/favicon.ico")) complaints.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(home) && !request.url().startsWith("blob:")) complaints.push(`asked for ${request.url()}`);
  });
  return complaints;
}

/** A project in a folder of its own, from path and text; `write` adds files or replaces them, each as a whole. */
export async function project(files) {
  const root = await mkdtemp(join(tmpdir(), "candor-project-"));
  const write = async (path, text) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    // By another name first: a preview that rebuilds meanwhile reads the old file or the new one, never a part.
    await writeFile(join(root, ".writing"), text);
    await rename(join(root, ".writing"), join(root, path));
  };
  for (const [path, text] of Object.entries(files)) await write(path, text);
  return { root, write, remove: () => rm(root, { recursive: true, force: true }) };
}

/** `candor serve` on a port that the system chooses; gives its address once it is printed. */
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
  throw new Error(`candor serve ended with ${await exit}:\n${log}`);
}

/** Runs the program in a project to its end; fails where the program does. */
export const run = (root, ...args) => promisify(execFile)(candor, ["--root", root, ...args]);

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml", ".xml": "application/xml" };

/** The blocks of a `_headers` file: which paths, and which headers they get. */
function blocks(text) {
  const all = text.trimEnd().split(/\n(?=\S)/).map((block) => block.split("\n"));
  return all.map(([pattern, ...lines]) => ({
    holds: (path) => (pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern),
    headers: lines.map((line) => line.trim().split(/: (.*)/s).slice(0, 2)),
  }));
}

/** A built site on a port that the system chooses, with the headers that its `_headers` names, compressed where it is. */
export async function publish(folder) {
  const rules = blocks(await readFile(join(folder, "_headers"), "utf8"));
  const read = (path) => readFile(join(folder, path)).catch(() => undefined);
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const asked = path.endsWith("/") ? `${path}index.html` : path;
    const found = await read(asked);
    const file = found ? asked : "/404.html";
    const squeezed = /\bbr\b/.test(request.headers["accept-encoding"]) ? await read(`${file}.br`) : undefined;
    const headers = rules.filter(({ holds }) => holds(path)).flatMap((rule) => rule.headers);
    headers.push(["Content-Type", `${TYPES[extname(file)] ?? "text/plain"}; charset=utf-8`]);
    if (squeezed) headers.push(["Content-Encoding", "br"], ["Vary", "Accept-Encoding"]);
    response.writeHead(found ? 200 : 404, headers.flat());
    response.end(squeezed ?? found ?? (await read(file)));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}
