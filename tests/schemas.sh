#!/usr/bin/env bash
# Checks the committed schemas with an independent validator: that they are valid schemas, accept valid fixtures and
# reject invalid ones. The suite checks the same fixtures with the loader.
#
#   bash tests/schemas.sh CANDOR     the program whose outputs are checked, too
set -Eeuo pipefail
trap 'printf "tests/schemas.sh: line %s failed: %s\n" "$LINENO" "$BASH_COMMAND" >&2' ERR
cd "$(dirname "$0")/.."
candor=$(realpath "${1:-target/release/candor}")
venv=target/test-tools/check-jsonschema
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The same version as in tests/site/validate.sh.
if [ ! -x "$venv/bin/check-jsonschema" ]; then
  echo "installing check-jsonschema (pip)"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "$(grep '^check-jsonschema==' tests/site/requirements.txt)"
fi
validate() { "$venv/bin/check-jsonschema" --quiet "$@"; }
die() { printf 'tests/schemas.sh: %s\n' "$*" >&2; exit 1; }

echo "the schemas are valid"
validate --check-metaschema schemas/*/*.json

echo "valid fixtures are accepted"
for schema in schemas/content/*.json; do
  name=$(basename "$schema" .json)
  validate --schemafile "$schema" tests/schemas/valid/"$name"--*.yaml
done

echo "invalid fixtures are rejected"
for schema in schemas/content/*.json; do
  name=$(basename "$schema" .json)
  fixtures=(tests/schemas/invalid/"$name"--*.yaml)
  report=$work/$name.json
  if "$venv/bin/check-jsonschema" --schemafile "$schema" -o json "${fixtures[@]}" >"$report"; then die "${fixtures[*]}: accepted"; fi
  # Each fixture must be rejected by the schema, not because of a syntax error.
  python3 - "$report" "${fixtures[@]}" <<'PYTHON'
import json, sys
report, fixtures = json.load(open(sys.argv[1])), sys.argv[2:]
if report["parse_errors"]:
    sys.exit(f"tests/schemas.sh: syntax errors: {report['parse_errors']}")
accepted = set(fixtures) - {error["filename"] for error in report["errors"]}
if accepted:
    sys.exit(f"tests/schemas.sh: accepted: {sorted(accepted)}")
PYTHON
done

echo "the content of this repository and of a new project with all examples is accepted"
"$candor" --root "$work" --as-of 2026-05-22 --quiet init new --full --name 'Example' >/dev/null
"$candor" --root "$work/new" --as-of 2026-05-22 --quiet release -m 'First release' >/dev/null
for content in content "$work/new/content"; do
  validate --schemafile schemas/content/site.json "$content/site.yaml"
  for list in "$content"/data/*.yaml; do
    validate --schemafile "schemas/content/$(basename "$list" .yaml).json" "$list"
  done
  for list in "$content"/questionnaires/*.yaml; do
    [ ! -e "$list" ] || validate --schemafile schemas/content/questionnaires.json "$list"
  done
  for section in "$content"/sections/*.md; do
    front=$work/$(basename "$section" .md).yaml
    sed -n '2,/^---$/{/^---$/!p}' "$section" >"$front"
    validate --schemafile schemas/content/section.json "$front"
  done
  for update in "$content"/updates/*.md; do
    [ -e "$update" ] || continue
    front=$work/$(basename "$update" .md).yaml
    sed -n '2,/^---$/{/^---$/!p}' "$update" >"$front"
    validate --schemafile schemas/content/updates.json "$front"
  done
  validate --schemafile schemas/output/release.json "$content"/releases/*.json
done

echo "files of a site are accepted"
"$candor" --root "$work/new" --as-of 2026-05-22 --quiet build >/dev/null
validate --schemafile schemas/output/releases.json "$work/new/dist/releases/index.json"
validate --schemafile schemas/output/subprocessors.json "$work/new/dist/subprocessors.json"
validate --schemafile schemas/output/feed.json "$work/new/dist/feed.json"
validate --schemafile schemas/output/upcoming.json "$work/new/dist/upcoming.json"
validate --schemafile schemas/output/trust.json "$work/new/dist/trust.json"
validate --schemafile schemas/output/questionnaire.json "$work"/new/dist/questionnaires/*.json

echo "JSON output of the commands is accepted"
"$candor" --root "$work/new" --as-of 2026-05-22 check --format json >"$work/report.json"
validate --schemafile schemas/output/report.json "$work/report.json"
sed -i 's/^title: .*/title: Another title/' "$work/new/content/site.yaml"
"$candor" --root "$work/new" --as-of 2026-05-22 diff --format json >"$work/changes.json"
validate --schemafile schemas/output/changes.json "$work/changes.json"
"$candor" --root "$work/new" --as-of 2026-05-22 verify --format json >"$work/verify.json"
validate --schemafile schemas/output/verify.json "$work/verify.json"
"$candor" explain --format json >"$work/explanations.json"
validate --schemafile schemas/output/explanations.json "$work/explanations.json"
"$candor" --root "$work/new" --as-of 2026-05-22 questionnaire example-questions --format json >"$work/answers.json"
validate --schemafile schemas/output/answers.json "$work/answers.json"
"$candor" --root "$work/new" --as-of 2026-05-22 release -m 'Another title' --format json >"$work/released.json"
validate --schemafile schemas/output/released.json "$work/released.json"

echo "withheld values are accepted"
"$candor" --root "$work/new" --as-of 2026-05-22 --quiet redact 2026-05-22 /summary --reason 'Personal data'
validate --schemafile schemas/output/redactions.json "$work/new/content/releases/redactions.json"
"$candor" --root "$work/new" --as-of 2026-05-22 --quiet release -m 'Withheld a summary'
validate --schemafile schemas/output/release.json "$work"/new/content/releases/2*.json
"$candor" --root "$work/new" --as-of 2026-05-22 --quiet build
validate --schemafile schemas/output/releases.json "$work/new/dist/releases/index.json"
"$candor" --root "$work/new" --as-of 2026-05-22 verify --format json >"$work/verify.json"
validate --schemafile schemas/output/verify.json "$work/verify.json"
# Each value of a record, except ids and lists of items.
python3 - "$work/new/content/releases/2026-05-22.2.json" "$work" <<'PYTHON'
import copy, json, sys
record, count = json.load(open(sys.argv[1])), 0

def withhold(value, path):
    """Writes a copy of the record for each value below this one."""
    global count
    for key in list(value.keys()) if isinstance(value, dict) else range(len(value)):
        if key == "id":
            continue
        below, is_item = value[key], isinstance(value[key], dict) and "id" in value[key]
        is_list = isinstance(below, list) and below and isinstance(below[0], dict) and "id" in below[0]
        if not is_item and not is_list:
            edited = copy.deepcopy(record)
            at = edited
            for step in path:
                at = at[step]
            at[key] = {"redacted": True}
            json.dump(edited, open(f"{sys.argv[2]}/withheld-{count}.json", "w"))
            count += 1
        if isinstance(below, (dict, list)):
            withhold(below, [*path, key])

withhold(record["disclosure"], ["disclosure"])
if count < 100:
    sys.exit(f"tests/schemas.sh: only {count} values")
record["version"] = {"redacted": True}
json.dump(record, open(f"{sys.argv[2]}/head.json", "w"))
PYTHON
validate --schemafile schemas/output/release.json "$work"/withheld-*.json
if validate --schemafile schemas/output/release.json "$work/head.json" >/dev/null; then die "a withheld version is accepted"; fi
