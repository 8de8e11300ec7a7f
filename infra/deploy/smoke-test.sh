# shellcheck shell=bash
# Uses fail, gateway and RETRY_SECONDS of the script that sources it.

ask() {
  curl --fail --silent --show-error --output /dev/null --max-time 30 --retry 30 --retry-delay "$RETRY_SECONDS" \
    --retry-all-errors "$@"
}

# ask_apps <app> …: asks each of these apps through the gateway whether it and what it needs are there.
ask_apps() {
  local app
  for app in "$@"; do
    ask "$gateway/api/health/ready?app=$app" || fail "$app is not ready; see docs/operations.md."
  done
}
