#!/usr/bin/env bash
# Publishes to Azurite (Azure Blob Storage) and moto (S3), both on loopback, through a proxy that fails on demand; then
# serves a built site with nginx. Installs the required tools in target/test-tools/.
#
#   bash tests/emulators/run.sh             everything
#   bash tests/emulators/run.sh publish     only object storage
#   bash tests/emulators/run.sh server      only the web server, and the function for CloudFront
#
# CANDOR names the program to test; by default the release build.
set -Eeuo pipefail
trap 'printf "tests/emulators/run.sh: line %s failed: %s\n" "$LINENO" "$BASH_COMMAND" >&2' ERR
cd "$(dirname "$0")/../.."
tools=$PWD/target/test-tools
export PYTHONDONTWRITEBYTECODE=1
export CANDOR=${CANDOR:-$PWD/target/release/candor}
parts=${*:-publish server}

say() { printf '\n== %s\n' "$*"; }
die() { printf 'tests/emulators/run.sh: %s\n' "$*" >&2; exit 1; }
command -v python3 >/dev/null || die "python3 is missing"
[ -x "$CANDOR" ] || die "$CANDOR is missing: run cargo build --release first"
mkdir -p "$tools"

part_publish() {
  command -v npm >/dev/null || die "npm is missing: install Node.js 20 or newer"
  if [ ! -x "$tools/azurite/node_modules/.bin/azurite-blob" ]; then
    say "installing Azurite (npm)"
    mkdir -p "$tools/azurite"
    npm install --prefix "$tools/azurite" --no-audit --no-fund --silent azurite@3.35.0
  fi
  if ! cmp -s tests/emulators/requirements.txt "$tools/emulators/installed.txt"; then
    say "installing moto and the stores' clients (pip)"
    python3 -m venv "$tools/emulators"
    "$tools/emulators/bin/pip" install --quiet --disable-pip-version-check -r tests/emulators/requirements.txt
    cp tests/emulators/requirements.txt "$tools/emulators/installed.txt"
  fi
  say "publishing to Azurite and moto"
  AZURITE=$tools/azurite/node_modules/.bin/azurite-blob "$tools/emulators/bin/python" tests/emulators/publish.py
}

part_server() {
  if ! command -v nginx >/dev/null || [ ! -e /usr/lib/nginx/modules/ngx_http_brotli_static_module.so ]; then
    command -v apt-get >/dev/null || die "nginx with its static Brotli module is missing: install them manually"
    say "installing nginx and its static Brotli module (apt)"
    apt-get update -q >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q nginx-light libnginx-mod-http-brotli-static >/dev/null
  fi
  say "serving a built site with nginx"
  python3 tests/emulators/nginx.py
  command -v node >/dev/null || die "node is missing: install Node.js 20 or newer"
  say "the function for CloudFront"
  node tests/emulators/cloudfront.mjs
}

for part in $parts; do
  case $part in
    publish | server) "part_$part" ;;
    *) die "unknown part $part" ;;
  esac
done
