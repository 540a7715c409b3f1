// Starts the browser and the program that the tests look at.
//
// The browser is the system's Chromium, offline but for loopback: no start-up page, no updates, no sync, and a profile
// of its own that goes away. The program is `target/release/candor` unless CANDOR names another one.

import { spawn } from "node:child_process";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";
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

/** The program under test. */
export const candor = process.env.CANDOR ?? fileURLToPath(new URL("../../target/release/candor", import.meta.url));

/** A browser; close it with `close()`. */
export async function browser() {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const profile = await mkdtemp(join(tmpdir(), "candor-chromium-"));
  const context = await chromium.launchPersistentContext(profile, { executablePath, args: FLAGS });
  return {
    page: () => context.newPage(),
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** A project in a folder of its own, from path and text; `write` adds or replaces files. */
export async function project(files) {
  const root = await mkdtemp(join(tmpdir(), "candor-project-"));
  const write = async (path, text) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
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
