#!/usr/bin/env bash
# Follows a new user: packages the crate from a fresh clone, and runs every command of docs/quick-start.md in order, in a
# separate folder, with the release build. The package is not compiled: tests/package.py checks that it contains
# everything that the release build read.
#
#   bash tests/walk.sh
set -Eeuo pipefail
# File descriptor 3 is the terminal, even while the output of a tested command is redirected.
exec 3>&2
trap 'printf "tests/walk.sh: line %s failed: %s\n" "$LINENO" "$BASH_COMMAND" >&3' ERR
cd "$(dirname "$0")/.."
root=$PWD
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
die() { printf 'tests/walk.sh: %s\n' "$*" >&3; exit 1; }
git_commit() { git -C "$1" -c user.name=walk -c user.email=walk@example.com commit --quiet --message "$2"; }

echo "release build"
cargo build --locked --release --quiet

commit=
if ! git rev-parse --quiet --verify HEAD > /dev/null; then
  echo "copying the files, because this is not a git repository"
  mkdir "$work/clone"
  tar -c --exclude=./target --exclude=./dist --exclude=node_modules . | tar -x -C "$work/clone"
elif [ -n "$(git status --porcelain)" ]; then
  echo "copying the files, because there are uncommitted changes"
  mkdir "$work/clone"
  git ls-files -z --cached --others --exclude-standard --deduplicate | tar -c --null --ignore-failed-read --files-from - | tar -x -C "$work/clone"
else
  echo "fresh clone"
  git clone --quiet "$root" "$work/clone"
  commit=$(git rev-parse --short=12 HEAD)
fi
if [ -z "$commit" ]; then
  git -C "$work/clone" init --quiet
  git -C "$work/clone" add --all
  git_commit "$work/clone" "Snapshot of the working tree"
fi

echo "package"
cd "$work/clone"
export CARGO_TARGET_DIR="$work/target"
cargo package --locked --no-verify --quiet
crates=("$CARGO_TARGET_DIR"/package/candor-*.crate)
mkdir "$work/package"
tar -xzf "${crates[0]}" --strip-components 1 -C "$work/package"
unset CARGO_TARGET_DIR
version=$(python3 "$root/tests/package.py" "$work/package")
packaged=$(git -C "$work/clone" rev-parse --short=12 HEAD)
echo "version in the package: $version"
[[ $version == *"($packaged)" ]] || die "the version of the package does not contain the commit $packaged"

mkdir "$work/bin"
ln -s "$root/target/release/candor" "$work/bin/candor"
export PATH="$work/bin:$PATH"
echo "version of the release build: $(candor --version)"
[ -z "$commit" ] || [[ $(candor --version) == *"($commit)" ]] || die "the version of the release build does not contain the commit $commit"

# The edits that the page asks the reader to make between two commands.
edit_content() {
  printf -- '- id: mail\n  name: Example Mail\n  purpose: Sends notices\n  data_categories: [E-mail addresses]\n' \
    > content/data/subprocessors.yaml
  sed -i 's|^# *base_url:.*|base_url: https://trust.example.com|' content/site.yaml
}

# Runs the preview until a page has been fetched.
preview() {
  candor serve --port 0 > "$work/preview" 2>&1 &
  server=$!
  local address=
  while [ -z "$address" ]; do
    kill -0 "$server" 2> /dev/null || { cat "$work/preview" >&3; die "the preview did not start"; }
    sleep 0.1
    address=$(grep -o 'http://127.0.0.1:[0-9]*' "$work/preview" | head -n 1 || true)
  done
  # Save the whole page first: a `grep -q` on a pipe exits early, and curl would fail with a broken pipe.
  curl --fail --silent --show-error --output "$work/page" "$address/" 2>&3 || die "the preview did not respond"
  grep -q 'Example Ltd.' "$work/page" || die "the preview does not show the page"
  kill "$server"
  wait "$server" 2> /dev/null || true
  server=
}

echo "quick start"
mkdir "$work/home"
cd "$work/home"
ran=0
while IFS= read -r command; do
  printf '$ %s\n' "$command"
  case $command in
    "cargo install --locked --path .") continue ;; # The release build is used instead.
    "candor serve") preview ;;
    "candor publish s3:"*) candor publish "file://$work/published" ;; # No cloud storage is available here.
    "candor diff") edit_content; candor diff ;;
    "cd "*) cd "${command#cd }" ;;
    "candor "*) eval "$command" ;;
    *) die "this script has no rule for this command" ;;
  esac > "$work/output" 2>&1 || { cat "$work/output" >&3; die "the quick start failed at: $command"; }
  ran=$((ran + 1))
done < <(sed -n '/^```console$/,/^```$/s/^\$ \([^#]*[^# ]\) *\(#.*\)\{0,1\}$/\1/p' "$root/docs/quick-start.md")
[ "$ran" -ge 10 ] || die "found only $ran commands"
grep -q 'Example Mail' dist/subprocessors/index.html || die "the page does not show the new content"
cmp -s dist/index.html "$work/published/index.html" || die "the published page differs from the built one"
[ "$(find content/releases -name '*.json' | wc -l)" -eq 1 ] || die "expected one release"
echo "$ran commands of the quick start passed"

echo "own brand, from the binary alone"
mkdir "$work/alone" "$work/alone/bin"
cp "$root/target/release/candor" "$work/alone/bin/candor"
script=$(sed -n '/^## With your own brand/,$p' "$root/docs/quick-start.md" | sed -n '/^```sh$/,/^```$/p' | grep -v '^```')
count=$(printf '%s\n' "$script" | wc -l)
[ "$count" -lt 15 ] || die "the brand takes $count commands"
grep -q "^These $count commands" "$root/docs/quick-start.md" || die "the page states another number than $count commands"
for tool in mkdir printf cat; do ln -s "$(command -v "$tool")" "$work/alone/bin/$tool" 2> /dev/null || true; done
# The only programs are candor and those of the shell: no Rust, no git, no clone.
(cd "$work/alone" && env -i PATH="$work/alone/bin" HOME="$work/alone" /bin/sh -ec "${script//\/tmp\/brand-site/$work\/alone\/site}") > "$work/output" 2>&1 \
  || { cat "$work/output" >&3; die "the brand failed"; }
for expected in imprint/index.html index.html; do
  [ -f "$work/alone/site/$expected" ] || die "the published site has no $expected"
done
for expected in 'brand\.' 'images/logo\.' 'images/logo-dark\.' 'imprint/' 'status.example.com'; do
  grep -q "$expected" "$work/alone/site/index.html" || die "the published page does not have $expected"
done
[ -f "$work/alone/brand/.github/workflows/trust-center.yml" ] || die "there is no CI recipe"
echo "$count commands of the own brand passed"
