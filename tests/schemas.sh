#!/usr/bin/env bash
# Holds the committed schemas against an independent validator: they are valid schemas, accept what is valid, and
# refuse what is not. The suite holds the same fixtures against the loader.
#
#   bash tests/schemas.sh CANDOR     the program, to make the outputs that are checked too
set -euo pipefail
cd "$(dirname "$0")/.."
candor=$(realpath "${1:-target/release/candor}")
venv=target/test-tools/check-jsonschema
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# tests/site/validate.sh uses the same, and the same version.
if [ ! -x "$venv/bin/check-jsonschema" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "$(grep '^check-jsonschema==' tests/site/requirements.txt)"
fi
validate() { "$venv/bin/check-jsonschema" --quiet "$@"; }
die() { printf 'tests/schemas.sh: %s\n' "$*" >&2; exit 1; }

validate --check-metaschema schemas/*/*.json

# Valid fixtures, all of one format in one run.
for schema in schemas/content/*.json; do
  name=$(basename "$schema" .json)
  validate --schemafile "$schema" tests/schemas/valid/"$name"--*.yaml
done

# Invalid fixtures, each on its own: every one must be refused, for what it says and not because it cannot be read.
for fixture in tests/schemas/invalid/*.yaml; do
  name=$(basename "$fixture")
  if out=$("$venv/bin/check-jsonschema" --schemafile "schemas/content/${name%%--*}.json" -o json "$fixture"); then
    die "$fixture was accepted"
  fi
  grep -q '"parse_errors": \[\]' <<<"$out" || die "$fixture could not be read: $out"
done

# The project's own content, and a new project's with every example.
"$candor" --root "$work" --as-of 2026-05-22 --quiet init new --full --name 'Example' >/dev/null
for content in content "$work/new/content"; do
  validate --schemafile schemas/content/site.json "$content/site.yaml"
  for list in "$content"/data/*.yaml; do
    validate --schemafile "schemas/content/$(basename "$list" .yaml).json" "$list"
  done
  for section in "$content"/sections/*.md; do
    front=$work/$(basename "$section" .md).yaml
    sed -n '2,/^---$/{/^---$/!p}' "$section" >"$front"
    validate --schemafile schemas/content/section.json "$front"
  done
  validate --schemafile schemas/output/release.json "$content"/releases/*.json
done

# What a site publishes.
"$candor" --root "$work/new" --as-of 2026-05-22 --quiet build >/dev/null
validate --schemafile schemas/output/releases.json "$work/new/dist/releases/index.json"
validate --schemafile schemas/output/subprocessors.json "$work/new/dist/subprocessors.json"
validate --schemafile schemas/output/feed.json "$work/new/dist/feed.json"

# What candor prints.
"$candor" --root "$work/new" --as-of 2026-05-22 --format json check >"$work/findings.json"
validate --schemafile schemas/output/findings.json "$work/findings.json"
sed -i 's/^title: .*/title: Another title/' "$work/new/content/site.yaml"
"$candor" --root "$work/new" --as-of 2026-05-22 --format json diff >"$work/changes.json"
validate --schemafile schemas/output/changes.json "$work/changes.json"

# The recipes of `candor init --ci`, by the schemas that their systems publish. Azure's holds a pattern that is none of
# ECMA-262's.
validate --builtin-schema vendor.github-workflows src/init/ci/github.yml
validate --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci src/init/ci/gitlab-ci.yml
validate --builtin-schema vendor.azure-pipelines --data-transform azure-pipelines --regex-variant python \
  src/init/ci/azure-pipelines.yml
printf 'schemas: all accepted what is valid and refused what is not\n'
