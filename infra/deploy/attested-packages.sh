#!/usr/bin/env bash
# Downloads the packages that CI built from a commit of main, for a deployment by GitHub Actions. It accepts them only with an attestation that
# the workflow ci.yml built exactly these files from exactly this commit, so it does not matter where they come from.
#   infra/deploy/attested-packages.sh <commit> <folder>
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=infra/deploy/common.sh
source "$root/infra/deploy/common.sh"

commit=$1 folder=$2
[[ $commit =~ ^[0-9a-f]{40}$ ]] || fail "'$commit' is not a commit: give all 40 digits."
git -C "$root" merge-base --is-ancestor "$commit" "$GITHUB_SHA" || fail "$commit is not a commit of main."

run=$(gh run list --repo "$GITHUB_REPOSITORY" --workflow ci.yml --branch main --event push --commit "$commit" --status success \
  --limit 1 --json databaseId --jq '.[0].databaseId // empty')
[ -n "$run" ] || fail "CI has not succeeded for $commit (yet)."
gh run download "$run" --repo "$GITHUB_REPOSITORY" --name packages --dir "$folder"

for app in commands sync queries; do
  gh attestation verify "$folder/$app.zip" --repo "$GITHUB_REPOSITORY" --signer-workflow "$GITHUB_REPOSITORY/.github/workflows/ci.yml" \
    --source-ref refs/heads/main --source-digest "$commit" --deny-self-hosted-runners ||
    fail "$app.zip was not built by CI from $commit."
done
