#!/usr/bin/env bash
# Checks the built site (dist/) and those of the generated organizations with independent validators: the Nu HTML checker and
# html-validate. tests/run.sh installs both before it calls this script.
set -Eeuo pipefail
trap 'printf "tests/site.sh: line %s failed: %s\n" "$LINENO" "$BASH_COMMAND" >&2' ERR
cd "$(dirname "$0")/.."
modules=tests/browser/node_modules
[ -f dist/index.html ] || { echo "tests/site.sh: dist/ is missing: run candor build first" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
node tests/browser/sites.mjs "$work"

for site in dist "$work"/*; do
  pages=$(find "$site" -name '*.html' | sort)
  count=$(printf '%s\n' "$pages" | wc -l)
  echo "Nu HTML checker: $count pages of ${site##*/}"
  # shellcheck disable=SC2086
  java -jar "$modules/vnu-jar/build/dist/vnu.jar" --errors-only --also-check-css $pages "$site"/assets/css/*.css
  echo "html-validate: $count pages of ${site##*/}"
  # shellcheck disable=SC2086
  "$modules/.bin/html-validate" --config tests/browser/.htmlvalidate.json $pages
done
