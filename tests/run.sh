#!/usr/bin/env bash
# All tests, on a fresh machine with Rust and Node: prints what it does, installs what it needs, and fails
# loudly where something is missing. Nothing is skipped. Each profile is compiled once: `cargo test` compiles the
# test profile, and the parts that need the program share one release build.
#
#   bash tests/run.sh            everything
#   bash tests/run.sh rust       formatting, lints, docs, dependencies, cargo test
#   bash tests/run.sh features   lints without the default features
#   bash tests/run.sh site       build the real site and check it with outside validators
#   bash tests/run.sh browser    headless Chromium: every page in every mode, every feature, on paper, long content
#   bash tests/run.sh lighthouse Lighthouse on the pages as they are published
#   bash tests/run.sh emulators  publishing to emulated object storage, and a real web server
#   bash tests/run.sh robust     growth, fault injection and hostile content (the quick part; docs/testing.md has the whole)
#   bash tests/run.sh ci         the CI recipes: checked by outside linters, and their steps run
#   bash tests/run.sh walk       the crate as it is packaged, and the quick start
set -Eeuo pipefail
trap 'printf "tests/run.sh: line %s failed: %s\n" "$LINENO" "$BASH_COMMAND" >&2' ERR
cd "$(dirname "$0")/.."
root=$PWD
tools=$root/target/test-tools
mkdir -p "$tools"
parts=${*:-rust features site browser lighthouse emulators robust ci walk}

say() { printf '\n== %s\n' "$*"; }
die() { printf 'tests/run.sh: %s\n' "$*" >&2; exit 1; }
need() { command -v "$1" >/dev/null || die "$1 is missing: $2"; }

# Debian packages, by the program that each brings.
apt_updated=
apt_need() {
  if command -v "$1" >/dev/null; then return; fi
  need apt-get "install the package $2 by hand"
  say "installing $2 (apt)"
  if [ -z "$apt_updated" ]; then apt-get update -q >/dev/null; apt_updated=1; fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q "${@:2}" >/dev/null
}

# Packages of tests/browser/package.json, once per lock file.
npm_need() {
  need npm "install Node.js 20 or newer"
  local stamp=tests/browser/node_modules/.installed
  if ! cmp -s tests/browser/package-lock.json "$stamp" 2>/dev/null; then
    say "installing the browser tests' packages (npm)"
    (cd tests/browser && npm ci --no-audit --no-fund --loglevel=error)
    cp tests/browser/package-lock.json "$stamp"
  fi
}

# The program that most parts test, compiled once a run.
released=
release_build() {
  if [ -n "$released" ]; then return; fi
  say "the release build"
  cargo build --locked --release --quiet
  released=1
}

part_rust() {
  say "formatting"
  cargo fmt --check
  say "lints"
  cargo clippy --locked --all-targets --quiet -- -D warnings
  say "documentation"
  RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --quiet
  say "licenses, sources and notices of what the program is made of"
  need python3 "install Python 3.11 or newer"
  python3 .ci/supply.py check
  say "cargo test"
  cargo test --locked --quiet
}

part_features() {
  say "without default features, and with each alone"
  cargo clippy --locked --all-targets --quiet --no-default-features -- -D warnings
  for feature in fetch import publish serve; do
    cargo clippy --locked --quiet --no-default-features --features "$feature" -- -D warnings
  done
}

part_site() {
  release_build
  say "the real site"
  ./target/release/candor build
  npm_need
  apt_need java default-jre-headless
  bash tests/site.sh
  say "the files for programs"
  need python3 "install Python 3 with venv"
  bash tests/site/validate.sh
  say "schemas, by an independent validator"
  bash tests/schemas.sh target/release/candor
}

part_browser() {
  npm_need
  apt_need chromium chromium
  apt_need pdftotext poppler-utils
  release_build
  say "browser tests"
  (cd tests/browser && node --test --test-concurrency=2 ./*.test.mjs)
}

part_lighthouse() {
  npm_need
  apt_need chromium chromium
  release_build
  say "Lighthouse"
  node tests/browser/lighthouse.mjs
}

part_emulators() {
  need npm "install Node.js 20 or newer"
  need python3 "install Python 3"
  release_build
  say "publishing to emulated object storage"
  bash tests/emulators/run.sh
}

part_robust() {
  release_build
  need python3 "install Python 3"
  apt_need valgrind valgrind
  say "growth: instructions for inputs of one size and of twice the size"
  python3 tests/growth/run.py target/release/candor
  apt_need strace strace
  say "fault injection (every 29th place; STRIDE=1 for all)"
  STRIDE=${STRIDE:-29} bash tests/fault/run.sh
  say "fault injection into build, release and publish (every 61st request, 10 kills each; STRIDE=1 KILLS=200 for all)"
  STRIDE=${STRIDE:-61} KILLS=${KILLS:-10} python3 tests/fault/commands.py
  npm_need
  apt_need chromium chromium
  say "hostile content (every 40th attack; STRIDE=1 for all)"
  STRIDE=${STRIDE:-40} bash tests/hostile/run.sh
}

part_ci() {
  need npm "install Node.js 20 or newer"
  need python3 "install Python 3 with venv"
  release_build
  say "the CI recipes"
  bash tests/ci/run.sh target/release/candor
}

part_walk() {
  need git "install git"
  need curl "install curl"
  need python3 "install Python 3"
  release_build
  say "from a fresh clone through the quick start"
  bash tests/walk.sh
}

need cargo "install Rust from your distribution or with rustup"
times=
for part in $parts; do
  case $part in
    rust | features | site | browser | lighthouse | emulators | robust | ci | walk)
      started=$SECONDS
      "part_$part"
      times+="  $part: $((SECONDS - started)) s"$'\n'
      ;;
    *) die "there is no part $part" ;;
  esac
done
say "all passed, in $SECONDS s"
printf '%s' "$times"
