#!/usr/bin/env bash
# Follows every internal link of built sites with two crawlers that candor does not use, and every link of their feeds, Markdown
# copies and JSON files with independent parsers. Links to other sites are not followed. The sites:
#
# - the repository's own site (dist/)
# - a new project with every list
# - a site of twelve releases in which documents, images, sections and subprocessors come and go, under a base path
#
#   bash tests/site/links.sh            uses target/release/candor, or $CANDOR
set -Eeuo pipefail
trap 'printf "tests/site/links.sh: line %s failed: %s\n" "$LINENO" "$BASH_COMMAND" >&2' ERR
cd "$(dirname "$0")/../.."
. tests/site/tools.sh
# The last version of linkinator for Node.js 20.
install_tools links tests/site/links-requirements.txt linkinator@7.6.1

work=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server"; fi; rm -rf "$work"' EXIT

# Each site is served below a host of its own, at the path of its address.
mkdir -p "$work/own" "$work/full" "$work/long/center"
cp -r dist/. "$work/own"
"$candor" init --quiet --full --name Example "$work/project-full" >/dev/null
"$candor" --root "$work/project-full" --quiet release --message "First release" >/dev/null
"$candor" --root "$work/project-full" build --quiet --no-compress --out "$work/full"
"$python" tests/site/links_fixture.py "$candor" "$work/project-long"
"$candor" --root "$work/project-long" build --quiet --no-compress --out "$work/project-long/dist"
cp -r "$work/project-long/dist/." "$work/long/center"

# crawl NAME PATH: the site at this path of the folder NAME.
crawl() {
  local root=$work/$1 site=$work/$1/$2
  "$python" -u -m http.server --bind 127.0.0.1 --directory "$root" 0 >"$work/$1.log" 2>/dev/null &
  server=$!
  until grep -qs 'port [0-9]* ' "$work/$1.log"; do
    kill -0 "$server" || die "the server of $1 does not start"
    sleep 0.05
  done
  local host
  host=http://127.0.0.1:$(sed -n 's/.*port \([0-9]*\).*/\1/p' "$work/$1.log")
  # All pages are start points, because no other page links to 404.html.
  local pages=()
  while IFS= read -r page; do pages+=("$host/$2${page#./}"); done < <(cd "$site" && find . -name '*.html' | sort)
  "$tools/node_modules/.bin/linkinator" "${pages[@]}" --check-fragments --check-css --concurrency 8 --verbosity error \
    --skip "^(?!$host/$2)" >"$work/linkinator.log" 2>&1 || { cat "$work/linkinator.log"; die "linkinator found broken links in $1"; }
  local scanned
  scanned=$(sed -n 's/.*scanned \([0-9]*\) links.*/\1/p' "$work/linkinator.log")
  ((${scanned:-0} > ${#pages[@]})) || die "linkinator followed only ${scanned:-0} links of $1"
  echo "  linkinator: $scanned links of ${#pages[@]} pages of $1"
  kill "$server"
  wait "$server" 2>/dev/null || true
  server=
  find "$site" \( -name '*.html' -o -name 'index.md' -o -name 'llms.txt' -o -name '*.css' \) -print0 |
    xargs -0 "$tools/venv/bin/lychee" --offline --include-fragments=anchor-only --index-files index.html --root-dir "$root" \
      --no-progress --quiet || die "lychee found broken links in $1"
  echo "  lychee: pages, style sheets and Markdown of $1"
  "$python" tests/site/links.py "$root" "$2"
}

crawl own ""
crawl full ""
crawl long center/
