#!/usr/bin/env bash
# Injects an error into each system call of a build, one at a time, and kills the build at each of them; fills the disk,
# removes permissions, and makes the file system read-only. After each fault, the site must be the old or the new one,
# complete; the next build must succeed; and no temporary files may be left next to the folder.
#
#   bash tests/fault/run.sh            every system call once
#   STRIDE=7 bash tests/fault/run.sh   every seventh: a quick sample
#
# Requires root (for mounts) and strace (for fault injection).
set -Eeuo pipefail
trap 'printf "tests/fault/run.sh: line %s failed: %s\n" "$LINENO" "$BASH_COMMAND" >&2' ERR
cd "$(dirname "$0")/../.."

STRIDE=${STRIDE:-1}
fail() { echo "fault: $*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail "requires root, for mounting small file systems"
command -v strace >/dev/null || fail "requires strace"

work=$(mktemp -d)
disk=$work/disk
mkdir "$disk"
trap 'umount "$disk" 2>/dev/null || true; rm -rf "$work"' EXIT
chmod 755 "$work"

# The test binary does the builds: it writes numbered generations of a site of 40 files.
built=$(cargo test --quiet --test suite --no-run --message-format=json |
  sed -n 's/.*"executable":"\([^"]*\/suite-[^"]*\)".*/\1/p' | tail -1)
[ -x "$built" ] || fail "cannot find the test binary"
# Copied, so that an unprivileged user can run it, too.
cp "$built" "$work/suite"
build() { # GENERATION OUT [PREFIX...]
  local generation=$1 out=$2
  shift 2
  CANDOR_TEST_GENERATION=$generation CANDOR_TEST_OUT=$out RAYON_NUM_THREADS=2 RUST_BACKTRACE=0 \
    "$@" "$work/suite" --exact emit::builds_when_asked_to --nocapture >"$work/log" 2>&1
}
complete() { # OUT: prints the generation, or fails if the site is not complete
  local files generations
  files=$(find "$1" -name '*.html' | wc -l)
  generations=$(find "$1" -name '*.html' -exec cat {} + | sort -u)
  [ "$files" = 40 ] || fail "$files files of 40 in $1"
  [ "$(wc -l <<<"$generations")" = 1 ] || fail "a mixture of generations in $1: $generations"
  echo "$generations"
}
next_build_succeeds() { # OUT
  build 9 "$1" || { cat "$work/log" >&2; fail "the next build failed"; }
  [ "$(complete "$1")" = 9 ] || fail "the next build did not replace the site"
  local leftover
  leftover=$(find "$(dirname "$1")" -maxdepth 1 -name '.*candor*')
  [ -z "$leftover" ] || fail "leftover files: $leftover"
}

runs=0
inject() { # CALL FAULT: FAULT is error=ERRNO or signal=KILL
  local call=$1 fault=$2 n=1 out=$work/project/dist
  while :; do
    rm -rf "$work/project"
    mkdir "$work/project"
    build 1 "$out" || fail "cannot build at all: $(cat "$work/log")"
    local ended=0
    # `2>/dev/null` also hides the shell's message about a killed process.
    build 2 "$out" strace -f -qq -o "$work/trace" -e "trace=$call" -e "inject=$call:$fault:when=$n" 2>/dev/null || ended=$?
    # After the last system call of this kind, nothing is injected.
    if ! grep -qE 'INJECTED|killed by SIGKILL' "$work/trace"; then break; fi
    if [ -d "$out" ]; then
      local now
      now=$(complete "$out")
      [ "$now" = 1 ] || [ "$now" = 2 ] || fail "generation $now after $call:$fault:when=$n"
      # A build that reports success must have replaced the site.
      [ "$ended" != 0 ] || [ "$now" = 2 ] || fail "exit code 0 with the old site after $call:$fault:when=$n"
    else
      # Between the two renames without atomic swap: the old site is next to the folder.
      complete "$(dirname "$out")/.dist.candor-old" >/dev/null
    fi
    next_build_succeeds "$out"
    runs=$((runs + 1))
    n=$((n + STRIDE))
  done
  # If no build makes this system call, the list is out of date.
  [ "$n" -gt 1 ] || fail "no build calls $call anymore"
}

echo "fault: failing system calls"
for fault in mkdirat:ENOSPC openat:EMFILE openat:ENOSPC openat2:EMFILE openat2:ENOSYS openat2:EPERM write:ENOSPC write:EIO linkat:EMLINK linkat:ENOSPC \
  renameat2:EIO renameat2:EINVAL unlinkat:EIO getdents64:EIO flock:ENOLCK fchmod:EPERM; do
  inject "${fault%%:*}" "error=${fault##*:}"
done
echo "fault: killed at each system call"
for call in mkdirat openat openat2 write linkat renameat2 unlinkat flock fchmod close; do
  inject "$call" signal=KILL
done
# Without atomic swap: the second of the two renames fails, and the old site is restored.
rm -rf "$work/project" && mkdir "$work/project"
build 1 "$work/project/dist"
build 2 "$work/project/dist" strace -f -qq -o "$work/trace" -e trace=renameat2,renameat \
  -e inject=renameat2:error=EINVAL -e inject=renameat:error=EIO:when=2 && fail "the build succeeded"
[ "$(complete "$work/project/dist")" = 1 ] || fail "the old site was not restored"
next_build_succeeds "$work/project/dist"
# Without atomic swap, killed between the two renames.
rm -rf "$work/project" && mkdir "$work/project"
build 1 "$work/project/dist"
build 2 "$work/project/dist" strace -f -qq -o "$work/trace" -e trace=renameat2,renameat \
  -e inject=renameat2:error=EINVAL -e inject=renameat:signal=KILL:when=2 2>/dev/null && fail "the build was not killed"
[ ! -e "$work/project/dist" ] || fail "the build was not killed between the two renames"
next_build_succeeds "$work/project/dist"

on_disk() { # NAME OPTIONS: creates a small file system that contains generation 1
  echo "fault: $1"
  umount "$disk" 2>/dev/null || true
  mount -t tmpfs -o "$2" tmpfs "$disk"
  build 1 "$disk/dist" || fail "cannot build: $(cat "$work/log")"
}
build_fails() { # MESSAGE [PREFIX...]
  local message=$1
  shift
  if build 2 "$disk/dist" "$@"; then fail "the build succeeded"; fi
  grep -q "$message" "$work/log" || { cat "$work/log" >&2; fail "the output lacks '$message'"; }
  [ "$(complete "$disk/dist")" = 1 ] || fail "the site changed"
}
# 40 files of one page each and a manifest: twice that does not fit.
on_disk "a full disk" size=300k
build_fails "free up disk space"
mount -o remount,size=4m "$disk"
next_build_succeeds "$disk/dist"

on_disk "no inodes left" nr_inodes=70
build_fails "free up disk space"
mount -o remount,nr_inodes=1000 "$disk"
next_build_succeeds "$disk/dist"

on_disk "a read-only file system" size=4m
mount -o remount,ro "$disk"
build_fails "Read-only"
mount -o remount,rw "$disk"
next_build_succeeds "$disk/dist"

on_disk "a folder without permissions" size=4m
chmod 755 "$disk"
build_fails "Permission denied" setpriv --reuid=65534 --regid=65534 --clear-groups
next_build_succeeds "$disk/dist"

echo "fault: $runs builds with a failed system call or killed: the site was complete after each, and the next build succeeded"
