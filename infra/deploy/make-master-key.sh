# shellcheck shell=bash
# Uses azure, say, key_vault, master_key_kind and work of the script that sources it.

# make_master_key: makes the master key of personal data, once, where it is a secret; the template makes a key. With another key no personal data that is stored could be read any more.
make_master_key() {
  local keys
  [ "$master_key_kind" = secret ] || return 0
  keys=$(azure keyvault secret list --vault-name "$key_vault" --query "length([?name=='master-key'])" --output tsv)
  [ "$keys" = 0 ] || return 0
  say 'Making the master key of personal data.'
  node -e 'process.stdout.write(require("node:crypto").randomBytes(32).toString("base64"))' >"$work/master-key"
  azure keyvault secret set --vault-name "$key_vault" --name master-key --file "$work/master-key" --encoding utf-8 --output none
  rm "$work/master-key"
}
