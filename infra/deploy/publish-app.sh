# shellcheck shell=bash
# Gives a package to a function app on Flex Consumption. Part of deploy.sh, whose azure, say, fail, group and packages_account it uses.
#
# The app starts from the blob released-package.zip of its container, which its identity can only read:
# https://learn.microsoft.com/azure/azure-functions/functions-infrastructure-as-code#deployment-package. So whoever deploys writes it. The
# usual way (POST /api/publish of the app's other site, scm) writes it with the app's identity, which would need the right to replace the package.

# publish_app <app> <container> <package>
publish_app() {
  local app=$1 container=$2 package=$3 try
  azure storage blob upload --account-name "$packages_account" --container-name "$container" --name released-package.zip --file "$package" \
    --auth-mode login --overwrite --no-progress --output none || fail "the package of $app could not be written."
  azure functionapp restart --resource-group "$group" --name "$app" --output none
  # Which triggers there are: https://learn.microsoft.com/azure/azure-functions/functions-deployment-technologies#trigger-syncing. The app has to
  # have started. Half a minute after each start it says so itself, too, so this is no condition; whether the app is ready is asked later.
  for try in {1..6}; do
    if azure resource invoke-action --action syncfunctiontriggers --resource-group "$group" --name "$app" --resource-type Microsoft.Web/sites \
      --api-version 2025-03-01 --output none; then return 0; fi
    [ "$try" = 6 ] || sleep "$RETRY_SECONDS"
  done
  say "$app has its package, but has not said yet which triggers it has."
}

# publish_apps <folder> <sync app> <queries app> <commands app> <which> …: which of them, such as sync queries commands: those who read events
# first, so that no event is published that they do not know.
publish_apps() {
  local folder=$1 sync=$2 queries=$3 commands=$4 app name
  shift 4
  for app in "$@"; do
    say "Deploying $app."
    case "$app" in
      sync) name=$sync ;;
      queries) name=$queries ;;
      commands) name=$commands ;;
    esac
    publish_app "$name" "$app" "$folder/$app.zip"
  done
}
