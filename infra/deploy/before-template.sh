# shellcheck shell=bash
# What is looked at and put right before the template is deployed. Part of deploy.sh, whose azure, say, fail, root, group, parameters and
# subscription_id it uses.

# check_rights: stops where a role is missing, which would else show an hour later.
check_rights() {
  local missing locks=''
  if grep -q '^param locked = true' "$parameters"; then locks=--locks; fi
  missing=$(az rest --method get --only-show-errors --output json \
    --url "/subscriptions/$subscription_id/resourcegroups/$group/providers/Microsoft.Authorization/permissions?api-version=2022-04-01" |
    node "$root/infra/deploy/missing-rights.mjs" ${locks:+"$locks"})
  [ -z "$missing" ] || fail "these roles are missing on $group or above; a new one takes some minutes to hold: ${missing//$'\n'/, }."
}

# warn_of_capacity: Event Hubs raises its capacity by itself, and the template sets it back.
warn_of_capacity() {
  local capacity wanted
  capacity=$(azure eventhubs namespace list --resource-group "$group" --query '[0].sku.capacity' --output tsv)
  wanted=$(sed -n 's/^param eventHubsCapacity = \([0-9]*\).*/\1/p' "$parameters")
  if [[ $capacity =~ ^[0-9]+$ && $capacity -gt ${wanted:-1} ]]; then
    say "Event Hubs has $capacity throughput units and gets ${wanted:-1} again: raise eventHubsCapacity in $parameters if they are needed."
  fi
}

# free_names: what was deleted with its resource group keeps its name for a while, and the template gives the same group the same names
# again. Deleted resources are seen by who may read the subscription; for anybody else Azure's refusal is shown, and the deployment goes on.
free_names() {
  local name location
  # Not purged: what was sealed with its master key can be read as long as there is one.
  while read -r name location; do
    say "Recovering the deleted key vault $name."
    azure keyvault recover --name "$name" --resource-group "$group" --location "$location" --output none </dev/null
  done < <(azure keyvault list-deleted --resource-type vault --output tsv \
    --query '[].[name, properties.vaultId, properties.location]' | of_group)
  # All that it holds comes from the template.
  while read -r name location; do
    say "Purging the deleted API Management $name, which takes some minutes."
    azure apim deletedservice purge --service-name "$name" --location "$location" --output none </dev/null
  done < <(azure apim deletedservice list --query '[].[name, serviceId, location]' --output tsv | of_group)
}

# Of lines of name, id and location those whose id is in the group, as name and location without blanks (West Europe is westeurope).
of_group() {
  awk -F '\t' -v scope="/subscriptions/$subscription_id/resourceGroups/$group/" \
    'index(tolower($2), tolower(scope)) == 1 { gsub(" ", "", $3); print $1, tolower($3) }'
}
