#!/usr/bin/env bash
# Hostile content: the corpus through every field of every file, in addresses, in what readers type, and in a preview,
# looked at in headless Chromium.
#
#   bash tests/hostile/run.sh             every attack (some ten minutes)
#   STRIDE=40 bash tests/hostile/run.sh   every 40th where each takes pages of its own: the quick part
#
# Needs Node, Chromium, the packages of tests/browser (npm ci) and target/release/candor.
set -Eeuo pipefail
trap 'printf "tests/hostile/run.sh: line %s failed: %s\n" "$LINENO" "$BASH_COMMAND" >&2' ERR
cd "$(dirname "$0")"
node --test --test-concurrency=2 ./*.test.mjs
