#!/usr/bin/env bash
# Makes what a build asks of the system fail, one request at a time, and kills it at each of them; fills the disk,
# takes rights away, makes the file system read-only. After each: the site is the old one or the new one, whole; the
# next build succeeds; nothing is left beside the folder.
#
#   bash tests/fault/run.sh            every request once
#   STRIDE=7 bash tests/fault/run.sh   every seventh: the quick part
#
# Needs root (for mounts) and strace (for failing requests); says so and fails where it has not got them.
set -Eeuo pipefail
trap 'printf "tests/fault/run.sh: line %s failed: %s\n" "$LINENO" "$BASH_COMMAND" >&2' ERR
cd "$(dirname "$0")/../.."

STRIDE=${STRIDE:-1}
fail() { echo "fault: $*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail "needs root, for mounting small file systems"
command -v strace >/dev/null || fail "needs strace"

work=$(mktemp -d)
disk=$work/disk
mkdir "$disk"
trap 'umount "$disk" 2>/dev/null || true; rm -rf "$work"' EXIT
chmod 755 "$work"

# The builder is the test binary: it writes numbered generations of a site of 40 files.
built=$(cargo test --quiet --test suite --no-run --message-format=json |
  sed -n 's/.*"executable":"\([^"]*\/suite-[^"]*\)".*/\1/p' | tail -1)
[ -x "$built" ] || fail "cannot find the test binary"
# Copied, so that a user without rights can run it too.
cp "$built" "$work/suite"
build() { # GENERATION OUT [PREFIX...]
  local generation=$1 out=$2
  shift 2
  CANDOR_TEST_GENERATION=$generation CANDOR_TEST_OUT=$out RAYON_NUM_THREADS=2 RUST_BACKTRACE=0 \
    "$@" "$work/suite" --exact emit::builds_when_asked_to --nocapture >"$work/log" 2>&1
}
whole() { # OUT: prints the generation, or fails
  local files generations
  files=$(find "$1" -name '*.html' | wc -l)
  generations=$(find "$1" -name '*.html' -exec cat {} + | sort -u)
  [ "$files" = 40 ] || fail "$files files of 40 in $1"
  [ "$(wc -l <<<"$generations")" = 1 ] || fail "a mixture of generations in $1: $generations"
  echo "$generations"
}
next_build_mends() { # OUT
  build 9 "$1" || { cat "$work/log" >&2; fail "the next build failed"; }
  [ "$(whole "$1")" = 9 ] || fail "the next build did not replace the site"
  local litter
  litter=$(find "$(dirname "$1")" -maxdepth 1 -name '.*candor*')
  [ -z "$litter" ] || fail "litter: $litter"
}

runs=0
inject() { # CALL FAULT: FAULT is error=ERRNO or signal=KILL
  local call=$1 fault=$2 n=1 out=$work/project/dist
  while :; do
    rm -rf "$work/project"
    mkdir "$work/project"
    build 1 "$out" || fail "cannot build at all: $(cat "$work/log")"
    local ended=0
    # The shell's own word on a killed process goes with stderr.
    build 2 "$out" strace -f -qq -o "$work/trace" -e "trace=$call" -e "inject=$call:$fault:when=$n" 2>/dev/null || ended=$?
    # Past the last request of this kind nothing is injected any more.
    if ! grep -qE 'INJECTED|killed by SIGKILL' "$work/trace"; then break; fi
    if [ -d "$out" ]; then
      local now
      now=$(whole "$out")
      [ "$now" = 1 ] || [ "$now" = 2 ] || fail "generation $now after $call:$fault:when=$n"
      # A build that says it is done must have done it.
      [ "$ended" != 0 ] || [ "$now" = 2 ] || fail "exit code 0 with the old site after $call:$fault:when=$n"
    else
      # Two renames, on file systems without exchange: the old site waits beside the folder.
      whole "$(dirname "$out")/.dist.candor-old" >/dev/null
    fi
    next_build_mends "$out"
    runs=$((runs + 1))
    n=$((n + STRIDE))
  done
  # A request that is never made is a gap in this list.
  [ "$n" -gt 1 ] || fail "no build asks for $call any more"
}

echo "fault: requests that fail"
for fault in mkdirat:ENOSPC openat:EMFILE openat:ENOSPC openat2:EMFILE openat2:ENOSYS openat2:EPERM write:ENOSPC write:EIO linkat:EMLINK linkat:ENOSPC \
  renameat2:EIO renameat2:EINVAL unlinkat:EIO getdents64:EIO flock:ENOLCK fchmod:EPERM; do
  inject "${fault%%:*}" "error=${fault##*:}"
done
echo "fault: killed at each request"
for call in mkdirat openat openat2 write linkat renameat2 unlinkat flock fchmod close; do
  inject "$call" signal=KILL
done
# Without exchange: the second of the two renames fails, and the old site goes back to its place.
rm -rf "$work/project" && mkdir "$work/project"
build 1 "$work/project/dist"
build 2 "$work/project/dist" strace -f -qq -o "$work/trace" -e trace=renameat2,renameat \
  -e inject=renameat2:error=EINVAL -e inject=renameat:error=EIO:when=2 && fail "it was built"
[ "$(whole "$work/project/dist")" = 1 ] || fail "the old site did not come back"
next_build_mends "$work/project/dist"
# Without exchange, killed between the two renames.
rm -rf "$work/project" && mkdir "$work/project"
build 1 "$work/project/dist"
build 2 "$work/project/dist" strace -f -qq -o "$work/trace" -e trace=renameat2,renameat \
  -e inject=renameat2:error=EINVAL -e inject=renameat:signal=KILL:when=2 2>/dev/null && fail "it was not killed"
[ ! -e "$work/project/dist" ] || fail "it was not killed between the two renames"
next_build_mends "$work/project/dist"

on_disk() { # WHAT OPTIONS: a small file system with generation 1 on it
  echo "fault: $1"
  umount "$disk" 2>/dev/null || true
  mount -t tmpfs -o "$2" tmpfs "$disk"
  build 1 "$disk/dist" || fail "cannot build: $(cat "$work/log")"
}
refused() { # WORDS [PREFIX...]
  local words=$1
  shift
  if build 2 "$disk/dist" "$@"; then fail "it was built"; fi
  grep -q "$words" "$work/log" || { cat "$work/log" >&2; fail "the message lacks '$words'"; }
  [ "$(whole "$disk/dist")" = 1 ] || fail "the site changed"
}
# 40 files of one page each and a list: twice that does not fit.
on_disk "a full disk" size=300k
refused "make room"
mount -o remount,size=4m "$disk"
next_build_mends "$disk/dist"

on_disk "no inodes left" nr_inodes=70
refused "make room"
mount -o remount,nr_inodes=1000 "$disk"
next_build_mends "$disk/dist"

on_disk "a read-only file system" size=4m
mount -o remount,ro "$disk"
refused "Read-only"
mount -o remount,rw "$disk"
next_build_mends "$disk/dist"

on_disk "a folder without rights" size=4m
chmod 755 "$disk"
refused "Permission denied" setpriv --reuid=65534 --regid=65534 --clear-groups
next_build_mends "$disk/dist"

echo "fault: $runs builds with a failed request or killed: the site was whole after each, and the next build mended all"
