#!/usr/bin/env bash
# The way of a new user: the crate as it is packaged from a fresh clone, and every command of docs/quick-start.md in its
# order, in a directory of its own, with the release build. Nothing is compiled twice: tests/package.py shows that the package
# has everything that the release build read.
#
#   bash tests/walk.sh
set -Eeuo pipefail
# To the terminal, wherever the output of the command goes that is being tried.
exec 3>&2
trap 'printf "tests/walk.sh: line %s failed: %s\n" "$LINENO" "$BASH_COMMAND" >&3' ERR
cd "$(dirname "$0")/.."
root=$PWD
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
die() { printf 'tests/walk.sh: %s\n' "$*" >&3; exit 1; }
git_commit() { git -C "$1" -c user.name=walk -c user.email=walk@example.com commit --quiet --message "$2"; }

echo "the release build"
cargo build --locked --release --quiet

commit=
if ! git rev-parse --quiet --verify HEAD > /dev/null; then
  echo "a copy of the files, because this is not a git repository"
  mkdir "$work/clone"
  tar -c --exclude=./target --exclude=./dist --exclude=node_modules . | tar -x -C "$work/clone"
elif [ -n "$(git status --porcelain)" ]; then
  echo "a copy of the files, because some are not committed"
  mkdir "$work/clone"
  git ls-files -z --cached --others --exclude-standard --deduplicate | tar -c --null --ignore-failed-read --files-from - | tar -x -C "$work/clone"
else
  echo "a fresh clone"
  git clone --quiet "$root" "$work/clone"
  commit=$(git rev-parse --short=12 HEAD)
fi
if [ -z "$commit" ]; then
  git -C "$work/clone" init --quiet
  git -C "$work/clone" add --all
  git_commit "$work/clone" "The files as they are"
fi

echo "its package"
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
[[ $version == *"($packaged)" ]] || die "the package does not name the commit $packaged"

mkdir "$work/bin"
ln -s "$root/target/release/candor" "$work/bin/candor"
export PATH="$work/bin:$PATH"
echo "version of the release build: $(candor --version)"
[ -z "$commit" ] || [[ $(candor --version) == *"($commit)" ]] || die "the release build does not name the commit $commit"

# What the page asks the reader to write between two commands.
edit_content() {
  printf -- '- id: mail\n  name: Example Mail\n  purpose: Sends notices\n  data_categories: [E-mail addresses]\n' \
    > content/data/subprocessors.yaml
  sed -i 's|^# *base_url:.*|base_url: https://trust.example.com|' content/site.yaml
}

# The preview, for as long as it takes to fetch a page.
preview() {
  candor serve --port 0 > "$work/preview" 2>&1 &
  server=$!
  local address=
  while [ -z "$address" ]; do
    kill -0 "$server" 2> /dev/null || { cat "$work/preview" >&3; die "the preview does not start"; }
    sleep 0.1
    address=$(grep -o 'http://127.0.0.1:[0-9]*' "$work/preview" | head -n 1 || true)
  done
  # The whole page before it is searched: a reader that has seen enough would break the pipe.
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
    "cargo install --locked --path .") continue ;; # The release build stands in for it.
    "candor serve") preview ;;
    "candor publish s3:"*) candor publish "file://$work/published" ;; # There is no cloud here.
    "candor diff") edit_content; candor diff ;;
    "cd "*) cd "${command#cd }" ;;
    "candor "*) eval "$command" ;;
    *) die "no rule for this command" ;;
  esac > "$work/output" 2>&1 || { cat "$work/output" >&3; die "the quick start does not work: $command"; }
  ran=$((ran + 1))
done < <(sed -n '/^```console$/,/^```$/s/^\$ \([^#]*[^# ]\) *\(#.*\)\{0,1\}$/\1/p' "$root/docs/quick-start.md")
[ "$ran" -ge 10 ] || die "only $ran commands were found"
grep -q 'Example Mail' dist/subprocessors/index.html || die "the page does not show what was written"
cmp -s dist/index.html "$work/published/index.html" || die "the published page is not the built one"
[ "$(find content/releases -name '*.json' | wc -l)" -eq 2 ] || die "there are not two releases"
echo "$ran commands of the quick start work"
