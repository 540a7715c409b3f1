#!/usr/bin/env bash
# Runs all tests, on a fresh machine with Rust and Node: prints each step, installs the tools that it needs, and fails if
# something is missing. Nothing is skipped. Each profile is compiled once: `cargo test` compiles the test profile, and
# the parts that need the program share one release build.
#
#   bash tests/run.sh            everything
#   bash tests/run.sh rust       formatting, lints, docs, dependencies, cargo test
#   bash tests/run.sh features   lints without the default features
#   bash tests/run.sh site       build the real site and check it with independent validators
#   bash tests/run.sh browser    headless Chromium: every page in every mode, all features, printing, long content
#   bash tests/run.sh lighthouse Lighthouse on the published pages
#   bash tests/run.sh emulators  publish to emulated object storage, and serve a site with nginx
#   bash tests/run.sh mail       notices through a real SMTP server, and to a listener
#   bash tests/run.sh robust     growth, fault injection and hostile content (a quick sample; see docs/testing.md for full runs)
#   bash tests/run.sh ci         the CI recipes: linted, and their steps executed
#   bash tests/run.sh walk       the packaged crate, the quick start, and a redaction
set -Eeuo pipefail
trap 'printf "tests/run.sh: line %s failed: %s\n" "$LINENO" "$BASH_COMMAND" >&2' ERR
cd "$(dirname "$0")/.."
root=$PWD
tools=$root/target/test-tools
mkdir -p "$tools"
parts=${*:-rust features site browser lighthouse emulators mail robust ci walk}

say() { printf '\n== %s\n' "$*"; }
die() { printf 'tests/run.sh: %s\n' "$*" >&2; exit 1; }
need() { command -v "$1" >/dev/null || die "$1 is missing: $2"; }

# Installs a Debian package unless its program exists: apt_need PROGRAM PACKAGE...
apt_updated=
apt_need() {
  if command -v "$1" >/dev/null; then return; fi
  need apt-get "install the package $2 manually"
  say "installing $2 (apt)"
  if [ -z "$apt_updated" ]; then apt-get update -q >/dev/null; apt_updated=1; fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q "${@:2}" >/dev/null
}

# Installs the packages of tests/browser/package.json, once per version of the lock file.
npm_need() {
  need npm "install Node.js 20 or newer"
  local stamp=tests/browser/node_modules/.installed
  if ! cmp -s tests/browser/package-lock.json "$stamp" 2>/dev/null; then
    say "installing the browser tests' packages (npm)"
    (cd tests/browser && npm ci --no-audit --no-fund --loglevel=error)
    cp tests/browser/package-lock.json "$stamp"
  fi
}

# Compiles the program that most parts test, once per run.
released=
release_build() {
  if [ -n "$released" ]; then return; fi
  say "release build"
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
  say "licenses, sources and notices of dependencies"
  need python3 "install Python 3.11 or newer"
  python3 .ci/supply.py check
  say "cargo test"
  # libtest states times only with an unstable option, which the variable allows to the tests alone.
  local log=$tools/cargo-test.log
  cargo test --locked --lib --bins --tests --config 'target."cfg(all())".runner = ["env", "RUSTC_BOOTSTRAP=1"]' \
    -- -Z unstable-options --report-time | tee "$log" | grep --invert-match ' \.\.\. ok <'
  cargo test --locked --quiet --doc
  say "the slowest ten tests"
  sed -n 's/^test \(.*\) \.\.\. ok <\(.*\)s>$/\2 s  \1/p' "$log" | sort --general-numeric-sort --reverse >"$log.sorted"
  head -10 "$log.sorted"
}

part_features() {
  say "lints without default features, and with each feature alone"
  cargo clippy --locked --all-targets --quiet --no-default-features -- -D warnings
  for feature in fetch import mail publish serve; do
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
  apt_need pdftotext poppler-utils
  apt_need soffice libreoffice-writer-nogui libreoffice-calc-nogui
  say "machine-readable files"
  need python3 "install Python 3 with venv"
  bash tests/site/validate.sh
  say "every link of three sites, with independent crawlers"
  bash tests/site/links.sh
  say "schemas, with an independent validator"
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

part_mail() {
  need python3 "install Python 3 with venv"
  need openssl "install openssl"
  release_build
  say "notices through a real SMTP server, and to a listener"
  bash tests/mail/run.sh
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
  say "growth: instructions for inputs of size n and 2n"
  python3 tests/growth/run.py target/release/candor
  apt_need strace strace
  say "fault injection (every 29th system call; STRIDE=1 for all)"
  STRIDE=${STRIDE:-29} bash tests/fault/run.sh
  say "fault injection into build, release, redact and publish (every 61st system call, 10 kills each; STRIDE=1 KILLS=200 for all)"
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
  say "the quick start, from a fresh clone"
  bash tests/walk.sh
  say "a redaction, from publishing to verification"
  bash tests/redaction.sh target/release/candor
}

need cargo "install Rust from your distribution or with rustup"
times=
for part in $parts; do
  case $part in
    rust | features | site | browser | lighthouse | emulators | mail | robust | ci | walk)
      started=$SECONDS
      "part_$part"
      times+="  $part: $((SECONDS - started)) s"$'\n'
      ;;
    *) die "unknown part $part" ;;
  esac
done
say "all passed, in $SECONDS s"
printf '%s' "$times"
