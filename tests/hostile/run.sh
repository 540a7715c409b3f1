#!/usr/bin/env bash
# Hostile content: puts the attacks of the corpus into every field of every file, into URLs, into form fields of the pages,
# and into a preview, and checks the result in headless Chromium.
#
#   bash tests/hostile/run.sh             every attack (about ten minutes)
#   STRIDE=40 bash tests/hostile/run.sh   every 40th, in the tests that open pages for each attack: a quick sample
#
# Requires Node, Chromium, the packages of tests/browser (npm ci) and target/release/candor.
set -Eeuo pipefail
trap 'printf "tests/hostile/run.sh: line %s failed: %s\n" "$LINENO" "$BASH_COMMAND" >&2' ERR
cd "$(dirname "$0")"
node --test --test-concurrency=2 ./*.test.mjs
