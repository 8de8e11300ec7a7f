#!/usr/bin/env bash
# Builds the console for a deployed system and uploads it to its Static Web App. See docs/deploy.md.
set -euo pipefail

usage() {
  cat <<'TEXT'
Builds the console for a deployed system and uploads it to its Static Web App. It may be run again at any time.

  infra/deploy/publish-console.sh --resource-group <name> --client-id <id> --scope <scope>

  --resource-group <name>   of the deployed system
  --client-id <id>          of the console's app registration, a single-page application
  --scope <scope>           of the API, such as api://<client id of the API>/access_as_user

Before it: az login. You need the role Contributor on the resource group.
TEXT
}

group='' client_id='' scope=''
while [ $# -gt 0 ]; do
  case "$1" in
    --help | -h)
      usage
      exit 0
      ;;
    --resource-group) group=${2:-} ;;
    --client-id) client_id=${2:-} ;;
    --scope) scope=${2:-} ;;
    *)
      echo "There is no option $1; see --help." >&2
      exit 1
      ;;
  esac
  shift 2 || break
done
if [ -z "$group" ] || [ -z "$client_id" ] || [ -z "$scope" ]; then
  echo '--resource-group, --client-id and --scope are needed; see --help.' >&2
  exit 1
fi

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
output() {
  az deployment group list --resource-group "$group" --output tsv \
    --query "[?starts_with(name, 'orders-')] | sort_by(@, &properties.timestamp)[-1].properties.outputs.$1.value"
}
name=$(output consoleName)
gateway=$(output gatewayUrl)
tenant=$(az account show --query tenantId --output tsv)
npm run -s build:console -- --out dist/console-for-azure --api "$gateway/api" --client-id "$client_id" --tenant "$tenant" --scope "$scope"
# In the environment, so that the token is in no list of processes.
SWA_CLI_DEPLOYMENT_TOKEN=$(az staticwebapp secrets list --name "$name" --resource-group "$group" --query properties.apiKey --output tsv)
export SWA_CLI_DEPLOYMENT_TOKEN
npx --yes @azure/static-web-apps-cli@2 deploy dist/console-for-azure --env production
output consoleUrl
