// Compares two releases: computes typed changes by rules 1 to 10 of src/history/diff.rs and shows them like the change log.
// The lists, fields and UI strings come from the page's data block (src/wording/comparison.rs).

/** Returns a control by its id. The prefix avoids conflicts with the ids that publishers choose. */
const $ = (id) => document.getElementById(`ui--${id}`);

const order = (a, b) => (a > b) - (a < b);

/** Sorts objects by a field. */
const by = (field) => (a, b) => order(a[field], b[field]);

const { isArray } = Array;
const { entries, fromEntries, hasOwn, keys } = Object;
const isObject = (value) => Object(value) === value;

/** Returns the fields of an object for which a test holds. */
const filter = (object, test) => fromEntries(entries(object).filter(([key, value]) => test(value, key)));

/** Returns a list, or an object, with other values in its places. */
const map = (object, change) =>
  isArray(object) ? object.map(change) : fromEntries(entries(object).map(([key, value]) => [key, change(value, key)]));

/** Returns an object without the fields that have no value. */
const given = (object) => filter(object, (value) => value != null);

/** Returns an object without some of its fields. */
const without = (object, names) => filter(object, (_, name) => !names.includes(name));

/** Returns a list; a single value is a list of one. */
const list = (value) => [value ?? []].flat();

/** Returns a value if it is text. */
const word = (value) => (typeof value === "string" ? value : "");

/** Serializes a value so that equal values give equal strings. `{when: enabled, feature: X}` equals `{feature: X}` (src/history/diff/forms.rs). */
const compared = (value, ignored) =>
  JSON.stringify(value, (_, part) =>
    isObject(part) && !isArray(part)
      ? fromEntries(entries(part).filter(([key, value]) => key !== ignored && !(key === "when" && value === "enabled" && "feature" in part)).sort(by(0)))
      : part,
  );

/** Serializes what a value means, without the wording of conditions. */
const meaning = (value) => compared(value, "label");

/** Returns whether a value was withheld after it was published. */
const withheld = (value) => value?.redacted === true;

const equal = (one, other) => compared(one) === compared(other);

/** Returns the multiset difference `these` − `those`, in the order of `these` (rule 4), and takes what both have out of `those`. */
const more = (these, those, same = equal) =>
  these.filter((one) => {
    const at = those.findIndex((other) => same(one, other));
    return at < 0 || !those.splice(at, 1);
  });

/** Returns a value with a withheld value in each place where another value has one (rule 7). */
const like = (value, other) =>
  withheld(other) ? other
  : isObject(value) ? map(value, (part, key) => like(part, other?.[key]))
  : value;

/** Returns whether two values differ only in withheld values. */
const alike = (one, other) => equal(like(one, other), like(other, one));

/** Writes lists of one value in conditions as that value. A key that cannot be a dimension is a field of a later version, and is left out. */
const shortCondition = (value) =>
  isArray(value) ? (value.length === 1 && word(value[0])) || value.map(shortCondition)
  : isObject(value) ? map(filter(value, (_, key) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(key)), shortCondition)
  : value;

/** Writes an object with a single field as its value. */
const only = (value, field) => (keys(value).join() === field ? value[field] : value);

/** Writes a location that states only its code as that code. */
const shortLocation = (value) =>
  value.condition ? { ...value, condition: shortCondition(value.condition) } : only(value, "code");

/** Writes a long form that says no more than the short one as the short form (rule 1). */
const forms = {
  condition: shortCondition,
  country: (value) => value.map?.(shortLocation),
  transfer: (value) => (value.length === 1 && word(only(value[0], "mechanism"))) || value,
};

/** Returns the locations of a named part, with its condition. */
const placed = (condition, locations) =>
  list(locations).map((location) => ({
    code: location.code ?? location,
    condition: condition && location.condition ? { all: [condition, location.condition] } : condition || location.condition,
  }));

/** Whether an item is one of those that a rule describes: those with a value in a field. */
const among = (item, those) => !!those && item[those.field] === those.value;

/** Whether an item is an exception on both sides, which requires no notice; to become one, or to stop being one, does. */
const excepted = (old, now, notice) => among(old, notice?.except) && among(now, notice?.except);

/** Returns the rule for the changes of an item; a false value if none of them requires customer notice. */
const ruleOf = (old, now, notice) =>
  notice && (!notice.only || among(old, notice.only) || among(now, notice.only)) && !excepted(old, now, notice) && notice;

/** Removes the fields that this version does not know, which are not in `shape` (src/schema/shape.rs). */
export const known = (value, shape) =>
  withheld(value) || shape === true || !isObject(value) || isArray(value) !== isArray(shape) ? value
  : isArray(value) ? value.map((item) => known(item, shape[0]))
  : map(filter(value, (_, key) => hasOwn(shape, key)), (part, key) => known(part, shape[key]));

/** Computes the changes between two disclosures, in the format of `candor diff --format json`. `newest` is the date of the new one. */
export function changes(before, after, rules, [filesBefore, filesAfter] = [], newest = undefined) {
  const { lists, files, parts, regions } = rules;
  const { field: upcoming, id: entryId, announced, effective, note, remove } = rules.upcoming;

  /** Returns an item with its fields, and those of its named parts, in their short forms. */
  const written = (item) =>
    map(item, (value, field) => (hasOwn(parts, field) ? value.map?.(written) : forms[rules.kinds[field]]?.(value)) ?? value);

  /** Whether `after` has a country in which data was not processed before, or not under the same condition (src/model/location.rs). */
  const grew = (before, after) =>
    after.some(({ code, condition }) => {
      const outer = before.filter((place) => !place.condition || meaning(place.condition) === meaning(condition)).map((place) => place.code);
      // A region without a list of countries covers all of them.
      const covers = (inner) => !word(inner) || outer.some((one) => one === inner || regions[one] === null || regions[one]?.includes(inner));
      return !covers(code) && !regions[code]?.every(covers);
    });

  const isHiddenChange = (change) => change.kind === "redacted";
  const hiddenField = (field) => ({ kind: "redacted", field, notice: false });

  /** Returns the fields in which two objects differ (rules 3, 4, 6 and 7). `notice` defines the changes that require customer notice, and `date` is that of the new side. */
  const fields = (old, now, notice, date) =>
    differences(old, now, ruleOf(old, now, notice), old, date, among(old, notice?.except) !== among(now, notice?.except) && notice.except.field);

  /** Compares objects, or named parts of them. `whole` is the object on the old side, and `part` the part on the new side. */
  const differences = (old, now, rule, whole, date, switched, part) =>
    keys({ ...old, ...now }).sort().flatMap((field) => {
      const [was, is] = [old[field], now[field]];
      if (equal(was, is)) return [];
      const isList = [was, is].every((side) => isArray(side ?? []));
      // Parts that have a name are identified by it.
      const key = isList && hasOwn(parts, field) && parts[field];
      const [gone, all] = [was, is].map((side) => (isList ? list(side) : [side]));
      const fresh = more(all, gone, (one, other) => equal(one, other) || (key && one[key] === other[key]));
      const stated = compared([fresh, gone]);
      const visible = [more(fresh, gone, alike), gone].map((side) => side.filter((one) => !withheld(one)));
      const [added, removed] = visible.map((side, at) => side.map((one) => visible[1 - at].reduce(like, one)));
      let isHidden = compared([added, removed]) !== stated;
      const changed = all.flatMap((now) => {
        const old = key && list(was).find((one) => one[key] === now[key]);
        const fields = old ? differences(old, now, rule, whole, date, false, now).filter((change) => !isHiddenChange(change) || !(isHidden = true)) : [];
        return fields[0] ? [{ name: now[key], notice: fields.some((change) => change.notice), fields }] : [];
      });
      // The item, and its named parts, such as the services of a subprocessor.
      const everywhere = [whole, ...keys(parts).flatMap((field) => list(whole[field]))];
      const both = [...added, ...removed];
      const notice =
        !!(
          rule && both.length &&
            (switched === field ||
              (rule.always.includes(field) && meaning(removed) !== meaning(added)) ||
              (rule.growth.includes(field) && added.some((one) => more([one], everywhere.flatMap((object) => list(object[field])))[0])) ||
              (rule.places?.includes(field) &&
                grew(everywhere.flatMap((other) => placed(other !== whole && other.condition, other[field])), placed(part?.condition, added))) ||
              (rule.dates.includes(field) && both.some((one) => one > date)))
        ) || changed.some((change) => change.notice);
      const change = isList ? { kind: key ? "parts" : "elements", added, removed, changed: key ? changed.sort(by("name")) : null } : { kind: "value", before: removed[0], after: added[0] };
      return [isHidden && hiddenField(field), (both.length || changed[0]) && given({ field, notice, ...change })].filter(Boolean);
    });

  /** Returns the id of an upcoming change; an empty string if it is withheld. */
  const keyOf = (entry) => word(entry[entryId] ?? entry[announced]);

  /** Returns the upcoming changes of an item whose id is not withheld, in the order in which they take effect. */
  const stated = (item) => {
    const dates = (entry) => [word(entry[effective]), word(entry[announced])];
    return list(item[upcoming]).filter(keyOf).map(written).sort((a, b) => order(dates(a), dates(b)));
  };

  /** Returns the fields that an entry changes, with their new values; none for a field that it removes. */
  const newValues = (entry) => ({
    ...without(entry, [entryId, announced, effective, note, remove]),
    ...fromEntries(list(entry[remove]).map((name) => [name])),
  });

  const find = (entries, entry) => entries.find((other) => keyOf(other) === keyOf(entry));

  /** Moves the new values of an entry into the fields of an item. */
  const moved = (item, entry) => given({ ...item, ...newValues(entry) });

  /** Returns what an entry changes, in comparison with the item just before it takes effect, or after another entry did instead. */
  function announcedChanges(item, entry, rule, other) {
    const sorted = stated(item);
    const before = sorted.slice(0, sorted.indexOf(find(sorted, entry))).reduce(moved, without(item, [upcoming]));
    return fields(other ? moved(before, other) : before, moved(before, entry), rule);
  }

  const upcomingEvent = (event, notice, before, after, changes) =>
    given({ kind: "upcoming", field: upcoming, notice, event, entry: keyOf(before ?? after), before, after, changes });

  /** Returns the fields in which two items differ, and what happened to their upcoming changes (rule 8; src/history/diff/upcoming.rs). */
  function itemFields(old, now, rule) {
    if (withheld(old[upcoming]) || withheld(now[upcoming])) return fields(old, now, rule, newest);
    const [was, is] = [old, now].map((item) => without(item, [upcoming]));
    const events = [];
    // Announcements of an exception require no notice.
    const happened = (event, notice, ...rest) => events.push(upcomingEvent(event, notice && !excepted(was, is, rule), ...rest));
    let rest = fields(was, is, rule, newest);
    const hidden = (item) => compared(list(item[upcoming]).filter((entry) => !keyOf(entry)));
    const hiddenDiffers = hidden(old) !== hidden(now);
    let isRedacted = hiddenDiffers;
    const earlier = stated(old);
    const later = stated(now);
    for (const entry of later) {
      const other = find(earlier, entry);
      const differ = other && fields(without(other, [entryId]), without(entry, [entryId]));
      if (differ?.every(isHiddenChange)) {
        isRedacted ||= differ.length > 0;
        continue;
      }
      const isMoved = other && word(other[effective]) && word(entry[effective]) && other[effective] !== entry[effective];
      const corrected = other && announcedChanges(now, entry, rule, other);
      const isOther = corrected?.some((change) => change.notice || (!isHiddenChange(change) && rule?.announced.includes(change.field)));
      const event = !other ? "announced" : isMoved ? "rescheduled" : isOther && "revised";
      happened(event || "corrected", !!event, other, entry, event ? announcedChanges(now, entry, rule) : corrected);
    }
    const settled = [];
    for (const entry of earlier.filter((entry) => !find(later, entry)).reverse()) {
      const values = without(newValues(entry), settled);
      const isOwn = ({ field }) => hasOwn(values, field);
      const announcedItem = moved(was, entry);
      const left = fields(announcedItem, is, rule, newest).filter(isOwn);
      const other = left.filter((change) => !isHiddenChange(change));
      const isOther = (name) => other.some(({ field }) => field === name);
      const early = newest < word(entry[effective]);
      // What became of it does not follow from withheld values.
      if (other[0] ? hiddenDiffers : early && left[0]) isRedacted = true;
      else if (other[0] && early && rest.every((change) => !isOwn(change) || isOther(change.field))) happened("withdrawn", true, entry, null, announcedChanges(old, entry, rule));
      else {
        settled.push(...keys(values));
        happened(early ? "effective-moved-earlier" : "took-effect", early, entry, null, fields(was, { ...announcedItem, ...filter(is, (_, name) => !isOther(name)) }, rule, newest).filter(isOwn));
        rest = [...rest.filter((change) => !isOwn(change)), ...other];
      }
    }
    if (isRedacted) rest.push(hiddenField(upcoming));
    return [...rest, ...events.sort(by("entry"))].sort(by("field"));
  }

  /** Returns the changes that a new item announces, or that are withdrawn because the item is removed: those that are not in effect on the date. */
  const eventsOf = (isAdded, item, rule, ended) =>
    isAdded ? itemFields(without(item, [upcoming]), item, rule).filter((change) => change.entry)
    : stated(item)
      .filter((entry) => !(word(entry[effective]) <= newest))
      .map((entry) => upcomingEvent("withdrawn", !ended && !among(item, rule?.except), entry, null, announcedChanges(item, entry, rule)))
      .sort(by("entry"));

  /** Returns the dates of the start that an item states, if it is after the date (rule 9). */
  function startOf(item, rule) {
    const start = rule?.dates.map((field) => word(item[field])).find((stated) => stated > newest);
    return start && given({ [announced]: word(item[announced]) || null, [effective]: start });
  }

  /** Moves the notice period into its short form, because both forms say the same (src/history/diff/entry.rs). */
  function shortened(side) {
    const { name, days, short: [subject, field] } = rules.notice;
    const { [days]: period, ...terms } = side[name] ?? {};
    return { ...side, [subject]: given({ [field]: period, ...side[subject] }), [name]: terms };
  }

  const [old, now] = [before, after].map(shortened);
  const all = [];
  const changed = (subject, fields, more) =>
    fields[0] && all.push(given({ kind: "changed", subject, ...more, notice: fields.some((change) => change.notice), fields }));
  for (const { name: subject, fields: names } of rules.objects) {
    // Some objects are fields of the disclosure, others combine several fields.
    const object = (side) => (names ? filter(side, (_, field) => names.includes(field)) : (side[subject] ?? {}));
    changed(subject, fields(object(old), object(now)));
  }

  // The files that both sides recorded, with other bytes (rule 5).
  const state = ({ sha256, bytes }) => ({ sha256, bytes });
  const replaced = list(filesAfter).sort(by("path")).flatMap((after) => {
    const { path } = after;
    const before = list(filesBefore).find((file) => file.path === path);
    return before && before.sha256 !== after.sha256 ? [{ kind: "file", path, before: state(before), after: state(after) }] : [];
  });
  // The item itself, or its edition, that has the file.
  const holder = (item, path) => [item, ...list(item[files.editions])].find((one) => one[files.field] === path);
  function replacedFile(file, old, now, notice) {
    const [other, one] = [old, now].map((item) => holder(item, file.path));
    return one && other ? given({ ...file, field: one === now ? files.field : files.editions, notice: !!ruleOf(old, now, notice)?.always?.includes(files.field), version: one[files.version] === other[files.version] ? one[files.version] : null }) : [];
  }

  for (const { name: subject, label: labelField, notice: rule } of lists) {
    const [before, after] = [old, now].map((side) => new Map(side[subject]?.map((item) => [item.id, written(item)])));
    // The name of an item for readers, or the word for withheld values.
    const label = (item) => (withheld(item[labelField]) ? rules.redacted : item[labelField]);
    // A withheld name equals no other.
    const name = (item) => word(item[labelField]).trim().toLowerCase() || NaN;
    const ids = keys({ ...fromEntries(before), ...fromEntries(after) }).sort();
    const renamed = new Map();
    for (const id of ids.filter((id) => !before.has(id))) {
      const other = ids.find((other) => !after.has(other) && !renamed.has(other) && name(before.get(other)) === name(after.get(id)));
      if (other) renamed.set(id, other).set(other, id);
    }
    for (const id of ids) {
      const a = before.get(id);
      const b = after.get(id);
      const start = startOf(b ?? a, rule);
      if (a && b) {
        const replacedFiles = subject === files.list ? replaced.flatMap((file) => replacedFile(file, a, b, rule)) : [];
        changed(subject, [...itemFields(a, b, rule), ...replacedFiles].sort(by("field")), { id, label: label(b), start });
        continue;
      }
      const item = a ?? b;
      const ended = a?.[rule?.end] <= newest;
      const upcoming = eventsOf(!a, item, rule, ended);
      all.push(given({
        kind: a ? "removed" : "added",
        subject,
        id,
        label: label(item),
        notice: !!(!ended && ruleOf(item, item, rule)?.items) || upcoming.some((change) => change.notice),
        ended: ended || null,
        withdrawn: a && start ? true : null,
        same_name_as: renamed.get(id),
        replaced_by: a && ids.find((other) => after.get(other)?.replaces === id),
        upcoming: upcoming[0] && upcoming,
        item,
      }));
    }
  }

  for (const file of replaced)
    if (!now[files.list]?.some((item) => holder(item, file.path))) changed(files.name, [{ ...file, field: files.field, notice: false }], { label: file.path });
  return all;
}

/** Returns a word diff of two strings: up to where they are the same again, words are a change. The result has spans that are in both (`=`), only in the new (`+`) or only in the old one (`-`). */
export function reworded(before, after) {
  const [a, b] = [before, after].map((text) => text.match(/\s+|\S+/g) ?? []);
  if (a.length * b.length > 4e6) return [["-", before], ["+", after]];
  const spans = [];
  const add = (side, words, n) => {
    const text = words.splice(0, n).join("");
    if (spans.at(-1)?.[0] === side) spans.at(-1)[1] += text;
    else if (text) spans.push([side, text]);
  };
  while (a[0] || b[0]) {
    // The least number of words after which both sides are the same again: `i` of the old and `j` of the new one.
    let [i, j] = [0, 0];
    // Whitespace between changed words belongs to the change.
    const isSame = () => a[i] && a[i] === b[j] && (a[i].trim() || a[i + 1] === b[j + 1] || (!i && !j && spans.at(-1)?.[0] === "="));
    while (!isSame() && (a[i] || b[j])) [i, j] = j ? [i + 1, j - 1] : [0, i + 1];
    add("-", a, i);
    add("+", b, j);
    b.shift();
    add("=", a, 1);
  }
  return spans;
}

/** Creates an element with what is inside it, perhaps in lists; false values are left out. */
function make(name, inside, className) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...[inside].flat(9).filter(Boolean));
  return element;
}

function start({ strings, fields: shape, rules, deadlines, names, months, lowercase }) {
  /** Returns the rules for a list, or an empty object for other parts. */
  const about = (subject) => rules.lists.find(({ name }) => name === subject) ?? {};
  /** Returns the string for a word; the word itself if there is none. */
  const say = (group, name, other = name) => strings[`${group}.${name}`] ?? other;
  const event = (name) => say("upcoming.events", name);
  const { upcoming: own, redacted } = rules;
  // Omits a period after a value that ends in one, like `fill` of src/wording/catalog.rs.
  const fill = (key, values, text = strings[key]) =>
    text.replace(/\{(\w+)\}(\.?)/g, (gap, name, stop) => (values[name] ?? gap) + (/[.!?…]\W?$/.test(values[name]) ? "" : stop));
  const vh = (key) => make("span", `${say("changes", key)}: `, "vh");
  const mark = (key, text) => make(key === "added" ? "ins" : "del", [vh(key), text]);
  const fact = (label, text) => text && [make("dt", label), make("dd", text)];

  const date = (value) =>
    value.replace(/^(\d+)-(\d+)-(\d+)$/, (_, year, month, day) => fill("dates.long", { year, month: months[month - 1], day: +day }));

  /** Returns a value with the string for withheld values in place of those in it. */
  const shown = (value) => (withheld(value) ? redacted : isObject(value) ? map(value, shown) : value);

  const isSimple = (value) => word(value?.feature) && !keys(without(value, ["when", "feature"]))[0];

  /** Describes a part of a condition, like `clause` of src/wording/condition.rs. */
  function clause(value, inside = true) {
    const { label, all, any, unless, when, feature, ...dimensions } = value;
    if (label) return inSentence(label);
    if (unless) return fill("conditions.not", { condition: clause(unless) });
    const join = (word, texts) => texts.join(` ${say("conditions", word)} `);
    const either = (values) => join("or", list(values));
    const clauses = (all ?? any)?.map((part) => clause(part)) ?? [
      ...list(feature && fill("conditions.feature", { feature: either(feature) })),
      ...keys(dimensions).sort().map((name) => fill("conditions.dimension", { dimension: name.replaceAll("-", " "), values: either(dimensions[name]) })),
    ];
    const text = join(any ? "or" : "and", clauses);
    return inside && clauses[1] ? `(${text})` : text;
  }

  /** Adds a note in parentheses, if there is one. */
  const noted = (text, note) => (note ? `${text} (${note})` : text);

  /** Describes values by kind (`FieldKind`), like src/wording. Every other kind is the beginning of the keys of the names of its values. */
  const kinds = {
    question: (value) => value.question,
    item: (id) => names[id] ?? id,
    date,
    period: (value) => word(value) || fill("dates.range", { from: date(value.from), until: date(value.to) }),
    fields: (value) => word(value) || entries(value).map(([key, part]) => `${say("fields", key)}: ${list(part).map((one) => text(key, one)).join(", ")}`).join("; "),
    country(value) {
      const { code = value, place, condition } = value;
      const details = [place, condition && inSentence(kinds.condition(condition, "-inside"))].filter(Boolean).join("; ");
      return noted(say("countries", code), details);
    },
    transfer: (value) =>
      list(value).map((one) => {
        const { mechanism = one, to, note } = one;
        const name = say("values", mechanism);
        return noted(to ? fill("transfers.to", { mechanism: name, to: to.map((code) => say("countries", code)).join(", ") }) : name, note);
      }).join("; "),
    // `form` is the ending of the keys of strings: that within a sentence, or one that has none and tells two conditions on the same feature apart.
    condition(value, form = "") {
      const { feature, when = "enabled", unless } = value;
      const key = `subprocessors.when-${when}${form}`;
      return word(value.label ?? value)
        || (!isSimple(value) ? fill(`conditions.${unless ? "except" : "only"}${form}`, { condition: clause(unless ?? value, false) })
        : strings[key] ? fill(key, value)
        : noted(feature, when));
    },
  };

  /** Formats a label for use inside a sentence, like `in_sentence` of src/wording/catalog.rs. */
  const inSentence = (label) =>
    lowercase ? label.replace(/^\p{Lu}(?=\P{Lu})/u, (letter) => letter.toLowerCase()) : label;

  function text(field, value, form) {
    value = shown(value);
    const kind = rules.kinds[field];
    return (value !== redacted && (kinds[kind] ? kinds[kind](value, form) : strings[kind + value])) || word(value) || JSON.stringify(value);
  }

  /** Returns the deadline of an upcoming change, if it has one. Releases do not state it: candor computes it from their dates. */
  const deadline = (subject, id, entry, effective) => deadlines[[subject, id, entry, effective]];

  /** Returns the dates of an upcoming change in one line. */
  function dates({ subject, id, entry, before, after }) {
    const { announced, effective } = own;
    const newest = (name) => word(after?.[name]) || word(before?.[name]);
    const old = word(before?.[effective]);
    const now = newest(effective);
    const since = newest(announced);
    const until = after && deadline(subject, id, entry, now);
    return [
      now && fill(`upcoming.effective${old && old !== now ? "-moved" : ""}`, { date: date(now), before: date(old) }),
      since && fill("upcoming.announced", { date: date(since) }),
      until && fill("upcoming.object-by", { date: until }),
    ].filter(Boolean).join(", ");
  }

  function details(change) {
    const { kind, subject, id, field, before, after, added = [], removed = [], fresh, version, notice, part } = change;
    if (kind === "upcoming")
      return [
        fact(event(change.event), dates(change)),
        fact(strings["fields.note"], shown((after ?? before)[own.note])),
        change.changes.map((part) => details({ subject, id, ...part })),
      ];
    // The parts that were added or removed, then the fields of those that changed, each under the name of its part.
    if (kind === "parts")
      return [
        (added[0] || removed[0]) && details({ ...change, kind: "elements" }),
        change.changed.map(({ name, fields }) => fields.map((field) => details({ ...field, subject, part: name }))),
      ];
    // Contacts and dimensions have labels of their own.
    const title = say(subject, field, say("fields", field));
    const label = part ? fill("changes.of-part", { name: part, field: title }) : title;
    if (kind === "redacted") return fact(label, redacted);
    if (kind === "file") return fact(label, fill(`changes.file-replaced${version ? "-same-version" : ""}`, { version }));
    const isSentence = (side) => /\S\s+\S+\s+\S+\s+\S/.test(word(side));
    if (isSentence(before) && isSentence(after)) {
      const spans = reworded(before, after);
      if (spans.some(([side, same]) => side === "=" && /[\p{L}\p{N}]/u.test(same))) {
        return [make("dt", label), make("dd", spans.map(([side, part]) => (side === "=" ? part : mark(side === "+" ? "added" : "removed", part))), "reworded")];
      }
    }
    const { notice: rule, unstated } = about(subject);
    // The labels of two conditions on the same feature may be identical.
    const form = isSimple(before) && isSimple(after) && before.feature === after.feature || "";
    const side = (value) =>
      value != null ? text(field, value, form) : strings[before && rule?.end === field ? "upcoming.events.end-withdrawn" : unstated?.[field]];
    const [was, is] = added[0] || removed[0] ? [] : [!fresh && side(before), side(after)];
    // The deadline of a start or an end, after its date.
    const entry = rule?.dates.includes(field) ? own.start : rule?.end === field && own.end;
    const until = entry && (notice || fresh) && deadline(subject, id, entry, after);
    return [
      make("dt", label),
      added.map((value) => make("dd", mark("added", text(field, value)))),
      removed.map((value) => make("dd", mark("removed", text(field, value)))),
      was && make("dd", mark("before", was)),
      is && make("dd", was ? [vh("after"), is] : is, was && "step"),
      fact(strings["fields.object_by"], until),
    ];
  }

  function line(change, all) {
    const { kind, subject, id, label, notice, same_name_as: renamed, replaced_by: replacement, item, upcoming = [] } = change;
    const { page, first = [] } = about(subject);
    // The dates of a start that is still to come, of which no change is stated.
    const toStart = change.start && dates({ subject, id, entry: own.start, after: without(change.start, change.fields.map(({ field }) => field)) });
    const note = (key, other) =>
      other && fill(`changes.${key}`, { name: shown(all.find((one) => one.subject === subject && one.id === other)?.label ?? kinds.item(other)) });
    const remark =
      kind === "added" ? (note("renamed-from", renamed) ?? note("replaces", item.replaces))
      : change.ended ? event("ended")
      : change.withdrawn ? event("not-started")
      : (note("renamed-to", renamed) ?? note("replaced-by", replacement));
    const what = make(page ? "a" : "span", label ?? say("changes.subjects", subject), "what");
    if (page) what.href = `../${page}#${id}`;
    const [start, end] = say("changes.sentences", kind).split("{name}");
    const sign = make("span", kind === "added" ? "+" : kind === "removed" ? "−" : "~", "sign");
    sign.ariaHidden = true;
    // The most important fields of a new item.
    const facts = first.filter((field) => kind === "added" && list(item[field])[0]);
    const fields = facts.map((field) => ({ field, fresh: true, [isArray(item[field]) ? "added" : "after"]: item[field] }));
    const parts = [...fields, ...(change.fields ?? upcoming)].map((part) => details({ subject, id, ...part }));
    const deltas = make("dl", [parts, fact(event("to-start"), toStart)], "deltas");
    const sentence = make("p", [start, what, end, remark && [" ", make("span", remark, "label")]]);
    return make("li", [sign, make("div", [sentence, deltas.firstChild && deltas, notice && $("notice").content.cloneNode(true)])], `change ${kind}`);
  }

  const links = [...document.querySelectorAll("[data-record]")];
  const versions = links.map(({ textContent }) => textContent);
  const record = async (select) => (await fetch(links[select.selectedIndex].dataset.record)).json();
  const [from, to, since] = [$("old"), $("new"), $("since")];

  let latest = 0;
  async function show() {
    const request = ++latest;
    const result = $("result");
    let count = strings["compare.failed"];
    let shown;
    try {
      const [old, now] = await Promise.all([from, to].map(record));
      const all = changes(known(old.disclosure, shape), known(now.disclosure, shape), rules, [old.files, now.files], now.published);
      const group = (subject) => [
        make("h3", say("changes.subjects", subject)),
        make("ul", all.map((change) => change.subject === subject && line(change, all)), "changes"),
      ];
      shown = all[0] ? [...new Set(all.map(({ subject }) => subject))].flatMap(group) : [make("p", strings["compare.same"], "label")];
      const n = all.length;
      const forms = strings["count.changes"];
      count = fill("", { n }, forms[new Intl.PluralRules(rules.language).select(n)] ?? forms.other);
    } catch {
      // The list of releases is shown instead.
    }
    // Discard the result if another comparison was started in the meantime.
    if (request !== latest) return;
    $("count").textContent = count;
    result.hidden = !shown;
    $("all").hidden = shown;
    if (!shown) return;
    // Set the heading together with the changes, so that they always match.
    $("title").textContent = fill("compare.result", { old: from.value, new: to.value });
    result.replaceChildren($("title"), ...shown);
  }

  /** Compares two releases. `query` is what the address then says; the date is cleared unless it says one. */
  function set(old, now, query) {
    [from.value, to.value, since.value] = [old, now, query?.since ?? ""];
    if (query) history.replaceState(null, "", `?${new URLSearchParams(query)}`);
    show();
  }
  /** Compares with the release that was current on a date: the newest up to it, or the first one. */
  const sinceDate = (date) => set(versions.find((version) => version.slice(0, 10) <= date) ?? versions.at(-1), versions[0], { since: date });
  const between = (old, now) => set(old, now, { old, new: now });
  const asked = new URLSearchParams(location.search);
  const [askedOld, askedNew] = ["old", "new"].map((name) => versions.find((version) => version === asked.get(name)));
  from.oninput = to.oninput = () => between(from.value, to.value);
  since.oninput = () => since.value && sinceDate(since.value);
  $("swap").onclick = () => between(to.value, from.value);
  // The list is the fallback without scripts: the two fields contain every release.
  $("all").hidden = true;
  $("choice").hidden = $("result").hidden = false;
  const now = askedNew ?? versions[0];
  // A date field drops what is no date.
  since.value = asked.get("since");
  if (since.value) sinceDate(since.value);
  else set(askedOld ?? versions[versions.indexOf(now) + 1] ?? now, now);
}

if (globalThis.document && $("choice")) start(JSON.parse($("data").textContent));
