# shellcheck shell=bash
# What was deleted with its resource group keeps its name for a while, and the template gives the same group the same names again. Part of
# deploy.sh, whose azure, say, group and subscription_id it uses. Deleted resources are seen by who may read the subscription; for anybody
# else Azure's refusal is shown, and the deployment goes on.

free_names() {
  local name location
  # Not purged: what was sealed with its master key can be read as long as there is one.
  while read -r name location; do
    say "Recovering the deleted key vault $name."
    azure keyvault recover --name "$name" --resource-group "$group" --location "$location" --output none
  done < <(azure keyvault list-deleted --resource-type vault --output tsv \
    --query '[].[name, properties.vaultId, properties.location]' | of_group)
  # All that it holds comes from the template.
  while read -r name location; do
    say "Purging the deleted API Management $name, which takes some minutes."
    azure apim deletedservice purge --service-name "$name" --location "$location" --output none
  done < <(azure apim deletedservice list --query '[].[name, serviceId, location]' --output tsv | of_group)
}

# Of lines of name, id and location those whose id is in the group, as name and location without blanks (West Europe is westeurope).
of_group() {
  awk -F '\t' -v scope="/subscriptions/$subscription_id/resourceGroups/$group/" \
    'index(tolower($2), tolower(scope)) == 1 { gsub(" ", "", $3); print $1, tolower($3) }'
}
