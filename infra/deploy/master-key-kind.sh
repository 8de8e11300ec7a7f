# shellcheck shell=bash
# Uses azure, fail, say, group, group_exists and environment of the script that sources it.

# keep_master_key_kind: a system keeps the kind of master key that it has, until MASTER_KEY_KIND names another one. The template of version
# 0.1.0 had no such parameter, only the secret, and its apps do not start with a key. The parameters of the last deployment say which it was,
# also when that deployment failed.
keep_master_key_kind() {
  local kind
  [ -z "${MASTER_KEY_KIND:-}" ] || return 0
  unset MASTER_KEY_KIND # where it is empty
  [ "$group_exists" = true ] || return 0
  kind=$(azure deployment group list --resource-group "$group" --output tsv \
    --query "[?name=='orders-$environment'].[properties.parameters.masterKeyKind.value || 'secret']") ||
    fail 'the deployments of the resource group cannot be read.'
  [ -n "$kind" ] || return 0
  say "The master key stays a $kind, unless MASTER_KEY_KIND says otherwise."
  export MASTER_KEY_KIND=$kind
}
