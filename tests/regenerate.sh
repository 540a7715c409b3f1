#!/usr/bin/env bash
# Regenerates every generated file: schemas, tables and pages in docs/, test vectors, inline snapshots, license notices.
# `cargo test` and `.ci/supply.py check` fail when one is stale. Review the diff before you commit it.
set -Eeuo pipefail
trap 'printf "tests/regenerate.sh: line %s failed: %s\n" "$LINENO" "$BASH_COMMAND" >&2' ERR
cd "$(dirname "$0")/.."
# CANDOR_REGENERATE rewrites files that tests compare (tests/suite/support/generated.rs); SNAPSHOTS rewrites snapbox's
# `str![]` literals in test sources.
CANDOR_REGENERATE=1 SNAPSHOTS=overwrite cargo test --locked --test suite
python3 .ci/supply.py notices
git status --short
