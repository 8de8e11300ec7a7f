# shellcheck shell=bash
# GitHub's proof of who deploys holds for some minutes, and the template takes longer; what comes after it needs tokens for other services,
# which az cannot get by a proof that is over. Part of deploy.sh, whose work, client and tenant it uses.

sign_in_again() {
  [ -n "${ACTIONS_ID_TOKEN_REQUEST_URL:-}" ] || return 0
  # From files, so that they are in no list of processes.
  printf 'header = "Authorization: Bearer %s"\n' "$ACTIONS_ID_TOKEN_REQUEST_TOKEN" >"$work/proof-request"
  curl --config "$work/proof-request" --fail --silent --show-error --max-time 30 --retry 5 --output "$work/proof.json" \
    "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=api://AzureADTokenExchange"
  node -p 'JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8")).value' "$work/proof.json" >"$work/proof"
  az login --service-principal --username "$client" --tenant "$tenant" --federated-token "@$work/proof" --only-show-errors --output none
}
