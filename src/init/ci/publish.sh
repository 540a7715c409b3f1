#!/bin/sh
# Publishes the site to object storage, with a short-lived identity token of the CI system instead of a stored key.
#
#   TRUST_DEST  the destination, such as s3://bucket, az://container or gs://bucket
#
#   s3://  AWS_REGION, and AWS_ROLE_ARN: the role that trusts the CI system
#   az://  AZURE_STORAGE_ACCOUNT_NAME, and AZURE_CLIENT_ID and AZURE_TENANT_ID: the identity that trusts the CI system
#   gs://  GOOGLE_PROVIDER, the workload identity provider: projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/NAME
#
# Without these, `candor publish` takes credentials from its environment, for stores that do not accept identity tokens.
# The token is that of GitHub Actions, or TRUST_ID_TOKEN in other systems.
set -eu
umask 077

fail() {
  printf 'publish-candor: %s\n' "$1" >&2
  exit 2
}

destination=${TRUST_DEST:-}
[ -n "$destination" ] || fail "TRUST_DEST is empty: set it in the CI system, as the recipe describes"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Prints a string of a JSON object: string NAME < JSON
string() {
  tr -d '\r\n' | sed -n 's/.*"'"$1"'"[[:space:]]*:[[:space:]]*"\([^"\\]*\)".*/\1/p'
}

# Writes the identity token for an audience to $work/token: identity AUDIENCE
identity() {
  if [ -n "${TRUST_ID_TOKEN:-}" ]; then
    token=$TRUST_ID_TOKEN
  elif [ -n "${ACTIONS_ID_TOKEN_REQUEST_URL:-}" ]; then
    # curl reads the header from a file, so that the token is in no process list.
    printf 'Authorization: Bearer %s\n' "$ACTIONS_ID_TOKEN_REQUEST_TOKEN" > "$work/header"
    curl --silent --show-error --fail --get --retry 3 --max-time 60 --header "@$work/header" \
      --data-urlencode "audience=$1" --output "$work/answer" "$ACTIONS_ID_TOKEN_REQUEST_URL" ||
      fail "cannot get an identity token from GitHub"
    token=$(string value < "$work/answer")
  else
    fail "there is no identity token: set TRUST_ID_TOKEN, or give the job the permission id-token: write"
  fi
  [ -n "$token" ] || fail "the identity token is empty"
  printf '%s' "$token" > "$work/token"
}

case $destination in
  s3://*)
    if [ -n "${AWS_ROLE_ARN:-}" ]; then
      identity sts.amazonaws.com
      export AWS_WEB_IDENTITY_TOKEN_FILE="$work/token"
    fi
    ;;
  az://*)
    if [ -n "${AZURE_CLIENT_ID:-}" ] && [ -n "${AZURE_TENANT_ID:-}" ]; then
      identity api://AzureADTokenExchange
      export AZURE_FEDERATED_TOKEN_FILE="$work/token"
    fi
    ;;
  gs://*)
    if [ -n "${GOOGLE_PROVIDER:-}" ]; then
      identity "https://iam.googleapis.com/$GOOGLE_PROVIDER"
      curl --silent --show-error --fail --retry 3 --max-time 60 --output "$work/answer" \
        --data-urlencode "audience=//iam.googleapis.com/$GOOGLE_PROVIDER" \
        --data-urlencode grant_type=urn:ietf:params:oauth:grant-type:token-exchange \
        --data-urlencode requested_token_type=urn:ietf:params:oauth:token-type:access_token \
        --data-urlencode subject_token_type=urn:ietf:params:oauth:token-type:jwt \
        --data-urlencode "subject_token@$work/token" \
        --data-urlencode scope=https://www.googleapis.com/auth/devstorage.read_write \
        "${GOOGLE_STS_URL:-https://sts.googleapis.com/v1/token}" ||
        fail "Google does not accept the identity token for the provider $GOOGLE_PROVIDER"
      GOOGLE_BEARER_TOKEN=$(string access_token < "$work/answer")
      [ -n "$GOOGLE_BEARER_TOKEN" ] || fail "Google returned no access token"
      export GOOGLE_BEARER_TOKEN
    fi
    ;;
esac
# Empty variables are unset: to the providers' libraries, an empty key is a wrong key.
for name in AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_ROLE_ARN AWS_REGION AZURE_CLIENT_ID AZURE_TENANT_ID \
  AZURE_STORAGE_ACCOUNT_NAME AZURE_STORAGE_ACCOUNT_KEY; do
  eval "value=\${$name:-}"
  [ -n "$value" ] || unset "$name"
done
# Only one run publishes at a time, so an existing claim at the destination is that of a killed run.
command candor publish --take-over "$@" "$destination"
