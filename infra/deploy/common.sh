# shellcheck shell=bash
# What all deployment scripts use. Whoever sources it has set subscription.

# Seconds between two tries of what takes its time in Azure.
: "${RETRY_SECONDS:=20}"

say() { printf '%s\n' "$*" >&2; }
fail() {
  say "${0##*/}: $*"
  exit 1
}

azure() { az "$@" --subscription "$subscription" --only-show-errors; }

# need_settings <parameter file>: stops where a variable is missing that the file reads from the environment.
need_settings() {
  local name
  while read -r name; do
    [ -n "${!name:-}" ] || fail "the environment variable $name is not set; see infra/deploy.sh --help."
  done < <(sed -n "s/.*readEnvironmentVariable('\([A-Z_]*\)').*/\1/p" "$1")
}
