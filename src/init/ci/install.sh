#!/bin/sh
# Installs candor into $CANDOR_HOME/bin: the binary of a release, or a commit compiled from source.
#
#   CANDOR_REPOSITORY  address of candor's repository
#   CANDOR_VERSION     release to install, such as 1.2.3
#   CANDOR_SHA256      SHA-256 of the release's archive for this platform. By default, the one in SHA256SUMS of the release, which
#                      detects a damaged download, but not a release that was replaced
#   CANDOR_REV         without CANDOR_VERSION: full hash of the commit to compile, which needs cargo
#   CANDOR_HOME        folder to install to, ~/.cache/candor by default. Cache it: a commit is then compiled only once
#
# Exit status: 0 if candor is installed, 3 if there is no such release, 2 for any other failure.
set -eu

fail() {
  printf 'install-candor: %s\n' "$1" >&2
  exit "${2:-2}"
}

repository=${CANDOR_REPOSITORY:-}
repository=${repository%/}
version=${CANDOR_VERSION:-}
version=${version#v}
home=${CANDOR_HOME:-$HOME/.cache/candor}
file=candor

# The host of a new project's recipe is reserved (RFC 2606), until candor has a public repository.
case $repository/ in
  / | *.example/* | *.example.com/*) fail "CANDOR_REPOSITORY is a placeholder: set it in the CI recipe" 3 ;;
  https://* | file:///*) ;;
  *) fail "CANDOR_REPOSITORY must be an https address: $repository" ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Downloads a file of the release: download NAME
download() {
  status=$(curl --silent --show-error --location --proto '=https,file' --retry 3 --max-time 300 \
    --output "$work/$1" --write-out '%{http_code}' "$repository/releases/download/v$version/$1") || {
    code=$?
    # 37: the file of a file:// address does not exist.
    [ "$code" -ne 37 ] || return 3
    fail "cannot download $1 of release $version (curl: exit status $code)"
  }
  case $status in
    200 | 000) ;;
    404) return 3 ;;
    *) fail "cannot download $1 of release $version: the server returned status $status" ;;
  esac
}

sha256() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

install_release() {
  case $version in
    *[!0-9A-Za-z.+-]*) fail "CANDOR_VERSION is not a version: $version" ;;
  esac
  case $(uname -s)/$(uname -m) in
    Linux/x86_64) target=x86_64-unknown-linux-musl ;;
    Linux/aarch64 | Linux/arm64) target=aarch64-unknown-linux-musl ;;
    Darwin/x86_64) target=x86_64-apple-darwin ;;
    Darwin/arm64) target=aarch64-apple-darwin ;;
    MINGW*/x86_64 | MSYS*/x86_64 | CYGWIN*/x86_64) target=x86_64-pc-windows-msvc file=candor.exe ;;
    *) fail "releases have no binary for $(uname -s) on $(uname -m)" 3 ;;
  esac
  name=candor-$version-$target
  expected=${CANDOR_SHA256:-}
  if [ -z "$expected" ]; then
    download SHA256SUMS || fail "there is no release $version" 3
    expected=$(sed -n "s/^\([0-9a-f]\{64\}\) [ *]$name\.tar\.gz\$/\1/p" "$work/SHA256SUMS")
    [ -n "$expected" ] || fail "SHA256SUMS of release $version does not list $name.tar.gz"
  fi
  download "$name.tar.gz" || fail "there is no release $version with $name.tar.gz" 3
  actual=$(sha256 "$work/$name.tar.gz")
  [ "$actual" = "$expected" ] || fail "$name.tar.gz has the SHA-256 $actual instead of $expected"
  tar -xzf "$work/$name.tar.gz" -C "$work"
  mkdir -p "$home/bin"
  chmod 755 "$work/$name/$file"
  mv -f "$work/$name/$file" "$home/bin/$file"
  rm -f "$home/compiled"
}

compile() {
  case $rev in
    *[!0-9a-f]*) fail "CANDOR_REV is not the full hash of a commit: $rev" ;;
    ????????????????????????????????????????) ;;
    *) fail "CANDOR_REV is not the full hash of a commit: $rev" ;;
  esac
  if [ -x "$home/bin/candor" ] && [ "$(cat "$home/compiled" 2>/dev/null)" = "$repository $rev" ]; then return; fi
  cargo install --locked --force --git "$repository" --rev "$rev" --root "$home" candor
  printf '%s %s\n' "$repository" "$rev" > "$home/compiled"
}

rev=${CANDOR_REV:-}
if [ -n "$version" ]; then
  install_release
elif [ -n "$rev" ]; then
  compile
else
  fail "set CANDOR_VERSION or CANDOR_REV in the CI recipe"
fi

# The following steps find the program. GitLab CI/CD sets PATH in the recipe.
if [ -n "${GITHUB_PATH:-}" ]; then printf '%s\n' "$home/bin" >> "$GITHUB_PATH"; fi
if [ -n "${TF_BUILD:-}" ]; then printf '##vso[task.prependpath]%s\n' "$home/bin"; fi
"$home/bin/$file" --version
