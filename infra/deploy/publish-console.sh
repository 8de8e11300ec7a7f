#!/usr/bin/env bash
# Builds the console for a deployed system and uploads it to its Static Web App. See docs/deploy.md.
set -euo pipefail

usage() {
  cat <<'TEXT'
Builds the console for a deployed system and uploads it to its Static Web App. It may be run again at any time.

  infra/deploy/publish-console.sh --resource-group <name> --subscription <id> --client-id <id> --scope <scope>

  --resource-group <name>   of the deployed system
  --subscription <id>       name or id
  --client-id <id>          of the console's app registration, a single-page application
  --scope <scope>           of the API, such as api://<client id of the API>/access_as_user

Before it: az login. You need the role Contributor on the resource group.
TEXT
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=infra/deploy/common.sh
source "$root/infra/deploy/common.sh"

group='' subscription='' client_id='' scope=''
while [ $# -gt 0 ]; do
  case "$1" in
    --help | -h)
      usage
      exit 0
      ;;
    --resource-group) group=${2:-} ;;
    --subscription) subscription=${2:-} ;;
    --client-id) client_id=${2:-} ;;
    --scope) scope=${2:-} ;;
    *) fail "there is no option $1; see --help." ;;
  esac
  shift 2 || break
done
for pair in "resource-group:$group" "subscription:$subscription" "client-id:$client_id" "scope:$scope"; do
  [ -n "${pair#*:}" ] || fail "--${pair%%:*} is missing; see --help."
done

# By its outputs: the Azure Developer CLI chooses other names for deployments.
outputs=$(azure deployment group list --resource-group "$group" --output tsv --query \
  "[?properties.provisioningState=='Succeeded' && properties.outputs.webPubSubUrl] | sort_by(@, &properties.timestamp)[-1:].properties.outputs.[consoleName.value, consoleUrl.value, gatewayUrl.value, webPubSubUrl.value]")
[ -n "$outputs" ] || fail "the resource group $group has no successful deployment of this template: run infra/deploy.sh first."
read -r name url gateway push <<<"$outputs"
tenant=$(azure account show --query tenantId --output tsv)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root"
npm run -s build:console -- --out "$work/site" --api "$gateway/api" --push "$push" --client-id "$client_id" --tenant "$tenant" --scope "$scope" >&2
say 'Installing the Static Web Apps CLI.'
cp infra/deploy/static-web-apps-cli/package*.json "$work"
npm ci --prefix "$work" --ignore-scripts --no-audit --no-fund >&2

# Whoever has the token can upload other pages. So the installation does not get it, and it is replaced at the end, also after a failure.
trap 'rm -rf "$work"; azure staticwebapp secrets reset-api-key --name "$name" --resource-group "$group" --output none' EXIT
token=$(azure staticwebapp secrets list --name "$name" --resource-group "$group" --query properties.apiKey --output tsv)
# In the environment, so that the token is in no list of processes.
SWA_CLI_DEPLOYMENT_TOKEN=$token "$work/node_modules/.bin/swa" deploy "$work/site" --env production >&2
echo "$url"
