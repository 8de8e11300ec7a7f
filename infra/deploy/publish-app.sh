# shellcheck shell=bash
# Gives a package to a function app on Flex Consumption. Part of deploy.sh, whose azure, fail, group and work it uses.
#
# "az functionapp deployment source config-zip" would also ask the app's main site whether its host runs, where nobody but API Management
# is let in. So this speaks with the app's other site (scm) alone, as the Azure Developer CLI does: POST /api/publish takes the package
# and answers with the deployment's id, and GET /api/deployments/<id> has its status.

# publish_app <app> <package>
publish_app() {
  local app=$1 package=$2 site id
  site=$(azure resource show --resource-group "$group" --name "$app" --resource-type Microsoft.Web/sites --api-version 2025-03-01 \
    --query "properties.hostNameSslStates[?hostType=='Repository'].name | [0]" --output tsv)
  [[ $site == *.scm.* ]] || fail "$app has no site that takes packages."
  # From a file, so that it is in no list of processes.
  azure account get-access-token --query accessToken --output tsv >"$work/token"
  printf 'header = "Authorization: Bearer %s"\n' "$(cat "$work/token")" >"$work/publisher"
  id=$(curl --config "$work/publisher" --fail --silent --show-error --max-time 600 --retry 5 --retry-delay "$RETRY_SECONDS" \
    --retry-all-errors --header 'Content-Type: application/zip' --data-binary "@$package" \
    "https://$site/api/publish?RemoteBuild=false&Deployer=deploy.sh") || fail "$app did not take its package."
  id=${id//\"/}
  [[ $id =~ ^[A-Za-z0-9-]+$ ]] || fail "$app took its package, but did not say as which deployment."
  await_deployment "$app" "https://$site/api/deployments/$id"
}

# await_deployment <app> <address of the deployment>
await_deployment() {
  local app=$1 address=$2 status='' code _
  for _ in {1..60}; do
    code=$(curl --config "$work/publisher" --silent --max-time 30 --output "$work/deployment" --write-out '%{http_code}' "$address") || true
    case "$code" in
      2??) status=$(node -p 'JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8")).status' "$work/deployment") ;;
      # A record that was there is put away some time after its deployment has ended; whether the app runs is asked later.
      404) [ -z "$status" ] || return 0 ;;
    esac
    case "$status" in
      4) return 0 ;;
      -1) fail "$app: the deployment was cancelled." ;;
      3 | 6) fail "$app: the deployment failed; see $address." ;;
      5) fail "$app: another deployment is under way." ;;
    esac
    sleep "$RETRY_SECONDS"
  done
  fail "$app: the deployment did not end; see $address."
}
