#!/usr/bin/env bash
# Hook of the Azure Developer CLI at the end of "azd up". The template's outputs are in the environment.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck disable=SC2034 # read by what is sourced
subscription=$AZURE_SUBSCRIPTION_ID gateway=$gatewayUrl
# shellcheck source=infra/deploy/common.sh
source "$root/infra/deploy/common.sh"
# shellcheck source=infra/deploy/smoke-test.sh
source "$root/infra/deploy/smoke-test.sh"

say 'Asking each app whether it and what it needs are there.'
ask_apps
say "Deployed. The API: $gateway/api/docs"
