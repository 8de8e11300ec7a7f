# shellcheck shell=bash
# What all deployment scripts use. Whoever sources it has set root and subscription.

# Seconds between two tries of what takes its time in Azure.
: "${RETRY_SECONDS:=20}"

say() { printf '%s\n' "$*" >&2; }
fail() {
  say "${0##*/}: $*"
  exit 1
}

azure() { az "$@" --subscription "$subscription" --only-show-errors; }

# require_public_ipv4 <address> <description>: fails unless it is one public IPv4 address, which a firewall rule can let in.
require_public_ipv4() {
  node "$root/infra/deploy/public-ipv4.mjs" "$1" || fail "$2 must be one public IPv4 address, and is '$1'."
}

# check_deployer: fails if DEPLOYER_IP is not such an address, before anything is changed.
check_deployer() {
  [ -z "${DEPLOYER_IP:-}" ] || require_public_ipv4 "$DEPLOYER_IP" DEPLOYER_IP
}

# need_settings <parameter file>: stops where a variable is missing that the file reads from the environment.
need_settings() {
  local name
  while read -r name; do
    [ -n "${!name:-}" ] || fail "the environment variable $name is not set; see infra/deploy.sh --help."
  done < <(sed -n "s/.*readEnvironmentVariable('\([A-Z_]*\)').*/\1/p" "$1")
}
