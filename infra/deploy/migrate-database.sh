# shellcheck shell=bash
# Brings the write database up to date, through its firewall where it has one. Part of deploy.sh, whose names of the template's results it
# uses; close_firewall is called at the script's end, whatever that is.

firewall_rule=''

# open_firewall <address> <where it comes from>
open_firewall() {
  require_public_ipv4 "$1" "$2"
  # Always the same name, so that the rule of a run that was killed is replaced by the next one, and deleted.
  firewall_rule=deployer
  azure sql server firewall-rule create --resource-group "$group" --server "$sql_server" --name "$firewall_rule" \
    --start-ip-address "$1" --end-ip-address "$1" --output none
}

close_firewall() {
  [ -n "$firewall_rule" ] || return 0
  azure sql server firewall-rule delete --resource-group "$group" --server "$sql_server" --name "$firewall_rule" ||
    say "Delete the firewall rule $firewall_rule of $sql_server by hand."
}

# As the one who is signed in, also on a machine that has an identity of its own.
migrate() {
  (cd "$root" && AZURE_TOKEN_CREDENTIALS=AzureCliCredential npm run -s migrate -- \
    --connection "Server=$sql_address,1433;Database=$sql_database;Encrypt=true" \
    --user "$commands_identity=$commands_client:order_commands" --user "$sync_identity=$sync_client:order_sync") >&2
}

# refused_address: the address in the error message of the server, which has proved its identity by its certificate.
refused_address() {
  sed -n "s/.*Client with IP address '\([^']*\)' is not allowed to access the server.*/\1/p" "$work/migrate.log" | head -n 1
}

migrate_database() {
  local access try
  access=$(azure sql server show --resource-group "$group" --name "$sql_server" --query publicNetworkAccess --output tsv)
  if [ "$access" = Enabled ] && [ -n "${DEPLOYER_IP:-}" ]; then open_firewall "$DEPLOYER_IP" DEPLOYER_IP; fi
  # A firewall rule takes some time to hold; the server says so by this error.
  for try in 1 2 3 4 5 6; do
    if migrate 2>"$work/migrate.log"; then
      cat "$work/migrate.log" >&2
      return 0
    fi
    cat "$work/migrate.log" >&2
    if [ "$try" = 6 ] || ! grep -q 'not allowed to access the server' "$work/migrate.log"; then
      fail 'the write database could not be brought up to date.'
    fi
    if [ "$access" = Enabled ] && [ -z "$firewall_rule" ]; then
      open_firewall "$(refused_address)" 'the address that the database server sees'
    fi
    sleep "$RETRY_SECONDS"
  done
}
