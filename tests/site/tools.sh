# Sourced by the scripts of this folder that check built sites with tools of others.

die() { printf 'tests/site/%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# install_tools NAME REQUIREMENTS PACKAGE: Python packages and one npm package in target/test-tools/NAME, once for each list of versions.
# Sets `candor`, `tools` and `python`.
install_tools() {
  candor=${CANDOR:-$PWD/target/release/candor}
  tools=$PWD/target/test-tools/$1
  [ -x "$candor" ] || die "$candor is missing: run cargo build --release first"
  [ -f dist/index.html ] || die "dist/ is missing: run candor build first"
  command -v python3 >/dev/null || die "python3 is missing"
  command -v npm >/dev/null || die "npm is missing"
  mkdir -p "$tools"
  local wanted
  wanted=$(cat "$2"; echo "$3")
  if [ "$wanted" != "$(cat "$tools/installed.txt" 2>/dev/null)" ]; then
    echo "installing tools of tests/site/${0##*/} (pip, npm)"
    python3 -m venv --clear "$tools/venv"
    "$tools/venv/bin/pip" install --quiet --disable-pip-version-check -r "$2"
    npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$tools" "$3"
    printf '%s\n' "$wanted" >"$tools/installed.txt"
  fi
  python=$tools/venv/bin/python
}
