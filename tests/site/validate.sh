#!/usr/bin/env bash
# Checks machine-readable files with independent parsers and validators: those of the built site (dist/), and those of a
# fixture that uses every field and has enough releases for paged feeds.
#
#   bash tests/site/validate.sh            uses target/release/candor, or $CANDOR
set -Eeuo pipefail
trap 'printf "tests/site/validate.sh: line %s failed: %s\n" "$LINENO" "$BASH_COMMAND" >&2' ERR
shopt -s nullglob
cd "$(dirname "$0")/../.."
. tests/site/tools.sh
# The npm package contains the XSD of sitemaps.org.
install_tools site tests/site/requirements.txt sitemap@9.0.1

fixture=$(mktemp -d)
trap 'rm -rf "$fixture"' EXIT
echo "fixture: every field, 52 releases"
CANDOR=$candor "$python" tests/site/fixture.py "$fixture"
"$candor" --root "$fixture" build --quiet --no-compress

echo "fixture: announced changes, their notice and calendars"
"$python" tests/site/notices.py "$candor"

echo "the annex and the list as Excel workbooks and Word documents"
"$python" tests/site/annex.py "$candor"

for site in dist "$fixture/dist"; do
  "$python" tests/site/validate.py "$site" "$tools/node_modules/sitemap/schema/sitemap.xsd"
  conforms() { # SCHEMA FILE...
    "$tools/venv/bin/check-jsonschema" --quiet --schemafile "$site/schema/$1.json" "${@:2}"
    echo "  check-jsonschema: $(($# - 1)) files against schema/$1.json"
  }
  conforms subprocessors "$site/subprocessors.json"
  conforms releases "$site/releases/index.json"
  conforms release "$site"/releases/2*.json
  conforms feed "$site/feed.json" "$site"/feed/*.json
  "$tools/venv/bin/check-jsonschema" --quiet --check-metaschema "$site"/schema/*.json
  echo "  check-jsonschema: the schemas themselves"
  "$tools/venv/bin/frictionless" validate --trusted "$site/subprocessors.csv" >"$tools/frictionless.log" ||
    { cat "$tools/frictionless.log" >&2; die "frictionless rejects $site/subprocessors.csv"; }
  "$tools/venv/bin/frictionless" validate --trusted "$site/subprocessors-table.csv" >"$tools/frictionless.log" ||
    { cat "$tools/frictionless.log" >&2; die "frictionless rejects $site/subprocessors-table.csv"; }
  echo "  frictionless: subprocessors.csv, subprocessors-table.csv"
done
