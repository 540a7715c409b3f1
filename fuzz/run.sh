#!/usr/bin/env bash
# Runs fuzz targets for a limited time each, and prints statistics.
#
#   bash fuzz/run.sh                 each target for 5 minutes
#   SECONDS_EACH=60 bash fuzz/run.sh yaml markdown
#
# Requires cargo-fuzz (`cargo install --locked cargo-fuzz`) and a C++ compiler. A stable toolchain is sufficient. Failing inputs
# are written to fuzz/artifacts/TARGET/: fix the bug, then move the file to fuzz/inputs/TARGET/ with a descriptive name, and
# `cargo test` will test it from then on. fuzz/corpus/ is the fuzzer's generated corpus; it is not committed.
set -Eeuo pipefail
trap 'printf "fuzz/run.sh: line %s failed: %s\n" "$LINENO" "$BASH_COMMAND" >&2' ERR
cd "$(dirname "$0")/.."
command -v cargo-fuzz >/dev/null || { echo "fuzz: cargo-fuzz is missing: cargo install --locked cargo-fuzz" >&2; exit 1; }

each=${SECONDS_EACH:-300}
targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(basename -s .rs fuzz/fuzz_targets/*.rs)
declare -A dictionaries=([yaml]=yaml [site_yaml]=yaml [front_matter]=yaml [markdown]=markdown [import]=markdown
  [template]=template [release]=json [diff]=json)
logs=fuzz/target/logs
mkdir -p "$logs"
# The sanitizers of cargo-fuzz are unstable compiler options; this enables them on a stable compiler.
export RUSTC_BOOTSTRAP=1
found=0
for target in "${targets[@]}"; do
  mkdir -p "fuzz/corpus/$target"
  dictionary=${dictionaries[$target]:-}
  log=$logs/$target.log
  if ! cargo fuzz run "$target" "fuzz/corpus/$target" "fuzz/inputs/$target" -- \
    -max_total_time="$each" -timeout=20 -rss_limit_mb=2048 -max_len=2048 -print_final_stats=1 \
    ${dictionary:+-dict=fuzz/dictionaries/$dictionary.dict} >"$log" 2>&1; then
    found=1
    grep -E '^(thread|panicked|==|SUMMARY|Test unit)|panicked at|artifact' "$log" | head -5 || tail -5 "$log"
  fi
  awk -v target="$target" '/stat::number_of_executed_units/ {runs = $2} / cov: / {for (i = 1; i < NF; i++) if ($i == "cov:") edges = $(i + 1)}
    /^Done / {seconds = $5} END {printf "fuzz: %-14s %10d runs  %6d edges  %s s\n", target, runs, edges, seconds}' "$log"
done
exit $found
