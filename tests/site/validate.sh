#!/usr/bin/env bash
# Checks machine-readable files with independent parsers and validators: those of the built site (dist/), and those of a
# fixture that uses every field and has enough releases for paged feeds.
#
#   bash tests/site/validate.sh            uses target/release/candor, or $CANDOR
set -Eeuo pipefail
trap 'printf "tests/site/validate.sh: line %s failed: %s\n" "$LINENO" "$BASH_COMMAND" >&2' ERR
shopt -s nullglob
cd "$(dirname "$0")/../.."
candor=${CANDOR:-$PWD/target/release/candor}
tools=$PWD/target/test-tools/site
sitemap=9.0.1 # this npm package contains the XSD of sitemaps.org

die() { printf 'tests/site/validate.sh: %s\n' "$*" >&2; exit 1; }
[ -x "$candor" ] || die "$candor is missing: run cargo build --release first"
[ -f dist/index.html ] || die "dist/ is missing: run candor build first"
command -v python3 >/dev/null || die "python3 is missing"
command -v npm >/dev/null || die "npm is missing"

mkdir -p "$tools"
if ! cmp -s tests/site/requirements.txt "$tools/installed.txt"; then
  echo "installing validators (pip, npm)"
  python3 -m venv --clear "$tools/venv"
  "$tools/venv/bin/pip" install --quiet --disable-pip-version-check -r tests/site/requirements.txt
  npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$tools" "sitemap@$sitemap"
  cp tests/site/requirements.txt "$tools/installed.txt"
fi
python=$tools/venv/bin/python

fixture=$(mktemp -d)
trap 'rm -rf "$fixture"' EXIT
echo "fixture: every field, 52 releases"
CANDOR=$candor "$python" tests/site/fixture.py "$fixture"
"$candor" --root "$fixture" build --quiet --no-compress

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
  echo "  frictionless: subprocessors.csv"
done
