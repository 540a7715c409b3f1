#!/usr/bin/env bash
# Publishes a name and a phone number, withholds them, and checks from outside that nothing published states them any more, that
# a clone and the published site verify, and that redactions which no release declares, or which were edited, do not.
#
#   bash tests/redaction.sh target/release/candor
set -Eeuo pipefail
trap 'printf "tests/redaction.sh: line %s failed: %s\n" "$LINENO" "$BASH_COMMAND" >&2' ERR
candor=$(realpath "$1")
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
die() { printf 'tests/redaction.sh: %s\n' "$*" >&2; exit 1; }
name='Jane Roe' phone='+49 30 5550199'
web=$work/web
site=(--base-url https://trust.example.net)

# Whether a file below a folder states the name or the number, in any spelling that pages, feeds and addresses use.
states() { grep -rlEi 'Jane(&nbsp;|%20|\+|[[:space:]])?Roe|5550199' "$1"; }
# Runs candor and expects exit code 1 with a diagnostic code.
fails_with() {
  local code=$1 output status=0
  shift
  output=$("$candor" "$@" 2>&1) || status=$?
  [ "$status" = 1 ] || die "candor $* exited with $status: $output"
  [[ $output == *"[$code]"* ]] || die "candor $* does not report $code: $output"
}

mkdir -p "$work"/project/{content/data,content/sections,static/documents}
cd "$work/project"
git init --quiet
git config user.name walk
git config user.email walk@example.com
printf 'title: Trust\norganization: {name: Example}\ncontacts: {privacy: privacy@acme-mail.eu}\nrules: {base-url-missing: off}\n' > content/site.yaml
list() { printf -- '- id: mail\n  name: Mailer\n  purpose: %s\n  data_categories: [Address]\n%s' "$1" "${2:-}"; }
contact=$(printf '  contact: %s, %s\n' "$name" "$phone")
list Email "$contact" > content/data/subprocessors.yaml
printf -- '---\ntitle: Subprocessors\nshow: subprocessors\n---\nAsk %s (%s), or [call](tel:+49305550199).\n' "$name" "$phone" > content/sections/10-list.md
"$candor" --as-of 2026-05-01 release -m "First. Ask $name, $phone." > /dev/null
list Newsletters "$contact" > content/data/subprocessors.yaml
"$candor" --as-of 2026-05-02 release -m "Second." > /dev/null
"$candor" --as-of 2026-05-02 publish "file://$web" "${site[@]}" 2> /dev/null > /dev/null
git add --all
git commit --quiet --message "Two releases"
git clone --quiet . "$work/old"
[ "$(states "$web" | wc -l)" -gt 5 ] || die "the site does not state what is to be withheld"
cp content/releases/2026-05-01.json "$work/original.json"

echo "redact"
fails_with redaction-stated --as-of 2026-05-03 redact 2026-05-01 /disclosure/subprocessors/mail/contact --reason "Personal data"
list Newsletters > content/data/subprocessors.yaml
printf -- '---\ntitle: Subprocessors\nshow: subprocessors\n---\nAsk us.\n' > content/sections/10-list.md
"$candor" --as-of 2026-05-03 redact 2026-05-01 /summary /disclosure/subprocessors/mail/contact /disclosure/sections/list/body --all --reason "Personal data" > "$work/output" 2>&1
! grep -q redaction-elsewhere "$work/output" || die "$(cat "$work/output")"
if states content > /dev/null; then die "the project still states it: $(states content)"; fi
cp -r content "$work/unbound"
fails_with redaction-unbound --as-of 2026-05-03 build
fails_with redaction-unbound --as-of 2026-05-03 publish "file://$web" "${site[@]}"

echo "release and publish"
"$candor" --as-of 2026-05-03 release -m "Withheld a contact." > /dev/null
"$candor" --as-of 2026-05-03 publish "file://$web" "${site[@]}" --purge-file "$work/purge" > /dev/null 2>&1
if states "$web" > /dev/null; then die "the site still states it: $(states "$web")"; fi
for page in releases/2026-05-01.json releases/2026-05-01/ feed.xml feed.json changelog/; do
  grep -qx "https://trust.example.net/$page" "$work/purge" || die "$page is not on the purge list"
done
git add --all
git commit --quiet --message "Withhold a contact"

echo "verify from a clone and from an address"
git clone --quiet . "$work/clone"
python3 -c '
import functools, http.server, sys
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
print(server.server_port, flush=True)
server.serve_forever()' "$web" > "$work/port" 2> /dev/null &
server=$!
until [ -s "$work/port" ]; do kill -0 "$server"; sleep 0.1; done
url=http://127.0.0.1:$(cat "$work/port")
for place in "$work/clone" "$url"; do
  output=$("$candor" --as-of 2026-05-03 verify "$place")
  [[ $output == *"2 redactions:"*"release 2026-05-01: 3 values withheld on 2026-05-03: Personal data"* ]] || die "$output"
  "$candor" --as-of 2026-05-03 verify "$place" --original "$work/original.json" > /dev/null
done
"$candor" --as-of 2026-05-03 --root "$work/clone" verify --against "$url" --all-published > /dev/null

echo "an old clone, and redactions that were not declared"
cd "$work/old"
fails_with redaction-missing --as-of 2026-05-03 verify --against "$url"
fails_with redaction-missing --as-of 2026-05-03 publish "file://$web" "${site[@]}"
cd "$work/clone"
silent() { sed -i 's/"purpose": "Email"/"purpose": {\n          "redacted": true\n        }/' content/releases/2026-05-01.json; }
sum() { sed -i "s/^.*  2026-05-01.json/$(sha256sum < content/releases/2026-05-01.json | cut -c -64)  2026-05-01.json/" content/releases/SHA256SUMS; }
silent
sum
fails_with release-digest-wrong --as-of 2026-05-03 verify
git checkout --quiet .
sed -i 's/"Personal data"/"Nothing"/' content/releases/2026-05-03.json
fails_with release-edited --as-of 2026-05-03 verify
git checkout --quiet .
rm -r content
cp -r "$work/unbound" content
rm content/releases/redactions.json
fails_with redaction-mismatch --as-of 2026-05-03 verify
cp "$work/unbound/releases/redactions.json" content/releases/
sed -i 's#"/summary"#"/disclosure/title"#' content/releases/redactions.json
fails_with redaction-mismatch --as-of 2026-05-03 verify
