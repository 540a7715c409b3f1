// Runs the CloudFront function of docs/publishing.md for each address of a built site, at the root and below a path.
//
//   CANDOR=target/release/candor node tests/emulators/cloudfront.mjs

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const [, source] = readFileSync(join(root, "docs/publishing.md"), "utf8").match(/```js\n([^`]*function handler[^`]*)```/);
const handler = new Function(`${source}; return handler;`)();

/** Returns what the function makes of an address: `{ uri }` of the file that S3 gets, or `{ location }` of a redirect. */
function answer(uri, querystring = {}) {
  const result = handler({ request: { method: "GET", uri, querystring, headers: {}, cookies: {} } });
  if (result.uri !== undefined) return { uri: result.uri };
  assert.equal(result.statusCode, 308);
  return { location: result.headers.location.value };
}

const folder = mkdtempSync(join(tmpdir(), "candor-"));
try {
  const dist = join(folder, "dist");
  execFileSync(process.env.CANDOR, ["--root", root, "build", "--no-compress", "--out", dist], { stdio: ["ignore", "ignore", "inherit"] });
  // Not every site has these.
  for (const page of ["releases/2026-05-22.2", "releases/2026-05-22.2/about", "security-policy", "changelog/2026"]) {
    mkdirSync(join(dist, page), { recursive: true });
    writeFileSync(join(dist, page, "index.html"), "a page");
  }
  for (const file of [
    "releases/2026-05-22.2.json", "_redirects", "CNAME", ".well-known/security.txt", ".well-known/apple-app-site-association",
    `releases/files/${"0".repeat(64)}/LICENSE`, `releases/files/${"0".repeat(64)}/dpa.pdf`, "documents/archive.7z", "documents/a.b c.pdf",
  ]) {
    mkdirSync(join(dist, file, ".."), { recursive: true });
    writeFileSync(join(dist, file), "a file");
  }
  const entries = readdirSync(dist, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => relative(dist, join(entry.parentPath, entry.name)).split(sep).join("/"));
  const published = files.filter((file) => file !== ".candor");
  let pages = 0;
  for (const prefix of ["", "/trust", "/a/b.c/trust"]) {
    for (const file of published) {
      const uri = `${prefix}/${file.split("/").map(encodeURIComponent).join("/")}`;
      assert.deepEqual(answer(uri), { uri }, "a file is served as it is");
      if (!file.endsWith("index.html")) continue;
      pages += 1;
      const page = uri.slice(0, -"index.html".length);
      assert.deepEqual(answer(page), { uri }, "a page is served at the address of its folder");
      if (page === "/") continue;
      const bare = page.slice(0, -1);
      assert.deepEqual(answer(bare), { location: page }, "links of a page need the slash at the end of its address");
      const query = { features: { value: "a%20b" }, x: { value: "1", multiValue: [{ value: "1" }, { value: "2" }] }, y: { value: "" } };
      assert.deepEqual(answer(bare, query), { location: `${page}?features=a%20b&x=1&x=2&y=` });
    }
  }
  assert.ok(pages > 20, `only ${pages} pages`);
  for (const uri of ["//evil.example/x", "///evil.example", "/\\evil.example/x", "\\\\evil.example/x", "//evil"]) {
    const { location } = answer(uri);
    assert.equal(new URL(location, "https://trust.example/").host, "trust.example", `${uri} leads to ${location}`);
  }
  console.log(`PASS  CloudFront: ${published.length} addresses lead to their files, and ${pages} pages have their slash`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
