#!/usr/bin/env bash
# Deploys the whole system into a resource group, or brings one up to date. See docs/deploy.md.
# shellcheck disable=SC2016 # what stands in single quotes is JavaScript
set -euo pipefail

usage() {
  cat <<'TEXT'
Deploys the whole system into a resource group, or brings one up to date. It may be run again at any time.

  infra/deploy.sh --environment <name> --resource-group <name> --location <region> --subscription <id> [options]

  --environment <name>      dev or prod: which infra/<name>.bicepparam
  --resource-group <name>   made when it is not there
  --location <region>       where a new resource group is made, such as westeurope
  --subscription <id>       name or id
  --packages <folder>       deploys commands.zip, sync.zip and queries.zip from there, instead of making them
  --until <app>             deploys the apps sync, queries and commands, in this order, up to this one and no further
  --only-template           deploys the template and nothing else: the first time in a network that nobody is in yet
  --what-if                 shows what would change, and changes nothing
  --help                    this text

Settings that are nobody else's business come from the environment:
  SQL_ADMINISTRATORS_NAME, SQL_ADMINISTRATORS_ID   the Entra group that administers the write database; you belong to it
  AUTH_AUDIENCE                                    for whom tokens must be made: the API's client id
  AUTH_ALLOWED_CLIENTS                             the applications that may call, by client id, separated by commas
  ALERT_EMAILS                                     e-mail addresses that get alerts, separated by commas
  ALLOWED_ORIGINS                                  web origins whose pages may call the API, separated by commas (prod)
  MASTER_KEY_KIND                                  key or secret: what the master key is (a new system: key; others: what it is)
  RUNBOOK_URL                                      where docs/operations.md can be read; alerts link to it
  DEFENDER_PLANS                                   plans of Microsoft Defender for Cloud, separated by commas (prod; Security Admin)
  SEARCH_ENABLED                                   true: Azure AI Search searches the lists (prod; needs Owner or User Access Administrator)
  DEPLOYER_IP                                      your public IPv4 address, if the database server does not see it
  SMOKE_TOKEN                                      an access token with the role admin or analyst; with it the first orders are read

Before it: az login. You need, on the resource group or above, the roles Owner (or Contributor and User Access Administrator; where the
template makes no locks, Role Based Access Control Administrator is enough), Key Vault Secrets Officer, and Storage Blob Data Contributor,
to write the packages, and without which Event Hubs refuses the capture of events.
TEXT
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=infra/deploy/common.sh
source "$root/infra/deploy/common.sh"

environment='' group='' location='' subscription='' packages='' until=commands what_if=false only_template=false
while [ $# -gt 0 ]; do
  case "$1" in
    --what-if) what_if=true ;;
    --only-template) only_template=true ;;
    --help | -h)
      usage
      exit 0
      ;;
    --environment | --resource-group | --location | --subscription | --packages | --until)
      [ $# -ge 2 ] || fail "$1 needs a value; see --help."
      case "$1" in
        --environment) environment=$2 ;;
        --resource-group) group=$2 ;;
        --location) location=$2 ;;
        --subscription) subscription=$2 ;;
        --packages) packages=$2 ;;
        --until) until=$2 ;;
      esac
      shift
      ;;
    *) fail "there is no option $1; see --help." ;;
  esac
  shift
done

parameters="$root/infra/$environment.bicepparam"
for pair in "environment:$environment" "resource-group:$group" "location:$location" "subscription:$subscription"; do
  [ -n "${pair#*:}" ] || fail "--${pair%%:*} is missing; see --help."
done
[ -f "$parameters" ] || fail "there is no environment $environment: $parameters is not there."
case "$until" in
  sync) apps=(sync) ;;
  queries) apps=(sync queries) ;;
  commands) apps=(sync queries commands) ;;
  *) fail "there is no app $until: --until takes sync, queries or commands." ;;
esac
for tool in az node npm curl awk; do
  command -v "$tool" >/dev/null || fail "$tool is not on the PATH."
done
need_settings "$parameters"
check_deployer

# shellcheck source=infra/deploy/before-template.sh
source "$root/infra/deploy/before-template.sh"
# shellcheck source=infra/deploy/sign-in-again.sh
source "$root/infra/deploy/sign-in-again.sh"
# shellcheck source=infra/deploy/master-key-kind.sh
source "$root/infra/deploy/master-key-kind.sh"
# shellcheck source=infra/deploy/make-master-key.sh
source "$root/infra/deploy/make-master-key.sh"
# shellcheck source=infra/deploy/migrate-database.sh
source "$root/infra/deploy/migrate-database.sh"
# shellcheck source=infra/deploy/publish-app.sh
source "$root/infra/deploy/publish-app.sh"
# shellcheck source=infra/deploy/smoke-test.sh
source "$root/infra/deploy/smoke-test.sh"

umask 077
work=$(mktemp -d)
cleanup() {
  close_firewall
  rm -rf "$work"
}
trap cleanup EXIT

account=$(azure account show --query "join(' ', [id, tenantId, user.name])" --output tsv) ||
  fail 'you are not signed in to that subscription: az login.'
# shellcheck disable=SC2034 # read by what is sourced
read -r subscription_id tenant client <<<"$account"
# An older Bicep reads the template otherwise, or not at all.
bicep=$(az bicep version --only-show-errors | sed -n 's/.*version \([0-9.]*\).*/\1/p') || true
printf '%s\n' 0.34.0 "$bicep" | sort -V -C || fail 'Bicep 0.34 or newer is needed: az bicep upgrade (or az bicep install).'

group_exists=$(azure group exists --name "$group")
keep_master_key_kind
if $what_if; then
  if [ "$group_exists" = true ]; then
    # Whoever may read and ask, but not write, can see what would change.
    azure deployment group what-if --resource-group "$group" --parameters "$parameters" --validation-level ProviderNoRbac
    say 'Nothing was changed.'
  else
    say "There is no resource group $group: all of the template would be made. Nothing was changed."
  fi
  exit 0
fi

if [ -z "$packages" ] && ! $only_template; then
  say 'Making the packages.'
  packages="$root/dist/packages"
  (cd "$root" && npm run -s package -- --out "$packages") >&2
fi
for app in sync queries commands; do
  $only_template || [ -f "$packages/$app.zip" ] || fail "there is no $packages/$app.zip."
done

if [ "$group_exists" != true ]; then
  azure group create --name "$group" --location "$location" --output none
fi
check_rights
free_names
warn_of_capacity

say 'Deploying the template. The first time takes up to an hour, which is API Management.'
azure deployment group create --resource-group "$group" --name "orders-$environment" --parameters "$parameters" \
  --query properties.outputs --output json >"$work/outputs.json"
if $only_template; then
  say 'The template is deployed. Run this again without --only-template, where the key vault and the database can be reached.'
  exit 0
fi
sign_in_again
values=$(node -e 'const outputs = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
  const text = (name) => outputs[name]?.value ?? (() => { throw new Error(`The template has no output ${name}.`); })();
  console.log(process.argv.slice(2).map(text).join(" "))' "$work/outputs.json" \
  gatewayUrl commandsAppName syncAppName queriesAppName commandsIdentityName commandsIdentityClientId syncIdentityName \
  syncIdentityClientId sqlServerName sqlServerFullyQualifiedName sqlDatabaseName keyVaultName packagesAccountName masterKeyKind \
  consoleName consoleUrl)
read -r gateway commands_app sync_app queries_app commands_identity commands_client sync_identity \
  sync_client sql_server sql_address sql_database key_vault packages_account \
  master_key_kind console console_url <<<"$values"

make_master_key

say 'Bringing the write database up to date.'
migrate_database

publish_apps "$packages" "$sync_app" "$queries_app" "$commands_app" "${apps[@]}"

say 'Checking that each app and its dependencies are ready.'
ask_apps "${apps[@]}"
if [ "$until" != commands ]; then
  say "Deployed up to $until. The API: $gateway/api"
  exit 0
fi
if [ -n "${SMOKE_TOKEN:-}" ]; then
  # From a file, so that it is in no list of processes.
  printf 'header = "Authorization: Bearer %s"\n' "$SMOKE_TOKEN" >"$work/curl"
  ask --config "$work/curl" "$gateway/api/orders?limit=1" || fail 'orders cannot be read with SMOKE_TOKEN.'
fi

say "Deployed. The API: $gateway/api/docs"
say "The console is at $console_url once infra/deploy/publish-console.sh has uploaded it to $console."
(cd "$packages" && node -e 'for (const app of ["commands", "sync", "queries"]) {
  const hash = require("node:crypto").createHash("sha256").update(require("node:fs").readFileSync(`${app}.zip`)).digest("hex");
  console.log(`${app}.zip sha256 ${hash}`);
}')
