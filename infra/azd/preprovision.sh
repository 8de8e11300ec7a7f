#!/usr/bin/env bash
# Hook of the Azure Developer CLI before the template: what infra/deploy.sh looks at before it.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck disable=SC2034 # read by what is sourced
subscription=${AZURE_SUBSCRIPTION_ID:-} subscription_id=$subscription group=${AZURE_RESOURCE_GROUP:-}
parameters="$root/infra/dev.bicepparam"
# shellcheck source=infra/deploy/common.sh
source "$root/infra/deploy/common.sh"
# shellcheck source=infra/deploy/before-template.sh
source "$root/infra/deploy/before-template.sh"

for tool in az node npm awk; do
  command -v "$tool" >/dev/null || fail "$tool is not on the PATH."
done
need_settings "$parameters"
check_deployer
# The first "azd provision" asks for both after this hook.
[ -n "$subscription" ] && [ -n "$group" ] || exit 0
azure account show --output none || fail 'the Azure CLI is not signed in to that subscription: az login.'
check_rights
free_names
warn_of_capacity
