// Every kind of page in every mode is accessible, fits the screen, works with the keyboard, and logs no console errors under
// the Content-Security-Policy of `_headers`. The project has a value in every list and field.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { complete, json, section } from "./fixture.mjs";
import { browser, collectErrors, project, publish, run } from "./launch.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const require = createRequire(import.meta.url);
const { CspEvaluator } = require("csp_evaluator/dist/evaluator.js");
const { CspParser } = require("csp_evaluator/dist/parser.js");
const { Severity } = require("csp_evaluator/dist/finding.js");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

const PAGES = ["", "subprocessors/", "schedule/", "compare/", "changelog/", "subscribe/", "updates/", "updates/2025-11-20-delays/", "releases/2026-02-10/", "404.html"];
const WIDTHS = [1440, 768, 390, 320];

let root, arabic, site, draft, rtl, chromium, plain;

before(async () => {
  root = await complete();
  const build = async (project, out, ...more) => {
    await run(project.root, "build", "--out", join(project.root, out), "--as-of", "2026-06-01", ...more);
    return publish(join(project.root, out));
  };
  site = await build(root, "dist");
  await root.write("content/data/faq.yaml", "[]\n");
  draft = await build(root, "draft", "--draft");
  // Its page about subscriptions has everything, and that of the other project only what every site has.
  const subscribe = { email: "news@example.com", form: { action: "https://news.example.net/join", field: "address" }, repository: "https://git.example.net/trust" };
  arabic = await complete({ language: "ar", title: "الثقة والامتثال", theme: { accent: "#b3122e", accent_dark: "#ff9eb0" }, subscribe }, { "templates/strings/ar.yaml": "nav: {home: نظرة عامة}\n" });
  rtl = await build(arabic, "dist");
  chromium = await browser();
  plain = await browser({ javaScriptEnabled: false });
});

after(async () => {
  await Promise.all([chromium?.close(), plain?.close(), site?.stop(), draft?.stop(), rtl?.stop()]);
  await Promise.all([root?.remove(), arabic?.remove()]);
});

/** Returns the findings about the policy that a built site states in `_headers`. Those that only may apply are about files that a site could host. */
async function policyFindings({ root }) {
  const headers = await readFile(join(root, "dist/_headers"), "utf8");
  const policies = [...headers.matchAll(/^ *Content-Security-Policy: (.*)$/gm)].map(([, policy]) => policy);
  assert.ok(policies.length > 0, headers);
  const findings = policies.flatMap((policy) => new CspEvaluator(new CspParser(policy).csp).evaluate());
  return { policies, serious: findings.filter(({ severity }) => severity < Severity.STRICT_CSP).map(({ severity, description }) => `${Severity[severity]}: ${description}`) };
}

test("the Content-Security-Policy has no weakness, with a form and without one", async () => {
  // The evaluator finds the weaknesses of a weak policy.
  const weak = new CspEvaluator(new CspParser("script-src 'unsafe-inline' https:").csp).evaluate();
  assert.ok(weak.some(({ severity }) => severity === Severity.HIGH));
  for (const [project, form] of [[root, "form-action 'none'"], [arabic, "form-action https://news.example.net"]]) {
    const { policies, serious } = await policyFindings(project);
    assert.deepEqual(serious, []);
    assert.ok(policies.every((policy) => policy.includes(form)), policies.join());
  }
});

/** Opens a page and waits until its script is done. */
async function open(page, address) {
  await page.goto(address);
  if (address.endsWith("compare/") && page.scripted) await page.locator("#ui--result ul, #ui--result p").first().waitFor();
}

/** Removes the scripts from pages, so that axe, which needs JavaScript, can check the version without scripts. */
async function withoutScripts(page) {
  page.scripted = false;
  await page.route(/\/(404\.html)?$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace(/<script type="module"[^>]*><\/script>/g, "") });
  });
}

/** Runs `body` with a page and fails the test if the page reports errors. */
async function withPage(where, home, body) {
  const page = await where.page();
  page.scripted = where === chromium;
  const errors = collectErrors(page, home);
  await body(page);
  await page.close();
  assert.deepEqual(errors, []);
}

async function assertAccessible(page, at) {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate((rules) => axe.run({ runOnly: rules }), RULES);
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), [], at);
  assert.ok(passes.length > 20, `${at}: only ${passes.length} rules apply`);
}

const assertFits = async (page, at) => {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${at}: ${wide} px wider than the screen`);
  // Text in a column of a few letters, such as that of a grid item in the column of a mark.
  const squeezed = await page.evaluate(() =>
    [...document.querySelectorAll("main :is(p, li, dt, dd, td, th, div)")]
      .filter((part) => part.textContent.trim().length > 20 && part.clientWidth && part.clientWidth < 40 && part.clientHeight > 100)
      .map((part) => part.textContent.trim().slice(0, 60)),
  );
  assert.deepEqual(squeezed, [], `${at}: text in a narrow column`);
};

const MODES = [
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["forced colors", { colorScheme: "dark", forcedColors: "active" }],
  ["forced colors, light", { colorScheme: "light", forcedColors: "active" }],
  ["reduced motion, more contrast", { reducedMotion: "reduce", contrast: "more" }],
];

for (const [mode, media] of MODES) {
  test(`every page is accessible and fits the screen: ${mode}`, async () => {
    await withPage(chromium, site.url, async (page) => {
      await page.emulateMedia({ colorScheme: null, forcedColors: "none", reducedMotion: null, contrast: null, ...media });
      for (const path of PAGES) {
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 900 });
          await open(page, site.url + path);
          await assertFits(page, `${path} ${width}`);
          // Colors do not depend on the width, so the widest and the narrowest screen are enough.
          if (mode === "light" || width === 1440 || width === 320) await assertAccessible(page, `${path} ${width}`);
        }
      }
    });
  });
}

test("draft pages, right-to-left pages and pages without JavaScript are accessible and fit the screen", async () => {
  const all = [[draft, [""]], [rtl, PAGES], [site, PAGES, withoutScripts]];
  for (const [{ url }, paths, prepare] of all) {
    await withPage(chromium, url, async (page) => {
      await prepare?.(page);
      for (const path of paths) {
        for (const width of [1440, 320]) {
          await page.setViewportSize({ width, height: 900 });
          await open(page, url + path);
          await assertFits(page, `${path} ${width}`);
          await assertAccessible(page, `${path} ${width}`);
        }
      }
    });
  }
});

test("the page about subscriptions works with and without a form, and without JavaScript", async () => {
  for (const where of [chromium, plain]) {
    for (const [{ url }, hasForm] of [[site, false], [rtl, true]]) {
      await withPage(where, url, async (page) => {
        await page.goto(`${url}subscribe/`);
        assert.equal(await page.locator("form").count(), hasForm ? 1 : 0);
        assert.equal(await page.locator("#ui--feed").textContent(), "https://trust.example.com/feed.xml");
        assert.equal(await page.locator('a[href="webcal://trust.example.com/notices.ics"]').count(), 1);
        const copy = page.locator("#ui--copy");
        if (where === plain) return assert.ok(!(await copy.isVisible()), "a button that does nothing");
        await copy.click();
        await page.locator("#ui--copied:not(:empty)").waitFor();
      });
    }
  }
  // The policy lets the form be sent to its address, and to no other.
  const policy = async (project) => /form-action ([^;]*);/.exec(await readFile(join(project.root, "dist/_headers"), "utf8"))[1];
  assert.equal(await policy(root), "'none'");
  assert.equal(await policy(arabic), "https://news.example.net");
});

test("links use the accent of site.yaml for the color scheme", async () => {
  await withPage(chromium, rtl.url, async (page) => {
    for (const [colorScheme, accent] of [["light", "rgb(179, 18, 46)"], ["dark", "rgb(255, 158, 176)"], ["light", "rgb(179, 18, 46)"]]) {
      await page.emulateMedia({ colorScheme });
      await open(page, rtl.url);
      assert.equal(await page.locator(".prose a").first().evaluate((link) => getComputedStyle(link).color), accent);
      await assertAccessible(page, colorScheme);
    }
  });
});

test("text at 200% and with the spacing of WCAG 1.4.12 fits the screen", async () => {
  await withPage(chromium, site.url, async (page) => {
    for (const path of PAGES) {
      for (const width of [1440, 768, 320]) {
        await page.setViewportSize({ width, height: 900 });
        await open(page, site.url + path);
        await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
        if (width > 320) await assertFits(page, `${path} ${width}, large`);
        await page.evaluate(() => {
          document.documentElement.style.fontSize = "";
          const sheet = new CSSStyleSheet();
          sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }");
          document.adoptedStyleSheets = [sheet];
        });
        await assertFits(page, `${path} ${width}, spaced`);
      }
    }
  });
});

test("pages have the same text with and without JavaScript", async () => {
  const textOf = async (where, path) => {
    let text;
    await withPage(where, site.url, async (page) => {
      await open(page, site.url + path);
      text = await page.evaluate(() => [...document.querySelectorAll("main :is(h1, h2, p, li, th, td, dd)")].filter((part) => !part.closest("[id^=ui--]:not(#ui--list), .particulars")).map((part) => part.textContent.replace(/\s+/g, " ").trim()));
    });
    return text;
  };
  for (const path of PAGES) assert.deepEqual((await textOf(plain, path)).filter((part) => part.length), (await textOf(chromium, path)).filter((part) => part.length), path);
});

test("the keyboard reaches every control and link with a visible focus and without traps", async () => {
  await withPage(chromium, site.url, async (page) => {
    for (const path of PAGES) {
      for (const width of [1440, 390]) {
        await page.setViewportSize({ width, height: 900 });
        await open(page, site.url + path);
        const all = await page.evaluate(() => {
          const can = [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")];
          return can.filter((part) => part.checkVisibility() && part.tabIndex >= 0).length;
        });
        const visited = new Set();
        let last;
        // A date field has several stops.
        for (let presses = 0; presses <= all + 10; presses += 1) {
          await page.keyboard.press("Tab");
          const state = await page.evaluate(() => {
            const at = document.activeElement;
            if (at === document.body) return null;
            const { top, bottom, width, height } = at.getBoundingClientRect();
            const style = getComputedStyle(at);
            const place = [...document.querySelectorAll("*")].indexOf(at);
            return { place, what: at.outerHTML.slice(0, 90), ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2, visible: bottom > 0 && top < innerHeight && width > 5 && height > 5 };
          });
          // After the last element, the focus moves to the browser's own interface and then to the first element again.
          if (!state || (state.place !== last && visited.has(state.place))) break;
          last = state.place;
          visited.add(state.place);
          assert.ok(state.ring && state.visible, `${path} ${width}: ${JSON.stringify(state)}`);
        }
        assert.equal(visited.size, all, `${path} ${width}`);
      }
    }
  });
});

test("the first link skips to the content", async () => {
  await withPage(chromium, site.url, async (page) => {
    await page.goto(site.url);
    await page.keyboard.press("Tab");
    assert.ok(await page.getByText("Skip to content").isVisible());
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    assert.ok(await page.evaluate(() => document.querySelector("main").contains(document.activeElement)));
  });
});

test("pages have no animations, transitions or smooth scrolling", async () => {
  await withPage(chromium, site.url, async (page) => {
    for (const path of PAGES) {
      await open(page, site.url + path);
      const moving = await page.evaluate(() => [...document.querySelectorAll("*")].filter((part) => {
        const style = getComputedStyle(part);
        return style.animationName !== "none" || style.transitionDuration !== "0s" || style.scrollBehavior !== "auto";
      }).length);
      assert.equal(moving, 0, path);
    }
  });
});

test("the key facts fit the first screen", async () => {
  await withPage(chromium, site.url, async (page) => {
    for (const [width, height] of [[1440, 900], [390, 844]]) {
      await page.setViewportSize({ width, height });
      await page.goto(site.url);
      const facts = page.locator(".facts");
      const wide = width > 400 && {
        "what changed": facts.getByText("One question fewer."),
        "how much": facts.getByRole("link", { name: "1 change" }),
        controls: facts.getByText("of 3 implemented"),
        documents: facts.getByText("2 more on request"),
      };
      const answers = {
        who: page.getByText("Example Ledger International Holdings"),
        version: page.locator(".imprint").getByText("2026-05-22.2", { exact: true }),
        since: page.getByText("Effective since 22 May 2026"),
        certifications: facts.getByRole("link", { name: "ISO/IEC 27001:2022" }),
        validity: facts.getByText("until 28 February 2028"),
        "next change": facts.getByText("1 January 2027", { exact: true }),
        subprocessors: facts.getByText("3", { exact: true }),
        conditions: page.getByText("2 are used only with optional features"),
        locations: facts.getByText("Germany, Ireland, Netherlands, United States"),
        subscribe: page.locator(".actions").getByRole("link", { name: "Subscribe to changes" }),
        DPA: page.getByRole("link", { name: "Request a DPA" }),
        schedule: page.locator(".actions").getByRole("link", { name: "Your subprocessors" }),
        ...wide,
      };
      for (const [what, where] of Object.entries(answers)) {
        const box = await where.first().boundingBox();
        assert.ok(box && box.y + box.height <= height, `${what} ends at ${box?.y + box?.height} of ${height}, ${width} px wide`);
      }
    }
    const mail = new URL(await page.getByRole("link", { name: "Request a DPA" }).getAttribute("href"));
    assert.equal(mail.protocol + mail.pathname, "mailto:privacy@example.com");
    assert.equal(mail.searchParams.get("subject"), "DPA request: Example Ledger");
    for (const asked of ["Company name:", "Workspace identifier:", "2026-05-22.2"]) assert.ok(mail.searchParams.get("body").includes(asked), asked);
  });
});

test("scripts cause no layout shift", async () => {
  for (const width of [1440, 390]) {
    for (const path of PAGES) {
      await withPage(chromium, site.url, async (page) => {
        await page.setViewportSize({ width, height: 844 });
        await open(page, site.url + path);
        const shift = await page.evaluate(() => new Promise((resolve) => {
          let sum = 0;
          const add = (entries) => entries.forEach((entry) => (sum += entry.value));
          const observer = new PerformanceObserver((list) => add(list.getEntries()));
          observer.observe({ type: "layout-shift", buffered: true });
          requestAnimationFrame(() => requestAnimationFrame(() => {
            // Include entries that the observer has not reported yet.
            add(observer.takeRecords());
            resolve(sum);
          }));
        }));
        assert.ok(shift < 0.02, `${path} ${width}: ${shift}`);
      });
    }
  }
});

test("the navigation marks the current page", async () => {
  await withPage(chromium, site.url, async (page) => {
    for (const [path, name] of [["", "Overview"], ["subprocessors/", "Subprocessors"], ["changelog/", "Change log"], ["compare/", "Change log"], ["schedule/", "Your subprocessors"]]) {
      await open(page, site.url + path);
      assert.deepEqual(await page.locator(".sitenav [aria-current]").allTextContents(), [name], path);
    }
    await page.goto(`${site.url}changelog/`);
    await page.getByRole("link", { name: "Compare releases" }).click();
    await page.waitForURL("**/compare/");
  });
});

test("questions can be searched, and answers open", async () => {
  const faq = Array.from({ length: 5 }, (_, at) => ({ id: `q${at}`, question: `Question ${at}`, answer: at === 3 ? "Stored in **Zürich**, see [the list](#list)." : "No." }));
  const files = { "content/site.yaml": json({ title: "Trust", organization: { name: "Example" } }), "content/sections/10-faq.md": section({ title: "Questions", show: "faq" }) };
  const own = await project({ ...files, "content/sections/20-list.md": section({ title: "List", show: "subprocessors", body: "Text." }), "content/data/faq.yaml": json(faq) });
  await run(own.root, "release", "-m", "First.", "--date", "2026-05-22");
  await run(own.root, "build", "--out", join(own.root, "dist"), "--as-of", "2026-06-01");
  const questions = await publish(join(own.root, "dist"));
  for (const path of ["", "releases/2026-05-22/"]) {
    await withPage(plain, questions.url, async (page) => {
      await page.goto(questions.url + path);
      assert.equal(await page.locator("input:visible").count(), 0, "a field that does nothing");
      assert.equal(await page.locator(".faq summary:visible").count(), 5);
    });
    await withPage(chromium, questions.url, async (page) => {
      await page.goto(questions.url + path);
      const field = page.getByLabel("Find in questions and answers");
      const open = () => page.locator(".faq details[open]:visible").evaluateAll((all) => all.map(({ id }) => id));
      await page.getByText("Question 1").click();
      await field.fill("zurich STORED");
      assert.deepEqual(await open(), ["faq-q3"]);
      assert.equal(await page.locator(".faq summary:visible").count(), 1);
      assert.equal(await page.locator("#ui--found").textContent(), "1 of 5 match");
      await assertAccessible(page, path);
      await field.fill("nothing like it");
      assert.equal(await page.locator("#ui--found").textContent(), "No answer matches (0 of 5).");
      await field.fill("");
      assert.deepEqual(await open(), ["faq-q1"], "the search closes what it opened, and nothing else");
      assert.equal(await page.locator("#ui--found").textContent(), "");
      await field.fill("nothing like it");
      await page.evaluate(() => (location.hash = "#faq-q2"));
      await page.locator("#faq-q2[open]").waitFor();
      assert.equal(await page.locator(".faq summary:visible").count(), 5);
      await page.setViewportSize({ width: 320, height: 800 });
      await assertFits(page, path);
    });
  }
  await questions.stop();
  await own.remove();
});

test("the contents fold where they are not next to the text", async () => {
  await withPage(plain, site.url, async (page) => {
    for (const [width, folds] of [[1440, false], [768, true], [390, true], [320, true]]) {
      await page.setViewportSize({ width, height: 900 });
      for (const path of ["", "changelog/"]) {
        await page.goto(site.url + path);
        const toc = page.locator(".toc");
        assert.equal(await toc.locator("summary").isVisible(), folds, `${path} ${width}`);
        assert.equal(await toc.locator("a").first().isVisible(), !folds, `${path} ${width}`);
        if (folds) await toc.locator("summary").click();
        assert.ok(await toc.locator("a").first().isVisible());
        // The navigation is one row.
        const tops = await page.locator(".sitenav li").evaluateAll((all) => all.map((part) => part.getBoundingClientRect().top));
        assert.equal(new Set(tops).size, 1, `${path} ${width}`);
      }
    }
  });
});

test("a light brand color is a surface with dark text, and the logo is that of the color scheme", async () => {
  const svg = (color) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><rect width="40" height="10" fill="${color}"/></svg>`;
  const own = await project({
    "content/site.yaml": json({ title: "Trust", base_url: "https://trust.example.com/", organization: { name: "Gelb", url: "https://gelb.example.com" }, contacts: { privacy: "privacy@example.com" }, theme: { accent: "#ffd400", logo: "mark.svg", logo_dark: "mark-dark.svg", show_name: false }, links: { header: [{ title: "Status", url: "https://status.example.com/" }], footer: [{ title: "Imprint", url: "https://gelb.example.com/imprint" }] } }),
    "content/sections/10-text.md": section({ title: "Text", body: "See [a link](https://example.org/)." }),
    "static/mark.svg": svg("#000"), "static/mark-dark.svg": svg("#ffd400"),
  });
  await run(own.root, "release", "-m", "First.", "--date", "2026-05-22");
  await run(own.root, "build", "--out", join(own.root, "dist"), "--as-of", "2026-06-01");
  const yellow = await publish(join(own.root, "dist"));
  await withPage(chromium, yellow.url, async (page) => {
    for (const [colorScheme, logo, button, link] of [["light", "mark.", ["rgb(255, 212, 0)", "rgb(0, 0, 0)"], "rgb(27, 29, 33)"], ["dark", "mark-dark.", ["rgb(255, 212, 0)", "rgb(21, 23, 26)"], "rgb(255, 212, 0)"]]) {
      await page.emulateMedia({ colorScheme });
      await page.goto(yellow.url);
      assert.ok((await page.locator(".wordmark img").evaluate((image) => image.currentSrc)).includes(`/${logo}`), colorScheme);
      const colors = await page.locator(".button.main").evaluate((part) => [getComputedStyle(part).backgroundColor, getComputedStyle(part).color]);
      assert.deepEqual(colors, button, colorScheme);
      assert.equal(await page.locator(".prose a").first().evaluate((part) => getComputedStyle(part).color), link, colorScheme);
      assert.equal(await page.locator(".wordmark").textContent().then((text) => text.trim()), "");
      assert.equal(await page.getByRole("link", { name: "Gelb", exact: true }).first().getAttribute("href"), "./");
      assert.equal(await page.locator(".sitenav").getByRole("link", { name: "Status" }).getAttribute("href"), "https://status.example.com/");
      assert.equal(await page.locator(".colophon").getByRole("link", { name: "Imprint" }).getAttribute("href"), "https://gelb.example.com/imprint");
      assert.equal(await page.locator('.colophon a[href="https://gelb.example.com"]').count(), 1);
      await assertAccessible(page, colorScheme);
    }
  });
  await yellow.stop();
  await own.remove();
});
