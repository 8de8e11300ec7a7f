#!/usr/bin/env bash
# Hook of the Azure Developer CLI after the template: the master key, the write database, the packages, and a look at each app. The
# template's outputs are in the environment.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck disable=SC2034,SC2154 # read by what is sourced, and set by azd
{
  subscription=$AZURE_SUBSCRIPTION_ID group=$AZURE_RESOURCE_GROUP
  key_vault=$keyVaultName master_key_kind=$masterKeyKind
  sql_server=$sqlServerName sql_address=$sqlServerFullyQualifiedName sql_database=$sqlDatabaseName
  commands_identity=$commandsIdentityName commands_client=$commandsIdentityClientId
  sync_identity=$syncIdentityName sync_client=$syncIdentityClientId
  packages_account=$packagesAccountName gateway=$gatewayUrl
  sync_app=$syncAppName queries_app=$queriesAppName commands_app=$commandsAppName
}
# shellcheck source=infra/deploy/common.sh
source "$root/infra/deploy/common.sh"
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

cd "$root"
[ -d node_modules ] || npm ci --ignore-scripts --no-audit --no-fund >&2
make_master_key
say 'Bringing the write database up to date.'
migrate_database
say 'Making the packages.'
npm run -s package >&2
publish_apps "$root/dist/packages" "$sync_app" "$queries_app" "$commands_app" sync queries commands

say 'Asking each app whether it and what it needs are there.'
ask_apps sync queries commands
say "Deployed. The API: $gateway/api/docs"
