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

# need_settings <parameter file>: stops where a variable that the file reads from the environment is missing or has the wrong form.
need_settings() {
  local name
  while read -r name; do
    [ -n "${!name:-}" ] || fail "the environment variable $name is not set; see infra/deploy.sh --help."
    check_form "$name" "${!name}"
  done < <(sed -n "s/.*readEnvironmentVariable('\([A-Z_]*\)').*/\1/p" "$1")
}

# check_form <variable> <value>: stops at a mistake that Azure would refuse only after most of the deployment, or not at all.
check_form() {
  local pattern description
  case "$1" in
    SQL_ADMINISTRATORS_ID)
      pattern='^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' description='a GUID'
      ;;
    AUTH_ALLOWED_CLIENTS)
      pattern=$(list_of '[^[:space:],;]+') description='client ids, separated by commas'
      ;;
    ALERT_EMAILS)
      pattern=$(list_of '[^[:space:],;@]+@[^[:space:],;@]+') description='e-mail addresses, separated by commas'
      ;;
    ALLOWED_ORIGINS)
      pattern=$(list_of 'https?://[^[:space:],;/]+') description='origins such as https://shop.example.com, separated by commas'
      ;;
    *) return 0 ;;
  esac
  [[ $2 =~ $pattern ]] || fail "$1 must be $description, and is '$2'."
}

# list_of <pattern of an item>: the pattern of a list with at least one item. Spaces around commas, and a comma or space at the end, are allowed.
list_of() { printf '^[[:space:],]*%s([[:space:]]*,[[:space:]]*(%s)?)*[[:space:]]*$' "$1" "$1"; }
