#!/usr/bin/env bash
# Tests hostile content in headless Chromium: the corpus in every field of every file, in URLs, in fields for readers, and
# in the preview.
#
#   bash tests/hostile/run.sh             every attack (about ten minutes)
#   STRIDE=40 bash tests/hostile/run.sh   every 40th attack in the tests that load pages for each attack
#
# Needs Node, Chromium, the packages of tests/browser (npm ci) and target/release/candor.
set -Eeuo pipefail
trap 'printf "tests/hostile/run.sh: line %s failed: %s\n" "$LINENO" "$BASH_COMMAND" >&2' ERR
cd "$(dirname "$0")"
node --test --test-concurrency=2 ./*.test.mjs
