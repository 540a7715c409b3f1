#!/usr/bin/env bash
# Regenerates every generated file: minified scripts, schemas, tables and pages in docs/, test vectors, inline snapshots,
# license notices, screenshots.
# `cargo test` and `.ci/supply.py check` fail when one is stale. Review the diff before you commit it.
set -Eeuo pipefail
trap 'printf "tests/regenerate.sh: line %s failed: %s\n" "$LINENO" "$BASH_COMMAND" >&2' ERR
cd "$(dirname "$0")/.."
if [ -d tests/browser/node_modules ]; then
  node tests/browser/minify.mjs
else
  echo "src/build/scripts is unchanged: run 'bash tests/run.sh browser' first" >&2
fi
# CANDOR_REGENERATE rewrites files that tests compare (tests/suite/support/generated.rs); SNAPSHOTS rewrites snapbox's
# `str![]` literals in test sources.
CANDOR_REGENERATE=1 SNAPSHOTS=overwrite cargo test --locked --test suite
python3 .ci/supply.py notices
# The screenshots need Chromium and the packages that `bash tests/run.sh browser` installs.
if [ -d tests/browser/node_modules ]; then
  cargo build --locked --release --quiet
  node tests/browser/picture.mjs
else
  echo "docs/images is unchanged: run 'bash tests/run.sh browser' first" >&2
fi
git status --short
