"""Scalable inputs: for each case, the files of a project of size `n`, and the command that reads them.

Each case is a kind of input for which some step could take quadratic time. Add a case for each new list, field or check whose
work depends on more than one item at a time.
"""
import hashlib
import io
import json
import zipfile

SITE = "title: Trust\norganization:\n  name: Acme\n  notice_days: 30\n  url: https://acme.test/\ncontacts:\n  privacy: privacy@acme.test\n"
SECTION = "content/sections/10-a.md"
CASES = {}
# The cases whose input is refused as malformed, which must not take long either.
REFUSED = set()


def case(*command, n, refused=False):
    """Registers a function that returns the files of a case, by path. A command may be a function of the size."""

    def register(make):
        name = make.__name__
        if refused:
            REFUSED.add(name)
        CASES[name] = (n, command[0] if command and callable(command[0]) else lambda n: command or ("check",), make)
        return make

    return register


def section(text, title="A"):
    return f"---\ntitle: {title}\n---\n\n{text}\n"


def repeated(name, pattern, n, join="\n\n"):
    """Registers a case of one section that repeats a pattern; `{i}` is replaced by a counter."""

    def make(n):
        return {SECTION: section(join.join(pattern.replace("{i}", str(i)) for i in range(n)))}

    make.__name__ = name
    case("check", n=n)(make)


def items(n, *fields):
    return "".join("- " + "\n  ".join(field.replace("{i}", str(i)) for field in fields) + "\n" for i in range(n))


SUBPROCESSOR = ("id: sub-{i}", "name: Sub {i}", "purpose: Hosting {i}", "data_categories: [Account data]")

# --- Markdown ---------------------------------------------------------------------------------------------------------

repeated("rejected_links", "[a](javascript:x)", 1200)
repeated("rejected_links_in_one_line", "[a](javascript:x)", 1200, " ")
repeated("raw_html", "a <b>x</b>", 900)
repeated("raw_html_blocks", "<div>\na\n</div>", 600)
repeated("end_tags_after_other_problems", "#### x {a=b}\n\n</b>", 900)
repeated("same_headings", "## Heading", 900)
repeated("headings_that_are_numbered", "## Heading\n\n## Heading {i}", 600)
repeated("heading_ids", "## Heading {#same}", 900)
repeated("unknown_anchors", "## Heading number {i}\n\n[a](#heading-numbr-{i})", 450)
repeated("unknown_paths", "[a](nowhere-{i}/)", 900)
repeated("undefined_labels", "[a][b{i}]", 900)
repeated("defined_labels", "[a][b{i}]\n\n[b{i}]: https://acme.test/{i}", 600)
repeated("images", "![](image-{i}.png)", 900)
repeated("images_in_images", "![", 6000, "")
repeated("unused_footnotes", "[^n{i}]: Note.", 900)
repeated("undefined_footnotes", "A[^n{i}]", 900)
repeated("same_footnotes", "[^n]: Note.", 900)
repeated("footnotes", "A[^n{i}]\n\n[^n{i}]: Note [^n{i}].", 600)
repeated("footnote_references", "A[^n]", 900)
repeated("nested_footnotes", "[^n{i}]: ", 600, "")
repeated("addresses", "Write to info{i}@acme.test.", 900)
repeated("statement_separators", "A subprocessor has notice.", 1200, " ")
repeated("statement_lists", "- A subprocessor has notice", 1200, "\n")
repeated("statement_questions", "Is a subprocessor notified? ", 1200, "")
repeated("statement_days", "We notify of a subprocessor 10 days before.", 900, " ")
repeated("long_paragraph", "word", 12000, " ")
repeated("long_lines", "word", 12000, "\n")
repeated("long_code", "    code", 6000, "\n")
repeated("emphasis", "*a **b", 1200, " ")
repeated("emphasis_and_underscores", "*_a", 1200, "")
repeated("strikethrough", "~~a ~b", 1200, " ")
repeated("brackets", "[", 3000, "")
repeated("brackets_in_pairs", "[a](", 1200, "")
repeated("closing_brackets", "a]", 2000, "")
repeated("backticks", "`a``b", 1500, " ")
repeated("angle_brackets", "<a", 1800, " ")
repeated("declarations", "<!A ", 1200, "")
repeated("comments", "<!--", 1200, "")
repeated("instructions", "<?", 1500, "")
repeated("quotes", "> ", 4000, "")
repeated("nested_lists", "1. ", 1000, "")
# At the limit of 16 levels, `index.md` repeats the marks of all of them on each line.
repeated("quotes_at_the_limit", "> " * 16 + "a\nb", 300)
repeated("lists_at_the_limit", "- " * 16 + "a\nb", 300)
repeated("quoted_lists", "> - a", 900, "\n")
repeated("entities", "&amp;&a", 1800, "")
repeated("hard_breaks", "a\\", 1800, "\n")
repeated("autolinks", "<https://acme.test/{i}>", 900, " ")
repeated("link_titles", "[a](b 'c", 1200, " ")
repeated("tasks", "- [ ] task {i}", 900, "\n")
repeated("hidden_characters", "a\u200bb\u202ec", 600)
repeated("hidden_characters_in_one_line", "a\u200b\u202e", 1200, "")
repeated("hidden_references", "a&#x200b;b", 600, " ")
repeated("hidden_characters_in_links", "[a\u200b](https://acme.test/\u202e)", 450)
repeated("tags", "\U000e0061", 1800, "")
repeated("joiners", "\u0645\u200c", 1800, "")
repeated("placeholders", "TODO, lorem ipsum, [Add a name] and a@example.com", 450)
repeated("placeholders_in_one_line", "TODO [Add a name] ", 900, "")
repeated("openings_of_placeholders", "[a <b (c {{d ${e", 900, "")
repeated("addresses_without_an_end", "a@a.", 6000, "")
repeated("sections_of_text_about_providers", "We use SendGrid, Amazon and Google.", 900)
repeated("colons_and_hashes", "::##[", 1200, "\n")


@case(n=400)
def wide_table(n):
    row = "|" + "a|" * n
    return {SECTION: section("\n".join([row, "|" + "-|" * n] + [row] * 4))}


@case(n=900)
def long_table(n):
    return {SECTION: section("\n".join(["|a|b|", "|-|-|"] + ["|c|d|"] * n))}


@case(n=300)
def table_with_short_rows(n):
    return {SECTION: section("\n".join(["|" + "a|" * 40, "|" + "-|" * 40] + ["|c"] * n))}


@case(n=900)
def tables(n):
    return {SECTION: section("\n\n".join(["|a|\n|-|\n|c|"] * n))}


@case(n=900)
def text_in_quotes(n):
    """YAML escapes, so that problems are reported at the location of the whole value."""
    return {"content/data/faq.yaml": '- id: a\n  question: A\n  answer: "' + "[a](javascript:x)\\n\\n" * n + '"\n'}


@case(n=900)
def text_in_a_block(n):
    return {"content/data/faq.yaml": "- id: a\n  question: A\n  answer: |\n" + "    [a](javascript:x)\n\n" * n}


@case(n=900)
def text_in_a_folded_block(n):
    return {"content/data/faq.yaml": "- id: a\n  question: A\n  answer: >\n" + "    [a](javascript:x)\n\n" * n}


# --- Lists ------------------------------------------------------------------------------------------------------------


@case(n=600)
def subprocessors(n):
    return {"content/data/subprocessors.yaml": items(n, *SUBPROCESSOR)}


@case(n=450)
def unknown_replaces(n):
    return {"content/data/subprocessors.yaml": items(n, *SUBPROCESSOR, "replaces: subb-{i}")}


@case(n=450)
def known_replaces(n):
    return {"content/data/subprocessors.yaml": items(n, *SUBPROCESSOR, "replaces: sub-{i}0")}


@case(n=450)
def unknown_documents(n):
    return {
        "content/data/documents.yaml": items(n, "id: document-{i}", "title: Document {i}"),
        "content/data/controls.yaml": items(n, "id: control-{i}", "title: Control {i}", "evidence: documnt-{i}"),
    }


@case(n=450)
def known_documents(n):
    return {
        "content/data/documents.yaml": items(n, "id: document-{i}", "title: Document {i}"),
        "content/data/controls.yaml": items(n, "id: control-{i}", "title: Control {i}", "evidence: document-{i}"),
        "content/data/certifications.yaml": items(n, "id: cert-{i}", "framework: F {i}", "document: document-{i}"),
    }


@case(n=450)
def missing_files(n):
    return {"content/data/documents.yaml": items(n, "id: document-{i}", "title: D {i}", "file: documents/a{i}.pdf")}


@case(n=120)
def files(n):
    files = {f"static/documents/file{i}.txt": "a" for i in range(n)}
    # So many misspelled names that the limit on comparisons for suggestions is reached.
    files["content/data/documents.yaml"] = items(12 * n, "id: document-{i}", "title: D {i}", "file: documents/fle{i}.txt")
    return files


@case(n=600)
def same_ids(n):
    return {"content/data/controls.yaml": items(n, "id: same", "title: Control {i}")}


@case(n=600)
def same_names(n):
    return {"content/data/controls.yaml": items(n, "id: control-{i}", "title: Same")}


@case(n=600)
def bad_ids(n):
    return {"content/data/controls.yaml": items(n, "id: Control {i}", "title: Control {i}")}


@case(n=600)
def unknown_words(n):
    return {"content/data/controls.yaml": items(n, "id: control-{i}", "title: Control {i}", "status: implementd")}


@case(n=600)
def unknown_fields(n):
    return {"content/data/controls.yaml": "- id: a\n  title: A\n" + "".join(f"  titel{i}: b\n" for i in range(n))}


@case(n=600)
def same_fields(n):
    return {"content/data/controls.yaml": "- id: a\n" + "  title: A\n" * n}


@case(n=600)
def entries(n):
    categories = "".join(f"    - Category {i}\n" for i in range(n))
    return {"content/data/subprocessors.yaml": f"- id: a\n  name: A\n  purpose: B\n  data_categories:\n{categories}"}


@case(n=150)
def announced_changes(n):
    entry = "    - {{id: e{i}, announced: 2026-05-01, effective: 2030-01-01, purpose: Purpose {i}}}\n"
    entries = "".join(entry.format(i=i) for i in range(n))
    return {"content/data/subprocessors.yaml": f"- id: a\n  name: A\n  purpose: B\n  upcoming:\n{entries}"}


@case(n=600)
def same_entries(n):
    return {"content/data/subprocessors.yaml": "- id: a\n  name: A\n  purpose: B\n  data_categories: [" + "C, " * n + "]\n"}


@case(n=600)
def contacts(n):
    contacts = "".join(f"  contact-{i}: contact{i}@acme.test\n" for i in range(n))
    text = "\n\n".join(f"Write to info{i}@acme.test." for i in range(n))
    return {"content/site.yaml": SITE + contacts, SECTION: section(text)}


@case(n=450)
def unknown_rules(n):
    rules = "".join(f"  list-ordr{i}: warn\n" for i in range(n))
    return {"content/site.yaml": f"{SITE}rules:\n{rules}"}


@case(n=120)
def sections(n):
    return {f"content/sections/{i:05}-s{i}.md": section("Text.", f"Title {i}") for i in range(n)}


@case(n=60)
def updates(n):
    fields = "kind: incident\nseverity: high\nstatus: resolved\nstarted: 2026-05-01\nresolved: 2026-05-02\n"
    update = "---\ntitle: Mail was late\n" + fields + "---\n\n## Cause\n\nA queue. See [the list](/updates/).\n"
    return {f"content/updates/2026-05-{1 + i % 20:02}-mail-{i}.md": update for i in range(n)}


@case(n=120)
def sections_with_one_title(n):
    return {f"content/sections/{i:05}-s{i}.md": section("Text.") for i in range(n)}


@case(n=600)
def unknown_files(n):
    return {f"content/data/controlls{i}.yaml": "[]\n" for i in range(n)}


@case(n=4800)
def yaml_lines(n):
    return {"content/data/controls.yaml": "# comment\n\n" * n + "[]\n"}


@case(n=600)
def yaml_syntax(n):
    return {"content/data/controls.yaml": "- id: a\n  title: A\n" * n + "- [\n"}


@case(n=6000)
def yaml_escapes(n):
    return {"content/data/faq.yaml": '- id: a\n  question: "' + "\\u00e9 " * n + '"\n  answer: B\n'}


@case(n=600)
def hidden_names(n):
    return {"content/data/controls.yaml": items(n, "id: control-{i}", 'title: "Control \u202e {i}"')}


@case(n=6000)
def hidden_escapes(n):
    return {"content/data/faq.yaml": '- id: a\n  question: "' + "\\u200b\\U000e0061 " * n + '"\n  answer: B\n'}


@case(n=200)
def hidden_strings(n):
    return {"templates/strings/en.yaml": "".join(f'key-{i}: "a\\u200b"\n' for i in range(n))}


@case(n=6000)
def hidden_in_a_template(n):
    return {"templates/a.html": "a\u200b\u2067\n" * n}


@case(n=100)
def private_use_in_a_template(n):
    return {"templates/a.html": "\n".join(chr(0xE000 + i) for i in range(n))}


@case(n=240)
def css_imports(n):
    rules = "".join(f"@import url(\"b{i}.css\");\n" for i in range(n))
    return {"static/a.css": rules, **{f"static/b{i}.css": "a {}" for i in range(n)}}


@case(n=120)
def css_import_chain(n):
    # The longest chains that are allowed have 16 style sheets.
    return {f"static/b{i}.css": f"@import url(\"b{i + 1}.css\");\n" if (i + 1) % 16 and i + 1 < n else "a {}"
            for i in range(n)}


# --- Templates --------------------------------------------------------------------------------------------------------


def template(name, pattern, n, before="", after=""):
    """Registers a case of one template that repeats a pattern; `{i}` is replaced by a counter."""

    def make(n):
        text = before + "".join(pattern.replace("{i}", str(i)) + "\n" for i in range(n)) + after
        return {"templates/a.html": text}

    make.__name__ = f"template_{name}"
    case("check", n=n)(make)


template("text", "word", 12000)
template("includes", '{% include "404.html" %}', 900)
template("expressions", '{{ t(key="nav.home") | upper }}', 900)
template("conditions", "{% if a is defined %}{{ a }}{% endif %}", 900)
template("comments", "{# comment #}", 1800)
template("raw_blocks", "{% raw %}{{ a }}{% endraw %}", 1200)
template("blocks", "{% block b{i} %}{% endblock %}", 900)
template("components", "{% component c{i}() %}{% endcomponent %}{{ <c{i} /> }}", 450)
template("braces", "{ {", 6000)
template("one_line", "{{ a }}{# b #}", 900, before="{# ", after=" #}")
template("unknown_includes", '{% include "nowhere.html" %}', 900)
template("unknown_includes_by_name", '{% include "nowhere{i}.html" %}', 900)
template("unknown_filters", "{{ 1 | nothing }}", 1200)
template("unknown_filters_by_name", "{{ 1 | nothing{i} }}", 900)
template("unknown_tests", "{% if 1 is nothing %}{% endif %}", 900)
template("unknown_tests_by_name", "{% if 1 is not nothing{i} %}{% endif %}", 900)
template("unknown_functions", "{{ nothing() }}", 1200)
template("unknown_functions_by_name", "{{ nothing{i}() }}", 900)
template("unknown_components", "{{ <nothing /> }}", 1200)
template("unknown_components_by_name", "{{ <nothing{i} /> }}", 1200)
template("unknown_blocks", "{% block b{i} %}{% endblock %}", 900, before='{% extends "base.html" %}')
template("syntax", '{{ t(key="nav.home") | upper }}', 900, after="{% if %}")
template("syntax_after_unknown_names", "{{ nothing() }}", 900, after="{% if %}")


def templates(name, pattern, n, last=""):
    """Registers a case of many templates; `{i}` is replaced by a counter, and `{j}` by the next one."""

    def make(n):
        text = lambda i: pattern.replace("{i}", str(i)).replace("{j}", str(i + 1)) if i < n - 1 else last
        return {f"templates/t{i}.html": text(i) for i in range(n)}

    make.__name__ = f"templates_{name}"
    case("check", n=n)(make)


templates("of_text", "Text {i}.", 240)
templates("with_unknown_names", "{{ nothing{i}() }}", 240)
templates("with_syntax_errors", "{% if %}", 240)
templates("that_include_one", '{% include "404.html" %}', 240)
templates("that_extend_one", '{% extends "base.html" %}{% block content %}{{ super() }}{% endblock %}', 240)
templates("in_a_chain", '{% include "t{j}.html" %}', 240)
templates("that_extend_in_a_chain", '{% extends "t{j}.html" %}', 240)


@case(n=200)
def overridden_strings(n):
    """Contacts may have any key."""
    return {"templates/strings/en.yaml": "contacts:\n" + "".join(f"  contact-{i}: Contact {i}\n" for i in range(n))}


@case(n=200)
def unknown_strings(n):
    return {"templates/strings/en.yaml": "".join(f"unknwon-{i}: text\n" for i in range(n))}


@case("build", "--draft", "--no-compress", n=450)
def build_template(n):
    includes = '{% include "lists/schedule.html" %}{{ t(key="nav.home") | upper }}\n' * n
    return {"templates/404.html": '{% extends "builtin/404.html" %}{% block content %}' + includes + "{% endblock %}"}


# --- Other commands ---------------------------------------------------------------------------------------------------


@case("build", "--draft", "--no-compress", n=240)
def build_documents(n):
    return {**known_documents(n), SECTION: "---\ntitle: A\nshow: controls\n---\n"}


@case("build", "--draft", "--no-compress", n=240)
def build_groups(n):
    return {
        "content/data/controls.yaml": items(n, "id: control-{i}", "title: Control {i}", "group: Group {i}"),
        SECTION: "---\ntitle: A\nshow: controls\n---\n",
    }


@case("build", "--draft", "--no-compress", n=240)
def build_replaces(n):
    first = "- id: first\n  name: First\n  purpose: Hosting\n  data_categories: [Account data]\n"
    return {"content/data/subprocessors.yaml": first + items(n, *SUBPROCESSOR, "replaces: first")}


@case("build", "--draft", "--no-compress", n=600)
def build_text(n):
    return {SECTION: section("## Heading\n\nText with a [link](subprocessors/) and `code`.\n\n" * n)}


@case("schedule", "--release", "2000-01-01", n=240)
def schedule(n):
    return released({"subprocessors": [subprocessor(i) for i in range(n)]})


def with_features(n):
    subprocessors = [subprocessor(i, condition={"when": "enabled", "feature": f"Feature {i}"}) for i in range(n)]
    return released({"subprocessors": subprocessors})


def schedule_of(name, feature, n):
    """Registers a case of a schedule whose option `--features` has n names; `{i}` is replaced by a counter."""

    def command(n):
        names = ",".join(feature.replace("{i}", str(i)) for i in range(n))
        return "schedule", "--release", "2000-01-01", "--features", names

    def make(n):
        return with_features(n)

    make.__name__ = f"schedule_of_{name}"
    case(command, n=n)(make)


schedule_of("features", "Feature {i}", 240)
schedule_of("one_feature", "Feature 0", 240)


def features_with_commas(n):
    feature = ",".join("a" * n)
    return released({"subprocessors": [subprocessor(0, condition={"when": "enabled", "feature": feature})]})


case(lambda n: ("schedule", "--release", "2000-01-01", "--features", ",".join("a" * 2 * n)), n=600)(features_with_commas)


# --- Histories --------------------------------------------------------------------------------------------------------


def subprocessor(i, **more):
    return {"id": f"sub-{i}", "name": f"Sub {i}", "purpose": f"Hosting {i}", "data_categories": ["Account data"], **more}


def disclosure(**lists):
    head = {"title": "Trust", "language": "en", "organization": {"name": "Acme"}}
    order = ["sections", "controls", "commitments", "subprocessors", "certifications", "documents", "faq"]
    return {**head, **{name: lists[name] for name in order if name in lists}}


def records(disclosures):
    """Returns release records, one per day, and their digests."""
    files, sums, previous = {}, "", None
    for at, stated in enumerate(disclosures):
        version = f"{2000 + at // 336}-{at // 28 % 12 + 1:02}-{at % 28 + 1:02}"
        record = {
            "schema": 1,
            "version": version,
            "published": version,
            "summary": f"Release {at}.",
            "previous": previous,
            "disclosure": stated,
        }
        text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
        digest = hashlib.sha256(text.encode()).hexdigest()
        files[f"content/releases/{version}.json"] = text
        sums += f"{digest}  {version}.json\n"
        previous = {"version": version, "sha256": digest}
    files["content/releases/SHA256SUMS"] = sums
    return files


def released(lists):
    return records([disclosure(**lists)])


def compared(old, new):
    return records([disclosure(**old), disclosure(**new)])


DIFF = ("diff", "2000-01-01", "2000-01-02")


@case(*DIFF, n=240)
def diff_of_added_items(n):
    return compared({}, {"subprocessors": [subprocessor(i) for i in range(n)]})


@case(*DIFF, n=240)
def diff_of_changed_items(n):
    return compared(
        {"subprocessors": [subprocessor(i) for i in range(n)]},
        {"subprocessors": [subprocessor(i, purpose=f"Other things {i}") for i in range(n)]},
    )


@case(*DIFF, n=240)
def diff_of_replaced_items(n):
    return compared(
        {"subprocessors": [subprocessor(i) for i in range(n)]},
        {"subprocessors": [subprocessor(n + i, replaces=f"sub-{i}") for i in range(n)]},
    )


@case(*DIFF, n=300)
def diff_of_reversed_items(n):
    controls = [{"id": f"c-{i}", "title": f"Control {i}"} for i in range(n)]
    return compared({"controls": controls}, {"controls": controls[::-1]})


def announcements(n, effective):
    entries = [{"id": f"e{i}", "announced": "2000-01-01", "effective": effective, "purpose": f"P {i}"} for i in range(n)]
    return {"subprocessors": [subprocessor(0, **({"upcoming": entries} if entries else {}))]}


@case(*DIFF, n=150)
def diff_of_announcements(n):
    return compared(announcements(0, "2001-01-01"), announcements(n, "2001-01-01"))


@case(*DIFF, n=150)
def diff_of_withdrawals(n):
    return compared(announcements(n, "2001-01-01"), announcements(0, "2001-01-01"))


@case(*DIFF, n=150)
def diff_of_moved_announcements(n):
    return compared(announcements(n, "2001-01-01"), announcements(n, "2001-02-01"))


@case(*DIFF, n=300)
def diff_of_entries(n):
    return compared(
        {"subprocessors": [subprocessor(0, data_categories=[f"Category {i}" for i in range(n)])]},
        {"subprocessors": [subprocessor(0, data_categories=[f"Other {i}" for i in range(n)])]},
    )


def texts(old, new):
    return compared(
        {"sections": [{"id": "a", "title": "A", "body": old}]}, {"sections": [{"id": "a", "title": "A", "body": new}]}
    )


@case(*DIFF, n=600)
def diff_of_other_words(n):
    return texts(" ".join(f"old{i}" for i in range(n)), " ".join(f"new{i}" for i in range(n)))


@case(*DIFF, n=600)
def diff_of_reversed_words(n):
    words = [f"word{i}" for i in range(n)]
    return texts(" ".join(words), " ".join(words[::-1]))


@case(*DIFF, n=600)
def diff_of_interleaved_words(n):
    return texts(" ".join(f"a{i} b" for i in range(n)), " ".join(f"b c{i}" for i in range(n)))


@case(*DIFF, n=600)
def diff_of_few_words(n):
    return texts(" ".join("ab"[i * i % 7 % 2] for i in range(n)), " ".join("ab"[i * 3 % 5 % 2] for i in range(n)))


@case(*DIFF, n=600)
def diff_of_lines(n):
    return texts("\n".join(f"old {i}" for i in range(n)), "\n".join(f"new {i}" for i in range(n)))


@case("verify", n=150)
def many_releases(n):
    return records([disclosure(subprocessors=[subprocessor(i) for i in range(at % 7, 10)]) for at in range(n)])


@case("verify", n=450)
def long_release(n):
    return released({"subprocessors": [subprocessor(i) for i in range(n)]})


@case(n=120)
def releases_that_come_and_go(n):
    return records([disclosure(subprocessors=[subprocessor(at)]) for at in range(n)])


@case(n=150)
def releases_with_restricted_files(n):
    def document(at):
        return {"id": f"d-{at}", "title": f"Document {at}", "access": "nda", "file": f"documents/d{at}.pdf"}

    return records([disclosure(documents=[document(at)]) for at in range(n)])


# --- Import -----------------------------------------------------------------------------------------------------------

FIELDS = ["Name", "Purpose", "Location", "Data"]


def markdown_table(rows):
    line = lambda cells: "| " + " | ".join(cells) + " |\n"
    return line(rows[0]) + line(["---"] * len(rows[0])) + "".join(map(line, rows[1:]))


def html_table(rows):
    return "<table>" + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in rows) + "</table>\n"


def csv_table(rows):
    return "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)


WRITERS = {"md": markdown_table, "html": html_table, "csv": csv_table}


def imported(name, rows, n):
    """Registers a case for each format that `import` reads."""
    for ending, write in WRITERS.items():

        def make(n, ending=ending, write=write):
            return {f"list.{ending}": write(rows(n))}

        make.__name__ = f"import_{name}_{ending}"
        case("import", f"list.{ending}", n=n)(make)


imported("long_table", lambda n: [FIELDS] + [[f"Vendor {i}", f"Hosting {i}", "Germany", "Account data"] for i in range(n)], 300)
imported("wide_table", lambda n: [FIELDS + [f"Column {i}" for i in range(n)]] + [["a"] * (n + 4)] * 30, 40)
imported("unknown_countries", lambda n: [FIELDS] + [[f"Vendor {i}", "Hosting", f"Germny {i}", "Data"] for i in range(n)], 180)
imported("same_names", lambda n: [FIELDS] + [["Vendor", "Hosting", "Germany", "Data"]] * n, 300)
imported("long_cell", lambda n: [FIELDS, ["Vendor", "word " * n, ", ".join(["Germany", "France"] * n), "; ".join(f"Data {i}" for i in range(n))]], 300)


@case("import", "list.html", n=120)
def import_tables(n):
    return {"list.html": html_table([FIELDS, ["A", "B", "Germany", "C"]]) * n}


# Refused, because it is not known which cells belong together.
@case("import", "list.html", n=30_000, refused=True)
def import_nested_tables(n):
    return {"list.html": "<table><tr><td>Name<td>Purpose<td>Data" * n}


@case("import", "list.md", n=120)
def import_markdown_tables(n):
    return {"list.md": (markdown_table([FIELDS, ["A", "B", "Germany", "C"]]) + "\n\n") * n}


@case("import", "list.html", n=12_000)
def import_nested_lists_in_a_cell(n):
    return {"list.html": "<table><tr><th>Name<th>Purpose<th>Data<tr><td>A<td>B<td>" + "<ul><li>" * n}


@case("import", "list.md", n=900)
def import_places_in_a_cell(n):
    return {"list.md": markdown_table([FIELDS, ["A", "B", "and of " * n, "C"]])}


def workbook(rows, merged=()):
    """Returns an XLSX workbook with one sheet."""
    cell = lambda row, column, text: f'<c r="{chr(65 + column)}{row}" t="inlineStr"><is><t>{text}</t></is></c>'
    line = lambda row, cells: f'<row r="{row}">' + "".join(cell(row, at, text) for at, text in enumerate(cells) if text) + "</row>"
    data = "".join(line(row, cells) for row, cells in enumerate(rows, 1))
    areas = "".join(f'<mergeCell ref="{area}"/>' for area in merged)
    parts = {
        "xl/workbook.xml": '<workbook><sheets><sheet name="A" id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{data}</sheetData><mergeCells>{areas}</mergeCells></worksheet>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return out.getvalue()


QUESTIONS = ["Number", "Question", "Answer", "Comments", "Domain"]


def question_rows(n, answer="Yes"):
    return [QUESTIONS] + [[f"A-{i}", f"Do you do thing {i}?", answer, answer and f"Text {i}", f"Domain {i // 9}"] for i in range(n)]


def questionnaire(n):
    """Returns a questionnaire with so many questions, and the controls that they name."""
    questions = "".join(
        f"  - {{id: a-{i}, number: A-{i}, question: 'Do you do thing {i}?', answer: yes, evidence: [c-{i}]}}\n" for i in range(n)
    )
    controls = "".join(f"- {{id: c-{i}, title: Control {i}}}\n" for i in range(n))
    return {"content/questionnaires/list.yaml": f"title: List\nquestions:\n{questions}", "content/data/controls.yaml": controls}


@case(n=500)
def questions(n):
    return questionnaire(n)


@case(n=500)
def questions_with_unknown_evidence(n):
    return {path: text for path, text in questionnaire(n).items() if "questionnaires" in path}


@case("import", "--questionnaire", "list.csv", n=500)
def import_questions_csv(n):
    return {"list.csv": csv_table(question_rows(n))}


@case("import", "--questionnaire", "list.xlsx", n=500)
def import_questions_xlsx(n):
    # Each domain is one merged cell.
    return {"list.xlsx": workbook(question_rows(n), [f"E{row}:E{min(row + 8, n + 1)}" for row in range(2, n + 2, 9)])}


@case("import", "--questionnaire", "list.csv", n=500)
def import_same_questions(n):
    return {"list.csv": csv_table([QUESTIONS] + [["1", "The same?", "Yes", "TBD", ""]] * n)}


@case("import", "--questionnaire", "list.xlsx", n=500)
def import_one_merged_question(n):
    return {"list.xlsx": workbook([QUESTIONS] + [["1", "One?", "Yes", f"Text {i}", ""] for i in range(n)], [f"B2:B{n + 1}"])}


@case("import", "--questionnaire", "list.csv", n=500)
def import_headings_without_questions(n):
    return {"list.csv": csv_table([QUESTIONS] + [["", "", "", "", f"Heading {i}"] for i in range(n)] + question_rows(1)[1:])}


@case("questionnaire", "list", "--draft", "--like", "list.csv", n=500)
def fill_questions_csv(n):
    return {**questionnaire(n), "list.csv": csv_table(question_rows(n, ""))}


@case("questionnaire", "list", "--draft", "--like", "list.xlsx", n=500)
def fill_questions_xlsx(n):
    return {**questionnaire(n), "list.xlsx": workbook(question_rows(n, ""))}


@case("verify", n=60_000)
def blank_lines_of_sums(n):
    return {"content/releases/SHA256SUMS": "\n" * n}


@case("verify", n=20_000)
def other_lines_of_sums(n):
    return {"content/releases/SHA256SUMS": "".join(f"{'0' * 64}  {i}.json\n" for i in range(n))}


# --- What YAML takes away, placeholders in fields, and sections that show the same ------------------------------------


@case(n=400)
def comments_in_values(n):
    return {"content/data/subprocessors.yaml": items(n, *SUBPROCESSOR, "legal_name: Acme #{i} GmbH")}


@case(n=400)
def anchors_and_tags_in_values(n):
    return {"content/data/subprocessors.yaml": items(n, *SUBPROCESSOR, "legal_name: &a{i} Acme", "duration: !b{i} c")}


@case(n=6000)
def comments_between_values(n):
    return {"content/data/subprocessors.yaml": items(1, *SUBPROCESSOR) + "# a & b ! c\n" * n}


@case(n=900)
def placeholders_in_a_field(n):
    return {"content/data/subprocessors.yaml": items(1, *SUBPROCESSOR, "duration: " + "TODO [Add a name] " * n)}


@case(n=200)
def sections_that_show_the_same(n):
    return {f"content/sections/{i:04}-a{i}.md": f"---\ntitle: A\nshow: controls\n---\n\nText {i}.\n" for i in range(n)}


@case(n=300)
def providers_with_similar_names(n):
    names = " ".join(f"Sub {i}." for i in range(n))
    return {"content/data/subprocessors.yaml": items(n, *SUBPROCESSOR), SECTION: section(names)}
