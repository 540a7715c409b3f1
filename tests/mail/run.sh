#!/usr/bin/env bash
# Sends notices through a real SMTP server (aiosmtpd) with STARTTLS and authentication, and posts them to a listener, both on
# loopback. Installs the server in target/test-tools/.
#
# CANDOR names the program to test; by default the release build.
set -Eeuo pipefail
trap 'printf "tests/mail/run.sh: line %s failed: %s\n" "$LINENO" "$BASH_COMMAND" >&2' ERR
cd "$(dirname "$0")/../.."
tools=$PWD/target/test-tools
export PYTHONDONTWRITEBYTECODE=1
export CANDOR=${CANDOR:-$PWD/target/release/candor}

die() { printf 'tests/mail/run.sh: %s\n' "$*" >&2; exit 1; }
command -v python3 >/dev/null || die "python3 is missing: install Python 3 with venv"
command -v openssl >/dev/null || die "openssl is missing: install it manually"
[ -x "$CANDOR" ] || die "$CANDOR is missing: run cargo build --release first"
mkdir -p "$tools"

if ! cmp -s tests/mail/requirements.txt "$tools/mail/installed.txt"; then
  python3 -m venv "$tools/mail"
  "$tools/mail/bin/pip" install --quiet --disable-pip-version-check -r tests/mail/requirements.txt
  cp tests/mail/requirements.txt "$tools/mail/installed.txt"
fi
"$tools/mail/bin/python" tests/mail/notices.py
