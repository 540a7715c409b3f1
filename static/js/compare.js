// Compares two releases: computes typed changes by rules 1 to 10 of src/history/diff.rs and shows them like the change log.
// The lists, fields and UI strings come from the page's data block (src/wording/comparison.rs).

/** Returns a control by its id. The prefix avoids conflicts with the ids that publishers choose. */
const $ = (id) => document.getElementById(`ui--${id}`);

const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Serializes a value so that equal values give equal strings, regardless of the order of keys. */
const canonical = (value) =>
  JSON.stringify(value, (_, part) =>
    part && typeof part === "object" && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort((a, b) => order(a[0], b[0]))) : part,
  );

/** Returns whether a value was withheld after it was published. */
const withheld = (value) => typeof value === "object" && value?.redacted === true && Object.keys(value).length === 1;

/** Returns whether a value is or contains a withheld value. */
const hides = (value) => withheld(value) || (typeof value === "object" && Object.values(value ?? {}).some(hides));

/** Returns the multiset difference `these` − `those`, in the order of `these` (rule 4). */
function more(these, those) {
  const spare = those.map(compared);
  return these.filter((value) => {
    const at = spare.indexOf(compared(value));
    if (at >= 0) spare.splice(at, 1);
    return at < 0;
  });
}

/** Writes lists of one value in conditions as that value. A key that cannot be a dimension is a field of a later version, and is left out. */
const shortCondition = (value) =>
  Array.isArray(value) && typeof value[0] === "string"
    ? value.length === 1 ? value[0] : value
    : Array.isArray(value) ? value.map(shortCondition)
    : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).filter(([key]) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(key)).map(([key, part]) => [key, shortCondition(part)]))
    : value;

/** Writes a location that states only its code as that code. */
const shortLocation = (value) =>
  Object.keys(value).join() === "code" ? value.code : value.condition ? { ...value, condition: shortCondition(value.condition) } : value;

/** Writes a long form that says no more than the short one as the short form (rule 1). */
const forms = {
  condition: shortCondition,
  country: (value) => (Array.isArray(value) ? value.map(shortLocation) : value),
  transfer: (value) => (Array.isArray(value) && value.length === 1 && Object.keys(value[0]).join() === "mechanism" ? value[0].mechanism : value),
};
const short = (field, value, { kinds }) => forms[kinds[field]]?.(value) ?? value;

/** Returns a value without some fields of its objects, at any depth. */
const pruned = (value, isRemoved) =>
  Array.isArray(value) ? value.map((part) => pruned(part, isRemoved))
  : value && typeof value === "object"
    ? Object.fromEntries(Object.entries(value).filter(([key, part]) => !isRemoved(key, part, value)).map(([key, part]) => [key, pruned(part, isRemoved)]))
  : value;

/** Serializes a value without what does not matter in a comparison: `{when: enabled, feature: X}` equals `{feature: X}` (src/history/diff/forms.rs). */
const compared = (value) => canonical(pruned(value, (key, part, object) => key === "when" && part === "enabled" && "feature" in object));

/** Serializes what a value means, without the wording of conditions. */
const meaning = (value) => compared(pruned(value, (key) => key === "label"));

/** Returns an item with its fields, and those of its named parts, in their short forms. */
const written = (item, rules) =>
  Object.fromEntries(Object.entries(item).map(([field, value]) => [field, Object.hasOwn(rules.parts, field) && Array.isArray(value) ? value.map((part) => written(part, rules)) : short(field, value, rules)]));

/** Returns the named parts of an item, such as the services of a subprocessor. */
const namedParts = (item, { parts }) => Object.keys(parts).flatMap((field) => (Array.isArray(item[field]) ? item[field] : []));

/** Returns the locations of a named part, with the condition of the part. */
const placed = ({ condition }, locations) =>
  !condition ? locations : locations.map((location) => ({ ...(location.code ? location : { code: location }), condition: location.condition ? { all: [condition, location.condition] } : condition }));

/** Whether `after` has a country in which data was not processed before, or not under the same condition (src/model/location.rs). */
function grew(before = [], after = [], { regions }) {
  const code = (location) => location.code ?? location;
  // A region without a list of countries covers all of them.
  const has = (outer, country) => Object.hasOwn(regions, outer) && (regions[outer] === null || regions[outer].includes(country));
  const covers = (outer, inner) => outer === inner || has(outer, inner) || Boolean(regions[inner] && Object.hasOwn(regions, outer) && regions[inner].every((one) => has(outer, one)));
  return after.some((location) => {
    const by = before.filter(({ condition }) => !condition || meaning(condition) === meaning(location.condition)).map(code);
    const some = (country) => by.some((outer) => covers(outer, country));
    return !some(code(location)) && !regions[code(location)]?.every(some);
  });
}

/** Whether an item is one of those that a rule describes: those with a value in a field. */
const among = (item, those) => Boolean(those) && item[those.field] === those.value;

/** Whether an item is an exception on both sides, which requires no notice; to become one, or to stop being one, does. */
const excepted = (old, now, notice) => among(old, notice?.except) && among(now, notice?.except);

/** Returns the rule for the changes of an item; undefined if none of them requires customer notice. */
const ruleOf = (old, now, notice) =>
  notice && (!notice.only || among(old, notice.only) || among(now, notice.only)) && !excepted(old, now, notice) ? notice : undefined;

/** Returns the fields in which two objects differ (rules 3, 4, 6 and 7). `notice` defines the changes that require customer notice, and `date` is that of the new side. */
function fields(old, now, notice, rules, date) {
  const switched = among(old, notice?.except) !== among(now, notice?.except) ? notice.except.field : undefined;
  return differences(old, now, { rule: ruleOf(old, now, notice), switched, whole: old, rules, date });
}

/** Compares objects, or named parts of them. `whole` is the object on the old side, and `part` the part on the new side. */
function differences(old, now, context) {
  const { rule, switched, whole, part, rules, date } = context;
  const values = (field) => [whole, ...namedParts(whole, rules)].flatMap((object) => object[field] ?? []);
  const places = (field) => [...(whole[field] ?? []), ...namedParts(whole, rules).flatMap((other) => placed(other, other[field] ?? []))];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort(order);
  return names.flatMap((field) => {
    const [before, after] = [old[field], now[field]];
    if (compared(before) === compared(after)) return [];
    if (hides(before) || hides(after)) return [{ kind: "redacted", field, notice: false }];
    const known = () => values(field).map(canonical);
    const requiresNotice = (added) =>
      Boolean(
        rule &&
          ((rule.always.includes(field) && meaning(before) !== meaning(after)) ||
            switched === field ||
            (added.length && rule.growth.includes(field) && added.some((value) => !known().includes(canonical(value)))) ||
            (rule.places?.includes(field) && grew(places(field), part ? placed(part, after ?? []) : after, rules))),
      );
    const list = (side) => Array.isArray(side) || side === undefined;
    if (list(before) && list(after) && Object.hasOwn(rules.parts, field)) return namedChanges(field, before ?? [], after ?? [], requiresNotice([]), context);
    if (list(before) && list(after)) {
      const [added, removed] = [more(after ?? [], before ?? []), more(before ?? [], after ?? [])];
      return added.length + removed.length ? [{ kind: "elements", field, notice: requiresNotice(added), added, removed }] : [];
    }
    const sides = { ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
    const isToCome = Boolean(date && rule?.dates?.includes(field) && [before, after].some((stated) => stated > date));
    return [{ kind: "value", field, notice: requiresNotice([]) || isToCome, ...sides }];
  });
}

/** Compares parts that have a name, which identifies them. */
function namedChanges(field, before, after, notice, context) {
  const key = context.rules.parts[field];
  const find = (parts, wanted) => parts.find((part) => part[key] === wanted[key]);
  const missing = (these, those) => these.filter((part) => !find(those, part));
  const changed = after.flatMap((now) => {
    const old = find(before, now);
    const differ = old ? differences(old, now, { ...context, switched: undefined, part: now }) : [];
    return differ.length ? [{ name: now[key], notice: differ.some((one) => one.notice), fields: differ }] : [];
  });
  changed.sort((a, b) => order(a.name, b.name));
  const [added, removed] = [missing(after, before), missing(before, after)];
  if (!added.length && !removed.length && !changed.length) return [];
  const required = (notice && added.length + removed.length > 0) || changed.some((part) => part.notice);
  return [{ kind: "parts", field, notice: required, added, removed, changed }];
}

/** Returns the fields in which two items differ, and what happened to their upcoming changes (rule 8; src/history/diff/upcoming.rs). */
function itemFields(old, now, rule, rules, date) {
  const names = rules.upcoming;
  const { field: list, id, effective } = names;
  const isWithheldAsAWhole = (item) => item[list] !== undefined && !Array.isArray(item[list]);
  if ([old, now].some(isWithheldAsAWhole)) return fields(old, now, rule, rules, date);
  const [was, is] = [old, now].map((item) => without(item, [list]));
  const [before, after] = [old, now].map((item) => entriesOf(item, rules));
  const changed = (entry) => newValues(entry, names);
  const compareEntries = (a, b) => fields(a, b, undefined, rules);
  const differs = (a, b) => compareEntries(a, b).length > 0;
  const isHiddenChange = ({ kind }) => kind === "redacted";
  // Announcements of an exception require no notice.
  const silent = excepted(was, is, rule);
  const happened = (event, notice, ...rest) => upcomingEvent(event, notice && !silent, names, ...rest);
  let rest = fields(was, is, rule, rules, date);
  const events = [];
  const hiddenDiffers = canonical(before.hidden) !== canonical(after.hidden);
  let isRedacted = hiddenDiffers;
  for (const entry of after.stated.values()) {
    const other = before.stated.get(keyOf(entry, names));
    const differ = other && compareEntries(without(other, [id]), without(entry, [id]));
    if (differ?.every(isHiddenChange)) {
      isRedacted ||= differ.length > 0;
      continue;
    }
    const isMoved = other && ![other[effective], entry[effective]].some(withheld) && other[effective] !== entry[effective];
    const base = beforeEntry(is, after, entry, names);
    const result = moved(base, entry, names);
    const corrected = other && fields(moved(base, other, names), result, rule, rules);
    const isOther = corrected?.some((change) => change.notice || (!isHiddenChange(change) && rule?.announced.includes(change.field)));
    const event = !other ? "announced" : isMoved ? "rescheduled" : isOther ? "revised" : "corrected";
    events.push(happened(event, event !== "corrected", other, entry, event === "corrected" ? corrected : fields(base, result, rule, rules)));
  }
  const settled = new Set();
  for (const entry of inOrder(before, names).filter((entry) => !after.stated.has(keyOf(entry, names))).reverse()) {
    const values = Object.entries(changed(entry)).filter(([name]) => !settled.has(name));
    const one = (name, value) => (value === null || value === undefined ? {} : { [name]: value });
    const isHidden = ([name, value]) => hides(value) || hides(is[name]);
    const hasValues = values.every(([name, value]) => isHidden([name, value]) || !differs(one(name, value), one(name, is[name])));
    const early = Boolean(date && date < entry[effective]);
    // What became of it does not follow from withheld values.
    if ((!hasValues && hiddenDiffers) || (hasValues && early && values.some(isHidden))) {
      isRedacted = true;
      continue;
    }
    if (!hasValues) {
      events.push(happened("withdrawn", true, entry, undefined, announcedChanges(was, before, entry, rule, rules)));
      continue;
    }
    for (const [name] of values) settled.add(name);
    events.push(happened(early ? "effective-moved-earlier" : "took-effect", early, entry, undefined, rest.filter((change) => settled.has(change.field))));
    rest = rest.filter((change) => !settled.has(change.field));
  }
  if (isRedacted) events.push({ kind: "redacted", field: list, notice: false });
  return [...rest, ...sortedEvents(events)].sort((a, b) => order(a.field, b.field));
}

/** Returns the id of an upcoming change; an empty string if it is withheld. */
function keyOf(entry, { id, announced }) {
  const key = entry[id] ?? entry[announced];
  return typeof key === "string" ? key : "";
}

/** Returns the upcoming changes of an item: `stated` by id, and `hidden` those that are withheld, or whose id is. */
function entriesOf(item, rules) {
  const names = rules.upcoming;
  const all = Array.isArray(item[names.field]) ? item[names.field] : [];
  const stated = all.filter((entry) => keyOf(entry, names)).map((entry) => [keyOf(entry, names), written(entry, rules)]);
  return { stated: new Map(stated), hidden: all.filter((entry) => !keyOf(entry, names)) };
}

/** Returns the stated entries in the order in which they take effect. */
function inOrder({ stated }, { announced, effective }) {
  const text = (entry, name) => (typeof entry[name] === "string" ? entry[name] : "");
  const by = (name) => (a, b) => order(text(a, name), text(b, name));
  return [...stated.values()].sort((a, b) => by(effective)(a, b) || by(announced)(a, b));
}

/** Returns the fields that an entry changes, with their new values; null for a field that it removes. */
const newValues = (entry, { id, announced, effective, note, remove }) => ({
  ...without(entry, [id, announced, effective, note, remove]),
  ...Object.fromEntries((Array.isArray(entry[remove]) ? entry[remove] : []).map((name) => [name, null])),
});

/** Moves the new values of an entry into the fields of an item. */
const moved = (item, entry, names) => present({ ...item, ...newValues(entry, names) });

/** Returns an item just before an entry takes effect. */
function beforeEntry(item, entries, entry, names) {
  const sorted = inOrder(entries, names);
  return sorted.slice(0, sorted.indexOf(entry)).reduce((item, entry) => moved(item, entry, names), without(item, [names.field]));
}

/** Returns what an entry changes, in comparison with the item just before it takes effect. */
function announcedChanges(item, entries, entry, rule, rules) {
  const before = beforeEntry(item, entries, entry, rules.upcoming);
  return fields(before, moved(before, entry, rules.upcoming), rule, rules);
}

const upcomingEvent = (event, notice, names, was, is, changes) =>
  ({ kind: "upcoming", field: names.field, notice, event, entry: keyOf(was ?? is, names), ...(was && { before: was }), ...(is && { after: is }), changes });

const sortedEvents = (events) => events.sort((a, b) => order(a.entry ?? "", b.entry ?? ""));

/** Returns the changes that a new item announces, or that are withdrawn because the item is removed: those that are not in effect on the date. */
function eventsOf(kind, item, rule, rules, date, ended) {
  const names = rules.upcoming;
  const entries = entriesOf(item, rules);
  const notice = !ended && !excepted(item, item, rule);
  const isToCome = ({ [names.effective]: effective }) => !date || typeof effective !== "string" || effective > date;
  const event = (entry) => {
    const changes = announcedChanges(item, entries, entry, rule, rules);
    return kind === "added" ? upcomingEvent("announced", notice, names, undefined, entry, changes) : upcomingEvent("withdrawn", notice, names, entry, undefined, changes);
  };
  return sortedEvents([...entries.stated.values()].filter((entry) => kind === "added" || isToCome(entry)).map(event));
}

/** Returns an object without some of its fields. */
const without = (object, names) => Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));

/** Returns an object without the fields that are null. */
const present = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));

/** Removes the fields that this version does not know, which are not in `shape` (src/schema/shape.rs). */
export function known(value, shape) {
  if (withheld(value)) return value;
  if (Array.isArray(shape) && Array.isArray(value)) return value.map((item) => known(item, shape[0]));
  if (shape === true || !value || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.keys(value).filter((key) => Object.hasOwn(shape, key)).map((key) => [key, known(value[key], shape[key])]));
}

/** Returns the name of an item for readers, or the word for withheld values. */
const named = (item, field, { redacted = "redacted" }) => (withheld(item[field]) ? redacted : item[field]);

/** Maps items by id. */
const byId = (items = []) => new Map(items.map((item) => [item.id, item]));

/** Returns the dates of the start that an item states, if it is after a date (rule 9). */
function startOf(item, rule, { upcoming: { announced, effective } }, date) {
  const start = date && rule?.dates.map((field) => item[field]).find((stated) => typeof stated === "string" && stated > date);
  return start && { ...(item[announced] && !withheld(item[announced]) && { [announced]: item[announced] }), [effective]: start };
}

/** Adds replaced files to the changes (rule 5). `files` has the recorded files of both sides, if both recorded any. */
function replaced(all, old, now, [before, after], rules) {
  if (!before || !after) return;
  const { lists, files } = rules;
  const { label, notice } = lists.find(({ name }) => name === files.list);
  const [owners, former] = [now[files.list] ?? [], byId(old[files.list])];
  const editions = (item) => (Array.isArray(item?.[files.editions]) ? item[files.editions] : []);
  // The item itself, or its edition, that has the file.
  const holder = (item, path) => [item, ...editions(item)].find((one) => one?.[files.field] === path);
  const pairs = after.map((file) => [before.find(({ path }) => path === file.path), file]);
  for (const [was, is] of pairs.filter(([was, is]) => was && was.sha256 !== is.sha256).sort((a, b) => order(a[1].path, b[1].path))) {
    const state = ({ sha256, bytes }) => ({ sha256, bytes });
    const change = (field, notice, version) => ({ kind: "file", field, notice, path: is.path, ...(version && { version }), before: state(was), after: state(is) });
    for (const item of owners.filter((item) => holder(item, is.path) && holder(former.get(item.id), is.path))) {
      const earlier = former.get(item.id);
      const [one, other] = [holder(item, is.path), holder(earlier, is.path)];
      const said = (side, one) => (one === side ? side[files.version] : side[files.editions]);
      const version = !hides([said(item, one), said(earlier, other)]) && one[files.version] === other[files.version] && one[files.version];
      const requires = Boolean(ruleOf(earlier, item, notice)?.always.includes(files.field));
      const field = change(one === item ? files.field : files.editions, requires, version);
      const same = all.find(({ kind, subject, id }) => kind === "changed" && subject === files.list && id === item.id);
      if (same) same.fields = [...same.fields, field].sort((a, b) => order(a.field, b.field));
      else all.push({ kind: "changed", subject: files.list, id: item.id, label: named(item, label, rules), notice: field.notice, fields: [field] });
      if (same) same.notice ||= field.notice;
    }
    if (!owners.some((item) => holder(item, is.path))) all.push({ kind: "changed", subject: files.name, label: is.path, notice: false, fields: [change(files.field, false)] });
  }
  const names = [...lists.map(({ name }) => name), files.name];
  all.sort((a, b) => order(names.indexOf(a.subject), names.indexOf(b.subject)) || (a.subject === files.list ? order(a.id, b.id) : 0));
}

/** Moves the notice period into its short form, because both forms say the same (src/history/diff/entry.rs). */
function shortened(side, { name, days, short: [subject, field] }) {
  const { [days]: period, ...terms } = side[name] ?? {};
  const stated = period === undefined ? {} : { [subject]: { [field]: period, ...side[subject] } };
  return { ...side, ...stated, [name]: terms };
}

/** Computes the changes between two disclosures, in the format of `candor diff --format json`. `date` is that of the new one. */
export function changes(before, after, rules, files = [], date = undefined) {
  const [old, now] = [before, after].map((side) => shortened(side, rules.notice));
  const all = rules.objects.flatMap(({ name: subject, fields: names }) => {
    // Some objects are fields of the disclosure, others combine several fields.
    const object = (side) =>
      names ? Object.fromEntries(names.filter((field) => side[field] !== undefined).map((field) => [field, side[field]])) : (side[subject] ?? {});
    const differ = fields(object(old), object(now), undefined, rules);
    return differ.length ? [{ kind: "changed", subject, notice: false, fields: differ }] : [];
  });
  for (const { name: subject, label: labelField, notice: rule } of rules.lists) {
    const [before, after] = [old, now].map((side) => byId(side[subject]?.map((item) => written(item, rules))));
    const label = (item) => named(item, labelField, rules);
    // A withheld name equals no other.
    const name = (item) => (withheld(item[labelField]) ? NaN : label(item).trim().toLowerCase());
    const ids = [...new Set([...before.keys(), ...after.keys()])].sort(order);
    const renamed = new Map();
    const gone = ids.filter((id) => !after.has(id));
    for (const id of ids.filter((id) => !before.has(id))) {
      const at = gone.findIndex((other) => name(before.get(other)) === name(after.get(id)));
      if (at < 0) continue;
      const [other] = gone.splice(at, 1);
      renamed.set(id, other).set(other, id);
    }
    const replacements = [...after.values()].filter((item) => item.replaces !== undefined).sort((a, b) => order(a.id, b.id));
    for (const id of ids) {
      const [a, b] = [before.get(id), after.get(id)];
      const start = startOf(b ?? a, rule, rules, date);
      if (a && b) {
        const differ = itemFields(a, b, rule, rules, date);
        if (differ.length) all.push({ kind: "changed", subject, id, label: label(b), notice: differ.some((field) => field.notice), ...(start && { start }), fields: differ });
        continue;
      }
      const [item, kind] = a ? [a, "removed"] : [b, "added"];
      const replacement = a && replacements.find((other) => other.replaces === id)?.id;
      const links = { ...(renamed.has(id) && { same_name_as: renamed.get(id) }), ...(replacement && { replaced_by: replacement }) };
      const ended = Boolean(a && date && rule && a[rule.end] <= date);
      const withdrawn = Boolean(a && start);
      const upcoming = eventsOf(kind, item, rule, rules, date, ended);
      const ofItem = Boolean(rule?.items) && !among(item, rule.except) && (!rule.only || among(item, rule.only)) && !ended;
      const notice = ofItem || upcoming.some((event) => event.notice);
      all.push({ kind, subject, id, label: label(item), notice, ...(ended && { ended }), ...(withdrawn && { withdrawn }), ...links, ...(upcoming.length && { upcoming }), item });
    }
  }
  replaced(all, old, now, files, rules);
  return all;
}

/** Returns the word diff of two strings as spans that are in both (`=`), only in the new (`+`) or only in the old one (`-`). */
export function reworded(before, after) {
  const [a, b] = [before, after].map((text) => text.match(/\s+|\S+/g) ?? []);
  if (a.length * b.length > 4e6) return [["-", before], ["+", after]];
  // Lengths of longest common subsequences, computed from the end.
  const rest = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length; i--; ) for (let j = b.length; j--; ) rest[i][j] = a[i] === b[j] ? rest[i + 1][j + 1] + 1 : Math.max(rest[i + 1][j], rest[i][j + 1]);
  const spans = [];
  let [i, j, gone, came] = [0, 0, "", ""];
  const flush = () => {
    // Whitespace that both sides share belongs to the change if it is between changed words, and to the next span if it is at the end.
    const blank = gone && came ? (gone.match(/\s*$/)[0] === came.match(/\s*$/)[0] ? gone.match(/\s*$/)[0] : "") : "";
    const trimmed = (text) => text.slice(0, text.length - blank.length);
    if (trimmed(gone)) spans.push(["-", trimmed(gone)]);
    if (trimmed(came)) spans.push(["+", trimmed(came)]);
    if (blank) spans.push(["=", blank]);
    gone = came = "";
  };
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      if ((gone || came) && !a[i].trim()) {
        gone += a[i];
        came += a[i];
      } else {
        flush();
        if (spans.at(-1)?.[0] === "=") spans.at(-1)[1] += a[i];
        else spans.push(["=", a[i]]);
      }
      i++, j++;
    } else if (j >= b.length || (i < a.length && rest[i + 1][j] >= rest[i][j + 1])) gone += a[i++];
    else came += b[j++];
  }
  flush();
  return spans;
}

/** Creates an element with a class and children. */
function make(name, className, ...inside) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...inside);
  return element;
}

function start({ strings, fields: shape, rules, deadlines, names }) {
  const plural = new Intl.PluralRules(rules.language);
  /** Returns the rules for a list, or an empty object for other parts. */
  const about = (subject) => rules.lists.find(({ name }) => name === subject) ?? {};
  /** Returns a string, or its plural variant for `n`. */
  const string = (key, n, text = strings[key] ?? key) => text[plural.select(n)] ?? text.other ?? text;
  // Omits a period after a value that ends in one, like `fill` of src/wording/catalog.rs.
  const fill = (key, values) =>
    string(key, values.n).replace(/\{(\w+)\}(\.?)/g, (gap, name, stop) => (values[name] ?? gap) + (/[.!?…]\W?$/.test(values[name]) ? "" : stop));
  const vh = (key) => make("span", "vh", `${strings[`changes.${key}`]}: `);

  function date(value) {
    const [, year, month, day] = value.match(/^(\d{4})-(\d\d)-(\d\d)$/) ?? [];
    return year ? fill("dates.long", { year: +year, month: strings["months.long"].split(/\s+/)[month - 1], day: +day }) : value;
  }

  /** Returns a value with the string for withheld values in place of those in it. */
  const shown = (value) =>
    withheld(value) ? strings["changes.redacted"]
    : Array.isArray(value) ? value.map(shown)
    : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shown(part)]))
    : value;

  const KEYS = ["all", "any", "unless", "when", "feature", "label"];
  const simple = (value) => typeof value?.feature === "string" && Object.keys(value).every((key) => key === "when" || key === "feature");

  /** Describes a part of a condition, like `clause` of src/wording/condition.rs. */
  function clause(value, inside = true) {
    if (value.label) return inSentence(value.label);
    const either = (values) => [values].flat().join(` ${strings["conditions.or"]} `);
    const several = (clauses, key) => {
      const text = clauses.join(` ${strings[`conditions.${key}`]} `);
      return inside && clauses.length > 1 ? `(${text})` : text;
    };
    if (value.all) return several(value.all.map((part) => clause(part)), "and");
    if (value.any) return several(value.any.map((part) => clause(part)), "or");
    if (value.unless) return fill("conditions.not", { condition: clause(value.unless) });
    const names = Object.keys(value).filter((key) => !KEYS.includes(key)).sort(order);
    const dimensions = names.map((name) => fill("conditions.dimension", { dimension: name.replaceAll("-", " "), values: either(value[name]) }));
    return several([...(value.feature ? [fill("conditions.feature", { feature: either(value.feature) })] : []), ...dimensions], "and");
  }

  /** Describes a condition, like `condition` of src/wording/condition.rs; `plain` tells two conditions on the same feature apart. */
  function described(value, plain) {
    if (value.label) return value.label;
    if (simple(value)) {
      const when = value.when ?? "enabled";
      const key = `subprocessors.when-${when}`;
      return plain || !strings[key] ? `${value.feature} (${when})` : fill(key, value);
    }
    return value.unless ? fill("conditions.except", { condition: clause(value.unless, false) }) : fill("conditions.only", { condition: clause(value, false) });
  }

  /** Describes a transfer mechanism, like `transfer` of src/wording/condition.rs. */
  function transfer({ mechanism, to, note }) {
    const name = strings[`values.${mechanism}`] ?? mechanism;
    const text = to ? fill("transfers.to", { mechanism: name, to: to.map((code) => strings[`countries.${code}`] ?? code).join(", ") }) : name;
    return note ? `${text} (${note})` : text;
  }

  /** Formats a label for use inside a sentence, like `in_sentence` of src/wording/catalog.rs. */
  const inSentence = (label) =>
    strings["language.labels-in-sentences"] === "lowercase" && /^\p{Lu}[^\p{Lu}]/u.test(label) ? label[0].toLowerCase() + label.slice(1) : label;

  /** Formats a location that states more than its code, like `location` of src/wording/catalog.rs. */
  function place({ code, place: within, condition: only }) {
    const name = strings[`countries.${code}`] ?? code;
    const details = [...(within ? [within] : []), ...(only ? [inSentence(described(only))] : [])];
    return details.length ? `${name} (${details.join("; ")})` : name;
  }

  /** Formats a period, like `period` of src/wording/phrase.rs. */
  const period = ({ from, to }) => fill("dates.range", { from: date(from), until: date(to) });

  /** Formatters for each kind of value (`FieldKind`). A country without a name is shown by its code. */
  const word = (group) => (value) => strings[`${group}.${value}`] ?? value;
  const kinds = { country: word("countries"), value: word("values"), transfer: word("values"), subject: word("changes.subjects"), date, item: (id) => names[id] ?? id };

  /** Formats a field inside another one. */
  const stated = (field, value) => (Array.isArray(value) ? value.map((part) => text(field, part)).join(", ") : text(field, value));

  function text(field, value, plain) {
    const kind = rules.kinds[field];
    if (withheld(value)) return shown(value);
    value = shown(value);
    if (kind === "country" && value.code) return place(value);
    if (kind === "condition" && typeof value === "object") return described(value, plain);
    if (kind === "transfer" && typeof value === "object") return [value].flat().map(transfer).join("; ");
    if (kind === "period" && typeof value === "object") return period(value);
    if (kind === "fields" && typeof value === "object") return Object.entries(value).map(([key, part]) => `${strings[`fields.${key}`] ?? key}: ${stated(key, part)}`).join("; ");
    if (typeof value !== "string") return JSON.stringify(value);
    return kinds[kind]?.(value) ?? value;
  }

  /** Returns the meaning of a missing field, if it has one. */
  const unstated = (subject, field) => strings[about(subject).unstated?.[field]];

  /** Returns the deadline of an upcoming change, if it has one. Releases do not state it: candor computes it from their dates. */
  const deadline = (subject, id, entry, effective) => deadlines[[subject, id, entry, effective].join("/")];

  /** Returns the dates of an upcoming change in one line. */
  function dates({ subject, id, entry, before, after }) {
    const { announced, effective } = rules.upcoming;
    const stated = (entry, name) => (typeof entry?.[name] === "string" ? entry[name] : undefined);
    const [old, now] = [stated(before, effective), stated(after, effective) ?? stated(before, effective)];
    const until = after && deadline(subject, id, entry, now);
    const since = stated(after, announced) ?? stated(before, announced);
    return [
      now && fill(`upcoming.effective${old && old !== now ? "-moved" : ""}`, { date: date(now), before: date(old ?? now) }),
      since && fill("upcoming.announced", { date: date(since) }),
      until && fill("upcoming.object-by", { date: date(until) }),
    ].filter(Boolean).join(", ");
  }

  /** Returns a term and its text, if there is one. */
  const pair = (key, text) => (text ? [make("dt", "", strings[key]), make("dd", "", text)] : []);

  /** Returns the dates of the start of a changed item that are not among the fields that changed, with the deadline. */
  const notStarted = ({ subject, id, start, fields }) =>
    start ? pair("upcoming.events.to-start", dates({ subject, id, entry: rules.upcoming.start, after: without(start, fields.map(({ field }) => field)) })) : [];

  /** Returns the dates of an upcoming change, and what it changes. */
  function upcoming(change) {
    const { subject, id, event, before, after, changes } = change;
    const remark = (after ?? before)?.[rules.upcoming.note];
    const note = shown(remark);
    return [
      make("dt", "", strings[rules.upcoming.events[event]]),
      make("dd", "", dates(change)),
      ...pair("fields.note", note),
      ...changes.flatMap((part) => details({ subject, id, ...part })),
    ];
  }

  /** Returns the deadline of a start or an end, after its date. */
  function objectBy({ subject, id, field, after, notice, fresh }) {
    const rule = about(subject).notice;
    const entry = rule?.dates.includes(field) ? rules.upcoming.start : rule?.end === field ? rules.upcoming.end : undefined;
    const until = entry && (notice || fresh) && deadline(subject, id, entry, after);
    return pair("fields.object_by", until && date(until));
  }

  /** Returns the parts that were added or removed, then the fields of those that changed, each under the name of its part. */
  function parts(change) {
    const { subject, added, removed, changed } = change;
    const inside = ({ name, fields }) => fields.flatMap((field) => details({ ...field, subject, part: name }));
    return [...(added.length + removed.length ? details({ ...change, kind: "elements" }) : []), ...changed.flatMap(inside)];
  }

  function details(change) {
    if (change.kind === "upcoming") return upcoming(change);
    if (change.kind === "parts") return parts(change);
    const { kind, subject, field, before, after, added = [], removed = [], fresh, version } = change;
    const sentence = (side) => typeof side === "string" && side.trim().split(/\s+/).length > 3;
    const title = strings[`${subject === "contacts" ? "contacts" : "fields"}.${field}`] ?? field;
    const label = make("dt", "", change.part ? fill("changes.of-part", { name: change.part, field: title }) : title);
    const mark = (name, key, inside) => make(name, "", vh(key), inside);
    if (kind === "redacted") return [label, make("dd", "", strings["changes.redacted"])];
    if (kind === "file") return [label, make("dd", "", version ? fill("changes.file-replaced-same-version", { version }) : strings["changes.file-replaced"])];
    if (sentence(before) && sentence(after)) {
      const spans = reworded(before, after);
      if (spans.some(([side, same]) => side === "=" && /[\p{L}\p{N}]/u.test(same))) {
        const shown = ([side, part]) => (side === "=" ? part : side === "+" ? mark("ins", "added", part) : mark("del", "removed", part));
        return [label, make("dd", "reworded", ...spans.map(shown))];
      }
    }
    // The labels of two conditions on the same feature may be identical.
    const isEnd = about(subject).notice?.end === field;
    const missing = (value) => (isEnd && value === after && before !== undefined ? strings["upcoming.events.end-withdrawn"] : unstated(subject, field));
    const side = (value) => (value === undefined ? missing(value) : text(field, value, simple(before) && simple(after) && before.feature === after.feature));
    const single = !added.length && !removed.length;
    const [was, is] = single ? [side(before), side(after)] : [];
    return [
      label,
      ...added.map((value) => make("dd", "", mark("ins", "added", text(field, value)))),
      ...removed.map((value) => make("dd", "", mark("del", "removed", text(field, value)))),
      ...(was && !fresh ? [make("dd", "", mark("del", "before", was))] : []),
      ...(is ? [was && !fresh ? make("dd", "step", vh("after"), is) : make("dd", "", is)] : []),
      ...objectBy(change),
    ];
  }

  /** Returns the most important fields of a new item. */
  const facts = ({ subject, item }) =>
    (about(subject).first ?? [])
      .filter((field) => item[field] && item[field].length !== 0)
      .map((field) => (Array.isArray(item[field]) ? { field, added: item[field] } : { field, fresh: true, after: item[field] }));

  function line(change, all) {
    const { kind, subject, id, label, notice, same_name_as: renamed, replaced_by: replacement, item } = change;
    const note = (key, other) =>
      other && fill(`changes.${key}`, { id: other, name: all.find((one) => one.subject === subject && one.id === other)?.label ?? kinds.item(other) });
    const gone = () => (change.ended ? strings["upcoming.events.ended"] : change.withdrawn ? strings["upcoming.events.not-started"] : (note("renamed-to", renamed) ?? note("replaced-by", replacement)));
    const remark = kind === "added" ? (note("renamed-from", renamed) ?? note("replaces", shown(item.replaces))) : gone();
    const { page } = about(subject);
    const what = make(page ? "a" : "span", "what", label ?? strings[`changes.subjects.${subject}`]);
    const [start, end] = strings[`changes.sentences.${kind}`].split("{name}");
    if (page) what.href = `../${page}#${id}`;
    const sign = make("span", "sign", { added: "+", removed: "−", changed: "~" }[kind]);
    sign.ariaHidden = "true";
    const parts = kind === "changed" ? change.fields : [...(kind === "added" ? facts(change) : []), ...(change.upcoming ?? [])];
    const inside = make("div", "", make("p", "", start, what, end, ...(remark ? [" ", make("span", "label", remark)] : [])));
    if (parts.length) inside.append(make("dl", "deltas", ...parts.flatMap((part) => details({ subject, id, ...part })), ...notStarted(change)));
    if (notice) inside.append($("notice").content.cloneNode(true));
    return make("li", `change ${kind}`, sign, inside);
  }

  const links = [...document.querySelectorAll("[data-record]")];
  const versions = links.map((link) => link.textContent);
  const record = (version) => fetch(links[versions.indexOf(version)].dataset.record).then((response) => (response.ok ? response.json() : Promise.reject()));
  const [from, to, since] = [$("old"), $("new"), $("since")];
  for (const select of [from, to]) for (const version of versions) select.add(new Option(version));

  let latest = 0;
  async function show() {
    const request = ++latest;
    const [heading] = $("result").children;
    try {
      const [old, now] = await Promise.all([record(from.value), record(to.value)]);
      // Discard the result if another comparison was started in the meantime.
      if (request !== latest) return;
      // Set the heading together with the changes, so that they always match.
      heading.textContent = fill("compare.result", { old: from.value, new: to.value });
      // Releases with schema 1 recorded no files; a later release without the field refers to none.
      const recorded = ({ schema, files }) => (schema > 1 ? (files ?? []) : undefined);
      const all = changes(known(old.disclosure, shape), known(now.disclosure, shape), { ...rules, redacted: strings["changes.redacted"] }, [recorded(old), recorded(now)], now.published);
      const subjects = [...new Set(all.map((change) => change.subject))];
      const group = (subject) => [
        make("h3", "", strings[`changes.subjects.${subject}`]),
        make("ul", "changes", ...all.filter((change) => change.subject === subject).map((change) => line(change, all))),
      ];
      $("result").replaceChildren(heading, ...(all.length ? subjects.flatMap(group) : [make("p", "label", strings["compare.same"])]));
      $("count").textContent = fill("count.changes", { n: all.length });
      $("result").hidden = false;
      $("all").hidden = true;
    } catch {
      if (request !== latest) return;
      $("result").hidden = true;
      $("all").hidden = false;
      $("count").textContent = strings["compare.failed"];
    }
  }

  /** Compares two releases. `query` is what the address then says; the date is cleared unless it says one. */
  function set(old, now, query) {
    [from.value, to.value, since.value] = [old, now, query?.since ?? ""];
    if (query) history.replaceState(null, "", `?${new URLSearchParams(query)}`);
    show();
  }
  /** Returns the release that was current on a date: the newest up to it, or the first one. */
  const currentOn = (date) => versions.find((version) => version.slice(0, 10) <= date) ?? versions.at(-1);
  const sinceDate = (date) => set(currentOn(date), versions[0], { since: date });
  const between = (old, now) => set(old, now, { old, new: now });
  const asked = new URLSearchParams(location.search);
  const chosen = (name, otherwise) => (versions.includes(asked.get(name)) ? asked.get(name) : otherwise);
  from.oninput = to.oninput = () => between(from.value, to.value);
  since.oninput = () => since.value && sinceDate(since.value);
  $("swap").onclick = () => between(to.value, from.value);
  // The list is the fallback without scripts: the two fields contain every release.
  $("all").hidden = true;
  $("choice").hidden = $("result").hidden = false;
  const now = chosen("new", versions[0]);
  // A date field drops what is no date.
  since.value = asked.get("since");
  if (since.value) sinceDate(since.value);
  else set(chosen("old", versions[Math.min(versions.indexOf(now) + 1, versions.length - 1)]), now);
}

if (globalThis.document && $("choice")) start(JSON.parse($("data").textContent));
