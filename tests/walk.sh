#!/usr/bin/env bash
# A newcomer's way: the crate as it would be packaged from the last commit, installed from that package, and then every
# command of docs/quick-start.md in its order, in a folder of its own.
#
#   bash tests/walk.sh
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
# To the terminal, wherever the output of the command goes that is being tried.
exec 3>&2
die() { printf 'tests/walk.sh: %s\n' "$*" >&3; exit 1; }

# Dependencies are compiled already; the crate itself, at a new path, is not.
export CARGO_TARGET_DIR="$root/target"

echo "a fresh clone, packaged"
if git rev-parse --quiet --verify HEAD > /dev/null; then
  git clone --quiet "$root" "$work/clone"
else
  echo "(not a git checkout: the files as they lie here)"
  mkdir "$work/clone"
  tar -c --exclude=./target --exclude=./dist --exclude=node_modules . | tar -x -C "$work/clone"
  git -C "$work/clone" init --quiet
  git -C "$work/clone" add --all
  git -C "$work/clone" -c user.name=walk -c user.email=walk@example.com commit --quiet --message "As it lies here"
fi
cd "$work/clone"
cargo package --locked --no-verify --quiet
package=$(cargo metadata --no-deps --format-version 1 | sed 's/.*"version":"\([^"]*\)".*/candor-\1/')
mkdir "$work/package"
tar -xzf "$CARGO_TARGET_DIR/package/$package.crate" -C "$work/package"
cd "$work/package/$package"
for file in templates/base.html static/css/candor.css LICENSE-MIT LICENSE-APACHE README.md; do
  [ -f "$file" ] || die "the package lacks $file"
done
for left in tests .ci docs/images; do
  [ ! -e "$left" ] || die "the package holds $left"
done

echo "installed from the package"
cargo install --locked --path . --root "$work/installed" --quiet
export PATH="$work/installed/bin:$PATH"
size=$(stat -c %s "$work/installed/bin/candor")
echo "candor $(candor --version | cut -d' ' -f2-), $size bytes"
[ "$size" -lt 15000000 ] || die "the program is larger than 15 MB"
candor --version | grep -q "$(git -C "$work/clone" rev-parse --short=7 HEAD)" || die "--version does not name the commit"

# What stands between the commands of the page: the reader writes.
say_something_true() {
  printf -- '- id: mail\n  name: Example Mail\n  purpose: Sends notices\n  data_categories: [E-mail addresses]\n' \
    > content/data/subprocessors.yaml
  sed -i 's|^# *base_url:.*|base_url: https://trust.example.com|' content/site.yaml
}

# The preview, for as long as it takes to fetch a page.
preview() {
  candor serve --port 0 > "$work/preview" 2>&1 &
  server=$!
  local address=
  for _ in $(seq 600); do
    address=$(grep -o 'http://127.0.0.1:[0-9]*' "$work/preview" | head -n 1 || true)
    [ -z "$address" ] || break
    sleep 0.1
  done
  [ -n "$address" ] || { cat "$work/preview" >&3; die "the preview does not start"; }
  # All of the page before it is looked at: a reader that has seen enough would break the pipe.
  curl --fail --silent --show-error --output "$work/page" "$address/" 2>&3 || die "the preview does not answer"
  grep -q 'Example Ltd.' "$work/page" || die "the preview does not show the page"
  kill "$server"
  wait "$server" 2> /dev/null || true
  server=
}

echo "the quick start"
mkdir "$work/home"
cd "$work/home"
ran=0
while IFS= read -r command; do
  printf '$ %s\n' "$command"
  case $command in
    "cargo install "*) continue ;; # done above, from the package
    "candor serve") preview ;;
    "candor publish s3:"*) candor publish "file://$work/published" ;; # no cloud to be had here
    "candor diff") say_something_true; candor diff ;;
    "cd "*) cd "${command#cd }" ;;
    "candor "*) eval "$command" ;;
    *) die "nobody told how to run this" ;;
  esac > "$work/output" 2>&1 || { cat "$work/output" >&2; die "the quick start does not work"; }
  ran=$((ran + 1))
done < <(sed -n '/^```console$/,/^```$/s/^\$ \([^#]*[^# ]\) *\(#.*\)\{0,1\}$/\1/p' "$root/docs/quick-start.md")
[ "$ran" -ge 10 ] || die "only $ran commands were found"
grep -q 'Example Mail' dist/subprocessors/index.html || die "what was written is not on the page"
cmp -s dist/index.html "$work/published/index.html" || die "what was published is not what was built"
[ "$(find content/releases -name '*.json' | wc -l)" -eq 2 ] || die "there are not two releases"
